"""Sentences of a step: its caption, its legend in numbers, why it comes now, warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import ClassVar

from ..base.signs import MINUS
from ..engine.run import Run, Trouble
from ..graph.expressions import MOST_LISTED
from ..graph.graph import Graph
from ..graph.slots import Slot
from ..look.matrices import is_small, separator
from ..look.numbers import Numbers
from ..reasons.nicknames import is_tied, of_nickname
from ..reasons.troubles import carried
from ..updates.formulas import UpdateFormulas
from ..updates.rules import SUM
from .caption_formulas import without_spaces
from .step_kinds import Each, method_of
from .steps import Step
from .wording import Told, Wording


@dataclass(frozen=True)
class Speaker:
    """Says what happens on a tape, in a language; `texts` are all slots as printed.

    `letters` are those of the formulas beside the captions, each with its node. `symbols` and
    `drawn` are those of the style.
    """

    tape: Run
    numbers: Numbers
    texts: Mapping[Slot, str]
    letters: Callable[[], Mapping[str, int]]
    lang: str = "en"
    symbols: str = "typeset"
    update: UpdateFormulas | None = None
    drawn: str = "gates"
    captions: ClassVar[Mapping[str, Callable[..., list[str]]]]
    legends: ClassVar[Mapping[str, Callable[..., list[str]]]]

    @cached_property
    def words(self) -> Wording:
        """The words for nodes and wires."""
        return Wording(self.tape, self.numbers, self.texts, self.letters, self.lang, self.symbols)

    def caption(self, step: Step) -> str:
        """The sentences of a step."""
        said = " ".join(self._parts(step))
        after = (*self._troubles(step), *self.words.notices(step.shows))
        return " ".join(filter(None, (said, self._meanings(step, said), *after)))

    def _meanings(self, step: Step, said: str) -> str:
        """What the letters of a caption stand for."""
        found = self.words.formulas.meanings(self._mentioned(step), said)
        return self.words.say("step.letters", meanings="; ".join(found)) if found else ""

    def _mentioned(self, step: Step) -> Iterator[int]:
        """The nodes that a caption can name."""
        graph, wires = self.tape.graph, step.wires(self.tape.graph)
        targets = dict.fromkeys(graph.wires[w].target for w in wires) or (step.node,)
        named = (step.node, *targets) if step.row.wires == "out" else ()
        return chain(named, *(graph.nodes[target].sources for target in targets))

    def _parts(self, step: Step) -> Iterator[str]:
        for part in step.row.caption:
            if isinstance(part, Each):
                yield from self._on_wires(part.key, step)
            else:
                yield from method_of(self, self.captions[part])(step)

    def inputs(self) -> str:
        """The inputs with their numbers: "x = -2, y = 5"."""
        nodes, between = self.tape.graph.inputs.values(), separator(self.numbers)
        return between.join(f"{self.name(i)} = {self.texts[Slot('value', i)]}" for i in nodes)

    def legend(self, step: Step) -> str:
        """The step in numbers, `[local] · [upstream] = downstream`; empty in the forward pass.

        Lines of text: what is multiplied, then the numbers of each wire, then their sum.
        """
        lines: list[str] = []
        for part in step.row.legend:
            if isinstance(part, Each):
                lines += self._lines(part.key, step)
            else:
                lines += method_of(self, self.legends[part])(step)
        return "\n".join(lines)

    def _lines(self, key: str, step: Step) -> list[str]:
        words, wires = self.words, self._with_numbers(step)
        return [words.say(f"legend.{key}{words.kind(w)}", **words.wire(w)) for w in wires]

    def why(self, step: Step) -> str:
        """Why the step can come now."""
        row, gates = step.row, ", ".join(map(self.name, step.after))
        return self.words.why(row.why_after if gates else row.why, gates)

    def trouble(self, trouble: Trouble) -> str:
        """The warning on a node whose number is not finite."""
        return self.words.trouble(trouble)

    def name(self, node: int) -> str:
        """The name of a node in sentences."""
        return self.words.name(node)

    def label(self, node: int) -> str:
        """The name of a node, or its formula in names; empty if that is long."""
        return self.words.formulas.label(node)

    def gate(self, node: int) -> str:
        """The kind of gate a node is, in words."""
        return self.words.gate(node)

    def told(self, wire: int) -> Told:
        """A wire in few words."""
        return self.words.told(wire)

    def formulas(self, node: int) -> list[str]:
        """A gate's formula in names, then with numbers if they are few."""
        graph, shapes, formulas = self.tape.graph, self.tape.shapes, self.words.formulas
        found = [formulas.value(node)]
        if all(is_small(shapes[i]) for i in (node, *graph.nodes[node].sources) if shapes[i]):
            found.append(formulas.numbers(node))
        return found

    def formula(self, node: int) -> str:
        """A gate's formulas by themselves; the meanings of their letters follow on other lines."""
        said = " = ".join(dict.fromkeys(self.formulas(node)))
        sources = self.tape.graph.nodes[node].sources
        return "\n".join((said, *self.words.formulas.meanings(sources, said)))

    def _on_wires(self, key: str, step: Step) -> Iterator[str]:
        """The sentences for the wires of a step; what two wires have in common is said once."""
        before = ""
        for said in (self._on_wire(key, wire) for wire in step.in_order(self.tape.graph)):
            yield self.words.say("step.again") if said == before else said
            before = said

    def _on_wire(self, key: str, wire: int) -> str:
        """The sentence for one wire of a step."""
        words = self.words
        if words.labels(wire):
            source, _, _ = self.tape.graph.wires[wire]
            return words.say("zero.labels", source=words.formulas.name(source))
        return words.say(f"step.{key}{words.kind(wire)}", **words.wire(wire))

    def _troubles(self, step: Step) -> list[str]:
        """Why numbers that the step shows are not finite, each reason once."""
        if not self.tape.troubles:
            return []
        found, begun, output = carried(self.tape, step.shows), self.tape.trouble_at, self.output
        slots = (*step.shows, *(Slot("value", node) for node in found.values))
        shown = sorted({begun[slot] for slot in slots if slot in begun})
        said = [self.trouble(self.tape.troubles[k]) for k in shown]
        if found.sources:
            names = ", ".join(dict.fromkeys(self.words.slot(s, output) for s in found.sources))
            said.append(self.words.say("trouble.carried", names=names))
        said += [self.words.say(f"trouble.{key}") for key in ("too_large", "indefinite")
                 if getattr(found, key)]  # fmt: skip
        return list(dict.fromkeys(said))

    # --- one method per part of a caption

    def _all(self, step: Step) -> list[str]:
        value = self.texts[Slot("value", step.node)]
        return [self.words.say("step.all", output=self.output, value=value)]

    @property
    def output(self) -> str:
        """The name of the output in ∂f/∂f."""
        graph = self.tape.graph
        named = graph.nodes[graph.output].name or "f" in graph.names
        return self.name(graph.output) if named else "f"

    def _given(self, _: Step) -> list[str]:
        inputs = self.inputs()
        return [self.words.say("step.given" if inputs else "step.given_none", inputs=inputs)]

    def _value(self, step: Step) -> list[str]:
        node, formulas = step.node, self.words.formulas
        chain = [formulas.name(node), *self.formulas(node), formulas.printed(node)]
        equation = " = ".join({without_spaces(side): side for side in chain}.values())
        gate = self.words.gate_inside(node)
        return [self.words.say("step.value", gate=gate, equation=equation)]

    def _seed(self, step: Step) -> list[str]:
        """That the pass begins with 1, or with a gradient that is given."""
        outside, inner = self.tape.outside, self.tape.graph.whole is not None
        key = "_given" if outside else "_target" if inner else ""
        value = self.texts[Slot("upstream", step.node)]
        return [self.words.say(f"step.seed{key}", output=self.output, loss=outside, value=value)]

    def _known(self, step: Step) -> list[str]:
        """That local gradients are known before anything comes back."""
        one = len(self._with_numbers(step)) == 1
        return [self.words.say(f"step.known{'_one' * one}", gate=self.gate(step.node))]

    def _gate(self, step: Step) -> list[str]:
        upstream = self.texts[Slot("upstream", step.node)]
        return [self.words.say("step.gate", gate=self.gate(step.node), upstream=upstream)]

    def _reasons(self, step: Step) -> list[str]:
        """Why nothing comes back, and what is used at kinks and ties."""
        return self._used(step, lambda wire: self.words.zero(wire) or self.words.kink(wire))

    def _used(self, step: Step, of_wire: Callable[[int], list[str]]) -> list[str]:
        """What is said of each wire, once if it is the same of two, and of ties."""
        wires = self._with_numbers(step)
        said = dict.fromkeys(one for wire in wires for one in of_wire(wire))
        return [*said, *self._ties(wires)]

    def _with_numbers(self, step: Step) -> list[int]:
        """The wires of a step that carry no labels."""
        return [w for w in step.in_order(self.tape.graph) if not self.words.labels(w)]

    def _ties(self, wires: Sequence[int]) -> list[str]:
        """What is used where inputs or elements are equal."""
        graph = self.tape.graph
        targets = {w: graph.wires[w].target for w in wires}
        keys = {node: self.words.tie(node) for node in dict.fromkeys(targets.values())}
        found = [keys[node] for w, node in targets.items() if keys[node] and is_tied(self.tape, w)]
        return [self.words.say(f"tie.{key}") for key in dict.fromkeys(found)]

    def _nickname(self, step: Step) -> list[str]:
        """The lecture's word for what a gate with several wires does to gradients."""
        key = of_nickname(self.tape, step.node, step.wires(self.tape.graph))
        return [self.words.say(f"nickname.{key}")] if key else []

    def _sum(self, step: Step) -> list[str]:
        if self._only_labels(step):
            return [self.words.say("zero.labels", source=self.words.formulas.name(step.node))]
        return [self.words.say("step.sum", **self._added(step))]

    def _uses(self, step: Step) -> list[str]:
        """How often a value is used; its gradient comes back from there."""
        if self._only_labels(step):
            return []
        key = "uses" if several(self.tape.graph, step) else "used"
        return [self.words.say(f"step.{key}", **self._added(step))]

    def _reason(self, step: Step) -> list[str]:
        """What is used at kinks and ties, and why nothing comes back to a value used once."""
        often = several(self.tape.graph, step)
        return self._used(step, self.words.kink) if often else self._reasons(step)

    def _together(self, step: Step) -> list[str]:
        """The sum of what several wires bring back, said after each of them."""
        if self._only_labels(step) or not several(self.tape.graph, step):
            return []
        return [self.words.say("step.together", **self._added(step))]

    def _added(self, step: Step) -> dict[str, str]:
        wires, shape = self.tape.graph.wires_back[step.node], self.tape.shapes[step.node]
        numbers = (w for w in wires if not self.words.labels(w))
        terms = (bracketed_number(self.texts[Slot("downstream", w)]) for w in numbers)
        found = self.texts[Slot("upstream", step.node)]
        return {
            "name": self.words.formulas.name(step.node),
            "times": self.words.times(len(wires)),
            "total": found if shape and not is_small(shape) else f"{' + '.join(terms)} = {found}",
        }

    def _only_labels(self, step: Step) -> bool:
        """Whether all wires out of a value carry labels, so that nothing is summed."""
        return all(map(self.words.labels, self.tape.graph.wires_back[step.node]))

    # --- one method per line of a legend

    def _head(self, step: Step) -> list[str]:
        """What is multiplied, in words."""
        if step.row.multiplies:
            maps = any(map(self.words.kind, step.wires(self.tape.graph)))
        else:
            maps = self.words.maps(step.node)
        return [self.words.say("legend.head_map" if maps else "legend.head")]


def update_sentences(speaker: Speaker, step: Step) -> list[str]:
    """What becomes of a weight; and that gradients were not set to zero, if so."""
    formulas, words, tape, node = speaker.update, speaker.words, speaker.tape, step.node
    assert formulas is not None  # there is such a step
    gradient = words.slot(Slot("upstream", node), tape.outside or speaker.output)
    name, symbols = words.formulas.name(node), words.formulas.symbols
    spoken = formulas.spoken(node, name, gradient, symbols, speaker.lang)
    update, asked = formulas.update, formulas.update.asked
    said = [words.say("step.update", rule=words.say(f"rule.{asked.name}"), time=update.time,
                      formulas="; ".join(spoken))]  # fmt: skip
    if asked.accumulate and update.time > 1:
        letters = formulas.in_sentences(node, name, symbols)
        said.append(words.say("step.update_sum", name=letters[SUM]))
    if speaker.drawn == "neurons" and node == next(iter(update.nodes)):
        said.append(words.say("step.update_neurons"))
    return said


def left_out(speaker: Speaker, step: Step) -> list[str]:
    """What a target does not depend on."""
    graph = speaker.tape.graph
    found = [speaker.name(i) for i in sorted(graph.beyond) if not graph.nodes[i].constant]
    names = ", ".join([*found[:MOST_LISTED], *["…"] * (len(found) > MOST_LISTED)])
    said = speaker.words.say("step.beyond", output=speaker.name(step.node), names=names)
    return [said] if found else []


def sum_line(speaker: Speaker, step: Step) -> list[str]:
    """The sum of what several wires bring back."""
    if speaker._only_labels(step) or not several(speaker.tape.graph, step):
        return []
    return [speaker.words.say("legend.sum", **speaker._added(step))]


def several(graph: Graph, step: Step) -> bool:
    """Whether the value that a step is about is used more than once."""
    return len(graph.wires_back[step.node]) > 1


def bracketed_number(text: str) -> str:
    """A term of a sum: a number, in brackets if negative."""
    return f"({text})" if text.startswith(MINUS) else text


Part = Callable[[Speaker, Step], list[str]]
CAPTION: Mapping[str, Part] = MappingProxyType(
    {
        "all": Speaker._all,
        "given": Speaker._given,
        "value": Speaker._value,
        "seed": Speaker._seed,
        "beyond": left_out,
        "known": Speaker._known,
        "gate": Speaker._gate,
        "reasons": Speaker._reasons,
        "nickname": Speaker._nickname,
        "sum": Speaker._sum,
        "uses": Speaker._uses,
        "reason": Speaker._reason,
        "together": Speaker._together,
        "update": update_sentences,
    }
)
"""The parts of a caption that a row of step kinds can name, besides sentences per wire."""

LEGEND: Mapping[str, Part] = MappingProxyType({"head": Speaker._head, "sum": sum_line})
"""The parts of a legend that a row of step kinds can name."""
Speaker.captions, Speaker.legends = CAPTION, LEGEND
