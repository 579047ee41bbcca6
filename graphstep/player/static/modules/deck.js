// A deck: reveal.js turns the slides and counts the fragments, the player shows the frame that belongs to them.
// A figure shows its frame k when k fragments of its slide are visible, in whatever direction they were reached.

import { mountBare } from "./bare.js";
import { element } from "./dom.js";
import { go } from "./frames.js";

const deck = JSON.parse(document.getElementById("gs-deck").textContent);
const printing = /print-pdf|view=print/i.test(location.search);
const { ways, sizes, shares } = deck.plans; // the tables that all formats share
const INK = 5;
const players = new WeakMap();
const fitted = new WeakSet();
const all = (node, selector) => [...node.querySelectorAll(selector)];
const live = element("p", { class: "gs-live", "aria-live": "polite" });

function player(root, k) { // made when its slide is seen first
  if (!players.has(root)) {
    const data = JSON.parse(root.querySelector("script").textContent);
    players.set(root, mountBare(root, { ...data, frame: data.shown[k] }));
  }
  return players.get(root);
}

function show(slide) { // the frame that belongs to the visible fragments; what is said of it
  if (!fitted.has(slide)) fit(slide);
  const root = slide.querySelector(".graphstep-figure");
  if (!root) return "";
  const k = all(slide, ".fragment.visible").length;
  const made = player(root, k), { shown, steps } = made.data;
  go(made, shown[k], true);
  all(slide, ".gs-stack > *").forEach((node) => node.classList.toggle("on", +node.dataset.k === k));
  return steps[shown[k]].c;
}

// --- sizes: the first that fits is used, or the best; content that is too wide shrinks by itself

function fit(slide) {
  fitted.add(slide);
  const page = slide.querySelector(".gs-page"), body = page.querySelector(".gs-body");
  if (!body) return titled(page);
  const usable = body.querySelector(".gs-run") ? ways.filter(({ row }) => !row || body.querySelector(".gs-told")) : ways.slice(0, 1);
  let best = null, most = 0;
  for (const size of sizes) {
    for (const way of usable) {
      const { score, fits } = tried(page, body, size, way);
      if (score > most || fits && size.text >= shares.large) [best, most] = [[size, way], score];
      if (fits) return void tried(page, body, ...best);
    }
  }
  if (best) tried(page, body, ...best);
  if (body.scrollHeight - body.clientHeight <= INK) return;
  body.classList.add("gs-long"); // there is no smaller size: it is scrolled
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

function tried(page, body, { text, picture }, way) { // whether all fits, and how good it is: 0 where something is cut
  page.style.setProperty("--size", text);
  page.style.setProperty("--high", picture);
  page.style.setProperty("--room", `${body.clientHeight}px`);
  page.style.setProperty("--told", Math.sqrt(text));
  const run = body.querySelector(".gs-run"), told = body.querySelector(".gs-told");
  if (run) placed(run, told, body, way);
  all(body, ".gs-display, .gs-equation, pre, table").forEach(narrow);
  const over = body.scrollHeight - body.clientHeight; // formulas have a little ink below their line
  if (over > INK || body.scrollWidth > body.clientWidth + 1) return { score: 0, fits: false };
  if (!run) return { score: 1, fits: true };
  const root = run.firstElementChild, words = run.lastElementChild;
  const [wide, tall] = root.dataset.size.split(" ").map(Number);
  if (words.offsetTop < run.offsetTop - 1 || words.offsetTop + words.offsetHeight > run.offsetTop + run.offsetHeight + 1) return { score: 0, fits: false };
  const room = run.clientHeight + (told && way.foot ? told.offsetHeight : 0); // were there no words
  const full = Math.min(1, body.clientWidth / wide, room / tall);
  const score = Math.min(root.clientWidth / wide / full, root.clientHeight / tall / full, 1) / shares.least;
  const read = text * Math.min(1, ...all(words, ".gs-equation").map((node) => parseFloat(node.style.fontSize || 1)));
  return { score: Math.min(Math.sqrt(read), read / Math.sqrt(shares.legible)) * score / way.worth, fits: way.worth === 1 && score >= 0.99 };
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
  const room = node.parentElement.clientWidth, inside = node.matches("pre") ? node.firstChild : node;
  const wide = Math.max(node.offsetWidth, node.scrollWidth, inside.scrollWidth);
  if (wide <= room + 1) return;
  const least = node.matches("pre") ? 0.6 : 0.4;
  node.style.fontSize = `${Math.max(room / wide, least) * 0.99 * (node.matches("pre") ? 0.9 : 1)}em`;
  if (room / wide < least) node.classList.add("gs-wrapped");
}

// --- events of reveal.js

function told() {
  if (printing) return;
  const said = show(Reveal.getCurrentSlide());
  if (Reveal.isOverview()) all(document, ".slides > section").filter((slide) => slide.offsetParent).forEach(show);
  if (live.textContent !== said) live.textContent = said;
}

function linked() { // reveal.js reads a link without a fragment as "wherever the slide stands"; it is the first frame
  const found = location.hash.match(/^#\/(\d+)?(?:\/0)?$/);
  if (found || !location.hash) Reveal.slide(found ? +found[1] || 0 : 0, 0, -1);
}

function end() {
  const last = Reveal.getTotalSlides() - 1;
  Reveal.slide(last, 0, all(Reveal.getSlide(last), ".fragment").length - 1);
}

function labels() { // reveal.js has them in English
  for (const [selector, label] of Object.entries(deck.labels)) {
    all(document, selector).forEach((node) => {
      if (node.hasAttribute("aria-label")) node.setAttribute("aria-label", label); else node.textContent = label;
    });
  }
}

async function begin() {
  document.documentElement.classList.add("js");
  document.body.append(live);
  if (!printing) addEventListener("hashchange", linked);
  if (document.querySelector("math")) await document.fonts.load("18px 'STIX Two Math'").catch(() => {});
  for (const name of ["ready", "slidechanged", "fragmentshown", "fragmenthidden", "overviewshown", "overviewhidden"]) Reveal.on(name, told);
  Reveal.on("ready", labels);
  Reveal.on("pdf-ready", () => all(document, ".pdf-page > section").forEach(show));
  Reveal.initialize({
    width: deck.width, height: deck.height, margin: 0, minScale: 0.05, maxScale: 20, center: false, transition: "none",
    backgroundTransition: "none", autoAnimate: false, hash: true, history: true, slideNumber: "c/t", navigationMode: "linear",
    controlsLayout: "edges", controlsTutorial: false, scrollActivationWidth: null, pdfPageHeightOffset: 0,
    keyboard: { 35: end, 36: () => Reveal.slide(0, 0, -1) }, plugins: [RevealNotes],
  });
}

begin();
