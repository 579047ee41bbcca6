// A narrow page: there the elements of a figure stand elsewhere, so that its texts are larger.

import { toggle } from "./dom.js";
import { outline } from "./drawing.js";
import { currentStep, tell } from "./player.js";

const NARROW = 600; // pixels: a telephone

export function rearrange(player, wide) { // whether a page is; what has changed places knows where it was
  const { root, data, drawing: { elements } } = player, isNarrow = wide < NARROW;
  toggle(root, "gs-narrow", isNarrow);
  if (!data.narrow || isNarrow === !!player.isMoved) return isNarrow;
  player.isMoved = isNarrow;
  let at = 0;
  data.narrow = data.narrow.split(";").map((change) => {
    const [, further, name, value] = change.match(/^(\d*)(\S+) (.*)/), node = elements[at += +further], before = node.getAttribute(name);
    node.setAttribute(name, value);
    return `${further}${name} ${before || ""}`; // an array that is moved has stood still
  }).join(";");
  if (player.frame < 0) return isNarrow;
  outline(player, currentStep(player).u)();
  tell(player, "shown", true);
  return isNarrow;
}
