// The size of a figure, and the part in view if it is larger than its window.

import { iconButton } from "./buttons.js";
import { element } from "./dom.js";
import { currentStep } from "./player.js";

function zoomBy(player, factor) {
  const { svg } = player.drawing, wide = svg.viewBox.baseVal.width;
  const now = player.scale || svg.getBoundingClientRect().width / wide;
  player.scale = Math.max(0.2, Math.min(now * factor, 6));
  svg.style.width = `${wide * player.scale}px`;
  svg.style.maxWidth = svg.style.minWidth = "none";
  follow(player);
}

function follow(player) {
  const { stage, marks } = player.drawing;
  if (stage.scrollWidth <= stage.clientWidth + 1 && stage.scrollHeight <= stage.clientHeight + 1) return;
  const node = marks.get(currentStep(player).g[0]);
  if (!node) return;
  const box = node.getBoundingClientRect(), frame = stage.getBoundingClientRect();
  const across = box.left + box.width / 2 - frame.left - frame.width / 2;
  const down = box.top + box.height / 2 - frame.top - frame.height / 2;
  stage.scrollBy(across, down);
}

function dragging(player) { // a figure that is pulled is not clicked
  const { stage } = player.drawing;
  let held = null;
  stage.addEventListener("pointerdown", (event) => {
    held = [event.clientX + stage.scrollLeft, event.clientY + stage.scrollTop, event.clientX, event.clientY];
    player.dragged = false;
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held || !event.buttons) { held = null; return; }
    player.dragged ||= Math.hypot(event.clientX - held[2], event.clientY - held[3]) > 4;
    stage.scrollLeft = held[0] - event.clientX;
    stage.scrollTop = held[1] - event.clientY;
  });
}

function wheel(player) {
  player.drawing.stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(player, event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }, { passive: false });
}

export const zoom = {
  make(player) {
    const fullscreen = () => { document.fullscreenElement ? document.exitFullscreen() : player.root.requestFullscreen?.(); };
    player.panel.bar.append(element("span", { class: "gs-group" },
      iconButton(player, "smaller", () => zoomBy(player, 1 / 1.25)),
      iconButton(player, "larger", () => zoomBy(player, 1.25)),
      iconButton(player, "whole", fullscreen)));
    dragging(player);
    wheel(player);
  },
  moved: follow,
};
