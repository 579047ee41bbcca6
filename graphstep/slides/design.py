"""How a deck looks: its colours and fonts, the same in all formats, and CSS for the browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..look.fonts import CODE, TEXT
from ..look.style import PAGES, Colours, Palette, palette_of

SHADES = {"light": ("#f3f5f7", "#d0d7de"), "dark": ("#161b22", "#30363d")}
"""Under each theme, the colour behind program text, and that of thin lines."""
COLOUR = re.compile(r"#[0-9a-f]{6}")
TINT, LINE = 0.06, 0.2  # how much of the text's colour these two have on a page of its own colour
READABLE: Mapping[str, float] = MappingProxyType(
    {"ink": 4.5, "muted": 4.5, "value": 4.5, "gradient": 4.5, "accent": 3.0, "warning": 3.0}
)
"""The contrast with the page, as WCAG measures it, that letters or lines of a colour need."""


class Fonts(NamedTuple):
    """Families of fonts of texts, titles and program text; an empty one is the usual one."""

    text: str = ""
    title: str = ""
    code: str = ""

    @property
    def families(self) -> Fonts:
        """The same with the usual fonts in place of empty ones; titles are in that of texts."""
        text = self.text or TEXT
        return Fonts(text, self.title or text, self.code or CODE)


class Design(NamedTuple):
    """Colours that differ from those of a theme, "light" or "dark"; fonts; CSS for the browser.

    `colours` are pairs of a field of `Colours` and its value. An empty `page` is the theme's.
    """

    theme: str = "light"
    page: str = ""
    colours: tuple[tuple[str, str], ...] = ()
    fonts: Fonts = Fonts()
    css: str = ""
    file: str = ""  # where it is described

    @property
    def paper(self) -> str:
        """The colour of pages."""
        return self.page or PAGES[self.theme]

    @property
    def shades(self) -> tuple[str, str]:
        """The colour behind program text, and that of thin lines."""
        if not self.page and not self.colours:
            return SHADES[self.theme]
        ink = self.inks("default").ink
        return mixed(self.paper, ink, TINT), mixed(self.paper, ink, LINE)

    def inks(self, palette: str | Palette) -> Colours:
        """The colours of texts and figures in a palette."""
        return self.palette(palette)[self.theme == "dark"]

    def palette(self, palette: str | Palette) -> Palette:
        """A palette with the colours of the design, for its own theme alone."""
        given = palette_of(palette)
        changed = getattr(given, self.theme)._replace(**dict(self.colours))
        return given._replace(**{self.theme: changed})

    @property
    def faint(self) -> tuple[tuple[str, str, float, float], ...]:
        """The colours that are hard to see: name, colour, contrast, and the contrast they need."""
        inks = self.inks("default")._asdict()
        found = ((name, inks[name], contrast(inks[name], self.paper), least)
                 for name, least in READABLE.items())  # fmt: skip
        return tuple(row for row in found if row[2] < row[3])


def on_paper(design: Design) -> Design:
    """A design for printing: white pages, and its own colours only if they are for light ones."""
    if design.theme == "dark":
        return Design(fonts=design.fonts)
    return design._replace(page="")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG defines it.

    >>> contrast("#ffffff", "#000000"), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, part: float) -> str:
    """A colour between two.

    >>> mixed("#ffffff", "#000000", 0.2)
    '#cccccc'
    """
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + part * (b - a)):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


def _luminance(colour: str) -> float:
    parts = (channel / 255 for channel in _channels(colour))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
