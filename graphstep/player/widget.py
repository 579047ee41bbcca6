"""The live widget: the player with a kernel behind it, through anywidget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..base.errors import GraphstepError, InputError, short
from ..calculus.values import value_for
from .assets import module, styles
from .fields import fields_of, inputs_of, replaced
from .page import cell
from .payload import Data, changes, live, looked_at, path, words

if TYPE_CHECKING:
    from ..figure.figure import Figure


LOOKED_AT = re.compile(r"[nw]([0-9]{1,9})")
LARGEST_COUNT = 2**53  # of messages: what JavaScript counts exactly
NOT_THE_PAGES = frozenset(anywidget.AnyWidget.class_trait_names()) | {
    "stage", "styles", "scope", "data", "fields", "change", "error", "answered",
}  # fmt: skip


class FigureWidget(anywidget.AnyWidget):
    """A figure that steps, and whose inputs can be changed in place.

    `step` (from 0), `playing` and `inputs` (a dict of numbers and nested lists) are synced both
    ways and can be observed or linked. Setting an input that does not fit raises TraitError here
    and shows a message beside its field there; the last good figure stays.
    """

    _esm = module()
    step = traitlets.Int(0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)

    stage = traitlets.Unicode().tag(sync=True)
    styles = traitlets.Unicode().tag(sync=True)
    scope = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    look = traitlets.Unicode().tag(sync=True)
    path = traitlets.Unicode().tag(sync=True)
    change = traitlets.Dict().tag(sync=True)
    error = traitlets.Dict().tag(sync=True)
    entered = traitlets.Dict().tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(self, stepper: Figure, **options: Any) -> None:
        self._stepper = stepper
        self._sliders: dict[str, list[float]] = {}  # by the name of the input
        self._changed: Data = {}  # all changes since the figure was made
        self._version = 0  # of the inputs: what the page was told about others, it must forget
        super().__init__(
            stage=stepper.live_stage, styles=styles(stepper), scope=stepper.scope,
            data=live(stepper), inputs=inputs_of(stepper),
            fields=fields_of(stepper, self._sliders), **options,
        )  # fmt: skip

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
                if name == "inputs":
                    self.error = {"field": "", "message": str(error)}

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

    @traitlets.observe("entered")
    def _typed(self, event: Any) -> None:
        """Set an input from a typed number or a moved slider; answer even if nothing was typed."""
        name, at, text, count = (event["new"].get(key) for key in ("name", "at", "text", "count"))
        if any((field["name"], field["at"]) == (name, at) for field in self.fields):
            self._set_number(name, at, text)
        if type(count) is int and abs(count) < LARGEST_COUNT:
            self.answered = count

    def _set_number(self, name: str, at: list[int], text: object) -> None:
        try:
            self.inputs = {
                **self.inputs,
                name: replaced(self.inputs[name], at, _number(name, text)),
            }
            self.error = {}
        except (GraphstepError, traitlets.TraitError) as error:
            self.error = {"field": f"{name} {','.join(map(str, at))}", "message": str(error)}


def _number(name: str, text: object) -> float:
    """The number that was typed for an input. Raises InputError."""
    try:
        return float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("not_a_number", name=name, given=text) from error


def _check_shapes(figure: Figure, given: dict[str, Any]) -> None:
    """Raise InputError where an input has another shape than in the figure."""
    for name, i in figure.graph.inputs.items():
        shapes = [
            getattr(v, "shape", ()) for v in (figure.tape.values[i], value_for(name, given[name]))
        ]
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
