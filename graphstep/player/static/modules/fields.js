// A field for each input: numbers, and the cells of small arrays.

import { element, holdsFocus } from "./dom.js";
import { typedNumber } from "./typed.js";

const keyOf = ({ name, at }) => `${name} ${at}`;

function send(model, { name, at }, text) {
  model.set("entered", { name, at, text: typedNumber(text), count: (model.get("entered").count || 0) + 1 });
  model.save_changes();
}

function newBox(model, field) {
  const box = element("input", { type: "text", inputmode: "decimal", value: field.text, size: 7 });
  box.addEventListener("change", () => send(model, field, box.value));
  return box;
}

function newSlide(model, field, box) {
  const [min, max, step] = field.slider;
  const slide = element("input", { type: "range", min, max, step, value: field.text, "aria-label": field.name });
  slide.addEventListener("input", () => { slide.dataset.held = "true"; box.value = slide.value; send(model, field, slide.value); });
  slide.addEventListener("change", () => { delete slide.dataset.held; refillSlide(latest(model, field), slide); });
  return slide;
}

const latest = (model, field) => model.get("fields").find((other) => keyOf(other) === keyOf(field));

function newForm(model, boxes, slides) {
  const form = element("div", { class: "gs-inputs", role: "group", "aria-label": model.get("data").words.inputs });
  for (const field of model.get("fields")) {
    const box = newBox(model, field), name = `${field.name}${field.at.length ? `[${field.at}]` : ""} = `;
    boxes.set(keyOf(field), box);
    form.append(element("label", {}, element("span", {}, name), box));
    if (!field.slider) continue;
    slides.set(keyOf(field), newSlide(model, field, box));
    form.append(slides.get(keyOf(field)));
  }
  return form;
}

function refillBox({ text }, box) { // but what is being typed
  if (!holdsFocus(box)) box.value = text;
}

function refillSlide({ text, slider: [min, max, step] }, slide) { // but what is being dragged: the range would move under the hand
  if (!slide.dataset.held) Object.assign(slide, { min, max, step, value: text });
}

export function fields(root, model) {
  const boxes = new Map(), slides = new Map(), form = newForm(model, boxes, slides);
  const error = element("p", { class: "gs-error", role: "alert" });
  const refuse = () => {
    const bad = model.get("error");
    error.textContent = bad.message || "";
    boxes.forEach((box, key) => box.setAttribute("aria-invalid", String(key === bad.field)));
  };
  model.on("change:fields", () => {
    for (const field of model.get("fields")) {
      refillBox(field, boxes.get(keyOf(field)));
      if (field.slider) refillSlide(field, slides.get(keyOf(field)));
    }
  });
  model.on("change:error", refuse);
  root.append(form, error);
  refuse();
}
