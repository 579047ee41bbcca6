"""Attributes in braces, as in `{#name .class key="value"}`: of texts, containers and programs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from ..base.errors import GraphstepError
from ..look.style import HUES, PARTS
from ..slides.deck import Block, Styled


class Attributes(NamedTuple):
    """Classes and values; a name (`#name`) has no effect, so it is not kept."""

    classes: tuple[str, ...] = ()
    values: Mapping[str, str] = MappingProxyType({})

    def unknown(self, classes: Iterable[str], keys: Iterable[str] = ()) -> str:
        """The first of them that is not among the known ones, as it is written."""
        others = (*(f".{name}" for name in self.classes if name not in classes),
                  *(f"{key}=" for key in self.values if key not in keys))  # fmt: skip
        return next(iter(others), "")


PART = re.compile(
    r"\s*(?:#[\w:.-]+|\.?(?P<key>[\w-]+)="
    r"(?:\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"']+))"
    r"|\.(?P<name>[\w-]+))(?=\s|$)"
)
BRACES = re.compile(r"\{([^{}\n\\&`*<$]{1,200})\}")
AT_END = re.compile(r"(?:^|(?<=\s))\{(\s?[.#][\w-][^{}\n\\&`*<$]{0,200})\}\s*\Z")
"""Attributes of a whole text."""

CLASSES: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        **{side: (side, 1.0) for side in ("center", "left", "right")},
        "small": ("", 0.8), "smaller": ("", 0.8), "large": ("", 1.25), "larger": ("", 1.25),
    }
)  # fmt: skip
"""The side at which blocks of a class stand, and their size as a part of the usual one."""
SIDES = tuple(name for name, (side, _) in CLASSES.items() if side)


class SpanLook(NamedTuple):
    """How words between brackets look: a colour that formulas have, and whether with a line."""

    colour: str = ""
    underlined: bool = False

    def within(self, around: SpanLook) -> SpanLook:
        """The look of these words inside others."""
        return SpanLook(self.colour or around.colour, self.underlined or around.underlined)


SPANS: Mapping[str, SpanLook] = MappingProxyType(
    {
        **{name: SpanLook(name) for name in (*PARTS, *HUES)}, "alert": SpanLook("red"),
        "underline": SpanLook(underlined=True), "ul": SpanLook(underlined=True),
    }
)  # fmt: skip
"""The looks of words between brackets, as in `[a word]{.red}`, by their classes."""
TITLE_CLASSES = ("unnumbered", "unlisted")
"""Classes that a slide has anyway."""


def read_attributes(text: str) -> Attributes | None:
    """The attributes between braces, or None for any other text.

    >>> read_attributes('.small width="40%"').classes
    ('small',)
    """
    classes, values, done = list[str](), dict[str, str](), 0
    while found := PART.match(text, done):
        done = found.end()
        if found["name"]:
            classes.append(found["name"])
        elif found["key"]:
            values[found["key"]] = found["quoted"] or found["single"] or found["bare"] or ""
    if not done or text[done:].strip():
        return None
    return Attributes(tuple(classes), MappingProxyType(values))


def known_list(classes: Iterable[str], keys: Iterable[str] = ()) -> str:
    """Classes and keys for a sentence that lists the known ones."""
    return ", ".join((*(f".{name}" for name in classes), *(f"{key}=…" for key in keys)))


class Container(NamedTuple):
    """A block between colons: its name, what follows that, and its other attributes."""

    name: str
    rest: str = ""
    others: Attributes = Attributes()


HEAD = re.compile(
    r"\s*(?P<name>[\w-]*)[\s=]*(?P<rest>[^{}]*?)\s*(?:\{(?P<braces>[^{}]*)\})?\s*:*\s*"
)
LONGEST_HEAD = 300  # characters


def read_container(info: str, known: Collection[str]) -> Container | None:
    """The container that a line of colons begins; None for one that is not known.

    Its name is a word, a class, or a key: `notes`, `{.notes}`, `{step=w0}`; attributes may follow.
    """
    found = HEAD.fullmatch(info) if len(info) <= LONGEST_HEAD else None
    given = read_attributes(found["braces"]) if found and found["braces"] else Attributes()
    if found is None or given is None:
        return None
    names = [found["name"]] if found["name"] else [*given.classes, *given.values]
    name = next((one for one in names if one in known and one not in CLASSES), "")
    name = name or next((one for one in names if one in known), "")
    values = {key: value for key, value in given.values.items() if key != name}
    classes = tuple(one for one in given.classes if one != name)
    rest = (found["rest"] or given.values.get(name, "")).strip("\"' ")
    return Container(name, rest, Attributes(classes, MappingProxyType(values))) if name else None


def style_of(classes: Iterable[str]) -> Styled | None:
    """The style of some classes, with nothing in it; None where they change nothing."""
    align, size = "", 1.0
    for name in classes:
        side, part = CLASSES.get(name, ("", 1.0))
        align, size = side or align, size * part
    return Styled((), align, size) if align or size != 1.0 else None


def styled(blocks: Iterable[Block], classes: Iterable[str]) -> tuple[Block, ...]:
    """Blocks as their classes say."""
    found, style = tuple(blocks), style_of(classes)
    return (replace(style, blocks=found),) if style and found else found


# --- programs

WORD = r"[^\s{}\[\]]+"
INFO = re.compile(rf"\s*({WORD})?(?:\s+[^\s{{}}\[\]=]+)*\s*(?:\{{([^{{}}]*)\}}|\[([^\[\]]*)\])?\s*")
"""A language, words that mean nothing, and what stands in brackets."""
LINES = re.compile(r"\s*\d{1,6}(?:-\d{1,6})?(?:\s*,\s*\d{1,6}(?:-\d{1,6})?)*\s*")
ALL = ("all", "*")  # in turn: no line more than another
NUMBERED = ("numberLines", "number-lines", "line-numbers", "lineNumbers")
START, MARKED = "startFrom", "code-line-numbers"
MOST_DIGITS = 7  # of the number of a first line


class ProgramLines(NamedTuple):
    """The language of a program, the number of its first line if it has any, and marked lines.

    `turns` are lines that are marked one after another, if there are several; else it is empty.
    """

    language: str = ""
    first: int | None = None
    marked: tuple[int, ...] = ()
    turns: tuple[tuple[int, ...], ...] = ()


def read_info(info: str, count: int) -> ProgramLines | None:
    """What is said about a program of `count` lines, or None for what other tools say.

    Raises GraphstepError, without its place, for an unknown attribute or a line that is not there.
    """
    found = INFO.fullmatch(info)
    if found is None:
        return None
    language, inside, brackets = found[1] or "", found[2], found[3]
    if brackets is not None:
        made = _marking(language, 1, brackets, count)
    elif inside is None:
        return ProgramLines(language)
    elif all(map(_is_turn, inside.split("|"))):
        made = _marking(language, None, inside, count)
    else:
        attributes = read_attributes(inside)
        made = _attributed(language, attributes, count) if attributes else None
    return made and _checked(made, count)


def _marking(language: str, first: int | None, lines: str, count: int) -> ProgramLines | None:
    """A program some of whose lines are marked."""
    if not lines.strip():
        return ProgramLines(language, first)
    turns = lines.split("|")
    marked = tuple(_numbers(turn, count) if LINES.fullmatch(turn) else () for turn in turns)
    if not all(found or turn.strip() in ALL for turn, found in zip(turns, marked, strict=True)):
        return None
    return ProgramLines(language, first, marked[0], marked if len(turns) > 1 else ())


def _is_turn(lines: str) -> bool:
    """Whether a text names lines that are marked at once."""
    return LINES.fullmatch(lines) is not None or lines.strip() in ALL


def _numbers(lines: str, count: int) -> tuple[int, ...]:
    """The numbers in `1,3-4`, none in `4-3`.

    Of ranges of more lines than the program has only the ends, of which one is refused.
    """
    found = set[int]()
    for part in lines.split(","):
        first, _, last = part.strip().partition("-")
        ends = int(first), int(last or first)
        if ends[0] > ends[1]:
            return ()
        found.update(ends if ends[1] - ends[0] >= count else range(ends[0], ends[1] + 1))
    return tuple(sorted(found))


def _attributed(language: str, attributes: Attributes, count: int) -> ProgramLines | None:
    """A program with attributes; the first class is its language where there is none before."""
    names = [name for name in attributes.classes if name not in NUMBERED]
    if not language and names:
        language = names.pop(0)
    if unknown := Attributes((*names,), attributes.values).unknown((), (START, MARKED)):
        raise GraphstepError("unknown_attribute", text=unknown,
                             known=known_list(NUMBERED[:1], (START, MARKED)))  # fmt: skip
    start, lines = attributes.values.get(START, ""), attributes.values.get(MARKED, "")
    numbered = any(name in NUMBERED for name in attributes.classes) or bool(start or lines)
    if (start and not start.isdecimal()) or len(start) > MOST_DIGITS:
        return None
    if lines in ("true", "false"):
        return ProgramLines(language, int(start or 1) if lines == "true" or start else None)
    return _marking(language, int(start or 1) if numbered else None, lines, count)


def _checked(made: ProgramLines, count: int) -> ProgramLines:
    """What was read, if all marked lines are there."""
    first = 1 if made.first is None else made.first
    last = first + count - 1
    for k in (line for turn in (made.marked, *made.turns) for line in turn):
        if not first <= k <= last:
            raise GraphstepError("no_such_line", number=k, first=first, last=last)
    return made
