"""`graphstep exercise`: sheets with boxes to write in, each with other numbers, and their key."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING, Any

from ..base.errors import GraphstepError, OutputError, one_of
from ..base.files import check_writable, write_all
from ..base.words import languages, say
from ..exercises.assignment import Assignment, Question, make_question, without_repeats
from ..exercises.sheets import MOST_COPIES, copies, obstacle, require_numbers
from ..exercises.workers import Crew, cluster, cores, in_this_process, processes
from ..figure.input_texts import inputs, not_a_file
from ..figure.options import UPDATE, from_texts, with_flag_values
from ..look.typst import require_typst
from ..markdown import opened
from ..markdown.source_places import Files
from .arguments import Parser

if TYPE_CHECKING:
    from argparse import Namespace

DECK_ENDINGS = (".md", ".markdown")
MOST_VARIANTS, MOST_POINTS, LONGEST = 20, 999, 500  # the last: characters of instructions
SEED_BITS = 40  # of a hidden seed, so that nobody finds it by trying
WORTH_A_PROCESS = 16  # copies per process that make up for its start

_Found = tuple[Question, Callable[[], AbstractContextManager[Any]]]
"""A question, and the context manager that gives its errors a place."""


def run(args: list[str]) -> int:
    """Write the sheets and the key, and return the exit status. Raises GraphstepError."""
    parser = _parser()
    args = with_flag_values(args)
    options = parser.parse_args(args) if "--" in args else parser.parse_intermixed_args(args)
    sheets, key = _targets(options)
    _check(options)
    options.copies = options.copies or options.variants or 1
    assignment = _assignment(options)
    with _crew(options) as crew:
        made = copies(assignment, options.copies, _shown(crew, assignment.lang))
    for path in write_all(zip((sheets, key), made, strict=True)):
        print(path)
    return 0


def _parser() -> Parser:
    parser = Parser("exercise")
    parser.add_argument("source", metavar="FILE")
    parser.add_argument("inputs", nargs="*", metavar="name=value")
    parser.add_argument("-n", "--copies", type=int)
    parser.add_argument("-o", "--output", default="sheets.pdf")
    parser.add_argument("--key")
    parser.add_argument("--variants", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--hide-seed", action="store_true")
    parser.add_argument("--secret", default="")
    parser.add_argument("--points")
    parser.add_argument("--instructions", default="")
    parser.add_argument("--only")
    parser.add_argument("--blank", choices=("gradients", "all"), default="gradients")
    for name in UPDATE:
        parser.add_argument(f"--{name}")
    parser.add_argument("--confined", action="store_true")
    parser.add_argument("--title")
    parser.add_argument("--lang")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--dask", metavar="ADDRESS")
    return parser


def _targets(options: Namespace) -> tuple[Path, Path]:
    for name in (options.output, "key.pdf" if options.key is None else options.key):
        if Path(name).suffix.lower() != ".pdf":
            raise OutputError("only_pdf", path=name)
    sheets = Path(options.output)
    key = Path(options.key) if options.key is not None else sheets.with_name("key.pdf")
    for path in (sheets, key):
        check_writable(path)
    if sheets.absolute() == key.absolute():
        raise OutputError("same_file", path=str(key))
    require_typst(".pdf")
    return sheets, key


def _check(options: Namespace) -> None:
    if options.copies is not None and options.copies not in range(1, MOST_COPIES + 1):
        raise GraphstepError("bad_copies", given=options.copies, most=MOST_COPIES)
    if options.variants is not None and options.variants not in range(1, MOST_VARIANTS + 1):
        raise GraphstepError("bad_variants", given=options.variants, most=MOST_VARIANTS)
    if len(options.instructions) > LONGEST:
        count = len(options.instructions)
        raise GraphstepError("long_instructions", count=count, most=LONGEST)
    if options.seed is not None and options.seed < 0:
        raise GraphstepError("bad_seed", seed=options.seed)
    if options.jobs is not None and options.jobs < 1:
        raise GraphstepError("bad_jobs", given=options.jobs)
    if options.lang is not None:
        one_of("lang", options.lang, languages())


def _assignment(options: Namespace) -> Assignment:
    """The assignment; questions that do not fit on paper are reported on standard error."""
    title, lang, seed = options.title, options.lang, _seed(options)
    found: list[_Found] = []
    if Path(options.source).suffix.lower() in DECK_ENDINGS:
        for name in _learning(options):
            raise GraphstepError("update_in_fences", name=name)
        document = opened(options.source, Files(Path(options.source).parent, options.confined))
        meta = document.front.meta
        title, lang = meta.title if title is None else title, lang or meta.lang
        found = [
            (make_question(fence.expression, fence.inputs, fence.options), fence.place.errors)
            for fence in document.fences()
        ]
        if not found:
            raise GraphstepError("no_graphs", path=options.source)
    else:
        source, given = not_a_file(options.source), inputs(options.inputs, options.seed or 0)
        question = make_question(source, given, from_texts(_learning(options)))
        require_numbers(question, lang or "en")
        found = [(question, nullcontext)]
    questions = without_repeats(_possible(found, lang or "en"))
    if not questions:
        raise GraphstepError("nothing_to_ask")
    asked, values = _chosen(questions, options.only), options.blank == "all"
    points = _points(options.points, len(asked))
    return Assignment(
        asked, seed, lang or "en", values, title or "", points, options.instructions,
        options.variants or 0, options.hide_seed, options.secret,
    )  # fmt: skip


def _learning(options: Namespace) -> dict[str, str]:
    """The options of an update that are given, as texts."""
    given = ((name, getattr(options, name)) for name in UPDATE)
    return {name: text for name, text in given if text is not None}


def _seed(options: Namespace) -> int:
    """The seed; one that is hidden and not given is any, since everybody would try 0."""
    if options.seed is None and options.hide_seed:
        return randbits(SEED_BITS)
    return options.seed or 0


def _points(text: str | None, count: int) -> tuple[int, ...]:
    """The points of each question, from one number for all or one for each."""
    if text is None:
        return ()
    given = [int(word) for word in text.split(",") if re.fullmatch("[0-9]{1,3}", word)]
    if len(given) != text.count(",") + 1 or len(given) not in (1, count) or 0 in given:
        raise GraphstepError("bad_points", given=text, most=MOST_POINTS, count=count)
    return tuple(given if len(given) == count else given * count)


def _possible(found: Sequence[_Found], lang: str) -> Iterator[Question]:
    """The questions that fit on paper. Errors have their place in the file."""
    for each, placed in found:
        with placed():
            why = obstacle(each, lang)
        if not why:
            yield each
            continue
        reason = say(f"exercise.{why}", lang)
        print(say("exercise.left_out", lang, source=each.source, reason=reason), file=sys.stderr)


def _chosen(questions: tuple[Question, ...], only: str | None) -> tuple[Question, ...]:
    """The questions that `--only` names by their numbers on a full sheet."""
    if only is None:
        return questions
    numbers = only.split(",")
    known = {str(k): each for k, each in enumerate(questions, 1)}
    if not set(numbers) <= known.keys():
        raise GraphstepError("no_question", given=only, most=len(questions))
    return tuple(known[number] for number in dict.fromkeys(numbers))


def _crew(options: Namespace) -> AbstractContextManager[Crew]:
    """The crew: a cluster, processes on all cores or, for a few copies, this process."""
    if options.dask is not None:
        return cluster(options.dask)
    jobs = options.jobs or min(cores(), options.copies // WORTH_A_PROCESS)
    return processes(jobs) if jobs > 1 else nullcontext(in_this_process)


def _shown(crew: Crew, lang: str) -> Crew:
    """The same crew with a progress bar for each kind of task."""

    def run(function: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        from tqdm import tqdm

        label = say(f"exercise.{function.__name__}", lang)
        return iter(
            tqdm(crew(function, items), label, len(items), leave=False, disable=None, unit="")
        )

    return run
