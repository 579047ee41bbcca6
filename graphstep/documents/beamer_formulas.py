"""How large LaTeX sets formulas, forecast as TeX does it: boxes with a height and a depth.

All lengths are in ems of the text. The numbers are those of Computer Modern (The TeXbook,
appendix G).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..formulas.tree import (
    Boxed,
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Root,
    Scripts,
    Sign,
    Tree,
    Words,
)
from ..slides.text_forecast import formula_ems

AXIS, RULE = 0.25, 0.04  # where the bar of a fraction is, and how thick it is
SHIFTS = {True: (0.677, 0.686, 0.12), False: (0.394, 0.345, 0.04)}  # up, down, and the least gap
SMALL = 0.7  # of raised and lowered parts
RAISED, DROPPED, LOWERED, BOUND = 0.41, 0.27, 0.15, 0.2
BRACKETS = (1.0, 1.2, 1.8, 2.4, 3.0)  # sizes of brackets, which then grow with what they hold
COVERED, SHORT = 0.901, 0.46  # how much of it they have to cover
BRACE = 1.46  # a brace and a name under it
ROOF, FRAME = 0.2, 0.3  # over a root, and around what is framed
ROW = 1.24  # of a matrix, and from one line to the next
BETWEEN, AFTER = 0.36, 0.27  # lines that are higher than that, and between equations
WIDE = 0.86  # of the width that is forecast for a browser
EQUALS, SPACE = 1.06, 0.33  # a sign of equality before a side, and the space after it
LARGE = "∑∏∫"
SMALL_LETTERS = "acegmnopqrsuvwxyz"
BELOW = "gjpqyQ,;βγζημξρφχψ"  # letters that go below the line


class Box(NamedTuple):
    """The height and the depth of a formula."""

    height: float
    depth: float = 0.0

    @property
    def whole(self) -> float:
        """From top to bottom."""
        return self.height + self.depth

    def times(self, part: float) -> Box:
        """The box in another size."""
        return Box(self.height * part, self.depth * part)


def formulas_height(equations: Iterable[Equation | Tree], available: float) -> float:
    """The height of equations below each other, whose sides go on on further lines.

    >>> from graphstep.formulas.tree import Name, Row
    >>> one = Equation((Name("f"), Row((Name("x"), Sign("+"), Name("y")))))
    >>> [round(formulas_height([one], wide), 2) for wide in (40, 3)]
    [0.89, 1.93]
    """
    height = 0.0
    for equation in equations:
        height += AFTER * bool(height)
        for line in _lines(equation, available):
            height += max(ROW, line.whole + BETWEEN) if height else line.whole
    return height


def widest_side(equations: Iterable[Equation | Tree]) -> float:
    """The width of the widest side, which is made smaller where it is wider than the line."""
    return max((wide for one in equations for wide, _ in _sides(one)), default=0.0)


def _sides(equation: Equation | Tree) -> list[tuple[float, Box]]:
    """The widths and boxes of the sides of an equation."""
    sides = equation.sides if isinstance(equation, Equation) else (equation,)
    return [(WIDE * formula_ems(side) + EQUALS * (k > 0), _box(side, True))
            for k, side in enumerate(sides)]  # fmt: skip


def _lines(equation: Equation | Tree, available: float) -> list[Box]:
    """The lines of an equation."""
    lines: list[list[Box]] = []
    left = 0.0
    for wide, box in _sides(equation):
        if not lines or wide > left:
            lines, left = [*lines, []], available
        lines[-1].append(box.times(min(1.0, available / wide) if wide else 1.0))
        left -= wide + SPACE
    return [_beside(line) for line in lines]


def _beside(boxes: Iterable[Box]) -> Box:
    """Boxes on one line."""
    found = list(boxes)
    return Box(*map(max, zip(*found, strict=True))) if found else Box(0.0)


def _box(tree: Any, display: bool) -> Box:
    """The box of a formula, in TeX's style for `display` or in that for texts."""
    if make := BOXES.get(type(tree)):
        return make(tree, display)
    parts = tree if isinstance(tree, tuple) else ()
    return _beside(_box(p, display) for part in parts
                   for p in (part if type(part) is tuple else (part,)))  # fmt: skip


def _text(tree: Name | Number | Words, _: bool) -> Box:
    """Letters and digits; a name that ends with its index has it below the line."""
    low = 0.2 if set(tree.text) & set(BELOW) else 0.0
    height = 0.46 if set(tree.text) <= set(SMALL_LETTERS) else 0.69
    indexed = isinstance(tree, Name) and len(tree.text) > 1 and tree.text[-1].isdigit()
    return Box(height, max(low, LOWERED * indexed))


def _sign(tree: Sign, display: bool) -> Box:
    """A sign of an operation; sums and integrals are larger on lines of their own."""
    if tree.text in LARGE:
        return Box(0.95, 0.65) if display else Box(0.75, 0.25)
    return Box(0.69 if tree.text in "∂∇" else 0.58, 0.2 if tree.text == "," else 0.08)


def _fraction(tree: Frac, display: bool) -> Box:
    """Numerator and denominator, moved away from the bar until there is a gap."""
    up, down, gap = SHIFTS[display]
    size = 1.0 if display else SMALL
    top, bottom = (_box(part, False).times(size) for part in tree)
    up = max(up, top.depth + AXIS + RULE / 2 + gap)
    down = max(down, bottom.height - AXIS + RULE / 2 + gap)
    return Box(up + top.height, down + bottom.depth)


def _scripts(tree: Scripts | Limits, display: bool) -> Box:
    """A base with what is above and below it."""
    base, *others = (_box(part, display) if part else None for part in tree)
    assert base is not None
    low, high = (part and part.times(SMALL) for part in others)
    height, depth = base
    if isinstance(tree, Limits) and display:
        above, below = (part.whole + BOUND if part else 0.0 for part in (high, low))
        return Box(height + above, depth + below)
    if high:
        height = max(height, max(RAISED, base.height - DROPPED) + high.height)
    if low:
        depth = max(depth, max(LOWERED, base.depth + 0.05) + low.depth)
    return Box(height, depth)


def _fenced(tree: Fenced, display: bool) -> Box:
    """A formula between brackets of the least size that covers it."""
    inner = _box(tree.inner, display)
    both = 2 * max(inner.height - AXIS, inner.depth + AXIS)
    need = max(COVERED * both, both - SHORT)
    size = next((size for size in BRACKETS if size >= need), need)
    return _beside([inner, Box(size / 2 + AXIS, size / 2 - AXIS)])


def _matrix(tree: Matrix, _: bool) -> Box:
    """Rows in the middle of the line."""
    rows = (_beside(_box(cell, False) for cell in row) for row in tree.rows)
    half = sum(max(ROW, row.whole + BETWEEN / 2) for row in rows) / 2
    return Box(half + AXIS, half - AXIS)


def _marked(tree: Marked, display: bool) -> Box:
    """A part with a brace and its name below."""
    height, depth = inner = _box(tree.inner, display)
    if not tree.label:
        return inner
    return Box(height, depth + BRACE + 0.14 * bool(set(tree.label) & set(BELOW)))


def _around(tree: Root | Boxed, display: bool, above: float, below: float) -> Box:
    """A part with a line above, and another one below it."""
    height, depth = _box(tree.inner, display)
    return Box(height + above, depth + below)


BOXES: Mapping[type, Callable[[Any, bool], Box]] = MappingProxyType(
    {
        Name: _text, Number: _text, Words: _text, Sign: _sign, Frac: _fraction,
        Scripts: _scripts, Limits: _scripts, Fenced: _fenced, Matrix: _matrix, Marked: _marked,
        Root: lambda tree, display: _around(tree, display, ROOF, 0.0),
        Boxed: lambda tree, display: _around(tree, display, FRAME, FRAME),
    }
)  # fmt: skip
