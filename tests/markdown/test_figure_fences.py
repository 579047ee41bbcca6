"""Fences as figures: their inputs, options, keys and places."""

import numpy as np
import pytest
from deck_parts import FIGURE, p

import graphstep as gs
from graphstep.markdown import fences, read
from graphstep.slides.deck import FigureBlock


def figures(source, **options):
    return [slide.figure for slide in read(source, **options).slides]


def test_a_fence_is_a_figure_among_text():
    slide = read(f"# A\n\nbefore\n\n{FIGURE}\nafter\n").slides[0]
    assert slide.blocks[0] == p("before")
    assert slide.blocks[2] == p("after")
    figure = slide.figure
    assert isinstance(figure, FigureBlock)
    assert (figure.stepper.value, figure.shown, figure.captions) == (4.0, (0, 1, 2, 3), ())
    assert len(figure.stepper._drawn) == 1  # laid out already


def test_options_of_a_fence_come_before_those_of_the_deck():
    front = "---\nlang: ru\ntheme: dark\nby: wire\ndigits: 1\ncaptions: true\nforward: on\n---\n"
    quoted = "```graphstep x=2 --by gate --forward=no --lang en --palette cs231n --steps 1-,0\nf = x * x\n```"
    one, two = figures(f"{front}{FIGURE}\n---\n{quoted}\n")
    s = one.stepper
    assert (s.by, s.lang, s.forward, s.style) == (
        "wire",
        "ru",
        True,
        gs.Style("default", "dark", 1),
    )
    assert one.captions == one.shown
    s = two.stepper
    assert (s.by, s.lang, s.forward, s.style) == (
        "gate",
        "en",
        False,
        gs.Style("cs231n", "dark", 1),
    )
    assert two.shown == (1, 2, 3, 0)
    assert [frame.index for frame in two.frames] == [1, 2, 3, 0]


def test_a_graph_may_be_put_together_or_taken_apart():
    source = "```graphstep w=1 --group\nf = 1/(1 + exp(-w))\n```\n---\n```graphstep w=1 --expand sigmoid\nf = sigmoid(w)\n```\n"
    names = [
        [node.gate.name for node in f.stepper.graph.nodes if node.gate] for f in figures(source)
    ]
    assert names == [["sigmoid"], ["neg", "exp", "add", "div"]]


def test_inputs_are_as_on_the_command_line(tmp_path):
    np.save(tmp_path / "w.npy", [[1.0, 2.0]])
    source = (
        '```graphstep "W=[[1, 2], [3, 4]]" x=[1,2]\nf = sum(W @ x)\n```\n---\n'
        "~~~~ graphstep W=@w.npy 'x=randn(2, 1)' --seed 3\n\n# a comment\nq = W @ x\nf = sum(q)\n~~~~~\n---\n"
        "```graphstep\nx = -2; y = 5\nf = x * y\n```\n"
    )
    one, two, three = figures(source, folder=tmp_path)
    assert (one.stepper.value, three.stepper.value) == (16.0, -10.0)
    x = np.random.default_rng(3).standard_normal((2, 1))
    assert two.stepper.value == pytest.approx(float((np.array([[1, 2]]) @ x).sum()))


def test_fences_are_read_without_being_made():
    source = (
        f"---\ndigits: 1\n---\n# A\n\n{FIGURE}\n```graphstep\ny = 1\n```\n\n```python\nx\n```\n"
    )
    one, two = fences(source)
    assert (one.expression, one.inputs, two.expression, two.inputs) == (
        "f = x * x",
        {"x": 2.0},
        "y = 1",
        {},
    )
    assert (one.options["digits"], one.options["by"], one.options["steps"]) == (1, None, "")
    assert one.place.text.source[slice(*one.place.head)] == "```graphstep x=2"
    with pytest.raises(gs.GraphstepError, match="line 7, column 5: here"), one.place.errors():
        raise _about("f = x * x", "x")


def _about(source, word):
    class Here(gs.GraphstepError):
        def message(self, lang=""):
            return f"line {self.line}, column {self.column}: here"

    from graphstep.base.errors import Span

    at = source.index(word)
    return Here("empty", source=source, span=Span(at, at + 1))


def test_equal_keys_are_equal_figures():
    def key(fence, front=""):
        return next(fences(f"{front}{fence}")).key

    plainly = key(FIGURE)
    assert plainly == key(f"# other text\n\n{FIGURE}")
    assert plainly == key(FIGURE.replace("x=2", "x=2.0 --steps 1 --captions"))
    for other in (
        FIGURE.replace("x=2", "x=3"), FIGURE.replace("x=2", "x=[2]"), FIGURE.replace("x * x", "x + x"),
        FIGURE.replace("x=2", "x=2 --by wire"),
    ):  # fmt: skip
        assert key(other) != plainly
    assert key(FIGURE, "---\ntheme: dark\n---\n") != plainly


def test_a_gradient_that_is_an_array_is_a_part_of_the_key():
    fence = '```graphstep "W=[[1, 2], [3, 4]]" "x=[1, 2]" --upstream "[1, {}]"\nq = W @ x\n```\n'
    keys = [next(fences(fence.format(last))).key for last in (0.5, 0.5, 2)]
    assert keys[0] == keys[1] != keys[2]
    assert hash(keys[0]) == hash(keys[1])


@pytest.mark.parametrize(
    ("beside", "expression"),
    [
        ("q = sum(W @ x)", "q = sum(W @ x)"),
        ("f = (x + y)*z", "f = (x + y)*z"),
        ("f=x*y x=1 y=2", "f=x*y"),
        ("x=1 f = x*x", "f = x*x"),
    ],
)
def test_an_expression_beside_the_name_is_told_to_stand_below(beside, expression):
    source = f"# A\n\n```graphstep {beside}\n```\n"
    with pytest.raises(gs.InputError) as caught:
        read(source)
    assert caught.value.key == "fence_expression"
    assert f"write {expression} there" in str(caught.value)
    assert source[slice(*caught.value.span)] == expression
    given = (
        "W=[[1,2]] x=[1,2]"
        if "@" in expression
        else "x=1 y=2 z=3"
        if "z" in expression
        else "x=1 y=2"
        if "y" in expression
        else "x=1"
    )
    assert figures(f"# A\n\n```graphstep {given}\n{expression}\n```\n")
