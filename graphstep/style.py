"""How a figure looks: colours, font, digits. And the one way a number becomes text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from .errors import GraphstepError


class Colours(NamedTuple):
    """The colours of one theme, as CSS text."""

    ink: str  # gates, wires, names
    muted: str  # local gradients
    value: str
    gradient: str
    accent: str  # what is new in a step
    warning: str


class Palette(NamedTuple):
    """A set of colours for light pages and one for dark pages."""

    light: Colours
    dark: Colours


_LIGHT = Colours("#24292f", "#57606a", "#005f56", "#c2410c", "#0b57d0", "#b42318")
_DARK = Colours("#e6edf3", "#a8b3bf", "#5eead4", "#ff7a59", "#8ab4f8", "#ffb4a8")

PALETTES: Mapping[str, Palette] = MappingProxyType(
    {
        "default": Palette(_LIGHT, _DARK),
        # the lecture's green above, red below
        "cs231n": Palette(
            _LIGHT._replace(value="#0b7a0b", gradient="#d00000"),
            _DARK._replace(value="#4ade80", gradient="#ff7b72"),
        ),
    }
)
THEMES = ("auto", "light", "dark")
MOST_DIGITS = 15  # decimals a float can carry


@dataclass(frozen=True)
class Style:
    """Frozen choices for a figure; `dataclasses.replace` makes another.

    `digits`: decimals of printed numbers; None means 2, or none where every number of the figure
    is whole. `theme`: "auto" follows the reader's light or dark setting. Raises GraphstepError
    for an unknown palette or theme, or digits outside 0 … 15.
    """

    palette: str = "default"
    theme: str = "auto"
    digits: int | None = None
    mark: str = "."
    font: str = "DejaVu Sans, Verdana, Geneva, sans-serif"

    def __post_init__(self) -> None:
        one_of("palette", self.palette, PALETTES)
        one_of("theme", self.theme, THEMES)
        one_of("mark", self.mark, (".", ","))
        if not isinstance(self.font, str):
            raise GraphstepError("not_one_of", what="font", given=self.font, known="CSS fonts")
        if self.digits is not None and (
            not isinstance(self.digits, int) or self.digits not in range(MOST_DIGITS + 1)
        ):
            raise GraphstepError("bad_digits", digits=self.digits, most=MOST_DIGITS)

    @property
    def room(self) -> int:
        """The most characters a number takes in a figure, whatever its value."""
        return max(7, (2 if self.digits is None else self.digits) + 6)  # 7: "-1e-308"

    def numbers(self, values: Iterable[float] = (0.5,)) -> Numbers:
        """How numbers are printed in a figure of these values.

        Without `digits`: two decimals, or none if all of the values are whole. The room stays
        that of two decimals, so that the same figure can hold other values.
        """
        digits = self.digits
        if digits is None:
            digits = 0 if all(v == math.floor(v) for v in values if math.isfinite(v)) else 2
        return Numbers(digits, self.room, self.mark)


class Numbers(NamedTuple):
    """The one way a number becomes text: decimals, most characters, decimal mark."""

    digits: int
    room: int
    mark: str = "."

    def __call__(self, value: float) -> str:
        """A number as text: rounded, never longer than `room`, and never "0" unless it is 0.

        >>> two = Style(digits=2).numbers()
        >>> two(-0.19661), two(1.2e14), two(0.0004), two(0.0)
        ('-0.20', '1.2e+14', '4.0e-04', '0.00')
        """
        return plain(value, self.digits, self.room).replace(".", self.mark)


def plain(value: float, digits: int, room: int) -> str:
    """`value` with so many decimals; with fewer, or an exponent, where it would pass `room`."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return f"{0:.{digits}f}"
    for decimals in range(digits, -1, -1):
        text = f"{value:.{decimals}f}"
        if float(text) == 0:
            break  # a number that is not 0 is never printed as 0
        if len(text) <= room:
            return text
    return _scientific(value, max(1, digits - 1), room)


def _scientific(value: float, decimals: int, room: int) -> str:
    text = f"{value:.{decimals}e}"
    return text if len(text) <= room or decimals == 0 else _scientific(value, decimals - 1, room)


def one_of(what: str, given: object, known: Iterable[str]) -> None:
    """Refuse what is not one of the known words, of whatever type it is."""
    if given not in tuple(known):
        raise GraphstepError("not_one_of", what=what, given=given, known=", ".join(known))
