"""A run written as a program: what both modes have in common."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from ..engine.run import Run
from ..gates.gate import Gate
from ..gates.rules import Rule
from ..graph.graph import Graph
from ..graph.slots import Slot
from .following import Followed, Functions, Value, arguments_of
from .lines import Line
from .python_texts import (
    OWN,
    Expr,
    attribute,
    free,
    is_usable,
    name,
    text_of,
    whole_array,
    written,
)

MOST_ALONE = 4  # inputs of a gate whose local gradients are written one by one


class Writing:
    """The lines of a program. `titles` are the keys of what stands over each part.

    Local gradients are worked out in the last part.
    """

    titles: ClassVar[Mapping[str, str]]

    @property
    def _last(self) -> str:
        return [*self.titles][-1]

    def __init__(self, run: Run, lang: str, functions: Functions | None = None) -> None:
        self.run, self.graph, self.lang = run, run.graph, lang
        self.names, taken = variables(self.graph)
        taken = taken.union(*(arguments_of(self.graph.nodes[i]) for i in self.graph.gates))
        self.functions = functions or Functions(taken)
        self.followed = Followed(run, [*map(name, self.names)], self.functions)
        self.floats = self.followed.floats
        self.without = self.graph.never_filled
        self.known: dict[int, Any] = {}  # the gradients or tangents so far
        self.shared: dict[int, Value] = {}  # what the local gradients of a gate have in common
        self.leaves = [i for i, node in enumerate(self.graph.nodes) if node.gate is None]
        self.lines: list[Line] = []
        with self.followed.quiet():
            self._write()
        for i, found in self.known.items():
            if bits(found) != bits(run.derivatives[i]):
                raise self.followed.refused(i if self.graph.nodes[i].gate else self.graph.output)

    def _write(self) -> None:
        """Write the lines of the inputs, and those of each part."""
        raise NotImplementedError

    # --- what stands around

    def helpers(self) -> list[Line]:
        """The functions that lines call, with empty lines between them."""
        lines: list[Line] = []
        for texts in self.functions.texts():
            lines += [Line("", "", (), "functions")] * (2 if lines else 1)
            lines += [Line(text, "", (), "functions") for text in texts]
        return lines

    def end(self) -> list[Line]:
        """The lines that print the output, and the gradients of the inputs or its tangent."""
        found = [self.names[self.graph.output]]
        found += [f"d{self.names[i]}" for i in self._ends() if i in self.known]
        return [Line(f'print("{one} =", {one})', "", (), "end") for one in found]

    def _ends(self) -> Iterable[int]:
        """The nodes whose gradients or tangents are printed in the end."""
        raise NotImplementedError

    # --- values

    def _leaf(self, i: int) -> None:
        """Write the line of an input or a constant."""
        value, known = self.run.slots[i], self.graph.nodes[i].known
        pi = attribute(name("math" if self.floats else "np"), "pi")
        self._line(i, pi if known else given(value), "inputs")

    def _value(self, i: int) -> None:
        """Write the line of a gate's value."""
        found = self.followed.value(i)
        if bits(found.value) != bits(self.run.slots[i]):
            raise self.followed.refused(i)
        self._line(i, found.tree, "forward")

    def _line(self, i: int, tree: Expr, part: str) -> None:
        shape = self.run.shapes[i]
        code, said = f"{self.names[i]} = {text_of(tree)}", str(shape) if shape else ""
        self.lines.append(Line(code, said, (Slot("value", i),), part))

    def _derivative(self, i: int, tree: Expr, said: str, made: tuple[Slot, ...]) -> None:
        """Write a line of the gradient or the tangent of a node; what is said comes first."""
        shape = self.run.shapes[i]
        comment = ", ".join(filter(None, (said, str(shape) if shape else "")))
        part = "inputs" if i in self.leaves and self._last == "forward" else self._last
        self.lines.append(Line(f"d{self.names[i]} = {text_of(tree)}", comment, made, part))

    # --- derivatives

    def _number(self, value: Any) -> Any:
        """A number that is given as one of the run's; an array stays as it is."""
        return type(self.run.engine.one)(value) if type(value) is float else value

    def _known(self, i: int) -> Value:
        """The gradient or the tangent of a node, as far as it is known."""
        return Value(self.known[i], name(f"d{self.names[i]}"))

    def _times(self, known: Value, local: Value) -> Value:
        """A gradient or a tangent times a local gradient, as numbers."""
        if isinstance(local.tree, ast.Constant) and local.value == 1.0:
            return known
        if text_of(local.tree) == "-1.0":
            return Value(-known.value, ast.UnaryOp(ast.USub(), known.tree))
        return Value(known.value * local.value, ast.BinOp(known.tree, ast.Mult(), local.tree))

    def _by_element(
        self, target: int, position: int, carried: Mapping[str, Value], end: str, way: str
    ) -> Value:
        """What a gate that works element by element makes of a gradient or a tangent.

        `way` is "pull" or "push"; the gradient is `carried` by a letter; a function, if it takes
        one, has a name with this `end`.
        """
        from ..calculus.jacobians import Diagonal

        gate, args = self._at(target)
        rows, columns = self.run.shapes[target], self.run.shapes[int(args[position])]
        local, wanted = self._local(target, position), f"{gate.name}_{end}"

        def moved(_: Any, carried: Any, entries: Any, *__: Any) -> Any:
            return getattr(Diagonal(rows, columns, entries), way)(carried)

        if type(local.value) is float:
            number = local.value
            return self.followed.expression(
                target, lambda m, carried, *_: moved(m, carried, number), wanted, carried
            )
        return self.followed.expression(target, moved, wanted, {**carried, "local": local})

    def _local(self, target: int, position: int) -> Value:
        """A local gradient: a number, a value that is there, or a formula."""
        gate, args = self._at(target)
        rule = gate.rule(position)
        if isinstance(rule, Rule):
            options = self.graph.nodes[target].options
            many = rule.each if len(args) > MOST_ALONE else None
            of, more = (many, {"shared": self._shared(target, rule)}) if many else (rule.of, None)
            return self.followed.expression(
                target, lambda m, *given: of(m, *given, *options), f"d_{gate.name}", more
            )
        if not isinstance(rule, str):
            return Value(rule, written(rule))
        arg = target if rule == "out" else args[gate.params.index(rule)]
        if not isinstance(arg, int):
            return Value(arg, written(arg))
        return Value(self.run.slots[arg], name(self.names[arg]))

    def _shared(self, target: int, rule: Rule) -> Value:
        """What the local gradients of a gate have in common, in a line of its own."""
        if target not in self.shared:
            assert rule.shared is not None
            found = self.followed.expression(
                target, rule.shared, f"{self._at(target)[0].name}_part"
            )
            variable = free(f"part_{self.names[target]}", self.functions.taken)
            inside = (Slot("local", w) for w in self.graph.wires_in[target])
            makes = tuple(slot for slot in inside if slot not in self.without)
            code = f"{variable} = {text_of(found.tree)}"
            shape = self.run.shapes[target]
            said = str(shape) if shape else ""
            self.lines.append(Line(code, said, makes, self._last))
            self.shared[target] = Value(found.value, name(variable))
        return self.shared[target]

    def _at(self, target: int) -> tuple[Gate, tuple[int | float, ...]]:
        node = self.graph.nodes[target]
        assert node.gate is not None  # a wire ends at a gate
        return node.gate, node.args


def imports(functions: Functions, lines: Iterable[Line], loud: bool) -> list[str]:
    """The first lines of a program; `loud` is whether NumPy would warn of something."""
    made = (line for lines in functions.texts() for line in lines)
    text = "\n".join([*made, *(line.code for line in lines)])
    found = ["import math"] if "math." in text else []
    needed = "np." in text or loud
    found += [*([""] * bool(found)), "import numpy as np"] if needed else []
    return [*found, *(["", 'np.seterr(all="ignore")'] if loud else [])]


def given(value: Any) -> Expr:
    """A number or an array that is given, with all its elements."""
    return whole_array(value) if getattr(value, "ndim", 0) else written(value)


def bits(value: Any) -> tuple[Any, Any]:
    """The shape and the bits of a number or an array, in which one nan is like another."""
    if not getattr(value, "ndim", 0):
        return (), repr(float(value))
    import numpy as np

    found = np.asarray(value, dtype=float)
    return found.shape, np.where(np.isnan(found), np.nan, found).tobytes()


def variables(graph: Graph) -> tuple[list[str], set[str]]:
    """A variable for each node, its name or a numbered one; and all names that are taken."""
    taken, found = {*OWN}, [""] * len(graph.nodes)
    for i, node in enumerate(graph.nodes):
        if is_usable(node.name, taken):
            found[i] = node.name or ""
            taken.update((found[i], f"d{found[i]}"))
    for i, known in enumerate(found):
        if not known:
            found[i] = free(f"v{i}", taken)
            taken.add(f"d{found[i]}")
    return found, taken
