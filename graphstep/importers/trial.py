"""Advice that is tried before it is given."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

from ..calculus.shapes import Shape

OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = MappingProxyType(
    {
        ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
        ast.Div: operator.truediv, ast.Pow: operator.pow, ast.MatMult: operator.matmul,
        ast.USub: operator.neg,
    }
)  # fmt: skip


class Attempt(NamedTuple):
    """A call of a function that has no gate, with plain arguments."""

    function: Callable[..., Any]
    args: Sequence[Any] = ()
    named: Mapping[str, Any] = MappingProxyType({})


def advised(texts: Sequence[str], attempt: Attempt | None) -> str | None:
    """The first text that gives what the call gives, tried on random numbers of the same shapes.

    >>> import numpy as np
    >>> advised(["x @ y", "x @ y.T"], Attempt(np.inner, (np.ones((2, 3)), np.ones((2, 3)))))
    'x @ y.T'
    """
    if attempt is None or " = " in texts[0]:
        return texts[0]
    import numpy as np

    args = _drawn(attempt.args)
    scope = _letters("mask" in texts[0], args)
    with suppress(Exception), np.errstate(all="ignore"):  # the call itself may fail
        expected = attempt.function(*args, **attempt.named)
        for text in _filled(texts, attempt, np.shape(expected)):
            if _gives(text, scope, expected):
                return text
    return None


def _filled(texts: Sequence[str], attempt: Attempt, shape: Shape) -> list[str]:
    """The texts with the axis of the call, and the shape of its result."""
    numbers = [arg for arg in attempt.args[1:] if type(arg) is int]
    axis = attempt.named.get("axis", numbers[0] if numbers else 0)
    return [text.replace("axis=0", f"axis={axis}").replace("{shape}", str(shape)) for text in texts]


def _gives(text: str, scope: dict[str, Any], expected: Any) -> bool:
    import numpy as np

    modules = {"np": np, "math": math, "len": len}
    with suppress(Exception):  # a text that does not fit these arguments
        found = value_of(text, modules | scope)
        return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=1e-9)
    return False


def _drawn(args: Sequence[Any]) -> list[Any]:
    """The arguments with other floats, by which no two formulas agree by chance; lists of two."""
    import numpy as np

    rng = np.random.default_rng(0)

    def drawn(value: Any) -> Any:
        if _is_several(value):
            return [drawn(item) for item in (*value, *value)[:2]]
        is_float = np.asarray(value).dtype.kind == "f"
        return rng.uniform(0.5, 1.5, np.shape(value))[()] if is_float else value

    return [drawn(arg) for arg in args]


def _is_several(value: Any) -> bool:
    """Whether an argument is a list of arrays or floats; it may also be a shape or a mask."""
    return isinstance(value, list | tuple) and any(
        hasattr(item, "dtype") or isinstance(item, float) for item in value
    )


def _letters(has_mask: bool, args: Sequence[Any]) -> dict[str, Any]:
    """The arguments by the letters of the texts."""
    values = [item for arg in args for item in (arg if _is_several(arg) else (arg,))]
    letters = ("mask", "x", "y") if has_mask else ("x", "y")
    return dict(zip(letters, (v for v in values if not isinstance(v, str)), strict=False))


def value_of(text: str, scope: Mapping[str, Any]) -> Any:
    """The value of a Python expression of names, numbers, lists, operators, indices and calls.

    >>> value_of("2 * x[-1] ** 2", {"x": [1, 3]})
    18
    """

    def of(part: Any) -> Any:
        if isinstance(part, ast.Name):
            return scope[part.id]
        return None if part is None else READINGS[type(part)](part, of)

    return of(ast.parse(text, mode="eval").body)


def _called(node: Any, of: Callable[[Any], Any]) -> Any:
    named = {keyword.arg: of(keyword.value) for keyword in node.keywords}
    return of(node.func)(*map(of, node.args), **named)


READINGS: Mapping[type[ast.AST], Callable[[Any, Callable[[Any], Any]], Any]] = MappingProxyType(
    {
        ast.Constant: lambda node, _: node.value,
        ast.List: lambda node, of: [of(item) for item in node.elts],
        ast.Tuple: lambda node, of: tuple(of(item) for item in node.elts),
        ast.UnaryOp: lambda node, of: OPERATORS[type(node.op)](of(node.operand)),
        ast.BinOp: lambda node, of: OPERATORS[type(node.op)](of(node.left), of(node.right)),
        ast.Slice: lambda node, of: slice(of(node.lower), of(node.upper), of(node.step)),
        ast.Subscript: lambda node, of: of(node.value)[of(node.slice)],
        ast.Attribute: lambda node, of: getattr(of(node.value), node.attr),
        ast.Call: _called,
    }
)
"""How each part of an expression gets its value; `of` gives that of a smaller part."""
