"""Follow what a gate computes, and write it as an expression over the variables of a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from sys import modules
from typing import Any, NamedTuple

from ..base.errors import GraphError
from ..engine.run import Run
from ..graph.nodes import Node
from .bodies import Body, body_of
from .mathematics import of_single_numbers, on_arrays, on_floats
from .python_texts import OWN, Expr, attribute, called, free, identifier, name, text_of
from .recorded import Recorder, plain

INDENT = "    "


class Value(NamedTuple):
    """A value of the run, and the expression that stands for it."""

    value: Any
    tree: Expr


class Functions:
    """The functions that a program has: the names they have, by their lines."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.made: dict[tuple[str, ...], str] = {}

    def add(self, wanted: str, lines: Sequence[str]) -> str:
        """The name of a function with these lines, of which the first gives the name it wants."""
        key = tuple(lines)
        if key not in self.made:
            self.made[key] = free(wanted, self.taken)
        return self.made[key]

    def texts(self) -> Iterator[tuple[str, ...]]:
        """The lines of each function, under the name it got."""
        for (first, *rest), made in self.made.items():
            yield f"def {made}{first[first.index('(') :]}", *rest


def arguments_of(node: Node) -> list[str]:
    """A name for each wire into a gate; none hides what the body of a function may use."""
    assert node.gate is not None
    taken = {*OWN, "out", "g", "local", "shared"}
    named = zip(node.gate.named(len(node.args)), node.args, strict=True)
    return [free(identifier(param), taken) for param, arg in named if isinstance(arg, int)]


class Followed:
    """The gates of a run, followed one by one. `loud` is whether NumPy would warn of something.

    `trees` are the expressions that stand for the values of its nodes.
    """

    def __init__(self, run: Run, trees: Sequence[Expr], functions: Functions) -> None:
        self.run, self.trees, self.functions = run, trees, functions
        self.floats = run.engine.zero is not None
        self.loud = False

    def quiet(self) -> AbstractContextManager[object]:
        """Without warnings of NumPy, which a run on floats does not load."""
        if self.floats and "numpy" not in modules:
            return nullcontext()
        import numpy as np

        return np.errstate(all="ignore")

    def value(self, node: int) -> Value:
        """What a gate computes. Raises GraphError if it cannot be followed."""
        gate, options = self.run.graph.nodes[node].gate, self.run.graph.nodes[node].options
        assert gate is not None
        apply = gate.apply
        return self.expression(node, lambda m, _, *taken: apply(m, *taken, *options), gate.name)

    def expression(
        self, node: int, function: Callable[..., Any], wanted: str,
        more: Mapping[str, Value] | None = None,
    ) -> Value:  # fmt: skip
        """What `function(m, *more, out, *taken)` computes at a gate.

        Where floats raise, it is followed under the mathematics of NumPy, as the run does it.
        Raises GraphError if it cannot be followed.
        """
        ways = (on_floats, of_single_numbers) if self.floats else (on_arrays,)
        for way in ways:
            try:
                return self._followed(node, way, function, wanted, more or {})
            except (ArithmeticError, ValueError) as error:
                if way is not on_floats:
                    raise self.refused(node) from error
            except Exception as error:  # whatever it does to numbers that are none
                raise self.refused(node) from error
        raise AssertionError

    def refused(self, node: int) -> GraphError:
        """The error for a gate that cannot be followed."""
        record = self.run.graph.nodes[node]
        assert record.gate is not None
        source = self.run.graph.source if record.span.end else None
        return GraphError("no_program", source=source, span=record.span if source else None,
                          gate=record.gate.name)  # fmt: skip

    def _followed(
        self, node: int, way: Callable[..., Any], function: Callable[..., Any], wanted: str,
        more: Mapping[str, Value],
    ) -> Value:  # fmt: skip
        recorder, single = Recorder(), way is of_single_numbers
        given = {**more, **self._taken(node)}
        if single:
            import numpy as np

            self.loud = True
            number = attribute(name("np"), "float64")
            given = {key: Value(np.float64(one.value), called(number, [one.tree]))
                     for key, one in given.items()}  # fmt: skip
        standing = {key: recorder.given(key, one.value) for key, one in given.items()}
        record = self.run.graph.nodes[node]
        params = iter(arguments_of(record))
        taken = [standing[next(params)] if isinstance(arg, int) else arg for arg in record.args]
        m = way(recorder, self.functions.add)
        found = function(m, *(standing[key] for key in more), standing["out"], *taken)
        body = body_of(recorder, found, {*self.functions.taken, *given})
        tree = self._placed(body, wanted, {key: one.tree for key, one in given.items()})
        value = plain(found)
        return Value(float(value), called(name("float"), [tree])) if single else Value(value, tree)

    def _taken(self, node: int) -> dict[str, Value]:
        """The output of a gate and what it takes by wires, under the names of arguments."""
        run, record = self.run, self.run.graph.nodes[node]
        args = [node, *record.sources]
        keys = ["out", *arguments_of(record)]
        return {key: Value(run.slots[arg], self.trees[arg])
                for key, arg in zip(keys, args, strict=True)}  # fmt: skip

    def _placed(self, body: Body, wanted: str, places: Mapping[str, Expr]) -> Expr:
        """A short body in place; a longer one as the call of a function."""
        if body.is_short:
            return body.placed(places)
        uses = [key for key in places if key in body.uses]
        lines = [*body.lines, f"return {text_of(body.result)}"]
        wanted = identifier(wanted)
        head = f"def {wanted}({', '.join(uses)}):"
        made = self.functions.add(wanted, [head, *(INDENT + line for line in lines)])
        return called(name(made), [places[key] for key in uses])
