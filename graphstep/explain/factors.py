"""The factors of the chain rule on one wire: its gate's arguments and local gradient."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from ..calculus.shapes import Shape
from ..formulas.signs import TIMES
from ..formulas.tree import Fenced, Frac, Matrix, Name, Number, Row, Scripts, Sign, Tree, Words
from ..gates.rules import Rule
from ..graph.expressions import used
from ..graph.graph import Graph
from ..graph.nodes import Node
from ..graph.slots import Slot
from ..language.local_texts import in_short, local_text
from ..language.row_texts import ATOM, POWER
from ..look.matrices import is_small
from .printed_numbers import PrintedNumbers
from .symbols import Symbols
from .terms import Piece, Places, fenced, number, product, transposed

PRIMES = ("′", "″", "‴")
ONES = Piece(Sign("𝟏"), array=True)
ONE = Number("1")
SPLIT = re.compile(
    r"\{g\}(?P<turned>ᵀ?)(?P<sign> · |\*|/)(?P<after>.+)|(?P<before>.+) · \{g\}", re.DOTALL
)
"""A pulled gradient as a product, split at the upstream gradient."""
ROWS: Mapping[tuple[str, tuple[int, ...]], bool] = MappingProxyType(
    {
        ("{x} @ {y}", (1, 2)): True,
        ("{x} @ {y}", (2, 1)): False,
        ("outer({x}, {y})", (1, 1)): False,
    }
)
"""Products whose vectors are rows (or columns) wherever they are in a graph."""
PRODUCTS = frozenset(text for text, _ in ROWS)


class Factor(NamedTuple):
    """The local gradient beside the upstream one, in names and, if it is small, in numbers.

    `sign` is written between them; `after`: the local one comes second; `turned`: the upstream one
    is transposed; `summed`: the product is summed over all elements.
    """

    names: Piece | None = None
    numbers: Piece | None = None
    sign: str = "·"
    after: bool = True
    turned: bool = False
    summed: bool = False


class Factors(PrintedNumbers):
    """The parts of formulas for one tape: symbols, derivatives, and factors of the chain rule."""

    @cached_property
    def symbols(self) -> Symbols:
        """The names and formulas of the graph."""
        tape = self.tape
        reserved = (tape.outside,) if tape.outside else ()
        return Symbols(tape.graph, self.numbers.mark, tape.shapes, reserved=reserved)

    def shape(self, node: int) -> Shape:
        """The shape of a node; () for a number."""
        return self.symbols.shapes[node]

    def is_row(self, node: int) -> bool:
        """Whether the vectors at a gate are rows."""
        record = self.tape.graph.nodes[node]
        text = record.gate.text if record.gate else ""
        if text not in PRODUCTS:
            return self.symbols.rows
        return ROWS.get((text, self.symbols.dimensions(record)), self.symbols.rows)

    # --- symbols

    def total(self, node: int) -> Piece:
        """∂f/∂x, the upstream gradient of a node."""
        tree = derivative(self.end, self.symbols.pieces[node])
        return Piece(tree, POWER, array=bool(self.shape(node)))

    @property
    def end(self) -> Piece:
        """What is differentiated in the end: the output, or a loss outside."""
        outside = self.tape.outside
        return Piece(Name(outside)) if outside else self.symbols.pieces[self.tape.graph.output]

    @cached_property
    def repeated(self) -> Mapping[int, Mapping[int, int]]:
        """For a node that a gate takes several times, the wires to such gates, each with its place.

        They are counted from 0, over all gates.
        """
        return repeated_wires(self.tape.graph)

    def place(self, wire: int) -> int | None:
        """The place of a wire among those of `repeated`; None if it is not one of them."""
        return self.repeated.get(self.tape.graph.wires[wire].source, {}).get(wire)

    def entry(self, wire: int) -> Piece:
        """A gate's argument on a wire: x, or x′ and x″ if it takes x several times."""
        piece, place = self.symbols.pieces[self.tape.graph.wires[wire].source], self.place(wire)
        if place is None:
            return piece
        few = place < len(PRIMES)
        mark = Sign(PRIMES[place]) if few else Fenced(Number(str(place + 1)))
        return Piece(Scripts(after_d(piece), sup=mark), ATOM, False, piece.array)

    def filled(self, node: int, text: str, also: Places | None = None) -> Piece:
        """A text of a gate's row over the gate's arguments."""
        record = self.tape.graph.nodes[node]
        args, wires = record.args, self.wires_at[node]

        def given(position: int) -> Piece:
            if position in wires:
                return self.entry(wires[position])
            return self.symbols.inside(args[position])

        return self.symbols.filled(record, text, given, also)

    @cached_property
    def wires_at(self) -> Sequence[Mapping[int, int]]:
        """For each node, the wire that enters it at each position."""
        graph = self.tape.graph
        return [{graph.wires[w].position: w for w in entering} for entering in graph.wires_in]

    def own(self, node: int) -> Piece:
        """A gate's formula over its arguments; of many, over some of them."""
        gate = self.tape.graph.nodes[node].gate
        assert gate is not None  # only gates have a formula
        return self.filled(node, in_short(gate.text))

    def partial(self, wire: int) -> Piece:
        """∂z/∂x of one wire. At the output, z is its formula, since ∂f/∂x is the total."""
        source, target, _ = self.tape.graph.wires[wire]
        piece = self.symbols.pieces[target]
        if piece == self.end or not isinstance(piece.tree, Name | Words):
            piece = self.own(target)
        array = bool(self.shape(target) or self.shape(source))
        return Piece(derivative(piece, self.entry(wire)), POWER, array=array)

    def asked(self, wire: int) -> Piece | None:
        """The name of a wire's downstream gradient, if it has one: the total of x′, or of x."""
        graph = self.tape.graph
        several = len(graph.wires_back[graph.wires[wire].source]) > 1
        if several and self.place(wire) is None:
            return None
        return Piece(derivative(self.end, self.entry(wire)), POWER)

    # --- local gradients

    def record(self, wire: int) -> Node:
        """The gate that a wire enters."""
        return self.tape.graph.nodes[self.tape.graph.wires[wire].target]

    def is_map(self, wire: int) -> bool:
        """Whether the rule of a wire is about whole arrays."""
        gate = self.record(wire).gate
        rule = gate.rule(self.tape.graph.wires[wire].position) if gate else None
        return isinstance(rule, Rule) and rule.maps

    def template(self, wire: int) -> str:
        """The row text of the local gradient, or of a map's pulled one; empty if there is none."""
        if wire not in self._templates:
            _, target, position = self.tape.graph.wires[wire]
            text = local_text(self.tape.at_work[target], position)
            self._templates[wire] = self.symbols.oriented(text, self.record(wire))
        return self._templates[wire]

    @cached_property
    def _templates(self) -> dict[int, str]:
        return {}

    def read(self, wire: int, text: str, upstream: Piece | None = None) -> Piece | None:
        """A text of a local gradient over the gate's arguments; None for an empty one."""
        target = self.tape.graph.wires[wire].target
        also = {"ones": ONES}
        if upstream is not None:
            also["g"] = upstream
        return self.filled(target, text, also) if text else None

    def factor(self, wire: int) -> Factor:
        """The factor by which the upstream gradient of a wire is multiplied."""
        source, target, _ = self.tape.graph.wires[wire]
        if not self.shape(target):
            return self._to_number(wire)
        if self.is_map(wire):
            return self._of_map(wire)
        if self._repeated_in_rows(wire):
            ones = self.array(self.tape.values[target][:, 0] ** 0, row=True)
            return Factor(transposed(ONES), ones, "·", after=False)
        summed = not self.shape(source)
        if self._alike(wire, self.shape(target)) and self.shape(source) in ((), self.shape(target)):
            return self._by_element(wire, summed)
        return Factor()

    def _repeated_in_rows(self, wire: int) -> bool:
        """Whether an input is added to each row of a matrix: its gradient sums over the rows."""
        source, target, position = self.tape.graph.wires[wire]
        gate, shape = self.record(wire).gate, self.shape(target)
        plain = gate is not None and gate.elementwise and gate.rule(position) == 1.0
        return plain and len(shape) == 2 and self.shape(source) == shape[1:] and self.symbols.rows

    def _alike(self, wire: int, shape: Shape) -> bool:
        """Whether all arguments in a wire's local gradient have one shape, or are numbers."""
        record, text = self.record(wire), self.template(wire)
        assert record.gate is not None
        if "{few}" in text:  # of all of them
            return self._shapes[self.tape.graph.wires[wire].target] <= {(), shape}
        args = used(record.gate, text, len(record.args), record.args.__getitem__)
        return all(self.shape(arg) in ((), shape) for arg in args.values() if isinstance(arg, int))

    @cached_property
    def _shapes(self) -> Sequence[Set[Shape]]:
        """The shapes of what each node takes."""
        return [set(map(self.shape, node.sources)) for node in self.tape.graph.nodes]

    def _to_number(self, wire: int) -> Factor:
        """The factor at a gate with one number as its value: a number or array like the input."""
        source, target, _ = self.tape.graph.wires[wire]
        local, shape = self.tape.local(wire), self.shape(source)
        text = self.template(wire)
        names = self.read(wire, cofactor(text) if self.is_map(wire) else text)
        if type(local) is float:
            return Factor(names, number(self.texts[Slot("local", wire)]))
        if names is not None and not names.array:
            names = ONES if names.tree == ONE else product(names, ONES, TIMES)
        found = None
        if is_small(shape):
            found = self.array(self.tape.pulled(wire, 1.0), self.is_row(target))
        gate = self.record(wire).gate
        fits = self._alike(wire, shape) or bool(gate and gate.labels)
        return Factor(names if fits else None, found)

    def _of_map(self, wire: int) -> Factor:
        """The factor at a matrix product: the other matrix, transposed."""
        text = self.template(wire)
        found = SPLIT.fullmatch(text)
        if text == "{g}.T" and len(self.shape(self.tape.graph.wires[wire].target)) == 2:
            return Factor(turned=True)
        if found is None or "·" not in text:
            return Factor()
        rest, turned = found["after"] or found["before"], bool(found["turned"])
        after = bool(found["after"])
        return Factor(self.read(wire, rest), self._other(wire, rest), "·", after, turned)

    def _other(self, wire: int, text: str) -> Piece | None:
        """The other matrix in numbers, transposed if the text says so."""
        record = self.record(wire)
        assert record.gate is not None
        node = record.args[record.gate.params.index(text.strip("{}ᵀ"))]
        assert isinstance(node, int)  # a matrix is no number inside a gate
        value = self.value(node, self.is_row(self.tape.graph.wires[wire].target))
        return exchanged(value) if text.endswith("ᵀ") else value

    def _by_element(self, wire: int, summed: bool) -> Factor:
        """The factor at an elementwise gate, for an input of the output's shape or a number."""
        target = self.tape.graph.wires[wire].target
        names = self.read(wire, self.template(wire))
        sign = "⊙" if names is None or names.array else "·"
        if summed or not is_small(self.shape(target)):
            return Factor(names, None, sign, summed=summed)
        entries = self.tape.pulled(wire, self.tape.values[target] ** 0)
        if names is not None and not names.array:
            one = number(self.numbers(float(entries.flat[0])))
            return Factor(names, None if names.tree == ONE else one, sign)
        return Factor(names, self.array(entries, self.is_row(target)), sign)

    def whole(self, wire: int, upstream: Piece) -> Piece | None:
        """A pulled gradient that is no product, from a vector to a vector; None for others."""
        source, target, _ = self.tape.graph.wires[wire]
        text = self.template(wire)
        vectors = len(self.shape(source)) == 1 and self.shape(source) == self.shape(target)
        if not self.is_map(wire) or not vectors or "·" in text or text == "{g}.T":
            return None
        return self.read(wire, text, upstream)


def repeated_wires(graph: Graph) -> dict[int, dict[int, int]]:
    """The wires from a node to gates that take it several times, each with its place among them."""
    times = Counter((wire.source, wire.target) for wire in graph.wires)
    found: dict[int, dict[int, int]] = {}
    for w, (source, target, _) in enumerate(graph.wires):
        if times[source, target] > 1:
            places = found.setdefault(source, {})
            places[w] = len(places)
    return found


def cofactor(text: str) -> str:
    """The factor beside the upstream gradient in a row text; 1 if there is none.

    >>> [cofactor(text) for text in ("{g}", "{g}/4", "{g}*2*{x}", "{g} - sum({g})")]
    ['1', '1/4', '2*{x}', '']
    """
    found = SPLIT.fullmatch(text)
    if found is None:
        return "1" if text == "{g}" else ""
    rest = found["after"] or found["before"]
    return f"1/{rest}" if found["sign"] == "/" else rest


def derivative(top: Piece, bottom: Piece) -> Tree:
    """∂z/∂x."""
    return Frac(Row((Sign("∂"), after_d(top))), Row((Sign("∂"), after_d(bottom))))


def after_d(piece: Piece) -> Tree:
    """A piece after ∂: in brackets, unless it is a name, a primed name, or a call."""
    match piece.tree:
        case Name() | Words() | Fenced() | Scripts(sup=Sign("′" | "″" | "‴") | Fenced()):
            return piece.tree
        case Row((Name() | Words(), Fenced())):
            return piece.tree
    return fenced(piece).tree


def exchanged(piece: Piece | None) -> Piece | None:
    """A matrix of numbers, transposed."""
    match piece:
        case Piece(Fenced(Matrix(rows))):
            turned = tuple(zip(*rows, strict=True))
            return piece._replace(tree=Fenced(Matrix(turned), "[", "]"))
    return piece
