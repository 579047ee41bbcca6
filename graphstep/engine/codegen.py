"""Straight-line Python for a flat graph, readable by a person: one statement a line, no loops.

    q = x + y
    f = q * z

It does the same operations in the same order as the loops, so its results are the same bits. Of the
user's text it contains only names, and of these only plain Python ones.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from math import isfinite
from types import MappingProxyType
from typing import Any

from ..calculus.scalar_math import SCALAR
from ..calculus.symbols import METHODS, Symbol
from ..gates.gate import Gate
from ..graph.graph import Graph
from .instructions import Engine, FloatCall, GateCall, Pull, same

INFIX: Mapping[Any, str] = MappingProxyType(
    {
        operator.add: "{} + {}",
        operator.sub: "{} - {}",
        operator.mul: "{} * {}",
        operator.truediv: "{} / {}",
        operator.neg: "-{}",
        operator.pow: "{} ** {}",
        same: "{}",
    }
)
OWN_NAMES = frozenset({"values", "gradients", "floats", "forward", "backward"})
MOST_LETTERS = 40  # of a name


def forward_codes(
    engine: Engine, parts: Mapping[range, Sequence[GateCall | FloatCall]]
) -> Iterator[Callable[..., None]]:
    """Yield the functions of a forward pass piece by piece, each written when it is needed."""
    for piece, calls in parts.items():
        yield forward_code(engine, piece, calls).compiled()


def backward_codes(
    engine: Engine,
    parts: Mapping[range, Sequence[Any]],
    wanted: frozenset[int],
    large: frozenset[int] = frozenset(),
) -> Iterator[Callable[..., None]]:
    """Yield the functions of a backward pass to some nodes, in the order in which they run.

    The list of gradients has a second part, as long as the first: for a `large` node, an array into
    which a matrix product that is its gradient can go, or None.
    """
    known = {engine.output}
    for piece, steps in parts.items():
        pulls = engine.pulls_of(steps)
        yield backward_code(engine, piece, pulls, known, wanted, large).compiled()


def step_lines(engine: Engine) -> list[str]:
    """The lines of a forward and a backward pass over all nodes, for a person to read."""
    everything = range(engine.nodes)
    pulls = engine.pulls_of(engine.steps_to(frozenset(everything)))
    there = forward_code(engine, everything, engine.instructions)
    back = backward_code(engine, everything, pulls, {engine.output}, frozenset(everything))
    return [*there.body, f"d{back.names[engine.output]} = 1.0", *back.body]


@dataclass(frozen=True)
class FunctionCode:
    """A function over some nodes while it is written: lines that read, compute and store.

    `names` has the name of each node, `taken` all names in use, `scope` the functions it calls.
    """

    head: str
    engine: Engine
    piece: range
    names: Mapping[int, str]
    taken: set[str]
    reads: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    stores: list[str] = field(default_factory=list)
    scope: dict[str, Any] = field(default_factory=lambda: {"floats": SCALAR})

    @classmethod
    def over(cls, engine: Engine, piece: range, head: str) -> FunctionCode:
        """A function without lines yet."""
        names = node_names(engine.graph, piece)
        return cls(
            head,
            engine,
            piece,
            names,
            {*OWN_NAMES, *names.values(), *map("d{}".format, names.values())},
        )

    @property
    def text(self) -> str:
        """The function as Python text."""
        return "\n    ".join([f"def {self.head}:", *self.reads, *self.body, *self.stores])

    def compiled(self) -> Callable[..., None]:
        """The function, compiled."""
        scope = dict(self.scope)
        exec(compile(self.text, "<graphstep>", "exec"), scope)  # vetted names only: see `is_plain`
        function: Callable[..., None] = scope[self.head.split("(")[0]]
        return function

    def fresh(self, name: str) -> str:
        """A name that is not in use yet: this one, with underscores added if need be."""
        while name in self.taken or name in self.scope:
            name += "_"
        self.taken.add(name)
        return name

    def value(self, slot: int) -> str:
        """The text of a slot: a node's name, a number written out, or an item of the list."""
        if slot in self.piece:
            return self.names[slot]
        number = self.engine.start[slot]
        written = slot >= self.engine.nodes and type(number) is float and isfinite(number)
        return repr(number) if written else f"values[{slot}]"

    def called(self, run: Any, name: str, args: Sequence[str]) -> str:
        """The text of a function applied to arguments: an operator, a call, or what it computes."""
        if isinstance(run, Symbol):
            return self._written(run, args)
        if run in INFIX:
            return INFIX[run].format(*args)
        base = name if is_plain(name) else "gate"
        free, count = base, 1
        while free in self.taken or self.scope.get(free, run) is not run:
            count += 1
            free = f"{base}_{count}"
        self.scope[free] = run
        return f"{free}({', '.join(args)})"

    def _written(self, whole: Symbol, args: Sequence[str]) -> str:
        """The text of a symbol, given those of the arguments."""
        if whole.run is None:
            return args[whole.parts[0]]
        parts = [self._part(part, args) for part in whole.parts]
        if isinstance(whole.run, str):
            return METHODS[whole.run].format(*parts)
        return self.called(whole.run, whole.run.__name__, parts)

    def _part(self, part: Any, args: Sequence[str]) -> str:
        """The text of a part, in brackets where it would fall apart without them."""
        if not isinstance(part, Symbol):
            return repr(part) if part >= 0.0 else f"({part!r})"
        text = self._written(part, args)
        return f"({text})" if part.run in INFIX else text

    def listed(self, where: str, names: Sequence[str] | None = None) -> tuple[str, str]:
        """The texts of the nodes' part of a list and of its items: their names, unless given."""
        inside = ", ".join(self.names.values() if names is None else names)
        return f"{where}[{self.piece.start}:{self.piece.stop}]", f"[{inside}]"


def forward_code(
    engine: Engine, piece: range, calls: Sequence[GateCall | FloatCall]
) -> FunctionCode:
    """The function that computes the values of some nodes and stores them at the end."""
    code = FunctionCode.over(engine, piece, "forward(values)")
    gates = {call.out for call in calls}
    code.reads.extend(f"{code.names[i]} = values[{i}]" for i in piece if i not in gates)
    for call in engine.calls_of(calls):
        args = [code.value(slot) for slot in call.slots]
        done = code.called(call.run, _gate(engine.graph, call.out).name, args)
        code.body.append(f"{code.names[call.out]} = {done}")
    code.stores.append("{} = {}".format(*code.listed("values")))
    return code


def backward_code(
    engine: Engine, piece: range, pulls: Sequence[Pull], known: set[int], wanted: frozenset[int],
    large: frozenset[int] = frozenset(),
) -> FunctionCode:  # fmt: skip
    """The function that computes the upstream gradients of some nodes.

    `known` are the nodes that have one already. Arrays that are not wanted are deleted as soon as
    they are passed on, so that their memory is used again while it is in the cache.
    """
    code = FunctionCode.over(engine, piece, "backward(values, gradients)")
    code.reads.append("{1} = {0}".format(*code.listed("values")))
    code.reads.extend(f"d{code.names[i]} = gradients[{i}]" for i in piece if i in known)
    last = {pull.target: k for k, pull in enumerate(pulls)}
    gone = set()
    for k, pull in enumerate(pulls):
        _pull(code, pull, known, pull.source in large)
        if engine.zero is None and last[pull.target] == k and pull.target not in wanted:
            gone.add(pull.target)
            code.body.append(f"del d{code.names[pull.target]}")
    there = known - gone
    found = [f"d{code.names[i]}" if i in there else repr(engine.zero) for i in piece]
    code.stores.append("{} = {}".format(*code.listed("gradients", found)))
    return code


def _pull(code: FunctionCode, pull: Pull, known: set[int], large: bool) -> None:
    """Add the line of one wire, whose gradient becomes that of its source or is added to it."""
    source, target, run, slots, position, formula = pull
    place = f"d{code.names[source]}" if source in code.piece else f"gradients[{source}]"
    args = [code.value(slot) for slot in slots] if formula is None else [_local(code, pull)]
    name = _slope(_gate(code.engine.graph, target), position)
    args.insert(0, f"d{code.names[target]}")
    before = place if source in known else ""
    if large and not before and isinstance(run, Symbol) and run.run == "dot":
        run = run.into(len(args))
        args.append(f"gradients[{code.engine.nodes + source}]")
    term = code.called(run, name, args)
    code.body.append(f"{place} = {_sum(code.engine.zero, before, run, term)}")
    known.add(source)


def _sum(zero: float | None, before: str, run: Callable[..., Any], term: str) -> str:
    """The text of a term added to what came before, exactly as the loops add it."""
    if zero is not None:
        if not before and run is not same:  # 0.0 + -0.0 is 0.0, which a gradient is already
            before = repr(zero)
        if before and run is operator.neg:
            return f"{before} - {term[1:]}"
    return f"{before} + {term}" if before else term


def _local(code: FunctionCode, pull: Pull) -> str:
    """Add the line of a local gradient that takes a formula, and store it for later readers."""
    assert pull.formula is not None
    slot, of, out, inputs, position = pull.formula
    source = code.names.get(pull.source, f"v{pull.source}")
    place = code.fresh(f"d{code.names[pull.target]}_d{source}")
    args = ["floats", *map(code.value, (out, *inputs))]
    slope = _slope(_gate(code.engine.graph, pull.target), position)
    code.body.append(f"{place} = {code.called(of, slope, args)}")
    code.stores.append(f"values[{slot}] = {place}")
    return place


def _gate(graph: Graph, node: int) -> Gate:
    gate = graph.nodes[node].gate
    assert gate is not None  # an instruction is a gate, and a wire ends at one
    return gate


def _slope(gate: Gate, position: int) -> str:
    """The name of the function that computes a local gradient, or pulls back through it."""
    if len(gate.params) == 1:
        return f"d_{gate.name}"
    return f"d_{gate.name}_{position if gate.variadic else gate.params[position]}"


# --- names


def is_plain(name: str | None) -> bool:
    """Whether a user's name can be used in code unchanged."""
    return (
        name is not None
        and name.isascii()
        and name.isidentifier()
        and not iskeyword(name)
        and not name.startswith("_")
        and len(name) <= MOST_LETTERS
    )


def node_names(graph: Graph, piece: range) -> dict[int, str]:
    """A name for each of some nodes: its own where that is plain and free, else a numbered one.

    A name is free if that of its gradient is too, `dx` for `x`.
    """
    nodes = graph.nodes[piece.start : piece.stop]
    taken = {*OWN_NAMES, *(node.gate.name for node in nodes if node.gate)}
    names = dict.fromkeys(piece, "")
    for i, node in zip(piece, nodes, strict=True):
        if is_plain(node.name) and not {node.name, f"d{node.name}"} & taken:
            names[i] = node.name or ""
            taken.update((names[i], f"d{names[i]}"))
    for i, name in names.items():
        if not name:
            names[i] = _counted(i, taken)
            taken.update((names[i], f"d{names[i]}"))
    return names


def _counted(node: int, taken: set[str]) -> str:
    name = f"v{node}"
    while name in taken or f"d{name}" in taken:
        name += "_"
    return name
