"""Nodes to text: the inverse of the parser.

A gate that is used once is written where it is used; one that is used more often, or whose text is
long, becomes a statement with a name. Parsing the text gives the same nodes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from ..base.errors import Span
from ..gates.gate import Gate
from ..gates.gate_row import called
from ..language.row_texts import NAME, read, runs
from ..language.tokens import name_of
from .expressions import option_texts, settled
from .nodes import Node

LONGEST_EXPRESSION = 200  # characters of one expression; a longer one is given a name


class Written(NamedTuple):
    """The fields of a `Graph`: nodes in the order of the text, with their places in it."""

    nodes: tuple[Node, ...]
    output: int
    names: dict[str, int]
    source: str


def write_source(
    nodes: Sequence[Node],
    output: int,
    name: str | None = None,
    *,
    longest: int = LONGEST_EXPRESSION,
) -> Written:
    """The text of everything the output depends on, and the nodes in its order.

    `nodes` are in topological order; inputs without a name are called c1, c2, ... An output without
    a name is called `name`, or t1, t2, ... if that is taken or no valid name; with None it stays
    an expression. An input's array is written if it takes at most `longest` characters; its node
    holds it in any case.
    """
    reached = used(nodes, output)
    names = _names(nodes, reached, output, name)
    counted = _counted("t", {*names.values(), name, *(node.name for node in nodes)})
    often = _often(nodes, reached)
    text = _Text(nodes, names)
    for i in reached:
        if nodes[i].gate is None:
            text.add_leaf(i, longest)
            continue
        text.add_formula(i)
        bare = i == output and name is None
        if i in names or i in often or i == output or len(text.of[i]) > LONGEST_EXPRESSION:
            text.add_statement(i, names.get(i) or ("" if bare else next(counted)))
    return Written(tuple(text.made), text.places[output], text.names, "; ".join(text.statements))


def used(nodes: Sequence[Node], *outputs: int) -> list[int]:
    """Everything the outputs depend on, themselves included, in order."""
    todo, seen = [*outputs], set[int]()
    while todo:
        index = todo.pop()
        if index not in seen:
            seen.add(index)
            todo.extend(nodes[index].sources)
    return sorted(seen)


def _names(
    nodes: Sequence[Node], used: Sequence[int], output: int, name: str | None
) -> dict[int, str]:
    """The names of nodes and of the output, and a numbered one for every other input."""
    names = {i: own for i in used if (own := nodes[i].name) is not None}
    called, taken = name_of(name), {node.name for node in nodes}
    counted = _counted("c", {*taken, called})
    for i in used:
        node = nodes[i]
        if node.gate is None and not node.constant and node.name is None:
            names[i] = next(counted)
    if called is not None and called not in {*names.values(), *taken}:
        names.setdefault(output, called)
    return names


def _counted(letter: str, taken: set[str | None]) -> Iterator[str]:
    return (name for i in count(1) if (name := f"{letter}{i}") not in taken)


def _often(nodes: Sequence[Node], used: Sequence[int]) -> set[int]:
    """The nodes that need a name: used more than once, or as an index."""
    uses = Counter(source for i in used for source in nodes[i].sources)
    found = {i for i, times in uses.items() if times > 1}
    for i in used:
        position = _indexing(nodes[i].gate)
        if position is not None and isinstance(label := nodes[i].args[position], int):
            found.add(label)
    return found


def _indexing(gate: Gate | None) -> int | None:
    """Which input of a gate stands in square brackets: the labels in s[y]."""
    places = enumerate(gate.params if gate and "[" in gate.text else ())
    return next((i for i, param in places if gate and f"[{{{param}}}]" in gate.text), None)


def literal(value: Any) -> str:
    """A number or the rows of an array as the language writes them.

    >>> literal(2.0), literal(((0.5, 1.0), (-1e-7, 3.0)))
    ('2', '[[0.5, 1], [-1e-07, 3]]')
    """
    if isinstance(value, tuple):
        return f"[{', '.join(map(literal, value))}]"
    return repr(value).removesuffix(".0")


def _size(value: Any) -> int:
    """How many numbers an array has."""
    return len(value) * _size(value[0]) if isinstance(value, tuple) else 1


class _Text:
    """A text that grows by statements, and the nodes that parsing it will give."""

    def __init__(self, nodes: Sequence[Node], called: dict[int, str]) -> None:
        self.nodes, self.called = nodes, called
        self.of: dict[int, str] = {}  # the text written where a node is used
        self.cuts: dict[int, list[tuple[int, int, int]]] = {}  # the inputs in a gate's text
        self.statements: list[str] = []
        self.length = 0
        self.made: list[Node] = []
        self.places: dict[int, int] = {}
        self.names: dict[str, int] = {}

    def add_leaf(self, i: int, longest: int) -> None:
        """Add a constant, or an input with a statement for its value."""
        value = self.nodes[i].value
        self.of[i] = literal(value) if self.nodes[i].literal else self.called[i]
        if value is None or self.nodes[i].constant or _size(value) > max(longest, 1):
            return
        text = literal(value) if isinstance(value, tuple) else repr(value)
        if isinstance(value, float) or len(text) <= longest:
            self._append(f"{self.of[i]} = {text}")
            self._make(i, Span(self.length - len(self.statements[-1]), self.length))

    def add_formula(self, i: int) -> None:
        """Add a gate, over the texts of its inputs."""
        node, end, parts, cuts = self.nodes[i], 0, [], []
        assert node.gate is not None
        taken = dict(zip(node.gate.named(len(node.args)), node.args, strict=True))
        names = {p: self.of[a] if isinstance(a, int) else literal(a) for p, a in taken.items()}
        settings = option_texts(node.gate, node.options, literal)
        formula = read(settled(node.gate, self._template(node), settings, len(names)))
        for piece, place in runs(formula, names):
            arg = taken.get(place)
            start, end = end, end + len(piece)
            parts.append(piece)
            if isinstance(arg, int):
                cuts.append((arg, start, end))
        self.of[i], self.cuts[i] = "".join(parts), cuts

    def _template(self, node: Node) -> str:
        """How a gate is written; a label that is not a name cannot stand in square brackets."""
        gate, position = node.gate, _indexing(node.gate)
        assert gate is not None
        label = None if position is None else node.args[position]
        named = isinstance(label, int) and NAME.fullmatch(self.of[label])
        if position is None or named:
            return gate.written or gate.text
        return called(gate.name, gate.params)

    def add_statement(self, i: int, name: str) -> None:
        """Add a gate's text as a statement, whose name replaces it from here on."""
        head = f"{name} = " if name else ""
        self._append(head + self.of[i])
        self._walk(i, self.length - len(self.of[i]))
        place = self.places[i]
        if name:
            self.made[place] = self.made[place]._replace(name=name)
            self.of[i], self.names[name] = name, place

    def _append(self, statement: str) -> None:
        self.length += len(statement) + 2 * bool(self.statements)
        self.statements.append(statement)

    def _walk(self, root: int, at: int) -> None:
        """Make the nodes of a text that begins at `at`, in the order the parser makes them."""
        todo = [(root, at, at + len(self.of[root]), False)]
        while todo:
            i, start, end, ready = todo.pop()
            if i in self.places:
                continue
            if ready or self.nodes[i].gate is None:
                self._make(i, Span(start, end))
                continue
            todo.append((i, start, end, True))
            inner = [(arg, start + s, start + e) for arg, s, e in self.cuts[i]]
            # literals become nodes only as their gate does
            literals = [(*cut, False) for cut in inner if self.nodes[cut[0]].literal]
            others = [self._bare(*cut) for cut in inner if not self.nodes[cut[0]].literal]
            todo.extend(reversed(others + literals))

    def _bare(self, i: int, start: int, end: int) -> tuple[int, int, int, bool]:
        """The place of a node's text, without the brackets around it."""
        brackets = (end - start - len(self.of[i])) // 2
        return i, start + brackets, end - brackets, False

    def _make(self, i: int, span: Span) -> None:
        node = self.nodes[i]
        args = tuple(self.places[arg] if isinstance(arg, int) else arg for arg in node.args)
        name = None if node.gate or self.nodes[i].literal else self.called[i]
        self.places[i] = len(self.made)
        if name:
            self.names[name] = len(self.made)
        self.made.append(node._replace(args=args, span=span, name=name, place=()))
