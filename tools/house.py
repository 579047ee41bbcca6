"""The structure of the package, read from its imports, and its picture in docs/images/house.svg.

`python tools/house.py` writes the picture and prints counts that tests/house/test_house.py checks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parent.parent / "graphstep"
TARGET = PACKAGE.parent / "docs" / "images" / "house.svg"

LINES = (
    ("base",),
    ("calculus",),
    ("gates", "look"),
    ("language",),
    ("advice",),
    ("graph", "formulas"),
    ("rewriting",),
    ("derivatives", "drawing", "latex_input"),
    ("engine",),
    ("verification", "reasons", "painting", "updates"),
    ("importers", "explain", "program"),
    ("indexes",),
    ("symbolic", "neurons"),
    ("forward_mode",),
    ("figure",),
    ("slides",),
    ("pictures",),
    ("player", "documents", "powerpoint", "outputs", "markdown", "exercises"),
    ("stepping", "decks"),
    ("cli", "notebook_magic", "sphinx", "errors"),
    ("displays",),
    ("__init__",),
    ("__main__",),
)
"""The folders from the ground up: imports point down, and none goes along a line."""


class Import(NamedTuple):
    """An import: of a module of the package by its name in it, or of another package."""

    module: str
    ours: bool
    top: bool  # at the top of the file, so that it runs when the module is loaded
    typing: bool  # for type checkers only


@cache
def modules() -> dict[str, Path]:
    """Every module by its name within the package; the package itself is `__init__`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found[name.removesuffix(".__init__") or "__init__"] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[Import]:
    """Every import of a module, lazy ones and those for types included."""
    body = tree(name).body
    typing = {
        id(node)
        for test in ast.walk(tree(name))
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    for node in ast.walk(tree(name)):
        marks = node in body, id(node) in typing
        if isinstance(node, ast.Import):
            yield from (Import(a.name.split(".")[0], False, *marks) for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield Import((node.module or "").split(".")[0], False, *marks)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(module, True, *marks) for module in _ours(name, node))


def _ours(name: str, node: ast.ImportFrom) -> Iterator[str]:
    """The modules that a relative import names: each name is a module, or is defined in one."""
    package = modules()[name].name == "__init__.py"
    base = name.split(".") if package and name != "__init__" else name.split(".")[:-1]
    base = base[: len(base) - node.level + 1]
    full = ".".join([*base, *([node.module] if node.module else [])])
    for alias in node.names:
        module = f"{full}.{alias.name}" if full else alias.name
        yield module if module in modules() else full or "__init__"


def folder(name: str) -> str:
    """The folder of a module, or the module itself if it is beside the folders."""
    return name.partition(".")[0]


def line(name: str) -> int:
    """The line of a module, from 0 for the ground."""
    return next(k for k, folders in enumerate(LINES) if folder(name) in folders)


@cache
def arrows(top: bool = False) -> dict[str, frozenset[str]]:
    """What each module imports from the package; with `top`, only what it imports when loaded."""
    return {
        name: frozenset(i.module for i in imports(name) if i.ours and (i.top or not top)) - {name}
        for name in modules()
    }


def longest_chain() -> list[str]:
    """The longest chain of imports at the top of files, from the top to the ground."""
    known: dict[str, list[str]] = {}

    def chain(name: str) -> list[str]:
        if name not in known:
            below = (chain(m) for m in arrows(top=True)[name] if m != "__init__")
            known[name] = [name, *max(below, key=len, default=[])]
        return known[name]

    return max(map(chain, modules()), key=len)


# --- the picture

WIDE, HIGH, GAP, RISE, EDGE = 118.0, 42.0, 18.0, 34.0, 16.0
HIDDEN = ("errors",)  # another path to what is in base and calculus
FONT = "DejaVu Sans, Verdana, sans-serif"


def _between() -> set[tuple[str, str]]:
    """Which folder imports which, without arrows that longer paths imply."""
    shown = set(places())
    direct: dict[str, set[str]] = {name: set() for name in shown}
    for name, found in arrows().items():
        for module in found:
            pair = folder(name), folder(module)
            if pair[0] != pair[1] and set(pair) <= shown:
                direct[pair[0]].add(pair[1])
    below: dict[str, set[str]] = {}
    for name in sorted(shown, key=line):
        below[name] = direct[name].union(*(below[other] for other in direct[name]))
    return {
        (name, other)
        for name, found in direct.items()
        for other in found
        if not any(other in below[third] for third in found - {other})
    }


def places() -> dict[str, tuple[float, float]]:
    """The upper left corner of each box: the ground at the bottom, each line centred."""
    shown = [[name for name in names if name not in HIDDEN] for names in LINES[:-2]]
    whole = max(map(_width, shown))
    return {
        name: (
            EDGE + (whole - _width(names)) / 2 + n * (WIDE + GAP),
            EDGE + (len(shown) - 1 - k) * (HIGH + RISE),
        )
        for k, names in enumerate(shown)
        for n, name in enumerate(names)
    }


def _width(names: list[str]) -> float:
    return len(names) * (WIDE + GAP) - GAP


def picture() -> str:
    """The package as SVG: a box per folder with its number of files, arrows to what it imports."""
    found = places()
    wide = max(x for x, _ in found.values()) + WIDE + EDGE
    high = max(y for _, y in found.values()) + HIGH + EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" '
        f'width="{wide:g}" height="{high:g}" role="img" font-family="{FONT}">',
        "<title>The folders of graphstep, and which imports which</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>',
        *(_arrow(found[above], found[under]) for above, under in sorted(_between())),
        *(_box(name, *place) for name, place in found.items()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrow(above: tuple[float, float], under: tuple[float, float]) -> str:
    (x, y), (u, v) = above, under
    # arrows that meet at one box end side by side, in the order of where they come from
    reach = max(-0.4, min(0.4, (x - u) / 900)) * WIDE
    x, y, u = x + WIDE / 2 - reach / 2, y + HIGH, u + WIDE / 2 + reach
    return (
        f'<path d="M{x:g} {y:g}C{x:g} {y + RISE * 0.7:g} {u:g} {v - RISE * 0.7:g} {u:g} {v:g}" '
        'fill="none" stroke="#57606a" stroke-width="1.2" marker-end="url(#head)"/>'
    )


def _box(name: str, x: float, y: float) -> str:
    inside = [m for m in modules() if folder(m) == name]
    shown, count = (name, f"{len(inside) - 1} files") if len(inside) > 1 else (f"{name}.py", "")
    low = y + (18 if count else 26)
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{WIDE:g}" height="{HIGH:g}" rx="6" fill="#f3f5f7" '
        f'stroke="#24292f"/><text x="{x + WIDE / 2:g}" y="{low:g}" font-size="13" '
        f'font-weight="bold" text-anchor="middle" fill="#24292f">{shown}</text>'
        f'<text x="{x + WIDE / 2:g}" y="{y + 34:g}" font-size="11" text-anchor="middle" '
        f'fill="#57606a">{count}</text>'
    )


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
    print(f"{len(modules())} modules, longest chain of imports {len(longest_chain())}:")
    print(" > ".join(longest_chain()))
