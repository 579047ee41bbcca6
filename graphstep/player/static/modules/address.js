// The frame in the page's address: #frame=4, or #figure=2&frame=4 where there are several figures.

import { go } from "./frames.js";

export function linkedFrame({ deep }) { // from 0; null where the address says none
  if (!deep) return null;
  const found = location.hash.match(deep === true ? /^#frame=(\d+)$/ : new RegExp(`^#${deep}&frame=(\\d+)$`));
  return found ? found[1] - 1 : null;
}

function link(to) {
  try { history.replaceState(null, "", to); } catch { /* a frame without an address, or too often */ }
}

export const address = {
  make(player) {
    if (!player.data.deep) return;
    const act = () => { if (linkedFrame(player.data) !== null) go(player, linkedFrame(player.data), true); };
    addEventListener("hashchange", act);
    player.leave.push(() => removeEventListener("hashchange", act));
  },
  shown({ data: { deep }, frame }, quiet) {
    if (deep && !quiet) link(`#${deep === true ? "" : `${deep}&`}frame=${frame + 1}`);
  },
};
