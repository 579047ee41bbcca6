"""The stepper: a figure that is saved, asked and changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .base.errors import OutputError
from .engine.computational_graph import ComputationalGraph
from .explain.step_kinds import By
from .figure.figure import Figure
from .figure.options import Engine, Lang
from .graph.parser import Constants
from .look.style import Style

if TYPE_CHECKING:
    from .player.page import Quiz
    from .player.widget import FigureWidget


def stepper(
    expression: str | ComputationalGraph,
    /,
    *,
    inputs: Mapping[str, object] | None = None,
    lang: Lang = "en",
    by: By = "gate",
    forward: bool = False,
    constants: Constants = "inside",
    engine: Engine | None = None,
    style: Style | None = None,
    **named: object,
) -> Stepper:
    """A stepper through an expression, or a graph, at numbers for its inputs.

    An input is a number, an array or nested lists; one called like an option goes into `inputs`.
    `lang` is the language of all sentences, "en" or "ru". `by` is "gate" (one backward step a
    gate), "wire" (local, then downstream, wire by wire), "product" (both of a wire at once) or
    "value" (one step a value, with all that comes back to it); `forward=True` steps through the
    forward pass too. `constants` says where the numbers of a text stand: "inside" of gates, or as
    "nodes". `engine` is a layout engine, "embedded", or "dot" for the Graphviz of the system; None
    takes the first that there is. `style` holds colours and how numbers are printed. Raises
    GraphstepError for an expression, an input or an option that does not fit.

    >>> s = stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    >>> s.value, s.gradients
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
    """
    return Stepper.of(
        expression, inputs=inputs, lang=lang, by=by, forward=forward, constants=constants,
        engine=engine, style=style, **named,
    )  # fmt: skip


class Stepper(Figure):
    """Frames of a figure, one for each step; `s[k]` is frame k, `len(s)` their number."""

    def named(self, node: int) -> str:
        """What a node, given by its index in `graph.nodes`, is called in sentences."""
        return self.names[node]

    def gate_name(self, node: int) -> str:
        """What kind of gate a node is, in words."""
        return self.gate_names[node]

    def formula(self, node: int) -> str:
        """A gate's formula in names, and with numbers where there are few of them."""
        return self.formulas[node]

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write the figure in the format of the path's ending, and return the files written.

        `.html` is a page that steps; `.svg` and `.png` are the last frame, or one file a frame with
        a pattern such as "steps/{n:02}.svg"; `.txt` is the printed steps, `.json` all numbers,
        `.dot` the last frame for Graphviz; `graphstep.outputs.FORMATS` has all. Each file is
        written beside its target and renamed. Raises OutputError for an ending that is not known,
        a place that cannot be written and an extra that is not installed.
        """
        from .outputs import save

        return save(self, path)

    def quiz(self) -> Quiz:
        """The figure as questions: each number of the backward pass has to be predicted.

        Shown in a notebook, or written as a page with `.save(path)`.
        """
        from .player.page import Quiz

        return Quiz(self)

    def widget(self) -> FigureWidget:
        """The figure with a kernel behind it: fields and sliders for inputs, traits to observe.

        Raises OutputError where anywidget is not installed.
        """
        try:
            from .player.widget import FigureWidget
        except ImportError as error:
            raise OutputError("needs_extra", what="widget", extra="notebook") from error
        return FigureWidget(self)

    def _repr_html_(self) -> str:
        from .player.page import cell

        return cell(self)
