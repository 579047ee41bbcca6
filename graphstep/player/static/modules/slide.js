// A slide: the player of its figure, and the step that it shows.

import { mountBare } from "./bare.js";
import { all } from "./dom.js";
import { fit } from "./fitting.js";
import { go } from "./frames.js";

const players = new WeakMap();

function player(root, k) { // made when its slide is seen first
  if (!players.has(root)) {
    const data = JSON.parse(root.querySelector("script").textContent);
    players.set(root, mountBare(root, { ...data, frame: data.shown[k] }));
  }
  return players.get(root);
}

export const stepOf = (slide) => all(slide, ".fragment.visible").length;
export const show = (slide) => showStep(slide.querySelector(".gs-page"), stepOf(slide));

export function showStep(page, k) { // the frame that belongs to k visible fragments; what is said of it
  fit(page);
  const root = page.querySelector(".graphstep-figure");
  if (!root) return "";
  const made = player(root, k), { shown, steps } = made.data;
  go(made, shown[k], true);
  all(page, ".gs-stack > *").forEach((node) => node.classList.toggle("on", +node.dataset.k === k));
  return steps[shown[k]].c;
}
