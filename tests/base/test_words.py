"""Both languages: the same keys and places, and whole figures in each."""

import re

import pytest

import graphstep as gs
from examples import CONVNET, CONVNET_INPUTS, NEURON, NEURON_INPUTS, PATTERNS, PATTERNS_INPUTS
from graphstep.base.errors import GraphstepError
from graphstep.base.words import sentences
from graphstep.explain.step_kinds import WAYS
from graphstep.player.payload import payload

FIGURES = [(NEURON, NEURON_INPUTS), (PATTERNS, PATTERNS_INPUTS), (CONVNET, CONVNET_INPUTS),
           ("f = log(x) * y", dict(x=-1, y=0))]  # fmt: skip


def test_russian_sentences_are_russian():
    """No sentence was left in English; names of the field and code may be in Latin letters."""
    for key, text in sentences("ru").items():
        if key in ("number.mark", "error.quoted"):
            continue
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"\{.*?\}|\(.*?\)|'[^']*'", "", text))
        cyrillic = re.findall(r"[а-яё]{2,}", text.lower())
        assert cyrillic or text == sentences("en")[key], (key, text)
        assert len(words) <= max(3, len(cyrillic)), (key, text)


def test_code_in_a_russian_sentence_has_the_quotation_marks_of_code():
    """`{name!r}` is set between «»: in a call, an index or after = it would be no Python."""
    wrong = [key for key, text in sentences("ru").items() if re.search(r"[(\[=] ?\{\w+!r\}", text)]
    assert not wrong


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize(
    ("text", "inputs"), FIGURES, ids=["neuron", "patterns", "net", "not finite"]
)
def test_whole_figures_in_russian(text, inputs, by):
    s = gs.stepper(text, inputs=inputs, lang="ru", by=by, forward=True)
    english = gs.stepper(text, inputs=inputs, by=by, forward=True)
    assert s.numbers.mark == ","
    for frame, other in zip(s, english, strict=True):
        assert re.search("[а-я]", frame.caption)
        assert not re.search(r"gradient|downstream|the ", frame.caption)
        assert frame.svg().count("<text") >= other.svg().count("<text") - 4
        assert re.sub(r"\D", "", frame.legend) == re.sub(r"\D", "", other.legend)
    assert payload(s)["words"]["play"] == "Воспроизвести"
    assert 'lang="ru"' in s._repr_html_()


def test_numbers_have_the_mark_of_the_language_or_of_the_style():
    s = gs.stepper("f = x * y", x=0.25, y=2, lang="ru")
    assert "0,25" in s[0].svg()
    assert "0,25; y" in s.given
    dotted = gs.stepper("f = x * y", x=0.25, y=2, lang="ru", style=gs.Style(mark="."))
    assert "0.25" in dotted[0].svg()
    assert gs.stepper("f = x * y", x=0.25, y=2, style=gs.Style(mark=","))[0].svg().count("0,25")


def test_errors_in_russian():
    with pytest.raises(GraphstepError) as caught:
        gs.parse("f = sum(W @ x)").forward(W=[[1, 2, 3]], x=[1, 2])
    message = caught.value.message("ru")
    assert "W имеет размер 1×3, x имеет размер 2: для W @ x нужен x размера 3." in message
    assert "строка 1, столбец 9" in message
