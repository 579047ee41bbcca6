"""Formulas as MathML Core, for pages: as markup, and as data from which a script builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import Any, NamedTuple
from xml.etree import ElementTree

from ..base.signs import minus
from ..look.style import Colours
from .names import split_name
from .signs import ACCENTS, LIMITS, OF, TIMES, WIDTHS, braced
from .tree import (
    Boxed,
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Root,
    Row,
    Scripts,
    Sign,
    Tree,
    Words,
)

ORDINARY = frozenset("∂∞…⋯⋮′″‴%")  # written as letters in MathML, which puts no space around those
FENCES = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉")
OPERATORS = frozenset((TIMES, OF, "\u2063"))  # unseen, but read aloud


def mathml(x: Tree | Equation, display: bool = False) -> str:
    """A formula as a `math` element; with `display`, on a line of its own."""
    block = ' display="block"' if display else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{block}>{_part(x)}</math>'


def sides(equation: Equation) -> list[str]:
    """A `math` element for each side, so that lines can break before each "=" but the first."""
    first, *rest = equation.sides
    return [mathml(first), *(mathml(Row((Sign("="), side))) for side in rest)]


def styles(scope: str, colours: Colours) -> str:
    """CSS for marked parts and for matrices; `scope`, a selector or empty, begins each rule."""
    return shades(scope, colours.parts | colours.hues) + tables(scope)


def shades(scope: str, colours: Mapping[str, str]) -> str:
    """CSS for marked parts, in the colours of their kinds."""
    rules = {f".gs-{kind}": f"color:{shade}" for kind, shade in colours.items()}
    return _sheet(scope, rules)


def tables(scope: str) -> str:
    """CSS for matrices and frames."""
    rules = {"mtd": "padding:.1em .35em", "mtd:first-child": "padding-left:.1em",
             "mtd:last-child": "padding-right:.1em",
             **{f"mtd.gs-{side}": f"text-align:-webkit-{side}" for side in ("left", "right")},
             **{f"mtd.gs-half.gs-{side}": f"padding-{side}:0" for side in ("left", "right")},
             ".gs-boxed": "border:.05em solid;padding:.25em"}  # fmt: skip
    return _sheet(scope, rules)


def _sheet(scope: str, rules: Mapping[str, str]) -> str:
    return "".join(f"{scope} {part}{{{rule}}}".strip() for part, rule in rules.items())


def _part(x: Tree | Equation) -> str:
    return WRITERS[type(x)](x)


def _tag(tag: str, *parts: str, **attributes: str) -> str:
    shown = "".join(f' {name.rstrip("_")}="{text}"' for name, text in attributes.items())
    return f"<{tag}{shown}>{''.join(parts)}</{tag}>"


def _text(text: str) -> str:
    """Escaped text."""
    return escape(_allowed(text))


def _allowed(text: str) -> str:
    """Text without the characters that XML forbids."""
    return "".join(
        c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )


def _name(x: Name) -> str:
    base, indexes = split_name(x.text)
    if not indexes:
        return _letters(base)
    parts = [_letters(part) for part in indexes]
    comma = _tag("mo", ",", separator="true")
    below = parts[0] if len(parts) == 1 else _tag("mrow", comma.join(parts))
    return _tag("msub", _letters(base), below)


def _letters(text: str) -> str:
    return _tag("mn" if text.isdecimal() else "mi", _text(text))


def _number(x: Number) -> str:
    return _tag("mn", _text(minus(x.text)))


def _sign(x: Sign) -> str:
    if x.text in WIDTHS:
        width = f"{WIDTHS[x.text]:g}em"
        if x.text in OPERATORS:
            return _tag("mo", x.text, lspace="0", rspace=width)
        return f'<mspace width="{width}"/>'
    if x.text in ORDINARY or x.text.isalnum():
        return _tag("mi", _text(x.text))
    if x.text in FENCES:  # a lone bracket keeps its size
        return _tag("mo", _text(x.text), stretchy="false")
    return _tag("mo", _text("−" if x.text == "-" else x.text))


def _words(x: Words) -> str:
    return _tag("mtext", _text(_kept(x)))


def _kept(x: Words) -> str:
    """Text whose outer spaces are kept: MathML would drop plain ones."""
    inner = x.text.strip(" ")
    before = len(x.text) - len(x.text.lstrip(" "))
    after = len(x.text) - before - len(inner)
    return "\u00a0" * before + inner + "\u00a0" * after


def _row(x: Row) -> str:
    return _tag("mrow", *map(_part, x.parts))


def _frac(x: Frac) -> str:
    return _tag("mfrac", _part(x.top), _part(x.bottom))


def _beside(x: Scripts) -> str:
    below = "" if x.sub is None else _part(x.sub)
    above = "" if x.sup is None else _part(x.sup)
    return _tag(f"m{'sub' if below else ''}{'sup' if above else ''}", _part(x.base), below, above)


def _scripts(x: Scripts) -> str:
    return _part(x.base) if x.sub is None and x.sup is None else _beside(x)


def _limits(x: Limits) -> str:
    below = "" if x.under is None else _part(x.under)
    above = "" if x.over is None else _part(x.over)
    if not below and not above:
        return _part(x.base)
    if isinstance(x.base, Name) and x.base.text in LIMITS:  # beside the name in running text
        head = _tag("mo", _text(x.base.text), movablelimits="true", lspace="0", rspace="0")
        return _tag(f"m{'under' if below else ''}{'over' if above else ''}", head, below, above)
    kind = f"m{'under' if below else ''}{'over' if above else ''}"
    if "line" in braced(x.under, x.over):
        line = _tag("mo", "‾" if above else "_", stretchy="true")
        return _tag(kind, _tag("mrow", _part(x.base)), line)
    if isinstance(x.over, Sign) and x.over.text in ACCENTS and not below:
        return _tag(kind, _part(x.base), above, accent="true")
    return _tag(kind, _part(x.base), below, above)


def _root(x: Root) -> str:
    if x.degree is None:
        return _tag("msqrt", _part(x.inner))
    return _tag("mroot", _part(x.inner), _part(x.degree))


def _fenced(x: Fenced) -> str:
    """Brackets that grow only around tall parts: Chromium puts spaces beside growing ones."""
    tall = "true" if _is_tall(x.inner) else "false"
    left, right = (
        _tag("mo", _text(bracket), form=form, fence="true", stretchy=tall) if bracket else ""
        for bracket, form in ((x.left, "prefix"), (x.right, "postfix"))
    )
    return _tag("mrow", left, _part(x.inner), right)


def _is_tall(x: object) -> bool:
    """Whether a part has parts stacked inside."""
    if isinstance(x, Frac | Matrix | Limits | Root):
        return True
    inner = (x.base,) if isinstance(x, Scripts) else x
    return isinstance(inner, tuple) and any(map(_is_tall, inner))


def _matrix(x: Matrix) -> str:
    size = {"displaystyle": "true"} if x.sides.startswith("rl") else {}
    sides = x.sides or "c" * max(map(len, x.rows), default=0)
    columns = [_column(k, sides) for k in range(len(sides))]
    cells = (
        [_tag("mtd", _part(c), **at) for c, at in zip(row, columns, strict=False)] for row in x.rows
    )
    return _tag("mtable", *(_tag("mtr", *row) for row in cells), **size)


def _column(number: int, sides: str) -> dict[str, str]:
    """The attributes of a column's cells; halves of equations meet at one edge."""
    where = {"l": "left", "r": "right"}.get(sides[number])
    if where is None:
        return {}
    meets = " gs-half" if sides.startswith("rl") else ""
    return {"columnalign": where, "class_": f"gs-{where}{meets}"}


def _marked(x: Marked) -> str:
    inner = _part(x.inner)
    if not x.label:
        return _tag("mrow", inner, class_=f"gs-{x.kind}")
    brace = _tag("mo", "⏟", stretchy="true")
    braced = _tag("munder", _tag("mrow", inner), brace)
    return _tag("munder", braced, _words(Words(x.label)), class_=f"gs-{x.kind}")


def _boxed(x: Boxed) -> str:
    return _tag("mrow", _part(x.inner), class_="gs-boxed", displaystyle="true")


def _equation(x: Equation) -> str:
    return _tag("mrow", _tag("mo", "=").join(map(_part, x.sides)))


WRITERS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        Name: _name,
        Number: _number,
        Sign: _sign,
        Words: _words,
        Row: _row,
        Frac: _frac,
        Scripts: _scripts,
        Limits: _limits,
        Root: _root,
        Fenced: _fenced,
        Matrix: _matrix,
        Marked: _marked,
        Boxed: _boxed,
        Equation: _equation,
    }
)
"""The writer of each kind of part."""

# --- as data

PLACE = 0xF0000  # the first of the characters, used by nobody, that stand for leaves in a form
CLOSE, BETWEEN = ")", "|"  # the end of an element, and what is between a name and its indexes
DIGITS = 10  # places that are written as digits
HEADS = "".join(chr(code) for code in range(ord("9") + 1, 127) if chr(code) not in "<>&\\")
FURTHER_PLACES, FURTHER_HEADS = 0x100, 0xE000
Form = tuple[Any, ...]


class Head(NamedTuple):
    """The beginning of an element in a form; one with a text is whole."""

    tag: str
    text: str
    attributes: tuple[tuple[str, str], ...]


def shared(frames: Iterable[Iterable[Equation]]) -> dict[str, Any]:
    """The formulas of frames as data for JSON, in which equations of one form share it.

    `frames` has a text for each frame: its equations between ";", each of them the number of a form
    and those of its leaves. `forms` are the sides of an equation one after the other: the sign of
    an element in `heads`, its children, and ")", unless the head has a text; a digit is the place
    of a leaf. `leaves` are numbers, words, and names with their indexes.

    >>> data = shared([[Equation((Name("f"), Frac(Name(f"x{k}"), Number("2"))))] for k in (1, 3)])
    >>> data["frames"], data["leaves"], data["forms"]
    (['0 0 1 2', '0 0 3 2'], ['f', 'x|1', '2', 'x|3'], [':0):;=?1@2))))'])
    >>> data["heads"]
    {':': ['math'], ';': ['mrow'], '=': ['mo', '='], '?': ['mfrac'], '@': ['mn']}
    """
    numbers, leaves, said = dict[Form, int](), dict[str, int](), list[str]()
    for equations in frames:
        codes = []
        for equation in equations:
            found = dict[str, int]()
            form = _form(equation, found)
            code = [numbers.setdefault(form, len(numbers))]
            code += [leaves.setdefault(leaf, len(leaves)) for leaf in found]
            codes.append(" ".join(map(str, code)))
        said.append(";".join(codes))
    heads = dict[Head, str]()
    forms = ["".join(_written(_tree(form), heads)) for form in numbers]
    named = {sign: _as_data(head) for head, sign in heads.items()}
    return {"heads": named, "forms": forms, "leaves": [*leaves], "frames": said}


def _form(x: object, leaves: dict[str, int]) -> Any:
    """A formula with its leaves replaced by places, as tuples that begin with their types."""
    if isinstance(x, Name | Number | Words) and (leaf := _leaf(x)) is not None:
        return (type(x), chr(PLACE + leaves.setdefault(leaf, len(leaves))))
    if isinstance(x, Limits) and isinstance(x.base, Name):  # whose limits depend on its name
        return (Limits, (Name, *x.base), _form(x.under, leaves), _form(x.over, leaves))
    return (type(x), *(_form(part, leaves) for part in x)) if isinstance(x, tuple) else x


def _leaf(x: Name | Number | Words) -> str | None:
    """The text of a leaf; None if it cannot be told from a name with indexes."""
    if isinstance(x, Name):
        base, indexes = split_name(x.text)
        return None if BETWEEN in x.text else _allowed(BETWEEN.join((base, *indexes)))
    return _allowed(minus(x.text) if isinstance(x, Number) else _kept(x))


def _tree(form: Any) -> Any:
    """The formula of a form, in which characters stand for leaves."""
    if not isinstance(form, tuple):
        return form
    kind, *parts = form
    made = map(_tree, parts)
    return tuple(made) if kind is tuple else kind(*made)


def _written(equation: Equation, heads: dict[Head, str]) -> Iterator[str]:
    """The signs of a form; `heads` gets those that are new."""
    for side in sides(equation):
        yield from _signs(ElementTree.fromstring(side), heads)


def _signs(element: ElementTree.Element, heads: dict[Head, str]) -> Iterator[str]:
    """The signs of an element; a leaf in `mi` is a name, which can have indexes."""
    tag, text = element.tag.partition("}")[2], element.text or ""
    place = ord(text) - PLACE if len(text) == 1 else -1
    if place >= 0 and tag == "mi":
        yield _place_sign(place)
        return
    head = Head(tag, text if place < 0 else "", tuple(element.attrib.items()))
    yield heads.setdefault(head, _head_sign(len(heads)))
    if not head.text:
        yield from [_place_sign(place)] if place >= 0 else []
        for child in element:
            yield from _signs(child, heads)
        yield CLOSE


def _place_sign(place: int) -> str:
    return str(place) if place < DIGITS else chr(FURTHER_PLACES + place)


def _head_sign(number: int) -> str:
    return HEADS[number] if number < len(HEADS) else chr(FURTHER_HEADS + number)


def _as_data(head: Head) -> list[Any]:
    """A head without the empty parts at its end."""
    made = [head.tag, head.text, dict(head.attributes)]
    while not made[-1]:
        made.pop()
    return made
