"""Formulas on their own lines: pictures that Typst sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from ..figure.deck import BODY
from ..formulas.tree import Equation, Tree
from ..formulas.typst_math import PREAMBLE, typst
from ..formulas.unicode import unicode
from ..look.fonts import MATHEMATICS, TEXT
from ..look.png import indexed, png
from ..look.style import Colours
from ..look.typst import equations, literal, typeset

SIZE = 1.12 * BODY  # at which formulas look as large as the text
PIXELS = 2.0  # for each point, where SVG cannot be shown
EDGE = 1.0  # points around a formula, as some glyphs reach beyond their box
SETTING = """
#import "equations.typ": equations
#set page(width: auto, height: auto, margin: {edge}pt, fill: none)
#set text(font: {text}, size: {size}pt, fill: rgb({ink}))
#show math.equation: set text(font: ({mathematics}, {text}))
#show math.equation.where(block: true): set par(leading: .8em)
#let sides(width, ..sides) = context equations(sides.pos(), "", width)
"""
"""A page for each formula. Equations are aligned at their first "=", as on the pages of a PDF."""

HASH = re.compile(r"\bg[0-9A-F]{32}\b")
LONG = re.compile(r"\d+\.\d{3,}")

Formulas = tuple[Tree | Equation, ...]


class Wanted(NamedTuple):
    """Formulas, one below the other: their colours, and the width at which they are broken."""

    trees: Formulas
    colours: Colours
    available: float


class FormulaPicture(NamedTuple):
    """A formula as a picture with its size in points, and as text."""

    svg: str
    width: float
    height: float
    spoken: str

    @property
    def image(self) -> bytes:
        """The picture as PNG."""
        return _png(self.svg)


def formula_pictures(given: Iterable[Wanted], ink: str) -> Mapping[Wanted, FormulaPicture]:
    """Formulas as pictures, no wider than `available` if they can be broken.

    All are set in one run. Raises OutputError with what Typst says.
    """
    wanted = list(dict.fromkeys(given))
    if not wanted:
        return {}
    head = SETTING.format(edge=EDGE, size=SIZE, ink=literal(ink), text=literal(TEXT),
                          mathematics=literal(MATHEMATICS))  # fmt: skip
    made = _set(head + "\n#pagebreak()\n".join(map(_page, wanted)))
    return {
        one: FormulaPicture(svg, *svg_size(svg), "; ".join(map(unicode, one.trees)))
        for one, svg in zip(wanted, made, strict=True)
    }


def _page(one: Wanted) -> str:
    """One page of a document; its definitions are local to it."""
    groups = ", ".join(f"({', '.join(f'${code}$' for code in _sides(x))},)" for x in one.trees)
    return f"#[\n{PREAMBLE(one.colours)}\n#sides({one.available:g}pt, {groups})\n]"


def _sides(x: Tree | Equation) -> list[str]:
    return [typst(side) for side in x.sides] if isinstance(x, Equation) else [typst(x)]


@lru_cache(maxsize=16)
def _set(source: str) -> tuple[str, ...]:
    return tuple(compact(page.decode()) for page in typeset(source, "svg", equations()))


def compact(svg: str) -> str:
    """A picture by Typst in fewer bytes: short ids, and lengths as exact as glyphs are in a font.

    >>> compact('<path id="g0123456789ABCDEF0123456789ABCDEF" d="M 1.23556789 0.5"/>')
    '<path id="g0" d="M 1.24 0.5"/>'
    """
    names: dict[str, str] = {}
    svg = HASH.sub(lambda found: names.setdefault(found[0], f"g{len(names)}"), svg)
    return LONG.sub(lambda found: f"{float(found[0]):.2f}", svg)


@lru_cache(maxsize=1024)
def _png(svg: str) -> bytes:
    return indexed(png(svg, PIXELS))


def svg_size(svg: str) -> tuple[float, float]:
    """Width and height of an SVG document that begins with its view box at 0 0."""
    found = re.search(r'viewBox="0 0 (\S+) (\S+)"', svg)
    assert found
    return float(found[1]), float(found[2])
