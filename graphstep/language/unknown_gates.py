"""Unknown gates, such as f in z = f(x, y): known are its name and what it takes, nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn

from ..gates import Gate, Rule, called

NAMES = re.compile(r"[fghFGHφψΦΨ]|phi|psi|Phi|Psi|[LJER]|Ω|Omega")
"""The letters of functions, of losses and of regularizers: no gate is called so, or mistyped so.

Letters of weights and of numbers before brackets, as in W(x + b), are meant as products.
"""
LETTERS = "fghφψ"
"""Those that are advised."""


def can_be_unknown(name: str) -> bool:
    """Whether a name that is called, and that nothing else has, is that of an unknown gate.

    >>> [name for name in ("f", "phi", "R", "ф", "u", "W", "f1", "sgmoid") if can_be_unknown(name)]
    ['f', 'phi', 'R']
    """
    return NAMES.fullmatch(name) is not None


@lru_cache(maxsize=256)
def unknown_gate(name: str, count: int) -> Gate:
    """The unknown gate of a name that takes so many inputs."""
    params = tuple(f"x{k + 1}" for k in range(count))
    rules = (Rule("", _refuse),) * count
    return Gate(name, params, _refuse, rules, name, called(name, params), unknown=True,
                made=(unknown_gate, (name, count)))  # fmt: skip


def _refuse(*_: object) -> NoReturn:
    """Nobody asks: a graph with an unknown gate is refused before it runs."""
    raise NotImplementedError
