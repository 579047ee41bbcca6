"""An ordinary Python function recorded as a graph, by running it once on values that remember."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

from ..base.errors import TraceError, short
from ..calculus.shapes import Misfit, Shape, ShapeError
from ..calculus.values import value_for
from ..engine.computational_graph import ComputationalGraph, parse
from ..gates import GATES, Gate
from ..graph.expressions import fill
from .traced_value import Traced

LONGEST = 200  # characters of one expression; a longer one is given a name


class Leaf(NamedTuple):
    """An input: a parameter of the function, or an array from outside of it (without a name)."""

    name: str
    value: Any


class Record(NamedTuple):
    """One gate that was run: what it took, each a number or the index of an earlier entry."""

    gate: Gate
    args: tuple[int | float, ...]
    options: tuple[Any, ...] = ()


def trace(function: Callable[..., Any], /, *args: Any, **named: Any) -> ComputationalGraph:
    """The graph of a Python function, with the names of its parameters and these values.

    The function runs once. It may use `+ - * / ** @`, `abs`, indexing, the methods of arrays and
    the NumPy functions for which there is a gate (`np.exp`, `np.maximum`, `np.sum` …), on numbers
    and arrays; its parameters are the inputs of the graph, with what is given as their values.
    Raises TraceError for anything else that is done with them, since it would leave the graph: a
    comparison, `math.exp`; and ShapeError for arrays that do not fit.

    >>> import numpy as np
    >>> def neuron(w, x, b=0.5):
    ...     return 1 / (1 + np.exp(-(w * x + b)))
    >>> g = trace(neuron, 2.0, -1.0)
    >>> g.source
    'w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))'
    >>> round(g.forward().gradients["w"], 6)
    -0.149146
    """
    name = getattr(function, "__name__", "")
    try:
        bound = inspect.signature(function).bind(*args, **named)
    except (TypeError, ValueError) as error:
        raise TraceError("trace_inputs", name=name or short(function), error=str(error)) from error
    bound.apply_defaults()
    kinds = {p.kind for p in inspect.signature(function).parameters.values()}
    if kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
        raise TraceError("trace_inputs", name=name, error="*args, **kwargs")
    journal = _Journal()
    given = {key: journal.leaf(key, value_for(key, v)) for key, v in bound.arguments.items()}
    bound.arguments.update(given)
    result = function(*bound.args, **bound.kwargs)
    return journal.graph(journal.taken(result, "return"), name)


class _Journal:
    """What was run, in order: inputs and gates."""

    def __init__(self) -> None:
        self.entries: list[Leaf | Record] = []
        self.shapes: list[Shape] = []

    def leaf(self, name: str, value: Any) -> Traced:
        """Note an input."""
        return self._noted(Leaf(name, value), getattr(value, "shape", ()))

    def run(self, gate: str, args: Sequence[object], options: tuple[Any, ...] = ()) -> Traced:
        """Record a gate over traced values, numbers and arrays."""
        row = GATES[gate]
        taken = tuple(self.taken(arg, gate) for arg in args)
        shapes = [self.shapes[arg] if isinstance(arg, int) else () for arg in taken]
        try:
            shape = row.shaped(shapes, options)
        except Misfit as misfit:
            names = row.named(len(taken))
            formula = fill(row, row.text, names, options)
            raise ShapeError.of(misfit, zip(names, shapes, strict=True), formula) from None
        return self._noted(Record(row, taken, options), shape)

    def _noted(self, entry: Leaf | Record, shape: Shape) -> Traced:
        self.entries.append(entry)
        self.shapes.append(shape)
        return Traced(self, len(self.entries) - 1, shape)

    def taken(self, value: object, where: str) -> int | float:
        """A traced value's index, a number, or the index of an array from outside."""
        if not isinstance(value, Traced):
            known = value_for(where, value)
            return known if isinstance(known, float) else self.leaf("", known)._index
        if value._journal is not self:
            raise TraceError("trace_foreign", what=where)
        return value._index

    def graph(self, output: int | float, name: str) -> ComputationalGraph:
        """The graph of what was run."""
        if not isinstance(output, int) or isinstance(self.entries[output], Leaf):
            raise TraceError("trace_result")
        used = sorted(self._used(output))
        names = self._leaf_names(used, name)
        graph = parse(_text(self.entries, used, dict(names), output, name))
        arrays = {text: self.entries[i].value for i, text in names.items() if self.shapes[i]}  # type: ignore[union-attr]
        nodes = tuple(
            node._replace(value=_nested(arrays[node.name].tolist()))
            if node.gate is None and node.name in arrays else node
            for node in graph.nodes
        )  # fmt: skip
        return ComputationalGraph(nodes, graph.output, graph.names, graph.source)

    def _leaf_names(self, used: Sequence[int], name: str) -> dict[int, str]:
        """The name of every input: the parameter's, or a counted one."""
        leaves = {i: e for i, e in enumerate(self.entries) if isinstance(e, Leaf) and i in used}
        taken = {leaf.name for leaf in leaves.values()} | {name}
        free = (c for c in map("c{}".format, count(1)) if c not in taken)
        return {i: leaf.name or next(free) for i, leaf in leaves.items()}

    def _used(self, output: int) -> set[int]:
        """What the output depends on, itself included."""
        todo, seen = [output], set[int]()
        while todo:
            index = todo.pop()
            if index not in seen:
                seen.add(index)
                entry = self.entries[index]
                if isinstance(entry, Record):
                    todo.extend(a for a in entry.args if isinstance(a, int))
        return seen


def _nested(rows: Any) -> Any:
    return tuple(map(_nested, rows)) if isinstance(rows, list) else float(rows)


def _text(
    entries: Sequence[Leaf | Record], used: Sequence[int], texts: dict[int, str], output: int,
    name: str,
) -> str:  # fmt: skip
    """The statements of the graph; a value used once stands where it is used."""
    leaves = [entries[i] for i in texts]
    lines = [f"{leaf[0]} = {leaf[1]!r}" for leaf in leaves if isinstance(leaf[1], float)]
    gates = {i: entry for i in used if isinstance(entry := entries[i], Record)}
    # the number 2.0 is no use of entry 2
    uses = Counter(a for record in gates.values() for a in record.args if isinstance(a, int))
    named = {a for record in gates.values() if record.gate.name == "pick" for a in record.args[1:]}
    taken = {*texts.values(), name}
    free = (t for t in map("t{}".format, count(1)) if t not in taken)
    for index, (gate, args, options) in gates.items():
        parts = [texts[a] if isinstance(a, int) else repr(a).removesuffix(".0") for a in args]
        texts[index] = fill(gate, gate.text, parts, options)
        often = uses[index] > 1 or index in named or len(texts[index]) > LONGEST
        if index == output or often:
            own = index == output and name.isidentifier() and name not in texts.values()
            lines.append(f"{name if own else next(free)} = {texts[index]}")
            texts[index] = lines[-1].partition(" = ")[0]
    return "; ".join(lines)
