"""A run: what is given for the inputs, partial backward passes, and warnings."""

import math

import numpy as np
import pytest
from array_cases import W, x

import graphstep as gs
from graphstep.base.errors import GraphError, InputError
from graphstep.engine.run import engines
from graphstep.gates import GATES


def test_backward_of_a_named_node():
    assert gs.parse("q = x + y; f = q * z").forward(x=1, y=2, z=5).backward("q") == {"q": 5.0}


@pytest.mark.parametrize(
    ("text", "given", "value", "nodes"),
    [
        ("f = exp(x)", dict(x=1000), math.inf, {"f"}),
        ("f = x / y", dict(x=1, y=0), math.inf, {"f"}),
        ("f = x / y", dict(x=0, y=0), math.nan, {"f"}),
        ("q = log(x); f = q + 1", dict(x=-1), math.nan, {"q"}),
        ("f = log(x)", dict(x=0), -math.inf, {"f"}),
        ("f = x ** y", dict(x=-8, y=1 / 3), math.nan, {"f"}),
        ("f = x ** y", dict(x=10, y=400), math.inf, {"f"}),
        ("f = x * y", dict(x=1e200, y=1e200), math.inf, {"f"}),
        ("f = sqrt(x)", dict(x=0), 0.0, {"f"}),  # its local gradient is inf
        ("f = sqrt(x)", dict(x=-1), math.nan, {"f"}),
        ("f = sin(exp(x))", dict(x=1000), math.nan, {"exp#1"}),
        ("f = 1/x", dict(x=1e-200), 1e200, {"f"}),  # -1/x**2 overflows
    ],
)
def test_what_is_not_finite_warns_on_its_node(text, given, value, nodes):
    tape = gs.parse(text).forward(given)
    assert repr(tape.value) == repr(value) or tape.value == pytest.approx(value)
    assert {tape.graph.ids[t.node] for t in tape.troubles} == nodes


def test_a_gradient_that_overflows_warns():
    tape = gs.parse("f = (x * 1e200) * 1e200").forward(x=1e-300)
    assert tape.gradients == {"x": math.inf}
    assert [(t.kind, tape.graph.ids[t.node]) for t in tape.troubles] == [("upstream", "x")]


def test_no_silent_nan():
    """Whatever a program of one gate gives, a number that is not finite has a warning."""
    for gate in filter(lambda gate: gate.elementwise, GATES.values()):
        for a in (-1e200, -1.0, 0.0, 1.0, 1e200):
            for b in (-1e200, -0.5, 0.0, 2.0, 1e200):
                names = "abc"[: len(gate.params)]
                graph = gs.parse(f"f = {gate.name}({', '.join(names)})") if gate.name not in (
                    "add", "sub", "mul", "div", "pow", "neg") else gs.parse(
                    f"f = {gate.text.format(x='a', y='b')}")  # fmt: skip
                tape = graph.forward(dict(zip(names, (a, b, 1.0), strict=False)))
                if not all(map(math.isfinite, (*tape.values, *tape.upstreams))):
                    assert tape.troubles, (gate.name, a, b)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (dict(x=1), "missing_input"),
        (dict(x=1, y=2, z=3), "superfluous_input"),
        (dict(x=1, y="2"), "not_a_number"),
        (dict(x=1, y=None), "not_a_number"),
        (dict(x=1, y=[]), "no_elements"),
        (dict(x=1, y=[[1, 2], [3]]), "ragged"),
        (dict(x=1, y=["a"]), "not_an_array"),
        (dict(x=1, y=[1, math.inf]), "element_not_finite"),
        (dict(x=1, y=1j), "not_a_number"),
        (dict(x=1, y=10**400), "not_a_number"),
        (dict(x=1, y=10**5000), "not_a_number"),
        ({1: 2}, "inputs_form"),
        ([("x", 1)], "inputs_form"),
        (5, "inputs_form"),
        (dict(x=1, y=math.nan), "not_finite"),
        (dict(x=1, y=math.inf), "not_finite"),
    ],
)
def test_bad_inputs(given, key):
    with pytest.raises(InputError) as caught:
        gs.parse("x + y").forward(given)
    assert caught.value.key == key
    assert str(caught.value)


def test_a_missing_input_is_shown_in_the_text():
    with pytest.raises(InputError, match="No value is given for y, z") as caught:
        gs.parse("x + y * z").forward(x=1)
    assert caught.value.column == 5


def test_inputs_of_other_number_types():
    from fractions import Fraction

    tape = gs.parse("x * y * z").forward(x=np.float32(0.5), y=Fraction(1, 2), z=True)
    assert tape.value == 0.25
    assert all(type(v) is float for v in (*tape.values, *tape.gradients.values()))


def test_unknown_names_in_backward():
    with pytest.raises(InputError, match="no node called q"):
        gs.parse("x").forward(x=1).backward("q")
    for bad in (5, ["x"]):
        with pytest.raises(InputError, match="by its name"):
            gs.parse("x").forward(x=1).backward(bad)
    with pytest.raises(InputError, match="given twice"):
        gs.parse("x").forward({"x": 1}, x=1)


def test_what_is_not_finite_has_a_warning():
    tape = gs.parse("f = sum(log(x))").forward(x=[1.0, 0.0])
    assert [(t.kind, t.number) for t in tape.troubles] == [
        ("value", -math.inf),
    ]
    tape = gs.parse("f = sum(sqrt(x))").forward(x=[1.0, 0.0])
    assert [t.kind for t in tape.troubles] == ["local"]
    assert not gs.parse("f = sum(x)").forward(x=[1.0]).troubles
    tape = gs.parse("f = sum(exp(x))").forward(x=[1000.0, 0.0])
    assert tape.troubles[0].number == math.inf


def test_an_output_that_is_no_number():
    tape = gs.parse("q = W @ x").forward(W=W, x=x)
    assert tape.value == pytest.approx(W @ x)
    with pytest.raises(
        GraphError, match=r"q has shape 2, but a gradient is of one number.*sum\(q\)"
    ):
        tape.backward()
    with pytest.raises(GraphError, match="of one number"):
        gs.stepper("q = W @ x", W=W, x=x)


def test_another_thread_may_forget_the_flat_graphs():
    class Forgetful(dict):
        def __setitem__(self, key, value):
            """As if another thread ran the graph for its seventeenth shape now."""

    graph = gs.parse("f = sum(x)")
    engines(graph).array_engines = Forgetful()
    assert graph.forward(x=[1, 2]).value == 3.0


def test_what_is_cut_from_a_repr_is_marked_with_dots_and_nothing_else():
    shown = {n: repr(gs.parse("x" * n + " + 1").forward({"x" * n: 2})) for n in range(50, 65)}
    assert [f"{'x' * n}=2>" in text for n, text in shown.items()] == [n <= 58 for n in shown]
    assert ["…" in text for text in shown.values()] == [n > 58 for n in shown]


@pytest.mark.parametrize(
    ("text", "names", "write"),
    [("f = w0x0 + w1x1", ["w0", "x0", "w1", "x1"], "w0*x0"), ("f = xy", ["x", "y"], "x*y"),
     ("f = abc", ["c", "ab", "a"], "ab*c")],
)  # fmt: skip
def test_names_that_are_written_together(text, names, write):
    with pytest.raises(InputError) as caught:
        gs.parse(text).forward(dict.fromkeys(names, 1))
    assert (caught.value.key, caught.value.values["write"]) == ("joined_names", write)
    assert gs.parse(text.replace(caught.value.values["name"], write))


def test_other_superfluous_names_are_told_as_before():
    for given in (["x", "q"], ["xx", "q"]):
        with pytest.raises(InputError) as caught:
            gs.parse("f = xy").forward(dict.fromkeys(given, 1))
        assert caught.value.key == "superfluous_input"


def test_a_gate_without_brackets_and_a_constant_are_told():
    with pytest.raises(InputError, match=r"as in exp\(x\)"):
        gs.parse("f = exp -x").forward(x=1)
    with pytest.raises(
        InputError, match=r"as in e=2\.718281828459045; for e\*\*x write exp\(x\)\."
    ):
        gs.parse("f = e**x").forward(x=1)
    with pytest.raises(InputError, match=r"as in inf=1e9\."):
        gs.parse("f = -inf*x").forward(x=1)
    with pytest.raises(InputError, match=r"as in tau=6\.283185307179586\."):
        gs.parse("f = tau*x").forward(x=1)
    with pytest.raises(InputError, match=r"as in q=1\."):
        gs.parse("f = q*x").forward(x=1)


def test_a_repr_has_no_minus_zero():
    assert repr(gs.parse("f = x*y").forward(x=-0.0, y=1)) == "<Tape f = 0 at x=0, y=1>"
    assert repr(gs.parse("f = -x").forward(x=1e-9)) == "<Tape f = -1e-09 at x=1e-09>"


AGAIN = [
    {}, {"b": 1}, {"x": [[1.0]]}, {"x": [1.0, 2.0, 3.0]}, {"x": np.float32([1, 2])}, {"x": []},
    {"x": [1.0, math.nan]}, {"x": np.array([1.0, math.inf])}, {"x": np.array([1e200, -1e200])},
    {"x": np.ma.array([1.0, 2.0], mask=[0, 1])}, {"x": np.array([1, 2])}, {"x": np.array(2.0)},
    {"x": np.array(["a", "b"])}, {"x": np.arange(4.0)[::2]}, {"b": math.inf}, {"b": None},
    {"b": np.float64(2)}, {"b": np.array([2.0])}, {"c": 1.0}, {"b": ...}, {"x": ...}, {"b": True},
]  # fmt: skip
"""What is changed in the inputs of a run before the next one; ... for one that is left out."""


def told(graph, given):
    """The numbers of a run with the names of their types, or its error."""
    try:
        tape = graph.forward(given)
        found = (*tape.values, *tape.backward().values(), *tape.backward("x").values())
        return [(type(v), getattr(v, "dtype", None), np.asarray(v).tolist()) for v in found]
    except gs.GraphstepError as error:
        return str(error)


@pytest.mark.parametrize("changed", AGAIN, ids=str)
def test_a_run_after_others_is_that_of_a_fresh_graph(changed):
    text, usual = "f = sum(x*x)*b", {"x": np.array([1.0, 2.0]), "b": 3.0}
    given = {n: v for n, v in {**usual, **changed}.items() if v is not ...}
    graph = gs.parse(text)
    for _ in range(2):
        told(graph, usual)
    assert told(graph, given) == told(gs.parse(text), given)
    assert told(graph, usual) == told(gs.parse(text), usual)


def test_names_that_are_asked_for_again():
    graph = gs.parse("q = x*y; f = q + sin(x)")
    for _ in range(2):
        for k in range(20):
            with pytest.raises(InputError, match=f"called n{k}"):
                graph.forward(x=1, y=2).backward(f"n{k}")
        tape = graph.forward(x=1, y=2)
        assert tape.backward("y", "q") == {"y": 1.0, "q": 1.0}
        assert list(tape.backward("q", "y")) == ["q", "y"]
        for bad in (5, ["x"], ("x",)):
            with pytest.raises(InputError, match="by its name"):
                tape.backward(bad)
