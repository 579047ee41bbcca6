// A frame depends on k alone: going back shows the same texts as going forward.

import { emphasize, outline, putSigns, putSlot } from "./drawing.js";
import { currentStep, lastFrame, tell } from "./player.js";

export function startPlayer(player, parts, first) {
  player.parts = parts;
  tell(player, "make");
  player.frame = player.data.drawn ?? -1; // from here on: no part is made of what only a page without scripts shows
  go(player, first, true);
  tell(player, "begin");
}

export function go(player, k, quiet = false) {
  const before = player.frame, next = Math.max(0, Math.min(Math.round(+k) || 0, lastFrame(player)));
  if (next !== before || quiet) move(player, before, next);
  settle(player, quiet);
}

function move(player, before, next) {
  const { steps } = player.data, first = player.hidden.size ? 0 : 1; // what was hidden is put again
  if (before >= 0) emphasize(player, steps[before], false);
  player.frame = next;
  player.hidden.clear();
  const low = next > before ? Math.max(0, before + first) : next, high = Math.max(before, next);
  for (let at = low; at <= high; at += 1) steps[at].s.forEach((slot) => putSlot(player, slot));
  player.brief.forEach((slot) => putSlot(player, slot));
  emphasize(player, steps[next], true);
  putSigns(player);
  const draw = outline(player, steps[next].u);
  tell(player, "moved");
  draw();
}

export function settle(player, quiet) {
  tell(player, "shown", quiet);
  player.hooks.step?.(player.frame);
}

export function putFrame(player) { // again, since what is hidden has changed
  currentStep(player).s.forEach((slot) => putSlot(player, slot));
}
