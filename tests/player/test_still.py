"""What is seen of a figure where scripts do not run: in a browser without them."""

import base64
import re
from html import escape as html_of

import pytest
from browsing import BROWSER
from browsing_player import neuron

import graphstep as gs
from examples import array
from graphstep.look.png import png
from graphstep.painting.stage import short
from graphstep.player.page import page as page_of
from graphstep.player.still import still

pytestmark = BROWSER


@pytest.fixture(scope="module")
def plain(browser):
    """A tab in which no script runs, and nothing is asked for but files."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 900, "height": 900})
    page = context.new_page()
    page.on("request", lambda r: pytest.fail(r.url) if r.url.startswith("http") else None)
    yield page
    context.close()


def pictures(text):
    """The SVG of each picture."""
    found = re.findall(r'<img alt="[^"]+" src="data:image/svg\+xml;base64,([^"]+)">', text)
    return [base64.b64decode(one).decode() for one in found]


def long():
    return gs.stepper("x" + "+1*x" * 120, x=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_saved_page_is_not_empty(plain, tmp_path, theme):
    """Its last frame is drawn, not only there, and readable on a dark page too."""
    s = neuron(style=gs.Style(theme=theme))
    s.save(tmp_path / "f.html")
    plain.goto(f"file://{tmp_path / 'f.html'}")
    picture = plain.locator(".gs-stage svg")
    box = picture.bounding_box()
    assert box["width"] > 400
    assert box["x"] + box["width"] <= 900
    said = plain.locator(".gs-fallback").inner_text()
    assert s[-1].caption in said
    assert "Scripts do not run here" in said
    drawn = picture.screenshot()
    assert len(set(drawn)) > 50  # not one colour
    shown = {slot: text for slot, text in s[-1].texts.items() if text}
    drawn = {node.get_attribute("data-slot"): node.text_content()
             for node in plain.locator("[data-slot]").all()}  # fmt: skip
    assert drawn["v12"] == "f = 0.73"
    for slot, text in shown.items():
        if short(slot) in drawn:
            wanted = f"[{text}]" if slot.kind == "local" else text
            assert drawn[short(slot)].removeprefix(f"{s.names[slot.item]} = ") == wanted


def test_the_figure_that_is_there_is_where_the_player_begins(opened):
    """Back from its last frame to the first, the page shows the same as any other figure."""
    s = neuron()
    page = opened(s)
    assert {n.text_content() for n in page.locator("[data-slot^=u]").all()} == {""}
    page.focus(".graphstep-figure")
    page.keyboard.press("End")
    there = [n.text_content() for n in page.locator("[data-slot]").all()]
    assert "[−0.53]" in there
    page = opened(s, f"#frame={len(s)}", "g.html")
    assert [n.text_content() for n in page.locator("[data-slot]").all()] == there


def test_each_figure_of_a_page_has_its_own(plain, tmp_path):
    text = page_of(neuron(lang="ru"), gs.stepper("f = x * y", x=2, y=3), long())
    (tmp_path / "f.html").write_text(text, encoding="utf-8")
    plain.goto(f"file://{tmp_path / 'f.html'}")
    found = plain.locator(".gs-fallback")
    stages = plain.locator(".gs-stage")
    assert [stages.nth(k).is_visible() for k in range(3)] == [True, True, False]
    assert found.locator("img").count() == 0
    assert "Скрипты здесь не выполняются" in found.nth(0).inner_text()
    assert "above 100 gates" in found.nth(2).inner_text()


@pytest.mark.parametrize(
    "figure", [neuron, lambda: gs.stepper("f = sum(relu(W @ x))", W=array(8, 12), x=array(12))]
)
def test_a_picture_is_the_last_frame_without_what_an_image_cannot_show(figure):
    """Neither names of elements, nor what is said beside the image."""
    s = figure()
    (svg,) = pictures(still(s))
    assert not re.search("class=|data-|id=|aria|<title|<desc", svg)
    assert png(svg) == png(s[-1].picture())


@pytest.mark.parametrize("by", ["gate", "wire", "product", "value"])
@pytest.mark.parametrize("forward", [False, True])
def test_a_quiz_shows_none_of_its_answers(by, forward):
    s = neuron(by=by, forward=forward)
    [svg] = pictures(still(s, quiz=True))
    asked = [slot for frame in s for slot in frame.step.shows if slot.kind == "downstream"]
    assert asked
    assert svg == pictures(still(s, frames=[s[0]]))[0]
    assert not any(slot in s[0].texts for slot in asked)
    assert s[-1].caption not in still(s, quiz=True)
    assert "ask for its numbers" in still(s, quiz=True)
    assert "ask for its numbers" in s.quiz()._repr_html_()


@pytest.mark.parametrize("make", [neuron, long, lambda: neuron().quiz(), lambda: neuron().widget()])
def test_a_cell_leaves_something_when_it_is_cleaned(make):
    """Hosts that do not trust a notebook remove scripts, style sheets and SVG, and keep images."""
    shown = make()
    html = (
        shown._repr_mimebundle_()[0]["text/html"] if hasattr(shown, "step") else shown._repr_html_()
    )
    cleaned = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    assert len(pictures(cleaned)) == (0 if make is long else 1)
    said = re.sub(r"<[^>]*>", "\n", cleaned).split("\n")  # texts of other elements stay
    words = [line for line in said if line]
    assert words.pop().endswith("A Jupyter notebook lets them run once it is trusted.")
    assert words in ([], [html_of(neuron()[-1].caption)])
