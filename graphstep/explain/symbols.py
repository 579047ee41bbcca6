"""Names of a graph's nodes in formulas, and the formulas of its gates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..calculus.shapes import Shape
from ..formulas.names import NameParts, split_name
from ..formulas.tree import Equation, Fenced, Matrix, Name, Tree, Words
from ..formulas.unicode import unicode
from ..graph.expressions import LONGEST_PART, constant, option_texts, settled, used
from ..graph.nodes import Node
from .terms import ELLIPSIS, How, Piece, Places, number, read

if TYPE_CHECKING:  # a graph is passed in as a value
    from ..graph.graph import Graph

SHORT = 9  # characters of a formula that stands for an unnamed node
BY_DIMENSIONS: Mapping[tuple[str, tuple[int, ...]], str] = MappingProxyType(
    {("{x}.T", (1,)): "{x}"}
)
"""Row texts for matrices, and their form for vectors: transposing one changes nothing."""
OF_VECTORS = frozenset(text for text, _ in BY_DIMENSIONS)
FACTORS = re.compile(r"\{(\w+)\} @ \{(\w+)\}")
"""A product of two arrays in a row text; there may be several in that of a composite gate."""
TAKEN: Mapping[str, str] = MappingProxyType({"e": "exp", "σ": "sigmoid"})
"""Signs of functions; a function is written by its name where a variable has its sign."""
ALIKE = str.maketrans("асекриυνκρ", "aceкpuuvkp".replace("к", "k"))
"""Cyrillic and Greek letters that look like Latin ones."""


def expression(graph: Graph) -> Equation:
    """A graph as one formula: the output's name, and its formula over inputs and named nodes.

    If there are named nodes, a further side has their formulas inserted. Long parts are left out.
    """
    return Symbols(graph).expression()


@dataclass(frozen=True, eq=False)
class Symbols:
    """The names and formulas of a graph; `shapes` are those of its nodes, if known."""

    graph: Graph
    mark: str = "."
    shapes: tuple[Shape, ...] = ()
    order: str = "uvabcghkpqrst"  # of the letters for unnamed nodes
    reserved: Collection[str] = ()  # names that no letter may be, besides those of nodes

    @cached_property
    def rows(self) -> bool:
        """Whether vectors are rows in this graph.

        They are if some are multiplied by a matrix from the right, or added to each row of one, and
        none is multiplied from the left.
        """
        records = [node for node in self.graph.nodes if node.gate]
        gates = [(node.gate, self.dimensions(node)) for node in records if node.gate]
        products = {found for node in records for found in self._factors(node)}
        repeated = any(gate.elementwise and {1, 2} <= {*found} for gate, found in gates)
        return ((1, 2) in products or repeated) and (2, 1) not in products

    def dimensions(self, record: Node) -> tuple[int, ...]:
        """The number of dimensions of each node that a gate takes."""
        return tuple(len(self.shape(arg)) for arg in record.args if isinstance(arg, int))

    def _factors(self, record: Node) -> Iterator[tuple[int, ...]]:
        """The numbers of dimensions of both factors of each product of what a gate takes."""
        gate = record.gate
        assert gate is not None  # only gates take something
        for names in FACTORS.findall(gate.text):
            yield tuple(map(self._dimensions_of(record), names))

    def _dimensions_of(self, record: Node) -> Callable[[str], int]:
        """A function for the number of dimensions of what a gate takes, by its name in the row."""
        gate, args = record.gate, record.args
        assert gate is not None  # only gates take something
        positions = gate.positions(len(args))

        def dimensions(name: str) -> int:
            arg = args[positions[name]]
            return len(self.shape(arg)) if isinstance(arg, int) else 0

        return dimensions

    def shape(self, node: int) -> Shape:
        """The shape of a node; () if shapes are not known."""
        return self.shapes[node] if self.shapes else ()

    @cached_property
    def _free(self) -> Iterator[str]:
        """Letters that no node has as its name."""
        taken = {split_name(name) for name in (*self.graph.names, *self.reserved)}
        taken |= {
            split_name(self.output),
            *(NameParts(n.base.translate(ALIKE), n.indexes) for n in taken),
        }
        letters = chain(self.order, (f"u{k}" for k in count(1)))
        return (letter for letter in letters if split_name(letter) not in taken)

    @cached_property
    def output(self) -> str:
        """The name of the output in ∂f/∂x."""
        graph = self.graph
        name = graph.nodes[graph.output].name
        taken = {*graph.names, *self.reserved}
        free = chain("fLyhg" if "f" not in self.reserved else "zyuvs", map("f{}".format, count()))
        return name or next(letter for letter in free if letter not in taken)

    @cached_property
    def _names(self) -> tuple[list[Piece], dict[str, int]]:
        """The name of each node in formulas, and the node of each new letter."""
        pieces: list[Piece] = []
        letters: dict[str, int] = {}
        short = self._shorts
        for i, node in enumerate(self.graph.nodes):
            array = bool(self.shape(i))
            if node.name is not None or i == self.graph.output:
                pieces.append(Piece(self._named(node.name or self.output), array=array))
            elif i in short:
                pieces.append(short[i])
            else:
                letter = next(self._free)
                letters[letter] = i
                pieces.append(Piece(Name(letter), array=array))
        return pieces, letters

    def _named(self, name: str) -> Tree:
        """A name; in source form if another one looks the same in formulas."""
        return Words(name) if self._looks[split_name(name)] > 1 else Name(name)

    @cached_property
    def _looks(self) -> Counter[NameParts]:
        return Counter(split_name(n.name) for n in self.graph.nodes if n.name is not None)

    @cached_property
    def _shorts(self) -> dict[int, Piece]:
        """The formulas used in place of names: no two of them are the same."""
        named = {
            i: Piece(self._named(node.name), array=bool(self.shape(i)))
            for i, node in enumerate(self.graph.nodes)
            if node.name is not None
        }
        found = {i: own for i in range(len(self.graph.nodes)) if (own := self._short(i, named))}
        times = Counter(unicode(own.tree) for own in (*named.values(), *found.values()))
        return {i: own for i, own in found.items() if times[unicode(own.tree)] == 1}

    def _short(self, node: int, named: Mapping[int, Piece]) -> Piece | None:
        """The formula of a gate if it is short, over named nodes only, and used once.

        The gate that uses it must not take x itself: the x in ∂(x y x)/∂x would be ambiguous.
        """
        record, leaving = self.graph.nodes[node], self.graph.wires_out[node]
        if record.gate is None or node in named or len(leaving) != 1:
            return None
        beside = self.graph.nodes[self.graph.wires[leaving[0]].target].args
        if not named.keys() >= {*record.sources} or not {*record.sources}.isdisjoint(beside):
            return None
        own = self.formula(node, named)
        return own if len(unicode(own.tree)) <= SHORT else None

    @property
    def pieces(self) -> list[Piece]:
        """The name of each node in formulas: its own, a letter, or a short formula."""
        return self._names[0]

    @property
    def letters(self) -> dict[str, int]:
        """The node of each new letter."""
        return self._names[1]

    @cached_property
    def expanded(self) -> list[Piece]:
        """The formula of each node over inputs and named nodes; long parts are left out."""
        return self._expanded(through=False)

    def _expanded(self, through: bool) -> list[Piece]:
        """The formula of each node; with `through`, named nodes are expanded too."""
        made: list[Piece] = []
        inner: list[Piece] = []  # what stands for each node in the formulas of others
        for i, node in enumerate(self.graph.nodes):
            made.append(self._leaf(i) if node.gate is None else self.formula(i, inner))
            kept = node.name is not None and not through
            inner.append(self.pieces[i] if kept else _cut(made[-1]))
        return made

    def _leaf(self, node: int) -> Piece:
        """The name of an input, or the number of a constant."""
        record = self.graph.nodes[node]
        if not record.literal:
            return self.pieces[node]
        if isinstance(record.value, tuple):
            return Piece(_literal(record.value, self.mark), array=True)
        return self.inside(record.value or 0.0)

    def inside(self, value: float) -> Piece:
        """A number inside a gate."""
        return number(constant(value).replace(".", self.mark))

    def formula(self, node: int, pieces: Sequence[Piece] | Mapping[int, Piece]) -> Piece:
        """The formula of a gate over pieces for the nodes it takes, by index."""
        record = self.graph.nodes[node]
        args = record.args
        assert record.gate is not None  # only gates have a formula

        def given(position: int) -> Piece:
            arg = args[position]
            return pieces[arg] if isinstance(arg, int) else self.inside(arg)

        found = self.filled(record, record.gate.text, given)
        return found._replace(array=bool(self.shape(node))) if self.shapes else found

    def filled(
        self, record: Node, text: str, given: Callable[[int], Piece], also: Places | None = None
    ) -> Piece:
        """A text of a gate's row, filled with pieces for the arguments at the positions in it."""
        gate, count = record.gate, len(record.args)
        assert gate is not None
        text = self.oriented(text, record)
        text = settled(gate, text, option_texts(gate, record.options), count)
        own = {gate.name} if gate.own or gate.made else set[str]()
        how = How(self.mark, self._by_name | own)
        return read(text, {**used(gate, text, count, given), **(also or {})}, how)

    @cached_property
    def _by_name(self) -> frozenset[str]:
        """The functions that are written by their names, since a variable has their sign."""
        bases = {split_name(name) for name in self.graph.names}
        return frozenset(f for sign, f in TAKEN.items() if NameParts(sign, ()) in bases)

    def oriented(self, text: str, record: Node) -> str:
        """A row text for matrices, in the form for the vectors that a gate takes."""
        if text in OF_VECTORS:
            return BY_DIMENSIONS.get((text, self.dimensions(record)), text)
        if "@" not in text:
            return text
        dimensions = self._dimensions_of(record)
        form = "{%s} @ {%s}ᵀ" if self.rows else "{%s}ᵀ @ {%s}"

        def of_vectors(found: re.Match[str]) -> str:
            names = found.groups()
            return form % names if all(dimensions(name) == 1 for name in names) else found[0]

        return FACTORS.sub(of_vectors, text)

    def expression(self) -> Equation:
        """The whole graph as one formula: see the function `expression`."""
        output = self.graph.output
        whole = self._expanded(through=True)[output].tree
        sides = [self.pieces[output].tree, self.expanded[output].tree]
        if ELLIPSIS.tree not in parts(whole):
            sides.append(whole)
        return Equation(tuple(distinct(sides)))


def distinct(sides: Iterable[Tree]) -> list[Tree]:
    """Sides of an equation, without those equal to the one before."""
    made: list[Tree] = []
    before = None
    for side in sides:
        text = unicode(side)
        if text != before:
            made.append(side)
        before = text
    return made


def parts(tree: object) -> Iterator[object]:
    """A formula and all its parts, at any depth."""
    left = [tree]
    while left:
        part = left.pop()
        yield part
        if isinstance(part, tuple):
            left += part


def _cut(piece: Piece) -> Piece:
    return piece if len(unicode(piece.tree)) <= LONGEST_PART else ELLIPSIS


def _literal(value: object, mark: str) -> Tree:
    """A literal list as a column or matrix."""
    rows = value if isinstance(value, tuple) else (value,)
    lines = [row if isinstance(row, tuple) else (row,) for row in rows]
    texts = tuple(tuple(number(_digits(x, mark)).tree for x in line) for line in lines)
    return Fenced(Matrix(texts), "[", "]")


def _digits(x: object, mark: str) -> str:
    return constant(float(str(x))).replace(".", mark) if not isinstance(x, tuple) else "…"
