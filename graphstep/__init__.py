"""Backpropagation through an expression, one step at a time.

>>> import graphstep as gs
>>> s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)
>>> s.value, s.gradients
(-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
>>> s[2].caption
'Multiply gate: the upstream gradient is 1. Input z: local = x + y = 3; ...'

Figures:   stepper(expression, **inputs) -> Stepper, whose items are of type Frame; Style;
           unknown(2, 3), an input of which only the shape is known
Graphs:    parse(text) or trace(function, *args) -> ComputationalGraph; its forward() -> Tape;
           GraphBuilder, for graphs without a text
Gates:     GATES, the table, by name; Gate, a row of it; gate, a decorator for your own
Decks:     deck(path), slides from Markdown, with save(path)
Tables:    FORMATS, what figures can be written as, by ending; languages(), of all sentences
Layout:    layout_engine(name, function), a layout engine for other surroundings
Errors:    GraphstepError and its kinds ParseError, InputError, ShapeError, GraphError, GateError,
           TraceError, EngineError, OutputError
"""

from __future__ import annotations

from .base.notebook import shown_by as _shown_by

TYPE_CHECKING = False  # type checkers take it as true; importing typing would double the start
if TYPE_CHECKING:
    from .base.notebook import Maker
    from .base.words import languages as languages
    from .calculus.values import unknown as unknown
    from .decks import deck as deck
    from .engine.computational_graph import ComputationalGraph as ComputationalGraph
    from .engine.computational_graph import GraphBuilder as GraphBuilder
    from .engine.computational_graph import parse as parse
    from .engine.tape import Tape as Tape
    from .errors import EngineError as EngineError
    from .errors import GateError as GateError
    from .errors import GraphError as GraphError
    from .errors import GraphstepError as GraphstepError
    from .errors import InputError as InputError
    from .errors import OutputError as OutputError
    from .errors import ParseError as ParseError
    from .errors import ShapeError as ShapeError
    from .errors import TraceError as TraceError
    from .figure.figure import Frame as Frame
    from .gates import GATES as GATES
    from .gates import Gate as Gate
    from .gates.custom import gate as gate
    from .importers.python_function import trace as trace
    from .look.layout_engines import layout_engine as layout_engine
    from .look.style import Style as Style
    from .outputs import FORMATS as FORMATS
    from .stepping import Stepper as Stepper
    from .stepping import stepper as stepper

__version__ = "0.1.0"

_MODULES = {
    "stepper": "stepping",
    "Stepper": "stepping",
    "unknown": "calculus.values",
    "Frame": "figure.figure",
    "Style": "look.style",
    "parse": "engine.computational_graph",
    "trace": "importers.python_function",
    "GraphBuilder": "engine.computational_graph",
    "ComputationalGraph": "engine.computational_graph",
    "Tape": "engine.tape",
    "GATES": "gates",
    "Gate": "gates",
    "gate": "gates.custom",
    "layout_engine": "look.layout_engines",
    "deck": "decks",
    "FORMATS": "outputs",
    "languages": "base.words",
    "GraphstepError": "errors",
    "ParseError": "errors",
    "InputError": "errors",
    "ShapeError": "errors",
    "GraphError": "errors",
    "GateError": "errors",
    "TraceError": "errors",
    "EngineError": "errors",
    "OutputError": "errors",
    "load_ipython_extension": "notebook_magic",
}
"""Where each public name lives. Nothing is imported before it is asked for."""

__all__ = [name for name in _MODULES if name != "load_ipython_extension"]


def _bundle() -> Maker:
    from .displays import bundle

    return bundle


_shown_by(_bundle)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
