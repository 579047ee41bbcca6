"""Words for nodes and wires: names, numbers, why nothing comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..base.signs import MINUS
from ..base.words import say
from ..calculus.shapes import shape_text
from ..calculus.values import is_zero
from ..engine.run import Run
from ..gates.kinks import Mask, at_kink, everywhere
from ..gates.row_texts import is_positive
from ..graph.expressions import printed_label, symbol, symbol_text
from ..graph.slots import Slot
from .caption_formulas import CaptionFormulas


class Told(NamedTuple):
    """A wire in few words: its local gradient, how upstream is pulled back, why it is 0."""

    local: str
    pulled: str
    zero: str


@dataclass(frozen=True)
class Wording:
    """The words for the parts of a tape, in a language; `texts` are all slots as printed."""

    tape: Run
    texts: Mapping[Slot, str]
    letters: Callable[[], Mapping[str, int]]
    lang: str = "en"
    mark: str = "."
    _wires: dict[int, dict[str, str]] = field(default_factory=dict)  # needed twice in most steps
    _names: dict[int, str] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """A sentence by its key in the words."""
        return say(key, self.lang, **values)

    def name(self, node: int) -> str:
        """The name of a node in sentences."""
        if node not in self._names:
            self._names[node] = printed_label(self.tape.graph, node) or self._unnamed(node)
        return self._names[node]

    def _unnamed(self, node: int) -> str:
        """What stands for a node whose text is long: the sign of its gate, or a list's shape."""
        record = self.tape.graph.nodes[node]
        if record.gate is None:
            return self.say("name.list", shape=shape_text(self.tape.shapes[node]))
        return self.say("name.unnamed", symbol=symbol_text(symbol(record)))

    @cached_property
    def formulas(self) -> CaptionFormulas:
        """The formulas of captions."""
        tape = self.tape
        return CaptionFormulas(tape.graph, tape.values, self.texts, self.letters, self.mark)

    def gate(self, node: int) -> str:
        """The kind of gate a node is, in words."""
        gate = self.tape.graph.nodes[node].gate
        if gate is None:
            return self.name(node)
        if gate.own or gate.made:
            return self.say("gate.own", name=gate.name)
        return self.say(f"gate.{gate.name}")

    def wire(self, wire: int) -> dict[str, str]:
        """The numbers on a wire, and its local gradient as a formula that ends in its number."""
        if wire not in self._wires:
            self._wires[wire] = self._numbers_of(wire)
        return self._wires[wire]

    def _numbers_of(self, wire: int) -> dict[str, str]:
        graph, texts = self.tape.graph, self.texts
        source, target, _ = graph.wires[wire]
        local, formula = texts[Slot("local", wire)], self.formulas.local(wire)
        if isinstance(self.tape.local(wire), float):
            if is_positive(formula.removeprefix(MINUS)):
                formula = ""  # "2 = 2.00" says nothing
            shown = f"{formula} = {local}" if formula else local
        else:
            shown = f"{local}: {formula}" if formula else local
        return {
            "gate": self.gate(target),
            "target": self.formulas.name(target),
            "source": self.formulas.name(source),
            "local": local,
            "formula": formula,
            "local_formula": shown,
            "pulled": self.formulas.pulled(wire, self.say("array.upstream"))
            or self.say("array.pulled"),
            "shape": shape_text(getattr(self.tape.values[source], "shape", ())),
            "upstream": texts[Slot("upstream", target)],
            "downstream": texts[Slot("downstream", wire)],
        }

    def told(self, wire: int) -> Told:
        """A wire in few words."""
        zero = " ".join(self.zero(wire))
        if self.labels(wire):
            return Told("", "", zero)
        formula = self.wire(wire)["pulled" if self.kind(wire) else "formula"]
        sources = self.tape.graph.nodes[self.tape.graph.wires[wire].target].sources
        said = "\n".join((formula, *self.formulas.meanings(sources, formula)))
        return Told("", said, zero) if self.kind(wire) else Told(said, "", zero)

    def zero(self, wire: int) -> list[str]:
        """The reason why a downstream gradient is 0; empty if it is not."""
        tape = self.tape
        source, target, position = tape.graph.wires[wire]
        gate = tape.graph.nodes[target].gate
        if not is_zero(tape.downstream(wire)) or gate is None:
            return []
        local = tape.local(wire)
        if self.labels(wire):
            reason = "labels"
        elif is_zero(tape.upstreams[target]):
            reason = "upstream"
        elif isinstance(local, float) and local != 0:
            reason = "underflow"
        elif not isinstance(local, float) and not local.vanishes:
            reason = "cancel"
        else:
            reason = "kink" if everywhere(self.at_kink(target, position)) else gate.zero or "other"
        return [self.say(f"zero.{reason}", source=self.formulas.name(source))]

    def kind(self, wire: int) -> str:
        """The ending of a sentence's key: "_map" if the local gradient is a map."""
        return "" if isinstance(self.tape.local(wire), float) else "_map"

    def structure(self, wire: int) -> str:
        """The structure of a wire's Jacobian; empty if the local gradient is a number."""
        return getattr(self.tape.local(wire), "structure", "")

    def at_kink(self, node: int, position: int | None = None) -> tuple[Mask, ...]:
        """Masks of where a gate has no derivative, with respect to one input or any."""
        record = self.tape.graph.nodes[node]
        assert record.gate is not None
        return at_kink(record.gate, record.taken(self.tape.values), record.options, position)

    def labels(self, wire: int) -> bool:
        """Whether a wire carries labels: they have no derivative, so there is no product."""
        return self.tape.graph.takes_labels(self.tape.graph.wires[wire])
