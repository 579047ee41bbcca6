"""Options of a figure: one table for `graphstep.stepper`, the command line and every document."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..base.errors import GraphstepError, Span, nearest, one_of, placed, short
from ..base.words import languages
from ..explain.step_kinds import WAYS

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph

Lang = Literal["en", "ru"] | str  # a new language is a file of words; editors suggest these
LayoutEngine = Literal["embedded", "dot"] | str  # and what `layout_engine` adds
"""The words of options, for type checkers; a test compares them with the tables."""

Chosen = Mapping[str, Any]
Known = Callable[[], Iterable[str]]
Find = Callable[[str], Path]


class FigureOption(NamedTuple):
    """An option: how its text is read, its default, and the words that it may be.

    `read(name, text)` raises GraphstepError, without a place. A flag may be given without a value.
    """

    read: Callable[[str, str], Any]
    default: Any = None
    flag: bool = False
    known: Known | None = None
    files: bool = False  # whether it takes an array from a file, as in @gradient.npy

    def value(self, name: str, text: str, find: Find = Path) -> Any:
        """What a text means; `find` gives the path of a file. Raises GraphstepError."""
        if not self.files or not text.startswith("@"):
            return self.read(name, text)
        from .input_texts import file_value

        return file_value(name, text, find)


def choice(known: Known) -> Callable[[str, str], str]:
    """A reader that accepts one of several words."""

    def read(name: str, text: str) -> str:
        one_of(name, text, known())
        return text

    return read


def truth(name: str, text: str) -> bool:
    """A flag with a value. Raises GraphstepError for anything but a word of `TRUTHS`."""
    one_of(name, text.lower(), TRUTHS)
    return TRUTHS[text.lower()]


def _digits(_: str, text: str) -> int:
    from ..look.style import MOST_DIGITS

    if not WHOLE.fullmatch(text) or int(text) > MOST_DIGITS:
        raise GraphstepError("bad_digits", digits=text, most=MOST_DIGITS)
    return int(text)


def _seed(_: str, text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise GraphstepError("bad_seed", seed=text[:60])
    return int(text)


def _wrap(_: str, text: str) -> float:
    from ..look.style import check_wrap

    wrap = float(text) if WIDTH.fullmatch(text) else text
    check_wrap(wrap)
    return float(wrap)


def _upstream(name: str, text: str) -> Any:
    """The name of a loss outside, or the number or list that arrives."""
    from ..language.tokens import name_of
    from .input_texts import written_value

    return text if name_of(text) else written_value(name, text)


def _written(name: str, text: str) -> Any:
    from .input_texts import written_value

    return written_value(name, text)


def _rate(name: str, text: str) -> float:
    from ..updates.reading import read_rate
    from .input_texts import written_value

    return read_rate(written_value(name, text))


def _rule(_: str, text: str) -> str:
    from ..updates.reading import read_rule

    read_rule(text)
    return text


def check_iterations(count: object) -> int:
    """The number of iterations. Raises GraphstepError for anything but 1 to `MOST_ITERATIONS`."""
    if type(count) is not int or not 1 <= count <= MOST_ITERATIONS:
        raise GraphstepError("bad_iterations", given=short(count), most=MOST_ITERATIONS)
    return count


def _iterations(_: str, text: str) -> int:
    return check_iterations(int(text) if WHOLE.fullmatch(text) else text)


def _word(_: str, text: str) -> str:
    return text.strip()


def _names(_: str, text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def read_frames(text: str) -> str:
    """The same text, if it can mean frames. Raises GraphstepError without a place."""
    if not all(FRAME_RANGE.fullmatch(part) for part in text.split(",")):
        raise GraphstepError("bad_frames", given=text)
    return text


def _frames(_: str, text: str) -> str:
    return read_frames(text)


def _captions(_: str, text: str) -> bool | str:
    return TRUTHS[text.lower()] if text.lower() in TRUTHS else read_frames(text)


def _chosen(known: Known, default: str | None = None) -> FigureOption:
    return FigureOption(choice(known), default, known=known)


def _of_style(table: str, default: str) -> FigureOption:
    """An option of one of the words of a table in `look.style`, which is loaded when asked for."""

    def known() -> Iterable[str]:
        from ..look import style

        return getattr(style, table)  # type: ignore[no-any-return]

    return _chosen(known, default)


def _engines() -> Iterable[str]:
    from ..look.layout_engines import engine_names

    return engine_names()


def _modes() -> Iterable[str]:
    from ..forward_mode.reading import MODES

    return MODES


MOST_ITERATIONS = 100  # of one figure
WHOLE = re.compile("[0-9]{1,9}")
WIDTH = re.compile("[0-9]{1,9}([.][0-9]{1,9})?")
FRAME = r"([0-9]{1,6}|(node:)?[^\W\d][^\s,:-]*)"
FRAME_RANGE = re.compile(f"{FRAME}(-{FRAME}?)?")
"""Frames by number or name, as `frame_choice` reads them once there is a figure."""
TRUTHS = MappingProxyType({"true": True, "yes": True, "on": True,
                           "false": False, "no": False, "off": False})  # fmt: skip
OPTIONS: Mapping[str, FigureOption] = MappingProxyType(
    {
        "by": _chosen(lambda: WAYS),
        "forward": FigureOption(truth, False, flag=True),
        "upstream": FigureOption(_upstream, files=True),
        "target": FigureOption(_word),
        "mode": _chosen(_modes, "backward"),
        "wrt": FigureOption(_word),
        "tangent": FigureOption(_written, files=True),
        "update": FigureOption(_names, ()),
        "rate": FigureOption(_rate),
        "rule": FigureOption(_rule),
        "accumulate": FigureOption(truth, False, flag=True),
        "iterations": FigureOption(_iterations, 1),
        "constants": _chosen(lambda: ("inside", "nodes"), "inside"),
        "group": FigureOption(truth, False, flag=True),
        "expand": FigureOption(_names, ()),
        "palette": _of_style("PALETTES", "default"),
        "digits": FigureOption(_digits),
        "local": _of_style("LOCALS", "always"),
        "sums": FigureOption(truth, False, flag=True),
        "code": FigureOption(truth, False, flag=True),
        "drawn": _of_style("DRAWN", "gates"),
        "symbols": _of_style("SYMBOLS", "typeset"),
        "spacing": _of_style("SPACINGS", "close"),
        "direction": _of_style("DIRECTIONS", "auto"),
        "wrap": FigureOption(_wrap),
        "lang": _chosen(languages, "en"),
        "engine": _chosen(_engines),
        "seed": FigureOption(_seed, 0),
        "theme": _of_style("THEMES", "auto"),
        "steps": FigureOption(_frames, ""),
        "captions": FigureOption(_captions, False, flag=True),
        "quiz": FigureOption(truth, False, flag=True),
        "widget": FigureOption(truth, False, flag=True),
    }
)
"""All options, by name."""

LOOKS = ("palette", "digits", "local", "sums", "code", "drawn", "symbols", "spacing", "direction",
         "wrap")  # fmt: skip
"""Those that are fields of a style."""
MODE = ("mode", "wrt", "tangent")
"""Those of forward mode."""
UPDATE = ("update", "rate", "rule", "accumulate")
"""Those of the update after the backward pass."""
FIGURE_OPTIONS = ("by", "forward", "upstream", "target", *MODE, *UPDATE, "iterations", "constants",
                  "group", "expand", *LOOKS, "lang", "engine", "seed")  # fmt: skip
FENCE_OPTIONS = (*FIGURE_OPTIONS, "steps", "captions")
CELL_OPTIONS = (*FIGURE_OPTIONS, "theme", "quiz", "widget")
COMMAND_OPTIONS = (*FIGURE_OPTIONS, "theme", "steps", "captions")


class Word(NamedTuple):
    """A word without its quotation marks, and its place in the text."""

    text: str
    span: Span


class OptionLine(NamedTuple):
    """A line of words: inputs as written, options by name, and the places of the options."""

    inputs: tuple[Word, ...]
    options: dict[str, Any]
    spans: dict[str, Span]


def read_line(
    source: str, known: Collection[str], start: int = 0, end: int | None = None, find: Find = Path
) -> OptionLine:
    """Read inputs and options from words quoted as in a shell, in a text or a part of it.

    `find` gives the path of a file that an option names.

    Raises GraphstepError, with the place in `source`, for anything but inputs and known options.

    >>> line = read_line("x=-2 'W=[[1, 2]]' --by wire --forward", FENCE_OPTIONS)
    >>> [word.text for word in line.inputs], line.options
    (['x=-2', 'W=[[1, 2]]'], {'by': 'wire', 'forward': True})
    """
    line = OptionLine((), {}, {})
    words = _words(source, start, len(source) if end is None else end)
    for word in words:
        if not word.text.startswith("--"):
            line = line._replace(inputs=(*line.inputs, word))
            continue
        name, equals, text = word.text.removeprefix("--").partition("=")
        with placed(source, word.span):
            check_known(name, known, line.options, "--")
        value = Word(text, word.span) if equals else _value(source, name, word, words)
        with placed(source, value.span):
            line.options[name] = OPTIONS[name].value(name, value.text, find)
        line.spans[name] = value.span
    return line


def _value(source: str, name: str, option: Word, words: Iterator[Word]) -> Word:
    """The value of an option without a =: the next word, unless it is a flag."""
    if OPTIONS[name].flag:
        return option._replace(text="true")
    value = next(words, None)
    if value is None:
        raise GraphstepError("option_value", source=source, span=option.span, name=option.text)
    return value


def check_known(
    name: str, known: Collection[str], given: Collection[str], dashes: str = ""
) -> None:
    """Raise GraphstepError for an option that is unknown, or given twice."""
    if name not in known:
        near = nearest(name, known)
        raise GraphstepError(
            "unknown_option", name=dashes + name, near=near and dashes + near,
            known=", ".join(dashes + other for other in known),
        )  # fmt: skip
    if name in given:
        raise GraphstepError("option_twice", name=dashes + name)


def _words(source: str, start: int, end: int) -> Iterator[Word]:
    """The words between two places of a text."""
    stream = StringIO(source[start:end])
    lexer = shlex.shlex(stream, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    while True:
        at = start + stream.tell()
        at += len(source[at:end]) - len(source[at:end].lstrip(lexer.whitespace))
        try:
            text = lexer.get_token()
        except ValueError as error:
            raise GraphstepError("quotation", source=source, span=Span(at, at + 1)) from error
        if text is None:
            return
        width = len(source[at : start + stream.tell()].rstrip(lexer.whitespace))
        yield Word(text, Span(at, at + width))


def check_known_words(**given: object) -> None:
    """Raise GraphstepError for a value that is not a word of its option; None is its default."""
    for name, value in given.items():
        known = OPTIONS[name].known
        if known is not None and not (value is None and OPTIONS[name].default is None):
            one_of(name, value, known())


def with_flag_values(args: Iterable[str]) -> list[str]:
    """The arguments of a command with a value for each flag: --forward as --forward=true.

    >>> with_flag_values(["f = x", "--forward", "x=1", "--", "--forward"])
    ['f = x', '--forward=true', 'x=1', '--', '--forward']
    """
    args = list(args)
    end = args.index("--") if "--" in args else len(args)
    flags = {f"--{name}" for name, option in OPTIONS.items() if option.flag}
    return [f"{arg}=true" if arg in flags else arg for arg in args[:end]] + args[end:]


def from_texts(texts: Mapping[str, str | None], **defaults: Any) -> dict[str, Any]:
    """All options, some of them read from texts. Raises GraphstepError."""
    given = {name: text for name, text in texts.items() if text is not None}
    read = {name: OPTIONS[name].value(name, text) for name, text in given.items()}
    return complete(defaults, read)


# --- what is made from options


def complete(*chosen: Chosen) -> dict[str, Any]:
    """All options: as chosen, where later choices win, or else by default."""
    found = {name: option.default for name, option in OPTIONS.items()}
    for options in chosen:
        found.update(options)
    return found


def graph(expression: str, options: Chosen) -> ComputationalGraph:
    """The graph of an expression, with gates expanded and grouped, and the target, as chosen."""
    from ..engine.computational_graph import parse

    made = parse(expression, constants=options["constants"])
    for what in options["expand"]:
        made = made.expand(what)
    made = made.group_known() if options["group"] else made
    return made if options["target"] is None else made.target(options["target"])


def keywords(options: Chosen) -> dict[str, Any]:
    """The options as keyword arguments of `graphstep.stepper`."""
    from ..forward_mode.reading import asked as asked_along
    from ..look.style import Style
    from ..updates.reading import asked

    style = Style(**{name: options[name] for name in (*LOOKS, "theme")})
    given = ("by", "lang", "forward", "upstream", "engine")
    update = asked(*(options[name] for name in UPDATE))
    mode = asked_along(
        *(options[name] for name in MODE), by=options["by"] not in (None, "gate"),
        upstream=options["upstream"] is not None, update=update is not None,
    )  # fmt: skip
    return {
        "style": style,
        "update": update,
        "mode": mode,
        **{name: options[name] for name in given},
    }
