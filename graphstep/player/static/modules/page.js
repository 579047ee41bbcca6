// A figure in a page: its data is in a script element that is never run.

import { address, linkedFrame } from "./address.js";
import { parsed } from "./dom.js";
import { mount } from "./mount.js";
import { quiz } from "./quiz.js";

function unveil(text) { // not a secret, only not plain text in the page's source
  const bytes = Uint8Array.from(atob(text.trim()), (c, i) => c.charCodeAt(0) ^ ((i * 7 + 13) & 255));
  return JSON.parse(new TextDecoder().decode(bytes));
}

export function start(root) {
  if (!root || root.dataset.mounted) return;
  root.dataset.mounted = "true";
  const holder = root.querySelector("script[type='application/json']");
  if (!holder) return;
  const stage = root.querySelector(".gs-stage > script"); // in a page of our own, the stage is there already
  stage?.replaceWith(parsed(stage.textContent).firstElementChild);
  const data = "veiled" in holder.dataset ? unveil(holder.textContent) : JSON.parse(holder.textContent);
  data.frame = linkedFrame(data) || data.frame;
  mount(root, data, {}, [quiz, address]); // the quiz must hide numbers before the others show them
}
