"""The mathematics under which gates are recorded: `math` on floats, NumPy on arrays."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from ..calculus.functions import ELEMENTARY, Function
from ..calculus.scalar_math import SCALAR, numpy_math
from .bodies import source_of
from .python_texts import Expr, attribute, called, name
from .recorded import Recorded, Recorder, plain

Helper = Callable[[str, Sequence[str]], str]
"""Makes the lines of a function, under this name, part of the program; returns its name there."""
BUILT_IN = frozenset({"max", "min", "abs"})  # functions that Python has, with the same bits
WHOLE = frozenset({"sign", "floor", "ceil", "round"})  # that `math` has not, or not as floats
OPERATORS = frozenset({"add", "sub", "mul", "div", "neg", "square", "reciprocal"})
EACH = """def {name}(x):
    found = [math.{name}(one) for one in np.ravel(x)]
    return np.array(found, dtype=x.dtype).reshape(x.shape)[()]"""


def on_floats(recorder: Recorder, helper: Helper) -> SimpleNamespace:
    """The mathematics on Python's floats."""

    def where(test: Any, yes: Any, no: Any) -> Any:
        if isinstance(test, bool):
            return yes if test else no
        trees = [*map(recorder.tree, (test, yes, no))]
        return recorder.made(ast.IfExp(*trees), SCALAR.where(*plain((test, yes, no))))

    found = {
        ufunc: _float_function(recorder, helper, row, ufunc)
        for row in ELEMENTARY.values()
        if row.floats
        for ufunc in row.ufuncs
    }
    return SimpleNamespace(**found, where=where)


def _float_function(
    recorder: Recorder, helper: Helper, row: Function, ufunc: str
) -> Callable[..., Any]:
    run = row.floats
    assert run is not None

    def function(*args: Any) -> Any:
        if not any(isinstance(arg, Recorded) for arg in args):
            return run(*args)
        if row.name in OPERATORS:
            return run(*args)
        found = run(*plain(args))  # raises where floats raise
        trees = [*map(recorder.tree, args)]
        if run is math.pow:
            return recorder.made(ast.BinOp(trees[0], ast.Pow(), trees[1]), found)
        return recorder.made(_called(helper, row, ufunc, trees), found)

    return function


def _called(helper: Helper, row: Function, ufunc: str, trees: list[Expr]) -> Expr:
    """The call of a function of floats."""
    run = row.floats
    assert run is not None
    if row.name in BUILT_IN:
        return called(name(row.name), trees)
    if row.name in WHOLE:
        return called(name("float"), [called(attribute(name("np"), ufunc), trees)])
    if run.__module__ == "math":
        return called(attribute(name("math"), run.__name__), trees)
    return called(name(helper(run.__name__.strip("_"), source_of(run))), trees)


def on_arrays(recorder: Recorder, helper: Helper) -> SimpleNamespace:
    """The mathematics on arrays."""
    from ..calculus.array_math import ARRAY, mask

    def drawn(*args: Any) -> Any:
        return recorder.call(helper("mask", source_of(mask)), mask, args, {})

    return SimpleNamespace(**{**vars(_with_each(recorder, helper, ARRAY)), "mask": drawn})


def of_single_numbers(recorder: Recorder, helper: Helper) -> SimpleNamespace:
    """The mathematics of NumPy's numbers, which gives inf and nan where floats raise."""
    return _with_each(recorder, helper, numpy_math())


def _with_each(recorder: Recorder, helper: Helper, base: Any) -> SimpleNamespace:
    """A mathematics of NumPy, with functions of its own for those that NumPy lacks."""
    each = {
        ufunc: _of_each(recorder, helper, ufunc, getattr(base, ufunc))
        for row in ELEMENTARY.values()
        if row.each
        for ufunc in row.ufuncs
    }
    return SimpleNamespace(**{**vars(base), **each})


def _of_each(
    recorder: Recorder, helper: Helper, ufunc: str, run: Callable[..., Any]
) -> Callable[..., Any]:
    """A function that NumPy lacks: that of `math`, element by element."""

    def function(x: Any) -> Any:
        made = helper(ufunc, EACH.format(name=ufunc).splitlines())
        return recorder.call(made, run, (x,), {})

    return function
