// One figure on a page: a record that its parts read and change. It computes no gradients and formats no numbers:
// everything it shows comes from the figure's SVG and from texts made in Python.
//
// A part is a record of functions, each of them optional:
//   make(player)             once, before the first frame
//   begin(player)            once, after the first frame
//   moved(player)            after a move, before anything is drawn: the place to read the layout
//   shown(player, quiet)     after every frame; quiet if the reader did not ask for it
//   known(player)            when numbers were revealed without a move
//   played(player)           when playing begins or ends
//   pointed(player, of)      when the reader looks at a node ("n3") or a wire ("w7"), or no longer ("")
//   outdated(player)         when inputs got other values: what was said about the old ones is false from now on
//   changed(player, change)  when some of what is to be said about the new ones is there

import { drawing } from "./drawing.js";

export function newPlayer(root, data, hooks = {}) {
  window.graphstepFigures = (window.graphstepFigures || 0) + 1; // each cell of a notebook has its own script
  const appears = [], gone = new AbortController();
  data.steps.forEach((step, k) => { // slots are in the order in which they appear: a step has their number
    step.c = [step.c].flat().map((part) => data.again[part] ?? part).join(""); // sentences that come again are numbers
    step.s = Array.from({ length: step.s }, () => appears.push(k) - 1);
  });
  return {
    id: `gs${window.graphstepFigures}`, root, data, hooks,
    say: (key, values = {}) => data.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]),
    drawing: drawing(root, data.slots.split(" ")),
    appears, // the first frame that shows a slot
    hidden: new Set(), // slots that are asked for
    brief: new Set(data.brief), // slots that are drawn only in the steps that show or use them
    frame: -1, playing: false,
    version: 0, absent: "", // of the inputs; what stands for a sentence about them that is not there
    parts: [], leave: [() => gone.abort()], // what undoes a part
    here: { signal: gone.signal }, // of listeners at the root, which another figure may take over
  };
}

export const currentStep = (player) => player.data.steps[player.frame];
export const lastFrame = (player) => player.data.steps.length - 1;

export function tell(player, event, ...about) {
  for (const part of player.parts) part[event]?.(player, ...about);
}
