"""Custom gates: run, stepped, drawn, captioned and checked like the built-in ones."""

import math

import numpy as np
import pytest
from array_cases import W
from strategies import as_code, hasty

import graphstep as gs
from examples import array
from graphstep.base.errors import GateError


def cube_class():
    @gs.gate
    class cube:
        def forward(self, x):
            self.x = x
            return x**3

        def backward(self, dz):
            return 3 * self.x**2 * dz

    return cube


def test_a_class_as_students_write_it():
    @gs.gate
    class MultiplyGate:
        def forward(self, x, y):
            self.x, self.y = x, y
            return x * y

        def backward(self, dz):
            return [self.y * dz, self.x * dz]

    s = gs.stepper("q = x + y; f = MultiplyGate(q, z)", x=-2, y=5, z=-4, by="wire", forward=True)
    assert s.value == -12.0
    assert s.gradients == {"x": -4.0, "y": -4.0, "z": 3.0}
    assert s.tape.check().ok
    assert "MultiplyGate gate, input z: local = 3." in [f.caption for f in s]
    assert all("MultiplyGate" in f.svg() for f in s)
    assert gs.GATES["MultiplyGate"].forward(2, 3) == 6.0
    assert gs.GATES["MultiplyGate"].backward(10) == [30.0, 20.0]
    assert MultiplyGate().forward(2, 3) == 6  # the class itself stays as it was


def test_a_function_with_local_rules():
    @gs.gate(local=[lambda x, a: a * math.cos(a * x), lambda x, a: x * math.cos(a * x)], symbol="~")
    def wave(x, a=2.0):
        return math.sin(a * x)

    s = gs.stepper("f = wave(x) + wave(x, b)", x=0.3, b=1.5)
    expected = 2 * math.cos(0.6) + 1.5 * math.cos(0.45)
    assert s.gradients["x"] == pytest.approx(expected, rel=1e-15)
    assert s.tape.check().ok
    assert ">~<" in s[0].svg()
    assert wave(1.0) == math.sin(2.0)


def test_a_function_stays_the_function_on_plain_values():
    @gs.gate(local=[lambda x: 2.0])
    def twice(x):
        return x + x

    assert type(twice(3)) is int
    assert twice("ab") == "abab"
    traced = gs.trace(lambda x: twice(x), 3)
    assert [node.gate.name for node in traced.nodes if node.gate] == ["twice"]


def test_a_wrong_backward_is_found_with_its_wire_and_numbers():
    @gs.gate
    class halfway:
        def forward(self, x, y):
            self.x, self.y = x, y
            return x * y**2

        def backward(self, dz):
            return [self.y**2 * dz, self.x * self.y * dz]  # forgot the 2

    report = gs.parse("p = exp(a); f = halfway(p, b) + a").forward(a=0, b=3).check()
    first = report.first
    assert (first.kind, first.source, first.position) == ("wire", "b", 1)
    assert (first.analytic, first.numeric) == (3.0, pytest.approx(6.0))
    assert "halfway" in str(report)
    assert "3.0" in str(report)


def test_own_gates_overflow_like_others():
    cube_class()
    tape = gs.parse("f = cube(x)").forward(x=1e200)
    assert tape.value == math.inf
    assert tape.troubles
    cubes = gs.parse("f = cube(x) - x")
    with hasty():
        assert as_code(cubes, {"x": 2}).gradients == {"x": 11.0}


def test_making_it_again_replaces_it_and_built_in_names_are_taken():
    cube_class()
    old = gs.parse("cube(x)")

    @gs.gate(local=[lambda x: 1.0])
    def cube(x):
        return x

    assert gs.parse("cube(x)").forward(x=3).value == 3.0
    assert old.forward(x=3).value == 27.0
    for name in ("exp", "add"):
        with pytest.raises(GateError, match="built-in gate"):
            gs.gate(local=[lambda x: 1.0], name=name)(lambda x: x)


def make(**options):
    return lambda definition: gs.gate(definition, **options)


class Half:
    def forward(self, x):
        return x


class Stars:
    def forward(self, *xs):
        return xs[0]

    def backward(self, dz):
        return dz


@pytest.mark.parametrize(
    ("make", "definition", "key"),
    [
        (make(), 5, "gate_definition"),
        (make(), Half, "gate_class"),
        (make(local=[abs]), Half, "gate_class"),
        (make(), Stars, "gate_inputs"),
        (make(), lambda x: x, "gate_local"),
        (make(local=[abs, abs], name="g"), lambda x: x, "gate_local"),
        (make(local=[5], name="g"), lambda x: x, "gate_local"),
        (make(local=[abs]), lambda x: x, "gate_name"),
        (make(local=[abs], name="a b"), lambda x: x, "gate_name"),
        (make(local=[abs], name="g"), lambda: 1, "gate_inputs"),
        (make(local=[abs], name="g", kinks=0.0), lambda x: x, "gate_kinks"),
        (make(local=[abs], name="g", kinks=lambda t: t), lambda x: x, "gate_kinks"),
        (make(local=[abs], name="g", kinks=[lambda x: x, lambda: 1]), lambda x: x, "gate_kinks"),
        (make(local=[abs], name="g"), lambda x="two": 1, "gate_inputs"),
    ],
)
def test_definitions_that_are_no_gates(make, definition, key):
    with pytest.raises(GateError) as caught:
        make(definition)
    assert caught.value.key == key
    assert str(caught.value)


def fails(x):
    raise KeyError("lost")


@pytest.mark.parametrize(
    ("function", "key"),
    [
        (fails, "gate_raised"),
        (lambda x: math.log(-abs(x)), "gate_raised"),
        (lambda x: math.nan, "gate_nan"),
        (lambda x: None, "gate_returned"),
        (lambda x: "1", "gate_returned"),
        (lambda x: [1.0, 2.0], "gate_returned"),
        (lambda x: np.array([1.0, 2.0]), "gate_returned"),
        (lambda x: 1j, "gate_returned"),
    ],
)
def test_a_gate_that_goes_wrong_is_named(function, key):
    gs.gate(local=[lambda x: 1.0], name="broken")(function)
    with pytest.raises(GateError, match="broken") as caught:
        gs.parse("f = broken(x)").forward(x=2)
    assert caught.value.key == key
    gs.gate(local=[function], name="broken")(lambda x: x)
    with pytest.raises(GateError, match="broken"):
        gs.parse("f = broken(x)").forward(x=2).gradients  # noqa: B018


@pytest.mark.parametrize("gradients", [[], [1.0], 1.0, [1.0, 2.0, 3.0]])
def test_a_backward_with_a_wrong_number_of_gradients(gradients):
    @gs.gate
    class pair:
        def forward(self, x, y):
            return x + y

        def backward(self, dz):
            return gradients

    with pytest.raises(GateError, match="one gradient for each input"):
        gs.parse("f = pair(x, y)").forward(x=1, y=2).backward()


def test_numpy_numbers_are_numbers():
    gs.gate(local=[np.cos], name="wave")(lambda x: np.sin(np.float64(x)))
    tape = gs.parse("f = wave(x)").forward(x=0.5)
    assert tape.value == math.sin(0.5)
    assert type(tape.gradients["x"]) is float


def test_own_gates_can_be_grouped_and_listed(capsys):
    cube_class()
    grouped = gs.parse("a = cube(x); b = a + y; f = b * x").group(["a", "b"], "part")
    assert grouped.forward(x=2, y=1).gradients == {"x": 33.0, "y": 2.0}
    from graphstep.cli.main import main

    assert main(["gates"]) == 0
    assert "cube" in capsys.readouterr().out


def test_own_gates_on_arrays():
    @gs.gate
    class affine:
        def forward(self, x, w):
            self.x, self.w = x, w
            return x @ w

        def backward(self, dz):
            return [dz @ self.w.T, self.x.T @ dz]

    s = gs.stepper("f = sum(affine(x, w)**2)", x=array(2, 3), w=array(3, 4))
    other = gs.stepper("f = sum((x @ w)**2)", x=array(2, 3), w=array(3, 4))
    assert s.gradients["w"] == pytest.approx(other.gradients["w"])
    assert s.tape.check().ok
    assert s.tape.local(0).dense() == pytest.approx(other.tape.local(0).dense())
    assert all(frame.svg() for frame in s)


def test_an_own_function_on_arrays():
    @gs.gate(local=[lambda x: np.cos(x)])
    def wave(x):
        return np.sin(x)

    @gs.gate(local=[lambda x: 3 * x**2])
    def cubes(x):
        return np.sum(x**3)

    tape = gs.parse("f = cubes(wave(x))").forward(x=array(4))
    assert tape.gradients["x"] == pytest.approx(3 * np.sin(array(4)) ** 2 * np.cos(array(4)))
    assert tape.check().ok


@pytest.mark.parametrize(
    ("forward", "backward", "says"),
    [
        (
            lambda x: x,
            lambda dz: dz[:1],
            r"gives a gradient of shape \[1\] for an input of shape \[2\]",
        ),
        (lambda x: "text", lambda dz: dz, "must give a number at"),
        (lambda x: x @ np.ones(5), lambda dz: dz, "The gate own failed at .*ValueError"),
        (lambda x: x * math.nan, lambda dz: dz, "The gate own gave nan"),
        (lambda x: x, lambda dz: dz * math.nan, "The gate own gave nan"),
        (lambda x: x, lambda dz: 1 / 0, "ZeroDivisionError"),
        (lambda x: x.__setitem__(0, 5), lambda dz: dz, "read-only"),
    ],
)
def test_an_own_gate_that_goes_wrong_on_arrays(forward, backward, says):
    @gs.gate
    class own:
        def forward(self, x):
            return forward(x)

        def backward(self, dz):
            return backward(dz)

    with pytest.raises(GateError, match=says):
        gs.parse("f = sum(own(x))").forward(x=[1.0, 2.0]).backward()


def test_a_wrong_backward_on_arrays_is_found_with_its_element():
    @gs.gate
    class square_it:
        def forward(self, x):
            self.x = x
            return x**2

        def backward(self, dz):
            return 2 * self.x * dz * np.array([1.0, 1.5])

    report = gs.parse("f = sum(square_it(x))").forward(x=[1.0, 2.0]).check()
    assert report.first.source == "x[1]"
    assert report.first.analytic == pytest.approx(1.5 * report.first.numeric)


def test_own_functions_that_are_not_element_by_element_are_refused():
    @gs.gate(local=[lambda x: 1.0])
    def turned(x):
        return x.T

    @gs.gate(local=[lambda x: 1.0])
    def cut(x):
        return x[:2]

    for text, x in (("f = sum(turned(x))", W), ("f = sum(cut(x))", [1, 2, 3])):
        with pytest.raises(GateError, match="those of each element"):
            gs.parse(text).forward(x=x).backward()


def test_own_gates_of_strange_shapes():
    @gs.gate
    class some:
        def forward(self, x):
            self.x = x
            return x[x > 0]

        def backward(self, dz):
            whole = np.zeros_like(self.x)
            whole[self.x > 0] = dz
            return whole

    graph = gs.parse("f = l2(some(x))")
    assert graph.forward(x=[1, 2]).value == 5.0
    with pytest.raises(GateError, match="must follow from those of its inputs"):
        graph.forward(x=[1, -2])
    with pytest.raises(GateError, match="must give a number"):
        gs.parse("f = l2(some(x))").forward(x=[-1, -2])


def slope(x, a):
    return max(x, a * x)


RULES = [lambda x, a: 1.0 if x > 0 else a, lambda x, a: min(x, 0.0)]


def test_kinks_are_of_the_inputs_that_their_function_takes():
    from graphstep.gates.kinks import at_kink

    gs.gate(slope, local=RULES, kinks=[lambda x: x, lambda a: a - 1], name="bent")
    found = [at_kink(gs.GATES["bent"], (0.0, 0.5), position=i) for i in range(2)]
    assert found == [(True,), (False,)]
    found = at_kink(gs.GATES["bent"], (np.array([0.0, 2.0]), np.array(1.0)))
    assert [mask.tolist() for mask in found] == [[True, False], True]


def test_captions_and_the_check_know_declared_kinks():
    gs.gate(local=[lambda x: float(x > 0)], kinks=lambda x: x, name="ramp")(lambda x: max(x, 0.0))
    s = gs.stepper("f = ramp(x)", x=0)
    assert "at the kink the derivative is taken to be 0" in s[-1].caption
    assert {row.status for row in s.tape.check().rows} == {"subgradient"}
    assert "at the kink" not in gs.stepper("f = ramp(x)", x=-1)[-1].caption
    assert {row.status for row in s.at(x=-1).tape.check().rows} == {"ok"}


def test_a_kink_that_differences_do_not_show_is_skipped_if_declared_and_else_found_beside():
    """The middle of three equal numbers: to move one of them changes nothing."""

    class middle:
        def forward(self, x):
            self.x = x
            return np.median(x)

        def backward(self, dz):
            at = self.x == np.median(self.x)
            return dz * at / at.sum()

    for kinks, status in (((), "subgradient"), (lambda x: x - np.median(x), "kink")):
        gs.gate(middle, kinks=kinks)
        rows = gs.parse("f = middle(x)*1").forward(x=[1, 1, 1]).check().rows
        assert {row.status for row in rows[:3]} == {status}


def test_the_error_for_kinks_shows_one_of_the_first_input():
    with pytest.raises(GateError, match=r"\(u, v\).*kinks=lambda u: u - 1"):
        gs.gate(local=[abs, abs], name="g", kinks=0.0)(lambda u, v: u + v)


def test_kinks_that_are_not_numbers():
    gs.gate(local=[lambda x: 1.0], kinks=lambda x: x == 0, name="g")(lambda x: x)
    for x in (0, [0.0, 1.0]):
        with pytest.raises(GateError) as caught:
            gs.parse("f = sum(g(x))").forward(x=x).check()
        assert caught.value.key == "gate_kinks"
    gs.gate(local=[lambda x: 1.0], kinks=lambda x: math.log(x), name="g")(lambda x: x)
    assert gs.parse("f = g(x)").forward(x=-1).check().ok
