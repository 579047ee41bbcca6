// Keys, while the figure has the focus. They do not reach the page around it.

import { go } from "./frames.js";
import { pin } from "./look.js";
import { play } from "./play.js";
import { lastFrame } from "./player.js";

const forward = (player) => go(player, player.frame + 1);
const back = (player) => go(player, player.frame - 1);
const KEYS = {
  ArrowRight: forward, ArrowDown: forward, PageDown: forward, ArrowLeft: back, ArrowUp: back, PageUp: back,
  Home: (player) => go(player, 0), End: (player) => go(player, lastFrame(player)),
  " ": (player) => play(player, !player.playing),
};

function pressed(player, event) {
  event.stopPropagation(); // a notebook must not take these keys for its own
  const { key, target } = event, typing = target.matches?.("select, input:not([type=range]), .gs-table");
  if (key === "Escape" && player.pinned) return void pin(player, "");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === " " && target.matches?.("button")) return;
  const act = KEYS[key];
  if (act) { event.preventDefault(); act(player); }
}

export const keys = {
  make(player) {
    player.root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's name for the same
    player.root.addEventListener("keydown", (event) => pressed(player, event));
  },
};
