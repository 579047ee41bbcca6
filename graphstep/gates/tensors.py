"""The gates of vectors and matrices: products, sums, and moving elements."""

from __future__ import annotations

import math
from typing import Any

from ..calculus import shapes
from ..calculus.indexing import parted, read_index
from .gate import Gate
from .rules import AXES, AXIS, KEEP, LAST, Kink, Option, Rule


def _part(position: int) -> Rule:
    """The local gradient of concat: each input gets its part."""
    return Rule(
        "", lambda m, out, *xs: m.concat_map(position, out, xs[:-1], int(xs[-1])), maps=True
    )


def _at(i: float | None, j: float | None) -> slice:
    return slice(None if i is None else int(i), None if j is None else int(j))


def _flat(m: Any, x: Any, start: int) -> Any:
    return m.reshape(x, shapes.flattened(m.shape(x), start))


def _share(text: str, sign: float) -> Rule:
    """The local gradient of the greatest or least element: equal ones share the gradient."""
    chosen = text.partition("*")[2]
    return Rule(
        text, lambda m, out, x, axis, keep: m.extreme_map(out, x, axis, keep), True, ("x",),
        fails=lambda m, x, axis, _: m.extreme_gaps(x, axis, sign) == 0,
        there=f"{text}/sum({chosen}{{along}})",
    )  # fmt: skip


def rows() -> tuple[Gate, ...]:
    """The table, in the order in which gates are listed."""
    x, xy = ("x",), ("x", "y")
    moves = Rule("", lambda m, out, x, *_: m.reshape_map(out, x), maps=True)
    return (
        Gate(
            "matmul", xy, lambda m, x, y: m.matmul(x, y),
            (Rule("{g} · {y}ᵀ", lambda m, out, x, y: m.product_map(out, x, y, "left"), True,
                  ("y",), lambda m, g, out, x, y: m.pull_left(g, y, x.shape), repeats=True),
             Rule("{x}ᵀ · {g}", lambda m, out, x, y: m.product_map(out, x, y, "right"), True,
                  ("x",), lambda m, g, out, x, y: m.pull_right(g, x, y.shape), repeats=True)),
            "@", "{x} @ {y}", shape=shapes.matmul, nickname="switcher", zero="factor",
            terms=lambda m, x, y: m.matmul(m.fabs(x), m.fabs(y)),
        ),
        Gate(
            "outer", xy, lambda m, x, y: m.outer(x, y),
            (Rule("{g} · {y}", lambda m, out, x, y: m.outer_map(x, y, "left"), True, ("y",)),
             Rule("{g}ᵀ · {x}", lambda m, out, x, y: m.outer_map(x, y, "right"), True, ("x",))),
            "outer", "outer({x}, {y})", shape=shapes.outer, zero="factor",
            expansion="reshape(x, -1, 1)*reshape(y, 1, -1)",
        ),
        Gate(
            "transpose", x, lambda m, x: x.T,
            (Rule("{g}.T", lambda m, out, x: m.transpose_map(out, x), True),),
            "x^T", "{x}.T", shape=shapes.transposed,
        ),
        Gate(
            "reshape", x, lambda m, x, *to: m.reshape(x, shapes.reshaped(m.shape(x), *to)),
            (moves,), "reshape", "reshape({x}{options})", shape=shapes.reshaped,
            options=(Option("shape", many=True),),
        ),
        Gate(
            "flatten", x, _flat, (moves,), "flatten", "flatten({x}{options})",
            shape=shapes.flattened, options=(Option("start", 0, least=0),),
        ),
        Gate(
            "index", x, lambda m, x, i: x[int(i)],
            (Rule("", lambda m, out, x, i: m.index_map(out, x, int(i)), True),),
            "[{i}]", "{x}[{i}]", shape=shapes.indexed, options=(Option("i", math.nan),),
        ),
        Gate(
            "slice", x, lambda m, x, i, j: x[_at(i, j)],
            (Rule("", lambda m, out, x, i, j: m.index_map(out, x, _at(i, j)), True),),
            "[{i}:{j}]", "{x}[{i}:{j}]", shape=shapes.sliced,
            options=(Option("i"), Option("j")),
        ),
        Gate(
            "pick", ("s", "y"), lambda m, s, y: m.pick(s, y),
            (Rule("", lambda m, out, s, y: m.pick_map(s, y), True, ("y",)),
             Rule("0", lambda m, out, s, y: m.zero(out, y), True)),
            "pick", "pick({s}, {y})", shape=shapes.picked, labels="y", zero="untaken",
        ),
        Gate(
            "part", x, lambda m, x, at: x[read_index(at)],
            (Rule("", lambda m, out, x, at: m.index_map(out, x, read_index(at)), True),),
            "[{at}]", "{x}[{at}]", shape=parted,
            options=(Option("at", math.nan, reads=read_index),),
        ),
        Gate(
            "take", ("x", "i"), lambda m, x, i: m.take(x, i),
            (Rule("", lambda m, out, x, i: m.take_map(x, i), True, ("i",)),
             Rule("0", lambda m, out, x, i: m.zero(out, i), True)),
            "x[i]", "{x}[{i}]", shape=shapes.taken, labels="i", zero="untaken",
        ),
        Gate(
            "concat", xy, lambda m, *xs: m.concatenate(xs[:-1], int(xs[-1])), (), "concat",
            "concat({args}{options})", shape=lambda *s: shapes.concatenated(*s[:-1], axis=s[-1]),
            options=(Option("axis", 0),), each=_part,
        ),
        Gate(
            "sum", x, lambda m, x, axis, keepdims: m.sum(x, axis, bool(keepdims)),
            (Rule("{g}*{ones}",
                  lambda m, out, x, axis, _: m.contraction(out, x, 1.0, axis), True, (),
                  lambda m, g, out, x, axis, _: m.spread(g, 1.0, x.shape, axis)),),
            "Σ", "sum({x}{options})", shape=shapes.reduced, options=(AXES, KEEP),
            nickname="distributor",
            terms=lambda m, x, axis, keepdims: m.sum(m.fabs(x), axis, bool(keepdims)),
        ),
        Gate(
            "mean", x, lambda m, x, axis, keepdims: m.mean(x, axis=axis, keepdims=bool(keepdims)),
            (Rule("{g}/{n}*{ones}", lambda m, out, x, axis, _:
                  m.contraction(out, x, max(m.size(out), 1) / m.size(x), axis), True),),
            "mean", "mean({x}{options})", shape=shapes.reduced, options=(AXES, KEEP),
            terms=lambda m, x, axis, keepdims: m.mean(m.fabs(x), axis=axis,
                                                      keepdims=bool(keepdims)),
        ),
        Gate(
            "var", x, lambda m, x, axis, keepdims: m.var(x, axis=axis, keepdims=bool(keepdims)),
            (Rule("{g}*2*({x} - mean({x}{along}))/{n}",
                  lambda m, out, x, axis, _: m.variance_map(out, x, axis), True, ("x",)),),
            "var", "var({x}{options})", shape=shapes.reduced, options=(AXES, KEEP),
            expansion="mean(square(x - mean(x{along_axis}, keepdims=1)){options})",
        ),
        Gate(
            "std", x, lambda m, x, axis, keepdims: m.std(x, axis=axis, keepdims=bool(keepdims)),
            (Rule("{g}*({x} - mean({x}{along}))/({n}*std({x}{along}))",
                  lambda m, out, x, axis, _: m.deviation_map(out, x, axis), True, ("x",),
                  fails=lambda m, x, axis, _: m.deviations(x, axis) == 0,
                  there="{g}*({x} - mean({x}{along}))/({n}*(std({x}{along})"
                        " + [std({x}{along}) = 0]))"),),
            "std", "std({x}{options})", shape=shapes.reduced, options=(AXES, KEEP),
            kinks=lambda m, x, axis, _: (Kink(m.deviations(x, axis)),),
            convention="std' = 0 where all elements are equal",
            expansion="sqrt(var(x{options}))",
        ),
        Gate(
            "prod", x, lambda m, x, axis, keepdims: m.prod(x, axis=axis, keepdims=bool(keepdims)),
            (Rule("{g}*prod({x}{along})/{x}",
                  lambda m, out, x, axis, _: m.prod_map(out, x, axis), True, ("x",),
                  fails=lambda m, x, *_: x == 0),),
            "Π", "prod({x}{options})", shape=shapes.reduced, options=(AXES, KEEP),
            zero="factor",
        ),
        Gate(
            "size", x, lambda m, x, axis: m.asarray(m.size(x, axis) * 1.0)[()],
            (Rule("", lambda m, out, x, axis: m.zero(out, x), True),), "size",
            "size({x}{options})", shape=shapes.counted, options=(Option("axis"),), zero="flat",
        ),
        Gate(
            "cumsum", x, lambda m, x, axis: m.cumsum(x, axis),
            (Rule("", lambda m, out, x, axis: m.cumsum_map(out, x, axis), True),),
            "cumsum", "cumsum({x}{options})", shape=shapes.accumulated, options=(AXIS,),
            terms=lambda m, x, axis: m.cumsum(m.fabs(x), axis),
        ),
        Gate(
            "sort", x, lambda m, x, axis: m.sort(x, axis),
            (Rule("", lambda m, out, x, axis: m.sort_map(out, x, axis), True, ("x",)),),
            "sort", "sort({x}{options})", shape=shapes.along, options=(LAST,), ties="order",
            kinks=lambda m, x, axis: (Kink(m.neighbour_gaps(x, axis)),),
            convention="equal elements keep their order",
        ),
        Gate(
            "median", x, lambda m, x, axis, keepdims: m.median(x, axis, bool(keepdims)),
            (Rule("", lambda m, out, x, axis, _: m.median_map(out, x, axis), True, ("x",)),),
            "median", "median({x}{options})", shape=shapes.reduced, options=(AXES, KEEP),
            zero="untaken", ties="elements",
            kinks=lambda m, x, axis, _: (Kink(m.middle_gaps(x, axis)),),
            convention="equal elements share the gradient",
        ),
        Gate(
            "amax", x, lambda m, x, axis, keepdims: m.amax(x, axis=axis, keepdims=bool(keepdims)),
            (_share("{g}*[{x} = max({x}{along})]", 1.0),),
            "max", "max({x}{options})", shape=shapes.reduced, options=(AXES, KEEP), zero="max",
            ties="elements",
            kinks=lambda m, x, axis, _: (Kink(m.extreme_gaps(x, axis, 1.0)),), nickname="router",
            convention="equal elements share the gradient",
        ),
        Gate(
            "amin", x, lambda m, x, axis, keepdims: m.amin(x, axis=axis, keepdims=bool(keepdims)),
            (_share("{g}*[{x} = min({x}{along})]", -1.0),),
            "min", "min({x}{options})", shape=shapes.reduced, options=(AXES, KEEP), zero="min",
            ties="elements",
            kinks=lambda m, x, axis, _: (Kink(m.extreme_gaps(x, axis, -1.0)),), nickname="router",
            convention="equal elements share the gradient",
        ),
        Gate(
            "norm", x, lambda m, x: m.norm(x),
            (Rule("{g}*{x}/norm({x})", lambda m, out, x: m.contraction(
                out, x, lambda: m.where(out == 0, 0.0, x / out)), True, ("x", "out"),
                fails=lambda m, x: m.norm(x) == 0,
                there="{g}*{x}/(norm({x}) + [norm({x}) = 0])"),),
            "‖x‖", "norm({x})", shape=shapes.one_number, kinks=lambda m, x: (Kink(m.norm(x)),),
            zero=lambda m, i, x: m.where(x == 0, "other", "tiny"), convention="norm'(0) = 0",
            expansion="sqrt(sum(square(x)))",
        ),
        Gate(
            "trace", x, lambda m, x: m.trace(x),
            (Rule("", lambda m, out, x: m.contraction(out, x, lambda: m.eye(len(x))), True),),
            "tr", "trace({x})", shape=shapes.of_square,
        ),
        Gate(
            "diag", x, lambda m, x: m.diag(x),
            (Rule("diag({g})", lambda m, out, x: m.Move(m.shape(out), m.shape(x), m.diag, m.diag),
                  True),),
            "diag", "diag({x})", shape=shapes.diagonal,
        ),
        Gate(
            "det", x, lambda m, x: m.det(x),
            (Rule("{g}*det({x})*inv({x}).T", lambda m, out, x: m.contraction(
                out, x, lambda: m.cofactors(x)), True, ("x",),
                fails=lambda m, x: m.det(x) == 0),),
            "det", "det({x})", shape=shapes.of_square, zero="factor",
        ),
        Gate(
            "inv", x, lambda m, x: m.inverse(x),
            (Rule("-inv({x}).T @ {g} @ inv({x}).T", lambda m, out, x: m.inverse_map(out), True,
                  ("out",)),),
            "x^−1", "inv({x})", shape=shapes.square,
        ),
        Gate(
            "maxout", ("x", "w1", "b1", "w2", "b2"),
            lambda m, x, w1, b1, w2, b2: m.maxout(x, w1, b1, w2, b2),
            tuple(Rule("", lambda m, out, *xs, k=k: m.maxout_map(k, out, *xs), True,
                       ("x", "w1", "b1", "w2", "b2")) for k in range(5)),
            "maxout", "maxout({x}, {w1}, {b1}, {w2}, {b2})", shape=shapes.maxout,
            kinks=lambda m, *xs: (Kink(m.maxout_gaps(*xs), tuple(range(5))),), ties="pieces",
            convention="equal pieces share the gradient",
            expansion="max(x @ w1 + b1, x @ w2 + b2)",
            curve="max(-0.5*x - 0.5, 0.5*x + 0.5)",
        ),
    )  # fmt: skip
