"""The style of a figure: colours, font, digits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from ..base.errors import GraphstepError, one_of
from .numbers import Numbers, decimals


class Colours(NamedTuple):
    """The colours of one theme, as CSS text."""

    ink: str  # gates, wires, names
    muted: str  # local gradients
    value: str
    gradient: str
    accent: str  # what is new in a step
    warning: str
    minus: str  # the ends of the colour scale of a heat map; its middle is the page
    plus: str

    @property
    def parts(self) -> dict[str, str]:
        """The colour of each kind of marked part of a formula."""
        return {kind: getattr(self, name) for kind, name in PARTS.items()}

    @property
    def hues(self) -> dict[str, str]:
        """The shade of each colour that formulas name: for dark pages if the ink is light."""
        found = HEX.fullmatch(self.ink)
        dark = found is not None and sum(int(part, 16) for part in found.groups()) > LIGHT
        return {name: shades[dark] for name, shades in HUES.items()}


HEX = re.compile("#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
LIGHT = 3 * 255 / 2  # the sum of channels from which on a colour is light
HUES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "red": ("#b42318", "#ff8a80"), "orange": ("#9a4a00", "#f4a259"),
        "green": ("#0b6b2e", "#5fd38a"), "blue": ("#0b57d0", "#8ab4f8"),
        "purple": ("#6d28d9", "#c4a1ff"), "gray": ("#57606a", "#a8b3bf"),
    }
)  # fmt: skip
"""The colours that formulas can name, each in a shade for light pages and one for dark pages."""


PARTS: Mapping[str, str] = MappingProxyType(
    {"value": "value", "upstream": "gradient", "local": "muted", "downstream": "gradient"}
)
"""The kinds of marked parts of formulas, and the names of their colours."""


class Palette(NamedTuple):
    """A set of colours for light pages and one for dark pages."""

    light: Colours
    dark: Colours


_LIGHT = Colours(
    "#24292f", "#57606a", "#008370", "#c2410c", "#0b57d0", "#b42318", "#2166ac", "#b35806"
)
_DARK = Colours(
    "#e6edf3", "#a8b3bf", "#5eead4", "#ff7a59", "#8ab4f8", "#ffb4a8", "#6ea8fe", "#f4a259"
)

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


def palette_of(palette: str | Palette) -> Palette:
    """A palette, by its name or itself."""
    return palette if isinstance(palette, Palette) else PALETTES[palette]


PAGES: Mapping[str, str] = MappingProxyType({"light": "#ffffff", "dark": "#0d1117"})
"""The colour of the page under each theme."""
THEMES = ("auto", "light", "dark")
LOCALS = ("always", "step", "never")
"""When a figure shows local gradients; "step": only in the steps that they are about."""
DRAWN = ("gates", "neurons")
"""What a figure draws a graph as."""
SYMBOLS = ("typeset", "program")
SPACINGS = ("close", "wide")
DIRECTIONS = ("auto", "right", "down", "up")
"""Where values go; "auto": right, or on slides where the text becomes largest."""
NARROWEST_ROW = 100  # points, the width of a gate and its numbers
MOST_DIGITS = 15  # decimals that a float can hold


@dataclass(frozen=True)
class Style:
    """Colours of a figure and how its numbers are printed; frozen: see `dataclasses.replace`.

    `palette`: "default" or "cs231n". `theme`: "light", "dark", or "auto", which follows the
    reader's setting on pages, and is light in files. `digits`: decimals of printed numbers; None
    means 2, or none where every number of the figure is whole. A number that ends at the next
    decimal, as 0.125 does, has one more; others are rounded, halves away from zero. `mark`: "." or
    ","; None means that of the language. `font`: names of fonts, as in CSS. `spacing`: "close", or
    "wide", with places for any number, so that other inputs move nothing. `symbols`: "typeset",
    signs, names and numbers as formulas have them, ×, w₀ and 10⁻⁵, or "program", as they are typed.
    `local`: local gradients are shown "always", only in their "step", or "never". `sums`: formulas
    of steps also as sums over elements. `code`: the lines of NumPy of each step, on slides.
    `drawn`: a graph is drawn as its "gates", or, if it is a fully connected network, as "neurons".
    `direction`: the way that values go: "right", "down", "up", or "auto", to the right, but on
    slides whatever makes the text largest. `wrap`: the width in points (of an upright figure the
    height) at which a long chain goes on in another row; None: not at all, but with "auto" on
    slides where that makes the text larger.

    Raises
    ------
    GraphstepError for a word that a field does not know, digits outside 0 … 15, or a width below
    100.
    """

    palette: str | Palette = "default"
    theme: str = "auto"
    digits: int | None = None
    mark: str | None = None
    font: str = "DejaVu Sans, Verdana, Geneva, sans-serif"
    spacing: str = "close"
    symbols: str = "typeset"
    local: str = "always"
    sums: bool = False
    drawn: str = "gates"
    direction: str = "auto"
    wrap: float | None = None
    code: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.palette, Palette):
            one_of("palette", self.palette, PALETTES)
        one_of("theme", self.theme, THEMES)
        one_of("spacing", self.spacing, SPACINGS)
        one_of("symbols", self.symbols, SYMBOLS)
        one_of("local", self.local, LOCALS)
        one_of("sums", str(self.sums), ("False", "True"))
        one_of("code", str(self.code), ("False", "True"))
        one_of("drawn", self.drawn, DRAWN)
        one_of("direction", self.direction, DIRECTIONS)
        one_of("mark", self.mark, (None, ".", ","))
        if not isinstance(self.font, str):
            raise GraphstepError("not_one_of", what="font", given=self.font, known="CSS fonts")
        if self.digits is not None and (
            not isinstance(self.digits, int) or self.digits not in range(MOST_DIGITS + 1)
        ):
            raise GraphstepError("bad_digits", digits=self.digits, most=MOST_DIGITS)
        if self.wrap is not None:
            check_wrap(self.wrap)

    @property
    def upright(self) -> bool:
        """Whether wires run down or up."""
        return self.direction in ("down", "up")

    @property
    def printed(self) -> str:
        """The theme of files that cannot follow their reader's: dark only if asked for."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def room(self) -> int:
        """The most characters of a number in a figure, whatever its value."""
        return max(7, (2 if self.digits is None else self.digits) + 6)  # 7: "-1e-308"

    @property
    def cell(self) -> int:
        """The most characters of a number among others between brackets."""
        return 6 if self.digits is None else max(6, self.digits + 4)

    def numbers(
        self, values: Iterable[float] = (0.5,), exact: bool = False, mark: str = "."
    ) -> Numbers:
        """How numbers are printed in a figure of these values.

        Without `digits`: two decimals, or none if all of the values are whole; with `exact`, three
        or four where some value needs them and none needs more. The most characters stay those
        for two decimals, so that the same figure can show other values.
        """
        mark, powers = self.mark or mark, self.symbols == "typeset"
        if self.digits is not None:
            return Numbers(self.digits, self.room, mark, powers=powers)
        needed = [decimals(value) for value in values if math.isfinite(value)]
        most = max(needed, default=0)
        digits = most if most == 0 or (exact and most in (3, 4)) else 2
        return Numbers(digits, self.room, mark, min(digits, 2), powers)


def check_wrap(wrap: object) -> None:
    """Raise GraphstepError for what is not the width of a row."""
    if type(wrap) not in (int, float) or not NARROWEST_ROW <= wrap < math.inf:  # type: ignore[operator]
        raise GraphstepError("bad_wrap", wrap=wrap, least=NARROWEST_ROW)
