"""A flat program as straight-line Python: no loop, no list of instructions, floats in locals.

The text that is compiled holds counted names, numbers and operators only, never anything that a
user wrote. It does the same operations in the same order as the loops, so it gives the same bits.
"""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .gates import SCALAR

if TYPE_CHECKING:  # a program is passed in as a value: this room stands below it
    from .program import Local, Program, Step

CHUNK = 1000  # nodes a function; one function of everything compiles ever more slowly

INFIX: Mapping[Any, str] = MappingProxyType(
    {
        operator.add: "{} + {}",
        operator.sub: "{} - {}",
        operator.mul: "{} * {}",
        operator.truediv: "{} / {}",
        operator.neg: "-{}",
    }
)


class Straight(NamedTuple):
    """Both passes: `forward(slots)` fills in the values, `backward(slots)` gives the upstreams."""

    forward: Callable[[list[float]], None]
    backward: Callable[[list[float]], list[float]]


def straight(program: Program, formulas: Sequence[Local], steps: Sequence[Step]) -> Straight:
    """The code of a program, its backward pass along some of its wires (last gate first)."""
    names: dict[str, object] = {"m": SCALAR}
    ahead = [_made(_forward(program, chunk, names), names) for chunk in _chunks(program.nodes)]
    back = _backward_chunks(program, formulas, steps, names)
    nodes, output = program.nodes, program.output

    def forward(slots: list[float]) -> None:
        for run in ahead:
            run(slots)

    def backward(slots: list[float]) -> list[float]:
        upstream = [0.0] * nodes
        upstream[output] = 1.0
        for run in back:
            run(slots, upstream)
        return upstream

    return Straight(forward, backward)


def _chunks(nodes: int) -> list[range]:
    return [range(low, min(low + CHUNK, nodes)) for low in range(0, nodes, CHUNK)]


def _made(lines: Sequence[str], names: dict[str, object]) -> Callable[..., None]:
    """The function `run` of some lines."""
    source = "\n    ".join(lines)
    scope = dict(names)
    exec(compile(source, "<graphstep>", "exec"), scope)  # counted names only: see above
    function: Callable[..., None] = scope["run"]  # type: ignore[assignment]
    return function


def _forward(program: Program, chunk: range, names: dict[str, object]) -> list[str]:
    """The values of a chunk of nodes, as locals, stored at its end."""
    slots = _Slots(program, chunk, "v")
    gates = {i.out: i for i in program.instructions[_gates_before(program, chunk.start) :]
             if i.out < chunk.stop}  # fmt: skip
    lines = ["def run(s):"]
    for node in chunk:
        if node not in gates:
            lines.append(f"v{node} = s[{node}]")
            continue
        _, run, _, _, _, inputs = gates[node]
        args = [slots(i) for i in inputs]
        form = INFIX.get(run)
        if form is None:
            names[f"k{node}"] = run
            lines.append(f"v{node} = k{node}({', '.join(args)})")
        else:
            lines.append(f"v{node} = {form.format(*args)}")
    return [*lines, _stored("s", "v", chunk)]


def _gates_before(program: Program, node: int) -> int:
    return bisect_left(program.instructions, node, key=lambda instruction: instruction.out)


def _backward_chunks(
    program: Program, formulas: Sequence[Local], steps: Sequence[Step], names: dict[str, object]
) -> list[Callable[..., None]]:
    """One function a chunk, the last chunk first."""
    rules = {formula.slot: formula for formula in formulas}
    by_chunk: dict[int, list[Step]] = {}
    for step in steps:
        by_chunk.setdefault(step[1] // CHUNK, []).append(step)
    return [
        _made(_backward(program, rules, by_chunk[chunk.start // CHUNK], chunk, names), names)
        for chunk in reversed(_chunks(program.nodes))
        if chunk.start // CHUNK in by_chunk
    ]


def _backward(
    program: Program, rules: Mapping[int, Local], steps: Sequence[Step], chunk: range,
    names: dict[str, object],
) -> list[str]:  # fmt: skip
    """The upstreams of a chunk as locals; those of earlier nodes are added to in the list."""
    slots = _Slots(program, range(0), "v")
    lines = ["def run(s, u):", *(f"g{i} = u[{i}]" for i in chunk)]
    for source, target, local in steps:
        if local in rules:
            lines.append(_formula(rules[local], names))
        factor = f"l{local}" if local in rules else slots(local)
        product = {"1.0": f"g{target}", "-1.0": f"-g{target}"}.get(factor, f"g{target} * {factor}")
        kept = f"g{source}" if source in chunk else f"u[{source}]"
        lines.append(f"{kept} += {product}")
    return [*lines, _stored("u", "g", chunk)]


def _formula(rule: Local, names: dict[str, object]) -> str:
    """A local gradient that takes a formula, kept for who reads it later."""
    names[f"r{rule.slot}"] = rule.of
    inputs = ", ".join(f"s[{i}]" for i in rule.inputs)
    return f"s[{rule.slot}] = l{rule.slot} = r{rule.slot}(m, s[{rule.out}], {inputs})"


def _stored(where: str, letter: str, chunk: range) -> str:
    values = ", ".join(f"{letter}{i}" for i in chunk)
    return f"{where}[{chunk.start}:{chunk.stop}] = [{values}]"


class _Slots(NamedTuple):
    """How a slot is read: a local of the chunk, a number written out, or from the list."""

    program: Program
    chunk: range
    letter: str

    def __call__(self, slot: int) -> str:
        if slot in self.chunk:
            return f"{self.letter}{slot}"
        if slot < self.program.nodes:
            return f"s[{slot}]"
        return repr(self.program.start[slot])
