"""Signs as people print them: a true minus, and a dot or a cross between factors.

Products have a dot, as in [2] · [3]; the sides of a shape have a cross, as in 2×3. Formulas in the
language of expressions keep its `*`. What is typed, and what other programs read, stays ASCII.
"""

from __future__ import annotations

MINUS, DOT, CROSS = "−", "·", "×"


def minus(number: str) -> str:
    """A number or formula with true minus signs, in exponents too.

    >>> minus("-4.0e-04")
    '−4.0e−04'
    """
    return number.replace("-", MINUS)


def typed(number: str) -> str:
    """A number or formula as it is typed, with hyphens for its minus signs."""
    return number.replace(MINUS, "-")
