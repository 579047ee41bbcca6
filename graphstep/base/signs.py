"""Signs as people print them: a true minus, and a dot or a cross between factors.

Products have a dot, as in [2] · [3]; the sides of a shape have a cross, as in 2×3, and so has the
gate that multiplies. The gate of a matrix product keeps its `@`: formulas write nothing there, and
a dot in a circle is ⊙, the product of elements. Formulas in the language of expressions keep `*`.
What is typed, and what other programs read, stays ASCII.
"""

from __future__ import annotations

import re

MINUS, DOT, CROSS = "−", "·", "×"
RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
POWERS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
POWER = re.compile(rf"(?:·|(?<![\d.,]))10([{POWERS}]+)")
"""A power of ten at the end of a number."""
LOWERED = str.maketrans(POWERS, "-0123456789")
TYPED = re.compile(r"\*(?=$|[\d(−])")
"""The sign of a product at the beginning of a symbol."""
EXPONENT = re.compile(r"(?<![\w.])\d+(?:\.\d+)?e[-+−]?\d+")
POINT = re.compile(r"(?<=\d)\.(?=\d)")
BETWEEN = re.compile(r", ?(?![^\W\d])|, ")
"""The comma between numbers or arguments, but not that between the letters of "ij,jk"."""


def minus(number: str) -> str:
    """A number or formula with true minus signs, in exponents too, and arrows.

    >>> minus("-4.0e-04"), minus("ij->ji")
    ('−4.0e−04', 'ij→ji')
    """
    return number.replace("->", "→").replace("-", MINUS)


def typed(number: str) -> str:
    """A number or formula as it is typed: with hyphens for its minus signs, and with exponents.

    >>> typed("−4.0·10⁻⁵"), typed("10⁻⁵")
    ('-4.0e-5', '1e-5')
    """
    plain = POWER.sub(_exponent, number) if "10" in number else number
    return plain.replace(MINUS, "-")


def _exponent(found: re.Match[str]) -> str:
    digits = "" if found[0].startswith(DOT) else "1"
    return f"{digits}e{found[1].translate(LOWERED)}"


def split_power(number: str) -> tuple[str, str]:
    """A number down to its ten, and the exponent of that; no exponent for a number without a power.

    >>> split_power("−4.0·10⁻⁵"), split_power("−1e−07"), split_power("0.25")
    (('−4.0·10', '−5'), ('−10', '−7'), ('0.25', ''))
    """
    shown = minus(power_of_ten(number.replace(MINUS, "-")))
    before = shown.rstrip(POWERS)
    return before, minus(shown[len(before) :].translate(LOWERED))


def power_of_ten(number: str) -> str:
    """A number with an exponent as a product, or as the power alone.

    Its minus signs are hyphens; it is not changed without an exponent.

    >>> power_of_ten("-4.0e-05"), power_of_ten("1e+07"), power_of_ten("0.25")
    ('-4.0·10⁻⁵', '10⁷', '0.25')
    """
    digits, mark, exponent = number.partition("e")
    if not mark or not exponent[-1:].isdecimal():
        return number
    raised = f"10{str(int(exponent)).translate(RAISED)}"
    alone = {"1": "", "-1": "-"}.get(digits)
    return f"{digits}{DOT}{raised}" if alone is None else f"{alone}{raised}"


def typeset(symbol: str, symbols: str, mark: str = ".") -> str:
    """The symbol of a gate, or a number, in a figure and in sentences about it.

    As a "program" it is what is typed, whatever the decimal mark.

    >>> [typeset(symbol, "typeset") for symbol in ("*", "*−1", "@")], typeset("*", "program")
    (['×', '×−1', '@'], '*')
    >>> typeset("*1e−05", "typeset"), typeset("+2.5e+10", "typeset")
    ('×10⁻⁵', '+2.5·10¹⁰')
    >>> typeset("*0.5", "typeset", ","), typeset("clip(x, 0, 2.5)", "typeset", ",")
    ('×0,5', 'clip(x; 0; 2,5)')
    """
    if symbols == "program":
        return symbol
    numbers = EXPONENT.sub(lambda found: power_of_ten(typed(found[0])), symbol)
    if mark == ",":
        numbers = POINT.sub(mark, BETWEEN.sub("; ", numbers))
    return TYPED.sub(CROSS, numbers, count=1)
