"""Files that come with the package: layouts, scripts, words, fonts."""

from __future__ import annotations

from os.path import dirname, join

# importlib.resources does the same, but loading it takes longer than the smallest command may


def path(module: str, *names: str) -> str:
    """The path of a file or folder beside a module, given by the module's `__file__`."""
    return join(dirname(module), *names)


def text(module: str, *names: str) -> str:
    """The text of a file beside a module."""
    with open(path(module, *names), encoding="utf-8") as file:
        return file.read()
