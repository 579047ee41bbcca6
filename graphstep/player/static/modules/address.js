// The frame in the page's address: #frame=4, or #figure=2&frame=4 where there are several figures.

import { go } from "./frames.js";

export function linkedFrame({ deep }) { // from 0; null where the address says none
  if (!deep) return null;
  const found = location.hash.match(deep === true ? /^#frame=(\d+)$/ : new RegExp(`^#${deep}&frame=(\\d+)$`));
  return found ? found[1] - 1 : null;
}

const SOON = 200; // ms: a key that is held down changes it once, since browsers refuse changes that come too often

function link(to) {
  try { history.replaceState(null, "", to); } catch { /* a frame without an address */ }
}

export const address = {
  make(player) {
    if (!player.data.deep) return;
    const act = () => { if (linkedFrame(player.data) !== null) go(player, linkedFrame(player.data), true); };
    addEventListener("hashchange", act);
    player.leave.push(() => { removeEventListener("hashchange", act); clearTimeout(player.linking); });
  },
  shown(player, quiet) {
    const { data: { deep }, frame } = player;
    if (!deep) return;
    clearTimeout(player.linking);
    if (!quiet) player.linking = setTimeout(link, SOON, `#${deep === true ? "" : `${deep}&`}frame=${frame + 1}`);
  },
};
