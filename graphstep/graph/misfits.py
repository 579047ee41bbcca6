"""Errors about shapes, at the places of gates in the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from ..calculus.shapes import Misfit, Shape, ShapeError
from ..language.pieces import bracketed
from .expressions import fill, label
from .graph import Graph
from .nodes import shapes_of


def misfit_at(graph: Graph, node: int, shapes: Sequence[Shape], misfit: Misfit) -> ShapeError:
    """The error for a gate whose inputs do not fit, at its place in the text."""
    record = graph.nodes[node]
    gate = record.gate
    assert gate is not None
    names = [_called(graph, record.args, k, param)
             for k, param in enumerate(gate.named(len(record.args)))]  # fmt: skip
    sizes = shapes_of(record.args, shapes)
    misfit = misfit.told(lambda text: fill(gate, text, names))
    if gate.name == "matmul" and misfit.inside is None and (write := _fitting(names, sizes)):
        misfit = Misfit(f"{misfit.key}_write", **misfit.values, write=write)
    formula = fill(gate, gate.text, names, record.options)
    here = record.span if record.span.end else None
    source = graph.source if here else None
    return ShapeError.of(misfit, zip(names, sizes, strict=True), formula, source, here)


def _fitting(names: Sequence[str], sizes: Sequence[Shape]) -> str:
    """The product of the same two that has a value: with one of them transposed, or by element.

    >>> _fitting(["W", "x"], [(3, 2), (3,)]), _fitting(["X.T", "Y"], [(3, 2), (3, 2)])
    ('W.T @ x', 'X @ Y')
    """
    if () in sizes:
        return "*".join(map(bracketed, names))
    sides = [_either_way(bracketed(name), size) for name, size in zip(names, sizes, strict=True)]
    fitting = [
        f"{x} @ {y}" for (x, left), (y, right) in product(*sides) if left[-1] == right[-2:][0]
    ]
    return min(fitting, key=lambda text: text.count(".T"), default="")


def _either_way(name: str, size: Shape) -> list[tuple[str, Shape]]:
    """A vector, or a matrix as it is and transposed; nothing for arrays of more axes."""
    if len(size) != 2:
        return [(name, size)] * (len(size) == 1)
    turned = name.removesuffix(".T") if name.endswith(".T") else f"{name}.T"
    return [(name, size), (turned, size[::-1])]


def _called(graph: Graph, args: Sequence[Any], position: int, param: str) -> str:
    """The name of an input in an error: its name or text, or else the gate's name for it."""
    arg = args[position]
    return label(graph, arg) or param if isinstance(arg, int) else f"{arg:g}"
