"""The live widget: the player with a kernel behind it, through anywidget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..base.errors import GraphstepError, InputError, short
from ..calculus.values import value_for
from .assets import module, widget_styles
from .fields import edited, expression_of, fields_of, inputs_of, replaced
from .page import cell
from .payload import Data, changes, live, looked_at, path, words

if TYPE_CHECKING:
    from ..figure.figure import Figure


LOOKED_AT = re.compile(r"[nw]([0-9]{1,9})")
LARGEST_COUNT = 2**53  # of messages: what JavaScript counts exactly
NOT_THE_PAGES = frozenset(anywidget.AnyWidget.class_trait_names()) | {
    "stage", "styles", "scope", "data", "made", "fields", "change", "error", "answered",
}  # fmt: skip


def _are(kind: type, values: Iterable[object]) -> bool:
    return all(type(value) is kind for value in values)


ENTERED: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "name": lambda name: type(name) is str,
        "at": lambda at: type(at) is list and _are(int, at),
        "text": lambda text: type(text) is str,
        "expression": lambda text: type(text) is str,
        "typed": lambda typed: type(typed) is dict and _are(str, (*typed, *typed.values())),
        "count": lambda count: type(count) is int and abs(count) < LARGEST_COUNT,
    }
)
"""What a page may tell that was entered, and its type."""


class FigureWidget(anywidget.AnyWidget):
    """A figure that steps, and whose expression and inputs can be changed in place.

    `step` (from 0), `playing`, `inputs` (a dict of numbers and nested lists) and `expression` (the
    text, empty where there is none) are synced both ways and can be observed or linked. Setting
    one that does not fit raises TraitError here and shows a message beside its field there; the
    last good figure stays.
    """

    _esm = module()
    step = traitlets.Int(0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    expression = traitlets.Unicode().tag(sync=True)

    stage = traitlets.Unicode().tag(sync=True)
    styles = traitlets.Unicode().tag(sync=True)
    scope = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    made = traitlets.Int(0).tag(sync=True)  # odd while another figure is put in place of this one
    fields: Any = traitlets.List().tag(sync=True)
    look = traitlets.Unicode().tag(sync=True)
    path = traitlets.Unicode().tag(sync=True)
    change = traitlets.Dict().tag(sync=True)
    error = traitlets.Dict().tag(sync=True)
    entered = traitlets.Dict().tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(self, stepper: Figure, **options: Any) -> None:
        self._stepper = stepper = stepper.with_space
        self._sliders: dict[str, list[float]] = {}  # by the name of the input
        self._changed: Data = {}  # all changes since the figure was made
        self._version = 0  # of the inputs: what the page was told about others, it must forget
        self._drawn: tuple[Figure, Data] | None = None  # of an expression that is being set
        self._typed: dict[str, str] = {}  # for inputs that are new in an edited expression
        super().__init__(**_traits(stepper, self._sliders), **options)

    @property
    def stepper(self) -> Figure:
        """The current figure, with the inputs that were set last."""
        return self._stepper

    def __repr__(self) -> str:
        return f"<FigureWidget {self._stepper.graph.source!r}>"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The output that a notebook saves, for readers without a kernel and for paper too."""
        found: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**options)
        if found is not None:
            found[0]["text/html"] = cell(self._stepper)
            if (latex := self._stepper.frames[-1]._repr_latex_()) is not None:
                found[0]["text/latex"] = latex
        return found

    def _handle_msg(self, msg: Any) -> None:
        """Take a message from the page; one that is not formed as they all are is dropped."""
        if _is_formed(msg):
            super()._handle_msg(msg)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sets. What is not its own, or does not fit, it gets back as it is."""
        for name, value in sync_data.items():
            if name not in self.keys:
                continue
            if name[:1] == "_" or name in NOT_THE_PAGES:
                self.send_state(name)
                continue
            try:
                super().set_state({name: value})
            except traitlets.TraitError as error:
                self.send_state(name)
                if name in ("inputs", "expression"):
                    self._show_error("" if name == "inputs" else name, error)

    @traitlets.validate("step")
    def _inside(self, proposal: Any) -> int:
        return int(min(max(proposal["value"], 0), len(self._stepper) - 1))

    @traitlets.validate("inputs")
    def _fits(self, proposal: Any) -> dict[str, Any]:
        """Check that the graph can take the inputs, and that their shapes are unchanged."""
        before = inputs_of(self._stepper)
        asked = proposal["value"].items()
        given = {**before, **{n: v.tolist() if hasattr(v, "tolist") else v for n, v in asked}}
        if given == before:
            self._next = self._stepper
            return before
        try:
            _check_shapes(self._stepper, given)  # before a run, which could be large
            now = self._stepper.at(given)
        except GraphstepError as error:
            raise traitlets.TraitError(str(error)) from error
        self._next = now
        return inputs_of(now)

    @traitlets.validate("expression")
    def _is_read(self, proposal: Any) -> str:
        """Check that the text has a graph, and that all of its inputs have a value."""
        text = str(proposal["value"])
        if text == expression_of(self._stepper):
            return text
        try:
            now = edited(self._stepper, text, self._typed)
            self._drawn = now, _traits(now, self._sliders)  # which may be too large to draw
        except GraphstepError as error:
            raise traitlets.TraitError(str(error)) from error
        return now.graph.source

    @traitlets.validate("look")
    def _is_part(self, proposal: Any) -> str:
        """Check that what is looked at is there: a node "n3", a wire "w7", or nothing."""
        of = str(proposal["value"])
        found, graph = LOOKED_AT.fullmatch(of), self._stepper.graph
        if of and not (found and int(found[1]) < len(graph.nodes if of[0] == "n" else graph.wires)):
            raise traitlets.TraitError(short(of))
        return of

    @traitlets.validate("path")
    def _has_paths(self, proposal: Any) -> str:
        if proposal["value"] and proposal["value"] not in self.data["paths"]:
            raise traitlets.TraitError(short(proposal["value"]))
        return str(proposal["value"])

    @traitlets.observe("inputs")
    def _moved(self, _: Any) -> None:
        """Send what the new inputs change: texts, arrays, and the words of the current frame."""
        now = getattr(self, "_next", None)
        if now is None or now is self._stepper:
            return
        found, known = changes(self._stepper, now), self._changed
        merged = {key: {**known.get(key, {}), **found[key]} for key in ("texts", "blocks")}
        self._version += 1
        self._stepper, self._changed = now, {**found, **merged, "version": self._version}
        self.fields = fields_of(now, self._sliders)
        self.error = {}
        self._send_change({**looked_at(now, self.look), **path(now, self.path)})

    @traitlets.observe("expression")
    def _edited(self, _: Any) -> None:
        """Put the figure of another text in place of this one; the last frame stays the last."""
        if self._drawn is None:
            return
        (now, traits), self._drawn = self._drawn, None
        last = self.step == len(self._stepper) - 1
        self._stepper, self._changed = now, {}
        self.made += 1
        for name, value in traits.items():
            setattr(self, name, value)
        self.look, self.path, self.change, self.error = "", "", {}, {}
        self.step = len(now) - 1 if last else self.step
        self.made += 1

    def _send_change(self, more: Data) -> None:
        """Send every text that has ever changed as it is now, so that a later view shows it too."""
        self.change = {**self._changed, **words(self._stepper, self.step), **more}

    @traitlets.observe("step")
    def _stepped(self, _: Any) -> None:
        """Send the words of a frame when it is shown, if inputs have changed."""
        if self._changed:
            self._send_change({})

    @traitlets.observe("look", "path")
    def _asked(self, event: Any) -> None:
        """Send the details of what is looked at, if inputs have changed."""
        if self._changed:
            about = looked_at if event["name"] == "look" else path
            self._send_change(about(self._stepper, event["new"]))

    @traitlets.validate("entered")
    def _is_formed(self, proposal: Any) -> dict[str, Any]:
        """Leave out what no page sends."""
        return {k: v for k, v in proposal["value"].items() if k in ENTERED and ENTERED[k](v)}

    @traitlets.observe("entered")
    def _told(self, event: Any) -> None:
        """Take a typed number, a moved slider or an edited text; answer even if there is none."""
        new = event["new"]
        name, at = new.get("name"), new.get("at")
        if any((field["name"], field["at"]) == (name, at) for field in self.fields):
            self._set_number(name, at, new.get("text", ""))
        if "expression" in new:
            self._set_expression(new["expression"], new.get("typed", {}))
        self.answered = new.get("count", self.answered)

    def _set_number(self, name: str, at: list[int], text: str) -> None:
        try:
            self.inputs = {
                **self.inputs,
                name: replaced(self.inputs[name], at, _number(name, text)),
            }
            self.error = {}
        except (GraphstepError, traitlets.TraitError) as error:
            self._show_error(f"{name} {','.join(map(str, at))}", error)

    def _set_expression(self, text: str, typed: dict[str, str]) -> None:
        self._typed = typed
        try:
            self.expression = text
            self.error = {}
        except traitlets.TraitError as error:
            self._show_error("expression", error)
        finally:
            self._typed = {}

    def _show_error(self, field: str, error: Exception) -> None:
        """Show an error beside a field, in the language of the figure."""
        told = error if isinstance(error, GraphstepError) else error.__cause__
        message: str = str(error)
        missing: object = []
        if isinstance(told, GraphstepError):
            message = told.message(self._stepper.lang)
            missing = told.values.get("missing", [])
        self.error = {"field": field, "message": message, "missing": missing}


def _traits(figure: Figure, sliders: dict[str, list[float]]) -> Data:
    """What the page needs to show a figure."""
    return {
        "stage": figure.live_stage, "styles": widget_styles(figure), "scope": figure.scope,
        "data": live(figure), "inputs": inputs_of(figure), "expression": expression_of(figure),
        "fields": fields_of(figure, sliders),
    }  # fmt: skip


def _number(name: str, text: str) -> float:
    """The number that was typed for an input. Raises InputError."""
    try:
        return float(text)
    except ValueError as error:
        raise InputError("not_a_number", name=name, given=text) from error


def _check_shapes(figure: Figure, given: dict[str, Any]) -> None:
    """Raise InputError where an input has another shape than in the figure."""
    for name, value in figure.tape.inputs.items():
        shapes = [getattr(v, "shape", ()) for v in (value, value_for(name, given[name]))]
        if shapes[0] != shapes[1]:
            raise InputError("shapes_stay")


def _is_formed(message: Any) -> bool:
    """Whether a message of the page is one of those that widgets send; this one has no buffers."""
    content = message.get("content") if isinstance(message, dict) else None
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(data, dict) or data.get("buffer_paths"):
        return False
    state = data.get("state", {})
    known = data.get("method") in ("update", "request_state", "custom")
    return known and isinstance(state, dict) and all(isinstance(name, str) for name in state)
