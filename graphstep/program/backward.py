"""The backward pass of a program: one line a wire."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from math import copysign
from types import MappingProxyType
from typing import Any

from ..base.words import say
from ..gates.rules import Rule
from ..graph.slots import Slot
from .following import Value
from .python_texts import name, written
from .writing import Writing, given


class BackwardWriting(Writing):
    """The lines of both passes: values, then gradients, the last wire first."""

    titles = MappingProxyType(
        {
            "inputs": "program.inputs",
            "forward": "program.forward",
            "backward": "program.backward",
        }
    )

    def _write(self) -> None:
        for i in self.leaves:
            self._leaf(i)
        for i in self.graph.gates:
            self._value(i)
        self._seed()
        for w in reversed(range(len(self.graph.wires))):
            if Slot("downstream", w) not in self.without:
                self._wire(w)

    def _ends(self) -> Iterable[int]:
        return self.graph.inputs.values()

    def _seed(self) -> None:
        """Write the line of the output's gradient."""
        output, arrived = self.graph.output, self.run.arrived
        one: Any = self.run.engine.one
        seed = one if arrived is None else self._number(arrived)
        self.known[output] = seed
        said = say("program.given" if arrived is not None else "program.seed", self.lang)
        self._derivative(output, given(seed), said, (Slot("upstream", output),))

    def _wire(self, w: int) -> None:
        """Write the line of a wire, whose gradient becomes that of its source or is added to it."""
        source, target, position = self.graph.wires[w]
        value, tree = (self._product if self.floats else self._pulled)(target, position)
        before = self.known.get(source)
        if before is not None:
            tree = ast.BinOp(name(f"d{self.names[source]}"), ast.Add(), tree)
            value = before + value
        elif self.floats and value == 0.0 and copysign(1.0, value) < 0:
            tree, value = ast.BinOp(written(0.0), ast.Add(), tree), 0.0  # sums begin with 0
        self.known[source] = value
        made = (Slot("local", w), Slot("downstream", w), Slot("upstream", source))
        self._derivative(source, tree, self._said(w), made)

    def _said(self, w: int) -> str:
        """The gradient of a wire in words."""
        source, target, _ = self.graph.wires[w]
        last = min(self.graph.wires_back[source]) == w
        several = len(self.graph.wires_back[source]) > 1
        key = "from" if not several else "sum" if last else "part"
        gate, of = self.names[target], self.names[source]
        return say(f"program.{key}", self.lang, gate=gate, name=of)

    def _product(self, target: int, position: int) -> Value:
        """The upstream gradient of a gate times a local one, on floats."""
        return self._times(self._known(target), self._local(target, position))

    def _pulled(self, target: int, position: int) -> Value:
        """The upstream gradient of a gate pulled back through a local one, on arrays."""
        gate = self._at(target)[0]
        rule, options = gate.rule(position), self.graph.nodes[target].options
        up = self._known(target)
        if isinstance(rule, Rule) and rule.maps:
            back = rule.back or _pull_of(rule)
            return self.followed.expression(
                target, lambda m, g, *given: back(m, g, *given, *options),
                f"{gate.name}_back", {"g": up},
            )  # fmt: skip
        return self._by_element(target, position, {"g": up}, "back", "pull")


def _pull_of(rule: Rule) -> Callable[..., Any]:
    """The pull of a linear map, as `Rule.back` has it."""
    of = rule.of
    return lambda m, g, *given: of(m, *given).pull(g)
