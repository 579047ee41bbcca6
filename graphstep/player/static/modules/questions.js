// The questions of a quiz, and the check of an answer. Nothing here touches the page.

import { typedNumber, typedShape } from "./typed.js";

// A question as Python writes it, as a row: its frame `k`; the places `ask` and `wrong` among the words of its sentence
// and of the hint for any wrong answer; the `node` and the `gate` that they name; the `answer`, a number or a shape, and how `near` one must
// come; `slips`, each the key of a hint, an answer and its own tolerance; the slots that it `hides`, first the one that is
// marked. `array` has the index and the position of an element; of a shape, it is where the middle of the array will be.
export function newQuestions({ data: { quiz, words, nodes }, say }) {
  const keys = Object.keys(words);
  return quiz.map(([k, ask, node, gate, answer, near, slips, wrong, hides, array], number) => {
    const isShape = Array.isArray(answer), names = { name: nodes[node].n, gate: nodes[gate].n, at: array?.[0] };
    return { k, ask, answer, near, slips, wrong, hides, number, isShape, middle: isShape && array, cell: isShape ? undefined : array?.[1], said: (key) => say(keys[key] || key, names) };
  });
}

export function answered(question, text) { // whether it is right, and the hint where it is not
  return question.isShape ? answeredShape(question, typedShape(text)) : answeredNumber(question, typedNumber(text));
}

function answeredNumber({ answer, near, slips, wrong }, typed) {
  if (typed === "" || Number.isNaN(+typed)) return { right: false, none: true, hint: "no_number" };
  if (Math.abs(typed - answer) <= near) return { right: true };
  const [hint] = slips.find(([, value, close]) => Math.abs(typed - value) <= close) || [wrong];
  return { right: false, hint };
}

const size = (shape) => shape.reduce((product, side) => product * side, 1);

function answeredShape({ answer, slips, wrong }, typed) {
  if (!typed) return { right: false, none: true, hint: "slip_no_shape" };
  const is = (shape) => String(shape) === String(typed);
  if (is(answer)) return { right: true };
  const [hint] = slips.find(([, shape]) => is(shape)) || [size(typed) === size(answer) ? "slip_axes" : wrong];
  return { right: false, hint };
}
