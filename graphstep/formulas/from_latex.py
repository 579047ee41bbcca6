"""Formulas read: from MathML, and from the LaTeX that people write between dollars."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..base.errors import ParseError, Span
from .signs import LARGE, LIMITS, STYLES, TIMES, WIDTHS, in_style
from .tree import Fenced, Frac, Limits, Matrix, Name, Number, Root, Row, Scripts, Sign, Tree, Words

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EMPTY = Row(())


def latex_to_tree(source: str) -> Tree:
    """The tree of a formula in LaTeX, as it stands between dollars.

    Raises ParseError for what is no formula, with its place in the source where that is known, and
    ImportError without latex2mathml.
    """
    from latex2mathml import exceptions
    from latex2mathml.converter import convert

    _refuse(LOOKS, "formula_look", source)
    try:
        found = convert(_known(source))
    except Exception as error:
        if type(error).__module__ != exceptions.__name__ and not isinstance(error, WRONG):
            raise
        raise _unreadable(source) from error
    _refuse_unknown(source, found)
    _refuse_lines(source, found)
    if _brace(source) is not None:
        raise _unreadable(source)
    try:
        return mathml_to_tree(found)
    except ParseError as error:
        raise _unreadable(source) from error


ENVIRONMENTS: Mapping[str, str] = MappingProxyType(
    {
        "aligned": "split",
        "align": "split",
        "align*": "split",
        "gathered": "matrix",
        "gather": "matrix",
        "gather*": "matrix",
        "multline": "matrix",
        "multline*": "matrix",
        "dcases": "cases",
    }
)
"""Environments, and others that look the same and are known to the reader of LaTeX."""


def _known(source: str) -> str:
    """LaTeX in the commands that its reader knows; slides have no numbers of equations."""
    source = re.sub(r"\\arg(?![A-Za-z])", r"\\operatorname{arg}", source)
    return re.sub(
        r"(\\(?:begin|end)\{)([a-z]+\*?)(?=\})",
        lambda found: found[1] + ENVIRONMENTS.get(found[2], found[2]),
        source,
    )


WRONG = (IndexError, KeyError, ValueError, StopIteration, AttributeError, TypeError, RuntimeError)
"""What else the reader of LaTeX raises for formulas that are none."""


def _unreadable(source: str) -> ParseError:
    """The error of a formula that cannot be read, at its stray brace or as a whole."""
    return ParseError("formula", source=source, span=_brace(source) or Span(0, len(source)))


def _brace(source: str) -> Span | None:
    """The place of the first brace without its other half."""
    opened = []
    for found in re.finditer(r"\\.|[{}]", source, re.DOTALL):
        if found.group() == "{":
            opened.append(found.start())
        elif found.group() == "}":
            if not opened:
                return Span(found.start(), found.end())
            opened.pop()
    return Span(opened[0], opened[0] + 1) if opened else None


LOOKS = re.compile(
    r"\\(boxed|fbox|[bx]?cancel|sout|(?:math|text)?color|f?colorbox|text(?:bf|it|sf|tt)|emph|tiny"
    r"|(?:script|footnote)size|small|large|Large|LARGE|huge|Huge|href|class|style|rule|tag)"
    r"(?![A-Za-z])"
)
"""Commands that are known to the reader of LaTeX, whose looks no tree of a formula has."""


def _refuse(commands: re.Pattern[str], key: str, source: str) -> None:
    """A command that would be lost is refused; a backslash before it makes it a new line."""
    if found := commands.search(source.replace("\\\\", "  ")):
        raise ParseError(key, source=source, span=Span(*found.span()), command=found.group())


MATHS = re.compile(
    r"\\math(?!(?:rm|bf|it|bb|cal|frak|scr|sf|tt|normal|bin|close|inner|op|open|punct|rel|ring)"
    r"(?![A-Za-z]))[A-Za-z]+"
)
"""Commands that begin as those for alphabets do, and that the reader of LaTeX loses silently."""


def _refuse_unknown(source: str, found: str) -> None:
    """A command that is not known comes back as a name, or not at all."""
    _refuse(MATHS, "formula_command", source)
    unknown = re.search(r"<m[io][^>]*>(\\[A-Za-z]+)", found)
    if unknown:
        place = re.search(re.escape(unknown.group(1)) + r"(?![A-Za-z])", source)
        span = Span(*place.span()) if place else None
        raise ParseError("formula_command", source=source, span=span, command=unknown.group(1))


def _refuse_lines(source: str, found: str) -> None:
    """A new line outside an environment has no place."""
    if 'linebreak="newline"' in found:
        place = re.search(r"\\\\|\\newline", source)
        raise ParseError(
            "formula_lines", source=source, span=Span(*place.span()) if place else None
        )


def mathml_to_tree(source: str) -> Tree:
    """The tree of a formula in MathML. Raises ParseError for what is no XML."""
    from xml.etree.ElementTree import ParseError as NotXml
    from xml.etree.ElementTree import fromstring

    try:
        root = fromstring(source)
    except NotXml as error:
        raise ParseError("formula", source=source) from error
    _refuse_deep(root)
    return _read(root)


DEEPEST = 100  # elements in one another; emitters call themselves for each


def _refuse_deep(root: Element) -> None:
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    if level:
        raise ParseError("formula")


def _read(element: Element) -> Tree:
    tag = element.tag.rpartition("}")[2]
    if len(element) < LEAST.get(tag, 0):
        raise ParseError("formula")
    return ELEMENTS.get(tag, _row)(element)


LEAST = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3,
         "mroot": 2}  # fmt: skip
"""How many parts an element has to have."""


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _name(element: Element) -> Tree:
    """A name; a letter that has a style is a character of its own."""
    text, style = _text(element), element.get("mathvariant", "")
    if style in STYLES and len(text) == 1:
        text = in_style(text, style)
    return Name(text) if text.isidentifier() else Sign("∼" if text == "~" else text)


def _number(element: Element) -> Tree:
    """Digits; double-struck and bold ones are other characters."""
    first = {"double-struck": 0x1D7D8, "bold": 0x1D7CE}.get(element.get("mathvariant", ""))
    text = _text(element)
    if first and text.isdecimal():
        return Sign("".join(chr(first + int(digit)) for digit in text))
    return Number(text)


def _sign(element: Element) -> Tree:
    if len(element):  # a function of one's own
        return _row(element)
    text = _text(element) or (element.text or "")
    words = " ".join(text.split())  # arg max has a thin space inside
    if len(text) > 1 and words.replace(" ", "").isalpha():
        return Name(words)
    return Sign(text)


def _words(element: Element) -> Tree:
    """The backslashes of what is no letter in LaTeX are left in texts."""
    return Words(re.sub(r"\\([_#$%&{}])", r"\1", element.text or "").replace("\u00a0", " "))


def _space(element: Element) -> Tree:
    """The sign of the width that is nearest."""
    found = re.match(r"(-?[\d.]+)", element.get("width", ""))
    width = float(found.group(1)) if found else 0.0
    return Sign(min(WIDTHS, key=lambda sign: abs(WIDTHS[sign] - width)))


def _row(element: Element) -> Tree:
    if len(element) and all(_is_upright(child) for child in element):  # \\mathrm{out}
        letters = "".join(map(_text, element))
        return Name(letters) if len(letters) > 1 else Words(letters)
    parts = _spaced(_bracketed(_numbers(_parts(element))))
    if len(parts) > 1 and _is_fence(element[0]) and _is_fence(element[-1]):
        left, right = (_text(element[k]).replace(".", "") for k in (0, -1))
        return Fenced(_one(parts[1:-1]), left, right)
    if len(parts) > 1 and _is_fence(element[0]):  # cases have one brace
        return Fenced(_one(parts[1:]), _text(element[0]), "")
    if parts == [Sign(",")]:  # {,} is a comma without a space behind it
        return Row((Sign(","),))
    return _one(parts)


def _is_upright(element: Element) -> bool:
    return element.tag.endswith("mi") and element.get("mathvariant") == "normal"


def _is_fence(element: Element) -> bool:
    return element.tag.endswith("mo") and element.get("fence") == "true"


def _one(parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def _numbers(parts: list[Tree]) -> list[Tree]:
    """A comma or point between two numbers without a space is inside a number: 0,5."""
    made: list[Tree] = []
    for part in parts:
        joins = len(made) > 1 and isinstance(part, Number) and isinstance(made[-2], Number)
        if joins and made[-1] == Row((Sign(","),)):
            made[-2:] = [Number(f"{_digits(made[-2])},{_digits(part)}")]
        else:
            made.append(part)
    return made


INTEGRALS = "∫∬∭∮"
BRACKETS = {"(": ")", "[": "]", "{": "}"}
BARS = ("|", "‖", "∣", "∥")


def _bracketed(parts: list[Tree]) -> list[Tree]:
    """A table between two brackets, and anything between two bars: they grow with it."""
    made: list[Tree] = []
    for part in parts:
        bar = part.base if isinstance(part, Scripts) else part
        table = len(made) > 1 and isinstance(made[-1], Matrix) and isinstance(bar, Sign)
        if isinstance(bar, Sign) and bar.text in BARS and bar in made:
            at = len(made) - 1 - made[::-1].index(bar)
            _close(made, at, part, bar.text)
        elif table and BRACKETS.get(getattr(made[-2], "text", "")) == getattr(bar, "text", None):
            _close(made, len(made) - 2, part, getattr(bar, "text", ""))
        else:
            made.append(part)
    return made


def _close(made: list[Tree], at: int, part: Tree, right: str) -> None:
    """What stands behind the place of a bracket becomes one part with it and the other bracket."""
    left, inner = made[at], _one(made[at + 1 :])
    assert isinstance(left, Sign)
    fenced = Fenced(inner, left.text, right)
    made[at:] = [part._replace(base=fenced) if isinstance(part, Scripts) else fenced]


def _spaced(parts: list[Tree]) -> list[Tree]:
    """A small space beside a function, where no bracket or sign stands: 2 max x."""
    made: list[Tree] = []
    for part in parts:
        if made and not isinstance(part, Sign) and not isinstance(made[-1], Sign):
            brackets = isinstance(part, Fenced)
            if (_is_function(made[-1]) and not brackets) or _is_function(part):
                made.append(Sign(TIMES))
        made.append(part)
    return made


def _is_function(part: Tree) -> bool:
    base = part.base if isinstance(part, Scripts | Limits) else part
    return isinstance(base, Name) and len(base.text) > 1


def _digits(part: Tree) -> str:
    assert isinstance(part, Number)
    return part.text


def _parts(element: Element) -> list[Tree]:
    return [_read(child) for child in element]


def _frac(element: Element) -> Tree:
    top, bottom = _parts(element)
    if element.get("linethickness", "1").startswith("0"):  # a binomial
        return Matrix(((top,), (bottom,)))
    return Frac(top, bottom)


def _sub(element: Element) -> Tree:
    base, below = _parts(element)
    return _beside(base, below, None)


def _sup(element: Element) -> Tree:
    base, above = _parts(element)
    return _beside(base, None, above)


def _subsup(element: Element) -> Tree:
    base, below, above = _parts(element)
    return _beside(base, below, above)


def _beside(base: Tree, below: Tree | None, above: Tree | None) -> Tree:
    """The bounds of a sum stand under and over it, where there is room for them."""
    large = isinstance(base, Sign) and base.text in LARGE and base.text not in INTEGRALS
    limit = isinstance(base, Name) and base.text in LIMITS and above is None
    return Limits(base, below, above) if large or limit else Scripts(base, below, above)


def _under(element: Element) -> Tree:
    base, below = _parts(element)
    return Limits(base, under=below)


def _over(element: Element) -> Tree:
    base, above = _parts(element)
    return Limits(base, over=above)


def _underover(element: Element) -> Tree:
    base, below, above = _parts(element)
    return Limits(base, below, above)


def _sqrt(element: Element) -> Tree:
    return Root(_row(element))


def _root(element: Element) -> Tree:
    inner, degree = _parts(element)
    return Root(inner, degree)


def _table(element: Element) -> Tree:
    columns = max(element, key=len, default=())
    sides = "".join(cell.get("columnalign", "center")[0] for cell in columns)
    rows = tuple(tuple(_row(cell) for cell in row) for row in element)
    return Matrix(rows, sides if {*sides} & {*"lr"} else "")


def _unseen(_: Element) -> Tree:
    return EMPTY


ELEMENTS: Mapping[str, Callable[[Element], Tree]] = MappingProxyType(
    {
        "mi": _name,
        "mn": _number,
        "mo": _sign,
        "mtext": _words,
        "ms": _words,
        "mspace": _space,
        "mfrac": _frac,
        "msub": _sub,
        "msup": _sup,
        "msubsup": _subsup,
        "munder": _under,
        "mover": _over,
        "munderover": _underover,
        "msqrt": _sqrt,
        "mroot": _root,
        "mtable": _table,
        "annotation": _unseen,
        "mphantom": _unseen,
    }
)
"""How each element is read; those that are not here are rows of their parts."""
