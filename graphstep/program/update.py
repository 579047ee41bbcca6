"""The update of weights in a program: what a rule makes of each, in the run's own bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

from ..base.words import say
from ..engine.tape import Tape
from ..graph.slots import Slot
from ..updates.rules import GRADIENT, NEW, RATE, TIME, WEIGHT
from ..updates.update import Update
from .backward import BackwardWriting
from .following import Followed
from .lines import Line
from .python_texts import Expr, attribute, called, free, name, text_of
from .writing import bits, given

LONGEST_PART = 30  # characters of a part of a formula; a longer one has a line of its own


class UpdateWriting(BackwardWriting):
    """The lines of both passes and of an update; `before` is the iteration before this one.

    After another iteration, inputs, settings and what the rule keeps are there already.
    """

    titles = MappingProxyType({**BackwardWriting.titles, "update": "program.update"})

    def __init__(self, update: Update, lang: str, before: UpdateWriting | None = None) -> None:
        self.update, self.before = update, before
        self.settings: dict[str, str] = {}  # variables by the names in the rule
        self.kept: dict[tuple[int, str], str] = {}  # and those of what it keeps of each weight
        self.parts: dict[tuple[str, int], str] = {}  # and those of parts of long formulas
        if before is not None:
            self.settings, self.kept, self.parts = before.settings, before.kept, before.parts
        super().__init__(update.tape, lang, before.functions if before else None)

    @property
    def _last(self) -> str:
        return "backward"

    def _write(self) -> None:
        super()._write()
        if self.before is not None:
            self.lines = [line for line in self.lines if line.part != "inputs"]
        self._set()
        for node in self.update.nodes:
            self._updated(node)

    def end(self) -> list[Line]:
        """The lines that print the output, the gradients, and the new weights."""
        weights = (self.names[node] for node in self.update.nodes)
        return [*super().end(),
                *(Line(f'print("{one} =", {one})', "", (), "end") for one in weights)]  # fmt: skip

    def _set(self) -> None:
        """Write the settings of the rule that its formulas take; later, only what has changed."""
        asked = self.update.asked
        numbers = {RATE: asked.rate, TIME: float(self.update.time), **asked.settings}
        said = {RATE: "rate", TIME: "time"}
        for one, number in numbers.items():
            if one in asked.rule.graph.inputs and (one == TIME or one not in self.settings):
                if one not in self.settings:
                    self.settings[one] = free(one, self.functions.taken)
                comment = say(f"program.{said[one]}", self.lang) if one in said else ""
                self._assigned(self.settings[one], given(number), comment)

    def _assigned(self, variable: str, tree: Expr, said: str, makes: tuple[Slot, ...] = ()) -> None:
        self.lines.append(Line(f"{variable} = {text_of(tree)}", said, makes, "update"))

    def _state(self, node: int, numbers: Mapping[str, Any]) -> None:
        """Write what the rule has kept of a weight, which begins with 0."""
        for one in self.update.asked.rule.state:
            if (node, one) not in self.kept:
                variable = free(f"{one}_{self.names[node]}", self.functions.taken)
                self.kept[node, one] = variable
                said = say("program.kept", self.lang)
                self._assigned(variable, given(numbers[one]), self._with_shape(node, said))

    def _with_shape(self, node: int, said: str) -> str:
        shape = self.run.shapes[node]
        return ", ".join(filter(None, (said, str(shape) if shape else "")))

    def _updated(self, node: int) -> None:
        """Write the formulas of the rule at a weight."""
        self._state(node, self.update.before(node))
        run = self.update.run(node)
        weight = self.names[node]
        variables = {WEIGHT: weight, GRADIENT: f"d{weight}", **self.settings}
        variables |= {one: self.kept[node, one] for one in self.update.asked.rule.state}
        kept = {variables[one] for one in self.update.asked.rule.state}
        for variable, tree in self._formulas(run, weight, variables):
            last = variable == weight
            key = "program.next" if last else "program.keeps" if variable in kept else ""
            said = say(key, self.lang, name=weight) if key else ""
            alone = last and run.engine.zero is not None and not self.floats
            new = called(attribute(name("np"), "float64"), [tree]) if alone else tree
            makes = (Slot("next", node),)
            self._assigned(variable, new, self._with_shape(node, said), makes)

    def _part(self, weight: str, k: int) -> str:
        """The variable of a part of a long formula, the same in each iteration."""
        if (weight, k) not in self.parts:
            self.parts[weight, k] = free(f"part_{weight}", self.functions.taken)
        return self.parts[weight, k]

    def _formulas(
        self, run: Tape, weight: str, variables: Mapping[str, str]
    ) -> Iterator[tuple[str, Expr]]:
        """The variables that get new values, in order, and the expression for each."""
        nodes = run.graph.nodes
        trees = [name(variables.get(node.name or "", "")) for node in nodes]
        followed = Followed(run, trees, self.functions)
        names = (self._part(weight, k) for k in count())
        for i, node in enumerate(nodes):
            if node.gate is None:
                continue
            found = followed.value(i)
            if bits(found.value) != bits(run.slots[i]):
                raise followed.refused(i)
            trees[i] = found.tree
            if node.name is not None or len(text_of(found.tree)) > LONGEST_PART:
                variable = variables[node.name.removesuffix(NEW)] if node.name else next(names)
                yield variable, found.tree
                trees[i] = name(variable)
        self.followed.loud |= followed.loud
