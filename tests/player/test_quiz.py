"""The quiz in a real Chromium: questions, hints, score, and answers that stay hidden."""

import base64
import json
import re
from pathlib import Path

from browsing import BROWSER, until
from browsing_player import frame, texts

import graphstep as gs
from graphstep.graph.slots import Slot
from graphstep.player.payload import as_json, veiled

pytestmark = BROWSER
PLAYER = Path(__file__).parents[2] / "docs" / "player.md"


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
    assert texts(page)["u3"] == "?"  # the same number, on its node
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
    assert "That was the last question." in page.inner_text(".gs-asked")


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
    assert "That was the last question" in answers(page, "6.1e-6")


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
    assert texts(page)["u0"] == "?"
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


ARRAYS = ("q = W @ x; f = sum(q**2)", {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]})


def marked(page):
    """The element with the question mark, if one is shown, and whether its box is around it."""
    return page.evaluate("""() => {
        const [sign] = document.querySelectorAll('.gs-sign'), [box, more] = document.querySelectorAll('.gs-wanted');
        if (!sign || !box || more) return null;
        const a = sign.getBoundingClientRect(), b = box.getBoundingClientRect();
        return [sign.closest('[data-slot]').dataset.slot, sign.textContent,
            b.left < a.left && a.right < b.right && b.top < a.top + 1 && a.bottom - 1 < b.bottom];
    }""")


def test_the_quiz_about_arrays_asks_for_shapes_and_elements(opened):
    s = gs.stepper(ARRAYS[0], inputs=ARRAYS[1])
    page = opened(s.quiz())
    page.click("button.gs-last")
    assert "What is the shape of the downstream gradient of x, from q?" in page.inner_text(
        ".gs-asked"
    )
    assert marked(page) == ["u1", "?", True]
    assert "A shape must stand here" in answers(page, "0.3")
    assert "wrong order" not in answers(page, "(3,)")
    assert "element [" in answers(page, "(2,)")
    slot, sign, inside = marked(page)
    assert (slot, sign, inside) == ("u1", "?", True)
    assert "0.636" not in texts(page)["u1"]
    assert "another element" in answers(page, "-0.112")
    assert "shape of the downstream gradient of W" in answers(page, "0.636")
    assert "0.636" in texts(page)["u1"]
    assert "The number of elements is right" in answers(page, "4")
    assert "element [" in answers(page, "2x2")
    page.click(".gs-asked button:text('Show it')")
    assert marked(page) is None
    assert "0.208" in texts(page)["u0"]


def test_the_quiz_asks_for_values_and_local_gradients(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, by="wire", forward=True)
    page = opened(s.quiz())
    page.click("button.gs-forward")
    assert "What is the value of q?" in page.inner_text(".gs-asked")
    assert marked(page)[0] == "v2"
    assert "Another gate" in answers(page, "-10")
    answers(page, "3")
    for _ in range(3):
        page.click("button.gs-forward")
    assert "What is the local gradient of f with respect to z?" in page.inner_text(".gs-asked")
    assert marked(page)[:2] == ["l3", "?"]
    assert "the other input" in answers(page, "-4")


def test_fractions_are_numbers_and_zero_is_exact(opened):
    page = opened(gs.stepper("f = x * y", x=0, y=1 / 3).quiz())
    page.click("button.gs-last")
    assert "Not that number" in answers(page, "0.04")
    assert "of x, from f" in answers(page, "-0")
    assert "Right at once: 1 of 2" in answers(page, "1/3")


def test_what_is_skipped_counts_and_can_be_given_later(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.click("button.gs-forward")
    page.click("button.gs-forward")
    page.click("button.gs-forward")
    assert "Right at once: 0 of 2. Skipped: 2." in page.inner_text(".gs-asked")
    assert texts(page)["u3"] == s.texts[Slot("upstream", 3)]  # skipped, so no longer hidden
    answers(page, "-4")
    assert "Right at once: 2 of 4. Skipped: 2." in answers(page, "-4")
    page.click(".gs-asked button:text('Back to the first one skipped')")
    assert frame(page) == 2
    assert texts(page)["u3"] == "?"
    answers(page, "3")
    assert "Right at once: 2 of 4." in answers(page, "-4")  # but not at once
    page.click("button.gs-last")
    assert page.inner_text(".gs-asked") == "That was the last question. Right at once: 2 of 4."
    page.reload()
    assert page.inner_text(".gs-asked") == "Step forward: the next number will be asked for."


def test_turning_the_quiz_off_shows_all_numbers(opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.click("button.gs-last")
    page.click("button.gs-quiz")
    assert marked(page) is None
    assert texts(page)["u0"] == s.texts[Slot("upstream", 0)]
    assert page.is_hidden(".gs-asked")


def around(tab, tmp_path, s):
    """The page of the documentation, with a quiz in it, and the messages that it gets."""
    s.save(tmp_path / "quiz.html")
    shown = re.search(r"```html\n(.*?)```", PLAYER.read_text(encoding="utf-8"), re.DOTALL)[1]
    keep = (
        "<script>heard = []; addEventListener('message', ({ data }) => heard.push(data));</script>"
    )
    (tmp_path / "course.html").write_text(keep + shown, encoding="utf-8")
    tab.goto(f"file://{tmp_path}/course.html")
    until(tab, "heard.length > 0")
    return tab.frame_locator("#quiz")


def test_the_score_goes_to_the_page_around(tab, tmp_path):
    """As the documentation shows it."""
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    inside = around(tab, tmp_path, s.quiz())
    begun = {"graphstep": "quiz", "version": 1, "title": "q = x + y; f = q * z", "figure": 1, "total": 4,
             "right": 0, "late": 0, "shown": 0, "skipped": 0, "done": False}  # fmt: skip
    assert tab.evaluate("heard") == [begun]
    inside.locator("button.gs-forward").click()
    inside.locator("button.gs-forward").click()
    for text in ("3", "7", "-4"):
        inside.locator(".gs-asked input").fill(text)
        inside.locator(".gs-asked button >> nth=0").click()
    inside.locator("button.gs-forward").click()
    inside.locator(".gs-asked button >> nth=1").click()
    inside.locator("button.gs-back").click()
    until(tab, "heard.length > 3")
    states = [
        {k: m[k] for k in ("right", "late", "shown", "skipped")} for m in tab.evaluate("heard")
    ]
    assert [tuple(state.values()) for state in states] == [
        (0, 0, 0, 0),
        (1, 0, 0, 0),
        (1, 1, 0, 0),
        (1, 1, 1, 0),
    ]
    assert tab.inner_text("#score") == "1 of 4"
    inside.locator("button.gs-forward").click()
    inside.locator(".gs-asked input").fill("-4")
    inside.locator(".gs-asked button >> nth=0").click()
    until(tab, "heard.at(-1).done")
    assert tab.inner_text("#score") == "2 of 4, done"
    fields = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", documented(), re.MULTILINE)))
    )
    assert fields == begun.keys()


def documented():
    text = PLAYER.read_text(encoding="utf-8")
    return text[text.index("The message is an object") : text.index("```html")]


def test_a_page_by_itself_and_a_figure_without_quiz_send_nothing(tab, tmp_path, opened):
    s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
    page = opened(s.quiz())
    page.evaluate(
        "() => { window.heard = []; addEventListener('message', ({ data }) => heard.push(data)); }"
    )
    page.click("button.gs-last")
    answers(page, "-4")
    s.save(tmp_path / "f.html")
    (tmp_path / "around.html").write_text(
        "<script>heard = []; addEventListener('message', ({ data }) => heard.push(data));</script>"
        f"<iframe src=f.html></iframe><div>{s.quiz()._repr_html_()}</div>", encoding="utf-8"
    )  # fmt: skip
    assert page.evaluate("heard") == []
    tab.goto(f"file://{tmp_path}/around.html")
    tab.frame_locator("iframe").locator("button.gs-last").click()
    tab.locator("button.gs-last").click()
    answers(tab, "-4")
    assert tab.evaluate("heard") == []


def test_a_long_chain_is_asked_for_to_its_end(opened):
    s = gs.stepper("f = " + "tanh(" * 98 + "x*y" + ")" * 98, x=2, y=3)
    page = opened(s.quiz())
    page.click("button.gs-last")
    assert marked(page)[1] == "?"
    assert "Skipped: 98." in page.inner_text(".gs-asked")


COVERED = """() => { const box = document.querySelector('.gs-wanted').getBoundingClientRect();
    return [...document.querySelectorAll('.gs-stage svg text:not(.gs-sign)')].filter((t) => t.textContent.trim()).filter((t) => {
        const b = t.getBoundingClientRect(), low = b.bottom - 0.25 * b.height;  // most texts have nothing below their line
        return b.left < box.right && b.right > box.left && b.top + 0.2 * b.height < box.bottom && low > box.top;
    }).map((t) => t.textContent) }"""


def test_in_a_network_of_neurons_the_mark_covers_no_number(opened):
    """Layers of one, of two and of three circles."""
    s = gs.stepper(
        "h = relu(W1 @ x); f = sum(W2 @ h)", x=[1, -2], W1=[[0.5, -1], [1, 1], [-1, 1]],
        W2=[[1, -1, 2]], style=gs.Style(drawn="neurons"),
    )  # fmt: skip
    page, asked = opened(s.quiz()), 0
    for _ in range(len(s) - 1):
        page.click("button.gs-forward")
        while page.locator(".gs-asked input").is_visible():
            if page.locator(".gs-wanted").count():
                asked += 1
                assert page.evaluate(COVERED) == []
            page.click(".gs-asked button:text('Show it')")
    assert asked >= 3
