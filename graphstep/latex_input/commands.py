"""The commands, environments and characters of LaTeX that formulas may have, and their trees.

Nothing else is read: a command without a row here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple
from unicodedata import normalize

from ..formulas.latex import GREEKS, MATRICES, SIGNS
from ..formulas.names import NAMED_FUNCTIONS
from ..formulas.signs import TIMES, WIDTHS, in_style
from ..formulas.tree import (
    Boxed,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Root,
    Row,
    Sign,
    Tree,
    Words,
)
from ..look.style import HUES, PARTS

EMPTY = Row(())
NOTHING = Sign("")
"""An invisible sign before one at the edge of a column, so that it keeps its space."""


class Command(NamedTuple):
    """A command: the form of its arguments, and the function that builds their tree.

    Each part of `form` is read in its own way: "{words}" as text, "{rows}" as a table, "{1em}" as
    source text, "{red}" as a colour, "[n]" as a tree or None, "(" as a bracket, "*" as whether
    there is a star, and all others as trees. `build` returns None for arguments without a meaning.
    """

    form: str
    build: Callable[..., Tree | None]


class Environment(NamedTuple):
    """An environment: the sides of its columns, repeated, and the brackets around it."""

    sides: str = ""
    left: str = ""
    right: str = ""


def sign(text: str) -> Tree:
    """A character as a name if it is a letter, else as a sign.

    >>> sign("α"), sign("-"), sign("∈")
    (Name(text='α'), Sign(text='−'), Sign(text='∈'))
    """
    return Name(text) if text.isidentifier() else CHARACTERS.get(text) or Sign(text)


CHARACTERS: Mapping[str, Tree] = MappingProxyType({"-": Sign("−"), "~": Words(" ")})
"""Characters with another meaning in formulas."""


def spaced(width: float) -> Sign:
    """The space whose width, in em, is nearest."""
    return Sign(min(WIDTHS, key=lambda sign: abs(WIDTHS[sign] - width)))


UNITS: Mapping[str, float] = MappingProxyType(
    {"em": 1, "ex": 0.43, "mu": 1 / 18, "pt": 0.1, "mm": 0.28, "cm": 2.8}
)
"""Units of width, in em."""


def _wide(width: str) -> Tree | None:
    found = re.fullmatch(r"(-?\d*\.?\d+)\s*([a-z]{2})", width)
    return spaced(float(found[1]) * UNITS[found[2]]) if found and found[2] in UNITS else None


def _each(change: Callable[[Any], Any], tree: Any) -> Any:
    """A tree, or a tuple of trees, with each direct part changed."""
    if not isinstance(tree, tuple):
        return tree
    parts = [change(part) if isinstance(part, tuple) else part for part in tree]
    return tuple(parts) if type(tree) is tuple else type(tree)(*parts)


def _styled(letters: str, digits: str, tree: Any) -> Any:
    """A tree with its letters and digits in a Unicode style."""
    if isinstance(tree, Name) and len(tree.text) == 1:
        return Name(in_style(tree.text, letters))
    if isinstance(tree, Number) and digits and tree.text.isdecimal():
        return Sign("".join(in_style(digit, digits) for digit in tree.text))
    return _each(partial(_styled, letters, digits), tree)


def _upright(tree: Any) -> Any:
    """An upright tree: letters side by side become one name."""
    if isinstance(tree, Name) and len(tree.text) == 1:
        return Words(tree.text)
    if not isinstance(tree, Row):
        return _each(_upright, tree)
    parts: list[Tree] = []
    for part in map(_upright, tree.parts):
        last = parts[-1] if parts else None
        if isinstance(last, Words | Name) and isinstance(part, Words):
            parts[-1] = Name(last.text + part.text)
        else:
            parts.append(part)
    parts = [Words(p.text) if isinstance(p, Name) and _edged(p.text) else p for p in parts]
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def _edged(text: str) -> bool:
    """Whether a text begins or ends with a space, which no name does."""
    return text != text.strip(" ")


def _operator(_star: bool, tree: Tree) -> Tree:
    """A named function; its name may have two words: arg max."""
    made = _upright(tree)
    parts = made.parts if isinstance(made, Row) else ()
    words = [getattr(part, "text", "").replace(TIMES, " ") for part in parts]
    named = parts and all(word.isalpha() or word == " " for word in words)
    return Name("".join(words)) if named else made


def _binomial(top: Tree, bottom: Tree) -> Tree:
    return Fenced(_stacked(top, bottom))


def _stacked(top: Tree, bottom: Tree) -> Tree:
    return Matrix(((top,), (bottom,)))


def _not(tree: Tree) -> Tree | None:
    """A struck-through sign, if Unicode has it."""
    struck = normalize("NFC", getattr(tree, "text", "") + "\u0338")
    return Sign(struck) if isinstance(tree, Sign) and len(struck) == 1 else None


def _root(degree: Tree | None, inner: Tree) -> Tree:
    return Root(inner, degree)


def _brackets(left: str, right: str) -> Callable[[Tree], Tree]:
    return lambda x: Fenced(x, left, right)


def _modulo(x: Tree) -> Tree:
    return Row((Sign("\u2003"), Sign("("), Name("mod"), Sign("\u2004"), x, Sign(")")))


def _it(x: Tree) -> Tree:
    return x


def _over(text: str) -> Command:
    return Command("{x}", lambda x: Limits(x, over=Sign(text)))


def _under(text: str) -> Command:
    return Command("{x}", lambda x: Limits(x, under=Sign(text)))


def _font(letters: str, digits: str = "") -> Command:
    return Command("{x}", partial(_styled, letters, digits))


def _arrow(text: str) -> Command:
    return Command("[n]{x}", lambda under, over: Limits(Sign(text), under, over))


def _always(tree: Tree) -> Command:
    return Command("", lambda: tree)


def _names(text: str) -> list[str]:
    return text.split()


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        command[1:]: text
        for text, command in reversed((*GREEKS.items(), *SIGNS.items()))
        if re.fullmatch(r"\\([A-Za-z]+|\W|_)", command)
    }
    | _pairs(
        "omicron ο varkappa ϰ digamma ϝ aleph ℵ beth ℶ gimel ℷ daleth ℸ wp ℘ Re ℜ Im ℑ imath ı "
        "jmath ȷ eth ð mho ℧ hslash ℏ complement ∁ nexists ∄ varnothing ∅ prime ′ backprime ‵ "
        "degree ° surd √ bullet • checkmark ✓ colon : coloneqq ≔ eqqcolon ≕ Colon ∷ lt < gt > "
        "ldotp . cdotp · dots … dotsc … dotso … dotsb ⋯ dotsm ⋯ dotsi ⋯ iddots ⋰ ddagger ‡ S § "
        "pounds £ yen ¥ And & lbrace { rbrace } lbrack [ rbrack ] lparen ( rparen ) vert | Vert ‖ "
        "lvert | rvert | lVert ‖ rVert ‖ ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟ "
        "lmoustache ⎰ rmoustache ⎱ leq ≤ geq ≥ neq ≠ leqq ≦ geqq ≧ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ "
        "lll ⋘ ggg ⋙ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ "
        "lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛ lessdot ⋖ gtrdot ⋗ lnsim ⋦ gnsim ⋧ prec ≺ "
        "succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ nprec ⊀ "
        "nsucc ⊁ curlyeqprec ⋞ curlyeqsucc ⋟ approxeq ≊ asymp ≍ doteq ≐ doteqdot ≑ triangleq ≜ "
        "circeq ≗ eqcirc ≖ bumpeq ≏ Bumpeq ≎ backsim ∽ backsimeq ⋍ between ≬ nmid ∤ nparallel ∦ "
        "ni ∋ owns ∋ subsetneq ⊊ supsetneq ⊋ subseteqq ⫅ supseteqq ⫆ nsubseteq ⊈ nsupseteq ⊉ "
        "Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ Cap ⋒ Cup ⋓ sqcap ⊓ "
        "sqcup ⊔ uplus ⊎ amalg ⨿ smallsetminus ∖ biguplus ⨄ bigsqcup ⨆ bigodot ⨀ iiint ∭ land ∧ "
        "lor ∨ lnot ¬ veebar ⊻ barwedge ⊼ curlyvee ⋎ curlywedge ⋏ therefore ∴ because ∵ models ⊧ "
        "vDash ⊨ Vdash ⊩ Vvdash ⊪ dashv ⊣ nvdash ⊬ nvDash ⊭ nVdash ⊮ nVDash ⊯ ominus ⊖ oslash ⊘ "
        "circledast ⊛ circledcirc ⊚ circleddash ⊝ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ "
        "dotplus ∔ divideontimes ⋇ ltimes ⋉ rtimes ⋊ leftthreetimes ⋋ rightthreetimes ⋌ bowtie ⋈ "
        "wr ≀ intercal ⊺ multimap ⊸ pitchfork ⋔ frown ⌢ smile ⌣ rightangle ∟ measuredangle ∡ "
        "sphericalangle ∢ square ◻ Box ◻ blacksquare ∎ diamond ⋄ Diamond ◇ lozenge ◊ "
        "blacklozenge ⧫ bigcirc ◯ triangle △ vartriangle △ bigtriangleup △ bigtriangledown ▽ "
        "triangledown ▿ triangleleft ◁ triangleright ▷ blacktriangle ▴ blacktriangledown ▾ "
        "blacktriangleleft ◀ blacktriangleright ▶ vartriangleleft ⊲ vartriangleright ⊳ "
        "trianglelefteq ⊴ trianglerighteq ⊵ ntriangleleft ⋪ ntriangleright ⋫ flat ♭ natural ♮ "
        "sharp ♯ clubsuit ♣ heartsuit ♡ diamondsuit ♢ spadesuit ♠ gets ← rightarrow → uparrow ↑ "
        "downarrow ↓ leftrightarrow ↔ updownarrow ↕ Leftarrow ⇐ Uparrow ⇑ Downarrow ⇓ "
        "Updownarrow ⇕ Longleftarrow ⟸ Longrightarrow ⟹ Longleftrightarrow ⟺ nwarrow ↖ "
        "nearrow ↗ searrow ↘ swarrow ↙ nleftarrow ↚ nrightarrow ↛ nleftrightarrow ↮ nLeftarrow ⇍ "
        "nRightarrow ⇏ nLeftrightarrow ⇎ hookleftarrow ↩ hookrightarrow ↪ twoheadleftarrow ↞ "
        "twoheadrightarrow ↠ leftarrowtail ↢ rightarrowtail ↣ looparrowleft ↫ looparrowright ↬ "
        "rightsquigarrow ⇝ leftrightsquigarrow ↭ Lsh ↰ Rsh ↱ curvearrowleft ↶ curvearrowright ↷ "
        "circlearrowleft ↺ circlearrowright ↻ Lleftarrow ⇚ Rrightarrow ⇛ leftleftarrows ⇇ "
        "rightrightarrows ⇉ upuparrows ⇈ downdownarrows ⇊ leftrightarrows ⇆ rightleftarrows ⇄ "
        "leftharpoonup ↼ leftharpoondown ↽ rightharpoonup ⇀ rightharpoondown ⇁ upharpoonleft ↿ "
        "upharpoonright ↾ restriction ↾ downharpoonleft ⇃ downharpoonright ⇂ "
        "leftrightharpoons ⇋ rightleftharpoons ⇌"
    )
)
"""Commands for one character: all that `latex` writes, and more of amssymb."""

NAMED: Mapping[str, str] = MappingProxyType(
    {
        **{name: name for name in sorted(NAMED_FUNCTIONS)},
        **{name: name for name in _names("arg arcctg arctg ch cosec cotg ctg cth deg lg sh tg th")},
        "Pr": "Pr", "plim": "plim", "bmod": "mod", "argmax": "arg max", "argmin": "arg min",
        "limsup": "lim sup", "varlimsup": "lim sup", "liminf": "lim inf", "varliminf": "lim inf",
        "injlim": "inj lim", "projlim": "proj lim",
    }
)  # fmt: skip
"""Commands for functions, and the names of those."""

SPACE_WIDTHS: Mapping[str, float] = MappingProxyType(
    {
        ",": 0.17, "thinspace": 0.17, ":": 0.22, ">": 0.22, "medspace": 0.22, ";": 0.28,
        "thickspace": 0.28, "enspace": 0.5, "enskip": 0.5, "quad": 1, "qquad": 1, "!": 0,
        "negthinspace": 0, "negmedspace": 0, "negthickspace": 0,
    }
)  # fmt: skip
"""Commands for spaces, with their widths in em; negative ones count as 0."""

_ACCENTS = _pairs(
    "hat ^ widehat ^ tilde ~ widetilde ~ bar ¯ vec → dot ˙ ddot ¨ dddot \u20db ddddot \u20dc "
    "check ˇ widecheck ˇ acute ´ grave ` breve ˘ mathring ˚ overline ― overbrace ⏞ overbracket ⎴ "
    "overparen ⏜ overleftarrow ← overrightarrow → overleftrightarrow ↔"
)
_BELOW = _pairs(
    "underline ― underbar ― underbrace ⏟ underbracket ⎵ underparen ⏝ underleftarrow ← "
    "underrightarrow → underleftrightarrow ↔"
)
_LONG = _pairs(
    "xleftarrow ← xrightarrow → xleftrightarrow ↔ xLeftarrow ⇐ xRightarrow ⇒ xLeftrightarrow ⇔ "
    "xmapsto ↦ xhookleftarrow ↩ xhookrightarrow ↪ xlongequal = xtwoheadrightarrow ↠"
)
_KETS = _pairs("bra ⟨| ket |⟩ braket ⟨⟩")
_SIZES = [f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", *"lmr")]

COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        **{name: _always(sign(text)) for name, text in SYMBOLS.items()},
        **{name: _always(Name(text)) for name, text in NAMED.items()},
        **{name: _always(spaced(width)) for name, width in SPACE_WIDTHS.items()},
        **{name: _over(text) for name, text in _ACCENTS.items()},
        **{name: _under(text) for name, text in _BELOW.items()},
        **{name: _arrow(text) for name, text in _LONG.items()},
        **{name: Command("(", Sign) for name in _SIZES},
        **{name: Command("{x}", _brackets(*sides)) for name, sides in _KETS.items()},
        **dict.fromkeys((" ", "space", "nobreakspace"), _always(Words(" "))),
        **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), Command("{a}{b}", Frac)),
        **dict.fromkeys(("binom", "dbinom", "tbinom"), Command("{a}{b}", _binomial)),
        **dict.fromkeys(
            ("overset", "stackrel"), Command("{a}{b}", lambda over, x: Limits(x, over=over))
        ),
        "underset": Command("{a}{b}", lambda under, x: Limits(x, under)),
        "sqrt": Command("[n]{x}", _root),
        "not": Command("{=}", _not),
        "pmod": Command("{x}", _modulo),
        "mod": _always(Row((Sign("\u2003"), Name("mod"), Sign("\u2004")))),
        "substack": Command("{rows}", _it),
        **dict.fromkeys(("hspace", "mspace"), Command("{1em}", _wide)),
        **dict.fromkeys(("phantom", "hphantom", "vphantom"), Command("{x}", lambda _: EMPTY)),
        **dict.fromkeys(
            _names("text mbox hbox textrm textnormal textup textmd"), Command("{words}", _it)
        ),
        "operatorname": Command("*{x}", _operator),
        **dict.fromkeys(
            _names(
                "mathop mathbin mathrel mathopen mathclose mathinner mathpunct mathit "
                "mathnormal vcenter smash"
            ),
            Command("{x}", _it),
        ),
        **dict.fromkeys(
            ("textcolor", "mathcolor"), Command("{red}{x}", lambda colour, x: Marked(x, colour))
        ),
        "boxed": Command("{x}", Boxed),
        "fbox": Command("{words}", Boxed),
        "mathrm": Command("{x}", _upright),
        **dict.fromkeys(("mathbf", "bold"), _font("bold", "bold")),
        **dict.fromkeys(("boldsymbol", "pmb"), _font("bold-italic", "bold")),
        "bm": _font("bold-italic"),
        **dict.fromkeys(("mathbb", "Bbb"), _font("double-struck", "double-struck")),
        **dict.fromkeys(("mathcal", "mathscr"), _font("script")),
        "mathfrak": _font("fraktur"),
        "mathsf": _font("sans-serif"),
        "mathtt": _font("monospace"),
    }
)
"""All commands, with their forms and trees."""

SWITCHES: Mapping[str, str] = MappingProxyType(
    {"bf": "mathbf", "rm": "mathrm", "it": "mathit", "sf": "mathsf", "tt": "mathtt",
     "cal": "mathcal", "frak": "mathfrak"}
)  # fmt: skip
"""Old commands for the rest of a group, and the modern ones for an argument."""

BETWEEN: Mapping[str, Callable[[Tree, Tree], Tree]] = MappingProxyType(
    {"over": Frac, "choose": _binomial, "atop": _stacked}
)
"""Old commands between the two parts that they stack."""

UNSEEN = frozenset(
    _names(
        "displaystyle textstyle scriptstyle scriptscriptstyle normalsize nonumber notag hline strut"
    )
)
"""Commands that do not affect the tree."""

UNSUPPORTED_LOOKS = frozenset(
    _names(
        "cancel bcancel xcancel sout colorbox fcolorbox textbf textit textsf texttt emph tiny "
        "scriptsize footnotesize small large Large LARGE huge Huge href class style rule"
    )
)
"""Commands for looks that no tree can show."""

_TABLES = {name: Environment("", left, right) for (left, right), name in MATRICES.items()}
ENVIRONMENTS: Mapping[str, Environment] = MappingProxyType(
    {
        **_TABLES,
        **dict.fromkeys(("aligned", "align", "align*", "split"), Environment("rl")),
        **dict.fromkeys(
            _names("matrix smallmatrix array gathered gather gather* multline multline*"),
            Environment(),
        ),
        **dict.fromkeys(("cases", "dcases"), Environment("l", "{")),
    }
)
"""Environments that are tables."""

TAGGED = frozenset(_names("align align* gather gather* multline multline* aligned gathered split"))
"""Environments whose lines can have tags."""

LINES = frozenset(("equation", "equation*"))
"""Environments that hold one formula."""

COLOURS = (*HUES, *PARTS)
"""The names of colours: those of formulas, and those of a figure."""

ESCAPED: Mapping[str, str] = MappingProxyType(
    {**{char: char for char in "_#$%&{} "}, ",": " ", "textbackslash": "\\"}
)
"""Commands for characters in texts."""

BRACKETS = frozenset("()[]{}|‖∣∥/\\⟨⟩⌊⌋⌈⌉⌜⌝⌞⌟⎰⎱↑↓↕⇑⇓⇕")
"""Brackets that \\left and \\right can make grow."""
