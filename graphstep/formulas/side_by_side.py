"""Parts of a formula side by side: what belongs together, and what space is between them."""

from __future__ import annotations

from collections.abc import Sequence

from .signs import LARGE, LIMITS, TIMES, braced
from .tree import Fenced, Limits, Matrix, Name, Number, Row, Scripts, Sign, Tree

INTEGRALS = "∫∬∭∮"
COMMA = Row((Sign(","),))
"""A comma without a space behind it."""
BRACKETS = {"(": ")", "[": "]", "{": "}"}
BARS = ("|", "‖", "∣", "∥")


def row(parts: Sequence[Tree]) -> Tree:
    """Parts as one: numbers, brackets and bars are put together, functions have their spaces."""
    made = _spaced(_bracketed(_numbers(parts)))
    return COMMA if made == [Sign(",")] else one(made)


def one(parts: Sequence[Tree]) -> Tree:
    """The only part, or a row of several."""
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def beside(base: Tree, below: Tree | None, above: Tree | None, stacked: bool | None) -> Tree:
    """A part with its scripts, or, if it is so by nature or wish, with what it ranges over."""
    if below is None and above is None:
        return base
    wish = _is_stacked(base, below, above) if stacked is None else stacked
    return Limits(base, below, above) if wish else Scripts(base, below, above)


def _is_stacked(base: Tree, below: Tree | None, above: Tree | None) -> bool:
    """Whether scripts stand under and over a part, where there is space for them."""
    if isinstance(base, Sign):
        return base.text in LARGE and base.text not in INTEGRALS
    if isinstance(base, Name):
        return base.text in LIMITS and above is None
    wide = braced(base.under, base.over) if isinstance(base, Limits) else ""
    return (wide == "underbrace" and below is not None) or (
        wide == "overbrace" and above is not None
    )


def _numbers(parts: Sequence[Tree]) -> list[Tree]:
    """A comma without a space between two numbers is inside a number: 0,5."""
    made: list[Tree] = []
    for part in parts:
        first = made[-2] if len(made) > 1 and made[-1] == COMMA else None
        if isinstance(first, Number) and isinstance(part, Number):
            made[-2:] = [Number(f"{first.text},{part.text}")]
        else:
            made.append(part)
    return made


def _bracketed(parts: Sequence[Tree]) -> list[Tree]:
    """A table between two brackets, and anything between two bars: they grow with it."""
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
    """What stands behind the place of a bracket becomes one part with it and the other bracket."""
    left, inner = made[at], one(made[at + 1 :])
    assert isinstance(left, Sign)
    fenced = Fenced(inner, left.text, right)
    made[at:] = [part._replace(base=fenced) if isinstance(part, Scripts) else fenced]


def _spaced(parts: Sequence[Tree]) -> list[Tree]:
    """A small space beside a function, where no bracket or sign stands: 2 max x."""
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
