"""The update on exercise sheets: what is asked for, and that answers are those of NumPy by hand."""

import json

import numpy as np
import pytest

import graphstep as gs
from graphstep.exercises import papers, sheets
from graphstep.exercises.assignment import Assignment, make_question, without_repeats
from graphstep.figure.options import complete

TEXT, GIVEN = "q = W @ x; f = l2(q)*w", dict(W=[[1, 2], [3, 4]], x=[1, 2], w=2)
RULES = {
    "sgd": lambda w, g: w - 0.1 * g,
    "momentum(mu=0.5)": lambda w, g: w - 0.1 * g,  # which begins at rest
    "adam": lambda w, g: w - 0.1 * g / (abs(g) + 1e-8),
}


def drawn(lang="en", points=(), **chosen):
    asked = make_question(TEXT, GIVEN, complete(chosen))
    made = Assignment((asked,), 7, lang=lang, points=points)
    (given,) = found = sheets.numbers((made, 1))
    return sheets.figures((made, found))[0], dict(given), made


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("rule", RULES)
def test_new_values_are_asked_for_and_the_key_has_those_of_numpy(rule, lang):
    shown, given, _ = drawn(lang, update=("W", "w"), rate=0.1, rule=rule)
    gradients = gs.parse(TEXT).forward(given).gradients
    assert shown.task.names == ("W ←", "w ←")
    for answer, name in zip(shown.task.answers, ("W", "w"), strict=True):
        told = answer.removeprefix(f"{name} ← ").replace("−", "-")
        told = told.replace(",", ".").replace(";", ",") if lang == "ru" else told
        wanted = RULES[rule](np.asarray(given[name], float), gradients[name])
        assert np.allclose(json.loads(told), wanted, atol=0.0051)
    said, mark = shown.task.said, "," if lang == "ru" else "."
    assert f"η = 0{mark}1" in said
    assert f"μ = 0{mark}5" in said or "mu" not in rule
    assert "W ← W − η*" in said
    assert ("v_W = 0" in said) == (rule != "sgd")
    assert 'data-blank="next' not in shown.sheet


def test_without_an_update_nothing_is_asked_and_figures_are_the_same():
    plain, given, _ = drawn()
    asked, same, _ = drawn(update=("w",))
    assert plain.task.said == ""
    assert plain.task.names == plain.task.answers == ()
    assert same == given
    assert asked.key == plain.key
    questions = [
        make_question(TEXT, GIVEN, complete(chosen)) for chosen in ({}, {"update": ("w",)})
    ]
    assert len(without_repeats(questions * 2)) == 2


def test_an_update_of_what_is_no_input_is_told():
    for name in ("q", "u"):
        question = make_question(TEXT, GIVEN, complete({"update": (name,)}))
        with pytest.raises(gs.InputError):
            sheets.obstacle(question, "en")


def test_the_sheet_has_lines_to_write_on_and_the_key_the_new_values(monkeypatch):
    shown, _, made = drawn(points=(5,), update=("w",))
    written = []
    monkeypatch.setattr(papers, "typeset", lambda text, *_: (written.append(text), [b""])[1])
    sheets.copies(made, 1, lambda task, each: map(task, each))
    sheet, key = written
    assert shown.task.said in sheet
    assert shown.task.said in key
    (answer,) = shown.task.answers
    assert f'new: ("{answer}", ), blank: false' in key
    assert 'new: ("w ←", ), blank: true' in sheet
    assert answer not in sheet
