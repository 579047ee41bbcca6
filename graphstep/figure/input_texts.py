"""Inputs as they are written on a command line: numbers, lists, files of NumPy, random arrays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any
from unicodedata import normalize

from ..base.errors import InputError, ParseError, reason
from ..base.files import read
from ..base.signs import typed
from ..calculus.shapes import MOST_AXES
from ..calculus.values import MOST_ELEMENTS, unknown, value_for
from ..graph.parser import parse_nodes
from ..language.foreign_names import CONSTANTS

MADE = re.compile(r"(randn|rand|zeros|ones)\(\s*(\d{1,30}(?:\s*,\s*\d{1,30})*)\s*,?\s*\)")
UNKNOWN = re.compile(r"unknown\(\s*(?:\d{1,30}(?:\s*,\s*\d{1,30})*\s*,?\s*)?\)")
MOST_BYTES = 1_000_000_000  # of a file with an array
DECIMALS = re.compile(r"[-−+]?\d+,\d+")
SEPARATED = re.compile(r"[({]?\s*[-+\d.eE]+(?:[\s,;]+[-+\d.eE]+)+\s*[)}]?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?: \d{3})+")
MOST_ROUNDS = 8  # of advice for one value
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

    With "W=unknown(3, 4)" only the shape is known. Random arrays depend on the seed and on their
    order. Raises InputError and ParseError.
    """
    return dict(each_input(pairs, seed))


def each_input(
    pairs: Iterable[str], seed: int, find: Callable[[str], Path] = Path
) -> Iterator[tuple[str, Any]]:
    """The same one by one; `find` gives the path of a file. Raises at the first wrong one."""
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
        yield name, _value(name, text, maker, find)


def _value(name: str, text: str, maker: _Maker, find: Callable[[str], Path]) -> Any:
    if text.startswith("@"):
        return file_value(name, text, find)
    if (sizes := UNKNOWN.fullmatch(text)) is not None:
        return unknown(*map(int, re.findall(r"\d+", sizes[0])))
    made = MADE.fullmatch(text)
    if made is not None:
        return maker.array(name, made.group(1), made.group(2))
    return written_value(name, text)


def file_value(name: str, text: str, find: Callable[[str], Path] = Path) -> Any:
    """The array in the file that a text such as "@weights.npy" names. Raises InputError."""
    path = text[1:].strip()
    return value_for(name, _loaded(find(path), path or "@"))


def written_value(name: str, text: str) -> Any:
    """The number or the list that a text is. Raises InputError and ParseError."""
    if text.startswith("["):
        return value_for(name, _list(name, text))
    try:
        return float(typed(text))
    except ValueError:
        return _worked_out(name, text)


def _list(name: str, text: str) -> Any:
    """A list of numbers. Raises ParseError, and InputError if there are names in it."""
    try:
        return parse_nodes(text).nodes[-1].value
    except ParseError as error:
        if "stack(" in str(error.values.get("write")):  # the list was taken for one of nodes
            raise InputError("not_a_value", name=name, given=text) from None
        raise


def _worked_out(name: str, text: str) -> float:
    """The number that arithmetic such as 3/4 gives. Raises InputError for anything else."""
    try:
        nodes = parse_nodes(text).nodes
    except ParseError:
        nodes = ()
    if len(nodes) == 1 and nodes[0].name is None and isinstance(nodes[0].value, float):
        return nodes[0].value
    raise _not_a_value(name, text)


def _not_a_value(name: str, text: str) -> InputError:
    """The error for a value that cannot be read, with what to write where its meaning is clear."""
    if DECIMALS.fullmatch(text):
        listed = f"[{text.replace(',', ', ')}]"
        return InputError("decimal_comma", name=name, given=text, number=text.replace(",", "."),
                          listed=listed)  # fmt: skip
    if SEPARATED.fullmatch(text) and not THOUSANDS.fullmatch(text):
        return InputError("not_a_value", name=name, given=text, write=f"{name}=[{_listed(text)}]")
    number = _meant(text)
    write = None if number is None else f"{name}={number!r}"
    return InputError("not_a_value", name=name, given=text, write=write)


def _listed(text: str) -> str:
    """Numbers between commas, spaces or semicolons as the items of a list."""
    return ", ".join(re.findall(r"[^\s,;(){}]+", text))


def _meant(text: str) -> float | None:
    """The number that a text means in another notation, such as √2 or 2*pi; None if none."""
    for _ in range(MOST_ROUNDS):
        try:
            nodes = parse_nodes(text).nodes
        except ParseError as error:
            write = error.values.get("write")
            if not isinstance(write, str) or error.span is None:
                return None
            text = text[: error.span.start] + write + text[error.span.end :]
        else:
            inputs = {node.name for node in nodes if node.name is not None}
            if not inputs <= CONSTANTS.keys() or any(type(node.value) is tuple for node in nodes):
                return None
            for constant in inputs:
                text = re.sub(rf"\b{constant}\b", repr(CONSTANTS[constant]), text)
            found = parse_nodes(text).nodes[-1].value
            return found if isinstance(found, float) else None
    return None


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


def _loaded(path: Path, shown: str) -> Any:
    """The array in a .npy file. Pickled objects are never loaded: they could run code."""
    import warnings

    import numpy as np

    try:
        data = read(path, MOST_BYTES)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # NumPy warns of headers that it guesses at
            return np.lib.format.read_array(BytesIO(data), allow_pickle=False)
    except Exception as error:  # NumPy raises anything for broken files
        raise InputError("cannot_read", path=shown, reason=reason(error)) from error
