"""Formulas in LaTeX, which need only amsmath and xcolor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..base.signs import typed
from ..look.style import Colours
from .names import GREEK, NAMED_FUNCTIONS, split_name
from .signs import ACCENTS, LARGE, LIMITS, WIDTHS, braced, style_of
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

TEXT_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "\u00a0": "~", "-": "{-}", "'": "{'}", "`": "{`}", "<": r"\textless{}", ">": r"\textgreater{}",
    '"': r"\symbol{34}", "|": r"\textbar{}",
}  # fmt: skip

LATIN = {"Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N",
         "Ο": "O", "Ρ": "P", "Τ": "T", "Χ": "X", "ο": "o"}  # fmt: skip
GREEKS = {
    **{sign: f"\\{name}" for name, sign in GREEK.items() if name.isalpha()},
    "ε": r"\varepsilon", "φ": r"\varphi", "ϵ": r"\epsilon", "ϕ": r"\phi", "ϑ": r"\vartheta",
    "ς": r"\varsigma", "ϱ": r"\varrho", "ϖ": r"\varpi",
    **{sign: f"\\mathrm{{{letter}}}" for sign, letter in LATIN.items()},
}  # fmt: skip
"""Greek letters; LaTeX has no commands for capitals that look Latin."""

SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "−": "-", "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "⊙": r"\odot", "∘": r"\circ",
        "∗": r"\ast", "÷": r"\div", "±": r"\pm", "∓": r"\mp", "⊕": r"\oplus", "⊗": r"\otimes",
        "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "⊤": r"\top", "⊥": r"\perp",
        "…": r"\ldots", "⋯": r"\cdots", "⋮": r"\vdots", "⋱": r"\ddots", "′": "{}'", "″": "{}''",
        "‴": "{}'''", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv",
        "∼": r"\sim", "≪": r"\ll", "≫": r"\gg", "∝": r"\propto", "→": r"\to", "←": r"\leftarrow",
        "↦": r"\mapsto", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "⟶": r"\longrightarrow",
        "⟼": r"\longmapsto", "⟷": r"\longleftrightarrow", "⟵": r"\longleftarrow",
        "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup",
        "∩": r"\cap", "∅": r"\emptyset", "∀": r"\forall", "∃": r"\exists", "∧": r"\wedge",
        "∨": r"\vee", "¬": r"\neg", "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∬": r"\iint",
        "∐": r"\coprod", "∮": r"\oint", "⋂": r"\bigcap", "⋃": r"\bigcup", "⋀": r"\bigwedge",
        "⋁": r"\bigvee", "⨁": r"\bigoplus", "⨂": r"\bigotimes", "‖": r"\|", "∥": r"\parallel",
        "∣": r"\mid", "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor",
        "⌈": r"\lceil", "⌉": r"\rceil", "{": r"\{", "}": r"\}", "#": r"\#", "%": r"\%",
        "&": r"\&", "$": r"\$", "_": r"\_", "\\": r"\backslash", "~": r"\sim", "^": r"\hat{}",
        "⩽": r"\leqslant", "⩾": r"\geqslant", "⟹": r"\implies", "⟺": r"\iff", "⟸": r"\impliedby",
        "⊃": r"\supset", "⊇": r"\supseteq", "⧵": r"\setminus", "∖": r"\setminus", "⋆": r"\star",
        "ℏ": r"\hbar", "≅": r"\cong", "≃": r"\simeq", "∠": r"\angle", "⊢": r"\vdash",
        "ℓ": r"\ell", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}",
        "𝔼": r"\mathbb{E}", "𝟏": r"\mathbf{1}", "𝟙": r"\mathbf{1}", "⏟": r"\underbrace{}",
        "†": r"\dagger",
    }
)  # fmt: skip
"""Signs that are commands or other characters in LaTeX."""

ALPHABETS: Mapping[str, str] = MappingProxyType(
    {
        "BOLD": r"\boldsymbol", "BOLD ITALIC": r"\boldsymbol", "DOUBLE-STRUCK": r"\mathbb",
        "SCRIPT": r"\mathcal", "FRAKTUR": r"\mathfrak", "BLACK-LETTER": r"\mathfrak",
        "SANS-SERIF": r"\mathsf", "MONOSPACE": r"\mathtt",
    }
)  # fmt: skip
"""LaTeX's command for each style of letters that Unicode has as characters."""

TEXT = str.maketrans(
    {
        **{sign: f"${command}$" for sign, command in (*SIGNS.items(), *GREEKS.items())},
        **TEXT_ESCAPES,
        **dict.fromkeys(map(chr, range(32)), " "),
    }
)

ACCENT_COMMANDS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u20d7": "vec",
                   "\u0307": "dot", "\u0308": "ddot"}  # fmt: skip
SPACES = ((0.0, ""), (0.17, r"\,"), (0.25, r"\:"), (0.28, r"\;"), (0.5, r"\enspace"),
          (1.0, r"\quad"))  # fmt: skip
MATRICES = {("(", ")"): "pmatrix", ("[", "]"): "bmatrix", ("|", "|"): "vmatrix",
            ("‖", "‖"): "Vmatrix", ("{", "}"): "Bmatrix"}  # fmt: skip
TALL = re.compile(r"\\(frac|sum|int|prod|begin|underbrace|underset|overset|boxed)")


def latex(x: Tree | Equation) -> str:
    """A formula as mathematics, without the dollars around it."""
    return WRITERS[type(x)](x)


def preamble(colours: Colours) -> str:
    """Definitions of the colours of marked parts, for xcolor."""
    return "".join(
        f"\\definecolor{{gs{kind}}}{{HTML}}{{{shade.removeprefix('#').upper()}}}\n"
        for kind, shade in (colours.parts | colours.hues).items()
    )


def text(words: str) -> str:
    """Any text, escaped for LaTeX's text mode."""
    return words.translate(TEXT)


def _joined(*parts: str) -> str:
    """Parts side by side, with a space between a command and a letter."""
    made = ""
    for part in parts:
        command = re.search(r"\\[A-Za-z]+$", made) and part[:1].isalpha()
        made += f" {part}" if command else part
    return made


def _name(x: Name) -> str:
    base, indexes = split_name(x.text)
    below = ",".join(map(_letters, indexes))
    return f"{_letters(base)}_{{{below}}}" if indexes else _letters(base)


def _letters(word: str) -> str:
    if len(word) == 1 and word.isalpha() and word.isascii():
        return word
    if word.isascii() and word.isdecimal():
        return word
    known = GREEKS.get(word) or SIGNS.get(word)
    if known or word in NAMED_FUNCTIONS:
        return known or f"\\{word}"
    if styled := _styled(word):
        return styled
    if word.isascii() and word.isalnum():
        return f"\\mathrm{{{word}}}"
    return f"\\text{{{text(word)}}}"


def _styled(char: str) -> str:
    """A letter or digit in its Unicode style; empty if it has none."""
    style, plain = style_of(char)
    if style == "BOLD" and plain.isascii():
        return f"\\mathbf{{{plain}}}"
    return f"{ALPHABETS[style]}{{{_letters(plain)}}}" if style in ALPHABETS else ""


def _number(x: Number) -> str:
    """A number: no space after a decimal comma, no space after its minus."""
    if not re.fullmatch(r"[-−]?[\d.,]+(·10)?", x.text, re.ASCII):
        return f"\\text{{{text(x.text.replace('-', '−'))}}}"
    shown = typed(x.text).replace(",", "{,}").replace("·", r"{\cdot}")
    return f"{{{shown}}}" if shown.startswith("-") else shown


def _sign(x: Sign) -> str:
    if x.text in WIDTHS:
        return next(space for width, space in SPACES if WIDTHS[x.text] <= width)
    return _joined(*map(_character, x.text))


def _character(char: str) -> str:
    if char in SIGNS or char in GREEKS:
        return SIGNS.get(char) or GREEKS[char]
    if char.isascii() and char.isprintable():
        return char
    return _styled(char) or f"\\text{{{text(char)}}}"


def _words(x: Words) -> str:
    return f"\\text{{{text(x.text)}}}"


def _row(x: Row) -> str:
    return _joined(*map(latex, x.parts))


def _frac(x: Frac) -> str:
    return f"\\frac{{{latex(x.top)}}}{{{latex(x.bottom)}}}"


def _beside(base: str, below: Tree | None, above: Tree | None) -> str:
    under = "" if below is None else f"_{{{latex(below)}}}"
    over = "" if above is None else f"^{{{latex(above)}}}"
    return base + under + over


def _scripts(x: Scripts) -> str:
    """Scripts; a prime is a superscript already."""
    if isinstance(x.sup, Sign) and x.sup.text in ("′", "″", "‴"):
        return _beside(f"{{{latex(x.base)}}}", x.sub, None) + latex(x.sup).removeprefix("{}")
    base = latex(x.base)
    if isinstance(x.base, Sign) and x.base.text in LARGE:
        base += r"\nolimits"
    elif len(base) > 1:
        base = f"{{{base}}}"
    return _beside(base, x.sub, x.sup)


def _limits(x: Limits) -> str:
    base = latex(x.base)
    if isinstance(x.base, Name) and x.base.text in LIMITS:
        base = base if x.base.text in NAMED_FUNCTIONS else f"\\mathop{{{base}}}"
        return _beside(base, x.under, x.over)
    if isinstance(x.base, Sign) and x.base.text in LARGE:
        return _beside(base, x.under, x.over)
    if brace := braced(x.under, x.over):
        return f"\\{brace}{{{base}}}"
    if isinstance(x.base, Limits) and "brace" in braced(x.base.under, x.base.over):
        return _beside(base, x.under, x.over)
    if isinstance(x.over, Sign) and x.over.text in ACCENTS and x.under is None:
        return f"\\{ACCENT_COMMANDS[ACCENTS[x.over.text]]}{{{base}}}"
    if x.over is not None:
        base = f"\\overset{{{latex(x.over)}}}{{{base}}}"
    return base if x.under is None else f"\\underset{{{latex(x.under)}}}{{{base}}}"


def _root(x: Root) -> str:
    degree = "" if x.degree is None else f"[{{{latex(x.degree)}}}]"
    return f"\\sqrt{degree}{{{latex(x.inner)}}}"


def _fenced(x: Fenced) -> str:
    """Brackets that grow only if needed: growing ones have spaces around them."""
    kind = MATRICES.get((x.left, x.right))
    if isinstance(x.inner, Matrix) and kind:
        return _cells(x.inner, kind)
    left, right = (_character(b) if b else "." for b in (x.left, x.right))
    inner = latex(x.inner)
    if not TALL.search(inner) and "." not in (left, right):
        bars = "|" in left  # a bar does not show whether it opens or closes
        return f"{{{_joined(left, inner, right)}}}" if bars else _joined(left, inner, right)
    return f"{{{_joined(chr(92) + 'left' + left, inner, chr(92) + 'right' + right)}}}"


def _cells(x: Matrix, kind: str, columns: str = "") -> str:
    rows = r" \\ ".join(" & ".join(map(_cell, row)) for row in x.rows)
    return f"\\begin{{{kind}}}{columns} {rows} \\end{{{kind}}}"


def _cell(x: Tree) -> str:
    """A cell, in braces where its bracket would be read as a row distance."""
    cell = latex(x)
    return f"{{{cell}}}" if cell[:1] in ("[", "*") else cell


def _matrix(x: Matrix) -> str:
    if x.sides.startswith("rl"):
        return _cells(x, "aligned")
    return _cells(x, "array", f"{{{x.sides}}}") if x.sides else _cells(x, "matrix")


def _marked(x: Marked) -> str:
    inner = latex(x.inner)
    if x.label:
        inner = f"\\underbrace{{{inner}}}_{{\\text{{{text(x.label)}}}}}"
    return f"{{\\color{{gs{x.kind}}}{inner}}}"


def _boxed(x: Boxed) -> str:
    return f"\\boxed{{{latex(x.inner)}}}"


def _equation(x: Equation) -> str:
    return " = ".join(map(latex, x.sides))


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
