// Details of the node or wire that is pointed at, clicked or chosen; those of a clicked one stay.

import { textButton } from "./buttons.js";
import { details, wireOf } from "./details.js";
import { all, chooser, on } from "./dom.js";
import { tell } from "./player.js";

function showDetails(player, of) {
  const { detail } = player.panel;
  detail.dataset.of = of;
  detail.hidden = !of;
  detail.replaceChildren(...(of ? details(player, of) : []));
  tell(player, "pointed", of);
  if (!of || !player.pinned) return;
  detail.append(textButton("", () => pin(player, ""), player.say("close")));
}

function refresh(player) {
  const { of } = player.panel.detail.dataset;
  if (of) showDetails(player, of);
}

export function pin(player, of) {
  player.pinned = of || null;
  player.hooks.look?.(of);
  player.chosen.value = of[0] === "n" ? of : "";
  player.drawing.own(".gs-pinned").forEach((node) => node.classList.remove("gs-pinned"));
  drawnOf(player.drawing, of).forEach((node) => node?.classList.add("gs-pinned"));
  showDetails(player, of);
}

function drawnOf({ marks, curves }, of) {
  if (!of) return [];
  const k = +of.slice(1);
  return of[0] === "n" ? [marks.get(k)] : curves.get(k) || [];
}

function point(player, of) {
  if (player.pinned) return;
  player.hooks.look?.(of);
  showDetails(player, of);
}

function under(event) {
  const node = event.target.closest?.("[data-node], [data-wires], [data-slot]");
  if (!node) return "";
  if (node.dataset.node) return `n${node.dataset.node}`;
  if (node.dataset.wires !== undefined) return node.dataset.wires && `w${node.dataset.wires.split(" ")[0]}`;
  const [kind, item] = [node.dataset.slot[0], node.dataset.slot.slice(1)];
  return "vun".includes(kind) ? `n${item}` : `w${item}`;
}

export function pressNode(player, event) { // whether it was on a node
  const of = under(event);
  if (!of) return false;
  pin(player, of === player.pinned ? "" : of);
  const rows = all(player.panel.detail, "dd").map((text) => `${text.previousSibling.textContent}: ${text.textContent}`);
  player.panel.live.textContent = rows.join("; ");
  return true;
}

function newChooser(player) {
  const act = () => pin(player, player.chosen.value);
  return chooser(player.say("look"), act, player.data.nodes.map((node, i) => [`n${i}`, node.n]));
}

export const look = {
  make(player) {
    const { svg, stage } = player.drawing;
    player.data.nodes.forEach((node) => { node.o = []; });
    player.data.wires = player.data.wires.map((row, w) => {
      player.data.nodes[row[0]].o.push(w);
      return wireOf(row);
    });
    player.chosen = newChooser(player);
    player.panel.more.append(player.chosen);
    on(svg, "pointerover", (event) => point(player, under(event)));
    on(svg, "pointerleave", () => point(player, ""));
    on(stage, "focusin", (event) => point(player, under(event))); // listeners for it on SVG make it a stop for Tab
    on(stage, "focusout", () => point(player, ""));
    on(svg, "click", (event) => { if (!player.dragged) pin(player, under(event)); });
  },
  shown: refresh,
  known: refresh,
  outdated({ data }) {
    data.nodes.forEach((node) => { node.f = ""; });
    data.wires.filter((wire) => wire.ls !== null).forEach((wire) => Object.assign(wire, { l: "", p: "", z: "" }));
    data.large = {};
  },
  changed(player, { nodes, wires = {}, large }) {
    for (const [k, node] of Object.entries(nodes || {})) Object.assign(player.data.nodes[k], node);
    Object.assign(player.data.large, large);
    for (const [k, wire] of Object.entries(wires)) player.data.wires[k] = wireOf(wire);
    refresh(player);
  },
};
