// A field for each input: numbers, and the cells of small arrays.

import { element, holdsFocus } from "./dom.js";
import { listen, send } from "./kernel.js";
import { typedNumber } from "./typed.js";

const keyOf = ({ name, at }) => `${name} ${at}`;
const latest = ({ model }, key) => model.get("fields").find((field) => keyOf(field) === key);
const enter = (kernel, { name, at }, text) => send(kernel, { name, at, text: typedNumber(text) });

function newBox(kernel, field) {
  const box = element("input", { type: "text", inputmode: "decimal", value: field.text, size: 7 });
  box.addEventListener("change", () => enter(kernel, field, box.value));
  return box;
}

function newSlide(kernel, field, box) {
  const [min, max, step] = field.slider;
  const slide = element("input", { type: "range", min, max, step, value: field.text, "aria-label": field.name });
  slide.addEventListener("input", () => { slide.dataset.held = "true"; box.value = slide.value; enter(kernel, field, slide.value); });
  slide.addEventListener("change", () => { delete slide.dataset.held; refillSlide(latest(kernel, keyOf(field)), slide); });
  return slide;
}

function newForm(kernel, boxes, slides) {
  const { model } = kernel, form = element("div", { class: "gs-inputs", role: "group", "aria-label": model.get("data").words.kernel_inputs });
  for (const field of model.get("fields")) {
    const box = newBox(kernel, field), name = `${field.name}${field.at.length ? `[${field.at}]` : ""} = `;
    boxes.set(keyOf(field), box);
    form.append(element("label", {}, element("span", {}, name), box));
    if (!field.slider) continue;
    slides.set(keyOf(field), newSlide(kernel, field, box));
    form.append(slides.get(keyOf(field)));
  }
  return form;
}

function refillSlide({ text, slider: [min, max, step] }, slide) { // but what is being dragged: the range would move under the hand
  if (!slide.dataset.held) Object.assign(slide, { min, max, step, value: text });
}

export function fields(kernel, player) { // a record with its elements, and what keeps them up to date
  const { model } = kernel, boxes = new Map(), slides = new Map(), form = newForm(kernel, boxes, slides);
  const error = element("p", { class: "gs-error", role: "alert" }), state = element("p", { class: "gs-error", role: "alert" });
  const refuse = () => {
    const bad = model.get("error");
    error.textContent = bad.field === "expression" ? "" : bad.message || "";
    boxes.forEach((box, key) => box.setAttribute("aria-invalid", String(key === bad.field)));
  };
  const refill = (all) => {
    boxes.forEach((box, key) => { if (all || !holdsFocus(box)) box.value = latest(kernel, key).text; }); // but what is being typed
    slides.forEach((slide, key) => refillSlide(latest(kernel, key), slide));
  };
  const tell = () => { // without an answer, the fields have the numbers that the figure has
    state.textContent = kernel.state && player.say(kernel.state);
    for (const node of [...boxes.values(), ...slides.values()]) node.disabled = kernel.state === "kernel_gone";
    slides.forEach((slide) => delete slide.dataset.held);
    refill(true);
  };
  player.root.append(form, error, state);
  refuse();
  return { tell, leave: listen(model, { "change:fields": () => refill(false), "change:error": refuse }) };
}
