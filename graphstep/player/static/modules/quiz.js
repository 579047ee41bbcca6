// Predict the next number: the frame's numbers are hidden until each has been answered.

import { textButton } from "./buttons.js";
import { element, on } from "./dom.js";
import { go, putFrame, settle } from "./frames.js";
import { mark, unmark } from "./mark.js";
import { play } from "./play.js";
import { lastFrame, tell } from "./player.js";
import { arrange } from "./room.js";
import { answered, newQuestions } from "./questions.js";
import { asScore, newScore, noted, passed, report, skipped } from "./score.js";

const due = ({ questions, quiz, frame }) => questions.filter((q) => q.k === frame && !quiz.answers.has(q.number));

function switchQuiz(player, on) {
  play(player, false);
  player.quiz = on ? newScore() : null;
  player.hidden.clear();
  unmark(player);
  player.quizButton.setAttribute("aria-pressed", String(on));
  player.panel.asked.hidden = true;
  arrange(player);
  if (on) return go(player, 0);
  putFrame(player);
  return settle(player, true);
}

function ask(player) {
  const open = due(player), inside = player.root.contains(document.activeElement);
  passed(player);
  unmark(player);
  player.hidden = new Set(open.flatMap((q) => q.hides));
  putFrame(player);
  player.panel.asked.hidden = false;
  if (open.length) putQuestion(player, open[0]);
  else putNothing(player);
  if (inside) (player.panel.asked.elements.answer || player.root).focus();
  report(player);
}

function putNothing(player) { // where nothing is asked for
  const over = player.questions.every((q) => q.k <= player.frame || player.quiz.answers.has(q.number));
  const [first] = over ? skipped(player) : [], text = [player.say(over ? "over" : "onward"), asScore(player)].join(" ");
  player.panel.asked.replaceChildren(element("span", {}, text.trim()));
  if (!first) return;
  player.panel.asked.append(textButton("", () => go(player, first.k), player.say("first_skipped")));
}

function putQuestion(player, question) {
  const { say, id } = player;
  // no keyboard for decimals alone: it lacks a slash, and on some phones a minus
  const field = element("input", { type: "text", autocomplete: "off", name: "answer", "aria-describedby": `${id}-hint` });
  player.panel.asked.replaceChildren(
    element("label", {}, `${question.said(question.ask)} `, field), element("button", { type: "submit" }, say("check")),
    textButton("", () => taken(player, question, "shown"), say("give_up")),
    element("span", { id: `${id}-hint`, role: "status" }), element("span", { class: "gs-score" }, asScore(player)),
  );
  mark(player, question);
}

function answer(player) {
  const { asked } = player.panel, [question] = due(player);
  if (!question) return;
  const { right, none, hint } = answered(question, asked.elements.answer.value);
  asked.elements.answer.select(); // so that what is typed next takes its place
  if (right) return void taken(player, question, player.quiz.missed.has(question.number) ? "late" : "right");
  if (!none) player.quiz.missed.add(question.number);
  asked.querySelector("[role=status]").textContent = question.said(hint);
}

function taken(player, question, how) {
  noted(player, question, how);
  ask(player);
  tell(player, "known");
  if (!due(player).length && how === "right" && player.frame < lastFrame(player)) player.panel.live.textContent = player.say("right");
}

export const quiz = {
  make(player) {
    const act = () => switchQuiz(player, !player.quiz);
    player.questions = newQuestions(player);
    player.quiz = null;
    player.quizButton = textButton("quiz", act, player.say("quiz"));
    if (player.questions.length) player.panel.more.append(player.quizButton);
    on(player.panel.asked, "submit", (event) => { event.preventDefault(); answer(player); });
  },
  begin(player) { if (player.data.predict) switchQuiz(player, true); },
  shown(player) { if (player.quiz) ask(player); },
};
