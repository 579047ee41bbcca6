"""What laws over gates and programs share."""

import math
from types import SimpleNamespace

import autograd.numpy as anp
import mpmath as mp

from graphstep.calculus.functions import MATHEMATICS
from graphstep.calculus.scalar_math import evaluate
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.gates import GATES
from graphstep.gates.kinks import distances
from graphstep.graph.nodes import Node

BY_ELEMENT = {name: gate for name, gate in GATES.items() if gate.elementwise}


def graph_of(gate, count=None):
    """The graph of one gate over as many inputs as it has."""
    names = "abcdefgh"[: count or len(gate.params)]
    leaves = [Node(None, (), name) for name in names]
    nodes = (*leaves, Node(gate, tuple(range(len(names))), "f"))
    return ComputationalGraph(nodes, len(names), {n.name: i for i, n in enumerate(nodes)})


def smooth_at(gate, args):
    """Whether a gate has a finite value and slope here, and no kink nearby."""
    locals_ = [gate.local_at(i, evaluate(gate.apply, *args), args) for i in range(len(args))]
    return all(abs(d) > 1e-3 for d in distances(gate, args)) and all(
        math.isfinite(v) and abs(v) < 1e6 for v in (evaluate(gate.apply, *args), *locals_)
    )


def arguments(gate, point):
    """As many of the numbers as the gate takes; where it wants positive ones, their sizes."""
    positive = len(gate.params) == 1 and gate.domain.startswith(("x >", "x ≥"))
    inside = gate.domain.startswith("−1")  # between -1 and 1
    wanted = (abs(v) if positive else v / 4.1 if inside else v for v in point)
    return tuple(wanted)[: len(gate.params)]


def only(graph, values):
    return {name: values[name] for name in graph.inputs}


def finite(tape):
    return all(math.isfinite(v) and abs(v) < 1e8 for v in (*tape.values, *tape.upstreams))


OURS = {
    "exp": anp.exp, "sin": anp.sin, "cos": anp.cos, "tanh": anp.tanh, "abs": anp.abs,
    "sigmoid": lambda x: 1 / (1 + anp.exp(-x)), "square": lambda x: x * x,
    "relu": lambda x: anp.where(x > 0, x, 0.0), "max": anp.maximum,
    "leaky_relu": lambda x: anp.where(x > 0, x, 0.1 * x),
    "elu": lambda x: anp.where(x >= 0, x, anp.exp(x) - 1),
}  # fmt: skip

NAMES = {**{f"arc{n}": f"a{n}" for n in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")},
         "rint": "nint", "absolute": "fabs", "true_divide": "fdiv", "divide": "fdiv", "float_power": "power",
         "add": "fadd", "subtract": "fsub", "multiply": "fmul", "negative": "fneg"}  # fmt: skip
IN_MP = {
    "square": lambda x: x * x, "reciprocal": lambda x: 1 / x, "maximum": max, "minimum": min,
    "where": lambda test, yes, no: yes if test else no,
    "log2": lambda x: mp.log(x, 2), "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
}  # fmt: skip
EXACTLY = SimpleNamespace(
    **IN_MP, **{n: getattr(mp, NAMES.get(n, n)) for n in MATHEMATICS if n not in IN_MP}
)
"""The mathematics over which gates are written, on numbers with as many digits as `mpmath` is told."""
