"""Random texts: programs, the same with slips of the pen, and heaps of tokens; their inputs."""

from __future__ import annotations

import random
from collections.abc import Sequence

from strategies import CALLS, LISTS, PAIRS, WILD_NAMES

import graphstep as gs
from graphstep.base.words import languages
from graphstep.explain.step_kinds import WAYS
from graphstep.gates import GATES
from graphstep.language.foreign_names import COMPOSITES
from graphstep.updates.rules import RULES

LEAVES = (*WILD_NAMES[:4], *WILD_NAMES[:4], "x1", "W", "W", "b", "2", "0.5")
RARE = ("0", "-1", "07", ".5", "1e308", "1e-320", "1e999", "own_scale(x)", *LISTS)
PLAIN = (
    "exp({})", "log({})", "sqrt({})", "tanh({})", "{} ** 2", "relu({})", "-{}", "abs({})", "1/(1 + exp(-{}))", "sigmoid({})",
    "{} + {}", "{} * {}", "{} - {}", "{} / {}", "max({}, {})", "min({}, 0, {})", "{} ** {}", "({} + {0}) * ({0} - {})",
)  # fmt: skip
NUMBERS = (
    "0",
    "1",
    "-1",
    "0.5",
    "-2.25",
    "1e308",
    "1e-320",
    "709",
    "-745",
    "3/4",
    "1e-5",
    "-0",
    "1e400",
    "nan",
)
ARRAYS = (
    "[1, 2]", "[[1, 2], [3, 4]]", "[[1], [2]]", "[[0.5, -1]]", "randn(2)", "randn(3, 2)", "zeros(2, 2)", "ones(20)", "rand(1, 1, 2)",
    "[1, [2]]", "[]", "randn(0)", "√2", "2,5", "(1, 2)", "@none.npy", "@/dev/zero", "x", "[x]", "1e5j",
)  # fmt: skip
PIECES = (
    *"+-*/^@()[]{},;:=.#'\"!?<>|&%$~`\\\n\t 0123456789xyzfe_ν²₁ᵀ√∑·×−\0\u200b\u202e🙂é", "**", "//", "->", "==", "..", "...",
    "\\frac{", "np.", "torch.", "lambda ", "import ", "def ", "if ", " for ", "T", ".T", "e5", "1e", "0x", "inf", "nan", "None", "self",
    *sorted({*GATES, *COMPOSITES}),
)  # fmt: skip


class Texts:
    """A source of random texts; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def program(self) -> str:
        """A text of one to four statements, all of which are used."""
        known, lines = [*LEAVES], list[str]()
        used = [f"h{k}" for k in range(self.draw.choice((0, 0, 1, 2, 3)))]
        for name in used:
            lines.append(f"{name} = {self._term(known, self.draw.choice((1, 1, 2)))}")
            known += [name] * 4
        wrap = self.draw.choice(("{}", "sum({})"))
        last = " + ".join(map(wrap.format, [self._term(known, 1), *used]))
        return self.draw.choice(("\n", "; ")).join([*lines, f"f = {last}"])

    def _term(self, known: list[str], depth: int) -> str:
        chance = self.draw.random()
        if not depth or chance < 0.2:
            return self.draw.choice(known if self.draw.random() < 0.97 else RARE)
        inner = [self._term(known, depth - 1) for _ in range(2)]
        if chance < 0.25:
            gate = GATES[self.draw.choice(sorted(GATES))]
            return f"{gate.name}({', '.join(inner[: len(gate.params) or 2])})"
        form = self.draw.choice(PLAIN if chance < 0.8 else (*CALLS, *PAIRS))
        return form.replace("{0}", inner[0]).format(*inner)

    def slipped(self, text: str, pieces: Sequence[str] = PIECES) -> str:
        """A text with a few pieces replaced, put in, left out or doubled."""
        for _ in range(self.draw.choice((1, 1, 2, 4))):
            i = self.draw.randrange(len(text) + 1)
            j = min(len(text), i + self.draw.choice((0, 0, 1, 3, 9)))
            new = self.draw.choice(("", self.draw.choice(pieces), text[i:j] * 2))
            text = text[:i] + new + text[j:]
        return text

    def text(self) -> str:
        """Any text: half of them programs."""
        kind = self.draw.random()
        if kind < 0.05:
            return "".join(self.draw.choices(PIECES, k=self.draw.randrange(1, 30)))
        return self.program() if kind < 0.6 else self.slipped(self.program())

    def pairs(self, names: list[str]) -> list[str]:
        """Inputs for names, as they are written on a command line."""
        usual = self.draw.choice((NUMBERS[:5], NUMBERS[:5], ARRAYS[:5]))
        strange = (*NUMBERS, *ARRAYS)
        kinds = (usual if self.draw.random() < 0.96 else strange for _ in names)
        return [f"{name}={self.draw.choice(k)}" for name, k in zip(names, kinds, strict=True)]

    def options(self) -> dict[str, object]:
        """Options of a figure."""
        choose = self.draw.choice
        return {"by": choose([*WAYS]), "lang": choose(languages()), "forward": choose((True, False)),
                "constants": choose(("inside", "nodes")), "style": gs.Style(digits=choose((None, 0, 4)))}  # fmt: skip

    def asked(self, graph: gs.ComputationalGraph) -> dict[str, object]:
        """Options of a figure that are about a graph: an update, a target, or forward mode."""
        choose, chance = self.draw.choice, self.draw.random()
        if chance < 0.2 and graph.inputs:
            rule = choose(sorted(RULES))
            return {
                "update": choose([*graph.inputs]),
                "rule": rule,
                "rate": choose((0.1, 1e-3, 10)),
            }
        if chance < 0.3 and graph.inputs:
            wrt = choose([*graph.inputs]) + choose(("", "[0]", "[0, 1]"))
            return {"mode": "forward", "wrt": wrt, "by": "gate"}
        return {"target": choose(sorted(graph.names))} if chance < 0.45 and graph.names else {}

    def rewritten(self, graph: gs.ComputationalGraph) -> gs.ComputationalGraph:
        """The same, or with some gates grouped or taken apart, where they can be."""
        gates, chance = [*graph.gates], self.draw.random()
        if not gates:
            return graph
        try:
            if chance < 0.1:
                several = self.draw.sample(gates, min(len(gates), self.draw.choice((1, 2, 4))))
                return graph.group(several, "part")
            if chance < 0.2:
                return graph.expand(self.draw.choice(gates))
        except gs.GraphError:
            return graph
        return graph.group_known() if chance < 0.25 else graph
