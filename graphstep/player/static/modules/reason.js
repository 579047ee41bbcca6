// Why this frame comes next: a sentence that opens and closes.

import { element } from "./dom.js";
import { currentStep } from "./player.js";

function toggle(button, sentence) {
  sentence.hidden = !sentence.hidden;
  button.setAttribute("aria-expanded", String(!sentence.hidden));
}

export const reason = {
  make({ panel, say }) {
    const act = () => toggle(button, panel.reason);
    const button = element("button", { type: "button", class: "gs-why", "aria-expanded": "false", onclick: act }, say("why"));
    panel.more.append(button);
  },
  shown(player) { player.panel.reason.textContent = currentStep(player).y; },
};
