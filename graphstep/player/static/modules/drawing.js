// The drawn figure: the elements of its numbers, nodes and wires, which of them are shown, and their highlights.

import { all, parsed, svgElement, toggle } from "./dom.js";

export function drawing(root, slotNames) {
  const stage = root.querySelector(".gs-stage"), svg = stage.querySelector("svg");
  const own = (selector) => all(svg, selector);
  const bySlot = new Map(own("[data-slot]").map((node) => [node.dataset.slot, node]));
  const curves = new Map();
  own("[data-wires]").forEach((node) => node.dataset.wires.split(" ").filter(Boolean).forEach((w) => {
    curves.set(+w, [...(curves.get(+w) || []), node]);
  }));
  const outlines = svgElement("g"), elements = [svg, ...own(":not(g[data-slot] *)")];
  svg.querySelector("g").append(outlines);
  svg.setAttribute("role", "img");
  all(root, ".gs-fallback").forEach((node) => node.remove());
  stage.hidden = false;
  return {
    stage, svg, own, curves, outlines, elements,
    slots: slotNames.map((name) => bySlot.get(name)),
    marks: new Map(own("[data-node]").map((node) => [+node.dataset.node, node])),
    badges: new Map(own("[data-warn]").map((node) => [+node.dataset.warn, node])),
  };
}

export const visible = (player, slot) => player.appears[slot] <= player.frame && !player.hidden.has(slot);

function drawn(player, slot) {
  const { s, u } = player.data.steps[player.frame];
  return visible(player, slot) && (!player.brief.has(slot) || s.includes(slot) || u.includes(slot));
}

export function putSlot(player, slot) {
  const node = player.drawing.slots[slot];
  if (!node) return;
  const shown = drawn(player, slot), markup = player.data.blocks[slot];
  if (markup !== undefined) node.replaceChildren(...(shown ? parsed(markup).childNodes : []));
  else putText(node, shown, player.data.texts[slot]);
}

function putText(node, shown, number) {
  const name = node.querySelector("[data-bare]"), text = shown ? number : "";
  (name ? node.lastChild : node).textContent = text && signed(node, text);
  if (name) name.textContent = name.dataset.bare + (shown ? " = " : "");
}

function signed(node, text) { // as the figure has it: see SHOWN in drawing/measures.py
  return node.classList.contains("l") ? `[${text}]` : node.classList.contains("x") ? `→ ${text}` : text;
}

export function emphasize({ drawing: { slots, marks, curves } }, step, on) {
  if (step.k !== "all") step.s.forEach((slot) => slots[slot]?.classList.toggle("new", on));
  step.g.forEach((node) => marks.get(node)?.classList.toggle("on", on));
  step.w.forEach((wire) => (curves.get(wire) || []).forEach((curve) => toggle(curve, "on", on)));
}

export function putSigns({ drawing: { badges }, data, frame }) { // on nodes with a number that is not finite
  const due = new Set(data.warnings.filter(([when]) => when <= frame).map(([, node]) => node));
  badges.forEach((badge, node) => badge.toggleAttribute("hidden", !due.has(node)));
}

export function boxInFigure(node) { // the box of a number, or of something in an array, which may be moved
  const { x, y, width, height } = node.getBBox(), { e = 0, f = 0 } = node.closest("g[data-slot]")?.transform.baseVal.consolidate()?.matrix || {};
  return { x: x + e, y: y + f, width, height };
}

function extent(node) { // of a number with its name, or of an array without it
  if (node.tagName !== "g") return node.getBBox();
  const boxes = [...node.children].filter((child) => !child.matches(".n")).map(boxInFigure);
  const x = Math.min(...boxes.map((box) => box.x)), y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width)), bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: boxes.length ? right - x : 0, height: bottom - y };
}

// Reads all boxes before it draws the first, so that the page is laid out only once.
export function outline({ drawing: { slots, outlines } }, used) {
  const boxes = used.map((slot) => slots[slot]).filter((node) => node?.firstChild && node.dataset.unmarked === undefined).map(extent);
  return () => outlines.replaceChildren(...boxes.filter((box) => box.width).map((box) => svgElement("rect", {
    x: box.x - 2, y: box.y - 1, width: box.width + 4, height: box.height + 2, rx: 3, class: "u",
  })));
}
