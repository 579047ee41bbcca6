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
from typing import Any

from ..drawing.measures import extent
from ..figure import options
from ..figure.figure import Figure
from ..formulas.names import figure_names
from ..graph.slots import Slot
from ..look.matrices import is_small
from .assignment import Assignment, InputPairs, Question
from .blanks import Stretch, blank_svg, box_height, given_slot, stretch_for, stretched
from .friendly_numbers import InputNumbers, flat_numbers, friendly
from .papers import (
    HEAD,
    PRINT_AREA,
    TITLE,
    DrawnFigure,
    Layout,
    document,
    head_height,
    task_height,
)
from .update_task import update_task
from .workers import Crew

BOX_HEIGHT, LOWEST_BOX = 17.0, 14.0  # 6 mm, the height of handwriting; 5 mm, squared paper
LARGEST_SCALE, SMALLEST_SCALE = 1.2, 0.45  # scales of a figure on a sheet
SPARE = 1.25  # by how much it must be possible to stretch a figure for boxes
COMPACT_SCALE = 0.75  # to which a figure is made smaller to let another stand on its page
LARGEST_SCALE_IN_KEY = 0.75
UPRIGHT = 0.8  # a figure whose scale would be less than this gets a landscape page
ROUNDING = 0.1  # of the heights of boxes
ON_FIRST_PAGE = 2  # so many questions at the most stand below the head
MOST_COPIES = 1000


def obstacle(question: Question, lang: str) -> str:
    """Why a graph cannot be asked for on paper, as a key of a sentence; empty if it can.

    Raises GraphstepError for a wrong expression or input.
    """
    figure = _figure(question, lang, False)
    if not figure.tape.numeric:
        return "symbols"
    if not figure.graph.inputs:
        return "fixed"
    update_task(figure, question.update)
    if not all(is_small(shape) for shape in figure.tape.shapes if shape):
        return "large"
    wide, high = _size(figure)
    fits = min(PRINT_AREA[1] / wide, (PRINT_AREA[0] - HEAD - TITLE) / (SPARE * high))
    return "" if fits >= SMALLEST_SCALE else "wide"


def require_numbers(question: Question, lang: str) -> None:
    """Raise GraphstepError for a graph whose inputs have no values."""
    _figure(question, lang, False).tape.check_numbers()


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
    figure, key = _figure(question, assignment.lang, False), assignment.key(copy, place)
    arrived = figure.tape.arrived
    found = friendly(figure.graph, dict(question.inputs), key, frozenset(taken), arrived)
    return tuple(found.items())


def figures(task: tuple[Assignment, tuple[InputPairs, ...]]) -> tuple[DrawnFigure, ...]:
    """The figures of a copy."""
    assignment, found = task
    layout = layout_of(assignment)
    found_for = zip(assignment.questions, map(dict, found), strict=True)
    head = head_height(assignment, layout)
    return tuple(
        _drawn(assignment, layout.area(place), each, given, head * (place < ON_FIRST_PAGE))
        for place, (each, given) in enumerate(found_for)
    )


@lru_cache(maxsize=16)
def layout_of(assignment: Assignment) -> Layout:
    """What the figures with the lecture's numbers say about all pages."""
    made = [_figure(each, assignment.lang, False) for each in assignment.questions]
    known = [figure for figure in made if _known(figure)]
    return Layout(
        tuple(PRINT_AREA[0] / _size(figure)[0] < UPRIGHT for figure in made),
        bool(known), any(map(_has_jacobians, made)), any(map(_unrolls, made)),
    )  # fmt: skip


def _has_jacobians(figure: Figure) -> bool:
    """Whether boxes are asked for in which elements stand by rows and columns."""
    return any(slot.kind == "local" and block.rows for slot, block in figure.blocks.items())


def _unrolls(figure: Figure) -> bool:
    """Whether a Jacobian has a row or a column for each element of a matrix."""
    shapes, wires = figure.tape.shapes, figure.graph.wires
    return any(
        max(len(shapes[wires[slot.item].source]), len(shapes[wires[slot.item].target])) > 1
        for slot, block in figure.blocks.items()
        if slot.kind == "local" and block.rows
    )


def _drawn(
    assignment: Assignment, area: tuple[float, float], question: Question, given: InputNumbers,
    head: float,
) -> DrawnFigure:  # fmt: skip
    blank = _figure(question, assignment.lang, assignment.values).at(given)
    solved = _figure(question, assignment.lang, False).at(given)
    task = update_task(solved, question.update)
    across, down = area
    scale, stretch = _on_page(blank, across, down - head - task_height(task, across), assignment)
    stretched_figure = replace(blank, _drawn=[stretched(blank.drawing, stretch)])
    wide = _size(blank)[0]
    return DrawnFigure(
        question.source, blank_svg(stretched_figure, stretch), wide * scale,
        solved[-1].picture("light", plain=True), wide * min(LARGEST_SCALE_IN_KEY, across / wide),
        solved.given, _known(solved), _answers(solved), task,
    )  # fmt: skip


def _on_page(
    blank: Figure, across: float, down: float, assignment: Assignment
) -> tuple[float, Stretch]:
    """The scale of a figure and how it is stretched: for half a page, where that is enough.

    It is if the figure is not made too small, and its boxes not too low.
    """
    scale, stretch = _in_space(blank, across, down - TITLE, assignment.values)
    if len(assignment.questions) == 1:
        return scale, stretch
    smaller, less = _in_space(blank, across, down / 2 - TITLE, assignment.values)
    needed = min(LOWEST_BOX, box_height(blank, stretch) * scale) - ROUNDING
    if smaller < min(scale, COMPACT_SCALE) or box_height(blank, less) * smaller < needed:
        return scale, stretch
    return smaller, less


def _in_space(
    blank: Figure, across: float, high_free: float, values: bool
) -> tuple[float, Stretch]:
    """The scale and the stretch of a figure in a space of this width and height."""
    wide, high = _size(blank)
    scale = min(LARGEST_SCALE, across / wide, high_free / (SPARE * high))
    return scale, stretch_for(blank, BOX_HEIGHT / scale, high_free / (scale * high), values)


def _known(solved: Figure) -> str:
    """The gradient that is given at the output, as it is printed; empty where it is 1.

    Of a target it is given, too: that is how a reader knows of which node gradients are.
    """
    slot = given_slot(solved)
    return _equation(solved, solved.graph.output, "f") if slot else ""


def _answers(solved: Figure) -> tuple[str, ...]:
    """The gradients of all inputs and named gates, as they are printed."""
    graph = solved.graph
    return tuple(
        _equation(solved, i, node.name)
        for i, node in enumerate(graph.nodes)
        if node.name and i != graph.output
        and Slot("upstream", i) in solved.texts  # not of labels, nor beyond a target
    )  # fmt: skip


def _equation(solved: Figure, node: int, usual: str) -> str:
    """A gradient with its number; names are as in the figure, `usual` for a node without one."""
    graph, symbols = solved.graph, solved.style.symbols
    below = graph.nodes[node].name or usual
    end = solved.tape.outside or graph.nodes[graph.output].name or "f"
    shown = figure_names(dict.fromkeys((*graph.names, below, end)), symbols)
    return f"∂{shown[end]}/∂{shown[below]} = {solved.texts[Slot('upstream', node)]}"


# --- all copies


def copies(assignment: Assignment, count: int, run: Crew) -> tuple[bytes, bytes]:
    """The sheets and the key of `count` copies, as two PDFs.

    The first copies are the same however many follow. Variants take turns; the key has each once.
    Raises what `typeset` and `run` raise.
    """
    different = min(count, assignment.variants) or count
    found = list(run(numbers, [(assignment, copy) for copy in range(1, different + 1)]))
    unlike = _unlike(assignment, found)
    made = list(run(figures, [(assignment, given) for given in unlike]))
    layout = layout_of(assignment)
    order = [copy % different for copy in range(count)]
    sheets = document(assignment, layout, made, order, key=False)
    return sheets, document(assignment, layout, made, range(different), key=True)


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
