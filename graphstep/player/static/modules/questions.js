// The questions of a quiz, and the check of an answer. Nothing here touches the page.

import { typedNumber } from "./dom.js";

export function newQuestions({ data, say }) {
  return data.quiz.map(([k, s, node, gate, v, t, w, also]) => {
    const name = data.nodes[node].n, values = { name, source: name, gate: data.nodes[gate]?.n };
    return { k, s, v, t, w, with: also, a: say(gate < 0 ? "ask_sum" : "ask", values) };
  });
}

export function answered(question, text) { // whether it is right, and the hint where it is not
  const typed = typedNumber(text), close = (value) => Math.abs(+typed - value) <= question.t;
  if (typed === "" || Number.isNaN(+typed)) return { right: false, hint: "no_number" };
  if (close(question.v)) return { right: true };
  const [hint] = question.w.find(([, value]) => close(value)) || ["wrong"];
  return { right: false, hint };
}
