"""What a stepper can be written as: one file a format, one row here."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..errors import OutputError
from ..files import write

if TYPE_CHECKING:  # a stepper is passed in as a value: this room stands below it
    from ..frames import Stepper

FORMATS: Mapping[str, str] = MappingProxyType(
    {".svg": "svg", ".html": "html", ".dot": "dot", ".txt": "text"}
)
"""The module of each ending. It has `whole(stepper)`, its text, and may have `pages(stepper)`, one
text a frame."""


def save(stepper: Stepper, path: str | os.PathLike[str]) -> list[Path]:
    """Write a stepper in the format of the path's ending; with `{n}` in it, one file a frame."""
    return [write(target, text()) for target, text in plan(stepper, path)]


def plan(stepper: Stepper, path: str | os.PathLike[str]) -> list[tuple[str, Callable[[], str]]]:
    """The files a path stands for, each with what makes its text when it is called."""
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
    if not name or not isinstance(name, str):
        raise OutputError("no_path", path=path)
    module = import_module(f".{_format(name)}", __name__)
    if "{" not in name:
        return [(name, lambda: module.whole(stepper))]
    pages = getattr(module, "pages", None)
    if pages is None:
        raise OutputError("only_svg_pattern", suffix=Path(name).suffix)
    names = _names(name, len(stepper))
    return list(zip(names, pages(stepper), strict=True))


def _format(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in FORMATS:
        raise OutputError("unknown_format", suffix=suffix, known=" ".join(FORMATS))
    return FORMATS[suffix]


def _names(pattern: str, count: int) -> list[str]:
    """The file names of a pattern: `{n}`, or with a width `{n:02}`, and no other braces."""
    if set(NUMBER.sub("", pattern)) & {"{", "}"}:
        raise OutputError("bad_pattern", path=pattern)
    return [
        NUMBER.sub(lambda match, n=n: match.group().format(n=n), pattern)  # type: ignore[misc]
        for n in range(count)
    ]


NUMBER = re.compile(r"\{n(:0?[0-9]{1,2}d?)?\}")
