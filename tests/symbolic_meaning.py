"""What the texts of figures without numbers mean where there are numbers."""

import math
import re

import numpy as np
import pytest
from formulas import known, sides_of

import graphstep as gs
from graphstep.engine.computational_graph import ComputationalGraph
from graphstep.formulas.unicode import unicode
from graphstep.graph.nodes import Node

MARKS = "′″‴"
DERIVATIVE = re.compile(r"∂(\(.*\)|[^/]+)/∂(.+)")
FUNCTIONS = {
    "exp": math.exp, "sin": math.sin, "cos": math.cos, "tanh": math.tanh, "max": max, "min": min,
    "abs": abs, "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "square": lambda x: x * x,
    "sign": lambda x: (x > 0) - (x < 0), "relu": lambda x: max(x, 0), "log": math.log,
    "leaky_relu": lambda x, a: x if x > 0 else a * x,
    "elu": lambda x, a: x if x >= 0 else a * (math.exp(x) - 1),
}  # fmt: skip


def worth(text, names):
    """The number that a formula in the language of captions comes to."""
    text = re.sub(r"\[([^][]*[^<>=]) = ", r"[\1 == ", text).replace("[", "(").replace("]", ")")
    text = text.replace("−", "-").replace("·", "*")
    return float(eval(text, {**FUNCTIONS, **names}))


class Meaning:
    """What a text of a figure without numbers means where there are numbers."""

    def __init__(self, s, run):
        self.run, self.graph = run, s.graph
        self.node = {name: i for i, name in enumerate(s.names)}
        self.names = {name: run.values[i] for name, i in self.node.items()}
        self.output = s.tape.outside or s.names[s.graph.output]

    def of(self, text):
        """The number of a text in a slot: a name, a derivative, or a product of two."""
        if " · " in text and not text.startswith("∂("):
            return math.prod(map(self.of, text.split(" · ")))
        found = DERIVATIVE.fullmatch(text)
        return worth(text, self.names) if found is None else self.derivative(*found.groups())

    def derivative(self, top, bottom):
        name = re.sub(r"[′″‴]|⁽[⁰-⁹¹²³]+⁾", "", bottom)
        if top.startswith("("):
            return self.slope(top[1:-1], bottom)
        if top == self.output and name == bottom:
            return self.run.upstreams[self.node[name]]
        (wire,) = self.wires(name, top, bottom.removeprefix(name))
        return self.run.downstream(wire) if top == self.output else self.run.local(wire)

    def wires(self, name, top, mark):
        """The wires that a derivative can be about; of a primed name there is one."""
        graph, source = self.graph, self.node[name]
        if not mark:
            return [w for w in graph.wires_out[source] if graph.wires[w].target == self.node[top]]
        targets = [graph.wires[w].target for w in graph.wires_out[source]]
        several = [w for w in graph.wires_out[source] if targets.count(graph.wires[w].target) > 1]
        place = MARKS.find(mark)
        return [several[place if place >= 0 else int(math_digits(mark)) - 1]]

    def slope(self, formula, by):
        """The derivative of a formula by one of its names, the others fixed."""
        text = formula.replace("−", "-")
        for old, new in UNKNOWN.items():
            text = re.sub(rf"\b{new}\(", f"{old}(", text)
        graph = gs.parse(f"one_formula = {text}")
        return graph.forward({n: self.names[n] for n in graph.inputs}).gradients[by]


def math_digits(mark):
    return mark.strip("⁽⁾").translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))


def same(a, b):
    return a == pytest.approx(b, rel=1e-6, abs=1e-9)


def is_plain(run):
    """Whether formulas hold: nothing overflows, nothing is at a kink, or a power of 0."""
    bases = (run.values[n.args[0]] for n in run.graph.nodes if n.gate and n.gate.name == "pow"
             and isinstance(n.args[0], int))  # fmt: skip
    finite = not run.troubles and max(map(abs, (*run.values, *run.upstreams))) < 1e12
    kinks = (np.any(mask) for w in range(len(run.graph.wires)) for mask in run.kinks(w))
    return finite and all(bases) and not any(kinks)


UNKNOWN = {"sin": "φ", "max": "g", "exp": "R"}
FUNCTIONS |= {new: FUNCTIONS[old] for old, new in UNKNOWN.items()}


def pair(text, point, unknown=False, outside=False, **options):
    """A figure without numbers, and a run of its graph; in the figure some gates may be unknown.

    With a loss outside, the run is of a graph that goes on to one.
    """
    graph = gs.parse(text, constants=options.pop("constants", "inside"))
    hidden = re.sub("sin|max|exp", lambda found: UNKNOWN[found[0]], text) if unknown else text
    if "mode" not in options:
        options["upstream"] = "L" if outside else 1
    s = gs.stepper(gs.parse(hidden, constants=graph.constants), **options)
    assert len(s.graph.nodes) == len(graph.nodes)
    if outside:
        nodes = (*graph.nodes, Node(gs.GATES["tanh"], (graph.output,), "L"))
        end = len(nodes) - 1
        graph = ComputationalGraph(nodes, end, {**graph.names, "L": end}, graph.source)
    return s, graph.forward({n: point[n] for n in graph.inputs})


def equations_hold(s, run):
    """Check that all sides of all equations come to the same."""
    names = known(s._writer.facts, run)
    for frame in s:
        for equation in frame.equations:
            first, *others = [*sides_of(equation, names), None][:-1] or [None]
            for other in others:
                assert np.allclose(first, other, rtol=1e-6, atol=1e-7), unicode(equation)


class ForwardMeaning(Meaning):
    """The same in forward mode: ∂q/∂x is a tangent, unless one gate alone is meant."""

    def __init__(self, s, run):
        super().__init__(s, run)
        self.wrt = s.names[s.tape.start.node]

    def of(self, text):
        alone = text in ("0", "1")
        return float(text) if alone else super().of(text)

    def derivative(self, top, bottom):
        if bottom == self.wrt and not top.startswith("("):
            return self.run.tangents[self.node[top]]
        name = re.sub(r"[′″‴]|⁽[⁰-⁹¹²³]+⁾", "", bottom)
        if top.startswith("("):
            return self.slope(top[1:-1], bottom)
        (wire,) = self.wires(name, top, bottom.removeprefix(name))
        return self.run.local(wire)
