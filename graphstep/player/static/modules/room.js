// How a figure shares its place with its words: they are under it, in a row under it, or beside it, where that leaves it
// largest. Their place is as high as the words of any frame, so that nothing moves from frame to frame.

import { all, boxOf, element, toggle, unbroken } from "./dom.js";
import { formulasOf } from "./formulas.js";
import { rearrange } from "./narrow.js";
import { READABLE, extentOf, resize } from "./zoom.js";

const ALONE = 4, AMONG = 1.75; // the largest scales of a figure: in a page of its own, and among other texts
const LEGIBLE = 0.8; // the scale below which a low window does not make a figure smaller
const PART = 0.85; // of the window's height, for a figure among other texts
const HALF = 0.5, TALL = 0.85; // of the height, for words under a figure, and for a figure on a narrow page; what is higher is scrolled
const FITTING = 0.68; // of their size, for formulas that are too wide
const WIDE = 860; // pixels: enough for words in a row or beside a figure
const ASIDE = 0.36, GAP = 24; // of the width, for words beside a figure, and pixels between
const WORTH = 1.05; // how much more of a figure must be seen for another way
const TRIED = 24; // frames, those with most to say, whose words are measured
const GROWTH = 1.15, LARGEST = 36; // of texts, where there is room: a step, and the most pixels
const NUMBERS = 12, KEPT = 0.92; // texts have fewer pixels than numbers at a scale, and cost no more of a figure than the rest
const EDGE = 24, BETWEEN = 10, LOWEST = 280; // pixels: under all, under each of the controls, and for a figure in any window

const textSize = (wide) => Math.max(15, Math.min(10 + wide / 155, 6 + innerHeight / 66, 22)); // pixels

function waysAt(wide, text) { // each with the width for words and for a figure
  const under = ["under", Math.min(wide, 60 * text), wide], aside = ASIDE * wide;
  return wide < WIDE ? [under] : [under, ["row", wide, wide], ["beside", aside, wide - aside - GAP]];
}

// --- words

function saidOf({ steps, formulas }) { // the longest words, and how to make them again: a kernel replaces them
  const size = (k) => steps[k].c.length + 60 * formulas.frames[k].split(";").length, captions = steps.map(({ c }) => c);
  const longest = captions.map((_, k) => k).sort((a, b) => size(b) - size(a)).slice(0, TRIED);
  return () => longest.map((k) => [element("p", { class: "gs-caption" }, ...unbroken(captions[k])), element("div", { class: "gs-formulas" }, ...formulasOf(formulas, k))]);
}

function measured({ panel: { body }, said }, text, ways) { // of each way, the height of the words, and the size at which formulas fit
  const probes = ways.map(([way, wide]) => {
    const probe = element("div", { class: "gs-probe" }, ...said().map((words) => element("div", { class: `gs-words gs-${way}` }, ...words)));
    probe.style.cssText = `width:${wide}px;--text:${text}px`;
    return probe;
  });
  body.append(...probes);
  const made = probes.map((probe) => {
    const fits = all(probe, ".gs-whole, .gs-equation > math").map((part) => part.closest(".gs-formulas").clientWidth / boxOf(part).width);
    return { need: Math.max(...[...probe.children].map((node) => node.offsetHeight)), fit: Math.min(1, ...fits) };
  });
  probes.forEach((probe) => probe.remove());
  return made;
}

// --- the plan

const isAlone = ({ root, data }) => data.deep === true || root.getRootNode().fullscreenElement === root;

function heightFor(player) { // of a figure and its words
  const { root, panel } = player, isFull = root.getRootNode().fullscreenElement === root;
  const top = isFull ? EDGE : boxOf(root).top + scrollY;
  const controls = [panel.bar, panel.more, ...all(root, ":scope > .gs-edit, :scope > .gs-inputs")];
  const most = isAlone(player) ? innerHeight - top - EDGE : PART * innerHeight;
  return Math.max(LOWEST, most - controls.reduce((sum, node) => sum + node.offsetHeight + BETWEEN, 0));
}

function plannedAt(player, wide, high, text) {
  const { wide: width, high: height } = extentOf(player), key = `${wide} ${text}`;
  const ways = waysAt(wide, text), most = isAlone(player) ? ALONE : AMONG;
  if (!player.heights[key]?.[0].need) player.heights[key] = measured(player, text, ways); // 0 where a notebook has not laid out its cell
  const plans = ways.map(([way, words, room], k) => {
    const { need, fit } = player.heights[key][k], isBeside = way === "beside";
    const limit = isBeside ? high : player.isNarrow ? Infinity : Math.max(HALF * high, high - LEGIBLE * height); // a narrow page is scrolled as a whole
    const taken = Math.min(need + (player.quiz ? 3 * text : 0), limit);
    const left = isBeside ? high : Math.max(high - taken, player.isNarrow ? Math.min(TALL * high, height * Math.max(READABLE, Math.min(1, room / width)) + GAP / 2) : Math.min(HALF * high, LEGIBLE * height)) - GAP / 2;
    const scale = Math.max(Math.min(room / width, most, Math.max(left / height, LEGIBLE)), READABLE);
    const seen = Math.min(room, scale * width) * Math.min(left, scale * height); // of the figure, in square pixels
    return { way, text, words, taken, left, scale, fit: Math.max(FITTING, fit), isCut: need > limit, score: Math.sqrt(seen * fit) * Math.min(1, limit / need) };
  });
  return plans.reduce((best, plan) => (plan.score > WORTH * best.score ? plan : best));
}

function planned(player, wide, high) { // with texts as large as leave the figure about as large as the usual ones do
  const least = textSize(wide), usual = plannedAt(player, wide, high, least), isFree = isAlone(player) && wide >= WIDE;
  let best = usual;
  for (let text = least * GROWTH; isFree && text <= Math.min(LARGEST, NUMBERS * usual.scale); text *= GROWTH) {
    const plan = plannedAt(player, wide, high, text);
    if (!plan.isCut && plan.fit >= usual.fit && plan.scale >= Math.max(KEPT * usual.scale, text / NUMBERS)) best = plan;
  }
  return best;
}

export function arrange(player) {
  const { root, panel: { body, words, formulas } } = player, wide = body.clientWidth;
  if (!wide) return;
  player.isNarrow = rearrange(player, wide);
  const { way, text, words: aside, taken, fit, isCut } = player.room = planned(player, wide, heightFor(player));
  body.className = `gs-body gs-${way}`;
  words.className = `gs-words gs-${way}${isCut ? " gs-cut" : ""}`;
  root.style.setProperty("--text", `${text}px`);
  body.style.setProperty("--aside", `${aside}px`);
  words.style.height = `${Math.ceil(taken)}px`;
  words.style.setProperty("--fit", fit);
  for (const [node, isScrolled] of [[words, isCut], [formulas, fit === FITTING]]) { // with keys too
    if (isScrolled) node.tabIndex = 0; else node.removeAttribute("tabindex");
  }
  if (!player.size || player.size === "usual") resize(player, "usual");
}

export const room = {
  make(player) {
    const act = () => arrange(player), watcher = new ResizeObserver(act);
    player.said = saidOf(player.data);
    player.heights = {};
    toggle(player.root, "gs-alone", player.data.deep === true);
    act();
    [player.root, player.panel.bar].forEach((node) => watcher.observe(node)); // the code beside a figure leaves it less
    addEventListener("resize", act, player.here);
    player.leave.push(() => watcher.disconnect());
  },
};
