"""The sentences of a figure without numbers: names of gradients, formulas, the chain rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..base.words import say, sentences
from ..calculus.shapes import Shape
from ..explain.caption_formulas import CaptionFormulas
from ..explain.captions import Speaker
from ..explain.steps import Step
from ..explain.wording import Wording
from ..graph.expressions import MOST_LISTED
from ..graph.slots import Slot
from .names import SEED, SymbolicNames, other_names


@dataclass(frozen=True, eq=False)
class SymbolicFormulas(CaptionFormulas):
    """Formulas over the names that the figure shows; nothing has to be explained besides."""

    outside: str = ""
    shapes: tuple[Shape, ...] = ()

    @cached_property
    def names(self) -> SymbolicNames:
        """The names in the figure."""
        return SymbolicNames(self.graph, self._shown, self.outside, self.shapes)

    @property
    def _shown(self) -> dict[str, str]:
        """Names as the figure sets them."""
        return {**other_names(self.graph, self.outside, self.symbols), **self.shown}

    def _named(self, node: int) -> str:
        return self.names.nodes[node]

    def value(self, node: int) -> str:
        """A gate's formula over names."""
        return self.names.with_gate(node, super().value(node))

    def equation(self, node: int) -> str:
        """What a node is: q = x + y, or k = 2."""
        record = self.graph.nodes[node]
        return f"{self.name(node)} = {self.value(node) if record.gate else self.label(node)}"

    def local(self, wire: int) -> str:
        """The local gradient on a wire as a formula or number; empty if there is none."""
        return super().local(wire) if self.names.is_map(wire) else self._filled(wire)

    def meanings(self, nodes: Iterable[int], said: str) -> list[str]:  # noqa: ARG002
        """Letters are names here."""
        return []


@dataclass(frozen=True)
class SymbolicWording(Wording):
    """Words for nodes and wires that say nothing of numbers."""

    def say(self, key: str, **values: object) -> str:
        """The sentence of a key: the one of figures without numbers, where there is one."""
        own = f"symbols.{key}"
        return say(own if own in sentences(self.lang) else key, self.lang, **values)

    def name(self, node: int) -> str:
        """The name of a node: its own, or its letter."""
        return self.formulas.name(node)

    @cached_property
    def formulas(self) -> SymbolicFormulas:
        """The formulas of captions, with the names of the figure."""
        return SymbolicFormulas(**self._given, outside=self.tape.outside, shapes=self.tape.shapes)

    @property
    def _given(self) -> dict[str, Any]:
        return {
            "graph": self.tape.graph,
            "at_work": self.tape.at_work,
            "texts": self.texts,
            "letters": self.letters,
            "mark": self.numbers.mark,
            "symbols": self.symbols,
        }

    def gate(self, node: int) -> str:
        """The kind of gate a node is, in words."""
        gate = self.tape.graph.nodes[node].gate
        if gate is not None and gate.unknown:
            return self.say("gate.unknown", name=self.formulas.names.shown[gate.name])
        return super().gate(node)

    def _numbers_of(self, wire: int) -> dict[str, str]:
        target = self.tape.graph.wires[wire].target
        names = self.formulas.names
        slots, maps = names.slots, names.is_map(wire)
        local, formula = slots[Slot("local", wire)], self.formulas.local(wire)
        if maps:
            size = names.jacobian(wire)
            shown = f"{local}, {size}: {formula}" if formula else f"{local}, {size}"
        else:
            shown = f"{local} = {formula}" if formula else local
        return {
            "gate": self.gate(target),
            "equation": self.formulas.equation(target),
            "target": self.name(target),
            "source": names.entry(wire),
            "local": local,
            "formula": formula,
            "local_formula": shown,
            "upstream": slots[Slot("upstream", target)],
            "boxed": f"[{slots[Slot('upstream', target)]}]",
            "downstream": slots[Slot("downstream", wire)],
            "pulled": self._pulled(wire),
        }

    def kind(self, wire: int) -> str:
        """The ending of a sentence's key: "_map" if the local gradient is a matrix."""
        return "_map" if self.formulas.names.is_map(wire) else ""

    def zero(self, wire: int) -> list[str]:  # noqa: ARG002
        """No gradient is known to be 0."""
        return []

    def kink(self, wire: int) -> list[str]:  # noqa: ARG002
        """Whether an input is at a kink is not known."""
        return []

    def tie(self, node: int) -> str:  # noqa: ARG002
        """Whether inputs are equal is not known."""
        return ""

    def notices(self, shows: Sequence[Slot]) -> Iterator[str]:  # noqa: ARG002
        """There are no numbers to notice."""
        return iter(())


@dataclass(frozen=True)
class SymbolicSpeaker(Speaker):
    """Says what happens in a graph, whatever its inputs are."""

    @cached_property
    def words(self) -> SymbolicWording:
        """The words for nodes and wires."""
        given = self.tape, self.numbers, self.texts, self.letters, self.lang, self.symbols
        return SymbolicWording(*given)

    def inputs(self) -> str:
        """No number is given."""
        return ""

    def formulas(self, node: int) -> list[str]:
        """A gate's formula in names."""
        return [self.words.formulas.value(node)]

    def _meanings(self, step: Step, said: str) -> str:
        """What primed names stand for: x′ = x″ = x."""
        names, graph = self.words.formulas.names, self.tape.graph
        wires = {w: graph.wires[w].source for w in step.wires(graph)}
        found = [
            " = ".join((*map(names.entry, names.repeated[source]), names.nodes[source]))
            for source in dict.fromkeys(wires.values())
            if any(names.entry(w) in said for w in names.repeated.get(source, ()))
        ]
        return self.words.say("step.letters", meanings="; ".join(found)) if found else ""

    def _output(self) -> str:
        return self.name(self.tape.graph.output)

    def _all(self, _: Step) -> list[str]:
        """What every gate computes; of many, the first ones and the last."""
        graph, formulas = self.tape.graph, self.words.formulas
        inputs = set(graph.inputs.values())
        found = [formulas.equation(i) for i, node in enumerate(graph.nodes)
                 if i not in inputs and not node.known]  # fmt: skip
        if len(found) > MOST_LISTED:
            found[MOST_LISTED - 2 : -1] = ["…"]
        said = self.words.say("step.all", formulas="; ".join(found))
        return [said, *self._unknown(graph.unknown)]

    def _unknown(self, nodes: Iterable[int]) -> list[str]:
        """That some gates may be any."""
        gates = (self.tape.graph.nodes[i].gate for i in nodes)
        shown = self.words.formulas.names.shown
        names = list(dict.fromkeys(shown[gate.name] for gate in gates if gate is not None))
        key = "any" if len(names) == 1 else "any_of"
        return [self.words.say(f"step.{key}", names=", ".join(names))] if names else []

    def _seed(self, step: Step) -> list[str]:
        """The gradient that comes from a loss outside, or 1."""
        outside = self.tape.outside
        if not outside:
            return super()._seed(step)
        names = self.words.formulas.names
        upstream, loss = names.total(step.node), names.end
        return [self.words.say("step.arrives", loss=loss, upstream=upstream)]

    def _given(self, _: Step) -> list[str]:
        inputs = ", ".join(map(self.name, self.tape.graph.inputs.values()))
        return [self.words.say("step.given", inputs=inputs)]

    def _value(self, step: Step) -> list[str]:
        """What a gate computes."""
        words, node = self.words, step.node
        equation = words.formulas.equation(node)
        said = words.say("step.value", gate=words.gate_inside(node), equation=equation)
        new = {node} & {*self.tape.graph.unknown}
        return [said, *self._unknown(new)]

    def _gate(self, step: Step) -> list[str]:
        words, node = self.words, step.node
        upstream, equation = words.formulas.names.total(node), words.formulas.equation(node)
        if node == self.tape.graph.output and not self.tape.outside:
            upstream += f" = {SEED}"
        product = words.say("array.pulled" if words.maps(node) else "array.product")
        return [words.say("step.gate", gate=self.gate(node), equation=equation, upstream=upstream,
                          product=product)]  # fmt: skip

    def _nickname(self, step: Step) -> list[str]:
        """The lecture's word for what a gate with several wires does to gradients."""
        gate = self.tape.graph.nodes[step.node].gate
        several = len(step.wires(self.tape.graph)) > 1
        known = several and gate is not None and gate.nickname
        return [self.words.say(f"nickname.{gate.name}")] if gate and known else []

    def _added(self, step: Step) -> dict[str, str]:
        names, wires = self.words.formulas.names, self.tape.graph.wires_back[step.node]
        terms = " + ".join(names.slots[Slot("downstream", w)] for w in wires)
        return {
            "name": names.nodes[step.node],
            "times": self.words.times(len(wires)),
            "total": f"{names.total(step.node)} = {terms}",
        }
