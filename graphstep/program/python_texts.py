"""Values and names as Python's own syntax trees, from which texts are written."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Mapping
from keyword import iskeyword
from typing import Any
from unicodedata import is_normalized, normalize

MOST_WRITTEN = 20_000  # elements of an array that is written out
LONGEST_NAME = 40
OWN = frozenset({"np", "math", *dir(builtins)})
"""Names that mean something in every program."""
Expr = ast.expr


class UnwrittenError(Exception):
    """What cannot be written as text."""


def name(text: str) -> Expr:
    """A name."""
    return ast.Name(text, ast.Load())


def attribute(of: Expr, *names: str) -> Expr:
    """An attribute, or one of an attribute."""
    for each in names:
        of = ast.Attribute(of, each, ast.Load())
    return of


def called(function: Expr, args: Any = (), named: Mapping[str, Any] | None = None) -> Expr:
    """A call with arguments that are expressions."""
    keywords = [ast.keyword(key, value) for key, value in (named or {}).items()]
    return ast.Call(function, list(args), keywords)


def of_numpy(function: str, *args: Any, **named: Any) -> Expr:
    """A call of a function of NumPy, with arguments that are written as they are."""
    given = {key: written(value) for key, value in named.items()}
    return called(attribute(name("np"), *function.split(".")), map(written, args), given)


def text_of(tree: ast.AST) -> str:
    """The Python text of an expression or a statement."""
    return ast.unparse(ast.fix_missing_locations(tree))


def written(value: Any) -> Expr:
    """A value as an expression. Raises UnwrittenError.

    >>> import numpy as np
    >>> text_of(written((slice(None), 2, np.arange(3))))
    '(slice(None, None, None), 2, np.arange(3))'
    >>> text_of(written(np.float64(-2.0))), text_of(written(np.zeros((2, 3))))
    ('np.float64(-2.0)', 'np.full((2, 3), 0.0)')
    """
    if isinstance(value, ast.expr):
        return value
    if hasattr(value, "dtype"):
        return _of_numpy(value)
    for kinds, write in KINDS:
        if isinstance(value, kinds):
            return write(value)
    raise UnwrittenError


def _several(value: tuple[Any, ...] | list[Any]) -> Expr:
    kind = ast.Tuple if isinstance(value, tuple) else ast.List
    return kind([*map(written, value)], ast.Load())


def _float(value: float) -> Expr:
    if not math.isfinite(value):
        return called(name("float"), [ast.Constant(str(value))])
    if math.copysign(1.0, value) < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def _of_numpy(value: Any) -> Expr:
    """A number of NumPy, or an array."""
    if type(value).__name__ == "ndarray":
        return _array(value)
    return of_numpy(value.dtype.name.removesuffix("_"), value.item())


def _array(value: Any) -> Expr:
    """An array: as a range, as one number everywhere, or with all its elements."""
    if value.size > MOST_WRITTEN:
        raise UnwrittenError
    if value.ndim == 1 and value.dtype.kind == "i" and value.tolist() == [*range(value.size)]:
        return of_numpy("arange", value.size)
    first = value.flat[0].item()
    if value.size > 3 and len({*map(repr, value.ravel().tolist())}) == 1:
        return of_numpy("full", value.shape, first)
    return whole_array(value)


def whole_array(value: Any) -> Expr:
    """An array with all its elements, in the order in which they lie in memory.

    >>> import numpy as np
    >>> text_of(whole_array(np.array([[1.0, 2.0]])))
    'np.array([[1.0, 2.0]])'
    """
    more: dict[str, Any] = {}
    if value.dtype.name not in ("float64", "int64", "bool"):
        more["dtype"] = value.dtype.name
    if value.flags.f_contiguous and not value.flags.c_contiguous:
        more["order"] = "F"
    numbers = value.tolist()
    text = repr(numbers)  # a tree of very many numbers would take seconds
    plain = "inf" not in text and "nan" not in text
    return of_numpy("array", name(text) if plain else numbers, **more)


def indexed(at: Any) -> Expr:
    """An index, in which slices stand as they do between brackets.

    >>> text_of(ast.Subscript(name("x"), indexed((slice(1, None), None)), ast.Load()))
    'x[1:, None]'
    """
    if isinstance(at, tuple) and at:
        return ast.Tuple([*map(indexed, at)], ast.Load())
    if isinstance(at, slice):
        ends = (None if end is None else written(end) for end in (at.start, at.stop, at.step))
        return ast.Slice(*ends)
    return written(at)


KINDS: tuple[tuple[Any, Callable[[Any], Expr]], ...] = (
    ((tuple, list), _several),
    (slice, lambda one: called(name("slice"), map(written, (one.start, one.stop, one.step)))),
    (range, lambda one: _several(tuple(one))),
    ((bool, int, str, type(None), type(Ellipsis)), ast.Constant),
    (float, _float),
    (type, lambda one: name(one.__name__)),
)
"""How values of these types are written; the first row that fits counts."""

# --- names


def is_usable(text: str | None, taken: Any) -> bool:
    """Whether a name of a node can be a variable, and `d` before it one for its gradient."""
    return (
        text is not None
        and text.isidentifier()
        and not iskeyword(text)
        and is_normalized("NFKC", text)
        and len(text) <= LONGEST_NAME
        and not text.startswith("__")
        and taken.isdisjoint((text, f"d{text}"))
    )


def identifier(text: str) -> str:
    """The name as Python reads it; x for what is no name in Python.

    >>> identifier("ｎｐ"), identifier("lambda"), identifier("x₁")
    ('np', 'x', 'x1')
    """
    found = normalize("NFKC", text)
    return found if found.isidentifier() and not iskeyword(found) else "x"


def free(base: str, taken: set[str]) -> str:
    """A name like this one that is not taken; now it is."""
    found, count = base, 1
    while found in taken:
        count += 1
        found = f"{base}_{count}"
    taken.add(found)
    return found
