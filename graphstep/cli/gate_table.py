"""The table of all gates that `graphstep gates` prints."""

from __future__ import annotations

from collections.abc import Iterable

from ..base.signs import minus
from ..base.words import say
from ..gates import GATES, Gate, Option, Rule
from ..graph.expressions import symbol_text
from ..language.foreign_names import COMPOSITES
from ..language.local_texts import local_template

COLUMNS = ("gate", "symbol", "forward", "local", "domain", "nickname", "convention")


def gate_rows(lang: str = "en", gates: Iterable[Gate] = GATES.values()) -> list[tuple[str, ...]]:
    """A header in a language, then one row per gate; all cells are texts.

    >>> gate_rows()[3]
    ('mul', '*', 'x*y', 'y; x', '', 'switcher', '')
    >>> [row[2] for row in gate_rows() if row[0] in ("sum", "reshape", "avgpool2d")]
    ['reshape(x, *shape)', 'sum(x, axis, keepdims=0)', 'avgpool2d(x, size=2, stride, pad=0)']
    """
    return [tuple(say(f"listing.{column}", lang) for column in COLUMNS), *map(_row, gates)]


def functions() -> list[str]:
    """The functions that are made of gates, each with its definition, helpers of it before.

    >>> functions()[0]
    'layer_norm(x) = (x - mean(x, -1, 1))/sqrt(var(x, -1, 1) + 1e-5)'
    """
    texts = dict.fromkeys(text for definitions in COMPOSITES.values() for text in definitions)
    return [line for text in texts for line in text.split("; ")]


def _row(gate: Gate) -> tuple[str, ...]:
    given = {name: name for name in (*gate.params, *(option.name for option in gate.options), "g")}
    given |= {"args": ", ".join((*gate.params, "…")), "options": "", "along": ""}
    given |= {name: name for name in ("n", "N", "ones", "undone", "middle", "places")}
    optional = gate.params[len(gate.params) - len(gate.defaults) :]
    call = given | {"options": "".join(map(_option, gate.options))}
    call |= {p: f"{p}={d:g}" for p, d in zip(optional, gate.defaults, strict=True)}
    forward = gate.written or gate.text
    locals_ = (_local(gate, position) for position in range(len(gate.params)))
    return (
        gate.name, minus(symbol_text(gate.symbol)).format(**given), forward.format(**call),
        minus("; ".join(locals_)).format(**given), gate.domain, gate.nickname, gate.convention,
    )  # fmt: skip


def _option(option: Option) -> str:
    """An option as it is written in a call, with its default value."""
    default = "" if option.default is None or option.needed else f"={option.default:g}"
    return f", {'*' * option.many}{option.name}{default}"


def _local(gate: Gate, position: int) -> str:
    """A local gradient as a formula, or as the map of an upstream gradient g."""
    rule = gate.rule(position)
    if isinstance(rule, Rule) and rule.maps:
        return f"g → {rule.text or 'Jᵀ g'}"
    return local_template(gate, position)
