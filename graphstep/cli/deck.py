"""`graphstep deck`: a Markdown file becomes slides, once or whenever something of it changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..base.errors import GraphstepError, OutputError, reason
from ..base.files import check_writable, write_all
from ..base.words import known_language, say
from ..figure.deck import plain
from ..figure.slide_plans import SMALL
from ..markdown import Document, opened
from ..markdown.figure_fences import make_figure
from ..markdown.front_matter import META
from ..markdown.source_places import Files, stamp
from ..outputs import deck_content, deck_images, deck_text_sizes
from .arguments import Parser

if TYPE_CHECKING:
    from argparse import Namespace

    from ..figure.deck import Deck
    from ..figure.figure import Figure
    from ..markdown.figure_fences import Fence

OK = 0
LOOK = 1000  # milliseconds after which files are looked at even if nothing told of a change


class Target(NamedTuple):
    """A file to be written, and what makes its content."""

    path: str
    content: Callable[[Deck], str | bytes]


def run(args: Sequence[str]) -> int:
    """Build the deck, and with --watch ever again; return the exit status."""
    options = _parser().parse_args(args)
    meta = {name: META[name](name, given) for name in ("lang", "theme")
            if (given := getattr(options, name)) is not None}  # fmt: skip
    work = _Work(options, _targets(options), meta)
    if options.watch:
        work.watch()
    work.build()
    print(*(target.path for target in work.targets), sep="\n")
    return OK


def _parser() -> Parser:
    parser = Parser("deck")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("-o", "--output", action="append")
    parser.add_argument("--handout", action="store_true")
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("--lang")
    parser.add_argument("--theme")
    return parser


def _targets(options: Namespace) -> list[Target]:
    """The files to be written. What can be told of a bad one is told here, before the work."""
    if not Path(options.file).name:
        raise OutputError("no_path", path=options.file)
    beside = Path(options.file).with_suffix(".handout.pdf" if options.handout else ".html")
    targets = []
    for path in options.output or [str(beside)]:
        targets.append(Target(path, deck_content(path, options.handout)))
        check_writable(path)
    return targets


class _Work:
    """A deck that is built; its figures are kept for the next time."""

    def __init__(self, options: Namespace, targets: list[Target], meta: dict[str, str]) -> None:
        self.file, self.paper = options.file, options.handout
        self.targets, self.meta = targets, meta
        self.files = Files(Path())
        self.kept: dict[object, Figure] = {}

    def build(self) -> tuple[Document, int]:
        """Write all files, none of them before all are made; and how many figures were new."""
        self.files = Files(Path(self.file).parent)
        document = opened(self.file, self.files).with_meta(**self.meta)
        used: dict[object, bool] = {}  # whether each figure is new
        with _progress(document.count + len(self.targets)) as bar:

            def make(fence: Fence) -> Figure:
                key = fence.key
                if key not in self.kept:
                    self.kept[key], used[key] = make_figure(fence), True
                used.setdefault(key, False)
                bar.update()
                return self.kept[key]

            deck, contents = document.deck(make), []
            for target in self.targets:
                contents += [(target.path, target.content(deck)), *deck_images(deck, target.path)]
                bar.update()
        write_all(contents)
        if not self.paper:
            self._warn(document, deck)
        self.kept = {key: self.kept[key] for key in used}
        return document, sum(used.values())

    def _warn(self, document: Document, deck: Deck) -> None:
        """Tell of slides on which texts come out too small to be read, in each format by itself."""
        for target in self.targets:
            sizes = deck_text_sizes(deck, target.path)
            for slide, line, size in zip(deck.slides, document.lines, sizes, strict=True):
                if size < SMALL:
                    key = "deck.small" if slide.title else "deck.small_untitled"
                    told = say(key, deck.meta.lang, file=self.file, line=line, size=round(size),
                               title=plain(slide.title), path=target.path)  # fmt: skip
                    print(f"graphstep: {told}", file=sys.stderr, flush=True)

    def watch(self) -> None:
        """Build, and again whenever a file that the deck uses changes, until interrupted."""
        look = _look()
        while True:
            self._try()
            self._wait(look)

    def _try(self) -> None:
        """Build and tell of it in a line; an error is told, and leaves everything as it was."""
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
            seconds = f"{perf_counter() - start:.2f}".replace(".", say("number.mark", lang))
            paths = ", ".join(target.path for target in self.targets)
            print(say("deck.built", lang, paths=paths, seconds=seconds, made=new,
                      count=document.count), flush=True)  # fmt: skip

    def _wait(self, look: Callable[..., Iterator[object]]) -> None:
        """Until a file is not what it was when it was read, which may be already."""
        if self._changed():
            return
        folders = {_existing(path.absolute().parent) for path in self.files.seen}
        for _ in look(*sorted(folders), watch_filter=None, recursive=False, rust_timeout=LOOK,
                       yield_on_timeout=True, debounce=200):  # fmt: skip
            if self._changed():
                return

    def _changed(self) -> bool:
        return any(stamp(path) != seen for path, seen in self.files.seen.items())


def _look() -> Callable[..., Iterator[object]]:
    """What looks at folders. Raises OutputError where it is not installed."""
    try:
        from watchfiles import watch
    except ImportError as error:
        raise OutputError("needs_extra", what="--watch", extra="slides") from error
    return watch


def _existing(folder: Path) -> Path:
    """A folder, or the nearest one above that is there."""
    return next(found for found in (folder, *folder.parents) if found.is_dir())


def _progress(total: int) -> Any:
    from tqdm import tqdm

    return tqdm(total=total, leave=False, disable=None)
