"""Signs as people print them: a true minus, and a dot or a cross between factors.

Products have a dot, as in [2] · [3]; the sides of a shape have a cross, as in 2×3, and so has the
gate that multiplies. The gate of a matrix product keeps its `@`: formulas write nothing there, and
a dot in a circle is ⊙, the product of elements. Formulas in the language of expressions keep `*`.
What is typed, and what other programs read, stays ASCII.
"""

from __future__ import annotations

import re

MINUS, DOT, CROSS = "−", "·", "×"
TYPED = re.compile(r"\*(?=$|[\d(−])")
"""The sign of a product at the beginning of a symbol."""


def minus(number: str) -> str:
    """A number or formula with true minus signs, in exponents too.

    >>> minus("-4.0e-04")
    '−4.0e−04'
    """
    return number.replace("-", MINUS)


def typed(number: str) -> str:
    """A number or formula as it is typed, with hyphens for its minus signs."""
    return number.replace(MINUS, "-")


def typeset(symbol: str, symbols: str) -> str:
    """The symbol of a gate in a figure and in sentences about it.

    >>> [typeset(symbol, "typeset") for symbol in ("*", "*−1", "@")], typeset("*", "program")
    (['×', '×−1', '@'], '*')
    """
    if symbols == "program":
        return symbol
    return TYPED.sub(CROSS, symbol, count=1)
