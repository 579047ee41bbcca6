"""A stand-in for a number or an array that writes down what is done to it.

It carries the value of the run, so whoever asks for shapes gets them, and a branch goes the way it
goes in the run; the program then states what it takes for granted.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .python_texts import Expr, UnwrittenError, attribute, called, indexed, name, written

INFIX: Mapping[str, tuple[Callable[..., Any], type[ast.operator]]] = MappingProxyType(
    {
        "add": (operator.add, ast.Add), "sub": (operator.sub, ast.Sub),
        "mul": (operator.mul, ast.Mult), "truediv": (operator.truediv, ast.Div),
        "pow": (operator.pow, ast.Pow), "matmul": (operator.matmul, ast.MatMult),
        "and": (operator.and_, ast.BitAnd), "or": (operator.or_, ast.BitOr),
    }
)  # fmt: skip
COMPARED: Mapping[str, tuple[Callable[..., Any], type[ast.cmpop]]] = MappingProxyType(
    {
        "lt": (operator.lt, ast.Lt), "le": (operator.le, ast.LtE), "gt": (operator.gt, ast.Gt),
        "ge": (operator.ge, ast.GtE), "eq": (operator.eq, ast.Eq), "ne": (operator.ne, ast.NotEq),
    }
)  # fmt: skip
PREFIX: Mapping[str, tuple[Callable[..., Any], type[ast.unaryop]]] = MappingProxyType(
    {"neg": (operator.neg, ast.USub), "invert": (operator.invert, ast.Invert)}
)
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv",
        "matmul": "matmul", "bitwise_and": "and", "bitwise_or": "or", "less": "lt",
        "less_equal": "le", "greater": "gt", "greater_equal": "ge", "equal": "eq",
        "not_equal": "ne", "negative": "neg", "invert": "invert",
    }
)  # fmt: skip
"""The functions of NumPy that are its operators, to the bit; `power` is not."""
REDUCE: Mapping[str, str] = MappingProxyType({"add": "sum", "maximum": "max", "minimum": "min"})
EMPTY: Mapping[str, str] = MappingProxyType({"zeros_like": "zeros", "empty_like": "empty"})
IN_PLACE = frozenset({"put_along_axis", "fill"})
ASKS = frozenset({"shape", "ndim", "size"})
SAME_SHAPE = frozenset({"reshape", "broadcast_to"})


@dataclass(frozen=True, eq=False)
class Done:
    """One thing done: an expression with a name for its value, or a statement without one.

    `into` is what a statement writes into.
    """

    name: str
    tree: Any
    into: str = ""

    @property
    def made_empty(self) -> bool:
        """Whether it makes an array whose elements come later."""
        call = self.tree.func if isinstance(self.tree, ast.Call) else None
        return isinstance(call, ast.Attribute) and call.attr == "empty"


@dataclass(eq=False)
class Recorder:
    """What is done to some stand-ins, in order. `changed` are those that were written into."""

    done: list[Done] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    def given(self, text: str, value: Any) -> Recorded:
        """The stand-in for an argument."""
        return Recorded(self, text, value)

    def made(self, tree: Expr, value: Any) -> Any:
        """The stand-in for a value that an expression makes; what is no number stays itself."""
        if isinstance(value, tuple | list):
            return [self.made(ast.Subscript(tree, ast.Constant(k), ast.Load()), one)
                    for k, one in enumerate(value)]  # fmt: skip
        if not isinstance(value, float | bool) and not hasattr(value, "dtype"):
            return value
        made = f"·{len(self.done)}"  # no name of Python: those that stay get letters
        self.done.append(Done(made, tree))
        return Recorded(self, made, value)

    def stated(self, tree: ast.stmt) -> None:
        """A statement."""
        self.done.append(Done("", tree))

    def tree(self, value: Any) -> Expr:
        """An argument as an expression: the name of a stand-in, or a value written out."""
        if isinstance(value, Recorded):
            return name(value.text)
        if isinstance(value, tuple | list):
            kind = ast.Tuple if isinstance(value, tuple) else ast.List
            return kind([*map(self.tree, value)], ast.Load())
        return written(value)

    def call(self, path: str, run: Callable[..., Any], args: Any, named: Any) -> Any:
        """A call of a function of NumPy, or of a function that the program has."""
        found = run(*plain(args), **plain(named))
        first, *rest = path.split(".")
        tree = attribute(name(first), *rest)
        keywords = {key: self.tree(value) for key, value in named.items()}
        done = called(tree, map(self.tree, args), keywords)
        if found is None:
            self.change(args[0], ast.Expr(done))
        return self.made(done, found)

    def change(self, what: Any, tree: ast.stmt) -> None:
        """A statement that writes into a stand-in."""
        self.changed.add(what.text)
        self.done.append(Done("", tree, what.text))


def plain(value: Any) -> Any:
    """A value of the run in place of each stand-in."""
    if isinstance(value, Recorded):
        return value.value
    if isinstance(value, tuple | list):
        return type(value)(map(plain, value))
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


class Recorded:
    """The stand-in: `text` is its name in the program, `value` that of the run."""

    def __init__(self, recorder: Recorder, text: str, value: Any) -> None:
        self.recorder, self.text, self.value = recorder, text, value

    def __getattr__(self, attr: str) -> Any:
        if attr.startswith("__"):
            raise AttributeError(attr)
        found = getattr(self.value, attr)
        if attr == "flat":
            return Flat(self)
        if not callable(found):
            tree = attribute(name(self.text), attr)
            return self.recorder.made(tree, found) if hasattr(found, "dtype") else found

        def method(*args: Any, **named: Any) -> Any:
            if attr == "astype" and found(*args, **named) is self.value:
                return self
            if attr == "reshape" and plain(args) in (self.value.shape, (self.value.shape,)):
                return self
            return self.recorder.call(f"{self.text}.{attr}", found, args, named) \
                if attr not in IN_PLACE else self._written_into(attr, found, args)  # fmt: skip

        return method

    def _written_into(self, attr: str, found: Callable[..., Any], args: Any) -> None:
        found(*plain(args))
        trees, last = [*map(self.recorder.tree, args)], self.recorder.done[-1]
        if attr == "fill" and last.name == self.text and last.made_empty:
            shape = written(self.value.shape)
            full = called(attribute(name("np"), "full"), [shape, *trees])
            self.recorder.done[-1] = Done(self.text, full)
            return
        tree = called(attribute(name(self.text), attr), trees)
        self.recorder.change(self, ast.Expr(tree))

    def __getitem__(self, at: Any) -> Any:
        tree = ast.Subscript(name(self.text), self._index(at), ast.Load())
        return self.recorder.made(tree, self.value[plain(at)])

    def __setitem__(self, at: Any, what: Any) -> None:
        self.value[plain(at)] = plain(what)
        place = ast.Subscript(name(self.text), self._index(at), ast.Store())
        self.recorder.change(self, ast.Assign([place], self.recorder.tree(what)))

    def _index(self, at: Any) -> Expr:
        whole = at if isinstance(at, tuple) else (at,)
        parts = [name(one.text) if isinstance(one, Recorded) else one for one in whole]
        return indexed(tuple(parts) if isinstance(at, tuple) else parts[0])

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self.value)))

    def __bool__(self) -> bool:
        found = bool(self.value)
        test = name(self.text) if found else ast.UnaryOp(ast.Not(), name(self.text))
        self.recorder.stated(ast.Assert(test))
        return found

    def __abs__(self) -> Any:
        return self.recorder.call("abs", abs, (self,), {})

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **named: Any) -> Any:
        if method == "reduce" and ufunc.__name__ in REDUCE:
            import numpy as np

            kind = REDUCE[ufunc.__name__]
            named = {
                key: value
                for key, value in named.items()
                if value is not None and value is not False
            }
            return self.recorder.call(f"np.{kind}", getattr(np, kind), args, named)
        if method == "at":
            return self.recorder.call(f"np.{ufunc.__name__}.at", ufunc.at, args, named)
        if method != "__call__" or "out" in named:
            raise UnwrittenError
        if ufunc.__name__ in SIGNS and not named:
            return _by_sign(self.recorder, SIGNS[ufunc.__name__], *args)
        return self.recorder.call(f"np.{ufunc.__name__}", ufunc, args, named)

    def __array_function__(self, function: Any, _: Any, args: Any, named: Any) -> Any:
        kind = function.__name__
        if kind in ASKS:
            return function(*plain(args), **plain(named))
        if kind in SAME_SHAPE and not named and _as_it_is(*args):
            return args[0]
        if kind in EMPTY and "shape" in named:
            import numpy as np

            shape = named["shape"]
            made = self.recorder.made
            return made(called(attribute(name("np"), EMPTY[kind]), [written(shape)]),
                        np.zeros(shape))  # fmt: skip
        within = function.__module__.removeprefix("numpy").removeprefix(".")
        path = f"np.{within}.{kind}" if within in ("linalg", "lib.stride_tricks") else f"np.{kind}"
        return self.recorder.call(path, function, args, named)

    def __array__(self, *_: object, **__: object) -> Any:
        raise UnwrittenError  # else NumPy would take its value, and the program would hold it

    __hash__ = object.__hash__


def _as_it_is(x: Any, shape: Any) -> bool:
    """Whether an array has this shape already."""
    wanted = shape if isinstance(shape, tuple | list) else (shape,)
    return isinstance(x, Recorded) and getattr(x.value, "shape", ()) == tuple(wanted)


def _is_of_floats(value: Any) -> bool:
    return type(value) is float or getattr(value, "dtype", "bool") != "bool"


class Flat:
    """The elements of a stand-in in one line, to write into."""

    def __init__(self, of: Recorded) -> None:
        self.of = of

    def __setitem__(self, at: Any, what: Any) -> None:
        recorder = self.of.recorder
        self.of.value.flat[plain(at)] = plain(what)
        tree = attribute(name(self.of.text), "flat")
        place = ast.Subscript(tree, recorder.tree(at), ast.Store())
        recorder.change(self.of, ast.Assign([place], recorder.tree(what)))


def _by_sign(recorder: Recorder, sign: str, *args: Any) -> Any:
    """An operator applied."""
    values, trees = plain(args), [*map(recorder.tree, args)]
    if sign in PREFIX:
        run, kind = PREFIX[sign]
        return recorder.made(ast.UnaryOp(kind(), *trees), run(*values))
    if sign in COMPARED:
        run, compared = COMPARED[sign]
        return recorder.made(ast.Compare(trees[0], [compared()], trees[1:]), run(*values))
    run, infix = INFIX[sign]
    if sign == "mul" and args[1] is not args[0] and type(args[1]) is float:
        if args[1] == 1.0 and _is_of_floats(values[0]):
            return args[0]
        if args[1] == -1.0:
            return recorder.made(ast.UnaryOp(ast.USub(), trees[0]), run(*values))
    return recorder.made(ast.BinOp(trees[0], infix(), trees[1]), run(*values))


def _give_operators() -> None:
    for sign in (*INFIX, *COMPARED):

        def run(x: Recorded, y: Any, sign: str = sign) -> Any:
            return _by_sign(x.recorder, sign, x, y)

        def back(x: Recorded, y: Any, sign: str = sign) -> Any:
            return _by_sign(x.recorder, sign, y, x)

        setattr(Recorded, f"__{sign}__", run)
        if sign in INFIX:
            setattr(Recorded, f"__r{sign}__", back)
    for sign in PREFIX:
        setattr(Recorded, f"__{sign}__", lambda x, sign=sign: _by_sign(x.recorder, sign, x))


_give_operators()
