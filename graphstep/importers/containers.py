"""Matrices in dicts, lists, tuples and attributes: each is an input with a name of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType, MethodType, ModuleType
from typing import Any

from ..language.tokens import name_of
from .results import Path

NO_OWNERS = (type, ModuleType, FunctionType, MethodType)
"""What has attributes that are no parameters."""


def opened(
    function: Callable[..., Any], args: tuple[Any, ...]
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A method as a function whose first argument is its object; other functions as they are.

    >>> opened("a b".split, ("x",))[1], opened(opened, (1,))[1]
    (('x',), (1,))
    """
    if not callable(function) or isinstance(function, FunctionType):
        return function, args
    method = function if isinstance(function, MethodType) else getattr(function, "__call__", None)  # noqa: B004
    if not isinstance(method, MethodType) or not is_owner(method.__self__):
        return function, args
    return method.__func__, (method.__self__, *args)


def is_owner(value: Any) -> bool:
    """Whether a value is an object whose attributes may be parameters, as those of a network."""
    return not isinstance(value, NO_OWNERS) and isinstance(getattr(value, "__dict__", None), dict)


def matrices(arguments: Mapping[str, Any], taken: set[str]) -> dict[str, Path]:
    """The arrays of floats in containers and objects, by the names that they get as inputs.

    A path has the name of a parameter first.

    A key or an attribute is the name if it can be and no other input has it; if not, where it
    stands comes first: `W1`, or `params_W1`. Of several attributes with one name it always does:
    `fc1_W`, `fc2_W`. An object that stands at two places is met once.

    >>> import numpy as np
    >>> w = np.ones(2)
    >>> list(matrices({"params": {"W": w, "n": 3}, "ws": [w, {"W": w}]}, {"x"}))
    ['W', 'ws_0', 'ws_1_W']
    """
    found: dict[str, Path] = {}
    seen: set[int] = set()
    for parameter, value in arguments.items():
        paths = [*_paths(value, (parameter,), seen)]
        lasts = Counter(path[-1] for path in paths)
        for path in paths:
            owned = is_owner(value)
            name = _name(path, owned, lasts[path[-1]] > 1, {*taken, *found, *arguments})
            if name:
                found[name] = path
    return found


def _paths(value: Any, path: Path, seen: set[int]) -> Iterator[Path]:
    if is_owner(value):
        if id(value) in seen:
            return
        seen.add(id(value))
    for key, item in _items(value):
        if type(item).__name__ == "ndarray":
            if item.dtype.kind == "f" and item.size and item.shape:
                yield (*path, key)
        else:
            yield from _paths(item, (*path, key), seen)


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    if type(value) is dict:
        yield from value.items()
    elif type(value) in (list, tuple):
        yield from enumerate(value)
    elif is_owner(value):
        yield from vars(value).items()


def _name(path: Path, owned: bool, shared: bool, taken: set[str]) -> str:
    """A free name for a matrix; empty if there is none. `owned`: it belongs to an object."""
    last = path[-1] if isinstance(path[-1], str) and not (owned and shared) else ""
    starts = (1, 0) if owned else (0,)  # the name of an object says nothing: fc1_W
    joined = (re.sub(r"\W+", "_", "_".join(map(str, path[k:]))) for k in starts)
    names = (name for name in (last, *joined) if name_of(name) == name and name not in taken)
    return next(names, "")


def matrix_at(path: Path, arguments: Mapping[str, Any]) -> Any:
    """The value at the end of a path of `matrices`, or of the name of a parameter."""
    found: Any = arguments[path[0]]
    for key in path[1:]:
        found = dict(_items(found))[key]
    return found


@contextmanager
def with_values(arguments: dict[str, Any], values: Mapping[Path, Any]) -> Iterator[dict[str, Any]]:
    """The arguments with values at some paths: in new containers, and as attributes of objects.

    In the end the objects have their own attributes again.
    """
    kept: list[tuple[dict[str, Any], dict[str, Any]]] = []
    try:
        yield _placed(arguments, values, (), kept)
    finally:
        for attributes, own in reversed(kept):
            attributes.update(own)


def _placed(value: Any, values: Mapping[Path, Any], path: Path, kept: list[Any]) -> Any:
    if path in values:
        return values[path]
    inside = {other[len(path)] for other in values if other[: len(path)] == path}
    if not inside:
        return value
    items = {
        key: _placed(item, values, (*path, key), kept) if key in inside else item
        for key, item in _items(value)
    }
    if is_owner(value):
        kept.append((vars(value), {key: vars(value)[key] for key in inside}))
        vars(value).update(items)
        return value
    return items if isinstance(value, dict) else type(value)(items.values())
