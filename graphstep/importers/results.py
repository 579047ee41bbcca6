"""What a traced function returns: one value, or the one among several that becomes the output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[Any, ...]
"""The places that lead to a value: positions in tuples and lists, keys of dicts."""


def path_to(output: object, result: Any, *fits: Callable[[Any], bool]) -> Path:
    """The path to the value that a user chose, or else to the first one that fits, or fits less."""
    if output is not None:
        return output if isinstance(output, tuple) else (output,)
    values = [*_values(result, ())]
    return next((path for fit in fits for path, value in values if fit(value)), ())


def _values(result: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """All values inside of tuples, lists and dicts, in order."""
    if type(result) is dict:
        items = list(result.items())
    elif isinstance(result, list | tuple):
        items = list(enumerate(result))
    else:
        yield path, result
        return
    for key, item in items:
        yield from _values(item, (*path, key))


def value_at(path: Path, result: Any) -> Any:
    """The value at the end of a path; the result itself if there is none."""
    found = result
    for key in path:
        try:
            found = found[key]
        except (LookupError, TypeError):
            return result
    return found
