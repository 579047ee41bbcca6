"""Words for nodes and wires: names, numbers, why nothing comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..base.signs import MINUS, typeset
from ..base.words import say, sentences
from ..calculus.shapes import broadcast, shape_text
from ..engine.run import Run, Trouble
from ..graph.expressions import constant, fill, symbol, symbol_text
from ..graph.slots import Slot
from ..language.row_texts import ATOM, is_positive, level_of
from ..look.numbers import Numbers
from ..reasons.kinks import of_kink, taken_at_kink
from ..reasons.nicknames import of_tie
from ..reasons.notices import dust, repeated, rows_of_labels, softmax_twice
from ..reasons.troubles import of_trouble
from ..reasons.zeros import of_zero
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
    numbers: Numbers
    texts: Mapping[Slot, str]
    letters: Callable[[], Mapping[str, int]]
    lang: str = "en"
    symbols: str = "typeset"
    _wires: dict[int, dict[str, str]] = field(default_factory=dict)  # needed twice in most steps
    _names: dict[int, str] = field(default_factory=dict)
    _mapped: dict[int, bool] = field(default_factory=dict)
    _tied: dict[int, str] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """A sentence by its key in the words."""
        return say(key, self.lang, **values)

    def why(self, key: str, gates: str) -> str:
        """Why a step can come now, perhaps after some gates; from outside there comes no 1."""
        inner = self.tape.graph.whole is not None
        begin = "outside_" * bool(self.tape.outside) + "target_" * inner
        special = f"why.{begin}{key}"
        known = not gates and special in sentences(self.lang)
        return self.say(special if known else f"why.{key}", gates=gates)

    def times(self, count: int) -> str:
        """How often, in words."""
        return self.say("times.two" if count == 2 else "times.more", count=count)

    def name(self, node: int) -> str:
        """The name of a node in sentences."""
        if node not in self._names:
            self._names[node] = self.formulas.label(node) or self._unnamed(node)
        return self._names[node]

    def _unnamed(self, node: int) -> str:
        """What stands for a node whose text is long: the sign of its gate, or a list's shape."""
        record = self.tape.graph.nodes[node]
        if record.gate is None:
            return self.say("name.list", shape=shape_text(self.tape.shapes[node]))
        return self.say(
            "name.unnamed",
            symbol=symbol_text(typeset(symbol(record), self.symbols, self.numbers.mark)),
        )

    @cached_property
    def formulas(self) -> CaptionFormulas:
        """The formulas of captions."""
        tape, mark = self.tape, self.numbers.mark
        given = tape.graph, tape.at_work, self.texts, self.letters, mark, self.symbols
        return CaptionFormulas(*given)

    def gate(self, node: int) -> str:
        """The kind of gate a node is, in words."""
        gate = self.tape.graph.nodes[node].gate
        if gate is None:
            return self.name(node)
        if gate.own or gate.made:
            return self.say("gate.own", name=gate.name)
        return self.say(f"gate.{gate.name}")

    def gate_inside(self, node: int) -> str:
        """The kind of gate a node is, in words inside a sentence."""
        said, gate = self.gate(node), self.tape.graph.nodes[node].gate
        first = said.partition(" ")[0]
        kept = (gate is not None and first == gate.name) or not first[1:].islower()
        return said if kept else f"{first.lower()}{said[len(first) :]}"

    def wire(self, wire: int) -> dict[str, str]:
        """The numbers on a wire, and its local gradient as a formula that ends in its number."""
        if wire not in self._wires:
            self._wires[wire] = self._numbers_of(wire)
        return self._wires[wire]

    def _numbers_of(self, wire: int) -> dict[str, str]:
        graph, texts = self.tape.graph, self.texts
        source, target, _ = graph.wires[wire]
        local, formula, shown = self.local_of(wire)
        upstream = texts[Slot("upstream", target)]
        return {
            "gate": self.gate(target),
            "target": self.formulas.name(target),
            "source": self.formulas.name(source),
            "local": local,
            "formula": formula,
            "local_formula": shown,
            "pulled": self._pulled(wire),
            "upstream": upstream,
            "boxed": f"[{upstream}]" if type(self.tape.upstreams[target]) is float else upstream,
            "downstream": texts[Slot("downstream", wire)],
        }

    def local_of(self, wire: int) -> tuple[str, str, str]:
        """The local gradient on a wire: as printed, as a formula, and both together."""
        local, formula = self.texts[Slot("local", wire)], self.formulas.local(wire)
        if not isinstance(self.tape.local(wire), float):
            return local, formula, f"{local}: {formula}" if formula else local
        if is_positive(formula.removeprefix(MINUS)):
            formula = ""  # "2 = 2.00" says nothing
        return local, formula, f"{formula} = {local}" if formula else local

    def _pulled(self, wire: int) -> str:
        """The downstream gradient in terms of the upstream one; empty if that is one number."""
        if not self.kind(wire):
            return ""
        found = self.formulas.pulled(wire, self.say("array.upstream"), self._each)
        return found or self.say("array.pulled")

    def _each(self, formula: str) -> str:
        """That a formula gives every element."""
        return self.say("array.each", formula=formula)

    def told(self, wire: int) -> Told:
        """A wire in few words."""
        graph = self.tape.graph
        target = graph.wires[wire].target
        if target in graph.beyond:
            ends = {"output": self.name(graph.output), "names": self.name(target)}
            return Told("", "", self.say("step.beyond", **ends))
        zero = " ".join(self.zero(wire))
        if self.labels(wire):
            return Told("", "", zero)
        formula = self.wire(wire)["pulled" if self.kind(wire) else "formula"]
        sources = graph.nodes[target].sources
        said = "\n".join((formula, *self.formulas.meanings(sources, formula)))
        return Told("", said, zero) if self.kind(wire) else Told(said, "", zero)

    def zero(self, wire: int) -> list[str]:
        """The reasons why a downstream gradient is 0; empty if it is not."""
        source = self.formulas.name(self.tape.graph.wires[wire].source)
        reasons = of_zero(self.tape, wire)
        return [self.say(f"zero{'_some' * r.part}.{r.key}", source=source) for r in reasons]

    def kink(self, wire: int) -> list[str]:
        """The derivative that is used at a kink, where it is not 0 in all elements."""
        key = of_kink(self.tape, wire)
        if not key:
            return []
        taken = taken_at_kink(self.tape, wire)
        return [self.say(
            f"kink.{key}" if taken is not None else f"kink.{key}_several",
            source=self.formulas.name(self.tape.graph.wires[wire].source),
            local="" if taken is None else self.numbers(taken),
        )]  # fmt: skip

    def trouble(self, trouble: Trouble) -> str:
        """The warning on a node whose number is not finite."""
        record = self.tape.graph.nodes[trouble.node]
        gate, count = record.gate, len(record.args)
        return self.say(
            f"trouble.{of_trouble(self.tape, trouble)}", name=self.name(trouble.node),
            gate=self.gate_inside(trouble.node), number=self.numbers(trouble.number),
            domain=gate.domain if gate else "",
            formula=fill(gate, gate.text, gate.named(count), record.options) if gate else "",
        )  # fmt: skip

    def notices(self, shows: Sequence[Slot]) -> Iterator[str]:
        """What a reader may not expect of the numbers that a step shows."""
        for slot in shows:
            found = dust(self.tape, slot)
            if found is not None:
                key, number = "value" if slot.kind == "value" else "gradient", self.numbers(found)
                node = slot.item
                if slot.kind == "downstream":
                    node = self.tape.graph.wires[slot.item].source
                yield self.say(f"dust.{key}", name=self.name(node), number=number)
            if slot.kind == "value":
                yield from self._repeated(slot.item)
                yield from self._softmax_twice(slot.item)
                yield from self._rows(slot.item)

    def _repeated(self, node: int) -> Iterator[str]:
        """That inputs of a gate are repeated to a shape that none of them has."""
        inputs = repeated(self.tape, node)
        if inputs:
            shapes = self.tape.shapes
            named = (f"{self.name(i)}: {shape_text(shapes[i])}" for i in inputs)
            common = shape_text(broadcast(*(shapes[i] for i in inputs)))
            yield self.say(
                "repeated.shapes", gate=self.gate(node), shapes=", ".join(named), common=common
            )

    def _rows(self, node: int) -> Iterator[str]:
        """That an index takes rows, where an element of each row may have been meant."""
        if rows_of_labels(self.tape, node):
            record = self.tape.graph.nodes[node]
            s, y = (
                self.formulas.name(a) if isinstance(a, int) else constant(a) for a in record.args
            )
            yield self.say("rows.labels", scores=s, labels=y)

    def _softmax_twice(self, node: int) -> Iterator[str]:
        """That a gate of scores gets what it makes of scores itself."""
        graph, name = self.tape.graph, self.formulas.name
        found, record = softmax_twice(self.tape, node), graph.nodes[node]
        if found is None or record.gate is None:
            return
        (scores,) = graph.nodes[found].sources
        args = ({found: name(scores)}.get(a) or name(a) if isinstance(a, int) else constant(a)
                for a in record.args)  # fmt: skip
        yield self.say(
            "twice.softmax", gate=self.gate(node), source=name(found), scores=name(scores),
            write=fill(record.gate, record.gate.text, [*args], record.options),
        )  # fmt: skip

    def slot(self, slot: Slot, output: str) -> str:
        """A slot in symbols: f, ∂f/∂x."""
        graph = self.tape.graph
        if slot.kind == "value":
            return self.name(slot.item)
        if slot.kind == "upstream":
            return f"∂{output}/∂{self._below(slot.item)}"
        source, target, _ = graph.wires[slot.item]
        above = self._below(target) if slot.kind == "local" else output
        return f"∂{above}/∂{self._below(source)}"

    def _below(self, node: int) -> str:
        """The name of a node behind ∂, in brackets where it is not one thing."""
        name = self.name(node)
        return name if level_of(name) == ATOM else f"({name})"

    def kind(self, wire: int) -> str:
        """The ending of a sentence's key: "_map" if the local gradient is a map."""
        return "" if isinstance(self.tape.local(wire), float) else "_map"

    def maps(self, node: int) -> bool:
        """Whether some local gradient of a gate is a map."""
        if node not in self._mapped:
            self._mapped[node] = any(map(self.kind, self.tape.graph.wires_in[node]))
        return self._mapped[node]

    def tie(self, node: int) -> str:
        """The key of what is said of equal inputs or elements of a gate."""
        if node not in self._tied:
            self._tied[node] = of_tie(self.tape, node)
        return self._tied[node]

    def labels(self, wire: int) -> bool:
        """Whether a wire carries labels: they have no derivative, so there is no product."""
        return self.tape.graph.takes_labels(self.tape.graph.wires[wire])
