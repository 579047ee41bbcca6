"""Sentences of a step: its caption, its legend in numbers, why it comes now, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from ..base.words import say
from ..calculus.shapes import written as written_shape
from ..calculus.values import is_zero
from ..engine.run import Run, Trouble
from ..graph.expressions import (
    bracketed,
    is_positive,
    label,
    local_formula,
    plain,
    pull_formula,
    symbol,
    value_formula,
    written,
)
from ..graph.slots import Slot
from ..look.matrices import is_small, separator
from ..look.numbers import Numbers
from .steps import Step


class Told(NamedTuple):
    """Of a wire: its local gradient as a formula, how upstream is pulled back, why it is 0."""

    local: str
    pulled: str
    zero: str


@dataclass(frozen=True)
class Speaker:
    """Says what happens on a tape, in a language; `texts` are all slots as they are printed."""

    tape: Run
    numbers: Numbers
    texts: Mapping[Slot, str]
    lang: str = "en"
    _wires: dict[int, dict[str, str]] = field(default_factory=dict)  # said twice in most steps
    _names: dict[int, str] = field(default_factory=dict)

    def caption(self, step: Step) -> str:
        """The sentences of a step."""
        return " ".join([*CAPTIONS[step.kind](self, step), *self._troubles(step)])

    def inputs(self) -> str:
        """The inputs with their numbers: "x = -2, y = 5"."""
        named = self.tape.graph.inputs.items()
        between = separator(self.numbers)
        return between.join(f"{name} = {self.texts[Slot('value', i)]}" for name, i in named)

    def legend(self, step: Step) -> str:
        """The step in numbers, `[local] x [upstream] = downstream`; empty in the forward pass.

        Lines of text: what is multiplied, then the numbers of each wire.
        """
        if step.kind == "sum":
            return "" if self._only_labels(step) else self._say("legend.sum", **self._sum(step))
        wires = self._backward(step) if step.kind in PRODUCTS else ()
        if step.kind not in (*PRODUCTS, "local", "seed"):
            return ""
        lines = [
            self._say(f"legend.wire{self._kind(w)}", **self._wire(w))
            for w in wires
            if not self._labels(w)
        ]
        maps = any(self._kind(w) for w in wires or self.tape.graph.wires_in[step.node])
        return "\n".join([self._say("legend.head_map" if maps else "legend.head"), *lines])

    def why(self, step: Step) -> str:
        """Why the step can come now."""
        if step.kind in ("all", "given", "seed"):
            return self._say(f"why.{step.kind}")
        gates = ", ".join(self.name(node) for node in step.after)
        if step.kind == "value":
            return self._say("why.value_after" if gates else "why.value", gates=gates)
        if step.kind == "downstream":
            return self._say("why.wire")
        return self._say("why.after" if gates else "why.first", gates=gates)

    def trouble(self, trouble: Trouble) -> str:
        """The warning on a node whose number is not finite."""
        node = self.tape.graph.nodes[trouble.node]
        domain = node.gate.domain if node.gate else ""
        key = "value_domain" if trouble.kind == "value" and domain else trouble.kind
        return self._say(
            f"trouble.{key}", name=self.name(trouble.node), domain=domain,
            gate=self.gate(trouble.node), number=self.numbers(trouble.number),
        )  # fmt: skip

    def _kind(self, wire: int) -> str:
        """The ending of a sentence's key: another sentence where the local gradient is a map."""
        return "" if isinstance(self.tape.local(wire), float) else "_map"

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.lang, **values)

    def name(self, node: int) -> str:
        """What a node is called in sentences."""
        if node not in self._names:
            graph = self.tape.graph
            self._names[node] = label(graph, node) or self._say(
                "name.unnamed", symbol=written(symbol(graph.nodes[node]))
            )
        return self._names[node]

    def gate(self, node: int) -> str:
        """What kind of gate a node is, in words."""
        gate = self.tape.graph.nodes[node].gate
        if gate is None:
            return self.name(node)
        if gate.own or gate.made:
            return self._say("gate.own", name=gate.name)
        return self._say(f"gate.{gate.name}")

    def _backward(self, step: Step) -> tuple[int, ...]:
        """The wires of a step, in the order of the backward pass: the last input first."""
        return step.wires(self.tape.graph)[::-1]

    def _wire(self, wire: int) -> dict[str, str]:
        """The numbers on a wire, and its local gradient as a formula ending in its number."""
        if wire not in self._wires:
            self._wires[wire] = self._wire_values(wire)
        return self._wires[wire]

    def _wire_values(self, wire: int) -> dict[str, str]:
        graph, texts = self.tape.graph, self.texts
        source, target, _ = graph.wires[wire]
        local = texts[Slot("local", wire)]
        formula = local_formula(graph, wire)
        if isinstance(self.tape.local(wire), float):
            if is_positive(formula.removeprefix("-")):
                formula = ""  # "2 = 2.00" says nothing
            shown = f"{formula} = {local}" if formula else local
        else:
            shown = f"{local}: {formula}" if formula else local
        return {
            "gate": self.gate(target),
            "source": self.name(source),
            "local": local,
            "formula": formula,
            "local_formula": shown,
            "pulled": pull_formula(graph, wire, self._say("array.upstream"))
            or self._say("array.pulled"),
            "shape": written_shape(getattr(self.tape.values[source], "shape", ())),
            "upstream": texts[Slot("upstream", target)],
            "downstream": texts[Slot("downstream", wire)],
        }

    def _sum(self, step: Step) -> dict[str, str]:
        wires = self.tape.graph.wires_out[step.node]
        terms = (bracketed_number(self.texts[Slot("downstream", w)]) for w in wires)
        return {
            "name": self.name(step.node),
            "count": str(len(wires)),
            "terms": " + ".join(terms),
            "upstream": self.texts[Slot("upstream", step.node)],
        }

    def told(self, wire: int) -> Told:
        """What there is to say of a wire in few words."""
        values, zero = self._wire(wire), " ".join(self._zero(wire))
        if self._kind(wire):
            return Told("", values["pulled"], zero)
        return Told(values["formula"], "", zero)

    def _zero(self, wire: int) -> list[str]:
        """The reason of a downstream gradient that is 0."""
        tape = self.tape
        source, target, _ = tape.graph.wires[wire]
        gate = tape.graph.nodes[target].gate
        if not is_zero(tape.downstream(wire)) or gate is None:
            return []
        local = tape.local(wire)
        if self._labels(wire):
            reason = "labels"
        elif is_zero(tape.upstreams[target]):
            reason = "upstream"
        elif isinstance(local, float) and local != 0:
            reason = "underflow"
        elif not isinstance(local, float) and not local.vanishes:
            reason = "cancel"
        else:
            reason = "kink" if self._at_kink(target) else gate.zero or "other"
        return [self._say(f"zero.{reason}", source=self.name(source))]

    def _structure(self, wire: int) -> str:
        return getattr(self.tape.local(wire), "structure", "")

    def _at_kink(self, node: int) -> bool:
        record = self.tape.graph.nodes[node]
        if record.gate is None:
            return False
        distances = record.gate.from_kinks(record.taken(self.tape.values), record.options)
        return any(not d if isinstance(d, float) else (d == 0).all() for d in distances)

    def _labels(self, wire: int) -> bool:
        """Whether a wire carries labels: they have no derivative, so there is no product."""
        return self.tape.graph.takes_labels(self.tape.graph.wires[wire])

    def _only_labels(self, step: Step) -> bool:
        """Whether all that would be summed up is of labels."""
        return all(map(self._labels, self.tape.graph.wires_out[step.node]))

    def _on_wire(self, key: str, wire: int) -> str:
        """What a step does on a wire."""
        if self._labels(wire):
            source, _, _ = self.tape.graph.wires[wire]
            return self._say("zero.labels", source=self.name(source))
        return self._say(f"step.{key}{self._kind(wire)}", **self._wire(wire))

    def _reasons(self, wires: tuple[int, ...]) -> list[str]:
        """Why nothing comes back, of each wire where that is not all there is to say."""
        return [said for w in wires if not self._labels(w) for said in self._zero(w)]

    # --- one method a kind of step

    def _all(self, step: Step) -> list[str]:
        return [
            self._say("step.all", output=self._output(), value=self.texts[Slot("value", step.node)])
        ]

    def _output(self) -> str:
        """What the output is called in ∂f/∂f."""
        graph = self.tape.graph
        name = graph.nodes[graph.output].name
        return name or ("f" if "f" not in graph.names else self.name(graph.output))

    def _given(self, _: Step) -> list[str]:
        inputs = self.inputs()
        return [self._say("step.given" if inputs else "step.given_none", inputs=inputs)]

    def _value(self, step: Step) -> list[str]:
        node = step.node
        chain = [self.name(node), *self.formulas(node), self.texts[Slot("value", node)]]
        equation = " = ".join(dict.fromkeys(plain(part) for part in chain))
        return [self._say("step.value", gate=self.gate(node), equation=equation)]

    def formulas(self, node: int) -> list[str]:
        """A gate's formula in names, then with numbers where there are few of them."""
        graph, shapes = self.tape.graph, self.tape.shapes
        found = [value_formula(graph, node, self.name)]
        if all(is_small(shapes[i]) for i in (node, *graph.nodes[node].sources) if shapes[i]):
            found.append(value_formula(graph, node, lambda i: self.texts[Slot("value", i)]))
        return found

    def _seed(self, _: Step) -> list[str]:
        return [self._say("step.seed", output=self._output())]

    def _gate_step(self, step: Step) -> list[str]:
        gate = self.tape.graph.nodes[step.node].gate
        wires = self._backward(step)
        upstream = self.texts[Slot("upstream", step.node)]
        said = [self._say("step.gate", gate=self.gate(step.node), upstream=upstream)]
        said += [self._on_wire("gate_input", w) for w in wires]
        said += self._reasons(wires)
        repeated = any(self._structure(w) == "broadcast" for w in wires)
        if gate is not None and gate.nickname and len(wires) > 1 and not repeated:
            tie = gate.variadic and self._at_kink(step.node)
            said.append(self._say(f"nickname.{'tie' if tie else gate.name}"))
        return said

    def _local(self, step: Step) -> list[str]:
        return [self._on_wire("local", w) for w in self._backward(step)]

    def _downstream(self, step: Step) -> list[str]:
        wires = self._backward(step)
        return [*(self._on_wire(step.kind, w) for w in wires), *self._reasons(wires)]

    def _sum_step(self, step: Step) -> list[str]:
        if self._only_labels(step):
            return [self._say("zero.labels", source=self.name(step.node))]
        return [self._say("step.sum", **self._sum(step))]

    def _troubles(self, step: Step) -> list[str]:
        """The warnings on the numbers that the step shows, each said once."""
        found = (t for t in self.tape.troubles if Slot(t.kind, t.item) in step.shows)
        return list(dict.fromkeys(map(self.trouble, found)))


PRODUCTS = ("gate", "downstream", "product")  # kinds of steps that multiply local and upstream


def bracketed_number(text: str) -> str:
    """A term of a sum: a negative number in brackets."""
    return bracketed(text) if text.startswith("-") else text


CAPTIONS: Mapping[str, Callable[[Speaker, Step], list[str]]] = MappingProxyType(
    {
        "all": Speaker._all,
        "given": Speaker._given,
        "value": Speaker._value,
        "seed": Speaker._seed,
        "gate": Speaker._gate_step,
        "local": Speaker._local,
        "downstream": Speaker._downstream,
        "product": Speaker._downstream,
        "sum": Speaker._sum_step,
    }
)
"""What is said in each kind of step."""
