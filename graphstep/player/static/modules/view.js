// The part of a figure that is in view where it is larger than its window: it follows the step, it can be pulled,
// and where there is more, the figure fades and a button goes there.

import { iconButton } from "./buttons.js";
import { boxOf, holdsFocus, on, toggle } from "./dom.js";
import { currentStep, lastFrame } from "./player.js";

const SIDES = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
const SHARE = 0.8; // of the window, by which a button moves it
const FAR = 0.25; // the scale below which lines keep a width that can be seen
const FADED = 28; // pixels, as wide as the buttons

function hiddenParts({ drawing: { stage } }) { // how much there is on each side, in pixels
  const { scrollLeft: left, scrollTop: up } = stage;
  return { left, up, right: stage.scrollWidth - stage.clientWidth - left, down: stage.scrollHeight - stage.clientHeight - up };
}

function overflows(player) {
  const { left, right, up, down } = hiddenParts(player);
  return left + right > 1 || up + down > 1;
}

// --- following the step

function subjects(player) { // what a step is about, the most important first
  const { drawing: { marks, slots, curves }, data: { steps }, frame } = player, step = currentStep(player);
  if (step.k === "all") return [marks.get(steps[Math.min(frame + 1, lastFrame(player))].g[0])]; // the output, which is told
  return [...step.g.map((node) => marks.get(node)), ...step.s.map((slot) => slots[slot]), ...step.w.flatMap((wire) => curves.get(wire) || [])];
}

function joinedBox(a, b) {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}

function fitting(boxes, { clientWidth, clientHeight }) { // of the first boxes, as many as can be seen at once
  let [all, ...rest] = boxes;
  for (const box of rest) {
    const both = joinedBox(all, box);
    if (both.right - both.left < clientWidth - 2 * FADED && both.bottom - both.top < clientHeight) all = both;
  }
  return all;
}

export function follow(player) {
  if (!overflows(player)) return;
  const { stage } = player.drawing, frame = boxOf(stage);
  const boxes = subjects(player).filter(Boolean).map(boxOf).filter((box) => box.width || box.height);
  if (!boxes.length) return;
  const { left, right, top, bottom } = fitting(boxes, stage);
  stage.scrollBy((left + right - frame.left - frame.right) / 2, (top + bottom - frame.top - frame.bottom) / 2);
}

export function keepUnder({ drawing: { stage, svg } }, { clientX, clientY }, change) { // the pointer: the same point of the figure
  const before = boxOf(svg);
  change();
  const now = boxOf(svg), grown = now.width / before.width;
  stage.scrollBy(now.left + (clientX - before.left) * grown - clientX, now.top + (clientY - before.top) * grown - clientY);
}

// --- what says that there is more

function newEdges(player) {
  const { stage } = player.drawing;
  player.more = {};
  for (const [side, [x, y]] of Object.entries(SIDES)) {
    const act = () => stage.scrollBy({ left: x * SHARE * stage.clientWidth, top: y * SHARE * stage.clientHeight, behavior: "smooth" });
    player.more[side] = iconButton(player, `more_${side}`, act);
    player.more[side].hidden = true;
  }
  stage.after(...Object.values(player.more));
}

function putEdges(player) {
  const { stage, svg } = player.drawing, parts = hiddenParts(player);
  for (const [side, button] of Object.entries(player.more)) {
    const more = parts[side] > 1;
    if (!more && holdsFocus(button)) player.root.focus();
    button.hidden = !more;
    stage.style.setProperty(`--${side}`, more ? `${FADED}px` : "0px");
  }
  toggle(stage, "gs-more", overflows(player));
  toggle(svg, "gs-far", boxOf(svg).width < FAR * svg.viewBox.baseVal.width);
}

function watchSize(player) { // also when a hidden figure is shown
  const { stage, svg } = player.drawing;
  let wide = 0;
  const watcher = new ResizeObserver(() => {
    if (stage.clientWidth !== wide) follow(player);
    wide = stage.clientWidth;
    putEdges(player);
  });
  [stage, svg].forEach((node) => watcher.observe(node));
  player.leave.push(() => watcher.disconnect());
}

// --- pulling

function dragging(player) { // a figure that is pulled is not clicked
  const { stage } = player.drawing;
  let held = null;
  on(stage, "pointerdown", (event) => {
    held = [event.clientX + stage.scrollLeft, event.clientY + stage.scrollTop, event.clientX, event.clientY];
    player.dragged = false;
  });
  on(stage, "pointermove", (event) => {
    if (!held || !event.buttons) { held = null; return; }
    player.dragged ||= Math.hypot(event.clientX - held[2], event.clientY - held[3]) > 4;
    stage.scrollLeft = held[0] - event.clientX;
    stage.scrollTop = held[1] - event.clientY;
  });
}

export const view = {
  make(player) {
    newEdges(player);
    on(player.drawing.stage, "scroll", () => putEdges(player));
    dragging(player);
    watchSize(player);
  },
  moved: follow,
};
