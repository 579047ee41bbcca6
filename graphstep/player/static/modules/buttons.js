// Buttons with an icon, and a name for screen readers.

import { element, svgElement } from "./dom.js";

const ICONS = {
  first: "M4 3v10M13 3L6 8l7 5z", back: "M12 3L4 8l8 5z", play: "M4 3l9 5-9 5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z", forward: "M4 3l8 5-8 5z", last: "M12 3v10M3 3l7 5-7 5z",
  smaller: "M3 8h10", larger: "M3 8h10M8 3v10", whole: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
};

export function icon(name) {
  const sizes = { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" };
  return svgElement("svg", sizes, svgElement("path", { d: ICONS[name] }));
}

export function iconButton({ say }, name, act) {
  const title = say(name);
  return element("button", { type: "button", class: `gs-${name}`, "aria-label": title, title, onclick: act }, icon(name));
}
