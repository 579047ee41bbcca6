"""The table of all gates, made from the rows of GATES."""

from __future__ import annotations

from .formula import local_template, written
from .gates import GATES, Gate

HEADER = ("gate", "symbol", "forward", "local gradients", "domain", "nickname", "convention")


def gate_rows() -> list[tuple[str, ...]]:
    """A header, then one row a gate, every cell a text.

    >>> gate_rows()[3]
    ('mul', '*', 'x*y', 'y; x', '', 'switcher', '')
    """
    return [HEADER, *map(_row, GATES.values())]


def _row(gate: Gate) -> tuple[str, ...]:
    given = {**dict(zip(gate.params, gate.params, strict=True)), "args": ", ".join(gate.params)}
    locals_ = (local_template(gate, position) for position in range(len(gate.params)))
    return (
        gate.name, written(gate.symbol), gate.text.format(**given),
        "; ".join(locals_).format(**given), gate.domain, gate.nickname, gate.convention,
    )  # fmt: skip
