"""Sheets and their key as documents: heads, fields, instructions, figures on pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import NamedTuple

from ..base import package_files
from ..base.words import say
from ..look.style import PALETTES
from ..look.text_widths import width
from ..look.typst import array, literal, typeset
from .assignment import Assignment

PRINT_AREA = (523.0, 768.0)  # width and height inside the margins of an A4 page, in points
HEAD, TITLE = 100.0, 44.0  # heights of the head of a page and of the title of a figure
HEADING, TITLE_SHARE = 14.0, 0.6  # of a copy: the size of its title, and its part of the width
WRITTEN, IN_A_ROW = 26.0, 3  # of lines to write on: the height of a row, and how many it has
TEXT, LINE = 9.5, 14.5  # of the instructions: the size of letters, and what a line takes


class UpdateTask(NamedTuple):
    """How weights are updated, the name before each line to write on, and the answers."""

    said: str = ""
    names: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


class DrawnFigure(NamedTuple):
    """A figure of a copy as SVG, on the sheet and in the key, with its widths in points."""

    source: str
    sheet: str
    width: float
    key: str
    key_width: float
    given: str
    known: str  # the gradient that is given, such as "∂L/∂f = 2"
    answers: tuple[str, ...]
    task: UpdateTask = UpdateTask()  # after the backward pass


class Layout(NamedTuple):
    """Which questions stand on landscape pages, and what is said about figures at the head."""

    landscape: tuple[bool, ...]
    given: bool  # whether there are gradients that are given
    jacobians: bool
    unrolls: bool

    def area(self, place: int) -> tuple[float, float]:
        """Width and height inside the margins of the page of a question."""
        return PRINT_AREA[::-1] if self.landscape[place] else PRINT_AREA


def head_height(assignment: Assignment, layout: Layout) -> float:
    """The height of the head of a copy, with all instructions."""
    across = layout.area(0)[0]
    lines = [
        ceil(width(text, TEXT) / (0.95 * across)) for text in _instructions(assignment, layout)
    ]
    lines += [len(_samples(assignment, layout)) if layout.given or assignment.values else 1]
    titles = ceil(width(_title(assignment, False), HEADING) / (TITLE_SHARE * across))
    return HEAD + LINE * (sum(lines) - 1) + 1.2 * HEADING * (titles - 1)


def task_height(task: UpdateTask, across: float) -> float:
    """The height of what stands below a figure about the update."""
    lines = ceil(width(task.said, TEXT) / (0.95 * across))
    return LINE * lines + WRITTEN * ceil(len(task.names) / IN_A_ROW) if task.said else 0.0


def document(
    assignment: Assignment, layout: Layout, made: Sequence[Sequence[DrawnFigure]],
    order: Iterable[int], key: bool,
) -> bytes:  # fmt: skip
    """The PDF of copies, given by their indexes among those that were made."""
    files = {
        _name(copy, k): (each.key if key else each.sheet).encode()
        for copy, figures in enumerate(made)
        for k, each in enumerate(figures)
    }
    copies = (_copy(assignment, layout, copy, made[copy], key) for copy in order)
    return typeset("\n".join([_head(assignment, key), *copies]), "pdf", files)[0]


def _name(copy: int, figure: int) -> str:
    return f"{copy + 1}-{figure + 1}.svg"


def _head(assignment: Assignment, key: bool) -> str:
    typst, title = package_files.text(__file__, "static", "sheets.typ"), _title(assignment, key)
    return f"{typst}\n#show: body => prepared({literal(title)}, {literal(assignment.lang)}, body)"


def _title(assignment: Assignment, key: bool) -> str:
    title = assignment.title or say("exercise.title", assignment.lang)
    return say("exercise.key_title", assignment.lang, title=title) if key else title


def _ident(assignment: Assignment, copy: int, key: bool) -> str:
    """What a sheet and its answers are matched by."""
    lang = assignment.lang
    if assignment.variants:
        called = say("exercise.variant", lang, letter=say("exercise.letters", lang)[copy])
    else:
        called = say("exercise.copy", lang, copy=copy + 1)
    if assignment.hidden and not key:
        return called
    return say("exercise.with_seed", lang, copy=called, seed=assignment.seed)


def _copy(
    assignment: Assignment, layout: Layout, copy: int, figures: Sequence[DrawnFigure], key: bool
) -> str:
    title, ident = _title(assignment, key), _ident(assignment, copy, key)
    below = "[]" if key else _below(assignment, layout)
    points = assignment.points or (0,) * len(figures)
    records = [
        _record(assignment.lang, each, _name(copy, k), key, most)
        for k, (each, most) in enumerate(zip(figures, points, strict=True))
    ]
    together = groupby(enumerate(records, 1), lambda pair: layout.landscape[pair[0] - 1])
    pages = "".join(f"({_true(turned)}, {array(_numbered(each))}), " for turned, each in together)
    return (
        f"#copy({literal(title)}, {literal(ident)}, {literal(f'{title} · {ident}')}, {below}, "
        f"({pages}))"
    )


def _numbered(records: Iterable[tuple[int, str]]) -> Iterator[str]:
    return (f"({number}, {record})" for number, record in records)


def _true(holds: bool) -> str:
    return "true" if holds else "false"


def _below(assignment: Assignment, layout: Layout) -> str:
    """What stands below the title: fields, what is to be done, and a legend of the boxes."""
    said = " \\ ".join(f"#{literal(text)}" for text in _instructions(assignment, layout))
    return f"[{_fields(assignment)}\n\n{said} \\ {_legend(assignment, layout)}]"


def _fields(assignment: Assignment) -> str:
    """Lines for the name, the group, the date and all points."""
    lang, total = assignment.lang, sum(assignment.points)
    rooms = {"name": 150 if total else 205, "group": 55, "date": 60}
    fields = [(say(f"exercise.{name}", lang), room, "") for name, room in rooms.items()]
    if total:
        fields.append((say("exercise.points", lang), 28, f"/ {total}"))
    return " #h(1fr) ".join(
        f"#line-to-write({literal(label)}, {room}pt, {literal(behind)})"
        for label, room, behind in fields
    )


def _instructions(assignment: Assignment, layout: Layout) -> list[str]:
    lang = assignment.lang
    keys = {
        "round": True,
        "given": layout.given,
        "jacobians": layout.jacobians,
        "unrolls": layout.unrolls,
    }
    said = [say(f"exercise.{key}", lang) for key, holds in keys.items() if holds]
    task = say("exercise.task_values" if assignment.values else "exercise.task", lang)
    return [*filter(None, [assignment.instructions]), " ".join(said), task]


def _samples(assignment: Assignment, layout: Layout) -> list[tuple[str, str, bool]]:
    """The boxes: their colour, what belongs into them, and whether they are dashed."""
    colours = PALETTES["default"].light
    samples = [
        (colours.gradient, "gradient_given" if layout.given else "gradient", False),
        (colours.muted, "local", True),
    ]
    return [(colours.value, "value", False), *samples] if assignment.values else samples


def _legend(assignment: Assignment, layout: Layout) -> str:
    """The boxes, and what belongs into them."""
    shown = (
        (literal(colour), _true(dashed), literal(say(f"exercise.{kind}", assignment.lang)))
        for colour, kind, dashed in _samples(assignment, layout)
    )
    return " #h(18pt) ".join(f"#sample({', '.join(each)})" for each in shown)


def _record(lang: str, drawn: DrawnFigure, name: str, key: bool, points: int) -> str:
    wide = drawn.key_width if key else drawn.width
    answers, task = drawn.answers if key else (), drawn.task
    new = task.answers if key else task.names
    alt = say("exercise.alt_key" if key else "exercise.alt", lang, source=drawn.source)
    return (
        f"(source: {literal(drawn.source)}, file: {literal(name)}, width: {wide:.6g}, "
        f"alt: {literal(alt)}, given: {literal(' · '.join(_given(lang, drawn, key)))}, "
        f"points: {_points(lang, points, key)}, "
        f"answers: {array(map(literal, answers))}, "
        f"update: {literal(task.said)}, new: {array(map(literal, new))}, blank: {_true(not key)})"
    )


def _given(lang: str, drawn: DrawnFigure, key: bool) -> Iterator[str]:
    """What is known: in the key all inputs; the gradient of the output where it is given."""
    if key:
        yield drawn.given
    if drawn.known:
        yield say("exercise.known", lang, known=drawn.known)


def _points(lang: str, points: int, key: bool) -> str:
    """The points of a question, with a line to write those that were given on a sheet."""
    if not points:
        return "[]"
    label = literal(say("exercise.points", lang))
    return (
        f"[#{label} {points}]" if key else f"line-to-write({label}, 22pt, {literal(f'/ {points}')})"
    )
