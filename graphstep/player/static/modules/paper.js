// A deck on paper: a page for each step, made when the browser prints. A page that is too long goes on on the next.

import { deck } from "./deck_data.js";
import { all, element } from "./dom.js";
import { showStep, stepOf } from "./slide.js";

function sheets(slide, paper) {
  const page = slide.querySelector(".gs-page"), made = [];
  paper.append(page); // there it is laid out; slides that are not in view are not
  for (let k = 0; k <= all(slide, ".fragment").length; k += 1) {
    showStep(page, k);
    made.push(page.cloneNode(true));
  }
  showStep(page, stepOf(slide));
  slide.prepend(page);
  return made;
}

const numberOf = (k, count) => deck.numbering === "page" ? `${k}` : `${k} / ${count}`;

export function putPaper() {
  const paper = element("div", { class: "gs-paper" }), slides = all(document, ".slides > section");
  document.body.append(paper);
  const made = slides.flatMap((slide, k) => sheets(slide, paper).map((page) => {
    if (deck.numbering !== "false") page.append(element("div", { class: "gs-number" }, numberOf(k + 1, slides.length)));
    all(page, "script").forEach((node) => node.remove());
    return page;
  }));
  paper.replaceChildren(...made);
}

export function putPrinted(sheet) { // in the view of reveal.js for printing: ?print-pdf
  const page = sheet.querySelector(".gs-page");
  showStep(page, stepOf(sheet));
  if (!page.classList.contains("gs-flow")) return;
  page.parentNode.replaceWith(page); // the slide around it is as high as the screen
  sheet.classList.add("gs-flow");
}

export const takePaper = () => all(document, ".gs-paper").forEach((node) => node.remove());
