"""Exercise sheets: the graphs of a lecture with other numbers, boxes to write in, and a key.

Each copy takes two tasks, finding its numbers and drawing its figures, which can run in any
process: they take and return only texts and numbers. All copies are then typeset here, as one
document. For 30 copies of the neuron this takes half the time of joining 30 documents, and a third
of the bytes, since each font is embedded once; and it needs no library to join pages. Finding the
numbers takes three times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from ..base import package_files
from ..base.words import say
from ..drawing.measures import extent
from ..figure import options
from ..figure.figure import Figure
from ..graph.expressions import all_on_one_line
from ..graph.slots import Slot
from ..look.matrices import is_small
from ..look.style import PALETTES
from ..look.typst import literal, typeset
from .blanks import blank_svg, stretch_for, stretched
from .friendly_numbers import InputNumbers, flat_numbers, friendly
from .workers import Crew

PRINT_AREA = (523.0, 768.0)  # width and height inside the margins of an A4 page, in points
HEAD, TITLE = 86.0, 40.0  # heights of the head of a page and of the title of a figure
BOX_HEIGHT = 17.0  # 6 mm, the height of handwriting
LARGEST_SCALE, SMALLEST_SCALE = 1.2, 0.45  # scales of a figure on a sheet
SPARE = 1.25  # by how much it must be possible to stretch a figure for boxes
LARGEST_SCALE_IN_KEY = 0.75
UPRIGHT = 0.8  # a figure whose scale would be less than this makes all pages landscape
MOST_COPIES = 1000

InputPairs = tuple[tuple[str, Any], ...]


class Question(NamedTuple):
    """A graph to ask for: an expression, the lecture's numbers, options of its figure."""

    expression: str
    inputs: InputPairs
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def source(self) -> str:
        """The expression on one line."""
        return all_on_one_line(self.expression)


class Assignment(NamedTuple):
    """What all copies have in common: the questions, the seed, the language."""

    questions: tuple[Question, ...]
    seed: int
    lang: str = "en"
    values: bool = False  # whether values are asked for too
    title: str = ""


class DrawnFigure(NamedTuple):
    """A figure of a copy as SVG, on the sheet and in the key, with its widths in points."""

    source: str
    sheet: str
    width: float
    key: str
    key_width: float
    given: str
    answers: tuple[str, ...]


def make_question(expression: str, inputs: InputNumbers, chosen: options.Chosen) -> Question:
    """A question that can be sent to other processes: with arrays as nested tuples."""
    given = tuple((name, _frozen(value)) for name, value in inputs.items())
    shapes = ("constants", "group", "expand", "palette", "digits", "engine")
    return Question(expression, given, tuple((n, chosen[n]) for n in shapes if n in chosen))


def _frozen(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def obstacle(question: Question, lang: str) -> str:
    """Why a graph cannot be asked for on paper, as a key of a sentence; empty if it can.

    Raises GraphstepError for a wrong expression or input.
    """
    figure = _figure(question, lang, False)
    figure.tape.check_numbers()
    if not figure.graph.inputs:
        return "fixed"
    if not all(is_small(shape) for shape in figure.tape.shapes if shape):
        return "large"
    wide, high = _size(figure)
    fits = min(PRINT_AREA[1] / wide, (PRINT_AREA[0] - HEAD - TITLE) / (SPARE * high))
    return "" if fits >= SMALLEST_SCALE else "wide"


def without_repeats(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions, without those that differ from an earlier one only in their numbers."""
    first: dict[object, Question] = {}
    for each in questions:
        first.setdefault((each.source, each.options), each)
    return tuple(first.values())


def _size(figure: Figure) -> tuple[float, float]:
    return extent(figure.drawing, "")  # no array on paper is large


@lru_cache(maxsize=256)
def _figure(question: Question, lang: str, forward: bool) -> Figure:
    """The figure with the lecture's numbers, which each process lays out once."""
    chosen = options.complete(dict(question.options))
    graph = options.graph(question.expression, chosen)
    words = {**options.keywords(chosen), "lang": lang, "forward": forward}
    return Figure.of(graph, inputs=dict(question.inputs), **words).with_space


# --- the two tasks


def numbers(task: tuple[Assignment, int]) -> tuple[InputPairs, ...]:
    """The numbers of a copy, which depend on the seed, the copy and the place of each graph."""
    assignment, copy = task
    return tuple(_numbers(assignment, copy, k) for k in range(len(assignment.questions)))


def _numbers(
    assignment: Assignment, copy: int, place: int, taken: Iterable[Any] = ()
) -> InputPairs:
    question = assignment.questions[place]
    graph = _figure(question, assignment.lang, False).graph
    key = f"{assignment.seed}/{copy}/{place}"
    return tuple(friendly(graph, dict(question.inputs), key, frozenset(taken)).items())


def figures(task: tuple[Assignment, tuple[InputPairs, ...]]) -> tuple[DrawnFigure, ...]:
    """The figures of a copy."""
    assignment, found = task
    landscape = _landscape(assignment)
    pairs = zip(assignment.questions, found, strict=True)
    return tuple(_drawn(assignment, landscape, each, dict(given)) for each, given in pairs)


def _landscape(assignment: Assignment) -> bool:
    sizes = (_size(_figure(each, assignment.lang, False)) for each in assignment.questions)
    return any(PRINT_AREA[0] / wide < UPRIGHT for wide, _ in sizes)


def _drawn(
    assignment: Assignment, landscape: bool, question: Question, given: InputNumbers
) -> DrawnFigure:
    blank = _figure(question, assignment.lang, assignment.values).at(given)
    solved = _figure(question, assignment.lang, False).at(given)
    across, down = PRINT_AREA[::-1] if landscape else PRINT_AREA
    wide, high = _size(blank)
    high_free = down - HEAD - TITLE
    scale = min(LARGEST_SCALE, across / wide, high_free / (SPARE * high))
    most = high_free / (scale * high)
    stretch = stretch_for(blank, BOX_HEIGHT / scale, most, assignment.values)
    stretched_figure = replace(blank, _drawn=[stretched(blank.drawing, stretch)])
    return DrawnFigure(
        question.source, blank_svg(stretched_figure, stretch), wide * scale,
        solved[-1].picture("light", plain=True), wide * min(LARGEST_SCALE_IN_KEY, across / wide),
        solved.given, _answers(solved),
    )  # fmt: skip


def _answers(solved: Figure) -> tuple[str, ...]:
    """The gradients of all inputs and named gates, as they are printed."""
    graph, texts = solved.graph, solved.texts
    output = graph.nodes[graph.output].name or "f"
    named = ((n.name, i) for i, n in enumerate(graph.nodes) if n.name and i != graph.output)
    return tuple(
        f"∂{output}/∂{name} = {texts[Slot('upstream', i)]}"
        for name, i in named
        if not graph.holds_labels(i)
    )


# --- all copies


def copies(assignment: Assignment, count: int, run: Crew) -> tuple[bytes, bytes]:
    """The sheets and the key of `count` copies, as two PDFs.

    The first copies are the same however many follow. Raises what `typeset` and `run` raise.
    """
    found = list(run(numbers, [(assignment, copy) for copy in range(1, count + 1)]))
    unlike = _unlike(assignment, found)
    pages = list(run(figures, [(assignment, given) for given in unlike]))
    return _document(assignment, pages, key=False), _document(assignment, pages, key=True)


def _unlike(
    assignment: Assignment, found: Sequence[tuple[InputPairs, ...]]
) -> list[tuple[InputPairs, ...]]:
    """The numbers of all copies, with others in place of those of an earlier copy."""
    taken: list[set[tuple[float, ...]]] = [set() for _ in assignment.questions]
    made = []
    for copy, given in enumerate(found, 1):
        new = list(given)
        for k, used in enumerate(taken):
            if flat_numbers(dict(new[k])) in used:
                new[k] = _numbers(assignment, copy, k, used)
            used.add(flat_numbers(dict(new[k])))
        made.append(tuple(new))
    return made


def _document(assignment: Assignment, pages: Sequence[Sequence[DrawnFigure]], key: bool) -> bytes:
    files: dict[str, bytes] = {}
    texts = [_head(assignment, key)]
    for copy, figures in enumerate(pages, 1):
        records = []
        for k, each in enumerate(figures, 1):
            name = f"{copy}-{k}.svg"
            files[name] = (each.key if key else each.sheet).encode()
            records.append(_record(assignment.lang, each, name, key))
        texts.append(_copy(assignment, copy, records, key))
    return typeset("\n".join(texts), "pdf", files)[0]


def _head(assignment: Assignment, key: bool) -> str:
    layout = package_files.text(__file__, "static", "sheets.typ")
    title = _title(assignment, key)
    landscape = "true" if _landscape(assignment) else "false"
    return (
        f"{layout}\n#show: body => prepared({literal(title)}, {literal(assignment.lang)}, "
        f"{landscape}, body)"
    )


def _title(assignment: Assignment, key: bool) -> str:
    title = assignment.title or say("exercise.title", assignment.lang)
    return say("exercise.key_title", assignment.lang, title=title) if key else title


def _copy(assignment: Assignment, copy: int, records: Sequence[str], key: bool) -> str:
    ident = say("exercise.copy", assignment.lang, copy=copy, seed=assignment.seed)
    title = _title(assignment, key)
    below = "[]" if key else _fields(assignment)
    return (
        f"#copy({literal(title)}, {literal(ident)}, {literal(f'{title} · {ident}')}, {below}, "
        f"({''.join(f'{record}, ' for record in records)}))"
    )


def _fields(assignment: Assignment) -> str:
    """Lines for the name and the group, and a legend of the boxes."""
    colours = PALETTES["default"].light
    lang = assignment.lang
    samples = [
        (colours.value, "value") if assignment.values else None,
        (colours.gradient, "gradient"),
        (colours.muted, "local"),
    ]
    shown = " #h(18pt) ".join(
        f"#sample({literal(colour)}, {'true' if kind == 'local' else 'false'}, "
        f"{literal(say(f'exercise.{kind}', lang))})"
        for colour, kind in filter(None, samples)
    )
    task = say("exercise.task_values" if assignment.values else "exercise.task", lang)
    name, group = (literal(say(f"exercise.{field}", lang)) for field in ("name", "group"))
    return (
        f"[#line-to-write({name}, 220pt) #h(18pt) #line-to-write({group}, 90pt)\n\n"
        f"#{literal(task)} \\ {shown}]"
    )


def _record(lang: str, drawn: DrawnFigure, name: str, key: bool) -> str:
    wide = drawn.key_width if key else drawn.width
    answers = drawn.answers if key else ()
    alt = say("exercise.alt_key" if key else "exercise.alt", lang, source=drawn.source)
    return (
        f"(source: {literal(drawn.source)}, file: {literal(name)}, width: {wide:.6g}, "
        f"alt: {literal(alt)}, given: {literal(drawn.given if key else '')}, "
        f"answers: ({''.join(f'{literal(answer)}, ' for answer in answers)}))"
    )
