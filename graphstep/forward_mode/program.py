"""The program of forward mode: after the value of a gate its tangent, one line a wire."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from types import MappingProxyType

from ..base.words import say
from ..gates.rules import Rule
from ..graph.slots import Slot
from ..program.assembly import whole
from ..program.following import Value
from ..program.lines import Program
from ..program.python_texts import name, of_numpy, written
from ..program.writing import Writing, given
from .tape import ForwardTape


def tangent_program(run: ForwardTape, lang: str = "en") -> Program:
    """The program of forward mode, which computes the same bits: values and tangents.

    Raises GraphError for a gate whose mathematics cannot be followed, such as a custom one.
    """
    return whole(TangentWriting(run, lang))


class TangentWriting(Writing):
    """The lines of forward mode; what does not depend on the input has the tangent 0."""

    run: ForwardTape
    titles = MappingProxyType({"inputs": "program.inputs", "forward": "program.tangents"})

    def _write(self) -> None:
        for i in self.leaves:
            self._leaf(i)
        for i in self.leaves:
            self._begin(i)
        for i in self.graph.gates:
            self._value(i)
            self._tangent(i)

    def _ends(self) -> Iterable[int]:
        return (self.graph.output,)

    def _begin(self, i: int) -> None:
        """Write the line of the tangent of an input or a constant."""
        start = self.run.start
        if i != start.node:
            self._still(i)
            return
        self.known[i] = self._number(start.tangent)
        key = "seed" if self.run.along.tangent is None else "given"
        said = say(f"program.{key}", self.lang)
        self._derivative(i, given(self.known[i]), said, (Slot("tangent", i),))

    def _still(self, i: int) -> None:
        """Write the line of a tangent that is 0; labels have none."""
        if Slot("upstream", i) in self.without:
            return
        shape = self.run.shapes[i]
        zero = of_numpy("zeros", shape if len(shape) > 1 else shape[0]) if shape else written(0.0)
        said = say("program.still", self.lang, name=self.names[self.run.start.node])
        self._derivative(i, zero, said, (Slot("tangent", i),))

    def _tangent(self, node: int) -> None:
        """Write a line for each wire that brings a tangent to a gate."""
        wires = self.run.carrying(node)
        if not wires:
            self._still(node)
        for k, w in enumerate(wires):
            value, tree = self._pushed(w)
            if k:
                tree = ast.BinOp(name(f"d{self.names[node]}"), ast.Add(), tree)
                value = self.known[node] + value
            self.known[node] = value
            source = self.names[self.graph.wires[w].source]
            key = "tangent_last" if k and w == wires[-1] else "tangent_from"
            said = say(f"program.{key}", self.lang, source=source, name=self.names[node])
            self._derivative(node, tree, said, (Slot("local", w), Slot("tangent", node)))

    def _pushed(self, w: int) -> Value:
        """The tangent of the source of a wire, through its local gradient."""
        source, target, position = self.graph.wires[w]
        tangent, shapes = self._known(source), self.run.shapes
        rule, numbers = self._map(target, position), shapes[source] == shapes[target] == ()
        if numbers:
            local = self._slope(target, rule) if rule else self._local(target, position)
            return self._times(tangent, local)
        if rule:
            return self._through(target, rule, tangent)
        return self._by_element(target, position, {"t": tangent}, "push", "push")

    def _map(self, target: int, position: int) -> Rule | None:
        """The rule of an input, if it is about whole arrays."""
        rule = self._at(target)[0].rule(position)
        return rule if isinstance(rule, Rule) and rule.maps else None

    def _slope(self, target: int, rule: Rule) -> Value:
        """The local gradient of a map between two numbers."""
        import numpy as np

        options = self.graph.nodes[target].options
        return self.followed.expression(
            target, lambda m, *found: rule.of(m, *found, *options).push(np.float64(1.0)),
            f"d_{self._at(target)[0].name}",
        )  # fmt: skip

    def _through(self, target: int, rule: Rule, tangent: Value) -> Value:
        """A tangent through a linear map of arrays."""
        import numpy as np

        options, shape = self.graph.nodes[target].options, self.run.shapes[target]
        return self.followed.expression(
            target, lambda m, t, *found: np.reshape(rule.of(m, *found, *options).push(t), shape),
            f"{self._at(target)[0].name}_push", {"t": tangent},
        )  # fmt: skip
