"""Scores, losses, regularizers, and the layers of networks on images and batches."""

from __future__ import annotations

import math

from ..calculus import shapes, windows
from .gate import Gate
from .rules import AXIS, KEEP, LAST, Kink, Option, Rule

PAD = Option("pad", 0, least=0, pairs=True)
POOL = (Option("size", 2, least=1), Option("stride", None, least=1), PAD)
CONV = (Option("stride", 1, least=1), PAD, Option("dilation", 1, least=1),
        Option("groups", 1, least=1))  # fmt: skip


def rows() -> tuple[Gate, ...]:
    """The table, in the order in which gates are listed."""
    x, sy = ("x",), ("s", "y")
    no_labels = Rule("0", lambda m, out, s, y: m.zero(out, y), True)
    return (
        Gate(
            "softmax", x, lambda m, x, axis: m.softmax(x, int(axis)),
            (Rule("softmax({x}{options})*({g} - sum(softmax({x}{options})*{g}{along}))",
                  lambda m, out, x, axis: m.Softmax(out, int(axis)), True, ("out",)),),
            "softmax", "softmax({x}{options})", shape=shapes.along, options=(LAST,),
            zero=lambda m, i, x, axis: "tiny" if m.shape(x)[int(axis)] > 1 else "other",
            expansion="exp(x)/sum(exp(x), {axis}, 1)",
        ),
        Gate(
            "log_softmax", x, lambda m, x, axis: m.log_softmax(x, int(axis)),
            (Rule("{g} - softmax({x}{options})*sum({g}{along})", lambda m, out, x, axis:
                  m.LogSoftmax(m.exp(out), int(axis)), True, ("out",)),),
            "logsoftmax", "log_softmax({x}{options})", shape=shapes.along, options=(LAST,),
            expansion="x - logsumexp(x, {axis}, 1)",
        ),
        Gate(
            "logsumexp", x, lambda m, x, axis, keepdims: m.logsumexp(x, axis, keepdims),
            (Rule("{g}*exp({x} - logsumexp({x}{along}))",
                  lambda m, out, x, axis, k: m.lse_map(out, x, axis), True, ("x",)),),
            "LSE", "logsumexp({x}{options})", shape=shapes.reduced, options=(AXIS, KEEP),
            zero="tiny",
            expansion="log(sum(exp(x){options}))",
        ),
        Gate(
            "cross_entropy", sy, lambda m, s, y: m.cross_entropy(s, y),
            (Rule("{g}*(softmax({s}) - onehot({y}))/{N}",
                  lambda m, out, s, y: m.cross_entropy_map(s, y), True, ("s", "y")), no_labels),
            "softmax loss", "cross_entropy({s}, {y})", shape=shapes.loss, labels="y",
            zero=lambda m, i, s, y: "tiny" if m.shape(s)[-1] > 1 else "other",
            expansion="mean(logsumexp(s, -1) - pick(s, y))",
        ),
        Gate(
            "hinge", sy, lambda m, s, y: m.hinge(s, y),
            (Rule("", lambda m, out, s, y: m.hinge_map(s, y), True, ("s", "y")), no_labels),
            "hinge loss", "hinge({s}, {y})", shape=shapes.loss, labels="y",
            kinks=lambda m, s, y: (Kink(m.hinge_gaps(s, y)),),
            convention="hinge' = 0 at a margin of 0",
            expansion="mean(sum(relu(s - reshape(pick(s, y), -1, 1) + 1), -1)) - 1",
        ),
        Gate(
            "mse", ("x", "y"), lambda m, x, y: m.mean(m.square(x - y)),
            (Rule("{g}*2*({x} - {y})/{n}", lambda m, out, x, y: m.mse_map(x, y, "left"),
                  True, ("x", "y"), repeats=True),
             Rule("{g}*2*({y} - {x})/{n}", lambda m, out, x, y: m.mse_map(x, y, "right"),
                  True, ("x", "y"), repeats=True)),
            "mse", "mse({x}, {y})", shape=lambda x, y: shapes.one_number(shapes.broadcast(x, y)),
            commutes=True, pairs=True, expansion="mean(square(x - y))",
        ),
        Gate(
            "l1", x, lambda m, x: m.sum(m.fabs(x)),
            (Rule("{g}*sign({x})", lambda m, out, x:
                  m.contraction(out, x, lambda: m.sign(x)), True, ("x",)),),
            "L1", "l1({x})", shape=shapes.one_number, kinks=lambda m, x: (Kink(x),),
            convention="abs'(0) = 0", expansion="sum(abs(x))",
        ),
        Gate(
            "l2", x, lambda m, x: m.sum(m.square(x)),
            (Rule("{g}*2*{x}", lambda m, out, x:
                  m.contraction(out, x, lambda: 2.0 * x), True, ("x",)),),
            "L2", "l2({x})", shape=shapes.one_number, zero="factor", expansion="sum(square(x))",
        ),
        Gate(
            "elastic_net", ("x", "b"), lambda m, x, b: b * m.sum(m.square(x)) + m.sum(m.fabs(x)),
            (Rule("{g}*(2*{b}*{x} + sign({x}))", lambda m, out, x, b: m.contraction(
                out, x, lambda: 2.0 * b * x + m.sign(x)), True, ("x", "b")),
             Rule("{g}*l2({x})", lambda m, out, x, b: m.repeated(
                 out, b, lambda: m.sum(m.square(x))), True, ("x",))),
            "elastic net", "elastic_net({x}, {b})", shape=shapes.regularized,
            kinks=lambda m, x, b: (Kink(x),), convention="abs'(0) = 0",
            zero=lambda m, i, x, b: m.where((i == 0) | (m.norm(x) == 0), "other", "tiny"),
            expansion="b*sum(square(x)) + sum(abs(x))",
        ),
        Gate(
            "conv2d", ("x", "w"), lambda m, x, w, *options: m.conv2d(x, w, *options),
            (Rule("", lambda m, out, x, w, *options: m.conv_map("x", x, w, *options), True, ("w",)),
             Rule("", lambda m, out, x, w, *options: m.conv_map("w", x, w, *options), True,
                  ("x",))),
            "conv", "conv2d({x}, {w}{options})", shape=windows.convolved, options=CONV,
            more="conv2d_bias",
        ),
        Gate(
            "conv2d_bias", ("x", "w", "b"), lambda m, *inputs: m.conv2d_bias(*inputs),
            (Rule("", lambda m, out, x, w, b, *options: m.conv_map("x", x, w, *options), True,
                  ("w",)),
             Rule("", lambda m, out, x, w, b, *options: m.conv_map("w", x, w, *options), True,
                  ("x",)),
             Rule("sum({g}, axis={places})", lambda m, out, x, w, b, *_: m.bias_map(out, b), True)),
            "conv + b", "conv2d({x}, {w}, {b}{options})", shape=windows.biased, options=CONV,
            written="conv2d_bias({x}, {w}, {b}{options})",
            expansion="conv2d(x, w{options}) + reshape(b, -1, 1, 1)",
        ),
        Gate(
            "maxpool2d", x, lambda m, x, *options: m.maxpool2d(x, *options),
            (Rule("", lambda m, out, x, *options: m.pool_map(x, *options, out), True, ("x",)),),
            "maxpool", "maxpool2d({x}{options})", shape=windows.pooled, options=POOL,
            kinks=lambda m, x, *options: (Kink(m.gaps2d(x, *options)),), nickname="router",
            ties="elements", convention="equal elements share the gradient",
        ),
        Gate(
            "avgpool2d", x, lambda m, x, *options: m.avgpool2d(x, *options),
            (Rule("", lambda m, out, x, *options: m.pool_map(x, *options), True),),
            "avgpool", "avgpool2d({x}{options})", shape=windows.pooled, options=POOL,
        ),
        Gate(
            "batchnorm", ("x", "gamma", "beta"),
            lambda m, x, gamma, beta, eps: gamma * m.normal(x, eps)[0] + beta,
            (Rule("", lambda m, out, x, gamma, beta, eps: m.batchnorm_map(x, gamma, eps), True,
                  ("x", "gamma")),
             Rule("", lambda m, out, x, gamma, beta, eps: m.repeated(
                 out, gamma, lambda: m.normal(x, eps)[0]), True, ("x",)),
             Rule("", lambda m, out, x, gamma, beta, eps: m.repeated(out, beta, 1.0), True)),
            "batchnorm", "batchnorm({x}, {gamma}, {beta}{options})", shape=shapes.batchnormed,
            options=(Option("eps", 1e-5, whole=False, least=0),),
            expansion="gamma*((x - mean(x, 0))/sqrt(mean(square(x - mean(x, 0)), 0) + {eps}))"
                      " + beta",
        ),
        Gate(
            "group_norm", ("x", "gamma", "beta"),
            lambda m, x, gamma, beta, groups, eps: m.by_channel(gamma, x)
            * m.group_normal(x, groups, eps)[0] + m.by_channel(beta, x),
            (Rule("", lambda m, out, x, gamma, beta, groups, eps: m.group_norm_map(
                x, gamma, groups, eps), True, ("x", "gamma")),
             Rule("", lambda m, out, x, gamma, beta, groups, eps: m.channel_map(
                 x, gamma, lambda: m.group_normal(x, groups, eps)[0]), True, ("x",)),
             Rule("", lambda m, out, x, gamma, beta, *_: m.channel_map(x, beta, 1.0), True)),
            "groupnorm", "group_norm({x}, {gamma}, {beta}{options})", shape=shapes.group_normed,
            options=(Option("groups", math.nan, least=1),
                     Option("eps", 1e-5, whole=False, least=0)),
        ),
        Gate(
            "dropout", x, lambda m, x, p, seed: x * m.mask(m.shape(x), p, seed),
            (Rule("", lambda m, out, x, p, seed: m.repeated(
                out, x, lambda: m.mask(m.shape(x), p, seed)), True),),
            "dropout", "dropout({x}{options})", shape=shapes.dropped,
            options=(Option("p", 0.5, whole=False, least=0), Option("seed", 0, least=0)),
            zero="dropped",
        ),
    )  # fmt: skip
