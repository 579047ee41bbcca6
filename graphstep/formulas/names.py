"""Names in formulas: a letter or word, and its indexes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from .signs import SUBSCRIPTS

_LETTERS = (  # in Unicode's order; "-" is the final sigma, which has no name here
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - "
    "sigma tau upsilon phi chi psi omega"
)
GREEK: Mapping[str, str] = MappingProxyType(
    {
        **{name: chr(0x3B1 + k) for k, name in enumerate(_LETTERS.split())},
        **{name.capitalize(): chr(0x391 + k) for k, name in enumerate(_LETTERS.split())},
        "lambda_": "λ",  # lambda alone is a keyword in Python
    }
)
"""Greek letters by their names, small and capital."""

_KNOWN = (
    "arccos arcsin arctan cos cosh cot coth csc det dim exp gcd hom inf ker lim ln log max min "
    "sec sin sinh sup tan tanh"
)
NAMED_FUNCTIONS = frozenset(_KNOWN.split())
"""Functions with a command in LaTeX."""

SHAPE = re.compile(r"([^\W\d_]+)(\d*)((?:_[^\W_]+)*)")


class NameParts(NamedTuple):
    """A name as a base and the indexes below it."""

    base: str
    indexes: tuple[str, ...]


@lru_cache(maxsize=4096)
def split_name(name: str) -> NameParts:
    """A name split into base and indexes; a name of another form stays whole.

    >>> [tuple(split_name(name)) for name in ("w0", "x_max", "alpha1_2")]
    [('w', ('0',)), ('x', ('max',)), ('α', ('1', '2'))]
    >>> [split_name(name).base for name in ("loss", "conv2d", "_x")]
    ['loss', 'conv2d', '_x']
    """
    found = SHAPE.fullmatch(name) if name not in GREEK else None
    if found is None:
        return NameParts(GREEK.get(name, name), ())
    base, digits, rest = found.groups()
    parts = (digits, *rest.split("_"))
    return NameParts(GREEK.get(base, base), tuple(GREEK.get(p, p) for p in parts if p))


# --- in figures

LONGEST_INDEX = 3  # of small characters, which can hardly be read


def figure_names(typed: Collection[str], symbols: str) -> dict[str, str]:
    """Each of the names of a figure as it is set there; different ones stay different.

    A name that is a letter and an index has the index below, if there are characters for it; if
    some index of letters cannot be set, none is.

    >>> figure_names(["w0", "alpha1", "learning_rate", "x_min", "x_max"], "typeset").values()
    dict_values(['w₀', 'α₁', 'learning_rate', 'xₘᵢₙ', 'xₘₐₓ'])
    >>> figure_names(["x1", "x_1", "w_h", "w_y"], "typeset").values()
    dict_values(['x1', 'x_1', 'w_h', 'w_y'])
    """
    if symbols == "program":
        return {name: name for name in typed}
    made = {name: _typeset(name) for name in typed}
    if not all(made[name] for name in typed if _is_lettered(name)):
        made |= {name: "" for name in typed if _is_lettered(name)}
    shown = {name: now or name for name, now in made.items()}
    alike = Counter(shown.values())
    return {name: name if alike[now] > 1 else now for name, now in shown.items()}


WORD = re.compile(r"(?<![\w.])([^\W\dᵀ][^\Wᵀ]*)(?![^\Wᵀ]|\()( *=(?!=))?")
"""A name in the language that is not called, and the sign behind it by which it is an option."""


def in_figure(text: str, shown: Mapping[str, str]) -> str:
    """A text of the language with its names as a figure sets them; calls and options stay.

    >>> in_figure("mu(w0, beta=0.5)*mu/w0ᵀ", {"w0": "w₀", "beta": "β", "mu": "μ"})
    'mu(w₀, beta=0.5)*μ/w₀ᵀ'
    """

    def placed(found: re.Match[str]) -> str:
        option = found[2] and text[: found.start()].rstrip().endswith(("(", ","))
        return found[0] if option else f"{shown.get(found[1], found[1])}{found[2] or ''}"

    return WORD.sub(placed, text)


def _typeset(name: str) -> str:
    """A name with its index below; empty if it has to stay as it is typed."""
    base, indexes = split_name(name)
    index = "".join(indexes)
    few = len(base) == 1 and len(indexes) <= 1 and len(index) <= LONGEST_INDEX
    if not few or not SUBSCRIPTS.keys() >= set(index):
        return ""
    return base + "".join(SUBSCRIPTS[char] for char in index)


def _is_lettered(name: str) -> bool:
    """Whether a name is a letter with an index of letters."""
    base, indexes = split_name(name)
    return len(base) == 1 and any(not index.isdecimal() for index in indexes)
