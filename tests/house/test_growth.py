"""What is saved of a gate with n inputs grows as n, in work and in size."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import numpy as np
import pytest

import graphstep as gs
from graphstep.outputs import plan
from graphstep.player import narrow

COUNTS = (8, 16, 32)
EQUATIONS = ("different numbers", "one input")  # of figures whose frames stay as many
Inputs = dict[str, object]


def listed(inside: str, count: int) -> str:
    """An expression for each of some inputs, between commas."""
    return ", ".join(inside.format(i=i) for i in range(count))


def values(of: Callable[[int], object], name: str = "x") -> Callable[[int], Inputs]:
    """The values of some inputs."""
    return lambda count: {f"{name}{i}": of(i) for i in range(count)}


CASES: dict[str, tuple[str, str, Callable[[int], Inputs]]] = {
    "different numbers": ("f = 2*max({})", "x{i}", values(lambda i: i / 7)),
    "equal numbers": ("f = min({})", "x{i}", values(lambda i: 1.0)),
    "one input": ("f = max({})", "x", lambda _: {"x": 2.0}),
    "an input shared": (
        "f = max({})", "x*exp(x{i})", lambda count: {"x": 2.0, **values(lambda i: i / 7)(count)},
    ),
    "long parts": ("f = max({})", "sin(x{i} + 1234567)*2 - 1234567", values(lambda i: i / 7)),
    "arrays": (
        "f = sum(max({}))", "x{i}", values(lambda i: np.array([i, 1.0, -i])),
    ),
    "concat": ("f = sum(concat({}))", "x{i}", values(lambda i: np.array([i, 1.0, -i]))),
    "numbers too large": ("f = max({})", "exp(x{i})", values(lambda i: 1000.0 + i)),
}  # fmt: skip


def calls(run: Callable[[], object]) -> int:
    """How many functions a run calls, Python's own too."""
    count = 0

    def hook(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(hook)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("case", "suffix"), [*((case, ".html") for case in CASES), *((c, ".tex") for c in EQUATIONS)]
)
def test_gates_with_many_inputs_cost_in_proportion(
    case: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the inputs add twice the calls and twice the bytes, whatever the constant part is.

    Something that grows with the square adds four times as many, with the cube eight times. Narrow
    pages arrange figures anew between two bounds, which would be a step.
    """
    monkeypatch.setattr(narrow, "MOST_BOXES", 0)
    text, inside, given = CASES[case]

    def save(count: int) -> int:
        s = gs.stepper(text.format(listed(inside, count)), inputs=given(count), forward=True)
        ((_, content),) = plan(s, f"f{suffix}")
        return len(content())

    save(3)  # so that whatever is loaded once is there
    sizes = [save(count) for count in COUNTS]
    work = [calls(lambda n=count: save(n)) for count in COUNTS]
    for low, middle, high in (sizes, work):
        assert high - middle < 2.5 * (middle - low)
