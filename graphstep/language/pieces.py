"""Pieces of a text: patterns, inputs of a call, sums over indexes. For advice after an error."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱˣʸᵃᵇᶜᵈᵉᵏᵐᵖᵗᵀ"
FRACTIONS = "½⅓¼⅕⅙⅐⅛⅑⅒⅔¾⅖⅗⅘⅚⅜⅝⅞"
_SPECIAL = RAISED + FRACTIONS  # Python counts these among the letters and digits of words
NAME = rf"(?>(?<![^\W\d{_SPECIAL}])[^\W\d{_SPECIAL}](?:(?![{_SPECIAL}])\w)*)"
NUMBER = r"(?>(?<![\w.])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
GROUP = r"(?>\((?:[^()\n]|\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\))*\))"
LIST = r"(?>\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\])"
OPERAND = rf"(?>(?:{NAME}(?:{GROUP})?|{NUMBER}|{GROUP}|{LIST})(?:{LIST}|\.T\b|ᵀ)*)"
"""A name, number, call, group or list, with its indices. All of these take whole tokens."""
MEANING = MappingProxyType(
    {"⟨o⟩": OPERAND, "⟨l⟩": LIST, "⟨n⟩": NAME, "⟨d⟩": NUMBER, "⟨g⟩": GROUP,
     "⟨b⟩": f"(?>{NAME}(?:{GROUP})?|{GROUP})"}
)  # fmt: skip
"""Short signs in patterns; the last is what an index follows."""
PLACE = re.compile(r"\{(\w+)\}")
OPENING, CLOSING = "([{", ")]}"


def pattern(text: str) -> re.Pattern[str]:
    """A pattern with the short signs of MEANING."""
    for short, long in MEANING.items():
        text = text.replace(short, long)
    return re.compile(text)


def split(text: str) -> Iterator[str]:
    """What stands between the commas outside of brackets.

    >>> list(split("x, f(y, 2), axis=1"))
    ['x', 'f(y, 2)', 'axis=1']
    """
    depth, start = 0, 0
    for k, char in enumerate(text):
        depth += (char in OPENING) - (char in CLOSING)
        if char == "," and not depth:
            yield text[start:k].strip()
            start = k + 1
    if text[start:].strip():
        yield text[start:].strip()


def is_operand(text: str) -> bool:
    """Whether a text needs no brackets, whatever stands beside it."""
    return re.fullmatch(OPERAND, text) is not None


def bracketed(text: str) -> str:
    """A text in brackets, unless it needs none.

    >>> bracketed("x + y"), bracketed("exp(x)")
    ('(x + y)', 'exp(x)')
    """
    return text if is_operand(text) else f"({text})"


def unbracketed(text: str) -> str:
    """A text without the brackets around the whole of it.

    >>> unbracketed("(x + y)"), unbracketed("(x)*(y)")
    ('x + y', '(x)*(y)')
    """
    return text[1:-1].strip() if re.fullmatch(GROUP, text) else text


def inside(text: str) -> str:
    """A text without spaces and brackets around the whole of it, for a place between brackets.

    >>> inside(" (x + y) "), inside("x ")
    ('x + y', 'x')
    """
    return unbracketed(text.strip())


def fill(formula: str, inputs: Mapping[str, str]) -> str:
    """A formula with its places filled; brackets where an input between operators needs them.

    >>> fill("log({x})/{y}", {"x": "a + b", "y": "c + d"})
    'log(a + b)/(c + d)'
    """

    def filled(place: re.Match[str]) -> str:
        before, after = formula[: place.start()], formula[place.end() :]
        alone = before.endswith(("(", ", ")) and after.startswith((")", ","))
        text = inputs[place[1]]
        return text if alone or formula == place[0] else bracketed(text)

    return PLACE.sub(filled, formula)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing binds to a piece of a text: it is a whole input or statement."""
    before, after = text[:start].rstrip(" \t")[-1:], text[end:].lstrip(" \t")[:1]
    return before in {"", *"=([,;\n"} and after in {"", *")],;\n#"}


# --- sums of products over named indexes, as einsum writes them

FORM = re.compile(r"\s*([a-zA-Z]+(?:,[a-zA-Z]+)*)(?:->([a-zA-Z]*))?")
USUAL: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("ab,bc->ac", "ab,b->a", "a,ab->b", "a,a->", "abc,acd->abd"), "{} @ {}"),
        "aa->": "trace({})", "aa->a": "diag({})", "ab->ba": "{}.T",
    }
)  # fmt: skip
"""Forms with a text of their own, by their indexes in the order of the alphabet."""


def summed(form: str, operands: Sequence[str]) -> str:
    """The sum of products of some arrays that `form` means; empty if it cannot be said.

    The operands are aligned: indexes of the output first, then those that are summed.

    >>> summed("ij,jk->ik", "XY"), summed("ij,kj->ik", "XY"), summed("ij->j", "X")
    ('X @ Y', 'sum(X[:, None]*Y[None], axis=-1)', 'sum(permute(X, 1, 0), axis=-1)')
    """
    found = FORM.fullmatch("".join(form.split()))
    if found is None or found[1].count(",") != len(operands) - 1:
        return ""
    inputs, out = found[1].split(","), _output(found[1], found[2])
    if usual := USUAL.get(_renamed(f"{found[1]}->{out}")):
        return usual.format(*operands)
    letters = "".join(dict.fromkeys(out + "".join(inputs)))
    if any(len({*each}) < len(each) for each in (*inputs, out)) or not {*out} <= {*found[1]}:
        return ""  # a diagonal, or an index from nowhere
    pairs = zip(operands, inputs, strict=True)
    product = "*".join(_aligned(operand, own, letters) for operand, own in pairs)
    return _over_last(product, len(letters) - len(out)) if letters != out else product


def einsum_text(form: str, count: int) -> tuple[tuple[str, ...], str]:
    """Names for so many arrays, and the text of their sum of products; empty if there is none.

    >>> einsum_text("ij,j->i", 2)
    (('x', 'y'), 'x @ y')
    """
    params = tuple("xyzuvw"[:count]) if count <= 6 else tuple(f"x{i}" for i in range(count))
    text = summed(form, params)
    return params, "" if text in params else text


def indexes_of(form: str) -> tuple[list[str], str]:
    """The indexes of each array, and of the result.

    >>> indexes_of("ij,jk->ik"), indexes_of("ji")
    ((['ij', 'jk'], 'ik'), (['ji'], 'ij'))
    """
    inputs, _, out = form.partition("->")
    return inputs.split(","), _output(inputs, out if "->" in form else None)


def _output(inputs: str, out: str | None) -> str:
    """The indexes of the output: those that stand once, by the alphabet, where none are given."""
    counts = Counter(inputs.replace(",", ""))
    return "".join(sorted(x for x in counts if counts[x] == 1)) if out is None else out


def _renamed(form: str) -> str:
    """A form with its indexes in the order of the alphabet.

    >>> _renamed("ij,jk->ik")
    'ab,bc->ac'
    """
    names = dict.fromkeys(re.findall(r"[a-zA-Z]", form))
    letters = dict(zip(names, ascii_lowercase + ascii_uppercase, strict=False))
    return "".join(letters.get(sign, sign) for sign in form)


def _aligned(operand: str, own: str, letters: str) -> str:
    """An array with its axes in the order of all letters, and one of 1 element where it has none.

    >>> _aligned("X", "kj", "ijk")
    'permute(X, 1, 0)[None]'
    """
    order = [own.index(letter) for letter in letters if letter in own]
    if order != sorted(order):
        operand = f"permute({operand}, {', '.join(map(str, order))})"
    keys = [":" if letter in own else "None" for letter in letters]
    while keys and keys[-1] == ":":
        keys.pop()
    return f"{operand}[{', '.join(keys)}]" if keys else operand


def _over_last(product: str, count: int) -> str:
    """The sum over the last axes."""
    axes = ", ".join(str(k - count) for k in range(count))
    return f"sum({product}, axis={axes if count == 1 else f'({axes})'})"
