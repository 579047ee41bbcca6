"""Fences that become figures: inputs and options on the first line, the expression in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import contains
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GraphstepError, InputError, Span, placed
from ..figure.frame_choice import chosen_frames, noted_frames
from ..figure.input_texts import each_input
from ..figure.options import (
    FENCE_OPTIONS,
    OptionLine,
    complete,
    graph,
    keywords,
    read_line,
)
from ..graph.parser import parse_nodes
from ..slides.deck import FigureBlock
from ..slides.figure_rows import each_figure, row_of
from .front_matter import FrontMatter
from .source_places import Files, LocatedText, SourceText

if TYPE_CHECKING:
    from markdown_it.token import Token

    from ..figure.figure import Figure


LANGUAGE = "graphstep"
OPTION_OF_ERROR = MappingProxyType(
    {
        "nothing_to_expand": "--expand",
        "engine_missing": "--engine",
        "no_program": "--code",
        "no_numbers": "--code",
    }
)
"""The option that an error is about, by the key of the error; errors of inputs have their name."""


SHOWN = ("steps", "captions", "iterations")
"""The options that say what is shown of a figure, and make no other one."""


class FencePlace(NamedTuple):
    """The place of a fence in a text: its first line, the words in it, and its body."""

    text: SourceText
    head: Span
    words: Mapping[str, Span]  # of inputs, and of options with their dashes
    body: LocatedText
    line: int  # of the body's first line, counted from 0

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Give errors that are raised inside, about any part of the fence, a place in the file."""
        try:
            yield
        except GraphstepError as error:
            if error.span is not None and error.source == self.body.content and error.source:
                line = error.values.get("line")  # another place, which the sentence mentions
                if isinstance(line, int):
                    error.values["line"] = line + self.line
                span = self.body.span(error.span)
            else:
                word = OPTION_OF_ERROR.get(error.key) or str(error.values.get("name"))
                span = self.words.get(word, self.head)
            error.moved(self.text.source, span, self.text.name)
            raise


class Fence(NamedTuple):
    """A figure as a fence asks for it: an expression, its inputs, and all options by name."""

    expression: str
    inputs: dict[str, Any]
    options: dict[str, Any]
    place: FencePlace

    @property
    def key(self) -> object:
        """All that determines the figure: equal keys give equal figures."""
        numbers = [(name, _content(value)) for name, value in self.inputs.items()]
        options = [(k, _content(v)) for k, v in self.options.items() if k not in SHOWN]
        return self.expression, tuple(numbers), tuple(options)


def _content(value: Any) -> object:
    """A value, or what determines an array."""
    array = hasattr(value, "tobytes")
    return (value.shape, str(value.dtype), value.tobytes()) if array else value


def is_figure(token: Token) -> bool:
    """Whether a token is a fence of a figure."""
    return token.type == "fence" and token.info.split()[:1] == [LANGUAGE]


def fence_of(token: Token) -> str:
    """The first line of the fence of a figure for which a directive of Sphinx asks."""
    given = dict(SPHINX_OPTION.findall(token.content))
    inputs = [given.pop("with", "")]
    options = [f"--{name} {value}".strip() for name, value in given.items()]
    return " ".join(filter(None, (f"```{LANGUAGE}", *inputs, *options)))


SPHINX_OPTION = re.compile(r"^:([a-z]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def read_fence(text: SourceText, token: Token, front: FrontMatter, files: Files) -> Fence:
    """Read the fence of a token. Raises GraphstepError, with the place, for a wrong word."""
    first = (token.map or [0])[0]
    line = text.line(first)
    at = text.source.index(LANGUAGE, line.start) + len(LANGUAGE)
    words = read_line(text.source, FENCE_OPTIONS, at, line.end, files.find)
    deck = {"lang": front.meta.lang, "theme": front.meta.theme}
    options = complete(deck, front.options, words.options)
    body = text.locate(token.content.removesuffix("\n"), first + 1)
    spans = {f"--{name}": span for name, span in words.spans.items()}
    inputs = _inputs(text, words, options["seed"], files, spans)
    at = text.source.index(token.markup, text.starts[first])
    return Fence(
        body.content, inputs, options, FencePlace(text, Span(at, line.end), spans, body, first + 1)
    )


def _inputs(
    text: SourceText, words: OptionLine, seed: int, files: Files, spans: dict[str, Span]
) -> dict[str, Any]:
    """The inputs; the place of each is added to `spans` under its name."""
    reading, found = each_input((word.text for word in words.inputs), seed, files.find), {}
    for word in words.inputs:
        try:
            name, found[name] = next(reading)
        except GraphstepError as error:
            for end in (words.inputs[-1].span.end, word.span.end):
                _refuse_expression(text, Span(word.span.start, end))
            inner = text.source.find(error.source or word.text, *word.span)
            within = error.span if error.source and error.span and inner >= 0 else None
            span = Span(inner + within.start, inner + within.end) if within else word.span
            error.moved(text.source, span)
            raise
        spans[name] = word.span
    return found


def _refuse_expression(text: SourceText, span: Span) -> None:
    """Raise InputError if an expression stands in the place of inputs."""
    written = text.source[slice(*span)]
    try:
        has_gates = any(node.gate is not None for node in parse_nodes(written).nodes)
    except GraphstepError:
        return
    if has_gates:
        raise InputError("fence_expression", source=text.source, span=span, text=written)


def make_figure(fence: Fence) -> Figure:
    """Make and lay out the figure of a fence. Raises GraphstepError with the place in the file."""
    from ..figure.figure import Figure

    with fence.place.errors():
        made = Figure.of(
            graph(fence.expression, fence.options), inputs=fence.inputs, **keywords(fence.options)
        )
        _ = made.drawing  # raises here, with the place, if it cannot be drawn
        _ = made.program if made.style.code else None
    return made


def figure_blocks(fence: Fence, made: Figure) -> list[FigureBlock]:
    """The figure of a fence as a block for each iteration, with the frames that are asked for."""
    from ..figure.iterations import iterations

    with fence.place.errors():
        figures = iterations(made, fence.options["iterations"])
    return [_block(fence, figure) for figure in figures]


def _block(fence: Fence, made: Figure) -> FigureBlock:
    place = fence.place
    source, words = place.text.source, place.words
    with placed(source, words.get("--steps", place.head)):
        shown = chosen_frames(fence.options["steps"], made)
    with placed(source, words.get("--captions", place.head)):
        return FigureBlock(made, shown, noted_frames(fence.options["captions"], made, shown))


def row_block(blocks: Sequence[FigureBlock], in_turn: bool) -> FigureBlock:
    """Figures beside each other as one block."""
    figures = [figure for block in blocks for figure in each_figure(block.stepper)]
    row = row_of(figures, [block.shown for block in blocks], in_turn)
    noted = (any(map(contains, (block.captions for block in blocks), view)) for view in row.views)
    captions = tuple(k for k, note in enumerate(noted) if note)
    return FigureBlock(row, tuple(range(len(row))), captions)
