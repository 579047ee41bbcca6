"""Names in formulas: a letter or word, and its indexes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

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
