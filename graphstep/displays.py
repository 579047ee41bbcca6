"""What notebooks show of graphs, tapes, equations, gates and checks: pictures, tables, text."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from html import unescape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from .base.errors import GraphstepError
from .base.signs import minus
from .base.words import say
from .calculus.shapes import shape_text
from .cli.gate_table import gate_rows
from .engine.computational_graph import ComputationalGraph
from .engine.gradient_check import Report
from .engine.tape import Tape
from .formulas.latex import latex
from .formulas.mathml import mathml
from .formulas.tree import Equation, unmarked
from .formulas.unicode import unicode
from .gates.gate import Gate, GateTable
from .graph.expressions import printed_labels
from .graph.slots import FORWARD

if TYPE_CHECKING:
    from .base.notebook import Bundle
    from .figure.figure import Frame
    from .figure.outline import Outline

MOST_ROWS = 40  # of a table: those at its end are left out, but for the last one
MOST_NUMBERS, FIRST = 12, 4  # of an array that is written out, and of another one
LONGEST = 60  # characters of a name
PIXELS = 3.0  # of a picture on paper, a point
Rows = Sequence[Sequence[str]]


class Display(NamedTuple):
    """What is shown of an object: a formula, a picture, lines of text, a table with its heads."""

    formula: Equation | None = None
    picture: Frame | Outline | None = None
    lines: Sequence[str] = ()
    rows: Rows = ()


def bundle(thing: object) -> Bundle:
    """The HTML and the LaTeX of an object; nothing where there is too much of it to show."""
    show = next(show for kind, show in DISPLAYS.items() if isinstance(thing, kind))
    try:
        display = show(thing)
        if not any(display):
            return {}
        plain = {"text/plain": unicode(display.formula)} if display.formula else {}
        return {**plain, "text/html": _html(display), "text/latex": _latex(display)}
    except GraphstepError:  # such as a layout engine that is missing: its text stays
        return {}


class Picture:
    """An SVG document as the output of a cell; on paper, where resvg is installed, its pixels.

    As an output of its own kind, nbconvert would need Inkscape for it.
    """

    def __init__(self, svg: str) -> None:
        titles = re.findall("<title[^>]*>([^<]*)</title>", svg)
        self.svg, self.alt = svg, unescape(next(iter(titles), ""))

    def __repr__(self) -> str:
        return f"<Picture {self.alt!r}>"

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        from .look.png import png
        from .player.still import image

        found = {"text/plain": repr(self), "text/html": image(self.svg, self.alt)}
        with suppress(ImportError):
            found["image/png"] = b64encode(png(self.svg, PIXELS)).decode("ascii")
        return found


def _html(display: Display) -> str:
    from .painting.svg import escape
    from .player.still import picture, table

    found = [mathml(display.formula, display=True)] if display.formula else []
    found += [picture(display.picture)] if display.picture else []
    found += [f"<p>{escape(line)}</p>" for line in display.lines]
    return "".join([*found, table(display.rows) if display.rows else ""])


def _latex(display: Display) -> str:
    from .documents.latex_output import latex_lines, latex_output, latex_table

    found = [_mathematics(display.formula)] if display.formula else []
    found += [latex_output(display.picture)] if display.picture else []
    found += [latex_lines(display.lines)] if display.lines else []
    return "\n".join([*found, *([latex_table(display.rows)] if display.rows else [])])


def _mathematics(equation: Equation) -> str:
    """A formula in LaTeX; with letters that its fonts for mathematics lack, as a line of text."""
    from .documents.latex_output import latex_lines

    found = latex(equation)
    return rf"$\displaystyle {found}$" if found.isascii() else latex_lines([unicode(equation)])


# --- what is shown of each


def _graph(graph: ComputationalGraph) -> Display:
    """The picture of a graph; with all values, where its text gives all inputs."""
    from .figure.outline import Outline
    from .player.questions import MOST_GATES
    from .stepping import Stepper

    if len(graph.gates) > MOST_GATES:
        return Display()
    try:
        figure = Stepper.of(graph)
        figure.tape.check_numbers()
        return Display(picture=figure.every_frame[0])
    except GraphstepError:  # an input without a value, an output that is an array
        return Display(picture=Outline(graph))


def _equation(equation: Equation) -> Display:
    """A formula, without marks of its parts, which have their colours beside a figure."""
    return Display(formula=unmarked(equation))


def _tape(tape: Tape) -> Display:
    """The value of each node and its tangent, or where the output is one number its gradient."""
    graph, shapes = tape.graph, tape.shapes
    names = [name[:LONGEST] for name in printed_labels(graph)]
    columns = {"node": names, "value": map(_text, tape.values)}
    if any(shapes):
        columns["shape"] = map(shape_text, shapes)
    if tape.mode is FORWARD or tape.arrived is not None or not shapes[graph.output]:
        columns[tape.mode.node] = map(_text, tape.derivatives)
    heads = [say(f"table.{key}") for key in columns]
    return Display(rows=[heads, *_shortened([*zip(*columns.values(), strict=True)])])


def _text(value: Any) -> str:
    """A number with six digits, or those of a small array; of a large one the first few."""
    if not getattr(value, "shape", ()):
        return minus(f"{value + 0.0:.6g}")
    if value.size <= MOST_NUMBERS:
        return f"[{', '.join(map(_text, value))}]"
    first = ", ".join(map(_text, value.flat[:FIRST]))
    return f"{first}, …"


def _report(report: Report) -> Display:
    """The sentences of a check."""
    lines = [(line,) for line in str(report).splitlines()]
    return Display(lines=[line for line, *_ in _shortened(lines)])


def _gate(gate: Gate) -> Display:
    """The row of a gate, without the columns that are empty."""
    columns = zip(*gate_rows(gates=(gate,)), strict=True)
    return Display(rows=[*zip(*(cells for cells in columns if cells[-1]), strict=True)])


def _gates(gates: GateTable) -> Display:
    """What each gate computes, and its local gradients."""
    return Display(rows=[(row[0], row[2], row[3]) for row in gate_rows(gates=gates.values())])


def _shortened(rows: Rows) -> Rows:
    """The first rows and the last one, and between them how many are left out."""
    if len(rows) <= MOST_ROWS:
        return rows
    left_out = say("table.more", count=len(rows) - MOST_ROWS)
    return [*rows[: MOST_ROWS - 1], (left_out, *[""] * (len(rows[0]) - 1)), rows[-1]]


DISPLAYS: Mapping[type, Callable[[Any], Display]] = MappingProxyType(
    {
        ComputationalGraph: _graph, Tape: _tape, Report: _report, Gate: _gate, GateTable: _gates,
        Equation: _equation,
    }
)  # fmt: skip
