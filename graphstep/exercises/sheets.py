"""Exercise sheets: the graphs of a lecture with other numbers, boxes to write in, and a key.

Two tasks are done for each copy, anywhere: finding its numbers, and drawing its figures. They take
and give texts and numbers only. One document is then made of all copies, here: of 30 copies of the
neuron that took half the time of 30 documents that are joined, a third of the bytes, since it holds
each font once, and no library to join pages. Finding the numbers takes three times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from ..base.words import say
from ..drawing.measures import extent
from ..figure import options
from ..figure.figure import Figure
from ..graph.expressions import plain
from ..graph.slots import Slot
from ..look.matrices import is_small
from ..look.style import PALETTES
from ..look.typst import literal, typeset
from .blanks import room, sheet, stretched
from .friendly_numbers import Given, flat, friendly
from .workers import Crew

PAPER = (523.0, 768.0)  # width and height between the margins of an A4 page, in points
HEAD, TITLE = 86.0, 40.0  # what the head of a page takes, and the title of a figure
BOX = 17.0  # 6 mm: as high as one writes
LARGEST, LEAST = 1.2, 0.45  # scales of a figure on a sheet
SPARE = 1.25  # how much a figure can be stretched for boxes, at least
LARGEST_IN_KEY = 0.75
UPRIGHT = 0.8  # a figure that would be smaller than this makes the pages landscape ones
MOST_COPIES = 1000

Numbers = tuple[tuple[str, Any], ...]


class Question(NamedTuple):
    """A graph that is asked for: an expression, the lecture's numbers, options of its figure."""

    expression: str
    inputs: Numbers
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def source(self) -> str:
        """The expression on one line."""
        return plain(self.expression)


class Order(NamedTuple):
    """What is asked for in all copies."""

    questions: tuple[Question, ...]
    seed: int
    lang: str = "en"
    values: bool = False  # whether values are asked for, too
    title: str = ""


class Drawn(NamedTuple):
    """A figure of a copy: its SVG on the sheet and in the key, with their widths in points."""

    source: str
    sheet: str
    width: float
    key: str
    key_width: float
    given: str
    answers: tuple[str, ...]


def question(expression: str, inputs: Given, chosen: options.Chosen) -> Question:
    """A question that can be sent anywhere: arrays as nested tuples."""
    given = tuple((name, _frozen(value)) for name, value in inputs.items())
    shapes = ("constants", "group", "expand", "palette", "digits", "engine")
    return Question(expression, given, tuple((n, chosen[n]) for n in shapes if n in chosen))


def _frozen(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def obstacle(each: Question, lang: str) -> str:
    """Why a graph cannot be asked for on paper, as a key of the words; empty if it can.

    Raises GraphstepError for an expression or an input that does not fit.
    """
    figure = _figure(each, lang, False)
    if not figure.graph.inputs:
        return "fixed"
    if not all(is_small(shape) for shape in figure.tape.shapes if shape):
        return "large"
    wide, high = _size(figure)
    fits = min(PAPER[1] / wide, (PAPER[0] - HEAD - TITLE) / (SPARE * high))
    return "" if fits >= LEAST else "wide"


def kept(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions without those that are the same but for their numbers."""
    first: dict[object, Question] = {}
    for each in questions:
        first.setdefault((each.source, each.options), each)
    return tuple(first.values())


def _size(figure: Figure) -> tuple[float, float]:
    return extent(figure.drawing, "")  # no array on paper is large


@lru_cache(maxsize=256)
def _figure(question: Question, lang: str, forward: bool) -> Figure:
    """The figure with the lecture's numbers, laid out once in each process."""
    chosen = options.complete(dict(question.options))
    graph = options.graph(question.expression, chosen)
    words = {**options.keywords(chosen), "lang": lang, "forward": forward}
    return Figure.of(graph, inputs=dict(question.inputs), **words)


# --- the two tasks


def numbers(task: tuple[Order, int]) -> tuple[Numbers, ...]:
    """The numbers of a copy, which follow from the seed, the copy and the place of the graph."""
    order, copy = task
    return tuple(_numbers(order, copy, k) for k in range(len(order.questions)))


def _numbers(order: Order, copy: int, place: int, taken: Iterable[Any] = ()) -> Numbers:
    each = order.questions[place]
    graph = _figure(each, order.lang, False).graph
    key = f"{order.seed}/{copy}/{place}"
    return tuple(friendly(graph, dict(each.inputs), key, frozenset(taken)).items())


def figures(task: tuple[Order, tuple[Numbers, ...]]) -> tuple[Drawn, ...]:
    """The figures of a copy."""
    order, found = task
    landscape = _landscape(order)
    pairs = zip(order.questions, found, strict=True)
    return tuple(_drawn(order, landscape, each, dict(given)) for each, given in pairs)


def _landscape(order: Order) -> bool:
    sizes = (_size(_figure(each, order.lang, False)) for each in order.questions)
    return any(PAPER[0] / wide < UPRIGHT for wide, _ in sizes)


def _drawn(order: Order, landscape: bool, each: Question, given: Given) -> Drawn:
    blank = _figure(each, order.lang, order.values).at(given)
    solved = _figure(each, order.lang, False).at(given)
    across, down = PAPER[::-1] if landscape else PAPER
    wide, high = _size(blank)
    high_room = down - HEAD - TITLE
    scale = min(LARGEST, across / wide, high_room / (SPARE * high))
    most = high_room / (scale * high)
    space = room(blank, BOX / scale, most, order.values)
    roomy = replace(blank, _drawn=[stretched(blank.drawing, space)])
    return Drawn(
        each.source, sheet(roomy, space), wide * scale,
        solved[-1].picture("light", plain=True), wide * min(LARGEST_IN_KEY, across / wide),
        solved.given, _answers(solved),
    )  # fmt: skip


def _answers(solved: Figure) -> tuple[str, ...]:
    """The gradients of all inputs and of what has a name, as printed."""
    graph, texts = solved.graph, solved.texts
    output = graph.nodes[graph.output].name or "f"
    named = ((n.name, i) for i, n in enumerate(graph.nodes) if n.name and i != graph.output)
    return tuple(
        f"∂{output}/∂{name} = {texts[Slot('upstream', i)]}"
        for name, i in named
        if not graph.holds_labels(i)
    )


# --- all copies


def copies(order: Order, count: int, run: Crew) -> tuple[bytes, bytes]:
    """The sheets and the key of so many copies as two PDFs.

    The first copies are the same however many follow. Raises what `typeset` raises, and what `run`
    does.
    """
    found = list(run(numbers, [(order, copy) for copy in range(1, count + 1)]))
    unlike = _unlike(order, found)
    pages = list(run(figures, [(order, given) for given in unlike]))
    return _document(order, pages, key=False), _document(order, pages, key=True)


def _unlike(order: Order, found: Sequence[tuple[Numbers, ...]]) -> list[tuple[Numbers, ...]]:
    """The numbers of all copies, searched for again where they are those of an earlier copy."""
    taken: list[set[tuple[float, ...]]] = [set() for _ in order.questions]
    made = []
    for copy, given in enumerate(found, 1):
        new = list(given)
        for k, used in enumerate(taken):
            if flat(dict(new[k])) in used:
                new[k] = _numbers(order, copy, k, used)
            used.add(flat(dict(new[k])))
        made.append(tuple(new))
    return made


def _document(order: Order, pages: Sequence[Sequence[Drawn]], key: bool) -> bytes:
    files: dict[str, bytes] = {}
    texts = [_head(order, key)]
    for copy, figures in enumerate(pages, 1):
        records = []
        for k, each in enumerate(figures, 1):
            name = f"{copy}-{k}.svg"
            files[name] = (each.key if key else each.sheet).encode()
            records.append(_record(order.lang, each, name, key))
        texts.append(_copy(order, copy, records, key))
    return typeset("\n".join(texts), "pdf", files)[0]


def _head(order: Order, key: bool) -> str:
    layout = resources.files(__package__).joinpath("static/sheets.typ").read_text(encoding="utf-8")
    title = _title(order, key)
    landscape = "true" if _landscape(order) else "false"
    return (
        f"{layout}\n#show: body => prepared({literal(title)}, {literal(order.lang)}, "
        f"{landscape}, body)"
    )


def _title(order: Order, key: bool) -> str:
    title = order.title or say("exercise.title", order.lang)
    return say("exercise.key_title", order.lang, title=title) if key else title


def _copy(order: Order, copy: int, records: Sequence[str], key: bool) -> str:
    ident = say("exercise.copy", order.lang, copy=copy, seed=order.seed)
    title = _title(order, key)
    below = "[]" if key else _fields(order)
    return (
        f"#copy({literal(title)}, {literal(ident)}, {literal(f'{title} · {ident}')}, {below}, "
        f"({''.join(f'{record}, ' for record in records)}))"
    )


def _fields(order: Order) -> str:
    """Lines for the name, and what belongs into which box."""
    colours = PALETTES["default"].light
    lang = order.lang
    samples = [
        (colours.value, "value") if order.values else None,
        (colours.gradient, "gradient"),
        (colours.muted, "local"),
    ]
    shown = " #h(18pt) ".join(
        f"#sample({literal(colour)}, {'true' if kind == 'local' else 'false'}, "
        f"{literal(say(f'exercise.{kind}', lang))})"
        for colour, kind in filter(None, samples)
    )
    task = say("exercise.task_values" if order.values else "exercise.task", lang)
    name, group = (literal(say(f"exercise.{field}", lang)) for field in ("name", "group"))
    return (
        f"[#line-to-write({name}, 220pt) #h(18pt) #line-to-write({group}, 90pt)\n\n"
        f"#{literal(task)} \\ {shown}]"
    )


def _record(lang: str, each: Drawn, name: str, key: bool) -> str:
    wide = each.key_width if key else each.width
    answers = each.answers if key else ()
    alt = say("exercise.alt_key" if key else "exercise.alt", lang, source=each.source)
    return (
        f"(source: {literal(each.source)}, file: {literal(name)}, width: {wide:.6g}, "
        f"alt: {literal(alt)}, given: {literal(each.given if key else '')}, "
        f"answers: ({''.join(f'{literal(answer)}, ' for answer in answers)}))"
    )
