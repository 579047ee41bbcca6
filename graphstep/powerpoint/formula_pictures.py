"""Formulas on their own lines: pictures that Typst sets, as drawings and as pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..formulas.tree import Equation, Tree
from ..formulas.typst_math import PREAMBLE, typst
from ..formulas.unicode import unicode
from ..look.fonts import MATHEMATICS, TEXT
from ..look.png import inked, svg_size
from ..look.style import Colours
from ..look.typst import equations, literal, typeset
from ..slides.deck import BODY

SIZE = 1.12 * BODY  # at which formulas look as large as the text
PPI = 144  # pixels for each inch of a slide, where SVG cannot be shown
EDGE = 1.0  # points around a formula, as some glyphs reach beyond their box
SETTING = """
#import "equations.typ": equations
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: {text}, size: {size}pt, fill: rgb({ink}))
#show math.equation: set text(font: ({mathematics}, {text}))
#show math.equation.where(block: true): set par(leading: .8em)
#let sides(part, width, ..sides) = context {{
  let it = pad({edge}pt, equations(sides.pos(), "", width))
  if part == 1 {{ it }} else {{ scale(part * 100%, reflow: true, it) }}
}}
"""
"""A page for each formula. Equations are aligned at their first "=", as on the pages of a PDF."""

HASH = re.compile(r"\bg[0-9A-F]{20,}\b")
PATH_OR_LONG = re.compile(r'(?<= d=")[^"]*|\d+\.\d{3,}')
SPACED = re.compile(r"(?<=[A-Za-z]) | (?=-)")

Formulas = tuple[Tree | Equation, ...]


class Wanted(NamedTuple):
    """Formulas, one below the other: their colours, and the width at which they are broken."""

    code: tuple[tuple[str, ...], ...]  # of each side; trees of different kinds can be equal
    colours: Colours
    available: float


class FormulaPicture(NamedTuple):
    """A formula as a picture, with its size in points."""

    wanted: Wanted
    svg: str
    width: float
    height: float

    def pixels(self, wide: float) -> FormulaPixels:
        """The formula as pixels, for a width in points on a slide."""
        return FormulaPixels(self.wanted, round(wide / self.width, 2))


class FormulaPixels(NamedTuple):
    """A formula as pixels, at a part of its natural size."""

    wanted: Wanted
    part: float


def wanted(trees: Formulas, colours: Colours, available: float) -> Wanted:
    """Formulas that are no wider than `available` if they can be broken."""
    return Wanted(tuple(map(_sides, trees)), colours, available)


def spoken(trees: Formulas) -> str:
    """Formulas as text, for readers of screens."""
    return "; ".join(map(unicode, trees))


def formula_pictures(given: Iterable[Wanted], ink: str) -> Mapping[Wanted, FormulaPicture]:
    """Formulas as pictures. All are set in one run. Raises OutputError with what Typst says."""
    whole = [FormulaPixels(one, 1.0) for one in dict.fromkeys(given)]
    made = _drawn(_document(whole, ink)) if whole else ()
    return {one.wanted: _picture(one.wanted, svg) for one, svg in zip(whole, made, strict=True)}


def _picture(wanted: Wanted, svg: str) -> FormulaPicture:
    size = svg_size(svg)
    assert size
    return FormulaPicture(wanted, svg, *size)


def formula_pixels(given: Iterable[FormulaPixels], ink: str) -> Mapping[FormulaPixels, bytes]:
    """Formulas as PNG, as many pixels as a slide needs. All are set in one run."""
    sized = list(dict.fromkeys(given))
    made = _rastered(_document(sized, ink)) if sized else ()
    return {
        one: inked(png, (ink, *one.wanted.colours)) for one, png in zip(sized, made, strict=True)
    }


def _document(given: Sequence[FormulaPixels], ink: str) -> str:
    head = SETTING.format(edge=EDGE, size=SIZE, ink=literal(ink), text=literal(TEXT),
                          mathematics=literal(MATHEMATICS))  # fmt: skip
    return head + "\n#pagebreak()\n".join(map(_page, given))


def _page(one: FormulaPixels) -> str:
    """One page of a document; its definitions are local to it."""
    (code, colours, available), part = one
    groups = ", ".join(f"({', '.join(f'${side}$' for side in sides)},)" for sides in code)
    return f"#[\n{PREAMBLE(colours)}\n#sides({part:g}, {available:g}pt, {groups})\n]"


def _sides(x: Tree | Equation) -> tuple[str, ...]:
    return tuple(map(typst, x.sides)) if isinstance(x, Equation) else (typst(x),)


@lru_cache(maxsize=16)
def _drawn(source: str) -> tuple[str, ...]:
    return tuple(compact(page.decode()) for page in typeset(source, "svg", equations()))


@lru_cache(maxsize=16)
def _rastered(source: str) -> tuple[bytes, ...]:
    return tuple(typeset(source, "png", equations(), PPI))


def compact(svg: str) -> str:
    """A picture by Typst in fewer bytes: short ids, and lengths as exact as glyphs are in a font.

    >>> compact('<path id="g0123456789ABCDEF0123456789ABCDEF" d="M 1.23556789 -0.5"/>')
    '<path id="g0" d="M1.24-.5"/>'
    """
    names: dict[str, str] = {}
    svg = HASH.sub(lambda found: names.setdefault(found[0], f"g{len(names)}"), svg)
    return PATH_OR_LONG.sub(lambda found: _short(found[0]), svg)


@lru_cache(maxsize=4096)
def _short(path: str) -> str:
    """A length, or a path: that of a glyph, which is the same in all formulas."""
    return SPACED.sub("", LENGTH.sub(lambda found: _rounded(found[0]), path))


LENGTH = re.compile(r"\d+\.\d+")


def _rounded(length: str) -> str:
    return f"{float(length):.2f}".rstrip("0").rstrip(".").removeprefix("0") or "0"
