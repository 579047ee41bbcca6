"""The formulas of captions: in the language itself, over names, or letters for what is long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..base.signs import minus
from ..formulas.names import figure_names, in_figure
from ..gates.rules import Rule
from ..graph.expressions import (
    LONGEST_PART,
    constant,
    on_one_line,
    option_texts,
    printed_label,
    settled,
    used,
    value_formula,
)
from ..graph.graph import Graph
from ..graph.slots import Slot
from ..language.local_texts import Taken, local_text
from ..language.row_texts import NAME, read, to_text
from .through_gates import pulled_through

EACH = "*{ones}"
"""The end of a text that gives the same number to every element."""


@dataclass(frozen=True, eq=False)
class CaptionFormulas:
    """Writes the formulas of captions for the numbers of a run; `texts` are slots as printed.

    `at_work` gives each gate with the values that it takes and gives, by node;
    `letters` the letters of the formulas beside the captions, each with its node.
    `symbols` is how the figure has names: "typeset" or "program".
    """

    graph: Graph
    at_work: Mapping[int, Taken]
    texts: Mapping[Slot, str]
    letters: Callable[[], Mapping[str, int]]
    mark: str = "."
    symbols: str = "typeset"
    _names: dict[int, str] = field(default_factory=dict)
    _lettered: set[int] = field(default_factory=set)  # the nodes named by letters so far

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """The names of the graph as the figure sets them."""
        return figure_names(self.graph.names, self.symbols)

    @cached_property
    def _lettered_nodes(self) -> Mapping[str, int]:
        """The letters as the figure would set them, each with its node."""
        known = self.letters()
        return dict(zip(figure_names(known, self.symbols).values(), known.values(), strict=True))

    @cached_property
    def _letters(self) -> Mapping[int, str]:
        """The letter of each node that has one."""
        return {node: letter for letter, node in self._lettered_nodes.items()}

    def label(self, node: int) -> str:
        """A node's name, number, or piece of the source as it is printed; empty if that is long."""
        return in_figure(printed_label(self.graph, node), self.shown)

    def name(self, node: int) -> str:
        """What stands for a node in formulas: its name or text, or a letter if that is long."""
        if node not in self._names:
            self._names[node] = self._named(node)
        return self._names[node]

    def _named(self, node: int) -> str:
        short = self.label(node)
        if short:
            return spaced(short)
        # a long text of a short formula, such as one with a comment in it
        if node in self._letters:
            self._lettered.add(node)
            return self._letters[node]
        return self.value(node)

    def value(self, node: int) -> str:
        """A gate's formula over names."""
        return minus(value_formula(self.graph, node, self.name))

    def numbers(self, node: int) -> str:
        """A gate's formula over numbers."""
        return minus(value_formula(self.graph, node, self.printed, self.mark))

    def printed(self, node: int) -> str:
        """The value of a node."""
        return self.texts[Slot("value", node)]

    def local(self, wire: int) -> str:
        """The local gradient on a wire as a formula; empty for a map, or if it is a number."""
        rule = self._rule(wire)
        return "" if isinstance(rule, float) or _is_map(rule) else self._filled(wire)

    def pulled(self, wire: int, upstream: str, each: Callable[[str], str]) -> str:
        """The downstream gradient of a map in terms of the upstream one; empty if none holds.

        `each` says of a formula that it gives every element.
        """
        if not _is_map(self._rule(wire)):
            return ""
        return self._filled(wire, upstream, each) or self._through(wire, upstream)

    def _through(self, wire: int, upstream: str) -> str:
        """The downstream gradient of a composite gate; empty if no short formula is known."""
        _, target, position = self.graph.wires[wire]
        taken = self.at_work[target]
        if taken.gate.made is None:
            return ""
        names = [*map(self._argument, taken.args)]
        return pulled_through(taken, position, names, upstream, self.name(target))

    def _rule(self, wire: int) -> object:
        _, target, position = self.graph.wires[wire]
        gate = self.graph.nodes[target].gate
        assert gate is not None  # a wire ends at a gate
        return gate.rule(position)

    def _filled(self, wire: int, upstream: str = "", each: Callable[[str], str] = str) -> str:
        _, target, position = self.graph.wires[wire]
        taken = self.at_work[target]
        text = local_text(taken, position)
        if text.endswith(EACH) and not taken.out_shape:
            return each(self._in_names(taken, text.removesuffix(EACH), upstream))
        return self._in_names(taken, text, upstream) if text else ""

    def _in_names(self, taken: Taken, text: str, upstream: str) -> str:
        """A text of a gate's row, over the names of what the gate takes."""
        gate, args = taken.gate, taken.args
        text = settled(gate, text, option_texts(gate, taken.options), len(args))
        names = used(gate, text, len(args), lambda position: self._argument(args[position]))
        ones = f"ones({', '.join(map(str, taken.shape(0)))})" if "{ones}" in text else ""
        return minus(to_text(read(text), {**names, "g": upstream, "ones": ones}))

    def _argument(self, arg: int | float) -> str:
        return self.name(arg) if isinstance(arg, int) else constant(arg)

    def meanings(self, nodes: Iterable[int], said: str) -> list[str]:
        """The equation of each letter said of some nodes, and the numbers of those in it."""
        if not self._lettered:
            return []
        told = {node: self._meaning(node) for node in self._named_in(said, nodes)}
        inner = [i for node in told for i in self.graph.nodes[node].sources]
        numbers = {i: self.printed(i) for i in self._named_in(" ".join(told.values()), inner)}
        found = {**numbers, **told}
        return [f"{self.name(node)} = {text}" for node, text in found.items()]

    def _named_in(self, said: str, nodes: Iterable[int]) -> list[int]:
        """Those of some nodes that a text names by letters, in their order."""
        letters = self._lettered_nodes
        named = {letters[word] for word in NAME.findall(said) if word in letters} & self._lettered
        if not named:
            return []
        places = [*nodes]
        return sorted(named.intersection(places), key=places.index)

    def _meaning(self, node: int) -> str:
        """What a letter stands for."""
        record = self.graph.nodes[node]
        if record.gate is None:
            return self.printed(node)
        text = minus(on_one_line(self.graph.source[slice(*record.span)]))
        if 0 < len(text) <= LONGEST_PART:
            return spaced(in_figure(text, self.shown))
        return minus(value_formula(self.graph, node, self.name, short=True))


def _is_map(rule: object) -> bool:
    return isinstance(rule, Rule) and rule.maps


def spaced(text: str) -> str:
    """A text with a space after each comma, so that none looks like that of a decimal number.

    >>> spaced("max(x,[1,2])"), spaced('einsum("ij,jk",x,y)')
    ('max(x, [1, 2])', 'einsum("ij,jk", x, y)')
    """
    return re.sub(r"""(["'][^"']*["'])|,(?=\S)""", lambda found: found[1] or ", ", text)


def without_spaces(text: str) -> str:
    """A text in which only the signs count."""
    return re.sub(r"\s", "", text)
