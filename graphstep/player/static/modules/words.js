// The words of a frame: its caption and its legend.

import { currentStep } from "./player.js";

const asking = (player) => player.hidden.size > 0;

export function putWords(player) {
  const { caption, legend } = player.panel, step = currentStep(player), hidden = asking(player);
  caption.textContent = hidden ? "" : step.c || player.absent;
  legend.textContent = hidden ? "" : step.l.replace(/^[01](?=\n|$)/, (d) => player.say(d === "0" ? "head" : "head_map"));
  player.drawing.svg.setAttribute("aria-label", hidden ? player.say("quiz") : caption.textContent);
}

export function speak(player) {
  player.panel.live.textContent = asking(player) ? "" : currentStep(player).c;
}

export const words = {
  shown(player, quiet) {
    putWords(player);
    if (!player.playing && !quiet) speak(player);
  },
  played(player) { if (!player.playing) speak(player); },
  known: putWords,
  outdated({ data }) { data.steps.forEach((step) => Object.assign(step, { c: "", l: "" })); },
  changed(player) {
    putWords(player);
    if (!player.playing && !player.panel.live.textContent) speak(player); // it was shown before its words came
  },
};
