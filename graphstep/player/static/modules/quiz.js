// Predict the next number: the frame's numbers are hidden until each has been answered.

import { element } from "./dom.js";
import { go, putFrame, settle } from "./frames.js";
import { play } from "./play.js";
import { lastFrame, tell } from "./player.js";
import { answered, newQuestions } from "./questions.js";

const due = ({ questions, quiz, frame }) => questions.filter((q) => q.k === frame && !quiz.done.has(q.s));

function switchQuiz(player, on) {
  play(player, false);
  player.quiz = on ? { done: new Set(), missed: new Set(), right: 0, asked: 0 } : null;
  player.hidden.clear();
  player.quizButton.setAttribute("aria-pressed", String(on));
  player.panel.asked.hidden = true;
  if (on) return go(player, 0);
  putFrame(player);
  return settle(player, true);
}

function ask(player) {
  const open = due(player), inside = player.root.contains(document.activeElement);
  player.hidden = new Set(open.flatMap((q) => [q.s, ...q.with]));
  putFrame(player);
  player.panel.asked.hidden = false;
  if (open.length) putQuestion(player, open[0]);
  else putNothing(player);
  if (inside) (player.panel.asked.elements.answer || player.root).focus();
}

function score({ quiz: { right, asked }, say }) {
  return asked ? say("score", { right, asked }) : "";
}

function putNothing(player) { // where nothing is asked for
  const over = player.questions.every((q) => q.k <= player.frame || player.quiz.done.has(q.s));
  const text = `${player.say(over ? "over" : "onward")} ${score(player)}`;
  player.panel.asked.replaceChildren(element("span", {}, text.trim()));
}

function putQuestion(player, question) {
  const { say, id } = player;
  const field = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", name: "answer", "aria-describedby": `${id}-hint` });
  player.panel.asked.replaceChildren(
    element("label", {}, `${question.a} `, field), element("button", { type: "submit" }, say("check")),
    element("button", { type: "button", onclick: () => taken(player, question, false) }, say("give_up")),
    element("span", { id: `${id}-hint`, role: "status" }), element("span", { class: "gs-score" }, score(player)),
  );
}

function answer(player) {
  const { asked } = player.panel, [question] = due(player);
  if (!question) return;
  const { right, hint } = answered(question, asked.elements.answer.value);
  asked.elements.answer.select(); // so that what is typed next takes its place
  if (right) return void taken(player, question, !player.quiz.missed.has(question.s));
  if (hint !== "no_number") player.quiz.missed.add(question.s);
  asked.querySelector("[role=status]").textContent = player.say(hint);
}

function taken(player, question, right) {
  player.quiz.done.add(question.s);
  player.quiz.asked += 1;
  player.quiz.right += right ? 1 : 0;
  ask(player);
  tell(player, "known");
  if (!due(player).length && right && player.frame < lastFrame(player)) player.panel.live.textContent = player.say("right");
}

export const quiz = {
  make(player) {
    const act = () => switchQuiz(player, !player.quiz);
    player.questions = newQuestions(player);
    player.quiz = null;
    player.quizButton = element("button", { type: "button", class: "gs-quiz", onclick: act }, player.say("quiz"));
    if (player.questions.length) player.panel.more.append(player.quizButton);
    player.panel.asked.addEventListener("submit", (event) => { event.preventDefault(); answer(player); });
  },
  begin(player) { if (player.data.predict) switchQuiz(player, true); },
  shown(player) { if (player.quiz) ask(player); },
};
