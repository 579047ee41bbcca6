"""ES modules joined into one script, so that a page needs no server, and nobody a build step.

The modules are in one folder and use a small part of the language: each import is a line
`import { a, b } from "./name.js";`, each export precedes its declaration, and no string spans
several lines. Anything else is rejected, and so are two modules that declare the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from itertools import chain
from typing import NamedTuple

IMPORT = re.compile(r'import \{ (\w+(?:, \w+)*) \} from "\./(\w+)\.js";')
EXPORT = re.compile(r"export (?=(?:async function|function|class|const) (\w+))")
DECLARED = re.compile(r"(?:async function|function|class|const|let|var)\*? (\w+)")
MODULE_WORDS = re.compile(r"\b(?:import|export)\b")
COMMENT = re.compile(r"\s*(?://.*)?")
LATE_COMMENT = re.compile(r"\s+// [^\"'`]*$")  # with no end of a string after it


class Module(NamedTuple):
    """A module without its import and export lines."""

    text: str
    imports: dict[str, tuple[str, ...]]
    """The names it takes from each other module."""
    exports: frozenset[str]
    declares: tuple[str, ...]


def joined(entry: str, read: Callable[[str], str]) -> str:
    """The script of a module and all that it imports, each module after those it needs.

    Raises ValueError with the module and the line or the names at fault, or CycleError.
    """
    modules = _reached(entry, read)
    for name, module in modules.items():
        for source, names in module.imports.items():
            _expect(modules[source].exports.issuperset(names), name, f"{source}: {names}")
    needs = {name: module.imports for name, module in modules.items()}
    order = [modules[name] for name in TopologicalSorter(needs).static_order()]
    declared = list(chain.from_iterable(module.declares for module in order))
    twice = sorted({name for name in declared if declared.count(name) > 1})
    _expect(not twice, entry, " ".join(twice))
    return "\n".join(module.text for module in order)


def _reached(entry: str, read: Callable[[str], str]) -> dict[str, Module]:
    """A module and all that it imports, directly or not."""
    modules: dict[str, Module] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in modules:
            modules[name] = _module(name, read(name))
            waiting += modules[name].imports
    return modules


def _module(name: str, text: str) -> Module:
    """Parse a module line by line, and drop comments and indentation."""
    imports: dict[str, tuple[str, ...]] = {}
    lines = []
    for line in text.splitlines():
        if found := IMPORT.fullmatch(line):
            imports[found[2]] = (*imports.get(found[2], ()), *found[1].split(", "))
        elif not COMMENT.fullmatch(line):
            lines.append(LATE_COMMENT.sub("", line))
    return Module("\n".join(_plain(name, lines)), imports, *_names(lines))


def _names(lines: list[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that a module exports, and all that it declares."""
    exports = frozenset(found[1] for line in lines if (found := EXPORT.match(line)))
    plain = (EXPORT.sub("", line) for line in lines)
    return exports, tuple(found[1] for line in plain if (found := DECLARED.match(line)))


def _plain(name: str, lines: list[str]) -> Iterator[str]:
    """The lines without `export`."""
    for line in lines:
        plain = EXPORT.sub("", line) if EXPORT.match(line) else line
        _expect(not MODULE_WORDS.search(plain) and plain.count("`") % 2 == 0, name, line)
        yield plain.lstrip()


def _expect(holds: bool, name: str, at_fault: str) -> None:
    if not holds:
        raise ValueError(f"{name}: {at_fault}")
