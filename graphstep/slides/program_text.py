"""Program text as lines of coloured pieces, the same in every format.

Pygments finds the pieces. Text in a language that it does not know is plain, as is all text where
it is not installed, and text that is too long to be on a slide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from .deck import Code
from .design import Design, contrast, mixed

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MOST_COLOURED = 20_000  # characters
TAB = 4


class Piece(NamedTuple):
    """Text in one colour; `role` is a key of `CODE_COLOURS`, or empty for the usual colour."""

    text: str
    role: str = ""


class ProgramLine(NamedTuple):
    """A line, its number as it is printed (empty for none), and whether it is pointed out."""

    pieces: tuple[Piece, ...]
    number: str = ""
    marked: bool = False

    @property
    def text(self) -> str:
        """The text without colours."""
        return "".join(piece.text for piece in self.pieces)


ROLES = MappingProxyType(
    {
        "Comment": "comment", "Keyword": "keyword", "Operator.Word": "keyword",
        "Name.Function": "name", "Name.Class": "name", "Name.Decorator": "name",
        "Name.Builtin": "name", "Name.Builtin.Pseudo": "", "Name.Tag": "name",
        "Literal.String": "string", "Literal.Number": "number", "Generic.Prompt": "comment",
        "Generic.Output": "comment",
    }
)  # fmt: skip
"""The role of each kind of token of Pygments, and of those below it."""

CODE_COLOURS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "light": MappingProxyType(
            {"keyword": "#a40e26", "name": "#6639ba", "string": "#0a3069", "number": "#0550ae",
             "comment": "#57606a"}
        ),
        "dark": MappingProxyType(
            {"keyword": "#ff8b82", "name": "#d2a8ff", "string": "#a5d6ff", "number": "#79c0ff",
             "comment": "#a8b3bf"}
        ),
    }
)  # fmt: skip
"""Under each theme, the colour of each role."""
MARKS: Mapping[str, str] = MappingProxyType({"light": "#fdecc8", "dark": "#40361a"})
"""Under each theme, the colour behind a marked line."""
MARKED = 0.3  # how much of the accent that colour has on a page of its own colour
LEAST_CONTRAST = 4.5


def longest(code: Code) -> int:
    """The letters of the longest line for which a program is set, with the number before it."""
    lines = program_lines(code)
    return max(1, code.letters, *(len(line.text) + numbering(line) for line in lines))


def numbering(line: ProgramLine) -> int:
    """The letters that the number of a line takes, with the space after it."""
    return len(line.number) and len(line.number) + 2


def program_colours(design: Design) -> dict[str, str]:
    """The colour of each role, and `mark`, behind marked lines.

    A colour that would be hard to read on the pages of the design becomes more like its texts.
    """
    theme, ink = design.theme, design.inks("default")
    usual = not design.page and not design.colours
    mark = MARKS[theme] if usual else mixed(design.shades[0], ink.accent, MARKED)
    if contrast(ink.ink, mark) < LEAST_CONTRAST:
        mark = design.shades[1]
    behind = design.shades[0], mark
    colours = {role: _readable(colour, ink.ink, behind)
               for role, colour in CODE_COLOURS[theme].items()}  # fmt: skip
    return {**colours, "mark": mark}


def _readable(colour: str, ink: str, behind: Iterable[str]) -> str:
    """A colour that can be read on others, with as little of that of texts as that takes."""
    tried = (mixed(colour, ink, part) for part in (0, 0.25, 0.5, 0.75))
    fits = (one for one in tried if all(contrast(one, b) >= LEAST_CONTRAST for b in behind))
    return next(fits, ink)


@lru_cache(maxsize=256)
def program_lines(code: Code) -> tuple[ProgramLine, ...]:
    """The lines of a program; there is at least one.

    >>> [piece.role for piece in program_lines(Code("return 1", "python"))[0].pieces]
    ['keyword', 'number']
    """
    text = "\n".join(line.expandtabs(TAB) for line in code.text.rstrip("\n").split("\n"))
    first = 1 if code.first is None else code.first
    lines = _coloured(text, code.language)
    wide = len(str(first + len(lines) - 1))
    return tuple(
        ProgramLine(pieces, "" if code.first is None else str(k).rjust(wide), k in code.marked)
        for k, pieces in enumerate(lines, first)
    )


def _coloured(text: str, language: str) -> list[tuple[Piece, ...]]:
    """The pieces of each line."""
    lexer = _lexer(language) if 0 < len(text) <= MOST_COLOURED else None
    found = list(_pieces(lexer, text)) if lexer else []
    if "".join(piece.text for piece in found) != text:  # a lexer may drop what it does not expect
        found = [Piece(text)]
    lines: list[list[Piece]] = [[]]
    for piece in found:
        first, *rest = piece.text.split("\n")
        lines[-1] += [piece._replace(text=first)] if first else []
        lines += ([piece._replace(text=part)] if part else [] for part in rest)
    return [tuple(line) for line in lines]


def _lexer(language: str) -> Lexer | None:
    """The lexer of a language."""
    try:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        return None


def _pieces(lexer: Lexer, text: str) -> Iterator[Piece]:
    """Pieces in order; neighbours of one role are joined."""
    last = Piece("")
    for kind, part in lexer.get_tokens(text):
        role = _role(str(kind).removeprefix("Token."))
        if role == last.role or not part.strip():
            last = last._replace(text=last.text + part)
        else:
            yield last
            last = Piece(part, role)
    yield last


def _role(kind: str) -> str:
    """The role of a kind of token, which is that of the kind above it unless it has its own."""
    while kind and kind not in ROLES:
        kind = kind.rpartition(".")[0]
    return ROLES.get(kind, "")
