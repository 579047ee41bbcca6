// The mark in the figure where a number is asked for: a question mark in a box.

import { all, parsed, svgElement } from "./dom.js";
import { boxInFigure } from "./drawing.js";

const SIGN = "?";

export function mark(player, question) {
  const node = player.drawing.slots[question.hides[0]], sign = node && putSign(player, node, question);
  if (!sign) return;
  sign.classList.add("gs-sign");
  player.wanted = { sign, box: svgElement("rect", { class: "gs-wanted", rx: 4 }) };
  const { x, y, width, height } = boxInFigure(sign), beside = question.cell === undefined ? 6 : 2; // cells are close together
  Object.entries({ x: x - beside, y: y - 1, width: width + 2 * beside, height: height + 2 }).forEach(([name, value]) => player.wanted.box.setAttribute(name, value));
  player.drawing.outlines.before(player.wanted.box);
}

export function unmark(player) {
  player.wanted?.sign.classList.remove("gs-sign");
  player.wanted?.box.remove();
  player.wanted = null;
}

function putSign(player, node, { hides: [slot], cell, middle }) { // the element that says "?"
  if (middle) return put(node, svgElement("text", { x: middle[0], y: middle[1] + 4 }, SIGN));
  if (cell !== undefined) return putCells(node, player.data.blocks[slot], cell);
  const last = node.querySelector("[data-bare]") ? node.lastChild : node;
  last.textContent = SIGN;
  return node;
}

function put(node, sign) {
  node.replaceChildren(sign);
  return sign;
}

function putCells(node, markup, asked) { // the shape of the array is known by now, its numbers are not
  node.replaceChildren(...parsed(markup).childNodes);
  const cells = all(node, ":scope > g text");
  cells.forEach((cell, at) => { cell.textContent = at === asked ? SIGN : "\u00b7"; });
  return cells[asked];
}
