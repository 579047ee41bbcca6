// The size of a figure: the usual one, as room.js has found it; whole in its window; or a scale.

import { iconButton } from "./buttons.js";
import { boxOf, element, on } from "./dom.js";
import { follow, keepUnder } from "./view.js";

export const READABLE = 8 / 11; // the scale at which the smallest texts have 8 pixels: a larger figure scrolls in its page
const LEAST = 0.2, MOST = 6; // scales, but a figure can always be seen whole
const WINDOW = 82; // percent of the window's height, as in the style sheet

export function extentOf({ drawing: { svg } }) {
  const { width, height } = svg.viewBox.baseVal;
  return { wide: width, high: height };
}

export function resize(player, size, scale = 0) {
  const { drawing: { svg, stage }, room } = player, { wide, high } = extentOf(player);
  svg.style.width = size === "fit" ? `min(100%, ${WINDOW * wide / high}vh)` : `${wide * (size === "usual" ? room.scale : scale)}px`;
  stage.style.maxHeight = size === "usual" ? `${room.left}px` : "";
  player.fitButton.setAttribute("aria-pressed", String(size === "fit"));
  player.size = size;
}

function zoomBy(player, factor) {
  const { stage, svg } = player.drawing, { wide, high } = extentOf(player);
  const whole = Math.min(stage.clientWidth / wide, WINDOW / 100 * innerHeight / high);
  const now = boxOf(svg).width / wide;
  resize(player, "scaled", Math.max(Math.min(LEAST, whole), Math.min(now * factor, MOST)));
}

function wheel(player) {
  on(player.drawing.stage, "wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    keepUnder(player, event, () => zoomBy(player, event.deltaY < 0 ? 1.1 : 1 / 1.1));
  }, { passive: false });
}

function fullScreen(player) { // where it is allowed: not in every frame, not on every telephone
  const { root } = player;
  if (!document.fullscreenEnabled || !root.requestFullscreen) return [];
  const isFull = () => root.getRootNode().fullscreenElement === root;
  const act = () => (isFull() ? document.exitFullscreen() : root.requestFullscreen()).catch(() => button.remove());
  const button = iconButton(player, "whole", act);
  on(root, "fullscreenchange", () => button.setAttribute("aria-pressed", String(isFull())), player.here);
  return [button];
}

export const zoom = {
  make(player) {
    const then = (act) => () => { act(); follow(player); };
    player.fitButton = iconButton(player, "fit", then(() => resize(player, player.size === "fit" ? "usual" : "fit")));
    player.panel.more.append(element("span", { class: "gs-group" },
      iconButton(player, "smaller", then(() => zoomBy(player, 1 / 1.25))),
      iconButton(player, "larger", then(() => zoomBy(player, 1.25))),
      player.fitButton, ...fullScreen(player)));
    wheel(player);
  },
};
