// The widget: anywidget calls `render` with the model that Python shares.

import { element, parsed } from "./dom.js";
import { fields } from "./fields.js";
import { go } from "./frames.js";
import { mount } from "./mount.js";
import { play } from "./play.js";
import { leave, update } from "./update.js";

function newRoot(model) {
  const stage = element("div", { class: "gs-stage" }, parsed(model.get("stage")).firstElementChild);
  return element("div", { class: `graphstep-figure ${model.get("scope")}` }, element("style", {}, model.get("styles")), stage);
}

function sharing(model) { // what happens here, as Python sees it
  const share = (name) => (value) => { if (model.get(name) !== value) { model.set(name, value); model.save_changes(); } };
  return { step: share("step"), playing: share("playing"), look: share("look"), path: share("path") };
}

export function render({ model, el }) {
  const root = newRoot(model), data = JSON.parse(JSON.stringify(model.get("data")));
  el.append(root);
  data.frame = model.get("step");
  const player = mount(root, data, sharing(model));
  update(player, model.get("change")); // of inputs that were set before this view was there
  if (model.get("playing")) play(player, true);
  fields(root, model);
  const heard = {
    "change:step": () => go(player, model.get("step"), true),
    "change:playing": () => play(player, model.get("playing")),
    "change:change": () => update(player, model.get("change")),
  };
  for (const [name, act] of Object.entries(heard)) model.on(name, act);
  return () => { for (const [name, act] of Object.entries(heard)) model.off(name, act); leave(player); };
}
