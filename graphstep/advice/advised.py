"""What to write instead: advice that is looked for after an error, and tried before it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.errors import ParseError, Span
from ..gates import GATES
from ..language import pieces
from ..language.calls import gate_name
from ..language.foreign_names import EXAMPLES, FORMULAS, NONE
from .foreign_calls import ExampleError
from .notations import found
from .similar_names import gate_like, is_foreign, key_like

MOST_CHARACTERS = 4000  # of a text for which advice is looked for
MOST_PIECE = 200  # characters of a piece, and of what is written for it
MOST_ROUNDS = 8  # of advice for one piece

Failure = Callable[[str], ParseError | None]
"""The error of a text without advice; None if it can be read."""

LATE = frozenset({"never_used", "no_name", "empty", "used_too_early", "assigned_twice"})
"""Errors that are found after the whole text, or another statement, was understood."""

AROUND = frozenset(
    {"not_closed", "arity", "option_unknown", "option_number", "option_order", "option_input"}
)
"""Errors of what holds the place, found later though they begin before it."""

ALONE = frozenset({"reserved"})
"""Errors whose advice is given alone: with more it would change what was meant."""

CALLS = frozenset({"library", "method", "function_power", "call_brackets"})
"""Rows that write a call, whose gate may be unknown."""

FIRST = frozenset({*ALONE, "unknown_gate", "not_a_gate", "arity"})
"""Errors whose advice is no part of other advice: np.foo(x) is no product."""

CALL = re.compile(rf"({pieces.NAME})[ \t]*({pieces.GROUP})")
NUMBER = re.compile(pieces.NUMBER)
NAMED = re.compile(r"\w+\s*=(?!=)")
"""The beginning of an option with its name."""
PLAIN = re.compile(r"\w+\(\{\w\}(?:, \{\w\})*\)")
"""A formula that is a gate of the inputs alone, whose options may follow in order."""
HARMLESS = re.compile(r"(?:dim|axis)\s*=\s*-1|(?:inplace|dtype|device|out)\s*=.*")
"""Options that change nothing of what gates give."""
LETTERS: Mapping[str, str] = MappingProxyType({name: name for name in "xyz"})


class Fix(NamedTuple):
    """Advice: a piece of the text, what to write for it, and the error that says so."""

    start: int
    end: int
    write: str
    key: str
    values: Mapping[str, Any] = MappingProxyType({})

    @property
    def new_end(self) -> int:
        """Where the piece ends once the advice is taken."""
        return self.start + len(self.write)

    def taken(self, text: str) -> str:
        """The text with the advice taken."""
        return text[: self.start] + self.write + text[self.end :]

    def then(self, later: Fix, text: str) -> Fix:
        """Join it with a later one, about `text`, in which this one is taken."""
        start, end = min(self.start, later.start), max(self.new_end, later.end)
        write = text[start : later.start] + later.write + text[later.end : end]
        limits = {fix.values["limit"] for fix in (self, later) if "limit" in fix.values}
        both = {"limit": limits.pop() if len(limits) == 1 else "letters"} if limits else {}
        return self._replace(start=start, end=end - self.new_end + self.end, write=write,
                             values={**self.values, **both})  # fmt: skip


def advised(error: ParseError, failure: Failure) -> ParseError:
    """The error with what to write instead, or as it is if nothing is known that works."""
    text = error.source
    if text is None or error.span is None or len(text) > MOST_CHARACTERS:
        return error
    try:
        for fix in _fixes(text, error):
            if works := _working(text, fix, error, failure):
                span = Span(works.start, works.end)
                values = {**works.values, "write": works.write}
                return ParseError(works.key, source=text, span=span, **values)
    except ExampleError as found:
        values = {"name": found.name, "example": found.example}
        key = "gate_example" if found.example else "gate_custom"
        return ParseError(key, source=text, span=error.span, **values)
    return _of_a_call(error) or _of_a_module(text, error, failure) or _renamed(text, error)


def _fixes(text: str, error: ParseError) -> Iterator[Fix]:
    """All advice for the place of an error, the most special first."""
    assert error.span is not None
    place = error.span.start
    call = CALL.match(text, place)
    if call and gate_name(call[1]) not in GATES:
        yield from _for_a_call(text, call)
    for row, match in found(text, error.span):
        written, piece = row.written(match), match[0].strip(" \t")
        if written is not None and piece and max(len(written), len(piece)) <= MOST_PIECE:
            start = match.start() + match[0].index(piece)
            end = start + len(piece)
            if piece[0] not in pieces.OPENING and pieces.stands_alone(text, start, end):
                written = pieces.unbracketed(written)
            values = error.values if error.key == row.key else {"text": piece}
            if limit := row.limit(match):
                values = {**values, "limit": limit}
            yield Fix(start, end, _apart(text, start, written.strip(" \t")), row.key, values)
    if error.key in OTHERS:
        yield from OTHERS[error.key](text, error)


def _apart(text: str, start: int, written: str) -> str:
    """What is written, as a factor if it would run into a word before it, as in 2√x."""
    runs = written[:1].isalnum() and not text[start].isalnum() and text[:start][-1:].isalnum()
    return f"*{written}" if runs else written


def _new_name(text: str, error: ParseError) -> Iterator[Fix]:
    """Advice for a name that is taken: the same with a number."""
    assert error.span is not None
    name = text[slice(*error.span)]
    numbered = (f"{name}{k}" for k in count(2))
    free = next(new for new in numbered if not re.search(rf"\b{new}\b", text))
    yield Fix(*error.span, free, error.key, error.values)


def _not_reserved(text: str, error: ParseError) -> Iterator[Fix]:
    """Advice for a word of Python: as a name it has one more sign."""
    assert error.span is not None
    word = text[slice(*error.span)]
    if word.islower():  # None and True are values, not names
        yield Fix(*error.span, f"{word}_", error.key, error.values)


def _product(text: str, error: ParseError) -> Iterator[Fix]:
    """Advice for a call of what is neither a gate nor a function known elsewhere: a product."""
    assert error.span is not None
    call = CALL.match(text, error.span.start)
    if call and not gate_like(call[1]) and not is_foreign(call[1]):
        inside = call[2][1:-1].strip()
        factor = inside if pieces.is_operand(inside) else call[2]
        yield Fix(*call.span(), f"{call[1]}*{factor}", error.key, error.values)


def _fewer(text: str, error: ParseError) -> Iterator[Fix]:
    """Advice for a call with numbers more than it takes: the first inputs alone.

    What is no plain number was meant, as the base of log(x, a): nothing is left out then.
    """
    assert error.span is not None
    call = CALL.fullmatch(text[slice(*error.span)])
    takes = re.fullmatch(r"(?:\d+-)?(\d+)", str(error.values["takes"]))
    given = list(pieces.split(call[2][1:-1])) if call else []
    kept = int(takes[1]) if takes else len(given)
    if call and given[kept:] and all(map(NUMBER.fullmatch, given[kept:])):
        write = f"{call[1]}({', '.join(given[:kept])})"
        yield Fix(*error.span, write, error.key, error.values)


OTHERS: Mapping[str, Callable[[str, ParseError], Iterator[Fix]]] = MappingProxyType(
    {
        "assigned_twice": _new_name, "cycle": _new_name, "reserved": _not_reserved,
        "unknown_gate": _product, "not_a_gate": _product, "arity": _fewer,
    }
)  # fmt: skip
"""Advice that belongs to an error, not to a notation."""


def _for_a_call(text: str, call: re.Match[str]) -> Iterator[Fix]:
    """Advice for a call of what is no gate: another name, or a formula."""
    name = call[1]
    if (near := gate_like(name)) and near != name:
        yield Fix(*call.span(1), near, "similar_gate", {"name": name})
    if key := key_like(name, FORMULAS):
        written = _filled(FORMULAS[key], call[2][1:-1])
        if written and not (pieces.is_operand(written) or pieces.stands_alone(text, *call.span())):
            written = f"({written})"
        if written:
            yield Fix(*call.span(), written, "other_gate", {"name": name})


def _filled(formula: str, between: str) -> str:
    """A formula with the inputs of a call; empty if they are too few."""
    given = list(pieces.split(between))
    inputs = [text for text in given if not NAMED.match(text)]
    places, needed = dict(zip("xyz", inputs, strict=False)), {*pieces.PLACE.findall(formula)}
    if needed - {"args"} > places.keys():
        return ""
    listed = ", ".join(map(_unpacked, given))
    written = pieces.fill(formula, {**places, "args": listed})
    more = [] if "args" in needed or formula == "{x}" else _further(given, inputs[: len(needed)])
    if not more:
        return written
    goes_on = PLAIN.fullmatch(formula) or (CALL.fullmatch(written) and all(map(NAMED.match, more)))
    return f"{written[:-1]}, {', '.join(more)})" if goes_on else ""


def _further(given: Sequence[str], taken: Sequence[str]) -> list[str]:
    """What a call has besides the inputs that a formula takes, but for what changes nothing."""
    further = [*given]
    for text in taken:
        further.remove(text)
    return [text for text in further if not HARMLESS.fullmatch(text)]


def _unpacked(text: str) -> str:
    """The items of a list or tuple of names; any other input unchanged."""
    inner = text[1:-1]
    items = len(list(pieces.split(inner)))
    return inner if text[:1] in "([" and text[-1:] in ")]" and items > 1 else text


def _working(
    text: str, fix: Fix, first: ParseError, failure: Failure, rounds: int = 0
) -> Fix | None:
    """Advice with which the text can be read beyond its place, with further advice if need be."""
    changed = fix.taken(text)
    error = failure(changed)
    if error is None or error.span is None or _is_beyond(error, fix, first):
        return fix
    if rounds == MOST_ROUNDS or fix.key in ALONE:
        return None
    for later in _fixes(changed, error):
        if later.start < fix.new_end and later.end > fix.start and later.key not in FIRST:
            whole = fix.then(later, changed)
            if works := _working(text, whole, first, failure, rounds + 1):
                return works
    return None


def _is_beyond(error: ParseError, fix: Fix, first: ParseError) -> bool:
    """Whether an error is another one than the first, for which advice is looked for."""
    assert error.span is not None
    assert first.span is not None
    start = error.span.start
    if error.key in LATE:
        return True
    if error.key == "arity" and start == fix.start:  # of what is written itself
        return False
    if start <= fix.start and error.key in AROUND:
        return error.key not in (first.key, "arity" if first.key == "option_unknown" else "")
    return start >= fix.new_end and start - fix.new_end + fix.end > first.span.start


def _of_a_module(text: str, error: ParseError, failure: Failure) -> ParseError | None:
    """The error for a function of a module that is known, such as np.arctan."""
    for fix in _fixes(text, error):
        inner = failure(fix.taken(text)) if fix.key in CALLS else None
        if inner is not None and inner.span and fix.start <= inner.span.start < fix.new_end:
            inner.moved(text, Span(fix.start, fix.end))
            if told := inner if inner.key == "arity" else _of_a_call(inner):
                return told
    return None


def _renamed(text: str, error: ParseError) -> ParseError:
    """The error as a row without advice names it."""
    assert error.span is not None
    for row, match in found(text, error.span):
        if row.write is None:
            return ParseError(row.key, source=text, span=Span(*match.span()))
    return error


def _of_a_call(error: ParseError) -> ParseError | None:
    """The error for a name that is known from elsewhere, where no text can be advised."""
    name = error.values.get("name")
    if error.key != "unknown_gate" or not isinstance(name, str):
        return None
    place: Mapping[str, Any] = {"source": error.source, "span": error.span}
    example = EXAMPLES.get(key_like(name, EXAMPLES), "")
    if formula := FORMULAS.get(key_like(name, FORMULAS), ""):
        example = pieces.fill(formula, {**LETTERS, "args": "x, y"})
    if example:
        return ParseError("gate_example", name=name, example=example, **place)
    return ParseError("gate_custom", name=name, **place) if key_like(name, NONE) else None
