"""The stepper: a figure that can be saved, shown as a quiz and changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base.errors import InputError, OutputError
from .engine.computational_graph import ComputationalGraph
from .explain.step_kinds import By
from .figure.figure import Figure, Frame
from .figure.iterations import Iterations, following, iterations, no_update
from .figure.options import Lang, LayoutEngine
from .forward_mode.reading import Along, Mode
from .forward_mode.reading import asked as asked_along
from .graph.named_nodes import Constants
from .graph.slots import FORWARD, Slot
from .look.style import Style
from .symbolic.outside import Upstream
from .updates.reading import asked

if TYPE_CHECKING:
    from .player.page import Quiz
    from .player.widget import FigureWidget
    from .program.lines import Program
    from .updates.reading import Asked, Names


def stepper(
    expression: str | ComputationalGraph,
    /,
    *,
    inputs: Mapping[str, object] | None = None,
    lang: Lang = "en",
    by: By | None = None,
    forward: bool = False,
    upstream: Upstream = None,
    target: str | None = None,
    mode: Mode | Along | None = "backward",
    wrt: str | None = None,
    tangent: object = None,
    update: Names | Asked | None = (),
    rate: float | None = None,
    rule: str | None = None,
    accumulate: bool = False,
    constants: Constants = "inside",
    engine: LayoutEngine | None = None,
    style: Style | None = None,
    **named: object,
) -> Stepper:
    """Make a stepper through an expression, or a graph, with values for its inputs.

    An input is a number, an array or nested lists; inputs that are named like an option go into
    `inputs`. Without any, a graph of numbers is shown in symbols: names, ∂q/∂x, ∂f/∂q; there f, g,
    h, φ, ψ and R may be called as unknown gates, as in z = f(x, y), and `upstream` may name a loss
    outside of the figure, as in upstream="L", whose gradient arrives at the output. The same for
    arrays needs the shape of every input, as in W=gs.unknown(2, 3). With numbers,
    `upstream` is that gradient, in the shape of the output. `lang` is the language of all
    sentences, "en" or "ru". `by` is "gate" (one backward step per gate), "wire" (local, then
    downstream, wire by wire), "product" (both of a wire at once), "value" (one step per value, with
    all that flows back to it) or "local" (all local gradients in the forward pass, as is usual with
    unknown gates); `forward=True` steps through the forward pass too.
    `target` names a node before the output: the backward pass begins there, and gradients are of
    it; what it does not depend on has none.
    With `mode="forward"` tangents travel with the values instead, in symbols where nothing is
    given: ∂q/∂x for every node q, where `wrt` is x, a number or an element, as in wrt="W[0, 1]". Of
    an array, `tangent` is the direction, in its shape. A last frame compares the number of passes
    in both modes.
    `update` names inputs, as in "w, b": after the backward pass a step for each shows its new value
    by a learning `rate` (0.1) and a `rule`: "sgd" (the default), "momentum(mu=0.9)",
    "nesterov(mu=0.9)", "adagrad", "rmsprop(rho=0.99)" or "adam(beta1=0.9, beta2=0.999, eps=1e-8)".
    `s.next()` is the stepper at the new values, `s.iterations(3)` are three of them. With
    `accumulate=True` the gradients are not set to zero in between, a common fault.
    `constants` says where to draw the numbers of an expression: "inside" gates or as "nodes".
    `engine` is the layout engine: "embedded", "dot" for the Graphviz of the system, or one that
    `layout_engine` added; None uses the first that works, in this order. `style` sets colours and
    how numbers are printed. Raises GraphstepError for a wrong expression, input or option.

    >>> s = stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    >>> s.value, s.gradients
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
    """
    learning = asked(update, rate, rule, accumulate)
    along = asked_along(
        mode, wrt, tangent, by=by not in (None, "gate"), upstream=upstream is not None,
        update=learning is not None,
    )  # fmt: skip
    return Stepper.of(
        expression, inputs=inputs, lang=lang, by=by, forward=forward, upstream=upstream,
        target=target, mode=along, update=learning, constants=constants, engine=engine,
        style=style, **named,
    )  # fmt: skip


class ShownFrame(Frame):
    """The figure after one step, as a notebook shows it, and as nbconvert prints it."""

    def _repr_html_(self) -> str:
        from .player.still import picture

        return picture(self)

    def _repr_latex_(self, caption: bool = True) -> str:
        from .documents.latex_output import latex_output

        return latex_output(self, caption)


class Stepper(Figure):
    """A figure as frames, one for each step: `s[k]` is frame k, `len(s)` is their number."""

    @cached_property
    def every_frame(self) -> tuple[Frame, ...]:
        """One frame for each step, whether it is shown or not."""
        return tuple(ShownFrame(self, index, step) for index, step in enumerate(self.steps))

    @property
    def tangents(self) -> dict[str, Any]:
        """The tangent of each node, by its id, in the shape of its value; only in forward mode.

        Raises InputError for a figure of the backward pass.

        >>> stepper("q = x*y; f = q + x", x=2, y=3, mode="forward", wrt="x").tangents
        {'x': 1.0, 'y': 0.0, 'q': 3.0, 'f': 4.0}
        """
        if self.tape.mode is not FORWARD:
            raise InputError("forward_needed", name="tangents")
        never = self.graph.never_filled
        found = zip(self.graph.ids, self.tape.derivatives, strict=True)
        return {name: tangent for i, (name, tangent) in enumerate(found)
                if Slot("upstream", i) not in never}  # fmt: skip

    def named(self, node: int) -> str:
        """The name of a node, given by its index in `graph.nodes`, in sentences."""
        return self.names[node]

    def gate_name(self, node: int) -> str:
        """The kind of gate that a node is, in words."""
        return self.gate_names[node]

    def formula(self, node: int) -> str:
        """The formula of a gate in names, and in numbers if they are few."""
        return self.formulas[node]

    def code(self) -> Program:
        """The run as a program, flat NumPy forward and backward, which computes the same bits.

        In forward mode it computes values and tangents.

        It needs nothing but NumPy. `str()` is its text, its `lines` know the slots that they make,
        and `frame.lines` are those of a step. Raises InputError for a figure without numbers,
        GraphError for a gate whose mathematics cannot be followed, such as a custom one.

        >>> s = stepper("f = x * y", x=2, y=3)
        >>> [s.code().lines[k].code for k in s[2].lines]
        ['dy = df * x', 'dx = df * y']
        """
        return self.program

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write the figure in the format of the path's ending, and return the files written.

        `.html` is a page that steps; `.svg` and `.png` are the last frame, or one file per frame
        with a pattern such as "steps/{n:02}.svg"; `.txt` is the printed steps, `.json` all numbers,
        `.py` both passes as NumPy, `.dot` the last frame for Graphviz;
        `graphstep.outputs.FORMATS` has all formats. Each file
        replaces its target once it is complete. Raises OutputError for an unknown ending,
        a path that cannot be written and an extra that is not installed.
        """
        from .outputs import save

        return save(self, path)

    def quiz(self, seed: int | None = None) -> Quiz:
        """The figure as a quiz, which asks for each number of the steps before it is shown.

        Of arrays it asks for shapes, and of small ones for one element. With a `seed` the inputs
        get other numbers, the same for the same seed, with which gradients are short to write. A
        quiz is shown in a notebook, or written as a page with `.save(path)`. Raises GraphError
        where nothing can be asked, and InputError for a seed that is not a whole number from 0 on,
        or inputs that cannot get other numbers.

        >>> stepper("f = x * y", x=2, y=3).quiz(seed=4).stepper.given
        'x = 2, y = −2'
        """
        from .player.page import Quiz
        from .player.questions import check

        check(self)
        if seed is None:
            return Quiz(self)
        from .exercises.friendly_numbers import for_seed

        other = self.at(for_seed(self.graph, self.tape.inputs, seed, self.tape.arrived))
        check(other)
        return Quiz(other)

    def next(self) -> Stepper:
        """The stepper at the new weights, with the next update, and what the rule has kept.

        Raises GraphError where nothing is updated, InputError where a new weight is not finite.

        >>> s = stepper("f = x * y", x=2, y=3, update="x", rule="momentum")
        >>> s.next().next().tape.inputs
        {'x': 1.13, 'y': 3.0}
        """
        return following(self)

    def iterations(self, count: int) -> StepperIterations:
        """The stepper, and those after each update: `count` of them, in one layout.

        They can be saved as one page, deck, film or text, and are shown in one cell of a notebook.
        Raises GraphError where nothing is updated, GraphstepError for a count that is not from 1 to
        100.

        >>> found = stepper("f = (x - 3)**2", x=0, update="x", rate=0.25).iterations(3)
        >>> [s.value for s in found], found[-1].tape.inputs
        ([9.0, 2.25, 0.5625], {'x': 2.25})
        """
        return StepperIterations(iterations(self, count))

    def updating(self, name: str) -> Stepper:
        """The update of one input as a graph of its own, with the steps of its forward pass.

        Raises InputError for an input that is not updated, GraphError where none is.

        >>> s = stepper("f = x*x", x=2, update="x", rule="momentum").updating("x")
        >>> s.graph.source
        'v_new = mu*v + g; w_new = w - rate*v_new'
        >>> s[-1].caption
        'Forward pass, subtract gate: w_new = w − rate*v_new = 2.00 − 0.40 = 1.60.'
        """
        if self.update is None:
            raise no_update(self.graph)
        run = self.update.run(self.update.node(name))
        shape = run.shapes[run.graph.output]
        outside = None if not shape else 0.0 * run.value + 1.0
        graph = self.update.asked.rule.graph
        made = Stepper.of(graph, inputs=run.inputs, lang=self.lang, forward=True,
                          upstream=outside, engine=self.engine, style=self.style)  # fmt: skip
        forward = (k for k, step in enumerate(made.steps) if step.kind in ("given", "value"))
        return made.showing(tuple(forward))

    def widget(self) -> FigureWidget:
        """The figure as a widget with a kernel: fields and sliders for inputs, traits to observe.

        Raises OutputError if anywidget is not installed.
        """
        try:
            from .player.widget import FigureWidget
        except ImportError as error:
            raise OutputError("needs_extra", what="widget", extra="notebook") from error
        return FigureWidget(self)

    def _repr_html_(self) -> str:
        from .player.page import cell

        return cell(self)

    def _repr_latex_(self) -> str | None:
        return self.frames[-1]._repr_latex_()


class StepperIterations(Iterations[Stepper]):
    """Steppers one after another, each at the weights that the one before it gives."""

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write all of them in the format of the path's ending; see `Stepper.save`."""
        from .outputs import save

        return save(self, path)

    def _repr_html_(self) -> str:
        from .player.page import cell

        return cell(*self.figures)

    def _repr_latex_(self) -> str:
        return "\n".join(filter(None, (one._repr_latex_() for one in self)))
