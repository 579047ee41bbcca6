// The expression of a widget, edited in place: Python reads it, and says what is wrong with it.

import { element } from "./dom.js";
import { listen, send } from "./kernel.js";

const COLUMNS = 80; // after which a line is taken to go on on the next one

const rowsOf = (text) => text.split("\n").reduce((rows, line) => rows + 1 + Math.floor(line.length / COLUMNS), 0);

function newEditor({ id, say }, text, acts) {
  const button = (type, key) => element("button", { type }, say(key)), boxes = new Map(); // of inputs that it lacks
  const box = element("textarea", { spellcheck: "false", autocapitalize: "off", "aria-describedby": `${id}-keys ${id}-wrong` }, text);
  const wrong = element("pre", { class: "gs-error", role: "alert", id: `${id}-wrong` }), lacking = element("span", { class: "gs-inputs" });
  const buttons = element("div", { class: "gs-group" }, lacking, button("submit", "kernel_apply"), button("reset", "kernel_cancel"),
    element("span", { id: `${id}-keys`, class: "gs-legend" }, say("kernel_keys")));
  const form = element("form", { class: "gs-edit", ...acts }, element("label", {}, element("span", {}, say("kernel_expression")), box), wrong, buttons);
  return { form, box, boxes, wrong, lacking, buttons, text };
}

function putRows({ box, boxes, buttons, text }) {
  box.rows = rowsOf(box.value);
  buttons.hidden = box.value === text && !boxes.size;
}

function clear(editor) {
  editor.boxes.clear();
  editor.lacking.replaceChildren();
  editor.wrong.textContent = "";
  editor.box.removeAttribute("aria-invalid");
}

function refuse({ box, boxes, wrong, lacking }, { message, missing }) {
  wrong.textContent = message;
  box.setAttribute("aria-invalid", "true");
  for (const name of missing.filter((each) => !boxes.has(each))) {
    boxes.set(name, element("input", { type: "text", size: 7 }));
    lacking.append(element("label", {}, element("span", {}, `${name} = `), boxes.get(name)));
  }
  if (missing.length && box.matches(":focus")) boxes.get(missing[0]).focus();
}

function keyIn({ form, box }, event, target) { // whether it is the editor's
  if (!form.contains(target) || event.isComposing) return false;
  if (event.key === "Escape") form.reset();
  const alone = !event.shiftKey && !box.value.includes("\n");
  if (event.key !== "Enter" || target !== box || !(event.ctrlKey || event.metaKey || alone)) return true;
  event.preventDefault();
  form.requestSubmit();
  return true;
}

export function expression(kernel, player) { // nothing where the graph is not that of a text
  const { model } = kernel, text = model.get("expression");
  if (!text) return { tell: () => {}, leave: () => {} };
  const apply = (event) => {
    event.preventDefault();
    const typed = [...editor.boxes].map(([name, box]) => [name, box.value.trim()]).filter(([, value]) => value);
    send(kernel, { expression: editor.box.value, typed: Object.fromEntries(typed) });
  };
  const cancel = () => { clear(editor); editor.box.value = text; putRows(editor); };
  const editor = newEditor(player, text, { onsubmit: apply, onreset: (event) => { event.preventDefault(); cancel(); }, oninput: () => putRows(editor) });
  const told = () => {
    const bad = model.get("error");
    if (bad.field === "expression") refuse(editor, bad);
    else clear(editor);
    putRows(editor);
  };
  player.typing = (event, target) => keyIn(editor, event, target);
  player.root.append(editor.form);
  told();
  return { tell: () => { editor.box.readOnly = kernel.state === "kernel_gone"; }, leave: listen(model, { "change:error": told }) };
}
