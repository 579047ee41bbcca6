"""What a name is made of when it stands in a formula: a letter or word, and indexes below it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

_LETTERS = (  # as they stand in Unicode, with a sigma at the end of words that has no name here
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho - "
    "sigma tau upsilon phi chi psi omega"
)
GREEK: Mapping[str, str] = MappingProxyType(
    {
        **{name: chr(0x3B1 + k) for k, name in enumerate(_LETTERS.split())},
        **{name.capitalize(): chr(0x391 + k) for k, name in enumerate(_LETTERS.split())},
        "lambda_": "λ",  # lambda alone is a word of Python
    }
)
"""Greek letters by their names, small and capital."""

_KNOWN = (
    "arccos arcsin arctan cos cosh cot coth csc det dim exp gcd hom inf ker lim ln log max min "
    "sec sin sinh sup tan tanh"
)
FUNCTIONS = frozenset(_KNOWN.split())
"""Functions that LaTeX knows by name."""

SHAPE = re.compile(r"([^\W\d_]+)(\d*)((?:_[^\W_]+)*)")


class Spelled(NamedTuple):
    """A name as a base and the indexes below it."""

    base: str
    indexes: tuple[str, ...]


@lru_cache(maxsize=4096)
def spelled(name: str) -> Spelled:
    """A name taken apart; one that has no such parts stays whole.

    >>> [tuple(spelled(name)) for name in ("w0", "x_max", "alpha1_2")]
    [('w', ('0',)), ('x', ('max',)), ('α', ('1', '2'))]
    >>> [spelled(name).base for name in ("loss", "conv2d", "_x")]
    ['loss', 'conv2d', '_x']
    """
    found = SHAPE.fullmatch(name) if name not in GREEK else None
    if found is None:
        return Spelled(GREEK.get(name, name), ())
    base, digits, rest = found.groups()
    parts = (digits, *rest.split("_"))
    return Spelled(GREEK.get(base, base), tuple(GREEK.get(p, p) for p in parts if p))
