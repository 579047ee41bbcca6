"""Typst sources to PDF, SVG or PNG. The only module that runs Typst."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from ..base import package_files
from ..base.errors import OutputError
from ..base.processes import in_new_process, interruptible
from .fonts import folder

Form = Literal["pdf", "svg", "png"]
STRING_ESCAPES = {
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\r"): "",
    ord("\t"): " ",
}
LEFT_OUT = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0xD800, 0xE000)])


def literal(text: str) -> str:
    r"""A text as a Typst string, in which nothing is read as markup or code.

    >>> print(literal('a "#b" \\ c'))
    "a \"#b\" \\ c"
    """
    return f'"{text.translate(LEFT_OUT | STRING_ESCAPES)}"'


def array(items: Iterable[str]) -> str:
    """An array of pieces of code, also of one.

    >>> array(["1"])
    '(1, )'
    """
    return f"({''.join(f'{item}, ' for item in items)})"


def require_typst(what: str) -> None:
    """Raise OutputError if Typst, which makes `what`, is not installed, before any work is done."""
    try:
        import typst  # noqa: F401
    except ImportError as error:
        raise OutputError("needs_extra", what=what, extra="slides") from error


def typeset(
    source: str,
    form: Form = "pdf",
    files: Mapping[str, bytes] | None = None,
    ppi: float = 144,
    system: bool = False,
) -> list[bytes]:
    """Typeset a document: one PDF, or one SVG or PNG per page.

    The source can use `files` by name. No fonts are used but those of graphstep and of Typst
    itself, or, with `system`, those that are installed too. Raises OutputError with the message of
    Typst, and ImportError without Typst.
    """
    made: list[bytes] = _with_typst(_compile, source, files or {}, form, ppi, system)
    return made


def document_metadata(
    source: str, label: str, files: Mapping[str, bytes], system: bool = False
) -> list[Any]:
    """The values of the metadata with a label in a document, in order.

    Raises OutputError with the message of Typst, and ImportError without Typst.
    """
    found: list[Any] = json.loads(_with_typst(_query, source, files, label, system))
    return found


def not_installed(families: Iterable[str]) -> list[str]:
    """Those of some families of fonts that are neither on the system nor here."""
    known = {family.casefold() for family in _fonts(system=True).families()}
    return [family for family in families if family.casefold() not in known]


def _compile(main: str, form: Form, ppi: float, system: bool) -> list[bytes]:
    with _compiler(main, system) as compiler:
        made: Any = compiler.compile(format=form, ppi=ppi, timestamp=0)
    return made if isinstance(made, list) else [made]


def _query(main: str, label: str, system: bool) -> str:
    with _compiler(main, system) as compiler:
        found: str = compiler.query(f"<{label}>", field="value")
    return found


@contextmanager
def _compiler(main: str, system: bool) -> Iterator[Any]:
    """Typst for a document. Its errors become OutputErrors with its message."""
    import typst

    try:
        yield typst.Compiler(main, root=os.path.dirname(main), font_paths=_fonts(system))
    except RuntimeError as error:  # queries raise no TypstError, which is one and has a message
        said = getattr(error, "message", str(error))
        raise OutputError("typst_failed", reason=said) from error


def _with_typst(
    task: Callable[..., Any], source: str, files: Mapping[str, bytes], *args: Any
) -> Any:
    """The result of a task for a document, whose files exist as long as it takes."""
    import typst  # noqa: F401  # the error for a missing one comes first

    with TemporaryDirectory(prefix="graphstep-") as root:
        for name, content in files.items():
            Path(root, name).write_bytes(content)
        main = Path(root, "main.typ")
        main.write_text(source, encoding="utf-8")
        run = in_new_process if _threads_of() != os.getpid() else interruptible
        return run(partial(task, os.fspath(main), *args))


@cache
def _threads_of() -> int:
    """The process that has the threads of Typst: forked ones lack them, and would wait forever."""
    return os.getpid()


@cache
def equations() -> Mapping[str, bytes]:
    """The file that defines how equations are set, for the files of a document."""
    name = "equations.typ"
    return {name: package_files.text(__file__, "data", name).encode()}


@cache
def _fonts(system: bool) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=system, font_paths=[os.fspath(folder())])
