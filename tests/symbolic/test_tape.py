"""When a figure has no numbers, and what asks for some in vain."""

import copy
import pickle

import pytest

import graphstep as gs
from graphstep.cli.main import main
from graphstep.notebook_magic import cell_magic

PRODUCT = "f = (x + y) * z"


def test_no_input_at_all_gives_a_figure_without_numbers():
    assert not gs.stepper(PRODUCT).tape.numeric
    assert gs.stepper(PRODUCT, x=1, y=2, z=3).tape.numeric
    assert gs.stepper("f = 2").tape.numeric


@pytest.mark.parametrize(
    ("text", "given", "names"),
    [
        (PRODUCT, dict(x=1), "y, z"),
        ("x = 2; f = x * y", {}, "y"),  # its text gives a number
        ("f = W @ x", {}, "W, x"),  # of arrays
        ("f = sum(x)", {}, "x"),
        ("f = x * [1, 2]", {}, "x"),
        ("f = exp - x", {}, "exp, x"),  # a call without brackets
    ],
)
def test_some_missing_inputs_stay_an_error(text, given, names):
    with pytest.raises(gs.InputError, match=f"No value is given for {names}"):
        gs.stepper(text, **given)


PAIR = gs.parse("c = a*b; s = a + b; f = c*s").group(["c", "s"], "pair")
TURN = gs.parse("u = x*cos(t) - y*sin(t); v = x*sin(t) + y*cos(t); f = u*v + t").group(
    [2, 3, *range(5, 13)], "turn"
)


@pytest.mark.parametrize("graph", [PAIR, TURN, PAIR.group([2, "c", "s", "f"], "whole")])
@pytest.mark.parametrize("options", [{}, {"by": "value"}, {"upstream": "L", "lang": "ru"}])
def test_a_closed_group_of_numbers_with_several_outputs_has_none_either(graph, options):
    """Its outputs are gathered as a vector, which is no array that anybody would have to give."""
    s = gs.stepper(graph, **options)
    assert not s.tape.numeric
    told = gs.stepper(graph, **options, inputs=dict.fromkeys(graph.inputs, gs.unknown()))
    assert [frame.caption for frame in s] == [frame.caption for frame in told]
    assert s.texts == told.texts


def test_a_name_that_the_graph_does_not_have_is_not_nothing():
    with pytest.raises(gs.InputError, match="There is no input w"):
        gs.stepper(PRODUCT, w=1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: s.value,
        lambda s: s.gradients,
        lambda s: s.contents,
        lambda s: s.at(x=1),
        lambda s: s.quiz(),
        lambda s: s.quiz(seed=1),
        lambda s: s.widget(),
        lambda s: s.tape.check(),
        lambda s: s.tape.values,
        lambda s: s.tape.given,
        lambda s: s.tape.local(0),
        lambda s: s.tape.downstream(0),
        lambda s: s.tape.backward("x"),
        lambda s: s.tape.annotated(),
        lambda s: s.tape.at({0: 1.0}),
    ],
)
def test_what_needs_numbers_says_to_give_inputs(ask):
    with pytest.raises(gs.InputError, match="no numbers.* Give values for x, y, z, as in x=1"):
        ask(gs.stepper(PRODUCT))


def test_a_check_on_the_command_line(capsys):
    assert main([PRODUCT, "--check"]) == 1
    assert "Give values for x, y, z" in capsys.readouterr().err
    assert main([PRODUCT]) == 0
    assert "∂q/∂x" in capsys.readouterr().out


def test_it_is_copied_and_pickled():
    tape = gs.stepper(PRODUCT).tape
    for other in (copy.copy(tape), pickle.loads(pickle.dumps(tape))):
        assert repr(other) == "<SymbolicTape of x, y, z>"
        assert other.graph == tape.graph


def test_a_cell_and_a_fence_without_inputs(tmp_path, capsys):
    assert not cell_magic("--by wire", PRODUCT).tape.numeric
    deck, page = tmp_path / "deck.md", tmp_path / "deck.html"
    deck.write_text(f"## A gate\n\n```graphstep\n{PRODUCT}\n```\n", encoding="utf-8")
    assert main(["deck", str(deck), "-o", str(page)]) == 0
    assert "∂q/∂x" in page.read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["exercise", str(deck), "-o", str(tmp_path / "sheets.pdf")]) == 1
    told = capsys.readouterr().err
    assert "It has no numbers." in told
    assert "None of these" in told


def test_a_graph_in_a_notebook_is_an_outline_as_before():
    assert "Nodes: 5, wires: 4" in gs.parse(PRODUCT)._repr_mimebundle_()["text/html"]


def test_arrays_of_which_nothing_is_given_need_shapes_and_what_is_advised_works():
    text = "q = W @ x; f = l2(q)"
    with pytest.raises(gs.InputError, match=r"W, x\. .*shape of each: unknown\(2, 3\)") as caught:
        gs.stepper(text)
    assert caught.value.values["missing"] == ["W", "x"]
    assert not gs.stepper(text, W=gs.unknown(2, 3), x=gs.unknown(3)).tape.numeric
    assert gs.stepper(text, W=[[1, 2, 3], [4, 5, 6]], x=[1, 2, 3]).value == 14**2 + 32**2
