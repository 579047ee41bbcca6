"""The parts of a gate's row: local gradients, kinks and options.

A local gradient is written so that it can be checked by eye, as one of
  a number          the same everywhere: adding passes 1 on to both inputs;
  a parameter name  the value of that input, or of the output ("out"): d(xy)/dx is y;
  a Rule            a formula, as text for the reader and as a function of (m, out, inputs).
On arrays these are the entries of a diagonal Jacobian, unless the rule returns a linear map itself.
Functions take `m`, the inputs, then the options; `m` is the mathematics to use: floats
(`scalar_math.SCALAR`), `numpy`, or arrays (`array_math.ARRAY`), all with the same names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..calculus.functions import Number


class Rule(NamedTuple):
    """A local gradient: a `text` with placeholders for inputs, and `of(m, out, *inputs, *options)`.

    With `maps` it is a linear map of arrays, a `jacobians.Jacobian`; then `text` is the downstream
    gradient in terms of the inputs and the upstream one, `{g}`, with the further places of
    `local_texts`, and `uses` names the values it is made of; with `repeats` a smaller input is
    repeated, and its gradient summed over the copies. `back(m, upstream, out, *inputs, *options)`
    is what the `pull` of that map returns, for gates so common and fast that making the map would
    take longer. Where `fails(m, *inputs, *options)`, the text does not hold, but `there` does.
    `shared(m, out, *inputs)` is what the local gradients of all inputs have in common, for gates
    with any number of them; `each(m, shared, out, *inputs)` is then the local gradient.
    """

    text: str
    of: Callable[..., Number]
    maps: bool = False
    uses: tuple[str, ...] = ()
    back: Callable[..., Number] | None = None
    repeats: bool = False
    fails: Callable[..., Any] | None = None
    there: str = ""
    shared: Callable[..., Number] | None = None
    each: Callable[..., Number] | None = None


Local = float | str | Rule
Pairs = tuple[tuple[int, int], ...]
Setting = float | str | tuple[int, ...] | Pairs | None
Options = tuple[Setting, ...]  # all settings of a gate


class Kink(NamedTuple):
    """A place without a derivative with respect to the inputs whose positions are in `of`.

    `distance` is 0 exactly there, element by element.
    """

    distance: Number
    of: tuple[int, ...] = (0,)


class Option(NamedTuple):
    """A setting of a gate that is not an input, such as an axis or a size; a number in the text.

    One that `reads` is a text instead, of which that function makes sense or raises ValueError.
    One of `several` may also be several different whole numbers, one of `pairs` two numbers or a
    pair of them for each axis.
    """

    name: str
    default: float | None = None
    whole: bool = True
    least: float = -math.inf
    many: bool = False  # takes all numbers that follow, at least one
    several: bool = False
    reads: Callable[[str], object] | None = None
    pairs: bool = False

    @property
    def needed(self) -> bool:
        """Whether it may not be left out."""
        return self.default is not None and math.isnan(self.default)

    def takes(self, number: object) -> bool:
        """Whether it can be a number or text; None means its default."""
        if number is None:
            return self.default is None
        if self.reads is not None:
            return isinstance(number, str) and self._is_read(number)
        if self.several and isinstance(number, tuple) and len(number) > 1:
            return len({*number}) == len(number) and all(map(self.takes, number))
        if self.pairs and isinstance(number, tuple):
            return len(number) > 0 and (self._is_pair(number) or all(map(self._is_pair, number)))
        if isinstance(number, bool) or not isinstance(number, int if self.whole else int | float):
            return False
        return math.isfinite(number) and number >= self.least

    def _is_pair(self, found: object) -> bool:
        return (
            isinstance(found, tuple)
            and len(found) == 2
            and all(not isinstance(number, tuple) and self.takes(number) for number in found)
        )

    def _is_read(self, text: str) -> bool:
        assert self.reads is not None
        try:
            self.reads(text)
        except ValueError:
            return False
        return True

    def kept(self, given: Setting) -> Setting:
        """A setting as nodes hold it: a float, unless it has to be whole."""
        return given if self.whole or isinstance(given, str | tuple | None) else float(given)


AXIS, KEEP = Option("axis"), Option("keepdims", 0, least=0)
AXES = Option("axis", several=True)
LAST = Option("axis", -1)


def numbers_in(setting: Setting) -> Iterator[float]:
    """All numbers of a setting.

    >>> list(numbers_in(((0, 0), (1, 2)))), list(numbers_in(None))
    ([0, 0, 1, 2], [])
    """
    if isinstance(setting, tuple):
        for part in setting:
            yield from numbers_in(part)
    elif setting is not None and not isinstance(setting, str):
        yield setting
