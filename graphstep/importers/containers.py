"""Matrices in dicts, lists and tuples of parameters: each is an input with a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..language.tokens import name_of
from .results import Path


def matrices(arguments: Mapping[str, Any], taken: set[str]) -> dict[str, Path]:
    """The arrays of floats in containers, by the names that they get as inputs.

    A path has the name of a parameter first.

    A key is the name if it can be and no other input has it; if not, the parameter's name comes
    first: `W1`, or `params_W1`.

    >>> import numpy as np
    >>> w = np.ones(2)
    >>> list(matrices({"params": {"W": w, "n": 3}, "ws": [w, {"W": w}]}, {"x"}))
    ['W', 'ws_0', 'ws_1_W']
    """
    found: dict[str, Path] = {}
    for parameter, value in arguments.items():
        for path in _paths(value, (parameter,)):
            name = _name(path, {*taken, *found, *arguments})
            if name:
                found[name] = path
    return found


def _paths(value: Any, path: Path) -> Iterator[Path]:
    for key, item in _items(value):
        if type(item).__name__ == "ndarray":
            if item.dtype.kind == "f" and item.size and item.shape:
                yield (*path, key)
        else:
            yield from _paths(item, (*path, key))


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    if type(value) is dict:
        yield from value.items()
    elif type(value) in (list, tuple):
        yield from enumerate(value)


def _name(path: Path, taken: set[str]) -> str:
    """A free name for a matrix; empty if there is none."""
    last = path[-1] if isinstance(path[-1], str) else ""
    joined = re.sub(r"\W+", "_", "_".join(map(str, path)))
    names = (name for name in (last, joined) if name_of(name) == name and name not in taken)
    return next(names, "")


def with_values(value: Any, values: Mapping[Path, Any], path: Path = ()) -> Any:
    """A value with others at some paths in its containers, which are new ones there."""
    if path in values:
        return values[path]
    if not any(other[: len(path)] == path for other in values):
        return value
    items = {key: with_values(item, values, (*path, key)) for key, item in _items(value)}
    return items if isinstance(value, dict) else type(value)(items.values())
