// Nodes as buttons: Tab reaches them, and they are read out with their numbers.

import { textButton } from "./buttons.js";
import { named, reads } from "./details.js";

const MANY = 10; // nodes; with more, a first button leads past them

function putLabel(player, i) {
  const { data: { nodes }, drawing: { marks }, say } = player, node = nodes[i];
  const numbers = [["value", node.v], ["upstream", node.u], ["next", node.x]].filter(([, slot]) => slot >= 0 && slot !== null);
  const read = numbers.map(([key, slot]) => [say(key), reads(player, slot)].join(": "));
  marks.get(i)?.setAttribute("aria-label", [named(node), ...read].join("; "));
}

function putLabels(player, slots) {
  const changed = new Set(slots.map((slot) => player.owners[slot]));
  changed.forEach((i) => { if (i !== undefined) putLabel(player, i); });
}

function newSkip(player) {
  const act = () => player.panel.bar.querySelector("button:enabled").focus();
  const skip = textButton("skip", act, player.say("skip"));
  player.root.prepend(skip);
  player.leave.push(() => skip.remove());
}

export const nodes = {
  make(player) {
    const { data, drawing: { svg, marks } } = player;
    player.owners = {};
    data.nodes.forEach(({ v, u, x }, i) => { for (const slot of [v, u, x]) player.owners[slot] = i; });
    svg.setAttribute("role", "group"); // the parts of an image are not read
    marks.forEach((mark) => { mark.setAttribute("role", "button"); mark.setAttribute("tabindex", 0); });
    data.nodes.forEach((_, i) => putLabel(player, i));
    if (data.nodes.length > MANY) newSkip(player);
    player.labelled = 0;
  },
  shown(player) { // what became known or unknown since
    const ends = [player.labelled, player.frame].sort((a, b) => a - b);
    putLabels(player, player.data.steps.slice(ends[0], ends[1] + 1).flatMap((step) => step.s));
    player.labelled = player.frame;
  },
  known(player) { putLabels(player, player.data.steps[player.frame].s); },
  changed(player) { player.data.nodes.forEach((_, i) => putLabel(player, i)); },
};
