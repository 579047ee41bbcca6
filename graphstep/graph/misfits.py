"""Errors about shapes, at the places of gates in the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..calculus.shapes import Misfit, Shape, ShapeError
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
    formula = fill(gate, gate.text, names, record.options)
    here = record.span if record.span.end else None
    source = graph.source if here else None
    return ShapeError.of(misfit, zip(names, sizes, strict=True), formula, source, here)


def _called(graph: Graph, args: Sequence[Any], position: int, param: str) -> str:
    """The name of an input in an error: its name or text, or else the gate's name for it."""
    arg = args[position]
    return label(graph, arg) or param if isinstance(arg, int) else f"{arg:g}"
