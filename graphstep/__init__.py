"""Backpropagation through an expression, one step at a time.

>>> import graphstep as gs
>>> s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)
>>> s.value, s.gradients
(-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
>>> s[2].caption
'Multiply gate: the upstream gradient is 1. Input z: local = x + y = 3; ...'
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it as true; importing typing would double the start
if TYPE_CHECKING:
    from .base.errors import GraphstepError as GraphstepError
    from .engine.computational_graph import ComputationalGraph as ComputationalGraph
    from .engine.computational_graph import parse as parse
    from .engine.tape import Tape as Tape
    from .figure.figure import Frame as Frame
    from .gates import GATES as GATES
    from .gates import Gate as Gate
    from .gates.custom import gate as gate
    from .importers.python_function import trace as trace
    from .look.style import Style as Style
    from .markdown import deck as deck
    from .stepping import Stepper as Stepper
    from .stepping import stepper as stepper

__version__ = "0.1.0"

_ROOMS = {
    "ComputationalGraph": "engine.computational_graph",
    "Frame": "figure.figure",
    "GATES": "gates",
    "Gate": "gates",
    "GraphstepError": "base.errors",
    "Stepper": "stepping",
    "Style": "look.style",
    "Tape": "engine.tape",
    "deck": "markdown",
    "gate": "gates.custom",
    "load_ipython_extension": "notebook_magic",
    "parse": "engine.computational_graph",
    "stepper": "stepping",
    "trace": "importers.python_function",
}
"""Where each public name lives. Nothing is imported before it is asked for."""

__all__ = [name for name in _ROOMS if name != "load_ipython_extension"]


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_ROOMS[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOMS})
