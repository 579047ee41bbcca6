// The paths from an input to the output, and the terms of its gradient's sum.

import { chooser, element, toggle } from "./dom.js";
import { visible } from "./drawing.js";

function termOf({ data: { nodes, wires, texts, end: [output, outside] } }, [path, product]) { // its nodes, and its factors with their product
  const names = path.map((w) => (w === null ? "\u2026" : nodes[wires[w].s].n)), isRest = path[0] === null;
  if (!isRest) names.push(nodes[output].n, ...(outside ? [outside] : []));
  const factors = path.map((w) => wires[w]?.ls).concat(outside ? nodes[output].u : []).map((slot) => `[${texts[slot]}]`).join(" \u00b7 ");
  return [names.join(" \u2192 "), product === null ? "" : product ? `${factors} = ${product}` : factors];
}

function trace(player, name) {
  const { svg, own, curves } = player.drawing;
  player.path = name;
  own(".gs-path").forEach((node) => node.classList.remove("gs-path"));
  toggle(svg, "gs-tracing", Boolean(name));
  player.root.querySelector(".gs-terms")?.remove();
  if (!name) return;
  const { wires, terms } = player.data.paths[name];
  wires.forEach((w) => (curves.get(w) || []).forEach((curve) => curve.classList.add("gs-path")));
  const lines = terms.map((term) => termOf(player, term).slice(0, visible(player, term[2]) ? 2 : 1).filter(Boolean).join(": "));
  player.panel.more.after(element("ul", { class: "gs-terms" }, ...lines.map((line) => element("li", {}, line))));
}

function retrace(player) {
  if (player.path) trace(player, player.path);
}

export const paths = {
  make(player) {
    const names = Object.entries(player.data.paths).map(([name, path]) => [name, path.n]);
    const act = () => { player.hooks.path?.(select.value); trace(player, select.value); };
    const select = chooser(player.say("paths"), act, names);
    if (names.length) player.panel.more.append(select);
  },
  shown: retrace,
  known: retrace,
  outdated({ data }) { Object.values(data.paths).forEach((path) => { path.terms = []; }); },
  changed(player, change) {
    Object.assign(player.data.paths, change.paths);
    if (change.paths) retrace(player);
  },
};
