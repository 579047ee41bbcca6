"""Which gate a name means: in another case, by another name, or with one letter wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from unicodedata import normalize

from ..gates import ALIASES, GATES
from ..language.foreign_names import COMPOSITES, EXAMPLES, FORMULAS, NONE

SHORT = 5  # letters; a shorter name with another letter may well be another name
CYRILLIC = str.maketrans("аеорсухкмтвнАЕОРСУХКМТВН", "aeopcyxkmtbhAEOPCYXKMTBH")
"""Letters that look like Latin ones."""


def folded(name: str) -> str:
    """A name without case, spaces and underscores, and with Latin letters where they look the same.

    >>> folded("LeakyReLU") == folded("leaky_relu")
    True
    """
    return normalize("NFKC", name).translate(CYRILLIC).lower().replace("_", "").replace(" ", "")


def gate_like(name: str) -> str:
    """The gate with this name in another form, by its other names or with one letter wrong.

    Empty for anything else: a name that means another function is never taken for a mistake.

    >>> gate_like("Relu"), gate_like("LSE"), gate_like("sigmod"), gate_like("celu")
    ('relu', 'logsumexp', 'sigmoid', '')
    """
    return _by_another_name(name) or ("" if is_foreign(name) else _mistyped(name))


def gate_for(name: str) -> str:
    """The gate that a name means here: in another form, or under another name elsewhere.

    >>> gate_for("ln"), gate_for("cot")
    ('log', '')
    """
    formula = FORMULAS.get(key_like(name, FORMULAS), "")
    call = re.fullmatch(r"(\w+)\(\{\w+\}(?:, \{\w+\})*\)", formula)
    return gate_like(name) or (call[1] if call else "")


CAPITAL: Mapping[str, str] = MappingProxyType(
    {
        "Total": "sum", "Inverse": "inv", "Ramp": "relu", "Tr": "trace",
        "LogisticSigmoid": "sigmoid", "Accumulate": "cumsum",
        "ArcSinh": "arcsinh", "ArcCosh": "arccosh", "ArcTanh": "arctanh",
    }
)  # fmt: skip
"""Functions of Mathematica, whose names begin with a capital letter, that are gates here."""


def gate_named(name: str) -> str:
    """The gate that has this name but for its form, or has it elsewhere; empty if there is none.

    >>> gate_named("Sin"), gate_named("Total"), gate_named("Loss")
    ('sin', 'sum', '')
    """
    return _by_another_name(name) or CAPITAL.get(name, "")


def is_foreign(name: str) -> bool:
    """Whether a name means a function for which there is no gate of its own."""
    return any(key_like(name, table) for table in (FORMULAS, EXAMPLES, NONE))


def key_like(name: str, known: Iterable[str]) -> str:
    """The name among known ones that differs in its form only; empty if there is none."""
    wanted = folded(name)
    return next((key for key in known if folded(key) == wanted), "")


def _by_another_name(name: str) -> str:
    """The gate of a name or a symbol that differs in its form only."""
    symbols = {gate.symbol: gate.name for gate in GATES.values()}
    if name in symbols:  # Σ and σ are the same letter but for the case
        return symbols[name]
    if near := key_like(name, GATES) or key_like(name, COMPOSITES):
        return near
    others = {**ALIASES, **{symbol: gate for symbol, gate in symbols.items() if symbol.isascii()}}
    near = key_like(name, others)
    return others[near] if near else ""


def _mistyped(name: str) -> str:
    """The gate whose name this is, but for one letter or two in the wrong order."""
    return next((gate for gate in GATES if folded(name) in _slips(folded(gate))), "")


def _slips(word: str) -> Iterator[str]:
    """A word with two letters swapped, one doubled, one left out or, if it is long, one wrong.

    The first letter stays, and digits do: these mean something else, as in conv1d.

    >>> sorted(slip for slip in _slips("exp") if len(slip) == 3)
    ['epx']
    """
    letters = "abcdefghijklmnopqrstuvwxyz"
    for k in range(1, len(word)):
        head, letter, tail = word[:k], word[k], word[k + 1 :]
        if not letter.isalpha():
            continue
        if tail[:1].isalpha() and tail[0] != letter:
            yield head + tail[0] + letter + tail[1:]
        yield head + letter * 2 + tail
        if len(word) >= SHORT:
            yield head + tail
            yield from (head + other + tail for other in letters if other != letter)
            yield from (head + other + letter + tail for other in letters)
