// Keys, while the figure has the focus. They do not reach the page around it: in a notebook, d d deletes a cell.
//
// A host may listen while a key goes down to its target, or while it comes up again. So keys are taken at the window,
// before either, by one listener for all figures of the page, however many scripts made them.

import { on } from "./dom.js";
import { go } from "./frames.js";
import { pin, pressNode } from "./look.js";
import { play } from "./play.js";
import { lastFrame } from "./player.js";

const forward = (player) => go(player, player.frame + 1);
const back = (player) => go(player, player.frame - 1);
const KEYS = {
  ArrowRight: forward, ArrowDown: forward, PageDown: forward, ArrowLeft: back, ArrowUp: back, PageUp: back,
  Home: (player) => go(player, 0), End: (player) => go(player, lastFrame(player)),
  " ": (player) => play(player, !player.playing),
};

function pressed(player, event, target) {
  if (player.typing?.(event, target)) return;
  const { key } = event, typing = target.matches?.("select, textarea, input:not([type=range]), .gs-table, .gs-inputs *");
  if (key === "Escape" && player.pinned) return void pin(player, "");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((key === "Enter" || key === " ") && pressNode(player, { target })) return void event.preventDefault();
  if (key === " " && target.matches?.("button")) return;
  const act = KEYS[key];
  if (act) { event.preventDefault(); act(player); }
}

function listening(figures) { // what a browser does by itself with a key, it still does
  const take = (event) => {
    const path = event.composedPath(), act = figures.get(path.find((node) => figures.has(node)));
    if (!act) return;
    event.stopImmediatePropagation();
    if (event.type === "keydown") act(event, path[0]); // the element itself, also in a shadow tree
  };
  for (const kind of ["keydown", "keypress", "keyup"]) addEventListener(kind, take, true);
  return figures;
}

// Who presses the last button, or closes details, has no button any more: the figure keeps the focus, so that the next
// key does not go to the page around it.
function keepFocus({ root }) {
  const active = root.getRootNode().activeElement;
  if (!active || active === document.body || active.disabled && root.contains(active)) root.focus({ preventScroll: true });
}

export const keys = {
  make(player) {
    const { root } = player;
    window.graphstepKeys ||= listening(new WeakMap());
    window.graphstepKeys.set(root, (event, target) => { pressed(player, event, target); keepFocus(player); });
    on(root, "click", () => keepFocus(player), player.here);
    // JupyterLab's own way to the same; some versions look at the element with the focus only
    on(root, "focusin", (event) => { event.target.dataset.lmSuppressShortcuts = "true"; }, player.here);
    root.dataset.lmSuppressShortcuts = "true";
  },
};
