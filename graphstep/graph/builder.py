"""Graphs built node by node, without a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import GraphError, short
from ..calculus.values import value_for
from ..gates import GATES, Gate, Option
from ..gates.rules import Options, numbers_in
from ..language.calls import gate_name, meant
from ..language.tokens import MOST_WHOLE, name_of
from .nodes import Node, Value
from .parser import composites_of
from .writer import Written, write_source


@dataclass(frozen=True)
class Handle:
    """A node of a builder, to pass to gates as an input."""

    builder: Builder = field(repr=False)
    index: int


class Builder:
    """Nodes in the order they are added; names are checked at once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._taken: set[str] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.nodes)} nodes>"

    def input(self, name: str | None = None, value: object = None) -> Handle:
        """Add an input, with a default value if one is given.

        The value is a number, an array or nested lists. An input without a name is called c1, c2,
        ... in the graph. Raises GraphError for a bad name, or one that another node has.
        """
        known = None if value is None else array_rows(value_for(name or "value", value))
        return self.add(Node(None, name=self._new_name(name), value=known))

    def constant(self, value: object) -> Handle:
        """Add a number or an array as a node without a gradient."""
        return self.add(Node(None, value=array_rows(value_for("constant", value)), constant=True))

    def gate(
        self, gate: str | Gate, /, *inputs: object, name: str | None = None, **options: Any
    ) -> Handle:
        """Add a gate, by its name or as a row of GATES.

        Inputs are handles of this builder (at least one), numbers, which go inside the gate, and
        arrays, which become constants. Options are passed by name, several numbers as a list.
        Raises GraphError for an unknown gate, and for inputs, options or a name it cannot have.
        """
        row = _gate(gate, len(inputs))
        if not row.accepts(len(inputs)):
            raise GraphError("arity", gate=row.name, takes=row.takes, given=len(inputs),
                             params=", ".join(row.params))  # fmt: skip
        if not any(isinstance(given, Handle) for given in inputs):
            raise GraphError("builder_numbers", gate=row.name)
        chosen = _chosen(row, options)
        args = row.complete(tuple(self._argument(row, given) for given in inputs))
        return self.add(Node(row, args, self._new_name(name), options=chosen))

    def add(self, node: Node) -> Handle:
        """Add a node as it is, without checks."""
        self.nodes.append(node)
        return Handle(self, len(self.nodes) - 1)

    def written(self, output: Handle) -> Written:
        """The fields of a graph with this output. Raises GraphError if the output is no gate."""
        if not isinstance(output, Handle):
            raise GraphError("builder_output", given=short(output))
        self._own(output)
        if self.nodes[output.index].gate is None:
            raise GraphError("builder_output", given=self.nodes[output.index].name or short(output))
        return write_source(self.nodes, output.index)

    def _argument(self, gate: Gate, given: object) -> int | float:
        """What a gate takes: a node's index, or a number."""
        if isinstance(given, Handle):
            return self._own(given)
        if given is None or isinstance(given, str):
            raise GraphError("builder_input", gate=gate.name, given=short(given))
        value = value_for(gate.name, given)
        return value if isinstance(value, float) else self.constant(value).index

    def _own(self, handle: Handle) -> int:
        if handle.builder is not self:
            raise GraphError("builder_foreign", given=short(handle))
        return handle.index

    def _new_name(self, given: object) -> str | None:
        """Take a name, and return it in the form that texts use."""
        if given is None:
            return None
        name = name_of(given)
        if name is None:
            raise GraphError("builder_name", given=short(given))
        if name in self._taken:
            raise GraphError("builder_taken", name=name)
        self._taken.add(name)
        return name


def array_rows(value: Any) -> Value:
    """An array as nested tuples of numbers, the form nodes hold; a number unchanged."""
    return _nested(value.tolist()) if hasattr(value, "tolist") else float(value)


def _nested(items: Any) -> Any:
    return tuple(map(_nested, items)) if isinstance(items, list) else float(items)


def _gate(given: object, count: int) -> Gate:
    """The gate that a name means for `count` inputs, as in the language."""
    gate = given if isinstance(given, Gate) else GATES.get(gate_name(str(given)))
    if gate is None or not gate.accepts(count):
        fitting = (one for one in composites_of(gate_name(str(given))) if one.accepts(count))
        gate = next(fitting, gate)
    if gate is None:
        from ..advice.similar_names import gate_for

        name = given if isinstance(given, str) else short(given)
        known = ", ".join(GATES)
        raise GraphError("builder_gate", name=name, near=gate_for(name), known=known)
    return meant(gate, count)


def _chosen(gate: Gate, given: Mapping[str, Any]) -> Options:
    """All options of a gate. Raises GraphError for one that a text could not express."""
    many = any(option.many for option in gate.options)
    numbers = _listed(gate, given) if many else zip(gate.options, gate.chosen(given), strict=True)
    pairs = list(numbers)
    for option, number in pairs:
        if not option.takes(number) or not _is_of_size(option, number):
            raise GraphError("bad_option", gate=gate.name, name=option.name, given=short(number))
    return tuple(option.kept(number) for option, number in pairs)


def _is_of_size(option: Option, number: Any) -> bool:
    """Whether a whole number, or each of several, is no larger than in a text."""
    return not option.whole or max(map(abs, numbers_in(number)), default=0) <= MOST_WHOLE


def _listed(gate: Gate, given: Mapping[str, Any]) -> Sequence[tuple[Option, Any]]:
    """The numbers of a gate whose only option is a list of them."""
    option = gate.options[0]
    for name in given.keys() - {option.name}:
        raise GraphError("option_unknown", gate=gate.name, name=name, known=gate.options_said())
    numbers = given.get(option.name, ())
    if not isinstance(numbers, list | tuple):
        numbers = (numbers,)
    if not numbers:
        raise GraphError("option_needed", gate=gate.name, name=option.name)
    return [(option, number) for number in numbers]
