// Sizes of a slide: the first that fits is used, or the best; content that is too wide shrinks by itself.

import { deck } from "./deck_data.js";
import { all } from "./dom.js";

const { ways, sizes, shared, shares } = deck.plans;
const INK = 5, EVEN = 0.001; // pixels of formulas below their line; lengths are rounded
const fitted = new WeakSet();

export function fit(page) { // once
  if (fitted.has(page)) return;
  fitted.add(page);
  const body = page.querySelector(".gs-body");
  if (!body) return void titled(page);
  const run = body.querySelector(".gs-run");
  const usable = run ? ways.filter(({ row }) => !row || body.querySelector(".gs-told")) : ways.slice(0, 1);
  let best = null, most = 0;
  const largest = body.dataset.largest; // of texts, if they do not grow
  for (const size of run ? shared : sizes.filter(({ text }) => !(text > largest))) {
    for (const way of usable) {
      const { score, fits } = tried(page, body, size, way);
      if (score > most || fits && size.words >= shares.large) [best, most] = [[size, way], score];
      if (fits) return void tried(page, body, ...best);
    }
  }
  if (best) tried(page, body, ...best);
  if (body.scrollHeight - body.clientHeight <= INK) return;
  page.classList.add("gs-flow");
  body.classList.add("gs-long"); // there is no smaller size: it is scrolled, and a figure keeps a height of its own
  tried(page, body, (run ? shared : sizes).at(-1), ways[0]);
  body.tabIndex = 0;
}

function titled(page) { // a title alone on its slide, as large as fits
  const first = page.firstElementChild, last = page.lastElementChild;
  if (!first) return;
  for (let size = 1; size > 0.25; size -= 0.1) {
    page.style.setProperty("--size", size);
    const { paddingTop, paddingBottom } = getComputedStyle(page);
    const room = page.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    if (last.offsetTop + last.offsetHeight - first.offsetTop <= room) return;
  }
}

function tried(page, body, { text, words: part = 1, picture = 1 }, way) { // whether all fits, and how good it is: 0 where something is cut
  page.style.setProperty("--size", text);
  page.style.setProperty("--high", picture);
  page.style.setProperty("--room", `${body.clientHeight}px`);
  page.style.setProperty("--words", part);
  const run = body.querySelector(".gs-run"), told = body.querySelector(".gs-told");
  if (run) placed(run, told, body, way);
  all(body, ".gs-display, .gs-equation, pre, table").forEach(narrow);
  const formulas = run ? all(run, ".gs-equation") : [], least = Math.min(1, ...formulas.map((node) => parseFloat(node.style.fontSize || 1)));
  if (least < 1) for (const node of formulas) node.style.fontSize = `${least}em`; // those of a run have one size
  const over = body.scrollHeight - body.clientHeight; // formulas have a little ink below their line
  if (over > INK || body.scrollWidth > body.clientWidth + 1) return { score: 0, fits: false };
  if (!run) return { score: 1, fits: true };
  const root = run.firstElementChild, words = run.lastElementChild;
  const [wide, tall] = root.dataset.size.split(" ").map(Number);
  if (words.offsetTop < run.offsetTop - 1 || words.offsetTop + words.offsetHeight > run.offsetTop + run.offsetHeight + 1) return { score: 0, fits: false };
  const seen = Math.min(root.clientWidth / wide, root.clientHeight / tall) / run.dataset.legible;
  const read = part * least;
  return { score: text ** 2 * Math.min(Math.sqrt(read), read / Math.sqrt(shares.legible)) * Math.min(seen, 1) ** shares.first / way.worth, fits: way.worth === 1 && seen + EVEN >= 1 };
}

function placed(run, told, body, { name, aside, row, foot }) { // words below a figure or beside it, sentences with them or at the foot
  run.dataset.way = name;
  run.classList.toggle("gs-aside", aside > 0);
  run.classList.toggle("gs-row", row);
  if (told) (foot ? body : run.lastElementChild).append(told);
  const root = run.firstElementChild;
  const [wide, tall] = root.dataset.size.split(" ").map(Number);
  root.style.width = "";
  if (!aside) return;
  const gap = parseFloat(getComputedStyle(run).columnGap);
  root.style.width = `${Math.min(shares.largest * wide, (1 - aside) * body.clientWidth - gap, run.clientHeight * wide / tall)}px`;
}

function narrow(node) {
  node.style.fontSize = "";
  node.classList.remove("gs-wrapped");
  const room = node.parentElement.clientWidth, program = node.matches("pre"), inside = program ? node.firstChild : node;
  const edges = program ? 2 * parseFloat(getComputedStyle(node).paddingLeft) : 0;
  const wide = Math.max(node.offsetWidth, node.scrollWidth, inside.scrollWidth + edges);
  if (wide <= room + 1) return;
  const least = program ? 0.6 : 0.4;
  node.style.fontSize = `${Math.max(room / wide, least) * 0.99 * (program ? 0.9 : 1)}em`;
  if (room / wide < least) node.classList.add("gs-wrapped");
}

export function together(row) { // figures beside each other, in one scale
  const [wide, tall] = row.dataset.size.split(" ").map(Number), scale = Math.min(row.clientWidth / wide, row.clientHeight / tall);
  row.style.setProperty("justify-content", "center");
  row.style.setProperty("gap", `${scale * shares.between}px`);
  for (const root of row.children) {
    const [width, height] = root.dataset.size.split(" ").map(Number);
    Object.assign(root.style, { flex: "none", width: `${scale * width}px`, height: `${scale * height}px` });
  }
}
