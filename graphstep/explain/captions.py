"""Sentences of a step: its caption, its legend in numbers, why it comes now, warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from types import MappingProxyType

from ..base.signs import MINUS
from ..engine.run import Run, Trouble
from ..gates.kinks import everywhere, somewhere
from ..graph.slots import Slot
from ..look.matrices import is_small, separator
from ..look.numbers import Numbers
from .caption_formulas import without_spaces
from .step_kinds import Each
from .steps import Step
from .wording import Told, Wording


@dataclass(frozen=True)
class Speaker:
    """Says what happens on a tape, in a language; `texts` are all slots as printed.

    `letters` gives the letters of the formulas beside the captions, each with its node.
    """

    tape: Run
    numbers: Numbers
    texts: Mapping[Slot, str]
    letters: Callable[[], Mapping[str, int]]
    lang: str = "en"

    @cached_property
    def words(self) -> Wording:
        """The words for nodes and wires."""
        return Wording(self.tape, self.texts, self.letters, self.lang, self.numbers.mark)

    def caption(self, step: Step) -> str:
        """The sentences of a step."""
        said = " ".join(self._parts(step))
        return " ".join(filter(None, (said, self._meanings(step, said), *self._troubles(step))))

    def _meanings(self, step: Step, said: str) -> str:
        """What the letters of a caption stand for."""
        found = self.words.formulas.meanings(self._mentioned(step), said)
        return self.words.say("step.letters", meanings="; ".join(found)) if found else ""

    def _mentioned(self, step: Step) -> list[int]:
        """The nodes that a caption can name."""
        graph, wires = self.tape.graph, step.wires(self.tape.graph)
        targets = [graph.wires[w].target for w in wires] or [step.node]
        named = [step.node, *targets] if step.row.wires == "out" else []
        return list(dict.fromkeys((*named, *(s for t in targets for s in graph.nodes[t].sources))))

    def _parts(self, step: Step) -> Iterator[str]:
        for part in step.row.caption:
            if isinstance(part, Each):
                yield from (self._on_wire(part.key, w) for w in step.in_order(self.tape.graph))
            else:
                yield from CAPTION[part](self, step)

    def inputs(self) -> str:
        """The inputs with their numbers: "x = -2, y = 5"."""
        named = self.tape.graph.inputs.items()
        between = separator(self.numbers)
        return between.join(f"{name} = {self.texts[Slot('value', i)]}" for name, i in named)

    def legend(self, step: Step) -> str:
        """The step in numbers, `[local] x [upstream] = downstream`; empty in the forward pass.

        Lines of text: what is multiplied, then the numbers of each wire, then their sum.
        """
        lines: list[str] = []
        for part in step.row.legend:
            if isinstance(part, Each):
                lines += self._lines(part.key, step)
            else:
                lines += LEGEND[part](self, step)
        return "\n".join(lines)

    def _lines(self, key: str, step: Step) -> list[str]:
        words = self.words
        wires = [w for w in step.in_order(self.tape.graph) if not words.labels(w)]
        return [words.say(f"legend.{key}{words.kind(w)}", **words.wire(w)) for w in wires]

    def why(self, step: Step) -> str:
        """Why the step can come now."""
        row, gates = step.row, ", ".join(map(self.name, step.after))
        return self.words.say(f"why.{row.why_after if gates else row.why}", gates=gates)

    def trouble(self, trouble: Trouble) -> str:
        """The warning on a node whose number is not finite."""
        node = self.tape.graph.nodes[trouble.node]
        domain = node.gate.domain if node.gate else ""
        key = "value_domain" if trouble.kind == "value" and domain else trouble.kind
        return self.words.say(
            f"trouble.{key}", name=self.name(trouble.node), domain=domain,
            gate=self.gate(trouble.node), number=self.numbers(trouble.number),
        )  # fmt: skip

    def name(self, node: int) -> str:
        """The name of a node in sentences."""
        return self.words.name(node)

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

    def _on_wire(self, key: str, wire: int) -> str:
        """The sentence for one wire of a step."""
        words = self.words
        if words.labels(wire):
            source, _, _ = self.tape.graph.wires[wire]
            return words.say("zero.labels", source=words.formulas.name(source))
        return words.say(f"step.{key}{words.kind(wire)}", **words.wire(wire))

    def _troubles(self, step: Step) -> list[str]:
        """The warnings about the numbers that the step shows, each once."""
        found = (t for t in self.tape.troubles if Slot(t.kind, t.item) in step.shows)
        return list(dict.fromkeys(map(self.trouble, found)))

    # --- one method per part of a caption

    def _all(self, step: Step) -> list[str]:
        value = self.texts[Slot("value", step.node)]
        return [self.words.say("step.all", output=self._output(), value=value)]

    def _output(self) -> str:
        """The name of the output in ∂f/∂f."""
        graph = self.tape.graph
        name = graph.nodes[graph.output].name
        return name or ("f" if "f" not in graph.names else self.name(graph.output))

    def _given(self, _: Step) -> list[str]:
        inputs = self.inputs()
        return [self.words.say("step.given" if inputs else "step.given_none", inputs=inputs)]

    def _value(self, step: Step) -> list[str]:
        node = step.node
        formulas = self.words.formulas
        chain = [formulas.name(node), *self.formulas(node), formulas.printed(node)]
        equation = " = ".join({without_spaces(side): side for side in chain}.values())
        return [self.words.say("step.value", gate=self.gate(node), equation=equation)]

    def _seed(self, _: Step) -> list[str]:
        return [self.words.say("step.seed", output=self._output())]

    def _gate(self, step: Step) -> list[str]:
        upstream = self.texts[Slot("upstream", step.node)]
        return [self.words.say("step.gate", gate=self.gate(step.node), upstream=upstream)]

    def _reasons(self, step: Step) -> list[str]:
        """Why nothing comes back, for each wire with a zero gradient."""
        wires = [w for w in step.in_order(self.tape.graph) if not self.words.labels(w)]
        return [said for w in wires for said in self.words.zero(w)]

    def _nickname(self, step: Step) -> list[str]:
        """The lecture's word for what a gate with several wires does to gradients."""
        gate, wires = self.tape.graph.nodes[step.node].gate, step.wires(self.tape.graph)
        repeated = any(self.words.structure(w) == "broadcast" for w in wires)
        if gate is None or not gate.nickname or len(wires) < 2 or repeated:
            return []
        key = self._tie(step.node) if gate.variadic else ""
        return [self.words.say(f"nickname.{key or gate.name}")]

    def _tie(self, node: int) -> str:
        """The key of a router's word if inputs are equal, everywhere or in some elements."""
        masks = self.words.at_kink(node)
        if not somewhere(masks):
            return ""
        return "tie" if everywhere((reduce(or_, masks),)) else "tie_some"

    def _sum(self, step: Step) -> list[str]:
        if self._only_labels(step):
            return [self.words.say("zero.labels", source=self.words.formulas.name(step.node))]
        return [self.words.say("step.sum", **self._added(step))]

    def _uses(self, step: Step) -> list[str]:
        """How often a value is used; its gradient comes back from there."""
        if self._only_labels(step):
            return []
        key = "uses" if self._several(step) else "used"
        return [self.words.say(f"step.{key}", **self._added(step))]

    def _reason(self, step: Step) -> list[str]:
        """Why nothing comes back to a value that is used once."""
        return [] if self._several(step) else self._reasons(step)

    def _together(self, step: Step) -> list[str]:
        """The sum of what several wires bring back, said after each of them."""
        if self._only_labels(step) or not self._several(step):
            return []
        return [self.words.say("step.together", **self._added(step))]

    def _added(self, step: Step) -> dict[str, str]:
        wires, shape = self.tape.graph.wires_out[step.node], self.tape.shapes[step.node]
        numbers = (w for w in wires if not self.words.labels(w))
        terms = (bracketed_number(self.texts[Slot("downstream", w)]) for w in numbers)
        found = self.texts[Slot("upstream", step.node)]
        return {
            "name": self.words.formulas.name(step.node),
            "count": str(len(wires)),
            "total": found if shape and not is_small(shape) else f"{' + '.join(terms)} = {found}",
        }

    def _several(self, step: Step) -> bool:
        """Whether a value is used more than once."""
        return len(self.tape.graph.wires_out[step.node]) > 1

    def _only_labels(self, step: Step) -> bool:
        """Whether all wires out of a value carry labels, so that nothing is summed."""
        return all(map(self.words.labels, self.tape.graph.wires_out[step.node]))

    # --- one method per line of a legend

    def _head(self, step: Step) -> list[str]:
        """What is multiplied, in words."""
        graph = self.tape.graph
        wires = step.wires(graph) if step.row.multiplies else graph.wires_in[step.node]
        return [
            self.words.say("legend.head_map" if any(map(self.words.kind, wires)) else "legend.head")
        ]

    def _total(self, step: Step) -> list[str]:
        """The sum of what several wires bring back."""
        if self._only_labels(step) or not self._several(step):
            return []
        return [self.words.say("legend.sum", **self._added(step))]


def bracketed_number(text: str) -> str:
    """A term of a sum: a number, in brackets if negative."""
    return f"({text})" if text.startswith(MINUS) else text


CAPTION: Mapping[str, Callable[[Speaker, Step], list[str]]] = MappingProxyType(
    {
        "all": Speaker._all,
        "given": Speaker._given,
        "value": Speaker._value,
        "seed": Speaker._seed,
        "gate": Speaker._gate,
        "reasons": Speaker._reasons,
        "nickname": Speaker._nickname,
        "sum": Speaker._sum,
        "uses": Speaker._uses,
        "reason": Speaker._reason,
        "together": Speaker._together,
    }
)
"""The parts of a caption that a row of step kinds can name, besides sentences per wire."""

LEGEND: Mapping[str, Callable[[Speaker, Step], list[str]]] = MappingProxyType(
    {"head": Speaker._head, "sum": Speaker._total}
)
"""The parts of a legend that a row of step kinds can name."""
