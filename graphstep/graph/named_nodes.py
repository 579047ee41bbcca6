"""The nodes of a text while it is read, and the name of each."""

from __future__ import annotations

from typing import Literal, NamedTuple, NoReturn

from ..base.errors import ParseError, Span
from ..language.foreign_names import NUMBERS
from ..language.tokens import Operand, Token
from .nodes import Node

Constants = Literal["inside", "nodes"]


class Statement(NamedTuple):
    """One statement: the name on its left, or None, and the operand on its right."""

    name: Token | None
    operand: Operand


class NamedNodes:
    """The nodes made so far, and the node of each name."""

    def __init__(self, text: str, constants: Constants, in_function: bool = False) -> None:
        self.text, self.inside = text, constants == "inside"
        self.in_function = in_function
        self.made: list[Node] = []
        self.names: dict[str, int] = {}
        self.assigned: dict[str, Token] = {}  # where each name is assigned
        self.called: dict[str, Token] = {}  # where each unknown gate is called first
        self.used: set[str] = set()

    def add(self, node: Node) -> int:
        """Add a node and return its index."""
        self.made.append(node)
        return len(self.made) - 1

    def variable(self, token: Token) -> int:
        """The node of a name; a new name is an input."""
        name = token.text
        self._must_be_no_gate(name)
        self.used.add(name)
        if name not in self.names:
            self.names[name] = self.add(Node(None, (), name, span=Span(token.start, token.end)))
        return self.names[name]

    def operand(self, token: Token) -> Operand:
        """The node of a name; in a function pi is a number."""
        is_number = self.in_function and token.text not in self.names and token.text in NUMBERS
        what = NUMBERS[token.text] if is_number else self.variable(token)
        return Operand(what, token.start, token.end)

    def fill_in_numbers(self) -> None:
        """Give pi its value, unless it was assigned one."""
        for name, number in NUMBERS.items():
            if name in self.names and name not in self.assigned:
                at = self.names[name]
                self.made[at] = self.made[at]._replace(value=number, constant=True)

    def node(self, operand: Operand) -> int:
        """The node of an operand; a number becomes a constant."""
        if isinstance(operand.what, int):
            return operand.what
        span = Span(operand.start, operand.end)
        return self.add(Node(None, value=operand.what, constant=True, span=span))

    def argument(self, operand: Operand) -> int | float:
        """An argument of a gate: a node, or a number that goes inside the gate."""
        inside = self.inside and isinstance(operand.what, float)
        return operand.what if inside else self.node(operand)  # type: ignore[return-value]

    def assign(self, token: Token, operand: Operand) -> Operand:
        """Name the node of an operand; a bare number becomes an input with that value."""
        name, what = token.text, operand.what
        self._must_be_no_gate(name)
        if name in self.names:
            self._refuse_early_use(token, operand)
        if not isinstance(what, int):
            what = self.add(Node(None, (), name, what, span=Span(token.start, operand.end)))
        elif self.made[what].gate is not None and self.made[what].name is None:
            self.made[what] = self.made[what]._replace(name=name)
        self.names[name], self.assigned[name] = what, token
        return operand._replace(what=what)

    def _must_be_no_gate(self, name: str) -> None:
        """Refuse a call of what is a value elsewhere."""
        if name in self.called:
            span = Span(self.called[name].start, self.called[name].end)
            raise ParseError("not_a_gate", source=self.text, span=span, name=name)

    def _refuse_early_use(self, token: Token, operand: Operand) -> NoReturn:
        """Refuse a name used before it is assigned: a cycle, or the wrong order."""
        used = self.names[token.text]
        seen = self.reached(operand.what) if isinstance(operand.what, int) else set()
        key, span = "cycle" if used in seen else "used_too_early", Span(token.start, token.end)
        raise ParseError(key, source=self.text, span=span, name=token.text)

    def reached(self, output: int) -> set[int]:
        """A node, and all that it is made of."""
        seen, todo = set[int](), [output]
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo.extend(self.made[node].sources)
        return seen

    def end_at(self, last: Statement) -> int:
        """The output, which is the operand of the last statement."""
        output = self.node(last.operand)
        node = self.made[output]
        if last.name is not None and node.name == last.name.text and node.value is not None:
            # an output that is only a number has nothing to vary
            self.made[output] = node._replace(constant=True)
        return output
