"""All errors of graphstep, under their public path."""

from .base.errors import (
    EngineError,
    GateError,
    GraphError,
    GraphstepError,
    InputError,
    OutputError,
    ParseError,
    Span,
    TraceError,
)
from .calculus.shapes import ShapeError

__all__ = [
    "EngineError",
    "GateError",
    "GraphError",
    "GraphstepError",
    "InputError",
    "OutputError",
    "ParseError",
    "ShapeError",
    "Span",
    "TraceError",
]
