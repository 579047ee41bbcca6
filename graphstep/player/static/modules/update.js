// Updates a figure whose inputs have other values, and removes one.

import { fillCode } from "./code.js";
import { parsed } from "./dom.js";
import { outline, putSigns, putSlot } from "./drawing.js";
import { currentStep, tell } from "./player.js";

export function update(player, change) { // only what has changed: texts, blocks, sentences
  const { data, drawing: { svg } } = player, { texts = {}, blocks = {}, steps = {} } = change;
  if (change.version && change.version !== player.version) tell(player, "outdated");
  player.version = change.version || player.version;
  Object.assign(data.texts, texts);
  Object.assign(data.blocks, blocks);
  for (const [k, step] of Object.entries(steps)) Object.assign(data.steps[k], step);
  if (change.warnings) data.warnings = change.warnings;
  putSigns(player);
  if (change.scale) svg.querySelector(".gs-scale")?.replaceWith(parsed(change.scale).firstElementChild);
  for (const slot of [...Object.keys(texts), ...Object.keys(blocks)]) putSlot(player, +slot);
  outline(player, currentStep(player).u)();
  putCode(player, change);
  tell(player, "changed", change);
}

function putCode(player, { code, code_about, code_of }) {
  if (!code) return;
  Object.assign(player.data, { code, code_about, code_of });
  if (!player.panel.code.hidden) fillCode(player);
}

export function leave(player) {
  player.leave.forEach((undo) => undo());
  Object.values(player.panel).forEach((node) => node.remove());
}
