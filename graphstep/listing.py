"""The table of all gates, made from the rows of GATES."""

from __future__ import annotations

from .formula import fill
from .gates import GATES, Gate, Rule

HEADER = ("gate", "symbol", "forward", "local gradients", "domain", "nickname", "convention")


def gate_rows() -> list[tuple[str, ...]]:
    """A header, then one row a gate, every cell a text.

    >>> gate_rows()[3]
    ('mul', '*', 'x*y', 'y; x', '', 'switcher', '')
    """
    return [HEADER, *map(_row, GATES.values())]


def _row(gate: Gate) -> tuple[str, ...]:
    locals_ = "; ".join(local_text(gate, position) for position in range(len(gate.params)))
    return (
        gate.name, gate.symbol.replace("^", "**"), fill(gate, gate.text, gate.params), locals_,
        gate.domain, gate.nickname, gate.convention,
    )  # fmt: skip


def local_text(gate: Gate, position: int) -> str:
    """The local gradient with respect to one input, in the gate's own parameter names."""
    if gate.variadic:
        return f"[{gate.params[position]} = {fill(gate, gate.text, gate.params)}]"
    rule = gate.rule(position)
    if isinstance(rule, Rule):
        return fill(gate, rule.text, gate.params)
    if rule == "out":
        return fill(gate, gate.text, gate.params)
    return rule if isinstance(rule, str) else f"{rule:g}"
