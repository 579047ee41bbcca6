"""A fence that becomes a figure: its first line inputs and options, its body the expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GraphstepError, Span, placed
from ..figure.deck import FigureBlock
from ..figure.figure import Figure
from ..figure.input_texts import each
from ..figure.options import FENCE, Line, complete, graph, keywords, read, shown
from .front_matter import Front
from .source_places import Files, Piece, Text

if TYPE_CHECKING:
    from markdown_it.token import Token


LANGUAGE = "graphstep"
ABOUT = MappingProxyType({"nothing_to_expand": "--expand", "engine_missing": "--engine"})
"""Errors of an option, with where it stands; those of an input tell its name."""


class Place(NamedTuple):
    """Where a fence stands: its first line, the words in it, and its body."""

    text: Text
    head: Span
    words: Mapping[str, Span]  # of inputs, and of options with their dashes
    body: Piece
    line: int  # of the body's first line, counted from 0

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Errors that are raised inside, of any part of the fence, with a place in the file."""
        try:
            yield
        except GraphstepError as error:
            if error.span is not None and error.source == self.body.content and error.source:
                line = error.values.get("line")  # another place that the sentence speaks of
                if isinstance(line, int):
                    error.values["line"] = line + self.line
                span = self.body.span(error.span)
            else:
                word = ABOUT.get(error.key) or str(error.values.get("name"))
                span = self.words.get(word, self.head)
            error.moved(self.text.source, span, self.text.name)
            raise


class Fence(NamedTuple):
    """What a fence asks for: an expression, numbers for its inputs, all options by name."""

    expression: str
    inputs: dict[str, Any]
    options: dict[str, Any]
    place: Place

    @property
    def key(self) -> object:
        """What its stepper follows from; equal keys give equal steppers."""
        numbers = [(name, getattr(value, "shape", ()), getattr(value, "dtype", None),
                    value if isinstance(value, float) else value.tobytes())
                   for name, value in self.inputs.items()]  # fmt: skip
        options = [pair for pair in self.options.items() if pair[0] not in ("steps", "captions")]
        return self.expression, tuple(numbers), tuple(options)


def is_figure(token: Token) -> bool:
    """Whether a token is a fence of ours."""
    return token.type == "fence" and token.info.split()[:1] == [LANGUAGE]


def fence(text: Text, token: Token, front: Front, files: Files) -> Fence:
    """The fence of a token. Raises GraphstepError, with the place, for a word that is wrong."""
    first = (token.map or [0])[0]
    line = text.line(first)
    at = text.source.index(LANGUAGE, line.start) + len(LANGUAGE)
    words = read(text.source, FENCE, at, line.end)
    deck = {"lang": front.meta.lang, "theme": front.meta.theme}
    options = complete(deck, front.options, words.options)
    body = text.piece(token.content.removesuffix("\n"), first + 1)
    spans = {f"--{name}": span for name, span in words.spans.items()}
    inputs = _inputs(text, words, options["seed"], files, spans)
    at = text.source.index(token.markup, text.starts[first])
    return Fence(
        body.content, inputs, options, Place(text, Span(at, line.end), spans, body, first + 1)
    )


def _inputs(
    text: Text, words: Line, seed: int, files: Files, spans: dict[str, Span]
) -> dict[str, Any]:
    """The inputs; the place of each is noted under its name."""
    reading, found = each((word.text for word in words.inputs), seed, files.prefix), {}
    for word in words.inputs:
        _, loads, path = word.text.partition("=@")
        if loads:
            files.find(path.strip())
        try:
            name, found[name] = next(reading)
        except GraphstepError as error:
            inner = text.source.find(error.source or word.text, *word.span)
            within = error.span if error.source and error.span and inner >= 0 else None
            span = Span(inner + within.start, inner + within.end) if within else word.span
            error.moved(text.source, span)
            raise
        spans[name] = word.span
    return found


def make(fence: Fence) -> Figure:
    """The stepper of a fence, laid out. Raises GraphstepError with the place in the file."""
    with fence.place.errors():
        made = Figure.of(
            graph(fence.expression, fence.options), inputs=fence.inputs, **keywords(fence.options)
        )
        _ = made.drawing  # so that what cannot be drawn is told here, with its place
    return made


def figure(fence: Fence, made: Figure) -> FigureBlock:
    """The figure of a fence, with the frames it asks for."""
    place = fence.place
    with placed(place.text.source, place.words.get("--steps", place.head)):
        return FigureBlock(
            made, shown(fence.options["steps"], len(made)), fence.options["captions"]
        )
