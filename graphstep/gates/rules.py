"""What a row of a gate is made of: local gradients, kinks and options.

A local gradient is written so that it can be checked by eye, as one of
  a number          the same everywhere: adding passes 1 on to both inputs;
  a parameter name  the value of that input, or of the output ("out"): d(xy)/dx is y;
  a Rule            a formula, as text for the reader and as a function of (m, out, inputs).
On arrays these are the entries of a diagonal Jacobian, unless the rule gives a linear map itself.
In functions `m` is the mathematics to use: floats (`scalar_math.SCALAR`), `numpy`, or arrays
(`array_math.ARRAY`), with the same names. Functions take the inputs, then the options.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from ..calculus.functions import Number


class Rule(NamedTuple):
    """A local gradient: `text` with the inputs' names as places, `of(m, out, *inputs, *options)`.

    With `maps` it is a linear map of arrays, a `jacobians.Jacobian`, and `text` is the downstream
    gradient over the inputs and the upstream one, `{g}`; `uses` are the values it is made of.
    `back(m, upstream, out, *inputs, *options)` is what that map's `pull` gives, for gates so common
    and quick that making the map would take longer.
    """

    text: str
    of: Callable[..., Number]
    maps: bool = False
    uses: tuple[str, ...] = ()
    back: Callable[..., Number] | None = None


Local = float | str | Rule


class Kink(NamedTuple):
    """A place without a derivative with respect to the inputs `of`, by position.

    `distance` is 0 exactly there, element by element.
    """

    distance: Number
    of: tuple[int, ...] = (0,)


class Option(NamedTuple):
    """A setting of a gate that is no input: an axis, a size. Always a number in the text."""

    name: str
    default: float | None = None
    whole: bool = True
    least: float = -math.inf
    many: bool = False  # takes all numbers that follow, and one at least

    def takes(self, number: object) -> bool:
        """Whether a number, or what it is by default, can stand for it."""
        if number is None:
            return self.default is None
        if isinstance(number, bool) or not isinstance(number, int if self.whole else int | float):
            return False
        return math.isfinite(number) and number >= self.least


AXIS, KEEP = Option("axis"), Option("keepdims", 0, least=0)
LAST = Option("axis", -1)
