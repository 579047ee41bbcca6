"""Typst: text in its language to PDF, SVG or PNG. The only room that runs it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from ..base.errors import OutputError
from .fonts import folder

Form = Literal["pdf", "svg", "png"]
ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "", ord("\t"): " "}
LEFT_OUT = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000)])


def literal(text: str) -> str:
    r"""A text as a Typst string: whatever stands in it is text, never markup or code.

    >>> print(literal('a "#b" \\ c'))
    "a \"#b\" \\ c"
    """
    return f'"{text.translate(LEFT_OUT | ESCAPES)}"'


def needed(what: str) -> None:
    """Raises OutputError where what makes this is not installed, before there is work to lose."""
    try:
        import typst  # noqa: F401
    except ImportError as error:
        raise OutputError("needs_extra", what=what, extra="slides") from error


def typeset(
    source: str, form: Form = "pdf", files: Mapping[str, bytes] | None = None, ppi: float = 144
) -> list[bytes]:
    """Pages of a document: one PDF, or one SVG or PNG a page.

    `files` can be used by name in the source. Only the fonts that come with graphstep, and those
    of Typst itself, are used. Raises OutputError with what Typst says, and ImportError without it.
    """
    import typst

    with _compiler(source, files or {}) as compiler:
        try:
            made: Any = compiler.compile(format=form, ppi=ppi, timestamp=0)
        except typst.TypstError as error:
            raise OutputError("typst_failed", reason=error.message) from error
    return made if isinstance(made, list) else [made]


def reported(source: str, label: str, files: Mapping[str, bytes]) -> list[Any]:
    """The values of a document's metadata with a label, in order."""
    with _compiler(source, files) as compiler:
        found: list[Any] = json.loads(compiler.query(f"<{label}>", field="value"))
    return found


@contextmanager
def _compiler(source: str, files: Mapping[str, bytes]) -> Iterator[Any]:
    """What compiles a document; its files are there meanwhile."""
    import typst

    with TemporaryDirectory(prefix="graphstep-") as root:
        for name, content in files.items():
            Path(root, name).write_bytes(content)
        main = Path(root, "main.typ")
        main.write_text(source, encoding="utf-8")
        yield typst.Compiler(os.fspath(main), root=root, font_paths=_fonts())


@cache
def equations() -> Mapping[str, bytes]:
    """The file with the function that sets equations, as one of a document's files."""
    name = "equations.typ"
    return {name: resources.files(__package__).joinpath("data", name).read_bytes()}


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[os.fspath(folder())])
