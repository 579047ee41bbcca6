// Plays the frames in turn, at the chosen speed.

import { element } from "./dom.js";
import { go } from "./frames.js";
import { lastFrame, tell } from "./player.js";

const SPEEDS = [0.5, 1, 2, 4];

export function play(player, on) {
  clearInterval(player.timer);
  player.playing = on && !player.quiz;
  if (player.playing && player.frame === lastFrame(player)) go(player, 0);
  if (player.playing) player.timer = setInterval(() => go(player, player.frame + 1), 1600 / +player.speed.value);
  tell(player, "played");
  player.hooks.playing?.(player.playing);
}

export const playing = {
  make(player) {
    const again = () => { if (player.playing) { play(player, false); play(player, true); } };
    const speeds = SPEEDS.map((s) => element("option", { value: s, selected: s === 1 }, `${s}x`));
    player.speed = element("select", { "aria-label": player.say("speed"), onchange: again }, ...speeds);
    player.panel.more.append(player.speed);
    player.leave.push(() => clearInterval(player.timer));
  },
  shown(player) { if (player.playing && player.frame === lastFrame(player)) play(player, false); },
};
