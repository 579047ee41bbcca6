"""The quiz in a real Chromium: questions, hints, score, and answers that stay hidden."""

import base64
import json
import re

from browsing import BROWSER
from browsing_player import frame, texts

import graphstep as gs
from graphstep.graph.slots import Slot
from graphstep.player.payload import as_json, veiled

pytestmark = BROWSER


def answers(page, text):
    page.fill(".gs-asked input", text)
    page.click(".gs-asked button:text('Check')")
    return page.inner_text(".gs-asked")


def test_the_quiz(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    assert page.inner_text(".gs-asked") == "Step forward: the next number will be asked for."
    page.click("button.gs-forward")
    page.click("button.gs-forward")
    assert "What is the downstream gradient of z, from f?" in page.inner_text(".gs-asked")
    assert texts(page)["u3"] == ""  # the same number, on its node
    assert page.inner_text(".gs-caption") == ""
    assert "sign" in answers(page, "-3")
    assert "must stand here" in answers(page, "three")
    assert "Not that number" in answers(page, "7")
    assert "of q, from f" in answers(page, "3.0")
    assert texts(page)["u3"] == "3"
    assert "upstream gradient is missing" not in page.inner_text(".gs-asked")
    assert "Right at once: 1 of 2." in answers(page, "-4,0")
    page.click("button.gs-forward")
    assert "local gradient is missing" in answers(page, "-4") or "of x" in page.inner_text(
        ".gs-asked"
    )
    page.click(".gs-asked button:text('Show it')")
    assert "That was the last number." in page.inner_text(".gs-asked")


def test_nothing_tells_what_is_asked_for(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.select_option("select[aria-label='Look closer']", "n0")
    page.select_option("select[aria-label='Paths from an input']", "x")
    for _ in range(3):
        page.click("button.gs-forward")
    assert page.inner_text(".gs-live") == ""
    assert "[1] · [−4]" not in page.inner_text(".gs-detail")
    assert "= −4" not in page.inner_text(".gs-terms")
    page.click("button.gs-play")
    assert page.inner_text(".gs-live") == ""
    answers(page, "-4")
    answers(page, "-4")
    assert "[1] · [−4]" in page.inner_text(".gs-detail")
    assert "= −4" in page.inner_text(".gs-terms")


def test_the_quiz_by_keyboard_and_its_score(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.focus(".graphstep-figure")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == "answer"
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    page.keyboard.type("7")  # in place of the wrong number
    assert page.input_value(".gs-asked input") == "7"
    page.click("button.gs-back")
    page.click("button.gs-forward")
    assert "Right at once: 0 of 1." in answers(page, "3")
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert frame(page) == 3


def test_a_small_answer_has_to_be_that_small(opened):
    page = opened(gs.stepper("f = sigmoid(x)", x=12).quiz())
    page.click("button.gs-last")
    assert "Not that number" in answers(page, "-0.004")
    assert "That was the last number" in answers(page, "6.1e-6")


def test_the_quiz_adds_wires(opened):
    s = gs.stepper("f = x*y + sin(x)", x=0, y=2)
    page = opened(s.quiz())
    page.click("button.gs-last")
    assert "from all of its wires" in page.inner_text(".gs-asked")
    assert "other wires have to be added" in answers(page, "2")
    assert "multiplied" not in answers(page, "9")
    answers(page, "3")
    assert texts(page)["u0"] == s.texts[Slot("upstream", 0)]


def test_the_quiz_by_value_asks_for_each_wire_then_for_the_sum(opened):
    s = gs.stepper("f = x*y + sin(x)", x=0, y=2, by="value")
    page = opened(s.quiz())
    page.click("button.gs-last")
    assert "of x, from x*y" in page.inner_text(".gs-asked")
    assert texts(page)["u0"] == ""
    assert "of x, from sin(x)" in answers(page, "2")
    assert "from all of its wires" in answers(page, "1")
    assert texts(page)["u0"] == ""
    answers(page, "3")
    assert texts(page)["u0"] == s.texts[Slot("upstream", 0)]


def test_answers_are_not_plain_text_in_the_quiz(tmp_path):
    s = gs.stepper("q = x + y; f = q * z", x=-2.125, y=5, z=-4.375)
    s.quiz().save(tmp_path / "q.html")
    source = (tmp_path / "q.html").read_text(encoding="utf-8")
    for number in s.gradients.values():
        assert str(number) not in source
        assert f"{number:.2f}" not in source
    assert "q + y" not in source
    hidden = re.sub(r"data-veiled>.*?</script>", "", s.quiz()._repr_html_(), flags=re.DOTALL)
    assert not any(f"{number:.2f}" in hidden for number in s.gradients.values())
    data = re.search(r"data-veiled>(.*?)</script>", source, re.DOTALL).group(1)
    raw = bytes(b ^ ((i * 7 + 13) & 255) for i, b in enumerate(base64.b64decode(data)))
    assert json.loads(raw)["predict"] is True
    assert veiled({"ж": 1}) != as_json({"ж": 1})
