// The score of a quiz, and the message that hands it to the page around this one.

export const newScore = () => ({
  answers: new Map(), // by the number of a question: "right" at once, "late", or "shown"
  missed: new Set(), // questions that can no longer be right at once
  reached: 0, // the furthest frame
  sent: "",
});

export const skipped = ({ questions, quiz }) => questions.filter((q) => q.k < quiz.reached && !quiz.answers.has(q.number));

export function noted({ quiz }, question, how) { quiz.answers.set(question.number, how); }

export function passed(player) { // later frames show what was not answered, so it is no longer a prediction
  const { quiz, frame } = player;
  quiz.reached = Math.max(quiz.reached, frame);
  skipped(player).forEach((q) => quiz.missed.add(q.number));
}

function counted({ quiz }, how) {
  return [...quiz.answers.values()].filter((known) => known === how).length;
}

export function asScore(player) {
  const { quiz, say } = player, left = skipped(player).length, asked = quiz.answers.size + left;
  if (!asked) return "";
  return say("score", { right: counted(player, "right"), asked }) + (left ? ` ${say("skipped", { skipped: left })}` : "");
}

// The score as docs/player.md describes it. It holds no answer, so any page may have it.
export function report(player) {
  const { data: { deep, title }, questions, quiz } = player;
  if (!deep || window.parent === window) return;
  const message = {
    graphstep: "quiz", version: 1, title, figure: deep === true ? 1 : +deep.split("=")[1],
    total: questions.length, right: counted(player, "right"), late: counted(player, "late"),
    shown: counted(player, "shown"), skipped: skipped(player).length, done: quiz.answers.size === questions.length,
  };
  if (JSON.stringify(message) === quiz.sent) return;
  quiz.sent = JSON.stringify(message);
  window.parent.postMessage(message, "*");
}
