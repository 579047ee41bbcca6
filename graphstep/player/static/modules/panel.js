// What a figure has around it: its words below it or beside it, then controls. The parts fill it.

import { element } from "./dom.js";

export function newPanel({ root, data, say, drawing: { stage } }) {
  const asked = element("form", { class: "gs-asked", hidden: true }), caption = element("p", { class: "gs-caption" });
  const formulas = element("div", { class: "gs-formulas" }), words = element("div", { class: "gs-words" }, asked, caption, formulas);
  const panel = {
    body: element("div", { class: "gs-body" }, element("div", { class: "gs-window" }, stage), words),
    bar: element("div", { class: "gs-bar", role: "group", "aria-label": say("controls") }),
    more: element("div", { class: "gs-bar gs-more" }),
    code: element("div", { class: "gs-code", tabindex: 0, role: "region", "aria-label": say("code"), hidden: true }),
    reason: element("p", { class: "gs-reason", hidden: true }),
    detail: element("div", { class: "gs-detail", hidden: true }),
    numbers: element("div", { class: "gs-table gs-numbers", tabindex: 0, role: "region", "aria-label": say("all_numbers"), hidden: true }),
    live: element("div", { class: "gs-live", "aria-live": "polite" }),
  };
  root.append(...Object.values(panel));
  root.tabIndex = 0;
  label(root, "group", data.title);
  label(stage, "region", say("figure"));
  return { ...panel, asked, caption, formulas, words };
}

function label(node, role, text) {
  node.setAttribute("role", role);
  node.setAttribute("aria-label", text);
}
