"""The backward pass of a graph, written as a graph of its own, in the same gates.

Each gate states its local gradients as texts in the language, and these become nodes. So what comes
out can be read, run, drawn and differentiated again. It is about graphs of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import nan, pi

from ..base.errors import GraphError
from ..gates import GATES, OPERATORS
from ..graph.graph import Graph
from ..graph.nodes import Node, spliced
from ..graph.parser import parse_nodes
from ..graph.writer import Written, write_source
from ..language.local_texts import local_text
from ..language.row_texts import Binary, Call, Formula, Minus, Test, read, to_text

Part = int | float  # a node by its index, or a number


def gradient(graph: Graph, name: str) -> Written:
    """The nodes and the text of the gradient with respect to an input or a named node.

    Raises InputError for an unknown name, GraphError for gates whose local gradients have no text.
    """
    if name in graph.unused:
        backward = _Backward(graph, ())
        return backward.written(0.0, backward.input(name), name)
    at = graph.index(name)
    backward = _Backward(graph, {at})
    return backward.written(backward.upstream(at), at, name)


def directional(graph: Graph, directions: Mapping[str, str]) -> Written:
    """The same of the derivative along a direction: for each name, an input that is its part."""
    at = {graph.index(name): part for name, part in directions.items()}
    backward = _Backward(graph, at.keys())
    total: Part = 0.0
    for node, part in at.items():
        taken = backward.input(part)
        total = backward.sum(total, backward.product(taken, backward.upstream(node)))
    output = graph.nodes[graph.output].name or "f"
    return backward.written(total, next(iter(at)), output)


class _Backward:
    """The nodes of a graph, followed by those of its backward pass as far as they are asked for."""

    def __init__(self, graph: Graph, wanted: Iterable[int]) -> None:
        self.graph, self.nodes = graph, [*graph.nodes]
        self.taken = {*graph.names, *graph.unused, *(node.name for node in graph.nodes)}
        self.known: dict[int, Part] = {graph.output: 1.0}
        reached = self._reaching(wanted)
        for node in sorted(reached - {graph.output}, reverse=True):
            wires = [w for w in graph.wires_back[node] if graph.wires[w].target in reached]
            total: Part = 0.0
            for wire in wires:
                up = self.upstream(graph.wires[wire].target)
                if not _is(up, 0.0):
                    total = self.sum(total, self.product(up, self._local(wire)))
            self.known[node] = self._named(total, graph.nodes[node].name)

    def _reaching(self, wanted: Iterable[int]) -> set[int]:
        """The nodes on a path from the wanted ones to the output."""
        found = set(wanted)
        for source, target, _ in self.graph.wires:
            if source in found:
                found.add(target)
        return found

    def upstream(self, node: int) -> Part:
        """The gradient of a node; 0 where the output does not depend on it."""
        return self.known.get(node, 0.0)

    def input(self, name: str) -> int:
        """A new input. Raises GraphError for a name that a node has."""
        if name in self.taken - self.graph.unused.keys():
            raise GraphError("builder_taken", name=name)
        self.taken.add(name)
        return self._add(Node(None, name=name))

    def written(self, found: Part, at: int, name: str) -> Written:
        """The graph of a gradient. One that is a number or an input takes its node 0 times."""
        if isinstance(found, int) and self.nodes[found].gate is not None:
            output = found
        else:
            zero = self._gate("mul", at, 0.0)
            output = zero if _is(found, 0.0) else self._gate("add", found, zero)
        return write_source(self.nodes, output, self._free(f"d{name}"))

    # --- nodes, where they are needed

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _gate(self, name: str, *args: Part) -> int:
        return self._add(Node(GATES[name], args))

    def _free(self, name: str) -> str:
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def _named(self, part: Part, name: str | None) -> Part:
        """The same node under the name of a gradient, if it is new and about a name."""
        if name and isinstance(part, int) and part >= len(self.graph.nodes):
            record = self.nodes[part]
            if record.gate is not None and record.name is None:
                self.nodes[part] = record._replace(name=self._free(f"d{name}"))
        return part

    def sum(self, left: Part, right: Part) -> Part:
        """A sum; what is 0 is left out."""
        if _is(left, 0.0) or _is(right, 0.0):
            return right if _is(left, 0.0) else left
        if isinstance(left, float) and isinstance(right, float):
            return left + right
        return self._gate("add", left, right)

    def product(self, left: Part, right: Part) -> Part:
        """A product; factors of 1 are left out."""
        if isinstance(left, float) and isinstance(right, float):
            return left * right
        for one, other in ((left, right), (right, left)):
            if _is(one, 0.0) or _is(one, 1.0):
                return other if _is(one, 1.0) else 0.0
            if _is(one, -1.0):
                return self._gate("neg", other)
        return self._gate("mul", left, right)

    # --- local gradients

    def _local(self, wire: int) -> Part:
        """The local gradient on a wire as a number, or as nodes after those of the graph."""
        _, target, position = self.graph.wires[wire]
        record = self.nodes[target]
        gate = record.gate
        assert gate is not None  # a wire ends at a gate
        rule = None if gate.variadic else gate.rule(position)
        if isinstance(rule, float):
            return rule
        if rule == "out":
            return target
        count = len(record.args)
        several = gate.variadic and gate.elementwise
        text = _shared(count, position) if several else self._text(record, position)
        if not text or not gate.elementwise:
            raise GraphError("no_gradient_text", source=self.graph.source, span=record.span,
                             gate=gate.name)  # fmt: skip
        names = {f"v{i}": arg for i, arg in enumerate(record.args)}
        places = zip(gate.named(count), names.items(), strict=True)
        given = {
            place: name if isinstance(arg, int) else repr(arg) for place, (name, arg) in places
        }
        filled = to_text(_masked(read(text)), {**given, "out": "out"})
        return spliced(*nodes_of(filled), {**names, "out": target}, self._add_part)

    def _add_part(self, part: Node, _: bool) -> int:
        """A gate of a text, whose places in it mean nothing here."""
        return self._add(Node(part.gate, part.args, options=part.options))

    def _text(self, record: Node, position: int) -> str:
        """The text of a local gradient wherever it is: nan is equal to nothing."""
        return local_text(record.at_work((nan,) * len(self.graph.nodes), nan), position)


def _is(part: Part, number: float) -> bool:
    """Whether a part is this number; a node's index is none."""
    return isinstance(part, float) and part == number


@cache
def nodes_of(text: str) -> tuple[Sequence[Node], int]:
    """The nodes of a text, and which is its output."""
    nodes, output, _ = parse_nodes(text.replace("π", repr(pi)))
    return nodes, output


def _shared(count: int, position: int) -> str:
    """The local gradient of the greatest of some inputs: equal ones share it."""
    tests = [f"[{{x{k}}} = {{out}}]" for k in range(count)]
    return f"{tests[position]}/({' + '.join(tests)})"


MASKS = {**OPERATORS, "=": OPERATORS["=="]}


def _masked(formula: Formula) -> Formula:
    """A formula in which each condition in brackets, [x > 0], is the gate of a comparison."""
    if isinstance(formula, Test):
        return Call(MASKS[formula.sign], (_masked(formula.left), _masked(formula.right)))
    if isinstance(formula, Binary):
        return formula._replace(left=_masked(formula.left), right=_masked(formula.right))
    if isinstance(formula, Call):
        return formula._replace(args=tuple(map(_masked, formula.args)))
    return formula._replace(of=_masked(formula.of)) if isinstance(formula, Minus) else formula
