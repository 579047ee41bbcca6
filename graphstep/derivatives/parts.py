"""The parts of a derivative: nodes that are added to those of a graph, each with its shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from math import pi, prod
from typing import NamedTuple

from ..base.errors import GraphError
from ..calculus.shapes import Shape
from ..gates import GATES
from ..gates.rules import Options
from ..graph.nodes import Node, Value, shape_of, spliced
from ..graph.parser import parse_nodes
from ..language.local_texts import over_copies

Part = int | float
"""A node by its index, or a number.

It may stand for a larger array: where all rows of a gradient are equal, for one of them, and for
one number where all elements are. NumPy's rules repeat it wherever it meets that array.
"""


class Sized(NamedTuple):
    """What stands for a value of which only the shape is known."""

    shape: Shape


class Parts:
    """The nodes of a graph, followed by those that are made of them."""

    def __init__(self, nodes: Sequence[Node], shapes: Sequence[Shape], names: set[str]) -> None:
        self.nodes, self.shapes, self.names = [*nodes], [*shapes], names
        self.first = len(nodes)  # that is new
        self.written = {i for i, node in enumerate(nodes) if node.constant}
        gates = ((i, node) for i, node in enumerate(nodes) if node.gate)
        self.known = {self._key(node): i for i, node in gates}

    def shape(self, part: Part) -> Shape:
        """The shape of a part itself."""
        return self.shapes[part] if isinstance(part, int) else ()

    def is_leaf(self, node: int, shape: Shape) -> bool:
        """Whether a node is no gate and has this shape."""
        return self.nodes[node].gate is None and self.shapes[node] == shape

    def is_new(self, part: Part) -> bool:
        """Whether a part is a gate that was added."""
        return isinstance(part, int) and part >= self.first and self.nodes[part].gate is not None

    def constant(self, value: Value) -> int:
        """Add a number or an array of numbers."""
        return self._add(Node(None, value=value, constant=True), shape_of(value))

    def gate(self, name: str, *args: Part, options: Options = ()) -> int:
        """A gate, which is added unless it is there; one of numbers takes them as constants."""
        gate = GATES[name]
        if not any(isinstance(arg, int) for arg in args):
            args = tuple(map(self.constant, args))
        key = self._key(Node(gate, args, options=options))
        if key not in self.known:
            args = tuple(map(self._fresh, args))
            shape = gate.shaped([*map(self.shape, args)], options)
            self.known[key] = self._add(Node(gate, args, options=options), shape)
        return self.known[key]

    def _key(self, node: Node) -> Hashable:
        """What two gates have in common that give the same."""
        taken = (self._number(arg) or arg for arg in node.args)
        return node.gate, tuple(taken), node.options

    def _number(self, arg: Part) -> str:
        """A number or a constant as text; empty for any other node."""
        if isinstance(arg, float):
            return repr(arg)
        return repr(self.nodes[arg].value) if self.nodes[arg].literal else ""

    def _fresh(self, part: Part) -> Part:
        """A constant that is used once, as a text has one for each use; any other part itself."""
        if not isinstance(part, int) or not self.nodes[part].literal:
            return part
        if part in self.written:
            value = self.nodes[part].value
            assert value is not None
            part = self.constant(value)
        self.written.add(part)
        return part

    def _add(self, node: Node, shape: Shape) -> int:
        self.nodes.append(node)
        self.shapes.append(shape)
        return len(self.nodes) - 1

    def free(self, name: str) -> str:
        """A name like this one that no node has; now it is taken."""
        while name in self.names:
            name += "_"
        self.names.add(name)
        return name

    def input(self, name: str, shape: Shape) -> int:
        """A new input. Raises GraphError for a name that a node has."""
        if name in self.names:
            raise GraphError("builder_taken", name=name)
        self.names.add(name)
        return self._add(Node(None, name=name), shape)

    def called(self, part: int, name: str) -> int:
        """The same part under a name, if it is new and has none."""
        if self.is_new(part) and self.nodes[part].name is None:
            self.nodes[part] = self.nodes[part]._replace(name=self.free(name))
        return part

    # --- arithmetic

    def sum(self, left: Part, right: Part) -> Part:
        """A sum; what is 0 is left out, and what has a minus is taken away."""
        if is_number(left, 0.0) or is_number(right, 0.0):
            return right if is_number(left, 0.0) else left
        if isinstance(left, float) and isinstance(right, float):
            return left + right
        if isinstance(right, int) and self.is_new(right) and self.nodes[right].gate is GATES["neg"]:
            return self.gate("sub", left, *self.nodes[right].args)
        return self.gate("add", left, right)

    def product(self, left: Part, right: Part) -> Part:
        """A product; factors of 1 are left out."""
        if isinstance(left, float) and isinstance(right, float):
            return left * right
        for one, other in ((left, right), (right, left)):
            if is_number(one, 0.0) or is_number(one, 1.0):
                return other if is_number(one, 1.0) else 0.0
            if is_number(one, -1.0):
                return self.gate("neg", other)
        return self.gate("mul", left, right)

    def quotient(self, left: Part, right: Part) -> Part:
        """A quotient; a divisor of 1 is left out."""
        if isinstance(left, float) and isinstance(right, float) and right:
            return left / right
        return left if is_number(right, 1.0) else self.gate("div", left, right)

    # --- texts

    def made(self, text: str, given: Mapping[str, Part]) -> Part:
        """What a text in the language makes of parts, by their names in it."""
        return spliced(*nodes_of(text), given, self._add_part)

    def _add_part(self, part: Node, _: bool) -> Part:
        """A gate or an array of a text, whose places in it mean nothing here."""
        if part.gate is None:
            assert part.value is not None
            return self.constant(part.value)
        if fold := FOLDED.get(part.gate.name):
            return fold(self, *part.args)
        return self.gate(part.gate.name, *part.args, options=part.options)

    # --- shapes

    def whole(self, part: Part, shape: Shape) -> int:
        """A node for all that a part stands for."""
        if isinstance(part, int) and self.shapes[part] == shape:
            return part
        if isinstance(part, float):
            part = self.constant(part)
        return self.gate("broadcast_to", part, options=shape) if shape else part

    def over_copies(self, part: Part, own: Shape, whole: Shape) -> Part:
        """A part that stands for `whole`, summed to the shape from which this was repeated."""
        if own == whole:
            return part
        if isinstance(part, float):
            return part * (prod(whole) / prod(own))
        text = over_copies("{g}", own, whole).replace("{g}", "g")
        return self.made(text, {"g": self.whole(part, whole)})


FOLDED: Mapping[str, Callable[..., Part]] = {
    "add": Parts.sum,
    "mul": Parts.product,
    "div": Parts.quotient,
}
"""Gates in texts that may work out to less than themselves."""


def is_number(part: Part, number: float) -> bool:
    """Whether a part is this number; a node's index is none."""
    return isinstance(part, float) and part == number


@lru_cache(maxsize=1024)
def nodes_of(text: str) -> tuple[Sequence[Node], int]:
    """The nodes of a text, and which is its output."""
    nodes, output, _ = parse_nodes(text.replace("π", repr(pi)))
    return nodes, output
