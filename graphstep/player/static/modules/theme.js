// The theme follows the page around the figure, not the system.

import { element } from "./dom.js";

function pixel(colour) { // red, green, blue, alpha of any colour that CSS can name
  const canvas = element("canvas", { width: 1, height: 1 });
  const paint = canvas.getContext("2d");
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 1, 1);
  return paint.getImageData(0, 0, 1, 1).data;
}

function hostTheme(node) {
  for (let at = node.parentElement; at; at = at.parentElement || at.getRootNode().host) {
    const [red, green, blue, alpha] = pixel(getComputedStyle(at).backgroundColor);
    if (alpha > 127) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? "dark" : "light";
  }
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  const dark = scheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
  return dark ? "dark" : "light";
}

function putTheme({ root, data }) { // a notebook takes cells that are out of sight out of the page: there are no colours then
  if (data.theme !== "auto") root.dataset.theme = data.theme;
  else if (root.isConnected) root.dataset.theme = hostTheme(root);
}

function watchReturn(player) { // into the page
  let attached = player.root.isConnected;
  const watcher = new ResizeObserver(() => {
    if (player.root.isConnected === attached) return;
    attached = player.root.isConnected;
    putTheme(player);
  });
  watcher.observe(player.root);
  player.leave.push(() => watcher.disconnect());
}

export const theme = { // once, and again where the figure is put back
  make(player) {
    putTheme(player);
    watchReturn(player);
  },
};

export const pageTheme = { // as that of the page changes
  make(player) {
    const act = () => putTheme(player), media = matchMedia("(prefers-color-scheme: dark)");
    const watcher = new MutationObserver(act);
    [document.documentElement, document.body].forEach((node) => watcher.observe(node, { attributes: true }));
    media.addEventListener("change", act);
    player.leave.push(() => watcher.disconnect(), () => media.removeEventListener("change", act));
  },
};
