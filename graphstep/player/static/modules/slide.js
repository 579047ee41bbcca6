// A slide: the players of its figures, and the steps that they show.

import { mountBare } from "./bare.js";
import { all } from "./dom.js";
import { fit, together } from "./fitting.js";
import { go } from "./frames.js";

const players = new WeakMap();

function player(root) { // made when its slide is seen first
  if (!players.has(root)) {
    const data = JSON.parse(root.querySelector("script").textContent);
    players.set(root, mountBare(root, { ...data, frame: data.shown.find((frame) => frame !== null) }));
  }
  return players.get(root);
}

export const stepOf = (slide) => all(slide, ".fragment.visible").length;
export const show = (slide) => showStep(slide.querySelector(".gs-page"), stepOf(slide));

export function showStep(page, k) { // the frame that belongs to k visible fragments; what is said of it
  fit(page);
  all(page, ".gs-row-of").forEach(together);
  for (const stack of all(page, ".gs-stack")) {
    const last = +stack.lastElementChild.dataset.k;
    for (const { classList, dataset } of stack.children) classList.toggle("on", dataset.at ? dataset.at.split(" ").includes(`${k}`) : +dataset.k === Math.min(k, last));
  }
  const come = all(page, ".gs-timed > *").filter(({ dataset }) => parseInt(dataset.at) === k).map((node) => node.innerText);
  return [...all(page, ".graphstep-figure").map((root) => stepped(root, k)), ...come].filter(Boolean).join(" ");
}

function stepped(root, k) { // a figure; nothing while it waits
  const made = player(root), { shown, steps } = made.data, frame = shown[k];
  root.classList.toggle("gs-waits", frame === null);
  if (frame === null) return "";
  go(made, frame, true);
  return steps[frame].c;
}
