"""Gates that choose, compare and round, element by element on numbers and on arrays."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import accumulate, repeat
from typing import Any

from ..calculus.functions import ELEMENTARY, Number
from .gate import Gate
from .gate_row import called
from .rules import Kink, Rule


def _share(position: int) -> Rule:
    """The local gradient of max and min: equal inputs share the gradient."""

    def each(m: Any, shared: Number, out: Number, *xs: Number) -> Number:
        found: Number = m.where(xs[position] == out, shared, 0.0)
        return found

    return Rule(
        "",
        lambda m, out, *xs: each(m, _part(m, out, *xs), out, *xs),
        fails=lambda m, *xs: _is_tie(xs[position], xs),
        shared=_part,
        each=each,
    )


def _part(_: Any, out: Number, *xs: Number) -> Any:
    """The part of the gradient that each of the inputs gets that are equal to the output."""
    return 1.0 / _equal(xs, out)


def _is_tie(mine: Number, xs: tuple[Number, ...]) -> Any:
    """Whether an input is equal to another one, which may be infinite."""
    return _equal(xs, mine) > 1


def _equal(xs: tuple[Number, ...], other: Number) -> Any:
    """How many inputs are equal to a number, or to an array element by element."""
    return sum(map(operator.eq, xs, repeat(other)))


def _gaps(m: Any, *xs: Number) -> tuple[Kink, ...]:
    """The kinks of max: each input's distance from the greatest of the others, 0 at a tie."""
    before = [*accumulate(xs[:-1], m.maximum)]  # the greatest of the first inputs
    behind = [*accumulate(xs[:0:-1], m.maximum)][::-1]
    middle = map(m.maximum, before, behind[1:])
    others = (behind[0], *middle, before[-1])
    return tuple(Kink(x - other, (i,)) for i, (x, other) in enumerate(zip(xs, others, strict=True)))


def _gaps_of_min(m: Any, *xs: Number) -> tuple[Kink, ...]:
    return _gaps(m, *(-x for x in xs))


def _fold(choose: str) -> Callable[..., Number]:
    def extreme(m: Any, *xs: Number) -> Number:
        out = xs[0]
        for x in xs[1:]:
            out = getattr(m, choose)(out, x)
        return out

    return extreme


def _ends_of_clip(m: Any, x: Number, low: Number, high: Number) -> tuple[Kink, ...]:
    """The kinks of clip, which is the smaller one of `high` and the greater one of x and `low`.

    With respect to x they are its bounds, if these are in order and differ.
    """
    apart, free = low < high, x < high
    return (
        Kink(m.where(apart, (x - low) * (x - high), 1.0), (0,)),
        Kink(m.where(free, (x - low) * (low - high), 1.0), (1,)),
        Kink(m.maximum(x, low) - high, (2,)),
    )


def _flat(name: str, symbol: str, to_jump: Callable[..., Number]) -> Gate:
    """A gate whose value only jumps; `to_jump` is the distance from the nearest jump."""
    function = ELEMENTARY[name]
    ufunc = function.ufuncs[0]
    return Gate(
        name, ("x",), lambda m, x: getattr(m, ufunc)(x), (0.0,), symbol, called(name, ("x",)),
        function.floats, kinks=lambda m, x: (Kink(to_jump(m, x)),), jumps=True, zero="flat",
        convention=f"{name}' = 0, at the jumps too",
    )  # fmt: skip


def _mask(sign: str, name: str, symbol: str, holds: Callable[..., Any]) -> Gate:
    """A comparison, 1 where it holds and 0 elsewhere: a mask, without gradient."""
    # as a statement of its own, x == y would name x
    written = f"{{x}} {sign} {{y}}" if sign != "==" else called(name, ("x", "y"))
    return Gate(
        name, ("x", "y"), lambda m, x, y: holds(x, y) * 1.0, (0.0, 0.0), symbol,
        f"[{{x}} {sign.replace('==', '=')} {{y}}]", lambda x, y: float(holds(x, y)),
        left=f"{{c}}{symbol}x", right=f"{symbol}{{c}}", written=written,
        kinks=lambda m, x, y: (Kink(x - y, (0, 1)),), jumps=True, zero="mask",
        convention="a mask has no gradient: 0", commutes=sign in ("==", "!="),
    )  # fmt: skip


def rows() -> tuple[Gate, ...]:
    """The table, in the order in which gates are listed."""
    xy = ("x", "y")
    return (
        Gate(
            "max", xy, _fold("maximum"), (), "max", "max({args})", kinks=_gaps, zero="max",
            nickname="router", convention="equal inputs share the gradient: half to each of two",
            commutes=True, each=_share, alone="amax", ties="inputs",
        ),
        Gate(
            "min", xy, _fold("minimum"), (), "min", "min({args})", kinks=_gaps_of_min, zero="min",
            nickname="router", convention="equal inputs share the gradient: half to each of two",
            commutes=True, each=_share, alone="amin", ties="inputs",
        ),
        Gate(
            "clip", ("x", "low", "high"),
            lambda m, x, low, high: m.minimum(m.maximum(x, low), high),
            (Rule("[{x} >= {low}]*[{x} <= {high}]",
                  lambda m, out, x, low, high: ((x >= low) & (x <= high)) * 1.0),
             Rule("[{x} < {low}]*[{low} <= {high}]",
                  lambda m, out, x, low, high: ((x < low) & (low <= high)) * 1.0),
             Rule("[max({x}, {low}) > {high}]",
                  lambda m, out, x, low, high: ((x > high) | (low > high)) * 1.0)),
            "clip", "clip({x}, {low}, {high})", kinks=_ends_of_clip, zero="flat",
            convention="clip'(low) = clip'(high) = 1", expansion="min(max(x, low), high)",
        ),
        Gate(
            "where", ("mask", "x", "y"), lambda m, mask, x, y: m.where(mask != 0, x, y),
            (0.0,
             Rule("[{mask} != 0]", lambda m, out, mask, x, y: (mask != 0) * 1.0),
             Rule("[{mask} = 0]", lambda m, out, mask, x, y: (mask == 0) * 1.0)),
            "where", "where({mask}, {x}, {y})",
            lambda mask, x, y: x if mask != 0.0 else y, convention="a mask has no gradient: 0",
            zero=lambda m, i, *_: "flat" if i else "mask",
        ),
        _mask(">", "greater", ">", operator.gt),
        _mask(">=", "greater_equal", "≥", operator.ge),
        _mask("<", "less", "<", operator.lt),
        _mask("<=", "less_equal", "≤", operator.le),
        _mask("==", "equal", "=", operator.eq),
        _mask("!=", "not_equal", "≠", operator.ne),
        _flat("sign", "sign", lambda m, x: x),
        _flat("floor", "⌊x⌋", lambda m, x: x - m.rint(x)),
        _flat("ceil", "⌈x⌉", lambda m, x: x - m.rint(x)),
        _flat("round", "round", lambda m, x: x - m.floor(x) - 0.5),
    )  # fmt: skip
