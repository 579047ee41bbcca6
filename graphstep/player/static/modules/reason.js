// Why this frame comes next: a sentence that opens and closes.

import { opener } from "./buttons.js";
import { currentStep } from "./player.js";

export const reason = {
  make(player) { opener(player, "why", player.say("why"), player.panel.reason); },
  shown(player) { player.panel.reason.textContent = currentStep(player).y; },
};
