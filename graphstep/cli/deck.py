"""`graphstep deck`: make slides from a Markdown file, once or after every change to its files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GraphstepError, OutputError, beginning, reason
from ..base.files import check_writable, write_all
from ..base.words import known_language, say, with_mark
from ..markdown import Document, opened
from ..markdown.figure_fences import make_figure
from ..markdown.front_matter import META
from ..markdown.source_places import Files, stamp
from ..markdown.themes import INKS
from ..outputs import (
    deck_content,
    deck_images,
    deck_missing_fonts,
    deck_missing_letters,
    deck_sizes,
    deck_too_long,
)
from ..slides.deck import plain
from ..slides.legibility import FIGURE_LEAST, MARK_LEAST, PAPER_LEAST, least_text
from .arguments import Parser

if TYPE_CHECKING:
    from argparse import Namespace

    from ..figure.figure import Figure
    from ..markdown.figure_fences import Fence
    from ..slides.deck import Deck, Slide
    from ..slides.legibility import SlideSizes

OK = 0
NOTICEABLE = 0.005  # part of a page by which a slide may be too long
MOST_LETTERS = 12  # characters without a font in a warning
LONGEST_TITLE = 60  # letters of a title in a warning
POLL_INTERVAL = 1000  # milliseconds after which files are checked even without a notification


class Target(NamedTuple):
    """A file to write, and the function that makes its content."""

    path: str
    content: Callable[[Deck], str | bytes]


def run(args: Sequence[str]) -> int:
    """Build the deck once, or with --watch after every change; return the exit status."""
    options = _parser().parse_args(args)
    meta = {name: META[name](name, given) for name in ("lang", "theme")
            if (given := getattr(options, name)) is not None}  # fmt: skip
    builder = _DeckBuilder(options, _targets(options), meta)
    if options.watch:
        builder.watch()
    builder.build()
    print(*(target.path for target in builder.targets), sep="\n")
    return OK


def _parser() -> Parser:
    parser = Parser("deck")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("-o", "--output", action="append")
    parser.add_argument("--handout", action="store_true")
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("--confined", action="store_true")
    parser.add_argument("--lang")
    parser.add_argument("--theme")
    return parser


def _targets(options: Namespace) -> list[Target]:
    """The files to write. Raises OutputError, as far as possible, before any work is done."""
    if not Path(options.file).name:
        raise OutputError("no_path", path=options.file)
    beside = Path(options.file).with_suffix(".handout.pdf" if options.handout else ".html")
    targets = []
    for path in options.output or [str(beside)]:
        targets.append(Target(path, deck_content(path, options.handout)))
        check_writable(path)
    return targets


class _Figures:
    """Figures by all that determines them, kept from one build of a deck to the next."""

    def __init__(self) -> None:
        self.kept: dict[object, Figure] = {}
        self.used: dict[object, bool] = {}  # whether each figure of this build is new

    def begin(self) -> None:
        """Begin a build."""
        self.used = {}

    def make(self, fence: Fence) -> Figure:
        """The figure of a fence, kept or new."""
        key = fence.key
        if key not in self.kept:
            self.kept[key], self.used[key] = make_figure(fence), True
        self.used.setdefault(key, False)
        return self.kept[key]

    def end(self) -> int:
        """End a build: forget the figures it did not use, and return how many were new."""
        self.kept = {key: self.kept[key] for key in self.used}
        return sum(self.used.values())


class _DeckBuilder:
    """A deck, its files and figures, for one build or many."""

    def __init__(self, options: Namespace, targets: list[Target], meta: dict[str, str]) -> None:
        self.file, self.paper, self.confined = options.file, options.handout, options.confined
        self.targets, self.meta = targets, meta
        self.files = Files(Path())
        self.figures = _Figures()

    def build(self) -> tuple[Document, int]:
        """Write all files once all are made; return the document and how many figures are new."""
        self.files = Files(Path(self.file).parent, self.confined)
        document = opened(self.file, self.files).with_meta(**self.meta)
        self.figures.begin()
        with _progress(document.count + len(self.targets)) as bar:

            def make(fence: Fence) -> Figure:
                figure = self.figures.make(fence)
                bar.update()
                return figure

            deck, contents = document.deck(make), []
            with _speaking(deck.meta.lang):
                for target in self.targets:
                    contents.append((target.path, target.content(deck)))
                    contents += deck_images(deck, target.path)
                    bar.update()
        write_all(contents)
        _warn_of_colours(deck)
        for target in self.targets:
            _warn_of_fonts(deck, target.path)
        self._warn(document, deck)
        return document, self.figures.end()

    def _warn(self, document: Document, deck: Deck) -> None:
        """Warn of slides that are too small to be read or too long, for each format separately."""
        lang = deck.meta.lang
        for path in (target.path for target in self.targets):
            found = deck_sizes(deck, path, self.paper)
            letters = deck_missing_letters(deck, path)
            rows = zip(found, deck.slides, document.lines, letters, strict=True)
            for size, slide, line, missing in rows:
                place = say("deck.place", lang, file=self.file, line=line, path=path,
                            slide=_named(slide, lang))  # fmt: skip
                too_long = deck_too_long(path)
                told = [*_missing(missing, lang), *(
                    _on_paper(size, lang) if self.paper else _warnings(size, slide, too_long, lang)
                )]  # fmt: skip
                for said in told:
                    print(f"graphstep: {place} {said}", file=sys.stderr, flush=True)

    def watch(self) -> None:
        """Build now, and whenever a file that the deck uses changes, until interrupted."""
        notifications = _notifications()
        while True:
            self._try()
            self._wait(notifications)

    def _try(self) -> None:
        """Build, and report it in one line; print an error, which leaves all files as they were."""
        start = perf_counter()
        try:
            document, new = self.build()
        except GraphstepError as error:
            lang = known_language(self.meta.get("lang", error.lang))
            print(f"graphstep: {error.message(lang)}", file=sys.stderr, flush=True)
        except OSError as error:
            print(f"graphstep: {reason(error)}", file=sys.stderr, flush=True)
        else:
            lang = document.front.meta.lang
            seconds = with_mark(f"{perf_counter() - start:.2f}", lang)
            paths = ", ".join(target.path for target in self.targets)
            print(say("deck.built", lang, paths=paths, seconds=seconds, made=new,
                      count=document.count), flush=True)  # fmt: skip

    def _wait(self, notifications: Callable[..., Iterator[object]]) -> None:
        """Wait until a file differs from what was read, which may be so already."""
        if self._changed():
            return
        folders = {_existing(path.absolute().parent) for path in self.files.seen}
        for _ in notifications(
            *sorted(folders), watch_filter=None, recursive=False, rust_timeout=POLL_INTERVAL,
            yield_on_timeout=True, debounce=200,
        ):  # fmt: skip
            if self._changed():
                return

    def _changed(self) -> bool:
        return any(stamp(path) != seen for path, seen in self.files.seen.items())


@contextmanager
def _speaking(lang: str) -> Iterator[None]:
    """Let errors of writers, which know no language, be in that of the deck."""
    try:
        yield
    except GraphstepError as error:
        error.lang = lang
        raise


def _warn_of_colours(deck: Deck) -> None:
    """Warn of colours of a theme file that are hard to see on its pages."""
    look = deck.meta.look
    for name, colour, found, least in look.faint if look.file else ():
        named = next(given for given, field in INKS.items() if field == name)
        key = "deck.faint_dark" if look.theme == "dark" else "deck.faint"
        numbers = {name: with_mark(f"{number:.1f}", deck.meta.lang)
                   for name, number in (("contrast", found), ("least", least))}  # fmt: skip
        said = say(key, deck.meta.lang, file=look.file, name=named, colour=colour,
                   page=look.paper, **numbers)  # fmt: skip
        print(f"graphstep: {said}", file=sys.stderr, flush=True)


def _warn_of_fonts(deck: Deck, path: str) -> None:
    """Warn of fonts of a theme file that a file should have and lacks."""
    for name in deck_missing_fonts(deck, path):
        said = say("deck.font", deck.meta.lang, path=path, name=name, file=deck.meta.look.file)
        print(f"graphstep: {said}", file=sys.stderr, flush=True)


def _warnings(size: SlideSizes, slide: Slide, too_long: str, lang: str) -> Iterator[str]:
    """What is wrong with the sizes of a slide, if anything."""
    least, figure = least_text(slide), FIGURE_LEAST
    if too_long and size.over > NOTICEABLE:
        percent, pages = max(1, round(100 * size.over)), round(size.over) + 1
        yield say(f"deck.{too_long}", lang, percent=percent, pages=pages)
    elif round(size.text, 1) < least:
        yield say("deck.small", lang, size=_points(size.text, least), least=round(least))
    if round(size.figure, 1) < figure:
        yield say("deck.figure", lang, size=_points(size.figure, figure), least=round(figure))
    shown = slide.figure is None or slide.figure.has_formulas  # those in a column are told apart
    if round(size.formulas, 1) < figure and shown:
        yield say("deck.formulas", lang, size=_points(size.formulas, figure), least=round(figure))
    if round(size.program, 1) < figure and (size.letters or round(size.text, 1) >= least):
        key = "deck.program_wide" if size.letters else "deck.program_long"
        yield say(key, lang, size=_points(size.program, figure), least=round(figure),
                  letters=size.letters)  # fmt: skip
    if round(size.formula, 1) < figure:
        yield say("deck.formula", lang, size=_points(size.formula, figure), least=round(figure))
    if size.table > NOTICEABLE:
        yield say("deck.table", lang, percent=max(1, round(100 * size.table)))
    if round(size.picture, 1) < MARK_LEAST:
        yield say("deck.picture", lang, size=_points(size.picture, MARK_LEAST),
                  least=round(MARK_LEAST))  # fmt: skip


def _missing(letters: str, lang: str) -> Iterator[str]:
    """What is wrong with the characters of a slide, if anything."""
    if letters:
        yield say("deck.letters", lang, letters=" ".join(letters[:MOST_LETTERS]))


def _on_paper(size: SlideSizes, lang: str) -> Iterator[str]:
    """What is wrong with the sizes of a slide in a handout, if anything."""
    if round(size.figure, 1) < PAPER_LEAST:
        points = _points(size.figure, PAPER_LEAST)
        yield say("deck.paper", lang, size=points, least=round(PAPER_LEAST))
    if round(size.program, 1) < PAPER_LEAST:
        key = "deck.program_paper" if size.letters else "deck.program_paper_small"
        yield say(key, lang, size=_points(size.program, PAPER_LEAST),
                  least=round(PAPER_LEAST), letters=size.letters)  # fmt: skip


def _points(size: float, least: float) -> int:
    """A size that is too small as a whole number, which is less than the one that is needed."""
    return min(round(size), round(least) - 1)


def _named(slide: Slide, lang: str) -> str:
    """A slide by its title, for a warning."""
    title = beginning(plain(slide.title), LONGEST_TITLE)
    return say("deck.titled", lang, title=title) if title else say("deck.untitled", lang)


def _notifications() -> Callable[..., Iterator[object]]:
    """The function that watches folders. Raises OutputError if watchfiles is not installed."""
    try:
        from watchfiles import watch
    except ImportError as error:
        raise OutputError("needs_extra", what="--watch", extra="slides") from error
    return watch


def _existing(folder: Path) -> Path:
    """A folder, or the nearest one above it that exists."""
    return next(found for found in (folder, *folder.parents) if found.is_dir())


def _progress(total: int) -> Any:
    from tqdm import tqdm

    return tqdm(total=total, leave=False, disable=None)
