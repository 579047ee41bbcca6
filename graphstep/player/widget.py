"""The live widget: the player with a kernel behind it, through anywidget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..base.errors import GraphstepError, InputError
from .assets import module, styles
from .fields import fields_of, inputs_of, replaced
from .page import cell
from .payload import Data, changes, live, looked_at, path, words

if TYPE_CHECKING:
    from ..figure.figure import Figure


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
            now = self._stepper.at(given)
            if now.tape.shapes != self._stepper.tape.shapes:
                raise InputError("shapes_stay")
        except GraphstepError as error:
            raise traitlets.TraitError(str(error)) from error
        self._next = now
        return inputs_of(now)

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
        name, at, text = (event["new"].get(key) for key in ("name", "at", "text"))
        if name is not None:
            self._set_number(name, at, text)
        self.answered = event["new"]["count"]

    def _set_number(self, name: str, at: list[int], text: str) -> None:
        try:
            self.inputs = {**self.inputs, name: replaced(self.inputs[name], at, float(text))}
            self.error = {}
        except (ValueError, traitlets.TraitError) as error:
            said = InputError("not_a_number", name=name, given=text)
            message = str(error if isinstance(error, traitlets.TraitError) else said)
            self.error = {"field": f"{name} {','.join(map(str, at))}", "message": message}
