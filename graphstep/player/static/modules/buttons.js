// Buttons, with a text or with an icon and a name for screen readers.

import { element, svgElement } from "./dom.js";

const ICONS = {
  first: "M4 3v10M13 3L6 8l7 5z", back: "M12 3L4 8l8 5z", play: "M4 3l9 5-9 5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z", forward: "M4 3l8 5-8 5z", last: "M12 3v10M3 3l7 5-7 5z",
  smaller: "M3 8h10", larger: "M3 8h10M8 3v10", fit: "M2 3v10M14 3v10M4 8h8M6.5 5.5L4 8l2.5 2.5M9.5 5.5L12 8l-2.5 2.5", whole: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  more_left: "M10 3L5 8l5 5", more_right: "M6 3l5 5-5 5", more_up: "M3 10l5-5 5 5", more_down: "M3 6l5 5 5-5",
};

export function icon(name) {
  const sizes = { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" };
  return svgElement("svg", sizes, svgElement("path", { d: ICONS[name] }));
}

export function iconButton({ say }, name, act) {
  const title = say(name);
  const button = textButton(name, act, icon(name));
  button.title = title;
  button.setAttribute("aria-label", title);
  return button;
}

export const textButton = (name, onclick, text) => element("button", { type: "button", class: name !== "" && `gs-${name}`, onclick }, text);

export function opener(player, name, text, node, fill = () => {}) { // a button that shows what is filled when it opens
  const act = () => {
    node.hidden = !node.hidden;
    button.setAttribute("aria-expanded", String(!node.hidden));
    if (node.hidden) return;
    fill(player);
    if (player.root.matches(".gs-alone")) node.scrollIntoView({ block: "nearest" });
  };
  const button = textButton(name, act, text);
  button.setAttribute("aria-expanded", "false");
  player.panel.more.append(button);
}
