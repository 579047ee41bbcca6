"""A run written as a program: one line a node forward, one line a wire backward."""

from __future__ import annotations

import ast
from collections.abc import Callable
from math import copysign
from typing import Any

from ..base.words import say
from ..engine.run import Run
from ..gates.gate import Gate
from ..gates.rules import Rule
from ..graph.graph import Graph
from ..graph.slots import Slot
from .following import Followed, Functions, Value, arguments_of
from .lines import Line
from .python_texts import OWN, Expr, free, is_usable, name, text_of, whole_array, written

MOST_ALONE = 4  # inputs of a gate whose local gradients are written one by one


class Writing:
    """The lines of a program."""

    def __init__(self, run: Run, lang: str) -> None:
        self.run, self.graph, self.lang = run, run.graph, lang
        self.names, taken = variables(self.graph)
        self.functions = Functions(
            taken.union(*(arguments_of(self.graph.nodes[i]) for i in self.graph.gates))
        )
        self.followed = Followed(run, self.names, self.functions)
        self.floats = self.followed.floats
        self.without = self.graph.never_filled
        self.known: dict[int, Any] = {}  # the upstream gradients so far
        self.shared: dict[int, Value] = {}  # what the local gradients of a gate have in common
        nodes = range(len(self.graph.nodes))
        with self.followed.quiet():
            self.inputs = [self._leaf(i) for i in nodes if self.graph.nodes[i].gate is None]
            self.forward = [self._value(i) for i in self.graph.gates]
            self.backward = [self._seed()]
            for w in reversed(range(len(self.graph.wires))):
                if Slot("downstream", w) not in self.without:
                    self.backward.append(self._wire(w))
        for i, upstream in self.known.items():
            if bits(upstream) != bits(run.upstreams[i]):
                raise self.followed.refused(self.graph.output)

    # --- what stands around

    def imports(self) -> list[str]:
        """The first lines."""
        made = (line for lines in self.functions.texts() for line in lines)
        own = (line.code for line in (*self.inputs, *self.forward, *self.backward))
        text = "\n".join([*made, *own])
        found = ["import math"] if "math." in text else []
        needed = "np." in text or self.followed.loud
        found += [*([""] * bool(found)), "import numpy as np"] if needed else []
        return [*found, *(["", 'np.seterr(all="ignore")'] if self.followed.loud else [])]

    def helpers(self) -> list[Line]:
        """The functions that lines call, with empty lines between them."""
        lines: list[Line] = []
        for texts in self.functions.texts():
            lines += [Line("", "", (), "functions")] * (2 if lines else 1)
            lines += [Line(text, "", (), "functions") for text in texts]
        return lines

    def end(self) -> list[Line]:
        """The lines that print the output, and the gradients of the inputs."""
        found = [self.names[self.graph.output]]
        found += [f"d{self.names[i]}" for i in self.graph.inputs.values() if i in self.known]
        return [Line(f'print("{one} =", {one})', "", (), "end") for one in found]

    # --- forward

    def _leaf(self, i: int) -> Line:
        """The line of an input or a constant."""
        value = self.run.slots[i]
        array = not self.floats and value.ndim > 0
        return self._line(i, whole_array(value) if array else written(value), "inputs")

    def _value(self, i: int) -> Line:
        """The line of a gate's value."""
        node = self.graph.nodes[i]
        gate, options = node.gate, node.options
        assert gate is not None

        def value(m: Any, _: Any, *taken: Any) -> Any:
            return gate.apply(m, *taken, *options)

        found = self.followed.expression(i, value, gate.name)
        if bits(found.value) != bits(self.run.slots[i]):
            raise self.followed.refused(i)
        return self._line(i, found.tree, "forward")

    def _line(self, i: int, tree: Expr, part: str) -> Line:
        shape = self.run.shapes[i]
        said = str(shape) if shape else ""
        return Line(f"{self.names[i]} = {text_of(tree)}", said, (Slot("value", i),), part)

    # --- backward

    def _seed(self) -> Line:
        """The line of the output's gradient."""
        output, given = self.graph.output, self.run.arrived
        one: Any = self.run.engine.one
        seed = one if given is None else type(one)(given) if type(given) is float else given
        self.known[output] = seed
        tree = whole_array(seed) if getattr(seed, "ndim", 0) else written(seed)
        said = say("program.given" if given is not None else "program.seed", self.lang)
        return Line(f"d{self.names[output]} = {text_of(tree)}", said,
                    (Slot("upstream", output),), "backward")  # fmt: skip

    def _wire(self, w: int) -> Line:
        """The line of a wire, whose gradient becomes that of its source or is added to it."""
        source, target, position = self.graph.wires[w]
        value, tree = (self._product if self.floats else self._pulled)(target, position)
        before = self.known.get(source)
        if before is not None:
            tree = ast.BinOp(name(f"d{self.names[source]}"), ast.Add(), tree)
            value = before + value
        elif self.floats and value == 0.0 and copysign(1.0, value) < 0:
            tree, value = ast.BinOp(written(0.0), ast.Add(), tree), 0.0  # sums begin with 0
        self.known[source] = value
        made = (Slot("local", w), Slot("downstream", w), Slot("upstream", source))
        return Line(f"d{self.names[source]} = {text_of(tree)}", self._said(w), made, "backward")

    def _said(self, w: int) -> str:
        """The gradient of a wire in words, and its shape."""
        source, target, _ = self.graph.wires[w]
        last = min(self.graph.wires_back[source]) == w
        several = len(self.graph.wires_back[source]) > 1
        key = "from" if not several else "sum" if last else "part"
        said = say(f"program.{key}", self.lang, gate=self.names[target], name=self.names[source])
        shape = self.run.shapes[source]
        return f"{said}, {shape}" if shape else said

    def _product(self, target: int, position: int) -> Value:
        """The upstream gradient of a gate times a local one, on floats."""
        up = Value(self.known[target], name(f"d{self.names[target]}"))
        local = self._local(target, position)
        if isinstance(local.tree, ast.Constant) and local.value == 1.0:
            return up
        if text_of(local.tree) == "-1.0":
            return Value(-up.value, ast.UnaryOp(ast.USub(), up.tree))
        return Value(up.value * local.value, ast.BinOp(up.tree, ast.Mult(), local.tree))

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
            self.backward.append(Line(code, str(shape) if shape else "", makes, "backward"))
            self.shared[target] = Value(found.value, name(variable))
        return self.shared[target]

    def _pulled(self, target: int, position: int) -> Value:
        """The upstream gradient of a gate pulled back through a local one, on arrays."""
        gate, args = self._at(target)
        rule, options = gate.rule(position), self.graph.nodes[target].options
        up = Value(self.known[target], name(f"d{self.names[target]}"))
        if isinstance(rule, Rule) and rule.maps:
            back = rule.back or _pull_of(rule)
            return self.followed.expression(
                target, lambda m, g, *given: back(m, g, *given, *options),
                f"{gate.name}_back", {"g": up},
            )  # fmt: skip
        from ..calculus.jacobians import Diagonal

        source = args[position]
        rows, columns = self.run.shapes[target], self.run.shapes[int(source)]
        local = self._local(target, position)

        def pull(_: Any, g: Any, entries: Any, *__: Any) -> Any:
            return Diagonal(rows, columns, entries).pull(g)

        if type(local.value) is float:
            number = local.value
            return self.followed.expression(
                target, lambda m, g, *_: pull(m, g, number), f"{gate.name}_back", {"g": up}
            )
        return self.followed.expression(
            target, pull, f"{gate.name}_back", {"g": up, "local": local}
        )

    def _at(self, target: int) -> tuple[Gate, tuple[int | float, ...]]:
        node = self.graph.nodes[target]
        assert node.gate is not None  # a wire ends at a gate
        return node.gate, node.args


def _pull_of(rule: Rule) -> Callable[..., Any]:
    """The pull of a linear map, as `Rule.back` has it."""
    of = rule.of
    return lambda m, g, *given: of(m, *given).pull(g)


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
