"""The live widget: the player with a kernel behind it, through anywidget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..base.errors import GraphstepError, InputError
from ..look.matrices import is_small
from .assets import module, styles
from .page import cell
from .payload import Data, changes, looked_at, path, payload, words

if TYPE_CHECKING:
    from ..figure.figure import Figure

SLIDER_REACH = 2.0  # how far a slider goes, in units of the number or of 1


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

    def __init__(self, stepper: Figure, **options: Any) -> None:
        self._stepper = stepper
        self._changed: Data = {}  # all changes since the figure was made
        data = {**payload(stepper), "quiz": []}  # its questions would be about other numbers
        super().__init__(
            stage=stepper.live_stage, styles=styles(stepper), scope=stepper.scope, data=data,
            inputs=_inputs(stepper), fields=_fields(stepper), **options,
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
        before = _inputs(self._stepper)
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
        return _inputs(now)

    @traitlets.observe("inputs")
    def _moved(self, _: Any) -> None:
        """Send what the new inputs change: texts, arrays, and the words of the current frame."""
        now = getattr(self, "_next", None)
        if now is None or now is self._stepper:
            return
        found, known = changes(self._stepper, now), self._changed
        merged = {key: {**known.get(key, {}), **found[key]} for key in ("texts", "blocks")}
        self._stepper, self._changed = now, {**found, **merged}
        self.fields = _fields(now)
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
        """Set an input from a typed number or a moved slider."""
        name, at, text = (event["new"].get(key) for key in ("name", "at", "text"))
        if name is None:
            return
        try:
            self.inputs = {**self.inputs, name: _replaced(self.inputs[name], at, float(text))}
            self.error = {}
        except (ValueError, traitlets.TraitError) as error:
            said = InputError("not_a_number", name=name, given=text)
            message = str(error if isinstance(error, traitlets.TraitError) else said)
            self.error = {"field": f"{name} {','.join(map(str, at))}", "message": message}


def _inputs(stepper: Figure) -> dict[str, Any]:
    """The inputs as JSON values."""
    values = {name: stepper.tape.values[i] for name, i in stepper.graph.inputs.items()}
    return {name: v if isinstance(v, float) else v.tolist() for name, v in values.items()}


def _replaced(value: Any, at: list[int], number: float) -> Any:
    """A value with one of its numbers replaced."""
    if not at:
        return number
    first, *rest = at
    return [_replaced(v, rest, number) if i == first else v for i, v in enumerate(value)]


def _fields(stepper: Figure) -> list[Data]:
    """A field for each input that is a number, and for each cell of a small array."""
    found: list[Data] = []
    for name, i in stepper.graph.inputs.items():
        value = stepper.tape.values[i]
        if isinstance(value, float):
            found.append(
                {"name": name, "at": [], "text": f"{value:.12g}", "slider": _slider(value)}
            )
        elif is_small(value.shape):
            import numpy as np

            found += [
                {"name": name, "at": list(at), "text": f"{float(value[at]):.12g}", "slider": None}
                for at in np.ndindex(value.shape)
            ]
    return found


def _slider(value: float) -> list[float]:
    """Minimum, maximum and step of a slider around a number."""
    reach = SLIDER_REACH * max(1.0, abs(value))
    return [round(value - reach, 6), round(value + reach, 6), round(reach / 200, 9)]
