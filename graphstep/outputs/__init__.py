"""The table of output formats: one module and one row for each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..base.errors import OutputError
from ..base.files import write
from ..base.words import say

if TYPE_CHECKING:
    from ..figure.iterations import Shown
    from ..slides.deck import Deck
    from ..slides.legibility import SlideSizes


class Format(NamedTuple):
    """A format: the module that writes it, and what its reader can do with it.

    The module has `whole(figure)`, or a function of another name, which returns the content of a
    file. It may have `pages(figure)`, which returns a function a frame, and `deck(deck)`, which
    returns the content for a whole deck. A module for decks has `sizes(deck)`, a
    `SlideSizes` for each slide, whose `over` counts pages if a long slide goes on on further ones.
    It may have `files_beside(deck)`, the files to write beside the deck's own, by name.
    """

    module: str
    steps: str  # how the steps are shown: a key of words
    notes: bool  # whether the speaker sees each step's sentence apart from the figure
    editable: bool  # whether the figure can be changed in the program that shows it
    selectable: bool  # whether its text can be selected and searched
    extra: str = ""  # the optional dependencies to install
    whole: str = "whole"  # the function for a figure
    deck: str = "deck"  # the function for a deck
    too_long: str = ""  # what becomes of a slide that is too long: a key of words


PICTURED = Format(
    "powerpoint.pages", "pictured", True, False, True, "slides", "pictured_whole", "pictured_deck",
    "cut",
)  # fmt: skip

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".svg": Format("outputs.svg", "files", False, True, True),
        ".html": Format("player.page", "stepper", False, False, True),
        ".dot": Format("outputs.dot", "last", False, True, True),
        ".txt": Format("outputs.text", "text", False, True, True),
        ".json": Format("outputs.json", "data", False, True, True),
        ".py": Format("outputs.python", "program", False, True, True),
        ".png": Format("outputs.png", "files", False, False, False, "slides"),
        ".gif": Format("outputs.animation", "film", False, False, False, "slides", "gif"),
        ".apng": Format("outputs.animation", "film", False, False, False, "slides", "apng"),
        ".pdf": Format("documents.pdf", "pages", False, False, True, "slides"),
        ".crop.pdf": Format("documents.cropped_pdf", "figures", False, False, True, "slides"),
        ".pptx": Format("powerpoint.pages", "slides", True, True, True, "slides"),
        ".picture.pptx": PICTURED,
        ".tex": Format("documents.beamer", "overlays", True, True, True),
        ".deck.html": Format("player.reveal_deck", "fragments", True, False, True),
    }
)
"""What a figure can be written as, by the ending of the file: the longest that fits counts."""

DECKS: Mapping[str, Format] = MappingProxyType(
    {
        ".html": Format("player.reveal_deck", "fragments", True, False, True, too_long="scrolled"),
        ".pdf": Format("documents.pdf", "pages", False, False, True, "slides", too_long="pages"),
        ".pptx": Format("powerpoint.pages", "slides", True, True, True, "slides", too_long="cut"),
        ".picture.pptx": PICTURED,
        ".tex": Format("documents.beamer", "overlays", True, True, True, "slides"),
    }
)
"""The formats for decks."""


def format_rows(lang: str = "en") -> list[tuple[str, ...]]:
    """The table of formats in words: a header, then a row for each format.

    >>> format_rows()[1][0::2]
    ('.svg', '–', 'yes')
    """
    heads = ("ending", "steps", "notes", "editable", "selectable", "extra")
    rows = [tuple(say(f"format.{head}", lang) for head in heads)]
    for suffix, form in FORMATS.items():
        marks = (form.notes, form.editable, form.selectable)
        said = (say(f"format.{'yes' if mark else 'no'}", lang) for mark in marks)
        rows.append((suffix, say(f"format.{form.steps}", lang), *said, form.extra))
    return rows


def save(figure: Shown, path: str | os.PathLike[str]) -> list[Path]:
    """Write a figure in the format of the path's ending; a path with `{n}` gets a file a frame."""
    return [write(target, content()) for target, content in plan(figure, path)]


def save_deck(deck: Deck, path: str | os.PathLike[str]) -> Path:
    """Write a deck in the format of the path's ending, and return the path. Raises OutputError."""
    content = deck_content(path)(deck)
    for name, image in deck_images(deck, path):
        write(name, image)
    return write(path, content)


def deck_images(deck: Deck, path: str | os.PathLike[str]) -> list[tuple[str, bytes]]:
    """The files to write beside a deck's own: images, for formats that cannot embed them."""
    form = _format(_named(path), DECKS)
    files = getattr(_needing(form, partial(_module, form)), "files_beside", None)
    found = _needing(form, partial(files, deck)) if files else {}
    return [(os.fspath(Path(path).parent / name), image) for name, image in found.items()]


def deck_sizes(deck: Deck, path: str | os.PathLike[str], handout: bool = False) -> list[SlideSizes]:
    """The sizes in points of texts and figures of each slide in the format of the path's ending."""
    form = _format(_named(path), DECKS)
    from ..pictures.figure_columns import column_figure_size, column_formula_size
    from ..pictures.letters import letters
    from ..slides.deck import smallest

    name = "handout_sizes" if handout else "sizes"
    found: list[SlideSizes] = _needing(form, lambda: getattr(_module(form), name)(deck))
    pairs = zip(found, deck.slides, strict=True)
    return [
        size._replace(
            text=size.text * smallest(slide.blocks),
            picture=letters(slide, deck.meta.aspect),
            figure=size.figure if handout else min(size.figure, column_figure_size(slide)),
            formulas=size.formulas if handout else min(size.formulas, column_formula_size(slide)),
        )
        for size, slide in pairs
    ]


def deck_too_long(path: str | os.PathLike[str]) -> str:
    """What becomes of slides that are too long; empty where only the format's program knows."""
    return _format(_named(path), DECKS).too_long


def deck_missing_fonts(deck: Deck, path: str | os.PathLike[str]) -> list[str]:
    """The fonts of a deck that are to be in a file and are not installed where it is made."""
    form = _format(_named(path), DECKS)
    find = getattr(_module(form), "missing_fonts", None)
    return [] if find is None else _needing(form, partial(find, deck))


def deck_missing_letters(deck: Deck, path: str | os.PathLike[str]) -> list[str]:
    """The characters of each slide for which a file has no font."""
    form = _format(_named(path), DECKS)
    find = getattr(_module(form), "missing_letters", None)
    return [""] * len(deck.slides) if find is None else _needing(form, partial(find, deck))


def deck_content(
    path: str | os.PathLike[str], handout: bool = False
) -> Callable[[Deck], str | bytes]:
    """Return a function that makes the content of a deck's file. Raises OutputError.

    A handout has all steps, small, on paper.
    """
    form = _format(_named(path), DECKS)
    module = _needing(form, partial(_module, form))
    make = getattr(module, "handout" if handout else form.deck, None)
    if make is None:
        raise OutputError("no_handout", path=os.fspath(path))
    return lambda deck: _needing(form, partial(make, deck))


Content = Callable[[], str | bytes]
Made = TypeVar("Made")


def plan(figure: Shown, path: str | os.PathLike[str]) -> list[tuple[str, Content]]:
    """The files to write for a path, each with a function that makes its content."""
    name = _named(path)
    form = _format(name, FORMATS)
    module = _needing(form, partial(_module, form))
    if "{" not in name:
        return [(name, partial(_needing, form, partial(getattr(module, form.whole), figure)))]
    pages = getattr(module, "pages", None)
    if pages is None:
        known = ", ".join(suffix for suffix, form in FORMATS.items() if form.steps == "files")
        raise OutputError("no_pages", suffix=Path(name).suffix, known=known)
    names = _names(name, _numbers(figure))
    made = (partial(_needing, form, page) for page in pages(figure))
    return list(zip(names, made, strict=True))


def _numbers(figure: Shown) -> list[int]:
    """The numbers of the frames that are shown; those of several figures are counted."""
    found = [frame.index for frame in figure.frames]
    return found if len(set(found)) == len(found) else [*range(len(found))]


def _named(path: object) -> str:
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
    if not name or not isinstance(name, str):
        raise OutputError("no_path", path=path)
    return name


def _format(name: str, known: Mapping[str, Format]) -> Format:
    fits = [suffix for suffix in known if Path(name).name.lower().endswith(suffix)]
    if not fits:
        raise OutputError("unknown_format", path=name, known=" ".join(known))
    return known[max(fits, key=len)]


def _module(form: Format) -> Any:
    return import_module(f"..{form.module}", __name__)


def _needing(form: Format, make: Callable[[], Made]) -> Made:
    """Call `make`. Raises OutputError if a package that the format needs is missing."""
    try:
        return make()
    except ImportError as error:
        if not form.extra:
            raise
        rows = chain(DECKS.items(), FORMATS.items())
        what = next(ending for ending, row in rows if row == form)
        raise OutputError("needs_extra", what=what, extra=form.extra) from error


def _names(pattern: str, numbers: list[int]) -> list[str]:
    """The file names of a pattern with `{n}` or, with a width, `{n:02}`, and no other braces."""
    if set(NUMBER.sub("", pattern)) & {"{", "}"}:
        raise OutputError("bad_pattern", path=pattern)
    return [
        NUMBER.sub(lambda match, n=n: match.group().format(n=n), pattern)  # type: ignore[misc]
        for n in numbers
    ]


NUMBER = re.compile(r"\{n(:0?[0-9]{1,2}d?)?\}")
