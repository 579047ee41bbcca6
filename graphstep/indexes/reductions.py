"""Local gradients by index of gates that make one number of a line, along one axis or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from types import MappingProxyType

from ..calculus.shapes import axes_of
from ..gates.kinks import kinks_by_input, somewhere
from ..language.local_texts import Taken

INNER = ("r", "s", "t")
"""The indexes of sums inside of a form."""
MEAN = "over(LINE, {x}[LINES])/N"
RANK = "over(LINE, [{x}[LINES] < {x}[AT]])"
REDUCED: Mapping[str, str] = MappingProxyType(
    {
        "sum": "1",
        "mean": "1/N",
        "var": f"2*({{x}}[AT] - {MEAN})/N",
        "std": f"({{x}}[AT] - {MEAN})/(N*{{out}}[TO])",
        "prod": "{out}[TO]/{x}[AT]",
        "logsumexp": "exp({x}[AT] - {out}[TO])",
        "median": f"([{RANK} = LOW] + [{RANK} = HIGH])/2",
        "amax": "[{x}[AT] = {out}[TO]]",
        "amin": "[{x}[AT] = {out}[TO]]",
    }
)
"""What an element of the output owes to one of its line; N is how many there are.

AT and TO are the places of both, LINE the indexes along the line, and LINES its places;
LOW and HIGH are the places in the middle.
"""


def reduced(taken: Taken, position: int, out: Sequence[str], into: Sequence[str]) -> str:
    """The form over indexes of the output and of the input.

    Empty where the output is one number, where equal elements share a gradient, at a kink, and
    where a factor is 0.
    """
    shape, form = taken.shape(position), REDUCED[taken.gate.name]
    axis = taken.option("axis")
    if not out or (axis is None and not taken.option("keepdims")) or _fails(taken):
        return ""
    axes = range(len(shape)) if axis is None else axes_of(shape, axis)
    count = prod(shape[a] for a in axes)
    inner = dict(zip(axes, INNER, strict=False))
    if len(inner) < len(axes) and "LINE" in form:
        return ""
    names = {
        "LINES": ", ".join(inner.get(a, letter) for a, letter in enumerate(into)),
        "LINE": ", ".join(inner.values()), "AT": ", ".join(into), "TO": ", ".join(out),
        "N": str(count), "LOW": str((count - 1) // 2), "HIGH": str(count // 2),
    }  # fmt: skip
    for name, text in names.items():
        form = form.replace(name, text)
    kept = _kept(bool(taken.option("keepdims")), axes, out, into)
    return "*".join([*kept, f"({form})"] if form != "1" or not kept else kept)


def _kept(keeps: bool, axes: Sequence[int], out: Sequence[str], into: Sequence[str]) -> list[str]:
    """The conditions on the axes that stay; one that is kept has one place."""
    left = iter(out)
    return [
        f"[{next(left)} = {'0' if axis in axes else letter}]"
        for axis, letter in enumerate(into)
        if keeps or axis not in axes
    ]


def _fails(taken: Taken) -> bool:
    """Whether a form does not hold in some element."""
    (x,) = taken.values
    if taken.gate.name == "prod":
        return not all(map(bool, x.ravel()))
    kinks = kinks_by_input(taken.gate, taken.values, taken.options)
    return somewhere(kinks.get(0, ()))
