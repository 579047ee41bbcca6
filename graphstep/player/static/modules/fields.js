// A field for each input: numbers, and the cells of small arrays.

import { element } from "./dom.js";
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
  slide.addEventListener("input", () => { box.value = slide.value; send(model, field, slide.value); });
  return slide;
}

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

function refill(field, ...nodes) { // but what is being typed or dragged
  for (const node of nodes) if (node && document.activeElement !== node) node.value = field.text;
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
    for (const field of model.get("fields")) refill(field, boxes.get(keyOf(field)), slides.get(keyOf(field)));
  });
  model.on("change:error", refuse);
  root.append(form, error);
  refuse();
}
