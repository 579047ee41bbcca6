"""Arrays in a traced function that do not depend on its inputs: they stay NumPy's own."""

from __future__ import annotations

from typing import Any


def unwrapped(value: Any) -> Any:
    """A value with arrays of plain numbers as NumPy's own, also in lists, tuples and dicts."""
    if hasattr(type(value), "_is_known"):
        return value._plain if value._is_known else value
    kind = type(value)
    if kind in (list, tuple):
        return kind(map(unwrapped, value))
    if kind is dict:
        return {key: unwrapped(item) for key, item in value.items()}
    if kind is slice:
        return slice(*map(unwrapped, (value.start, value.stop, value.step)))
    return value


def has_traced(value: Any) -> bool:
    """Whether there is a value that depends on an input, also in lists, tuples and dicts."""
    if hasattr(type(value), "_is_known"):
        return not value._is_known
    if isinstance(value, list | tuple):
        return any(map(has_traced, value))
    return isinstance(value, dict) and any(map(has_traced, value.values()))


def plain_settings(value: Any) -> Any:
    """The settings of a function; whole numbers that were traced are asked for as they are."""
    if isinstance(value, list | tuple) and not hasattr(type(value), "_fields"):
        return type(value)(map(plain_settings, value))
    if isinstance(value, dict):
        return {key: plain_settings(item) for key, item in value.items()}
    if has_traced(value):
        raise value._whole("operator.index(x)")
    return value


def is_mask(value: Any) -> bool:
    """Whether a value is True or False, or an array of them."""
    plain = getattr(value, "_plain", value)
    return isinstance(plain, bool) or getattr(getattr(plain, "dtype", None), "kind", "") == "b"
