// The figure alone: the page around it has the controls and the words.

import { startPlayer } from "./frames.js";
import { currentStep, newPlayer } from "./player.js";
import { theme } from "./theme.js";

const spoken = { shown(player) { player.drawing.svg.setAttribute("aria-label", currentStep(player).c); } };

export function mountBare(root, data) {
  const player = newPlayer(root, data);
  startPlayer(player, [theme, spoken], data.frame || 0);
  return player;
}
