"""Gates that move elements of arrays: axes in another order, joined, cut, padded and repeated."""

from __future__ import annotations

import math
from typing import Any

from ..calculus import axes
from ..calculus.shapes import axis_of
from .gate import Gate
from .rules import Option, Rule


def _at_place(position: int) -> Rule:
    """The local gradient of stack: each input gets the part that it became."""
    return Rule("", lambda m, out, *xs: m.stack_map(position, out, xs[0], int(xs[-1])), maps=True)


def _parts(m: Any, x: Any, count: int, axis: int) -> Any:
    at = axis_of(m.shape(x), axis)
    *before, size = m.shape(x)[: at + 1]
    cut = m.reshape(x, (*before, count, size // count, *m.shape(x)[at + 1 :]))
    return m.moveaxis(cut, at, 0)


def _whole(m: Any, x: Any, axis: int) -> Any:
    """What `_parts` made, put together again."""
    back = m.moveaxis(x, 0, axis)
    sizes = m.shape(back)
    return m.reshape(back, (*sizes[:axis], sizes[axis] * sizes[axis + 1], *sizes[axis + 2 :]))


def _parts_map(m: Any, out: Any, x: Any, count: int, axis: int) -> Any:
    at = axis_of(m.shape(x), axis)
    return m.Move(
        m.shape(out), m.shape(x), lambda d: _parts(m, d, count, at), lambda g: _whole(m, g, at)
    )


def _order_map(m: Any, out: Any, x: Any, *order: int) -> Any:
    forth = axes.axes_in_order(m.ndim(x), order)
    back = axes.inverse(forth)
    return m.Move(m.shape(out), m.shape(x), lambda d: m.transpose(d, forth),
                  lambda g: m.transpose(g, back))  # fmt: skip


def _swap_map(m: Any, out: Any, x: Any, one: int, other: int) -> Any:
    def swap(d: Any) -> Any:
        return m.swapaxes(d, one, other)

    return m.Move(m.shape(out), m.shape(x), swap, swap)


def _padded(m: Any, x: Any, width: axes.Widths) -> Any:
    return m.pad(x, axes.widths_of(m.shape(x), width))


def _pad_map(m: Any, out: Any, x: Any, width: axes.Widths) -> Any:
    pairs = zip(m.shape(x), axes.widths_of(m.shape(x), width), strict=True)
    middle = tuple(slice(before, before + size) for size, (before, _) in pairs)
    return m.Move(m.shape(out), m.shape(x), lambda d: _padded(m, d, width), lambda g: g[middle])


def rows() -> tuple[Gate, ...]:
    """The table, in the order in which gates are listed."""
    x, xy = ("x",), ("x", "y")
    moves = Rule("", lambda m, out, x, *_: m.reshape_map(out, x), maps=True)
    return (
        Gate(
            "permute", x, lambda m, x, *order: m.transpose(x, order),
            (Rule("permute({g}, {undone})", _order_map, True),), "permute",
            "permute({x}{options})", shape=axes.permuted, options=(Option("order", many=True),),
        ),
        Gate(
            "swapaxes", x, lambda m, x, one, other: m.swapaxes(x, one, other),
            (Rule("swapaxes({g}, {axis1}, {axis2})", _swap_map, True),), "swapaxes",
            "swapaxes({x}{options})", shape=axes.swapped,
            options=(Option("axis1", math.nan), Option("axis2", math.nan)),
        ),
        Gate(
            "expand_dims", x, lambda m, x, axis: m.reshape(x, axes.expanded(m.shape(x), axis)),
            (moves,), "+axis", "expand_dims({x}{options})", shape=axes.expanded,
            options=(Option("axis", math.nan),),
        ),
        Gate(
            "squeeze", x, lambda m, x, axis: m.reshape(x, axes.squeezed(m.shape(x), axis)),
            (moves,), "squeeze", "squeeze({x}{options})", shape=axes.squeezed,
            options=(Option("axis", several=True),),
        ),
        Gate(
            "stack", xy, lambda m, *xs: m.stack(xs[:-1], int(xs[-1])), (), "stack",
            "stack({args}{options})", shape=lambda *s: axes.stacked(*s[:-1], axis=s[-1]),
            options=(Option("axis", 0),), each=_at_place,
        ),
        Gate(
            "split", x, _parts, (Rule("", _parts_map, True),), "split",
            "split({x}{options})", shape=axes.parts,
            options=(Option("count", math.nan, least=1), Option("axis", 0)),
        ),
        Gate(
            "pad", x, _padded, (Rule("{g}[{middle}]", _pad_map, True),), "pad",
            "pad({x}{options})", shape=axes.padded,
            options=(Option("width", math.nan, least=0, pairs=True),),
        ),
        Gate(
            "broadcast_to", x, lambda m, x, *shape: m.broadcast_to(x, shape),
            (Rule("{g}", lambda m, out, x, *_: m.repeated(out, x, 1.0), True, repeats=True),),
            "copies", "broadcast_to({x}{options})", shape=axes.repeated,
            options=(Option("shape", many=True),),
        ),
    )  # fmt: skip
