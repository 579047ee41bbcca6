// The run as lines of NumPy: those of the current step stand out, and a line leads to its wire and its step.

import { opener } from "./buttons.js";
import { all, boxOf, element, toggle } from "./dom.js";
import { go } from "./frames.js";
import { pin } from "./look.js";

const current = (player) => player.data.code_of[player.frame]; // the lines of the current step, by their places

function newLine(player, text, of, k) {
  if (of === "-") return element("div", {}, text || "\u200b");
  const first = player.data.code_of.findIndex((lines) => lines.includes(k));
  const act = () => { if (!current(player).includes(k)) go(player, first); pin(player, of); };
  return element("button", { type: "button", "data-of": of, onclick: act }, text);
}

function putLines(player) {
  const { code } = player.panel;
  if (code.hidden) return;
  const l = current(player);
  [...code.children].forEach((line, k) => {
    if (l.includes(k)) line.setAttribute("aria-current", "step"); else line.removeAttribute("aria-current");
  });
  bring(code, code.children[l[0]], code.children[l[l.length - 1]]);
}

function bring(code, first, last) { // into view, moving nothing but the lines
  if (!first) return;
  const inside = boxOf(code), above = boxOf(first).top - inside.top, below = boxOf(last).bottom - inside.bottom;
  if (above < 0 || below > 0) code.scrollTop += above < 0 ? above - 8 : Math.min(below + 8, above - 8);
}

export function fillCode(player) {
  const about = player.data.code_about.split(" ");
  player.panel.code.replaceChildren(...player.data.code.split("\n").map((text, k) => newLine(player, text, about[k], k)));
  putLines(player);
}

export const code = {
  make(player) {
    if (player.data.code) opener(player, "code-open", player.say("code"), player.panel.code, fillCode);
  },
  shown: putLines,
  pointed({ panel }, of) {
    all(panel.code, "[data-of]").forEach((line) => toggle(line, "gs-near", line.dataset.of === of));
  },
};
