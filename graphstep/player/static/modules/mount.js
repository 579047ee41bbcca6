// A figure with its controls and words.

import { code } from "./code.js";
import { controls } from "./controls.js";
import { startPlayer } from "./frames.js";
import { keys } from "./keys.js";
import { look } from "./look.js";
import { nodes } from "./nodes.js";
import { numbers } from "./numbers.js";
import { newPanel } from "./panel.js";
import { paths } from "./paths.js";
import { playing } from "./play.js";
import { newPlayer } from "./player.js";
import { reason } from "./reason.js";
import { room } from "./room.js";
import { pageTheme, theme } from "./theme.js";
import { view } from "./view.js";
import { words } from "./words.js";
import { zoom } from "./zoom.js";

const PARTS = [words, controls, view, look, numbers, code, paths, playing, zoom, nodes, keys, pageTheme, theme, room];

export function mount(root, data, hooks = {}, more = []) { // parts in the order of their buttons
  const player = newPlayer(root, data, hooks);
  player.panel = newPanel(player);
  startPlayer(player, [reason, ...more, ...PARTS], data.frame || 0);
  return player;
}
