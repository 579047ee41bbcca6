"""The sentences of forward mode: tangents of gates, and how many passes both modes take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from ..explain.captions import CAPTION, LEGEND, Speaker, bracketed_number
from ..explain.steps import Step
from ..explain.wording import Told, Wording
from ..graph.slots import Slot
from ..look.matrices import inline_array, is_small
from .tape import ForwardTape


@dataclass(frozen=True)
class ForwardWording(Wording):
    """Words for nodes and wires that say nothing of what comes back."""

    tape: ForwardTape

    def _numbers_of(self, wire: int) -> dict[str, str]:
        source, target, _ = self.tape.graph.wires[wire]
        local, formula, shown = self.local_of(wire)
        tangent = self.texts[Slot("tangent", source)]
        return {
            "gate": self.gate(target),
            "target": self.formulas.name(target),
            "source": self.formulas.name(source),
            "wrt": self.name(self.tape.start.node),
            "local": local,
            "formula": formula,
            "local_formula": shown,
            "pulled": "",
            "tangent": tangent,
            "boxed": f"[{tangent}]" if type(self.tape.tangents[source]) is float else tangent,
            "term": self.text(self.tape.pushed(wire)),
        }

    def text(self, value: Any) -> str:
        """A number or an array that is in no slot."""
        numbers = self.numbers
        whole = type(value) is float
        return numbers(value) if whole else inline_array(value, numbers, numbers.longest, self.lang)

    def told(self, wire: int) -> Told:
        """A wire in few words: its local gradient."""
        if self.labels(wire):
            source = self.formulas.name(self.tape.graph.wires[wire].source)
            return Told("", "", self.say("zero.labels", source=source))
        return Told(self.formulas.local(wire), "", "")


@dataclass(frozen=True)
class ForwardSpeaker(Speaker):
    """Says how tangents travel with the values."""

    tape: ForwardTape

    @cached_property
    def words(self) -> ForwardWording:
        """The words for nodes and wires."""
        given = self.tape, self.numbers, self.texts, self.letters, self.lang, self.symbols
        return ForwardWording(*given)

    def _on_wires(self, key: str, step: Step) -> Iterator[str]:
        """The sentences for the wires of a step; what two have in common is said once."""
        wires = step.in_order(self.tape.graph)
        if not self.tape.carrying(step.node):
            name, start = self.words.formulas.name(step.node), self.name(self.tape.start.node)
            yield self.words.say("step.push_none", name=name, wrt=start)
            return
        said = [self._on_wire(key, wire) for wire in wires]
        for k, one in enumerate(said):
            yield self.words.say("step.push_again") if k and one == said[k - 1] else one

    def _on_wire(self, key: str, wire: int) -> str:
        """The sentence for one wire; one that brings no tangent adds nothing."""
        target = self.tape.graph.wires[wire].target
        if wire in self.tape.carrying(target) or self.words.labels(wire):
            return super()._on_wire(key, wire)
        return self.words.say(f"step.{key}_none", **self.words.wire(wire))

    def _lines(self, key: str, step: Step) -> list[str]:
        """The product of each wire that brings a tangent."""
        carrying = self.tape.carrying(step.node)
        found = [w for w in self._with_numbers(step) if w in carrying]
        words = self.words
        return [words.say(f"legend.{key}{words.kind(w)}", **words.wire(w)) for w in found]

    def _begin(self, _: Step) -> list[str]:
        """The tangents of the inputs."""
        start, name = self.tape.start, self.name
        others = [name(i) for i in self.tape.graph.inputs.values()
                  if i != start.node and Slot("tangent", i) in self.texts]  # fmt: skip
        given = {"name": name(start.node), "tangent": self.texts[Slot("tangent", start.node)]}
        key = "begin" if start.letter == self.tape.graph.ids[start.node] else "begin_along"
        said = [self.words.say(f"step.{key}", letter=start.letter, **given)]
        if others:
            said.append(self.words.say("step.begin_others", names=", ".join(others)))
        return said

    def _kinks(self, step: Step) -> list[str]:
        """What is used at kinks and ties."""
        return self._used(step, self.words.kink)

    def _pushed(self, step: Step) -> list[str]:
        """The tangent of a gate: the sum, or the only term."""
        if not self.tape.carrying(step.node):
            return []
        key = "pushed" if len(self.tape.carrying(step.node)) > 1 else "pushed_one"
        return [self.words.say(f"step.{key}", total=self._sum_of(step))]

    def _sum_of(self, step: Step) -> str:
        found, wires = self.texts[Slot("tangent", step.node)], self.tape.carrying(step.node)
        shape = self.tape.shapes[step.node]
        terms = [bracketed_number(self.words.wire(w)["term"]) for w in reversed(wires)]
        if len(wires) < 2 or (shape and not is_small(shape)):
            return found
        return f"{' + '.join(terms)} = {found}"

    def _push_head(self, step: Step) -> list[str]:
        """What is multiplied, in words."""
        kind = "_map" * self.words.maps(step.node)
        return [self.words.say(f"legend.push_head{kind}")] if self.tape.carrying(step.node) else []

    def _push_sum(self, step: Step) -> list[str]:
        """The sum over the inputs."""
        several = len(self.tape.carrying(step.node)) > 1
        return [self._sum_of(step)] if several else []

    def _passes(self, _: Step) -> list[str]:
        """How many passes both modes take for all derivatives."""
        forward, backward = counts = tuple(self.tape.passes.values())
        key = "same" if forward == backward else PASSES[counts.index(min(counts))]
        said = {"inputs": forward, "outputs": backward}
        return [self.words.say(f"step.passes{end}", **said) for end in ("", f"_{key}")]

    def _compared(self, _: Step) -> list[str]:
        """The same as two lines."""
        counts = self.tape.passes.items()
        return [self.words.say(f"legend.passes_{mode}", count=count) for mode, count in counts]


PASSES: Sequence[str] = ("forward", "backward")
ForwardSpeaker.captions = MappingProxyType(
    {
        **CAPTION,
        "begin": ForwardSpeaker._begin,
        "kinks": ForwardSpeaker._kinks,
        "pushed": ForwardSpeaker._pushed,
        "passes": ForwardSpeaker._passes,
    }
)
ForwardSpeaker.legends = MappingProxyType(
    {
        **LEGEND,
        "push_head": ForwardSpeaker._push_head,
        "pushed": ForwardSpeaker._push_sum,
        "passes": ForwardSpeaker._compared,
    }
)
