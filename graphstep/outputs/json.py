"""JSON: every number of every step, unrounded, for other programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..figure.iterations import each as each_figure
from ..graph.graph import Graph
from ..graph.slots import BACKWARD, Slot

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..figure.iterations import Shown

VERSION = 1  # of the file's layout; raised when a name changes its meaning
MOST_ENTRIES = 100_000  # in a Jacobian that is written out

Data = dict[str, Any]


def whole(figure: Shown) -> str:
    """The expression, its graph with all numbers, and what each step shows and says.

    Of several iterations, that of each. Raises InputError for a figure without numbers.
    """
    found = [_data(one) for one in each_figure(figure)]
    data = found[0] if len(found) == 1 else {"version": VERSION, "iterations": found}
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _data(figure: Figure) -> Data:
    graph, tape = figure.graph, figure.tape
    tape.check_numbers()
    return {
        "version": VERSION,
        "expression": graph.source,
        "language": figure.lang,
        "by": figure.by,
        "forward": figure.forward,
        "output": graph.ids[graph.output],
        "value": _plain(tape.value),
        **_derivatives(figure),
        **_update(figure),
        "nodes": [_node(figure, i) for i in range(len(graph.nodes))],
        "wires": [_wire(figure, w) for w in range(len(graph.wires))],
        "steps": [_step(figure, frame) for frame in figure.frames],
    }


def _derivatives(figure: Figure) -> Data:
    """The gradients of the inputs; in forward mode, where it begins, and the output's tangent."""
    graph, tape = figure.graph, figure.tape
    if tape.mode is BACKWARD:
        return {"gradients": {name: _gradient(figure, i) for name, i in graph.inputs.items()}}
    return {"mode": "forward", "tangents": {
        name: _plain(tape.derivatives[i]) for name, i in (*graph.inputs.items(), *_output(graph))
        if Slot("tangent", i) in figure.contents
    }}  # fmt: skip


def _output(graph: Graph) -> list[tuple[str, int]]:
    return [(graph.ids[graph.output], graph.output)]


def _update(figure: Figure) -> Data:
    """The rule of an update, which of them it is, the new values, and what the rule keeps."""
    update = figure.update
    if update is None:
        return {}
    asked, kept = update.asked, update.kept
    return {"update": {
        "rule": asked.name, "rate": asked.rate, "settings": dict(asked.settings),
        "accumulate": asked.accumulate, "number": update.time, "new": _named(update.weights),
        "state": {name: _named(state) for name, state in kept.items()},
    }}  # fmt: skip


def _named(values: Mapping[str, Any]) -> Data:
    return {name: _plain(value) for name, value in values.items()}


def _node(figure: Figure, index: int) -> Data:
    """A node: its gate and, in order, its arguments: a wire's index, or a number in the gate."""
    node, graph = figure.graph.nodes[index], figure.graph
    entering = iter(graph.wires_in[index])
    takes = [
        {"wire": next(entering)} if isinstance(arg, int) else {"number": _plain(arg)}
        for arg in node.args
    ]
    return {
        "id": graph.ids[index],
        "name": node.name,
        "gate": node.gate and node.gate.name,
        "takes": takes,
        "options": _options(figure, index),
        "shape": list(figure.tape.shapes[index]),
        "value": _plain(figure.contents[Slot("value", index)]),
        figure.tape.mode.node: _gradient(figure, index),
    }


def _gradient(figure: Figure, index: int) -> Any:
    """The gradient or the tangent of a node; null for labels, which have none."""
    return _plain(figure.contents.get(Slot(figure.tape.mode.node, index)))


def _options(figure: Figure, index: int) -> Data:
    node = figure.graph.nodes[index]
    if node.gate is None or any(option.many for option in node.gate.options):
        return {"all": [_plain(number) for number in node.options]} if node.options else {}
    names = (option.name for option in node.gate.options)
    return dict(zip(names, map(_plain, node.options), strict=True))


def _wire(figure: Figure, index: int) -> Data:
    source, target, position = figure.graph.wires[index]
    return {
        "from": figure.graph.ids[source],
        "into": figure.graph.ids[target],
        "position": position,
        **{
            kind: _plain(figure.contents.get(Slot(kind, index)))
            for kind in ("local", *figure.tape.mode.wire)
        },
    }


def _step(figure: Figure, frame: Frame) -> Data:
    """The subject of a step, the numbers that it shows and uses, and its sentences."""
    step = frame.step
    return {
        "index": frame.index,
        "kind": step.kind,
        "node": figure.graph.ids[step.node],
        "wires": list(step.wires(figure.graph)),
        "shows": [_shown(figure, slot) for slot in step.shows],
        "uses": [_shown(figure, slot) for slot in step.uses],
        "caption": frame.caption,
        "legend": frame.legend,
        "why": frame.why,
    }


def _shown(figure: Figure, slot: Slot) -> Data:
    """A number with its place: the id of a node or the index of a wire."""
    place = {"node": figure.graph.ids[slot.item]} if slot.of_node else {"wire": slot.item}
    return {
        "kind": slot.kind,
        **place,
        "number": _plain(figure.contents[slot]),
        "printed": figure.texts[slot],
    }


def _plain(value: Any) -> Any:
    """A number, rows of numbers, or a Jacobian's shape, structure and entries.

    JSON has no inf and nan: they become the strings "inf", "-inf" and "nan".
    """
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "structure"):
        rows, columns = value.shape
        entries = _plain(value.dense().tolist()) if rows * columns <= MOST_ENTRIES else None
        return {"shape": [rows, columns], "structure": value.structure, "entries": entries}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return value if isfinite(value) else str(value)
