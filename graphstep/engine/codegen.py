"""A flat program as straight-line Python: no loop, no list of instructions, floats in locals.

The text that is compiled holds counted names, numbers and operators only, never anything that a
user wrote. It does the same operations in the same order as the loops, so it gives the same bits.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..gates import SCALAR
from ..graph.nodes import Along

if TYPE_CHECKING:  # a program is passed in as a value: this room stands below it
    from .array_engine import Flow, Pull, Run
    from .scalar_engine import Instruction, Local, Program, Step

WARM = 8  # runs after which straight-line code pays: writing it takes as long as some 50 runs save
LARGEST = 20_000  # nodes; more would take seconds to compile
CHUNK = 1000  # nodes a function; one function of everything compiles ever more slowly

Forward = Callable[[list[Any]], None]
Backward = Callable[[list[Any]], list[Any]]


class Codes:
    """The straight-line code of a program, of passes that are run often; only memory changes."""

    def __init__(self, pays: bool) -> None:
        self._pays = pays
        self._asked: Counter[frozenset[int] | None] = Counter()
        self.made: dict[frozenset[int] | None, Any] = {}

    def get(self, wanted: frozenset[int] | None, write: Callable[[], Any]) -> Any:
        """The code of the pass back to some nodes, or forward, of None; None while it is rare."""
        if wanted not in self.made:
            self._asked[wanted] += 1
            if not self._pays or self._asked[wanted] <= WARM:
                return None
            self.made[wanted] = write()
        return self.made[wanted]


def same(upstream: Any) -> Any:
    """What comes back through a local gradient of 1."""
    return upstream


INFIX: Mapping[Any, str] = MappingProxyType(
    {
        operator.add: "{} + {}",
        operator.sub: "{} - {}",
        operator.mul: "{} * {}",
        operator.truediv: "{} / {}",
        operator.neg: "-{}",
        same: "{}",
    }
)


def straight_forward(program: Program | Flow) -> Forward:
    """The code of the forward pass: it fills in the values."""
    chunks = [_made(*_forward(program, chunk)) for chunk in _chunks(program.nodes)]

    def forward(slots: list[float]) -> None:
        for run in chunks:
            run(slots)

    return forward


def straight_backward(
    program: Program, formulas: Sequence[Local], steps: Sequence[Step]
) -> Backward:
    """The code of the backward pass along some wires, the last gate's first: the upstreams."""
    rules = {formula.slot: formula for formula in formulas}
    chunks = [
        _made(*_backward(program, rules, part, chunk))
        for chunk, part in _by_chunk(program.nodes, steps)
    ]
    return _back(chunks, program, 0.0, 1.0)


def straight_pulls(flow: Flow, pulls: Sequence[Pull], wanted: frozenset[int]) -> Backward:
    """The code of the backward pass over arrays along some wires, the last gate's first.

    It is known beforehand what comes back to a node first, and what is added to that. What is not
    wanted is let go as soon as it is passed on, so that its memory is used again while it is near.
    """
    known = {flow.output}
    chunks = [
        _made(*_pulled(flow, part, chunk, known, wanted))
        for chunk, part in _by_chunk(flow.nodes, pulls)
    ]
    return _back(chunks, flow, None, flow.one)


def _by_chunk(nodes: int, steps: Sequence[Along]) -> list[tuple[range, list[Along]]]:
    """The steps of (source, target, ...) by the chunk of their targets, the last chunk first."""
    parts: dict[int, list[Along]] = {}
    for step in steps:
        parts.setdefault(step[1] // CHUNK, []).append(step)
    chunks = reversed(_chunks(nodes))
    return [(c, parts[c.start // CHUNK]) for c in chunks if c.start // CHUNK in parts]


def _back(
    chunks: Sequence[Callable[..., None]], program: Program | Flow, nothing: Any, one: Any
) -> Backward:
    """The chunks of a backward pass, run one after the other over upstreams that begin with one."""
    nodes, output = program.nodes, program.output

    def backward(slots: list[Any]) -> list[Any]:
        upstream = [nothing] * nodes
        upstream[output] = one
        for run in chunks:
            run(slots, upstream)
        return upstream

    return backward


def _chunks(nodes: int) -> list[range]:
    return [range(low, min(low + CHUNK, nodes)) for low in range(0, nodes, CHUNK)]


def _made(lines: Sequence[str], scope: dict[str, object]) -> Callable[..., None]:
    """The function `run` of some lines, with the functions that they name."""
    exec(
        compile("\n    ".join(lines), "<graphstep>", "exec"), scope
    )  # counted names only: see above
    function: Callable[..., None] = scope["run"]  # type: ignore[assignment]
    return function


def _forward(program: Program | Flow, chunk: range) -> tuple[list[str], dict[str, object]]:
    """The values of a chunk of nodes, as locals, stored at its end; and the functions used."""
    gates = {i.out: i for i in _between(program, chunk)}
    lines, names = ["def run(s):"], dict[str, object]()
    for node in chunk:
        if node not in gates:
            lines.append(f"v{node} = s[{node}]")
            continue
        run, inputs = gates[node].run, gates[node].slots
        args = [f"v{i}" if i in chunk else _slot(program, i) for i in inputs]
        lines.append(f"v{node} = {_called(run, f'k{node}', args, names)}")
    return [*lines, _stored("s", "v", chunk)], names


def _called(
    run: Callable[..., Any], name: str, args: Sequence[str], names: dict[str, object]
) -> str:
    """A function of some arguments: as an operator, or else called by a name."""
    if run in INFIX:
        return INFIX[run].format(*args)
    names[name] = run
    return f"{name}({', '.join(args)})"


def _pulled(
    flow: Flow, pulls: Sequence[Pull], chunk: range, known: set[int], wanted: frozenset[int]
) -> tuple[list[str], dict[str, object]]:
    """The upstreams of a chunk as locals; `known` are the nodes that have one already."""
    lines = ["def run(s, u):", *(f"g{i} = u[{i}]" for i in chunk if i in known)]
    names: dict[str, object] = {}
    last = {pull.target: k for k, pull in enumerate(pulls)}
    for k, (source, target, run, slots) in enumerate(pulls):
        args = [f"g{target}", *(_slot(flow, i) for i in slots)]
        kept = f"g{source}" if source in chunk else f"u[{source}]"
        before = f"{kept} + " if source in known else ""
        lines.append(f"{kept} = {before}{_called(run, f'k{k}', args, names)}")
        known.add(source)
        if last[target] == k and target not in wanted:
            lines.append(f"g{target} = None")
    found = ", ".join(f"g{i}" if i in known else "None" for i in chunk)
    return [*lines, f"u[{chunk.start}:{chunk.stop}] = [{found}]"], names


def _between(program: Program | Flow, chunk: range) -> Sequence[Instruction | Run]:
    """The instructions whose results are the nodes of a chunk."""
    low, high = (
        bisect_left(program.instructions, end, key=lambda instruction: instruction.out)
        for end in (chunk.start, chunk.stop)
    )
    return program.instructions[low:high]


def _backward(
    program: Program, rules: Mapping[int, Local], steps: Sequence[Step], chunk: range
) -> tuple[list[str], dict[str, object]]:
    """The upstreams of a chunk as locals; those of earlier nodes are added to in the list."""
    lines = ["def run(s, u):", *(f"g{i} = u[{i}]" for i in chunk)]
    names: dict[str, object] = {"m": SCALAR}
    for source, target, local in steps:
        if local in rules:
            names[f"r{local}"] = rules[local].of
            lines.append(_formula(rules[local]))
        factor = f"l{local}" if local in rules else _slot(program, local)
        product = {"1.0": f"g{target}", "-1.0": f"-g{target}"}.get(factor, f"g{target} * {factor}")
        kept = f"g{source}" if source in chunk else f"u[{source}]"
        lines.append(f"{kept} += {product}")
    return [*lines, _stored("u", "g", chunk)], names


def _formula(rule: Local) -> str:
    """A local gradient that takes a formula, kept for who reads it later."""
    inputs = ", ".join(f"s[{i}]" for i in rule.inputs)
    return f"s[{rule.slot}] = l{rule.slot} = r{rule.slot}(m, s[{rule.out}], {inputs})"


def _stored(where: str, letter: str, chunk: range) -> str:
    values = ", ".join(f"{letter}{i}" for i in chunk)
    return f"{where}[{chunk.start}:{chunk.stop}] = [{values}]"


def _slot(program: Program | Flow, slot: int) -> str:
    """A node's value from the list, or a number written out."""
    number = program.start[slot]
    written = slot >= program.nodes and type(number) is float and isfinite(number)
    return repr(number) if written else f"s[{slot}]"
