// The widget: anywidget calls `render` with the model that Python shares.

import { element, parsed } from "./dom.js";
import { fields } from "./fields.js";
import { go } from "./frames.js";
import { listen, newKernel, send } from "./kernel.js";
import { mount } from "./mount.js";
import { play } from "./play.js";
import { leave, update } from "./update.js";
import { putWords } from "./words.js";

function newRoot(model) {
  const stage = element("div", { class: "gs-stage" }, parsed(model.get("stage")).firstElementChild);
  return element("div", { class: `graphstep-figure ${model.get("scope")}` }, element("style", {}, model.get("styles")), stage);
}

function sharing(kernel, data) { // what happens here, as Python sees it
  const { model } = kernel, share = (name) => (value) => { if (model.get(name) !== value) { model.set(name, value); model.save_changes(); } };
  const step = (k) => { share("step")(k); if (!data.steps[k].c) send(kernel, {}); }; // Python sends its words
  return { step, playing: share("playing"), look: share("look"), path: share("path") };
}

export function render({ model, el }) {
  const root = newRoot(model), data = JSON.parse(JSON.stringify(model.get("data"))), kernel = newKernel(model);
  el.append(root);
  data.frame = model.get("step");
  const player = mount(root, data, sharing(kernel, data));
  update(player, model.get("change")); // of inputs that were set before this view was there
  if (model.get("playing")) play(player, true);
  const form = fields(kernel, player);
  kernel.changed = () => { player.absent = kernel.state && player.say("kernel_words"); form.tell(); putWords(player); };
  const stop = listen(model, {
    "change:step": () => go(player, model.get("step"), true),
    "change:playing": () => play(player, model.get("playing")),
    "change:change": () => update(player, model.get("change")),
  });
  return () => { for (const undo of [stop, form.leave, kernel.leave]) undo(); leave(player); };
}
