"""Numbers as figures print them, read again: true minus signs, decimal commas, powers of ten."""

import re

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
POWER = re.compile(r"(·|(?<![\d.,]))10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def with_exponents(text):
    """A text in which 4·10⁻⁵ is 4e-5."""
    return POWER.sub(lambda m: f"{'' if m[1] else '1'}e{m[2].translate(RAISED)}", text)


def read(text):
    """The number in a text."""
    return float(with_exponents(text).replace("−", "-").replace(",", "."))
