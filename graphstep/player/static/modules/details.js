// All that the current frame knows about a node ("n3") or a wire ("w7"), as rows of a label and a text.

import { element } from "./dom.js";
import { visible } from "./drawing.js";

export const named = ({ n, g }) => (g ? `${n} (${g})` : n);
export const wireOf = ([s, t, ls, d, l = "", p = "", z = ""]) => ({ s, t, ls, d, l, p, z });

export function reads(player, slot) {
  return visible(player, slot) ? player.data.texts[slot] : player.say("unknown");
}

function computed(player, formula, slot) { // the meanings of letters follow on lines of their own
  const text = reads(player, slot), [said, ...meanings] = formula.split("\n");
  if (!said || !visible(player, slot)) return text;
  const whole = said.split(" = ").at(-1) === text ? said : `${said} = ${text}`;
  return [whole, ...meanings].join("; ");
}

function nodeRows(player, node) {
  return [
    [player.say("value"), computed(player, node.f || "", node.v)],
    ...(node.u === null ? [] : [[player.say("upstream"), reads(player, node.u)]]),
    ...(node.x ? [[player.say("next"), reads(player, node.x)]] : []),
    ...node.o.flatMap((w) => wireRows(player, player.data.wires[w])),
  ];
}

function wireRows(player, wire) {
  const { say, data } = player, gate = data.nodes[wire.t];
  if (wire.ls === null) return [[say("into", { gate: gate.n }), wire.z]]; // labels, without gradient
  const known = visible(player, wire.d), local = reads(player, wire.ls), upstream = reads(player, gate.u);
  const product = wire.p || `[${local}] · [${upstream}]`;
  const found = [
    [say("into", { gate: gate.n }), ""],
    [say("local"), computed(player, wire.l, wire.ls)],
    ...(wire.d === null ? [] : [[say("downstream"), computed(player, product, wire.d)]]), // none in forward mode
  ];
  if (known && wire.z) found.push([say("zero"), wire.z]);
  return found;
}

function heat(table) { // numbers of a big array, as Python printed them
  const cell = (text) => element("td", { title: text }, text);
  const body = element("tbody", {}, ...table.rows.map((line) => element("tr", {}, ...line.map(cell))));
  return element("div", { class: "gs-table", tabindex: 0, role: "region", "aria-label": table.label },
    element("p", {}, table.label), element("table", {}, body));
}

export function details(player, of) {
  const { nodes, wires, large } = player.data, k = +of.slice(1), isNode = of[0] === "n";
  const node = isNode ? nodes[k] : nodes[wires[k].s];
  const rows = isNode ? nodeRows(player, node) : wireRows(player, wires[k]);
  const list = rows.flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)]);
  const found = [element("strong", {}, named(node)), element("dl", {}, ...list)];
  if (large[of] && visible(player, nodes[k].v)) found.push(heat(large[of]));
  return found;
}
