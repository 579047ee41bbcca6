"""Parts of a formula side by side: grouping, scripts, and the spaces between."""

from __future__ import annotations

from collections.abc import Sequence

from ..formulas.signs import LARGE, LIMITS, TIMES, braced
from ..formulas.tree import Fenced, Limits, Matrix, Name, Number, Row, Scripts, Sign, Tree

INTEGRALS = "∫∬∭∮"
COMMA = Row((Sign(","),))
"""A comma without a space after it."""
BRACKETS = {"(": ")", "[": "]", "{": "}"}
BARS = ("|", "‖", "∣", "∥")


def row(parts: Sequence[Tree]) -> Tree:
    """One part of several: numbers and brackets are joined, functions get their spaces."""
    made = _spaced(_bracketed(_numbers(parts)))
    return COMMA if made == [Sign(",")] else one(made)


def one(parts: Sequence[Tree]) -> Tree:
    """The only part, or a row of several."""
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def with_scripts(base: Tree, below: Tree | None, above: Tree | None, stacked: bool | None) -> Tree:
    """A part with scripts, or with limits if `stacked`, or by default for sums and the like."""
    if below is None and above is None:
        return base
    wish = _is_stacked(base, below, above) if stacked is None else stacked
    return Limits(base, below, above) if wish else Scripts(base, below, above)


def _is_stacked(base: Tree, below: Tree | None, above: Tree | None) -> bool:
    """Whether scripts go under and over a part by default."""
    if isinstance(base, Sign):
        return base.text in LARGE and base.text not in INTEGRALS
    if isinstance(base, Name):
        return base.text in LIMITS and above is None
    wide = braced(base.under, base.over) if isinstance(base, Limits) else ""
    return (wide == "underbrace" and below is not None) or (
        wide == "overbrace" and above is not None
    )


def _numbers(parts: Sequence[Tree]) -> list[Tree]:
    """Join numbers around a comma without a space into a decimal number: 0,5."""
    made: list[Tree] = []
    for part in parts:
        first = made[-2] if len(made) > 1 and made[-1] == COMMA else None
        if isinstance(first, Number) and isinstance(part, Number):
            made[-2:] = [Number(f"{first.text},{part.text}")]
        else:
            made.append(part)
    return made


def _bracketed(parts: Sequence[Tree]) -> list[Tree]:
    """Fence a table between two brackets, and anything between two bars."""
    made: list[Tree] = []
    for part in parts:
        bar = part.base if isinstance(part, Scripts) else part
        table = len(made) > 1 and isinstance(made[-1], Matrix) and isinstance(bar, Sign)
        if isinstance(bar, Sign) and bar.text in BARS and bar in made:
            at = len(made) - 1 - made[::-1].index(bar)
            _close(made, at, part, bar.text)
        elif table and BRACKETS.get(getattr(made[-2], "text", "")) == getattr(bar, "text", None):
            _close(made, len(made) - 2, part, getattr(bar, "text", ""))
        else:
            made.append(part)
    return made


def _close(made: list[Tree], at: int, part: Tree, right: str) -> None:
    """Replace everything from the bracket at `at` by one fenced part."""
    left, inner = made[at], one(made[at + 1 :])
    assert isinstance(left, Sign)
    fenced = Fenced(inner, left.text, right)
    made[at:] = [part._replace(base=fenced) if isinstance(part, Scripts) else fenced]


def _spaced(parts: Sequence[Tree]) -> list[Tree]:
    """Put a small space beside a function that has no bracket or sign there: 2 max x."""
    made: list[Tree] = []
    for part in parts:
        if made and not isinstance(part, Sign) and not isinstance(made[-1], Sign):
            brackets = isinstance(part, Fenced)
            if (_is_function(made[-1]) and not brackets) or _is_function(part):
                made.append(Sign(TIMES))
        made.append(part)
    return made


def _is_function(part: Tree) -> bool:
    base = part.base if isinstance(part, Scripts | Limits) else part
    return isinstance(base, Name) and len(base.text) > 1
