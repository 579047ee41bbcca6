// The widget: anywidget calls `render` with the model that Python shares.

import { element, parsed } from "./dom.js";
import { expression } from "./expression.js";
import { fields } from "./fields.js";
import { go } from "./frames.js";
import { listen, newKernel, send } from "./kernel.js";
import { mount } from "./mount.js";
import { play } from "./play.js";
import { leave, update } from "./update.js";
import { putWords, speak } from "./words.js";

function sharing(kernel, data) { // what happens here, as Python sees it
  const { model } = kernel, share = (name) => (value) => { if (model.get(name) !== value) { model.set(name, value); model.save_changes(); } };
  const step = (k) => { share("step")(k); if (!data.steps[k].c) send(kernel, {}); }; // Python sends its words
  return { step, playing: share("playing"), look: share("look"), path: share("path") };
}

function newFigure(model, kernel, root) { // as Python has it now
  const data = JSON.parse(JSON.stringify(model.get("data")));
  root.className = `graphstep-figure ${model.get("scope")}`;
  root.append(element("style", {}, model.get("styles")), element("div", { class: "gs-stage" }, parsed(model.get("stage")).firstElementChild));
  data.frame = model.get("step");
  const player = mount(root, data, sharing(kernel, data));
  update(player, model.get("change")); // of inputs that were set before this view was there
  if (model.get("playing")) play(player, true);
  return player;
}

function present(model, root) { // returns what takes it away again
  const kernel = newKernel(model), player = newFigure(model, kernel, root);
  const forms = [expression(kernel, player), fields(kernel, player)];
  kernel.changed = () => {
    player.absent = kernel.state && player.say("kernel_words");
    forms.forEach((form) => form.tell());
    putWords(player);
  };
  const stop = listen(model, {
    "change:step": () => go(player, model.get("step"), true),
    "change:playing": () => play(player, model.get("playing")),
    "change:change": () => update(player, model.get("change")),
  });
  const undo = [stop, ...forms.map((form) => form.leave), kernel.leave, () => leave(player), () => root.replaceChildren()];
  return { player, leave: () => undo.forEach((act) => act()) };
}

function again(model, root, shown) { // in the same element, which may fill the screen; the focus stays where it was
  const active = root.getRootNode().activeElement, inside = root.contains(active), editing = inside && active.closest(".gs-edit");
  shown.leave();
  const now = present(model, root);
  if (inside) (editing && root.querySelector(".gs-edit textarea") || root).focus();
  setTimeout(() => speak(now.player)); // a screen reader reads what changes, not what is new
  return now;
}

export function render({ model, el }) {
  const root = element("div"), change = () => { if (model.get("made") % 2 === 0) shown = again(model, root, shown); };
  el.append(root);
  let shown = present(model, root);
  model.on("change:made", change);
  return () => { model.off("change:made", change); shown.leave(); };
}
