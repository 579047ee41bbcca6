// All numbers that are known at the current frame, as tables.

import { opener } from "./buttons.js";
import { named } from "./details.js";
import { all, element } from "./dom.js";
import { visible } from "./drawing.js";
import { lastFrame } from "./player.js";

function newTable(player, heads, rows) { // a row is its names, then its slots
  const cell = (slot) => {
    const made = element("td");
    if (slot !== null) player.cells.push([slot, made]);
    return made;
  };
  const line = ([names, slots]) => element("tr", {}, ...names.map((name) => element("th", { scope: "row", class: "gs-of" }, name)), ...slots.map(cell));
  const head = (key, k) => element("th", { scope: "col", class: k < rows[0]?.[0].length && "gs-of" }, player.say(key));
  return element("table", {},
    element("caption"),
    element("thead", {}, element("tr", {}, ...heads.map(head))),
    element("tbody", {}, ...rows.map(line)));
}

function fill(player) {
  const { nodes, wires } = player.data, back = wires.some(({ d }) => d !== null); // not in forward mode
  player.cells = [];
  const isUpdated = nodes.some((node) => node.x), more = (found) => (isUpdated ? [found] : []);
  player.panel.numbers.replaceChildren(
    newTable(player, ["node", "value", "upstream", ...more("next")], nodes.map((node) => [[named(node)], [node.v, node.u, ...more(node.x ?? null)]])),
    newTable(player, ["wire_from", "wire_into", "local", ...(back ? ["downstream"] : [])],
      wires.map(({ s, t, ls, d }) => [[nodes[s].n, nodes[t].n], back ? [ls, d] : [ls]])),
  );
  putNumbers(player);
}

function putNumbers(player) {
  const { panel: { numbers }, data: { texts }, say, frame } = player;
  if (numbers.hidden) return;
  const caption = say("known_at", { n: frame + 1, total: lastFrame(player) + 1 });
  all(numbers, "caption").forEach((node) => { node.textContent = caption; });
  for (const [slot, cell] of player.cells) {
    const text = visible(player, slot) ? texts[slot] : "";
    if (cell.textContent !== text) cell.textContent = text;
  }
}

export const numbers = {
  make(player) { opener(player, "all", player.say("all_numbers"), player.panel.numbers, fill); },
  shown: putNumbers,
  known: putNumbers,
  changed: putNumbers,
};
