// Elements from names and texts. Text is inserted as text, never as markup.

export const SVG = "http://www.w3.org/2000/svg";

export function element(name, props = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function svgElement(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function parsed(markup) { // graphstep's own SVG, in which texts of users are escaped
  const read = new DOMParser().parseFromString(`<svg xmlns="${SVG}">${markup}</svg>`, "image/svg+xml");
  return document.importNode(read.documentElement, true);
}

const DERIVATIVE = /(\u2202\S+\/\u2202[^\s.,;:]+)/; // in which a browser would break a line

export function unbroken(text) { // a sentence as nodes, each derivative on one line
  return text.split(DERIVATIVE).map((part, k) => (k % 2 ? element("span", { class: "gs-one" }, part) : part));
}

export const all = (node, selector) => [...node.querySelectorAll(selector)];

export const holdsFocus = (node) => node === node.getRootNode().activeElement;

export const boxOf = (node) => node.getBoundingClientRect();

export const toggle = (node, name, isOn) => node.classList.toggle(name, isOn);

export function on(node, event, act, options) { node.addEventListener(event, act, options); }

export function chooser(title, onchange, options) { // of pairs: a value and its name
  const made = [["", title], ...options].map(([value, name]) => element("option", { value }, name));
  return element("select", { "aria-label": title, onchange }, ...made);
}
