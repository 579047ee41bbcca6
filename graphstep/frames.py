"""The stepper: a graph, its tape, its steps and its drawing zipped into frames."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2s
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .captions import Speaker, Told
from .cells import Block, block, inline, jacobian_block, largest_of, printed
from .draw import Drawing, draw
from .errors import GraphError, OutputError, short
from .formula import plain
from .graph import ComputationalGraph, parse
from .layout import ENGINES
from .notation import Equation
from .parser import Constants
from .run import merged
from .slots import Slot
from .steps import WAYS, Step, ready, steps
from .style import Numbers, Style, one_of
from .svg import Canvas, Look, Sheet, markup, scale
from .tape import Tape
from .words import languages, say

if TYPE_CHECKING:
    import graphviz

    from .notation.derive import Writer
    from .outputs.html import Quiz
    from .outputs.widget import FigureWidget


def stepper(
    expression: str | ComputationalGraph,
    /,
    *,
    inputs: Mapping[str, object] | None = None,
    lang: str = "en",
    by: str = "gate",
    forward: bool = False,
    constants: Constants = "inside",
    engine: str | None = None,
    style: Style | None = None,
    **named: object,
) -> Stepper:
    """A stepper through an expression, or a graph, at numbers for its inputs.

    An input is a number, an array or nested lists; one called like an option goes into `inputs`.
    `lang` is the language of all sentences, "en" or "ru". `by` is "gate" (one backward step a
    gate), "wire" (local, then downstream, wire by wire) or "product" (both of a wire at once);
    `forward=True` steps through the forward pass too. `constants` says where the numbers of a text
    stand: "inside" of gates, or as "nodes". `engine` is a layout engine, "embedded", or "dot" for
    the Graphviz of the system; None takes the first that there is. `style` holds colours and how
    numbers are printed. Raises GraphstepError for an expression, an input or an option that does
    not fit.

    >>> s = stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    >>> s.value, s.gradients
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
    """
    graph = expression
    if not isinstance(graph, ComputationalGraph):
        graph = parse(graph, constants=constants)
    else:
        graph.check()  # one made by hand may be anything
    one_of("by", by, WAYS)
    one_of("lang", lang, languages())
    if engine is not None:
        one_of("engine", engine, ENGINES)
    if not isinstance(style, Style | None):
        raise GraphError("not_a_style", given=short(style))
    tape = graph.forward(inputs, **named)
    tape.check_output()
    return Stepper(graph, tape, lang, by, forward, engine, style or Style())


@dataclass(frozen=True, eq=False)
class Stepper:
    """Frames of a figure, one for each step; `s[k]` is frame k, `len(s)` their number."""

    graph: ComputationalGraph
    tape: Tape
    lang: str
    by: str
    forward: bool
    engine: str | None
    style: Style
    _drawn: list[Drawing] = field(default_factory=list, repr=False)  # shared with `at`'s

    @property
    def value(self) -> Any:
        """The value of the output, a float."""
        return self.tape.value

    @property
    def gradients(self) -> dict[str, Any]:
        """The gradient of the output with respect to each input, by name.

        A float, or an array in the shape of its input.
        """
        return self.tape.gradients

    @property
    def given(self) -> str:
        """The inputs with their numbers, as printed: "x = -2, y = 5"."""
        return self._speaker.inputs()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What happens in each frame."""
        return steps(self.graph, self.by, self.forward)

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """One frame a step."""
        return tuple(Frame(self, index, step) for index, step in enumerate(self.steps))

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int) -> Frame:
        return self.frames[index]

    def __iter__(self) -> Iterator[Frame]:
        return iter(self.frames)

    def __repr__(self) -> str:
        return f"<Stepper {self.graph.source!r}: {len(self)} frames>"

    def at(self, inputs: Mapping[str, object] | None = None, /, **named: object) -> Stepper:
        """A new Stepper with some inputs changed: same graph, same layout.

        Raises InputError for a name that is no input, and ShapeError for a shape that does not fit.

        >>> stepper("f = x * y", x=2, y=3).at(x=5).value
        15.0
        """
        values = self.tape.values
        now: dict[str, object] = {name: values[i] for name, i in self.graph.inputs.items()}
        tape = self.graph.forward({**now, **merged(inputs, named)})
        moved = Stepper(
            self.graph, tape, self.lang, self.by, self.forward, self.engine, self.style,
            self._drawn if tape.shapes == self.tape.shapes else [],
        )  # fmt: skip
        moved.__dict__["steps"] = self.steps  # they follow from the graph alone
        moved.__dict__["_appears"] = self._appears
        return moved

    def save(self, path: str | os.PathLike[str]) -> list[Path]:
        """Write the figure in the format of the path's ending, and return the files written.

        `.html` is a page that steps; `.svg` and `.png` are the last frame, or one file a frame with
        a pattern such as "steps/{n:02}.svg"; `.txt` is the printed steps, `.dot` the last frame for
        Graphviz; `graphstep.outputs.FORMATS` has all. Each file is written beside its target and
        renamed. Raises OutputError for an ending that is not known, a place that cannot be written
        and an extra that is not installed.
        """
        from .outputs import save

        return save(self, path)

    @cached_property
    def numbers(self) -> Numbers:
        """How numbers are printed in this figure: called with a float, it gives its text."""
        tape = self.tape
        locals_ = [tape.local(w) for w in range(len(self.graph.wires))]
        found, mark = (*tape.values, *tape.upstreams, *locals_), say("number.mark", self.lang)
        if all(type(value) is float for value in found):
            return self.style.numbers(found, mark=mark)
        return self.style.numbers(printed(found), exact=True, mark=mark)

    @property
    def drawing(self) -> Drawing:
        """The figure without numbers; laid out once, however many frames and inputs follow."""
        if not self._drawn:
            self._drawn.append(draw(self.graph, self.style, self.engine, self.tape.shapes))
        return self._drawn[0]

    @cached_property
    def texts(self) -> dict[Slot, str]:
        """The text of every slot, as it is printed, in whatever frame it appears."""
        return {slot: self._printed(slot, value) for slot, value in self._slots.items()}

    def _printed(self, slot: Slot, value: Any) -> str:
        if type(value) is not float:
            return inline(value, self.numbers, self.style.cell, self.lang)
        if slot.kind == "value" and self.graph.holds_labels(slot.item):
            return f"{value:.0f}"
        return self.numbers(value)

    @cached_property
    def _slots(self) -> dict[Slot, Any]:
        """The number, array or Jacobian of every slot."""
        tape, wires = self.tape, range(len(self.graph.wires))
        return {
            **{Slot("value", i): value for i, value in enumerate(tape.values)},
            **{Slot("upstream", i): value for i, value in enumerate(tape.upstreams)},
            **{Slot("local", w): tape.local(w) for w in wires},
            **{Slot("downstream", w): tape.downstream(w) for w in wires},
        }

    @cached_property
    def _scale(self) -> float:
        """The end of the colours of all heat maps; labels are no quantities and do not count."""
        return largest_of(
            value for slot, value in self._slots.items()
            if slot.kind != "local"
            and not (slot.kind == "value" and self.graph.holds_labels(slot.item))
        )  # fmt: skip

    @property
    def _colours_end(self) -> str:
        return self.numbers(self._scale) if self._scale else ""

    @cached_property
    def blocks(self) -> dict[Slot, Block]:
        """How every array and Jacobian is drawn."""
        arrays = {slot: value for slot, value in self._slots.items() if type(value) is not float}
        if not arrays:
            return {}
        numbers, room = self.numbers, self.style.cell
        return {
            slot: jacobian_block(value, numbers, room, self.lang) if slot.kind == "local"
            else block(value, numbers, room, self._scale)
            for slot, value in arrays.items()
        }  # fmt: skip

    @cached_property
    def _speaker(self) -> Speaker:
        return Speaker(self.tape, self.numbers, self.texts, self.lang)

    @cached_property
    def _writer(self) -> Writer:
        from .notation.derive import Writer
        from .notation.factors import Factors

        facts = Factors(self.tape, self.numbers, self.texts, self.style.cell)
        return Writer(facts, self.lang)

    def named(self, node: int) -> str:
        """What a node, given by its index in `graph.nodes`, is called in sentences."""
        return self._speaker.name(node)

    def gate_name(self, node: int) -> str:
        """What kind of gate a node is, in words."""
        return self._speaker.gate(node)

    def formula(self, node: int) -> str:
        """A gate's formula in names, and with numbers where there are few of them."""
        return " = ".join(dict.fromkeys(map(plain, self._speaker.formulas(node))))

    def told(self, wire: int) -> Told:
        """What there is to say of a wire in few words."""
        return self._speaker.told(wire)

    @cached_property
    def ready(self) -> tuple[tuple[int, ...], ...]:
        """The gates whose turn could have come at each step, but for the one that it is about."""
        return ready(self.graph, self.steps)

    def stage(self, live: bool = False) -> str:
        """The figure as SVG with empty slots, for the player.

        A live one has a place for a warning sign on every gate: other inputs may bring it.
        """
        found = {trouble.node for trouble in self.tape.troubles}
        if live:
            found |= set(range(len(self.graph.nodes)))
        return self._canvas.stage(sorted(found))

    def markup(self) -> dict[Slot, str]:
        """What stands in the slots of arrays, as SVG."""
        return markup(self.drawing, self.blocks)

    def scale(self) -> str:
        """The scale of the colours of heat maps as SVG; empty where there are none."""
        return scale(self.drawing, self._colours_end)

    @property
    def scope(self) -> str:
        """The class of this figure, by which its colours find it; the same for the same content."""
        return f"gs-{self._key}"

    @cached_property
    def _appears(self) -> dict[Slot, int]:
        """The frame in which each slot becomes visible."""
        return {slot: k for k, step in enumerate(self.steps) for slot in step.shows}

    @cached_property
    def _canvas(self) -> Canvas:
        captions = [(frame.caption, frame.legend) for frame in self.frames]
        sheet = Sheet(
            self._key, self.graph.source, self.texts, self.blocks, self._appears, captions,
            self._colours_end,
        )  # fmt: skip
        return Canvas(self.drawing, self.style, sheet)

    @cached_property
    def _key(self) -> str:
        """Counted from the content, so that different figures have different ids on a page."""
        nodes = [(n.gate and n.gate.name, n.args, n.name, n.options) for n in self.graph.nodes]
        values = [v if isinstance(v, float) else v.tobytes() for v in self.tape.values]
        content = (self.graph.source, nodes, values, self.by, self.forward,
                   self.lang, self.style)  # fmt: skip
        return blake2s(repr(content).encode("utf-8", "replace"), digest_size=5).hexdigest()

    def quiz(self) -> Quiz:
        """The figure as questions: each number of the backward pass has to be predicted.

        Shown in a notebook, or written as a page with `.save(path)`.
        """
        from .outputs.html import Quiz

        return Quiz(self)

    def widget(self) -> FigureWidget:
        """The figure with a kernel behind it: fields and sliders for inputs, traits to observe.

        Raises OutputError where anywidget is not installed.
        """
        try:
            from .outputs.widget import FigureWidget
        except ImportError as error:
            raise OutputError("needs_extra", what="widget", extra="notebook") from error
        return FigureWidget(self)

    def _repr_html_(self) -> str:
        from .outputs.html import cell

        return cell(self)


@dataclass(frozen=True, eq=False)
class Frame:
    """What is seen after one step."""

    stepper: Stepper = field(repr=False)
    index: int
    step: Step

    @cached_property
    def caption(self) -> str:
        """What happens in this step, in whole sentences."""
        return self.stepper._speaker.caption(self.step)

    @cached_property
    def legend(self) -> str:
        """The step in numbers, [local] x [upstream] = downstream; empty in the forward pass."""
        return self.stepper._speaker.legend(self.step)

    @property
    def why(self) -> str:
        """Why this step can come now."""
        return self.stepper._speaker.why(self.step)

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The step as formulas: in symbols, with earlier results put in, with all numbers.

        One for each wire the step is about, then what the letters in them stand for; empty where
        the step needs none.
        """
        return self.stepper._writer.equations(self.step)

    @property
    def texts(self) -> dict[Slot, str]:
        """The visible numbers, as printed."""
        appears = self.stepper._appears
        return {s: text for s, text in self.stepper.texts.items() if appears[s] <= self.index}

    @property
    def warnings(self) -> dict[int, str]:
        """The sentence on each node whose numbers, as far as visible, are not finite."""
        stepper, found = self.stepper, dict[int, dict[str, None]]()
        for trouble in stepper.tape.troubles:
            if stepper._appears[Slot(trouble.kind, trouble.item)] <= self.index:
                found.setdefault(trouble.node, {})[stepper._speaker.trouble(trouble)] = None
        return {node: " ".join(sentences) for node, sentences in found.items()}

    def svg(self, ident: str | None = None) -> str:
        """The frame as an SVG document.

        `ident` replaces its own id, for a page that shows the same frame twice. Raises GraphError
        for one that is not a plain word.
        """
        if ident is not None and not re.fullmatch(r"[A-Za-z][\w-]*", str(ident), re.ASCII):
            raise GraphError("bad_ident", ident=ident)
        return self.stepper._canvas.render(self._look(ident))

    def picture(self, theme: str = "light", plain: bool = False) -> str:
        """The figure alone as an SVG document, without its sentences, for slides.

        With `plain` nothing stands out. Raises GraphstepError for a theme that is not "light" or
        "dark".
        """
        one_of("theme", theme, ("light", "dark"))
        look = self._look()
        if plain:
            look = look._replace(new=(), used=(), nodes=(), wires=())
        return self.stepper._canvas.picture(look, theme)

    def _look(self, ident: str | None = None) -> Look:
        stepper, step = self.stepper, self.step
        return Look(
            number=self.index,
            ident=ident or f"gs-{stepper._key}-{self.index}",
            caption=self.caption,
            legend=self.legend,
            new=() if step.kind == "all" else step.shows,
            used=step.uses,
            nodes=() if step.kind in ("all", "given") else (step.node,),
            wires=step.wires(stepper.graph),
            warnings=self.warnings,
        )

    def graphviz(self) -> graphviz.Digraph:
        """The frame as a graphviz.Digraph with its numbers as labels, to restyle and render."""
        from .outputs.dot import digraph

        return digraph(self)

    def _repr_svg_(self) -> str:
        return self.svg()
