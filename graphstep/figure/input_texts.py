"""Inputs as they are written on a command line: numbers, lists, files of NumPy, random arrays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import prod
from os.path import join
from tokenize import TokenError
from typing import Any
from unicodedata import normalize

from ..base.errors import InputError, reason
from ..calculus.values import value_for
from ..graph.parser import parse_nodes
from ..graph.tokens import MOST_AXES

MADE = re.compile(r"(randn|rand|zeros|ones)\(\s*(\d{1,30}(?:\s*,\s*\d{1,30})*)\s*,?\s*\)")
MOST_ELEMENTS = 10_000_000  # of an array that is made here
FILE = re.compile(r"[^\s()=+*,;@]*[^\s()=+*,;@.]\.([A-Za-z]{2,8})")
DECK_ENDINGS = ("md", "markdown")
FILE_ENDINGS = ("txt", "py", "ipynb", "pdf", "html", "pptx", "tex", "docx", "npy", "csv", "json")


def not_a_file(text: str) -> str:
    """The text of an expression. Raises InputError if it is the name of a file instead."""
    found = FILE.fullmatch(text.strip())
    ending = found[1].lower() if found else ""
    if ending in DECK_ENDINGS:
        raise InputError("deck_expression", path=text.strip())
    if ending in FILE_ENDINGS:
        raise InputError("file_expression", path=text.strip())
    return text


def inputs(pairs: Iterable[str], seed: int) -> dict[str, Any]:
    """Inputs from texts such as "x=2", "W=[[1, 2], [3, 4]]", "W=@weights.npy", "W=randn(3, 4)".

    Random arrays depend on the seed and on their order. Raises InputError and ParseError.
    """
    return dict(each_input(pairs, seed))


def each_input(pairs: Iterable[str], seed: int, folder: str = "") -> Iterator[tuple[str, Any]]:
    """The same one by one, with files from a folder. Raises at the first wrong one."""
    if seed < 0:
        raise InputError("bad_seed", seed=seed)
    found: set[str] = set()
    maker = _Maker(seed)
    for pair in pairs:
        name, equals, text = (part.strip() for part in pair.partition("="))
        if not equals or not name or not text:
            raise InputError("input_form", given=pair)
        name = normalize("NFKC", name)
        if name in found:
            raise InputError("input_twice", name=name)
        found.add(name)
        yield name, _value(name, text, maker, folder)


def _value(name: str, text: str, maker: _Maker, folder: str) -> Any:
    if text.startswith("["):
        return value_for(name, parse_nodes(text).nodes[-1].value)
    if text.startswith("@"):
        return value_for(name, _loaded(join(folder, text[1:])))
    made = MADE.fullmatch(text)
    if made is not None:
        return maker.array(name, made.group(1), made.group(2))
    try:
        return float(text.replace("−", "-"))
    except ValueError as error:
        raise InputError("not_a_value", name=name, given=text) from error


class _Maker:
    """A maker of arrays, the random ones from one generator."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random: Any = None  # the generator, made when it is needed

    def array(self, name: str, kind: str, sizes: str) -> Any:
        """An array of a kind and size."""
        import numpy as np

        shape = tuple(int(size) for size in sizes.split(","))
        if len(shape) > MOST_AXES:
            raise InputError("too_many_axes", name=name, count=len(shape), most=MOST_AXES)
        if prod(shape) > MOST_ELEMENTS:
            raise InputError("too_many_elements", name=name, count=prod(shape), most=MOST_ELEMENTS)
        self.random = self.random or np.random.default_rng(self.seed)
        makers = {"randn": self.random.standard_normal, "rand": self.random.random,
                  "zeros": np.zeros, "ones": np.ones}  # fmt: skip
        return makers[kind](shape)


def _loaded(path: str) -> Any:
    """The array in a .npy file. Pickled objects are never loaded: they could run code."""
    import numpy as np

    try:
        with open(path, "rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError, SyntaxError, TokenError) as error:
        raise InputError("cannot_read", path=path or "@", reason=reason(error)) from error
