// Buttons, the slider and the number that choose the frame.

import { icon, iconButton } from "./buttons.js";
import { element, holdsFocus } from "./dom.js";
import { go } from "./frames.js";
import { play } from "./play.js";
import { lastFrame } from "./player.js";

function newButtons(player) {
  const button = (name, act) => iconButton(player, name, act);
  return {
    first: button("first", () => go(player, 0)),
    back: button("back", () => go(player, player.frame - 1)),
    play: button("play", () => play(player, !player.playing)),
    forward: button("forward", () => go(player, player.frame + 1)),
    last: button("last", () => go(player, lastFrame(player))),
  };
}

function disable(player, button, off) { // keys go on working: a disabled button would lose them with the focus
  if (off && holdsFocus(button)) player.root.focus();
  button.disabled = off;
}

export const controls = {
  make(player) {
    const { say, data: { steps } } = player, buttons = newButtons(player);
    const scrubber = element("input", { type: "range", min: 0, max: steps.length - 1, step: 1, value: 0, "aria-label": say("frame"), oninput: () => go(player, +scrubber.value) });
    const number = element("input", { type: "number", min: 1, max: steps.length, value: 1, "aria-label": say("jump"), onchange: () => go(player, number.value - 1) });
    const total = element("span", { class: "gs-total" }, say("total", { total: steps.length }));
    player.controls = { buttons, scrubber, number };
    player.panel.bar.append(
      element("span", { class: "gs-group" }, ...Object.values(buttons)), scrubber,
      element("label", { class: "gs-group" }, element("span", {}, say("frame")), number, total),
    );
  },
  shown(player) {
    const { buttons, scrubber, number } = player.controls, k = player.frame, end = lastFrame(player);
    scrubber.value = k;
    scrubber.setAttribute("aria-valuetext", player.say("frame_of", { n: k + 1, total: end + 1 }));
    number.value = k + 1;
    for (const name of ["first", "back"]) disable(player, buttons[name], k === 0);
    for (const name of ["last", "forward"]) disable(player, buttons[name], k === end);
  },
  played(player) {
    const { play: button } = player.controls.buttons, name = player.playing ? "pause" : "play";
    button.replaceChildren(icon(name));
    button.title = player.say(name);
    button.setAttribute("aria-label", button.title);
  },
};
