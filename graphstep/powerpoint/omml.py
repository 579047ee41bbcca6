"""Formulas as native equations: OMML, the mathematics of Office, which its users can edit.

Text is in runs with a look of DrawingML, in colours of the theme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.signs import minus
from ..formulas.names import split_name
from ..formulas.signs import ACCENTS, LARGE, LIMITS, TIMES, WIDTHS, braced
from ..formulas.tree import (
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
from ..look.style import PARTS
from ..painting.svg import escape
from .formula_runs import RELATIONS
from .xml import DRAWING, LANGUAGES, Inks, filled

FONT = "Cambria Math"  # of all programs that can show OMML
SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/math"
NOTHING = "\u200b"  # what is empty would be shown as a box to fill in
THIN = "\u2009"
WIDE_AND = "\uff06"
TERMS = frozenset("+-−±,;")  # what stands between terms
COLUMNS = {"l": "left", "r": "right", "c": "center"}
BARS = {"overline": "top", "underline": "bot"}
GROUPS = {"underbrace": ("⏟", "bot", "top"), "overbrace": ("⏞", "top", "bot")}
"""The sign of a brace, where it is, and which edge of the part stays on the line."""


class Look(NamedTuple):
    """How a formula looks: its size in points, colours by name, its own colour, a language.

    Where lines are `aligned`, an & is a mark at which they are.
    """

    size: float
    colours: Inks
    lang: str = "en"
    colour: str = "ink"
    aligned: bool = False

    def run(self, italic: bool) -> str:
        """The properties of a run."""
        slant = ' i="1"' if italic else ""
        lang = LANGUAGES.get(self.lang, self.lang)
        return (
            f'<a:rPr lang="{lang}" sz="{max(100, round(self.size * 100))}"{slant} noProof="1">'
            f'{filled(self.colours[self.colour])}<a:latin typeface="{FONT}"/></a:rPr>'
        )


def equations(lines: Sequence[Sequence[Tree]], look: Look) -> str:
    """Formulas one below the other, aligned at their first "=", as a paragraph of their own.

    A line is sides of an equation; one that begins with an empty row goes on with the one before.
    """
    if len(lines) == 1:
        inside = _equal(lines[0], look, "=")
    else:
        aligned = look._replace(aligned=True)
        rows = "".join(_element("e", _equal(line, aligned, "&=")) for line in lines)
        inside = _element("eqArr", _properties("eqArrPr", look), rows)
    return (
        f'<{DRAWING}:m><m:oMathPara xmlns:m="{SPACE}"><m:oMathParaPr><m:jc m:val="centerGroup"/>'
        f"</m:oMathParaPr><m:oMath>{inside}</m:oMath></m:oMathPara></{DRAWING}:m>"
    )


def _equal(sides: Sequence[Tree], look: Look, first: str) -> str:
    """Sides with equals signs between them, the first of which can be a mark of alignment."""
    made = [omml(sides[0], look)]
    for k, side in enumerate(sides[1:]):
        made += [_run("=" if k else first, look), omml(side, look)]
    return "".join(made)


def omml(x: Tree | Equation, look: Look) -> str:
    """A formula as elements of OMML.

    >>> made = omml(Frac(Name("a"), Number("2")), Look(18, {"ink": '<a:schemeClr val="tx1"/>'}))
    >>> made[:11], made.count("<m:r>"), "<m:den><m:r>" in made
    ('<m:f><m:fPr', 2, True)
    """
    return WRITERS[type(x)](x, look)


def _element(tag: str, *inside: str) -> str:
    return f"<m:{tag}>{''.join(inside)}</m:{tag}>"


def _value(tag: str, value: str) -> str:
    return f'<m:{tag} m:val="{escape(value)}"/>'


def _properties(tag: str, look: Look, *values: str) -> str:
    """Properties of a structure; the last one is the look of its own signs."""
    return _element(tag, *values, _element("ctrlPr", look.run(italic=True)))


def _argument(tag: str, x: Tree | None, look: Look) -> str:
    """A part in its place, never empty."""
    return _element(tag, (omml(x, look) if x is not None else "") or _run(NOTHING, look))


def _run(text: str, look: Look, style: str = "p") -> str:
    """A run of text: upright ("p"), italic ("i"), or ordinary text in the formula ("nor")."""
    shown = escape(text)
    if not shown:
        return ""
    given = "<m:nor/>" if style == "nor" else "" if style == "i" else _value("sty", style)
    about = _element("rPr", given) if given else ""
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    inside = f"<m:t{kept}>{shown}</m:t>"
    return f"<m:r>{about}{look.run(style == 'i')}{inside}</m:r>"


def _literal(text: str, look: Look, style: str = "p") -> str:
    """A run of a user's text, in which & is no mark of alignment."""
    return _run(text.replace("&", WIDE_AND) if look.aligned else text, look, style)


def _name(x: Name, look: Look) -> str:
    base, indexes = split_name(x.text)
    if not indexes:
        return _letters(base, look)
    comma = _run(",", look)
    below = _element("sub", comma.join(_letters(index, look) for index in indexes))
    head = _element("e", _letters(base, look) or _run(NOTHING, look))
    return _element("sSub", _properties("sSubPr", look), head, below)


def _letters(text: str, look: Look) -> str:
    return _literal(text, look, "i" if len(text) == 1 and text.isalpha() else "p")


def _number(x: Number, look: Look) -> str:
    return _literal(minus(x.text), look)


def _sign(x: Sign, look: Look) -> str:
    if x.text in WIDTHS:
        return _run(THIN if x.text == TIMES else x.text * (WIDTHS[x.text] > 0), look)
    return _literal(minus(x.text), look)


def _words(x: Words, look: Look) -> str:
    return _literal(x.text, look, "nor")


def _row(x: Row, look: Look) -> str:
    """Parts side by side; what follows a large operator belongs to it, up to the next term."""
    for k, part in enumerate(x.parts):
        if _is_large(part):
            ends = (j for j, after in enumerate(x.parts) if j > k and _ends_term(after))
            end = next(ends, len(x.parts))
            before, after = Row(x.parts[:k]), Row(x.parts[end:])
            large = _nary(part, Row(x.parts[k + 1 : end]), look)
            return _row(before, look) + large + _row(after, look)
    return "".join(omml(part, look) for part in x.parts)


def _is_large(x: Any) -> bool:
    """Whether a part is an operator such as a sum, perhaps with bounds."""
    found = x.base if isinstance(x, Limits | Scripts) else x
    return isinstance(found, Sign) and found.text in LARGE


def _ends_term(x: Tree) -> bool:
    return isinstance(x, Sign) and (x.text in RELATIONS or x.text in TERMS)


def _nary(x: Any, body: Row, look: Look) -> str:
    """A large operator with its bounds and what it is applied to."""
    below, above, sign, where = None, None, x, "undOvr"
    if isinstance(x, Limits):
        sign, below, above = x
    elif isinstance(x, Scripts):
        (sign, below, above), where = x, "subSup"
    given = [_value("chr", sign.text), _value("limLoc", where)]
    given += [_value("subHide", "1")] * (below is None) + [_value("supHide", "1")] * (above is None)
    return _element(
        "nary", _properties("naryPr", look, *given), _bound("sub", below, look),
        _bound("sup", above, look), _argument("e", body, look),
    )  # fmt: skip


def _bound(tag: str, x: Tree | None, look: Look) -> str:
    """A bound of an operator; one that is hidden is empty."""
    return f"<m:{tag}/>" if x is None else _argument(tag, x, look)


def _frac(x: Frac, look: Look) -> str:
    return _element(
        "f",
        _properties("fPr", look),
        _argument("num", x.top, look),
        _argument("den", x.bottom, look),
    )


def _scripts(x: Scripts, look: Look) -> str:
    if _is_large(x):
        return _nary(x, Row(()), look)
    base = _argument("e", x.base, look)
    below = _argument("sub", x.sub, look) if x.sub is not None else ""
    above = _argument("sup", x.sup, look) if x.sup is not None else ""
    if not below and not above:
        return omml(x.base, look)
    tag = f"s{'Sub' if below else ''}{'Sup' if above else ''}"
    return _element(tag, _properties(f"{tag}Pr", look), base, below, above)


def _limits(x: Limits, look: Look) -> str:
    """Something above or below: bounds, a brace, a line, an accent, or just a part."""
    if _is_large(x):
        return _nary(x, Row(()), look)
    if brace := braced(x.under, x.over):
        return _braced(x.base, brace, look)
    if isinstance(x.over, Sign) and x.over.text in ACCENTS and x.under is None:
        given = _properties("accPr", look, _value("chr", ACCENTS[x.over.text]))
        return _element("acc", given, _argument("e", x.base, look))
    made = omml(x.base, look) or _run(NOTHING, look)
    if isinstance(x.base, Name) and x.base.text in LIMITS:  # whose letters are no indexes
        made = _literal(x.base.text, look)
    for tag, part in (("limLow", x.under), ("limUpp", x.over)):
        if part is not None:
            made = _limit(tag, made, omml(part, look), look)
    return made


def _limit(tag: str, base: str, part: str, look: Look) -> str:
    """A part with another one below or above it."""
    lim = _element("lim", part or _run(NOTHING, look))
    return _element(tag, _properties(f"{tag}Pr", look), _element("e", base), lim)


def _braced(x: Tree, brace: str, look: Look) -> str:
    """A part with a line or a brace as wide as it."""
    inside = _argument("e", x, look)
    if brace in BARS:
        return _element("bar", _properties("barPr", look, _value("pos", BARS[brace])), inside)
    sign, where, edge = GROUPS[brace]
    given = (_value("chr", sign), _value("pos", where), _value("vertJc", edge))
    return _element("groupChr", _properties("groupChrPr", look, *given), inside)


def _root(x: Root, look: Look) -> str:
    hidden = (_value("degHide", "1"),) if x.degree is None else ()
    degree = "<m:deg/>" if x.degree is None else _argument("deg", x.degree, look)
    return _element(
        "rad", _properties("radPr", look, *hidden), degree, _argument("e", x.inner, look)
    )


def _fenced(x: Fenced, look: Look) -> str:
    given = (_value("begChr", x.left), _value("endChr", x.right))
    return _element("d", _properties("dPr", look, *given), _argument("e", x.inner, look))


def _matrix(x: Matrix, look: Look) -> str:
    if x.sides.startswith("rl"):
        return _aligned(x, look)
    count = max(map(len, x.rows), default=0)
    if not count:
        return ""
    sides = x.sides.ljust(count, "c")[:count]
    columns = "".join(_column(COLUMNS[side]) for side in sides)
    given = _properties("mPr", look, _element("mcs", columns))
    rows = (
        "".join(_argument("e", cell, look) for cell in (*row, *[None] * (count - len(row))))
        for row in x.rows
    )
    return _element("m", given, *(_element("mr", row) for row in rows))


def _column(side: str) -> str:
    return _element("mc", _element("mcPr", _value("count", "1"), _value("mcJc", side)))


def _aligned(x: Matrix, look: Look) -> str:
    """Halves of equations: the marks between cells are by turns edges and gaps."""
    inner = look._replace(aligned=True)
    mark = _run("&", look)
    rows = (mark.join(omml(cell, inner) for cell in row) for row in x.rows)
    made = (_element("e", row or _run(NOTHING, look)) for row in rows)
    return _element("eqArr", _properties("eqArrPr", look), *made)


def _marked(x: Marked, look: Look) -> str:
    shade = look._replace(colour=PARTS.get(x.kind, x.kind))
    if not x.label:
        return omml(x.inner, shade)
    return _limit(
        "limLow", _braced(x.inner, "underbrace", shade), _literal(x.label, shade, "nor"), shade
    )


def _boxed(x: Boxed, look: Look) -> str:
    return _element("borderBox", _properties("borderBoxPr", look), _argument("e", x.inner, look))


def _equation(x: Equation, look: Look) -> str:
    return _equal(x.sides, look, "=")


WRITERS: Mapping[type, Callable[[Any, Look], str]] = MappingProxyType(
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
