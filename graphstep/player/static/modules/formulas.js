// The formulas of a frame as MathML, from the data that Python makes of them: formulas/mathml.py describes it.
// Elements and attributes are only those of formulas, and texts are inserted as texts.

import { element } from "./dom.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const TAGS = new Set("math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd".split(" "));
const ATTRIBUTES = new Set("class columnalign displaystyle movablelimits accent separator stretchy fence form lspace rspace width".split(" "));
const FIRST_SIGN = 0x100, END = ")";

function mathElement(tag, attributes = {}, ...children) {
  if (!TAGS.has(tag) || !Object.keys(attributes).every((name) => ATTRIBUTES.has(name))) throw new Error(tag);
  const made = document.createElementNS(MATHML, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const letters = (text) => mathElement(/^\p{Nd}+$/u.test(text) ? "mn" : "mi", {}, text);

function nameOf(leaf) { // a name with its indexes
  const [base, ...indexes] = leaf.split("|").map(letters);
  if (!indexes.length) return base;
  const below = indexes.flatMap((index, k) => (k ? [mathElement("mo", { separator: "true" }, ","), index] : [index]));
  return mathElement("msub", {}, base, below.length > 1 ? mathElement("mrow", {}, ...below) : below[0]);
}

function sidesOf(heads, form, leaves) { // a "math" element for each side
  const made = element("div"), open = [made];
  for (const sign of form) {
    const parent = open.at(-1), head = heads[sign];
    if (sign === END) open.pop();
    else if (head) {
      const [tag, text = "", attributes] = head, child = mathElement(tag, attributes, text);
      parent.append(child);
      if (!text) open.push(child);
    } else {
      const code = sign.codePointAt(), leaf = leaves[code < FIRST_SIGN ? +sign : code - FIRST_SIGN];
      parent.append(parent.localName === "mn" || parent.localName === "mtext" ? leaf : nameOf(leaf));
    }
  }
  return [...made.children];
}

function equation(sides) { // lines break before each "=" but the first
  const [first, second, ...rest] = sides, whole = element("span", { class: "gs-whole" }, first);
  if (second) whole.append(second);
  return element("div", { class: "gs-equation" }, whole, ...rest.flatMap((side) => [element("wbr"), side]));
}

export function formulasOf({ heads, forms, leaves, frames }, k) { // the elements of the formulas of a frame
  return (frames[k] || "").split(";").filter(Boolean).map((code) => {
    const [form, ...places] = code.split(" ");
    return equation(sidesOf(heads, forms[form], places.map((at) => leaves[at])));
  });
}
