"""Formulas on their own lines as pictures, for programs that know no equations; set by Typst."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from ..formulas.tree import Equation, Tree
from ..formulas.typst_math import PREAMBLE, typst
from ..formulas.unicode import unicode
from ..look.fonts import MATHEMATICS, TEXT
from ..look.png import inked
from ..look.style import Colours
from ..look.typst import document_metadata, equations, literal, typeset
from ..slides.deck import BODY

SIZE = 1.12 * BODY  # at which formulas look as large as the text
PPI = 144  # pixels for each inch of a slide
EDGE = 1.0  # points around a formula, as some glyphs reach beyond their box
SETTING = """
#import "equations.typ": equations
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: {text}, size: {size}pt, fill: rgb({ink}))
#show math.equation: set text(font: ({mathematics}, {text}))
#show math.equation.where(block: true): set par(leading: .8em)
#let padded(sides, width) = pad({edge}pt, equations(sides, "", width))
#let sized(width, ..sides) = context {{
  let (width, height) = measure(padded(sides.pos(), width))
  [#metadata((width.pt(), height.pt())) <size>]
}}
#let drawn(part, width, ..sides) = context {{
  let it = padded(sides.pos(), width)
  if part == 1 {{ it }} else {{ scale(part * 100%, reflow: true, it) }}
}}
"""
"""The size of each formula as metadata, or a page for each. Equations are aligned at their first
"=", as on the pages of a PDF."""

Formulas = tuple[Tree | Equation, ...]


class Wanted(NamedTuple):
    """Formulas, one below the other: their colours, and the width at which they are broken."""

    code: tuple[tuple[str, ...], ...]  # of each side; trees of different kinds can be equal
    colours: Colours
    available: float


class FormulaPicture(NamedTuple):
    """A formula as a picture: its size in points."""

    wanted: Wanted
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
    """Formulas as pictures. All are measured in one run. Raises OutputError if Typst fails."""
    whole = list(dict.fromkeys(given))
    calls = (_call("sized", one) for one in whole)
    sizes = _measured(_document(calls, ink, "\n")) if whole else ()
    return {one: FormulaPicture(one, *size) for one, size in zip(whole, sizes, strict=True)}


def formula_pixels(given: Iterable[FormulaPixels], ink: str) -> Mapping[FormulaPixels, bytes]:
    """Formulas as PNG, as many pixels as a slide needs. All are set in one run."""
    sized = list(dict.fromkeys(given))
    pages = (_call("drawn", one.wanted, f"{one.part:g}") for one in sized)
    made = _rastered(_document(pages, ink, "\n#pagebreak()\n")) if sized else ()
    return {
        one: inked(png, (ink, *one.wanted.colours, *one.wanted.colours.hues.values()))
        for one, png in zip(sized, made, strict=True)
    }


def _document(calls: Iterable[str], ink: str, between: str) -> str:
    head = SETTING.format(edge=EDGE, size=SIZE, ink=literal(ink), text=literal(TEXT),
                          mathematics=literal(MATHEMATICS))  # fmt: skip
    return head + between.join(calls)


def _call(function: str, one: Wanted, *given: str) -> str:
    """A function of the document called for a formula, whose definitions are local to it."""
    groups = (f"({', '.join(f'${side}$' for side in sides)},)" for sides in one.code)
    arguments = ", ".join((*given, f"{one.available:g}pt", *groups))
    return f"#[\n{PREAMBLE(one.colours)}\n#{function}({arguments})\n]"


def _sides(x: Tree | Equation) -> tuple[str, ...]:
    return tuple(map(typst, x.sides)) if isinstance(x, Equation) else (typst(x),)


@lru_cache(maxsize=16)
def _measured(source: str) -> tuple[tuple[float, float], ...]:
    return tuple((wide, high) for wide, high in document_metadata(source, "size", equations()))


@lru_cache(maxsize=16)
def _rastered(source: str) -> tuple[bytes, ...]:
    return tuple(typeset(source, "png", equations(), PPI))
