// A deck: reveal.js turns the slides and counts the fragments, the player shows the frame that belongs to them.
// A figure shows its frame k when k fragments of its slide are visible, in whatever direction they were reached.

import { deck } from "./deck_data.js";
import { all, element } from "./dom.js";
import { putPaper, putPrinted, takePaper } from "./paper.js";
import { show } from "./slide.js";

const numberings = { true: "c/t", page: "c", false: false }; // how reveal.js calls them
const printing = /print-pdf|view=print/i.test(location.search);
const live = element("p", { class: "gs-live", "aria-live": "polite" });

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
  if (!printing) {
    addEventListener("hashchange", linked);
    addEventListener("beforeprint", putPaper);
    addEventListener("afterprint", takePaper);
  }
  if (document.querySelector("math")) await document.fonts.load("18px 'STIX Two Math'").catch(() => {});
  for (const name of ["ready", "slidechanged", "fragmentshown", "fragmenthidden", "overviewshown", "overviewhidden"]) Reveal.on(name, told);
  Reveal.on("ready", labels);
  Reveal.on("pdf-ready", () => all(document, ".pdf-page").forEach(putPrinted));
  Reveal.initialize({
    width: deck.width, height: deck.height, margin: 0, minScale: 0.05, maxScale: 20, center: false, transition: "none",
    backgroundTransition: "none", autoAnimate: false, hash: true, history: true, slideNumber: numberings[deck.numbering], navigationMode: "linear",
    controlsLayout: "edges", controlsTutorial: false, scrollActivationWidth: null, pdfPageHeightOffset: 0,
    keyboard: { 35: end, 36: () => Reveal.slide(0, 0, -1) }, plugins: [RevealNotes],
  });
}

begin();
