// The words of a frame: its caption and its formulas. Formulas are not spoken: the caption says the same.

import { unbroken } from "./dom.js";
import { formulasOf } from "./formulas.js";
import { currentStep } from "./player.js";

const asking = (player) => player.hidden.size > 0;

export function putWords(player) {
  const { caption, formulas } = player.panel, { c, f } = currentStep(player), hidden = asking(player);
  caption.replaceChildren(...(hidden ? [] : unbroken(c || player.absent)));
  formulas.replaceChildren(...(hidden ? [] : f ? formulasOf(f, 0) : formulasOf(player.data.formulas, player.frame)));
  formulas.style.contentVisibility = "hidden"; // laid out once, when it is painted, not whenever the figure is measured
  requestAnimationFrame(() => { formulas.style.contentVisibility = ""; });
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
  outdated({ data }) {
    data.steps.forEach((step) => { step.c = ""; delete step.f; });
    data.formulas = { frames: [] };
  },
  changed(player) {
    putWords(player);
    if (!player.playing && !player.panel.live.textContent) speak(player); // it was shown before its words came
  },
};
