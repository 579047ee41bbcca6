"""Errors in what a user gives: a key of a sentence, the values it needs, and a place in the text.

No sentence is written here: `words.say` has them, in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .words import languages, say, sentences

PUBLIC = "graphstep.errors"  # the module that tracebacks and pickles name
LONGEST, LONGEST_LIST = 300, 3000  # characters of a text in a message; names may be megabytes
WINDOW = 60  # characters of a long line shown on either side of the caret


class Span(NamedTuple):
    """A part of the source text: character offsets, `end` excluded."""

    start: int
    end: int


class Said(NamedTuple):
    """A part of a message that is itself a sentence, or several: a key and its values."""

    key: str
    values: dict[str, object]


class GraphstepError(Exception):
    """Base of every error that graphstep raises on purpose.

    `key` names the sentence and `values` fill it in; `source` and `span` are the text and the place
    in it (both None where the error is not about a text). `file` is the name of the file that the
    text comes from, if any, and `lang` its language. `str(error)` is the whole message, with a
    caret under the place.
    """

    __module__ = PUBLIC

    file, lang = "", "en"

    def __init__(
        self, key: str, *, source: str | None = None, span: Span | None = None, **values: object
    ) -> None:
        super().__init__(key)
        self.key, self.source, self.span, self.values = key, source, span, values

    @property
    def line(self) -> int | None:
        """The line of the place, counted from 1; None where there is no place."""
        if self.source is None or self.span is None:
            return None
        return self.source.count("\n", 0, self.span.start) + 1

    @property
    def column(self) -> int | None:
        """The column of the place in characters, counted from 1; None where there is no place."""
        if self.source is None or self.span is None:
            return None
        return self.span.start - self.source.rfind("\n", 0, self.span.start)

    def message(self, lang: str = "") -> str:
        """The whole message in a language, with line, column and caret where there is a place.

        Raises GraphstepError for an unknown language.
        """
        lang = lang or self.lang
        if lang not in languages():
            raise GraphstepError("no_language", lang=lang, known=", ".join(languages()))
        values = {name: _spoken(value, lang, name) for name, value in self.values.items()}
        near = self.values.get("near")
        values["hint"] = " " + say("error.did_you_mean", lang, near=near) if near else ""
        values["advice"] = self._advice(lang)
        sentence = say(f"error.{self.key}", lang, **values)
        if self.source is None or self.span is None:
            return f"{self.file}: {sentence}" if self.file else sentence
        key = "error.place_in_file" if self.file else "error.place"
        place = say(key, lang, file=self.file, line=self.line, column=self.column)
        return f"{place}: {sentence}\n{excerpt(self.source, self.span)}"

    def _advice(self, lang: str) -> str:
        """What to write instead of the marked piece, or else an example of its kind."""
        write = self.values.get("write")
        key = self.key if write is None else "write" if write else "leave_out"
        special = f"advice.{self.key}_write"
        if write and "limit" in self.values:
            special = f"advice.write_for_{self.values['limit']}"
        key = special if write and special in sentences(lang) else f"advice.{key}"
        return " " + say(key, lang, write=write) if key in sentences(lang) else ""

    def __str__(self) -> str:
        return self.message()

    def moved(self, source: str, span: Span, file: str = "") -> None:
        """Move the error to another place."""
        self.source, self.span, self.file = source, span, file


class ParseError(GraphstepError):
    """The text is not an expression of the language."""

    __module__ = PUBLIC


class InputError(GraphstepError):
    """A name or a value of an input does not fit the graph."""

    __module__ = PUBLIC


@contextmanager
def readable(path: str) -> Iterator[None]:
    """Raise InputError for a file that cannot be read, or is not UTF-8 where it should be text."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise InputError("not_utf8", path=path, at=error.start + 1) from error
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise InputError("cannot_read", path=path, reason=reason(error)) from error


class GraphError(GraphstepError):
    """A graph built by hand is not well formed, or too large for what was asked."""

    __module__ = PUBLIC


class GateError(GraphstepError):
    """A custom gate cannot be made, or failed when it was run."""

    __module__ = PUBLIC


class TraceError(GraphstepError):
    """A Python function does something that no graph can hold."""

    __module__ = PUBLIC


class EngineError(GraphstepError):
    """The layout engine is missing or failed."""

    __module__ = PUBLIC


class OutputError(GraphstepError):
    """A file cannot be written, or its format is not known."""

    __module__ = PUBLIC


@contextmanager
def placed(source: str, span: Span) -> Iterator[None]:
    """Give this place to errors that are raised inside without one."""
    try:
        yield
    except GraphstepError as error:
        if error.span is None:
            error.source, error.span = source, span
        raise


def _spoken(value: object, lang: str, name: str = "") -> object:
    """A value as it is written into a message: in the language of that message, and not too long.

    `name` is the gap that it fills: lists of what is known, and what to write, may be longer.
    """
    if isinstance(value, Said):
        inner = {name: _spoken(part, lang, name) for name, part in value.values.items()}
        return say(f"error.{value.key}", lang, **inner)
    if isinstance(value, tuple) and value and all(isinstance(part, Said) for part in value):
        return ", ".join(str(_spoken(part, lang)) for part in value)
    most = LONGEST_LIST if name in ("known", "write", "listed", "example") else LONGEST
    if isinstance(value, str):
        return _Quoted(cut(value, most), lang)
    text = short(value, most) if isinstance(value, int | list | tuple | dict) else ""
    return text if text.endswith("…") else value


def cut(text: str, most: int) -> str:
    """A text without its middle if it is longer than `most` characters."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def beginning(text: str, most: int) -> str:
    """A text without its end if it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


class _Quoted(str):
    """A text whose repr, which sentences use, has the quotation marks of a language."""

    lang: str

    def __new__(cls, text: str, lang: str) -> _Quoted:
        made = super().__new__(cls, text)
        made.lang = lang
        return made

    def __repr__(self) -> str:
        signs = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in self)
        return say("error.quoted", self.lang, text="".join(signs))


def one_of(what: str, given: object, known: Iterable[str | None]) -> None:
    """Raise GraphstepError for anything, of whatever type, that is not one of the known words."""
    if given not in tuple(known):
        raise GraphstepError("not_one_of", what=what, given=given, known=", ".join(map(str, known)))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like a name; empty if none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(known), n=1)), "")


def reason(error: BaseException) -> str:
    """Why the system refused something, without error numbers, paths or memory addresses."""
    return getattr(error, "strerror", None) or re.sub(r" <\S+ object at \w+>", "", str(error))


def short(given: object, most: int = 60) -> str:
    """A value for an error message, cut to `most` characters; its repr may fail."""
    try:
        text = repr(given)
    except Exception:  # such as the repr of a huge int
        text = type(given).__name__
    return beginning(text, most)


def excerpt(source: str, span: Span) -> str:
    """The line of a span with carets under it; a long line is cut on both sides.

    >>> print(excerpt("f = x^2", Span(5, 6)))
        f = x^2
             ^
    """
    first = source.rfind("\n", 0, span.start) + 1
    last = source.find("\n", span.start)
    last = len(source) if last < 0 else last
    left, right = max(first, span.start - WINDOW), min(last, span.start + WINDOW)
    head, tail = "…" * (left > first), "…" * (right < last)
    before = head + _plain(source[left : span.start])
    marked = _plain(source[span.start : min(span.end, right)])
    after = _plain(source[max(min(span.end, right), span.start) : right]) + tail
    carets = "^" * max(1, _columns(marked))
    return f"    {before}{marked}{after}\n    {' ' * _columns(before)}{carets}".rstrip()


def _plain(text: str) -> str:
    """A text with single spaces for tabs and control characters, so that carets line up."""
    return "".join(char if char.isprintable() else " " for char in text)


def _columns(text: str) -> int:
    """How many terminal columns a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
