"""The figure: a graph, its tape, its steps and its drawing, combined into frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self

from ..base.errors import GraphError, one_of, short
from ..drawing.drawing import draw, fits
from ..drawing.measures import Drawing, extent
from ..engine.computational_graph import ComputationalGraph, parse
from ..engine.run import merged
from ..engine.tape import Tape
from ..explain.step_kinds import By, usual
from ..explain.steps import Step, ready, steps, tangent_steps
from ..explain.wording import Told
from ..formulas.tree import Equation
from ..graph.expressions import all_on_one_line
from ..graph.named_nodes import Constants
from ..graph.slots import FORWARD, Slot
from ..look.matrices import ArrayBlock
from ..look.numbers import Numbers
from ..look.style import Style
from ..painting.canvas import Canvas, Page, Sentences, arrays_svg
from ..painting.layers import Contents, View
from ..painting.shapes import Scene, Scenes
from ..painting.stage import scale_svg, stage
from ..symbolic.outside import Upstream, arrived
from ..symbolic.tape import symbolic_tape
from .options import Lang, LayoutEngine, check_known_words
from .readers import as_drawn, contents_of, in_mode, readers_of, speaker_of, updated, writer_of
from .slot_contents import SlotContents

if TYPE_CHECKING:
    import graphviz

    from ..explain.captions import Speaker
    from ..explain.equations import Writer
    from ..forward_mode.reading import Along
    from ..neurons.layers import Network
    from ..program.lines import Program
    from ..updates.reading import Asked
    from ..updates.update import Update


class Said:
    """What a figure says of its nodes and wires; each is worked out when it is first read."""

    graph: ComputationalGraph

    @property
    def _speaker(self) -> Speaker:
        raise NotImplementedError

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name in sentences of each node of `graph.nodes`."""
        return tuple(map(self._speaker.name, range(len(self.graph.nodes))))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The name of each node or its formula in names; its id where that is long."""
        return tuple(self._speaker.label(i) or ident for i, ident in enumerate(self.graph.ids))

    @cached_property
    def gate_names(self) -> tuple[str, ...]:
        """The kind of gate that each node is, in words; for an input, its name."""
        return tuple(map(self._speaker.gate, range(len(self.graph.nodes))))

    @cached_property
    def formulas(self) -> tuple[str, ...]:
        """The formula of each gate in names, and with numbers if they are few; empty for inputs."""
        nodes, write = enumerate(self.graph.nodes), self._speaker.formula
        return tuple(write(i) if node.gate else "" for i, node in nodes)

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """What there is to say about each wire of `graph.wires`, in a few words."""
        return tuple(map(self._speaker.told, range(len(self.graph.wires))))


@dataclass(frozen=True, eq=False)
class Figure(Said):
    """A graph, its numbers, steps and drawing as one record; `figure[k]` is frame k.

    Each field is worked out when it is first read. Outputs take all they show from here.
    """

    graph: ComputationalGraph
    tape: Tape
    lang: str
    by: By
    forward: bool
    engine: LayoutEngine | None
    style: Style
    shown: tuple[int, ...] | None = None  # the steps that are shown; None: all
    captions: tuple[int, ...] | None = None  # steps whose sentences slides show; None: all
    network: Network | None = None  # what is drawn as neurons
    update: Update | None = None  # of its weights, after the backward pass
    _drawn: list[Drawing] = field(default_factory=list, repr=False)
    _first: Figure | None = field(default=None, repr=False)  # whose layout `at` keeps

    @classmethod
    def of(
        cls,
        expression: str | ComputationalGraph,
        /,
        *,
        inputs: Mapping[str, object] | None = None,
        lang: Lang = "en",
        by: By | None = None,
        forward: bool = False,
        upstream: Upstream = None,
        target: str | None = None,
        update: Asked | None = None,
        mode: Along | None = None,
        constants: Constants = "inside",
        engine: LayoutEngine | None = None,
        style: Style | None = None,
        **named: object,
    ) -> Self:
        """The figure of an expression or a graph; `graphstep.stepper` documents the parameters."""
        graph = _graph(expression, constants, target)
        check_known_words(by=by, lang=lang, engine=engine)
        if not isinstance(style, Style | None):
            raise GraphError("not_a_style", given=short(style))
        tape = in_mode(_tape(graph, inputs, named, upstream), mode)
        by, style = by or usual(graph.unknown), style or Style()
        graph, tape, network = as_drawn(_on(tape), tape, style)
        learning = updated(tape, update)
        return cls(graph, tape, lang, by, forward, engine, style, network=network, update=learning)

    @property
    def value(self) -> Any:
        """The value of the output, a float."""
        return self.tape.value

    @property
    def gradients(self) -> dict[str, Any]:
        """The gradient with respect to each input, by name: a float, or an array of its shape."""
        return self.tape.gradients

    @property
    def given(self) -> str:
        """The inputs with their numbers, as printed: "x = -2, y = 5"."""
        return self._speaker.inputs()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What happens in each frame."""
        if self.tape.mode is FORWARD:
            return tangent_steps(self.graph)
        return steps(self.graph, self.by, self.forward, self.update.nodes if self.update else ())

    @cached_property
    def every_frame(self) -> tuple[Frame, ...]:
        """One frame for each step, whether it is shown or not."""
        return tuple(Frame(self, index, step) for index, step in enumerate(self.steps))

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The frames that are shown: one for each step, or those chosen by `showing`."""
        every = self.every_frame
        return every if self.shown is None else tuple(every[k] for k in self.shown)

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, index: int) -> Frame:
        return self.frames[index]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {short(self.graph.source)}: {len(self)} frames>"

    def at(self, inputs: Mapping[str, object] | None = None, /, **named: object) -> Self:
        """The figure with some inputs changed: same graph, and the same layout if numbers fit it.

        Raises InputError for a name that is not an input, and ShapeError for shapes that do not
        fit.

        >>> Figure.of("f = x * y", x=2, y=3).at(x=5).value
        15.0
        """
        given = {**self.tape.inputs, **merged(inputs, named)}
        tape = self.tape.closing(self.graph.forward(given))
        return self.moved(tape, self.update and self.update.on(tape))

    def moved(self, tape: Tape, update: Update | None) -> Self:
        """The figure of another tape of the same graph, which its inputs may change a little."""
        graph = _on(tape)
        same = graph is self.graph or graph == self.graph
        first = (self._first or self) if same and tape.shapes == self.tape.shapes else None
        moved = replace(self, graph=graph, tape=tape, update=update, _drawn=[], _first=first)
        if same:  # these follow from the graph
            moved.__dict__.update(steps=self.steps, appears=self.appears)
        return moved

    def showing(self, shown: tuple[int, ...], captions: tuple[int, ...] | None = None) -> Self:
        """The same figure with only some of its frames; on slides, with some sentences or all."""
        return replace(self, shown=shown, captions=captions)

    @cached_property
    def _slots(self) -> SlotContents:
        return contents_of(self.tape, self.style, self.lang, self.network, self.update)

    @property
    def numbers(self) -> Numbers:
        """The way in which numbers are printed here: called with a float, it returns its text."""
        return self._slots.numbers

    @property
    def marked_style(self) -> Style:
        """The style with the decimal mark of the figure's numbers, for all else that is drawn."""
        return self._slots.marked_style

    @property
    def contents(self) -> dict[Slot, Any]:
        """The number, array or Jacobian of every slot."""
        return self._slots.values

    @property
    def texts(self) -> dict[Slot, str]:
        """The text of every slot, as it is printed in whatever frame it appears."""
        return self._slots.texts

    @property
    def blocks(self) -> dict[Slot, ArrayBlock]:
        """The drawing of every array and Jacobian."""
        return self._slots.blocks

    @property
    def widths(self) -> dict[Slot, float]:
        """The width of every array that is shown as numbers."""
        return self._slots.widths

    @property
    def drawing(self) -> Drawing:
        """The figure without numbers, laid out once for all frames, and for inputs that fit it."""
        if not self._drawn:
            self._drawn.append(_laid_out(self, self._first))
        return self._drawn[0]

    @property
    def with_space(self) -> Self:
        """The same figure with places for any number: other inputs never move anything in it."""
        style = replace(self.style, spacing="wide")
        return self if style == self.style else replace(self, style=style, _drawn=[], _first=None)

    @cached_property
    def _speaker(self) -> Speaker:
        return speaker_of(self._slots, partial(_letters, self), self.lang)

    @cached_property
    def _writer(self) -> Writer:
        return writer_of(self._slots, self.style.cell, self.lang)

    @cached_property
    def program(self) -> Program:
        """The run as flat NumPy; `Stepper.code` documents it."""
        return readers_of(self.tape).program(self.tape, self.lang, self.update)

    @cached_property
    def ready(self) -> tuple[tuple[int, ...], ...]:
        """The gates that could have come at each step, besides the one that it is about."""
        return ready(self.graph, self.steps)

    @cached_property
    def stage(self) -> str:
        """The figure as SVG with empty slots, for the player."""
        return _stage(self, self._warned)

    @cached_property
    def live_stage(self) -> str:
        """The same with a place for a warning on every gate, since other inputs may need one."""
        return _stage(self, range(len(self.graph.nodes)))

    @cached_property
    def last_stage(self) -> str:
        """The same as `stage` with what the last frame shows in its slots."""
        return _stage(self, self._warned, self.frames[-1])

    @property
    def _warned(self) -> list[int]:
        """The nodes with a warning."""
        return sorted({trouble.node for trouble in self.tape.troubles})

    @cached_property
    def markup(self) -> dict[Slot, str]:
        """The contents of the slots of arrays, as SVG."""
        return arrays_svg(self.drawing, self._contents)

    @cached_property
    def scale(self) -> str:
        """The scale of the colours of heat maps as SVG; empty where there are none."""
        return scale_svg(self.drawing, self._slots.colours_end)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the figure without sentences, as in its SVG."""
        return extent(self.drawing, self._slots.colours_end)

    @property
    def page(self) -> Page:
        """The figure with its sentences, as in `frame.svg()`."""
        return self._canvas.page

    @cached_property
    def scope(self) -> str:
        """The CSS class of this figure, to which its colours apply; the same for equal content."""
        return f"gs-{_content_key(self)}"

    @cached_property
    def appears(self) -> dict[Slot, int]:
        """The frame in which each slot becomes visible."""
        return {slot: k for k, step in enumerate(self.steps) for slot in step.shows}

    @cached_property
    def _contents(self) -> Contents:
        end, brief = self._slots.colours_end, self.style.local == "step"
        return Contents(self.texts, self.blocks, self.appears, end, brief, self._slots.pictures)

    @cached_property
    def _canvas(self) -> Canvas:
        scope = self.scope
        words = [Sentences(f"{scope}-{f.index}", f.caption, f.legend) for f in self.every_frame]
        source = all_on_one_line(self.graph.source)
        return Canvas(self.drawing, self.style, self._contents, scope, source, words)

    @cached_property
    def _scenes(self) -> Scenes:
        return Scenes(self.drawing, self._contents)


def _graph(
    expression: str | ComputationalGraph, constants: Constants, target: str | None
) -> ComputationalGraph:
    """The graph of an expression; one made by hand may be anything, so it is checked."""
    if isinstance(expression, ComputationalGraph):
        expression.check()
    else:
        expression = parse(expression, constants=constants)
    return expression if target is None else expression.target(target)


def _on(tape: Tape) -> ComputationalGraph:
    """The graph of a tape: as inputs need it, with pi as one of them if it is given."""
    assert isinstance(tape.graph, ComputationalGraph)
    return tape.graph


def _tape(
    graph: ComputationalGraph, inputs: Mapping[str, object] | None, named: Mapping[str, object],
    upstream: Upstream,
) -> Tape:  # fmt: skip
    """The tape of a graph with numbers, or with symbols alone."""
    symbolic = symbolic_tape(graph, inputs, named, upstream)
    return symbolic or arrived(graph.forward(inputs, **named), upstream)


def _letters(figure: Figure) -> Mapping[str, int]:
    """The letters of the symbols in formulas, which are made when a sentence needs them."""
    return figure._writer.facts.symbols.letters


def _laid_out(figure: Figure, first: Figure | None) -> Drawing:
    """The layout of a figure: that of the one it comes from, if its numbers fit there."""
    if first is not None and fits(first.drawing, figure.texts, figure.widths):
        return first.drawing
    style = figure.marked_style
    if figure.network is not None:
        from ..neurons.drawing import drawn

        return drawn(figure.network, figure.tape.shapes, figure.texts, style)
    tape = figure.tape
    given = figure.graph, style, figure.engine, tape.shapes, figure.texts, tape.outside
    return draw(*given, plain=not tape.numeric, widths=figure.widths)


def _stage(figure: Figure, warned: Iterable[int], frame: Frame | None = None) -> str:
    """The figure for the player, with the numbers of a frame or none."""
    drawn = figure.drawing, figure.style, figure.scope, figure._slots.colours_end
    if frame is None:
        return stage(*drawn, warned)
    filled = {slot: figure.markup.get(slot, text) for slot, text in frame.texts.items()}
    return stage(*drawn, warned, filled, frame.warnings)


def _content_key(figure: Figure) -> str:
    """A hash of what a figure shows, so that different figures have different ids on a page.

    Of printed texts, not of values, whose last bits depend on the machine.
    """
    from hashlib import blake2s

    nodes = [(n.gate and n.gate.name, n.args, n.name, n.options) for n in figure.graph.nodes]
    content = (figure.graph.source, nodes, figure.texts, figure.blocks, figure.by, figure.forward,
               figure.lang, figure.style)  # fmt: skip
    return blake2s(repr(content).encode("utf-8", "replace"), digest_size=5).hexdigest()


@dataclass(frozen=True, eq=False)
class Frame:
    """The figure after one step."""

    figure: Figure = field(repr=False)
    index: int
    step: Step

    def __repr__(self) -> str:
        return f"<Frame {self.index}: {self.step.kind} of {self.figure.graph.ids[self.step.node]}>"

    @cached_property
    def caption(self) -> str:
        """What happens in this step, in whole sentences."""
        return self.figure._speaker.caption(self.step)

    @cached_property
    def legend(self) -> str:
        """The step in numbers, [local] x [upstream] = downstream; empty in the forward pass."""
        return self.figure._speaker.legend(self.step)

    @cached_property
    def why(self) -> str:
        """Why this step can come now."""
        return self.figure._speaker.why(self.step)

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The step as formulas: in symbols, with earlier results put in, with all numbers.

        One for each wire that the step is about, then the meanings of the letters in them; empty
        where the step needs none.
        """
        return self.figure._writer.equations(self.step)

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of `stepper.code()` that compute what is new in this step, counted from 0."""
        return self.figure.program.making(self.step.shows)

    @cached_property
    def texts(self) -> dict[Slot, str]:
        """The visible numbers, as printed."""
        appears, local = self.figure.appears, self.figure.style.local
        there = {s: text for s, text in self.figure.texts.items() if appears[s] <= self.index}
        if local == "always":
            return there
        now = (*self.step.shows, *self.step.uses) if local == "step" else ()
        return {s: text for s, text in there.items() if s.kind != "local" or s in now}

    @cached_property
    def warnings(self) -> dict[int, str]:
        """The sentences about each node whose visible numbers are not all finite."""
        figure, found = self.figure, dict[int, dict[str, None]]()
        for trouble in figure.tape.troubles:
            if figure.appears[Slot(trouble.kind, trouble.item)] <= self.index:
                found.setdefault(trouble.node, {})[figure._speaker.trouble(trouble)] = None
        return {node: " ".join(sentences) for node, sentences in found.items()}

    def svg(self, ident: str | None = None) -> str:
        """The frame as an SVG document.

        `ident` replaces its id, for a page that shows the same frame twice. Raises GraphError for
        one that is not a plain word.
        """
        if ident is not None and not re.fullmatch(r"[A-Za-z][\w-]*", str(ident), re.ASCII):
            raise GraphError("bad_ident", ident=ident)
        return self.figure._canvas.render(self._view, str(ident or ""))

    def picture(self, theme: str = "light", plain: bool = False, over: str = "") -> str:
        """The figure alone as an SVG document, without its sentences, for slides.

        With `plain` nothing stands out. `over` is SVG that is painted over the figure. Raises
        GraphstepError for a theme that is not "light" or "dark".
        """
        one_of("theme", theme, ("light", "dark"))
        view = self._view
        if plain:
            view = view._replace(new=(), used=(), nodes=(), wires=())
        return self.figure._canvas.picture(view, theme, over)

    @cached_property
    def shapes(self) -> Scene:
        """The figure alone as shapes, for formats that have shapes of their own.

        >>> shapes = Figure.of("f = x * y", x=2, y=3)[-1].shapes.shapes
        >>> [shape.runs[0].text for shape in shapes if hasattr(shape, "runs")][:4]
        ['x', 'y', '×', '2']
        """
        return self.figure._scenes.scene(self._view)

    @cached_property
    def _view(self) -> View:
        figure, step = self.figure, self.step
        return View(
            number=self.index,
            new=step.shows if "new" in step.row.marks else (),
            used=step.uses,
            nodes=(step.node,) if "node" in step.row.marks else (),
            wires=step.wires(figure.graph),
            warnings=self.warnings,
        )

    def graphviz(self) -> graphviz.Digraph:
        """The frame as a graphviz.Digraph with its numbers as labels, to restyle and render."""
        from .graphviz_export import digraph

        figure = self.figure
        return digraph(figure.graph, self.texts, figure.marked_style, figure.tape.outside)

    def _repr_latex_(self, caption: bool = True) -> str | None:  # noqa: ARG002
        """The frame for documents in LaTeX; those of a stepper have it, as outputs are above."""
        return None
