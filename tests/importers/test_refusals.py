"""All that Python and NumPy can do with a value, while tracing: the same result, or an error that says why."""

# ruff: noqa: UP031, UP032, RUF005 - that is what is tested

import builtins
import collections.abc
import contextlib
import copy
import decimal
import fractions
import functools
import io
import itertools
import json
import math
import numbers
import operator
import pickle
import random
import re
import statistics
import struct
import warnings

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.importers.numpy_functions import FORMS
from graphstep.importers.refusals import INSTEAD, Refused, no_gate
from graphstep.importers.traced_value import plain_of

VECTOR, MATRIX = np.array([1.5, 0.5, 2.5]), np.array([[1.5, 0.5], [0.25, 2.5]])
OPERANDS = {
    "floats": (1.5, 0.5),
    "whole numbers": (3, 2),
    "NumPy's numbers": (np.float64(1.5), np.float64(0.5)),
    "vectors": (VECTOR, np.array([0.5, 1.25, 2.0])),
    "matrices": (MATRIX, MATRIX.T + 0.25),
    "of float32": (VECTOR.astype(np.float32), VECTOR[::-1].astype(np.float32)),
    "labels": (VECTOR, np.array([2, 0, 1])),
    "one element": (np.array(1.5), np.array([0.5])),
}
# they wait for a person, read and write files, end the program, make memory that was never filled,
# or ask for the object itself: `type(x) is float` is what no value can answer falsely
NOT_TRIED = frozenset(
    re.findall(
        r"\w+",
        """breakpoint exec eval compile exit quit help input open print copyright credits license
        save savez savez_compressed savetxt load loadtxt genfromtxt fromfile fromregex memmap tofile
        dump show_config show_runtime info test get_include seterr seterrcall setbufsize
        set_printoptions empty empty_like ndarray recarray id vars property type concat iconcat""",
    )
)


def public(place, kinds=object):
    names = (name for name in dir(place) if not name.startswith("_") and name not in NOT_TRIED)
    return {name: getattr(place, name) for name in names if isinstance(getattr(place, name), kinds)}


def forms(name, function):
    """A function of one value, of two, and of a list of values."""
    yield f"{name}(x)", lambda x, y: function(x)
    yield f"{name}(x, y)", lambda x, y: function(x, y)
    yield f"{name}(2, x)", lambda x, y: function(2, x)
    yield f"{name}([x, y])", lambda x, y: function([x, y])


def of_modules():
    for place, module in (("operator", operator), ("math", math), ("", builtins), ("np", np),
                          ("np.linalg", np.linalg), ("np.fft", np.fft)):  # fmt: skip
        for name, function in public(module).items():
            if callable(function) and not (
                isinstance(function, type) and issubclass(function, BaseException)
            ):
                yield from forms(f"{place}.{name}", function)


def of_ufuncs():
    for name, ufunc in public(np, np.ufunc).items():
        yield f"np.{name}.reduce(x)", lambda x, y, u=ufunc: u.reduce(x)
        yield f"np.{name}.accumulate(x)", lambda x, y, u=ufunc: u.accumulate(x)
        yield f"np.{name}.outer(x, y)", lambda x, y, u=ufunc: u.outer(x, y)
        yield f"np.{name}(x, where=)", lambda x, y, u=ufunc: u(x, where=True)
        yield f"np.{name}(x, y, out=)", lambda x, y, u=ufunc: u(x, y, out=np.zeros(3))


def of_attributes():
    for name in sorted(
        {*public(float), *public(np.float64), *public(np.ndarray), *public(int), "softmax"}
    ):
        yield f"x.{name}", lambda x, y, n=name: facts(getattr(x, n))
        yield f"hasattr(x, {name})", lambda x, y, n=name: hasattr(x, n)
        yield f"x.{name}()", lambda x, y, n=name: getattr(x, n)()
        yield f"x.{name}(y)", lambda x, y, n=name: getattr(x, n)(y)
        yield f"x.{name}(0)", lambda x, y, n=name: getattr(x, n)(0)


def facts(found):
    """A method is only looked up; what is there but refused is used, and so raises its error."""
    return found.used if isinstance(found, Refused) else None if callable(found) else found


def of_classes():
    for place in (numbers, collections.abc, np, builtins):
        for name, kind in public(place, type).items():
            yield f"isinstance(x, {name})", lambda x, y, k=kind: isinstance(x, k)


def matched(x, y):
    match x:
        case int() | float():
            return "number"
        case [first, *_]:
            return first
        case np.ndarray():
            return "array"


def unpacked(x, y):
    a, *b = x
    return [a, *b]


def accumulated(x, y):
    total = np.zeros(3)
    total += x
    return total


OTHERS = {
    "f-string": lambda x, y: f"{x} {y!r}", "f'{x:.3f}'": lambda x, y: f"{x:.3f}",
    "%": lambda x, y: "%s %r" % (x, y), "%.2f": lambda x, y: "%.2f" % x, "%d": lambda x, y: "%d" % x,
    "format": lambda x, y: "{:.2e} {}".format(x, y), "printed": lambda x, y: print(x, y, file=io.StringIO()),
    "copy": lambda x, y: copy.copy(x), "deepcopy": lambda x, y: copy.deepcopy([x, y]),
    "pickle": lambda x, y: pickle.loads(pickle.dumps(x)), "json": lambda x, y: json.dumps([x]),
    "struct": lambda x, y: struct.pack("d", x), "Fraction": lambda x, y: fractions.Fraction(x),
    "Decimal": lambda x, y: decimal.Decimal(x), "statistics": lambda x, y: statistics.mean([x, y]),
    "median": lambda x, y: statistics.median([x, y]), "gauss": lambda x, y: random.Random(1).gauss(x, y),
    "fsum": lambda x, y: math.fsum([x, y]), "accumulate": lambda x, y: [*itertools.accumulate([x, y])],
    "reduce": lambda x, y: functools.reduce(operator.mul, [x, y, x]), "sum": lambda x, y: sum([x, y]),
    "sum of a generator": lambda x, y: sum(v * v for v in (x, y)), "sum from": lambda x, y: sum([x], y),
    "sum of rows": lambda x, y: sum(x), "product": lambda x, y: math.prod([x, y]),
    "max": lambda x, y: max(x, y), "min": lambda x, y: min(x, y), "max of elements": lambda x, y: max(x),
    "sorted": lambda x, y: sorted([x, y]), "sort": lambda x, y: [x, y].sort(), "in": lambda x, y: 1.5 in x,
    "in a list": lambda x, y: y in [x], "index": lambda x, y: [x].index(y), "count": lambda x, y: [x].count(y),
    "not": lambda x, y: not x, "and": lambda x, y: x and y, "if": lambda x, y: x if x else y,
    "chain": lambda x, y: 0 < x < y, "== None": lambda x, y: x is None or x == None,  # noqa: E711
    "== str": lambda x, y: x == "sum", "set": lambda x, y: len({x, y}), "key": lambda x, y: {x: 1}[x],
    "match": matched, "unpack": unpacked, "star": lambda x, y: [*x], "+=": accumulated,
    "+0": lambda x, y: 0 + x, "0.0+": lambda x, y: 0.0 + x, "-0": lambda x, y: 0 - x,
    "list *": lambda x, y: [0, 1] * x, "str *": lambda x, y: "ab" * x, "list +": lambda x, y: [1.0] + x,
    "list -": lambda x, y: [1.0, 2.0, 3.0] - x, "range": lambda x, y: [*range(x)], "None +": lambda x, y: None + x,
    "slice": lambda x, y: [1, 2, 3][:x], "item": lambda x, y: [1, 2, 3][x], "of an array": lambda x, y: np.eye(4)[y],
    "x[y]": lambda x, y: x[y], "x[y[0]]": lambda x, y: x[y[0]], "x[None]": lambda x, y: x[None],
    "x[...]": lambda x, y: x[...], "x[()]": lambda x, y: x[()], "x[::2]": lambda x, y: x[::2],
    "x[:, 0]": lambda x, y: x[:, 0], "x[x > 0]": lambda x, y: x[x > 0], "x[[True]]": lambda x, y: x[np.array([True, False, True])],
    "x['a']": lambda x, y: x["a"], "x[0.5]": lambda x, y: x[0.5], "x[-1]": lambda x, y: x[-1], "x[9]": lambda x, y: x[9],
    "x[0, 1]": lambda x, y: x[0, 1], "x[0][1]": lambda x, y: x[0][1], "x[1:]": lambda x, y: x[1:], "x[5:]": lambda x, y: x[5:],
    "type name": lambda x, y: x.__class__.__name__, "isscalar": lambda x, y: np.isscalar(x),
    "finfo": lambda x, y: np.finfo(x.dtype).eps, "zeros": lambda x, y: np.zeros(x), "like": lambda x, y: np.zeros_like(x),
    "shape of": lambda x, y: np.zeros(x.shape) + len(x), "dtype of": lambda x, y: np.ones(2, dtype=x.dtype),
    "vectorize": lambda x, y: np.vectorize(math.exp)(x), "frompyfunc": lambda x, y: np.frompyfunc(math.exp, 1, 1)(x),
    "apply": lambda x, y: np.apply_along_axis(np.sum, 0, x), "einsum": lambda x, y: np.einsum("i,i", x, y),
    "where": lambda x, y: np.where(x > 0, x, y), "where of a mask": lambda x, y: np.where([True, False, True], x, y),
    "norm": lambda x, y: np.linalg.norm(x, axis=0), "norm 1": lambda x, y: np.linalg.norm(x, 1), "norm ord": lambda x, y: np.linalg.norm(x, ord=np.inf),
    "sum axes": lambda x, y: np.sum(x, axis=(0, 1)), "sum of": lambda x, y: np.sum([x, y]), "mean dtype": lambda x, y: x.mean(dtype=np.float32),
    "sum where": lambda x, y: x.sum(where=[True, False, True]), "max initial": lambda x, y: np.max(x, initial=9.0),
    "reshape F": lambda x, y: x.reshape((-1,), order="F"), "transpose axes": lambda x, y: x.transpose(1, 0),
    "T": lambda x, y: x.T, "clip": lambda x, y: np.clip(x, 1, 2), "clip None": lambda x, y: np.clip(x, None, 1.0), "clip y": lambda x, y: x.clip(0, y),
    "stack": lambda x, y: np.stack([x, y]), "stack 1": lambda x, y: np.stack([x, y], axis=-1), "stack with": lambda x, y: np.stack([x, np.ones(3)]),
    "concatenate": lambda x, y: np.concatenate([x, y], axis=0), "concatenate flat": lambda x, y: np.concatenate([x, y], axis=None),
    "array": lambda x, y: np.array([x, y]), "asarray": lambda x, y: np.asarray(x), "float64": lambda x, y: np.float64(x),
    "astype": lambda x, y: x.astype(int), "astype same": lambda x, y: x.astype(x.dtype), "int": lambda x, y: int(x) * y,
    "pow mod": lambda x, y: pow(x, y, 7), "divmod": lambda x, y: divmod(x, y), "round 2": lambda x, y: round(x, 2),
    "into": lambda x, y: np.zeros(3).__setitem__(0, x), "into row": lambda x, y: np.zeros((2, 3)).__setitem__(0, x),
    "try len": lambda x, y: len(x) if hasattr(x, "__len__") else -1,
    "setattr": lambda x, y: setattr(x, "shape", (3, 1)), "memory": lambda x, y: bytes(memoryview(x)),
    "lexical": lambda x, y: str(x) + repr(y), "type in": lambda x, y: isinstance(x, (list, np.ndarray, float)),
    "number": lambda x, y: issubclass(x.__class__, numbers.Number), "singledispatch": lambda x, y: kind(x),
    "y.T": lambda x, y: y.T.T, "real": lambda x, y: x.real + x.imag, "inverse": lambda x, y: np.linalg.inv(x) @ y,
    "swap": lambda x, y: (y, x)[0], "float32 *": lambda x, y: np.float32(2) * x, "complex *": lambda x, y: 1j * x,
    "matrix *": lambda x, y: np.matrix([[1.0, 2.0], [3.0, 4.0]]) * x, "masked": lambda x, y: np.ma.masked_array([1.0, 2, 3], [0, 1, 0]) + x,
    "object": lambda x, y: np.array([1, None], dtype=object) * x, "True *": lambda x, y: True * x, "bools": lambda x, y: np.array([True, False, True]) * x,
    "ints": lambda x, y: np.array([1, 2, 3]) // 2 * x, "huge": lambda x, y: x ** 2.0 ** 20, "Fraction *": lambda x, y: fractions.Fraction(1, 2) * x,
    "where out": lambda x, y: np.exp(x, out=y, where=[True, False, True]),
    "int +=": lambda x, y: operator.iadd(y, 0.5), "int item": lambda x, y: (y.__setitem__(0, x[0]), y)[1],
    "int items": lambda x, y: (y.__setitem__(slice(0, 2), 1.5), y)[1], "int kept": lambda x, y: (y.__setitem__(0, 1), y)[1],
    "Decimal *": lambda x, y: decimal.Decimal(2) * x,
}  # fmt: skip


@functools.singledispatch
def kind(x):
    return "other"


kind.register(float, lambda x: "float")
kind.register(np.ndarray, lambda x: "array")

OPERATIONS = {
    **dict(of_modules()), **dict(of_ufuncs()), **dict(of_attributes()), **dict(of_classes()), **OTHERS,
}  # fmt: skip


def same(ours, theirs, short=False):
    """Whether two results are the same, also inside of lists; `short` numbers are of float32."""
    if isinstance(theirs, list | tuple):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, bool | np.bool_) and isinstance(ours, float):
        return ours == theirs  # a mask is 1 and 0 in a graph
    if isinstance(theirs, fractions.Fraction):
        return str(ours) == str(theirs)
    if isinstance(theirs, np.ndarray | numbers.Number) and not isinstance(theirs, bool):
        if np.shape(ours) != np.shape(theirs):
            return False
        rtol = 1e-5 if short or is_short(theirs) else 1e-12
        with contextlib.suppress(TypeError, ValueError):
            ours, theirs = (np.asarray(v, complex) for v in (ours, theirs))
            return np.allclose(ours, theirs, rtol=rtol, equal_nan=True)
    if hasattr(theirs, "__next__"):
        return hasattr(ours, "__next__")
    if callable(theirs) and not isinstance(theirs, type):
        return type(ours) is type(theirs)
    return type(ours) is type(theirs) and (str(ours) == str(theirs))


def is_short(value):
    return getattr(value, "itemsize", 8) < 8


def lost(found, operation, args):
    """Whether a result without a trace changes with the inputs; texts may, and what holds values."""
    there = attempt(operation, *map(moved, args))[0]
    return not isinstance(found, str | slice | classmethod) and not same(found, there)


def moved(x):
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return np.add(x, 0.03125, dtype=x.dtype, out=x.copy())
    return x + 0.03125 if isinstance(x, float) else x


def attempt(function, *args):
    """What a function returns for its arguments, or the error it raises."""
    try:
        return function(*copy.deepcopy(args)), None
    except Exception as error:
        return None, error


def disagreement(operation, args):
    """What is wrong with an operation under trace; empty if it does as it should."""
    theirs, refused = attempt(operation, *args)
    seen = []

    def function(x, y):
        seen.append(operation(x, y))
        return seen[-1]

    try:
        ours = gs.trace(function, *copy.deepcopy(args)).forward().value
        if isinstance(theirs, list | tuple):  # of which the graph has the first one
            ours = plain_of(seen[-1])
    except gs.GraphstepError as error:
        assert error.message("en") != error.message("ru")
        if not error.key.startswith("trace_result"):
            return ""
        ours = plain_of(seen[-1])
        if ours is seen[-1] and refused is None and lost(ours, operation, args):
            return f"gives {ours!r}, which does not follow its inputs"
    except Exception as error:
        forbidden = isinstance(error, TypeError | AttributeError | RecursionError)
        return f"raises {error!r}" if forbidden or type(error) is not type(refused) else ""
    if isinstance(refused, ArithmeticError):
        return ""  # the graph has NumPy's inf or nan, and shows it
    if "dtype from an array" in str(refused) or "numpy.object_" in str(refused):
        return ""  # any object with a dtype passes for that dtype
    if refused is not None:
        return f"gives {ours!r} where Python raises {refused!r}"
    return (
        "" if same(ours, theirs, any(map(is_short, args))) else f"gives {ours!r} and not {theirs!r}"
    )


@pytest.mark.parametrize("name", OPERANDS)
def test_whatever_is_done_gives_the_same_or_says_why_not(name):
    wrong = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for what, operation in OPERATIONS.items():
            if found := disagreement(operation, OPERANDS[name]):
                wrong[what] = found
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())


def test_what_does_not_return_a_number_is_tried_too():
    """The law above compares many results that are no part of a graph: it must not only refuse."""
    given = 0
    for operation in OPERATIONS.values():

        def function(x, y, operation=operation):
            operation(x, y)
            return x.sum()

        with contextlib.suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            given += gs.trace(function, *OPERANDS["vectors"]).output > 0
    assert given > 400


# --- advice

VALUES = {
    "x": np.array([[0.75, 1.5], [2.0, 0.25]]),
    "y": np.array([[1.0, 0.5], [0.125, 3.0]]),
    "mask": np.array([[True, False], [False, True]]),
}
ROWS = {
    "np.linalg.outer": ("np.linalg.outer(x[0], y[0])",),
    "np.linalg.vector_norm": ("np.linalg.vector_norm(x)", "np.linalg.vector_norm(x, axis=1)"),
    "np.multiply.outer": ("np.multiply.outer(x[0], y[0])", "np.multiply.outer(2.0, y)"),
    "np.add.reduce": ("np.add.reduce(x)", "np.add.reduce(x, axis=None)"),
    "np.maximum.reduce": ("np.maximum.reduce(x)", "np.maximum.reduce(x, axis=None)"),
    "np.minimum.reduce": ("np.minimum.reduce(x)", "np.minimum.reduce(x, axis=None)"),
    **{f"np.{name}": (f"np.{name}(x)", f"np.{name}(x, axis=0)") for name in ("nansum", "nanmean")},
    "x.flat": ("x.flat[0]",),
    "x % y": ("x % y",),
    "x // y": ("x // y",),
    "round(x)": ("round(x[0][0])",),
}  # fmt: skip
"""Calls of the functions without a gate, where they are not f(x) or f(x, y)."""
OF_TWO = frozenset(what for what, texts in INSTEAD.items() if re.search(r"\by\b", "".join(texts)))
CALLS = [
    (what, call)
    for what in INSTEAD
    if "np" in what or what in ROWS
    if " = " not in what
    for call in ROWS.get(what, (f"{what}(x, y)" if what in OF_TWO else f"{what}(x)",))
]


def written_instead(call):
    """The text that the error for a call advises."""
    with pytest.raises(TraceError) as caught:
        gs.trace(lambda x, y: eval(call, {"np": np, "x": x, "y": y, "mask": VALUES["mask"]}),
                 VALUES["x"], VALUES["y"])  # fmt: skip
    return caught.value.values.get("instead")


def arguments(call):
    """The pieces of a call for which the letters of an advice stand."""
    inner = call[call.index("(", 4) + 1 :] if call.startswith("np") else call.rsplit(".", 1)[0]
    pieces = re.findall(r"mask|\[\[True.*?\]\]|[xy](?:\[[:01]+\])*|\b2\.0\b", inner)
    letters = ("mask", "x", "y") if "where" in call else ("x", "y")
    return dict(zip(letters, pieces, strict=False))


def found_in(place, path):
    for name in path.split(".")[1:]:
        place = getattr(place, name, None)
    return place


@pytest.mark.parametrize(("what", "call"), CALLS)
def test_what_to_write_instead_works_and_is_the_same(what, call):
    if what.startswith("np") and found_in(np, what) is None:
        pytest.skip("not in this NumPy")
    text, scope = written_instead(call), {"np": np, "gs": gs, "math": math}
    theirs = eval(call, {**scope, **VALUES})

    def function(x, y, mask):
        given = {"x": x, "y": y, "mask": mask}
        pieces = {k: eval(piece, {}, given) for k, piece in arguments(call).items()}
        return np.sum(np.sin(eval(text, {**scope, **pieces})))

    if what == "x.flat":
        assert text == "x.ravel()"
    else:
        found = gs.trace(function, **VALUES).forward().value
        assert found == pytest.approx(np.sum(np.sin(theirs)), rel=1e-12)


def test_every_text_is_advised_for_some_call():
    said = {written_instead(call) for what, call in CALLS if found_in(np, what) or "x." in what}
    fitted = {re.sub(r"axis=-?1", "axis=0", text or "") for text in said}
    told = {
        re.sub(r"axis=-?1", "axis=0", text)
        for what, call in CALLS
        if found_in(np, what) or "x." in what
        for text in INSTEAD[what]
    }
    assert told <= fitted


@pytest.mark.parametrize("call", ["np.trace(x, 1)", "np.average(x, weights=[1, 2])"])
def test_no_other_function_is_advised(call):
    assert written_instead(call) is None


@pytest.mark.parametrize("what", ["expit", "log_expit"])
def test_what_to_write_instead_of_scipys_functions(what):
    error, x = no_gate(what), np.array([0.5, -1.0])
    ours = gs.trace(lambda x: eval(error.values["instead"], {"gs": gs, "x": x}).sum(), x)
    theirs = 1 / (1 + np.exp(-x))
    theirs = np.log(theirs) if "log" in what else theirs
    assert ours.forward().value == pytest.approx(theirs.sum())


def test_what_to_write_instead_of_an_assignment():
    def shaped(x):
        x = x.reshape((4,))
        return x[3] * x[0]

    with pytest.raises(TraceError, match=r"Write x = x\.reshape\(y\)"):
        gs.trace(lambda x: setattr(x, "shape", (4,)), VALUES["x"])
    assert gs.trace(shaped, VALUES["x"]).forward().value == 0.1875
    with pytest.raises(TraceError, match=r"Write x\[:\] = y"):
        gs.trace(lambda x: setattr(x, "flat", 1.0), VALUES["x"])


PARTS = {
    "np.outer": lambda x: x[0], "np.linspace": lambda x: x[0, 1],
    "np.cross": lambda x: x.ravel()[:3],
}  # fmt: skip
"""What a function takes of two matrices, if not the whole of each."""


@pytest.mark.parametrize(
    ("what", "form"), [(w, form) for w, forms in FORMS.items() for form in forms]
)
def test_forms_that_an_error_names_have_a_gate(what, form):
    part = PARTS.get(what, lambda x: x)

    def function(x, y):
        return np.sum(eval(form, {"np": np, "x": part(x), "y": part(y)}))

    arrays = VALUES["x"], VALUES["y"]
    assert gs.trace(function, *arrays).forward().value == pytest.approx(function(*arrays))


def expit_like(x):
    return 1 / (1 + math.exp(-x))


expit_like.__name__ = "expit"


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (lambda x: x % 2, "no gate for x % y"),
        (lambda x: 7 // x, "no gate for x // y"),
        (lambda x: ~x, r"fails without a trace too: TypeError: bad operand type for unary ~"),
        (lambda x: x & 2.5, "fails without a trace too: TypeError: unsupported operand"),
        (lambda x: round(x), r"no gate for round\(x\)\. Write np\.rint\(x\)"),
        (lambda x: round(x, 1), r"no gate for round\(x\)\. Make a gate"),
        (lambda x: math.floor(x), r"Write np\.floor\(x\)"),
        (lambda x: np.stack([x, x]).relu(), r"no method relu.*Write np\.maximum\(x, 0\)"),
        (lambda x: divmod(x, 2), r"no gate for divmod\(x, y\)"),
        (lambda x: np.trunc(x), r"no gate for np\.trunc"),
        (lambda x: math.sin(x), r"float\(x\) would make .* write np\.exp\(x\)"),
        (lambda x: "%.2f" % x, r"float\(x\) would"),
        (lambda x: x if x > 1 else 1, "x > y compares .* np.maximum"),
        (lambda x: max(x, 1.0), "x > y compares|x < y compares"),
        (lambda x: x if x else 1, r"bool\(x\) compares"),
        (lambda x: np.isnan(x), "np.isnan compares"),
        (lambda x: sorted([x, 2 * x]), "x < y compares"),
        (lambda x: {x: 1}, r"hash\(x\) would"),
        (lambda x: np.exp([x, x]), r"np\.stack\(\[x, y\]\)"),
        (lambda x: np.abs([x, x]), r"np\.stack\(\[x, y\]\)"),
        (lambda x: np.linalg.norm(np.stack([x, x]), 3), r"not in the form np\.linalg\.norm\(x, 3\)"),
        (lambda x: np.exp(x, dtype=float), r"not in the form np\.exp\(x, dtype=float\)"),
        (lambda x: np.add.reduce(np.stack([x, x])), r"np\.add\.reduce\. Write np\.sum"),
        (lambda x: np.frompyfunc(expit_like, 1, 1)(x), "no gate for expit"),
        (lambda x: {"loss": 1.0}, "returns a dict, in which nothing"),
        (lambda x: [], "returns a list, in which nothing"),
        (lambda x: (x, 2), "returns its parameter x as it is"),
        (lambda x: None, "not None"),
        (lambda x: 3.0, "not 3.0"),
        (lambda x: x, "returns its parameter x as it is.*1 \\* x"),
        (lambda x: x.sum(), "float has no attribute sum"),
        (lambda x: x[0], "fails without a trace too: TypeError: 'float' object is not subscriptable"),
        (lambda x: json.dumps(x), "takes ordinary numbers only: TypeError"),
    ],
)  # fmt: skip
def test_the_reason_is_the_reason(operation, says):
    with pytest.raises(TraceError, match=says):
        gs.trace(operation, 1.5)


def test_the_place_is_in_the_function():
    def inner(x):
        return 2 * math.exp(x)

    with pytest.raises(TraceError) as caught:
        gs.trace(lambda x: np.exp(x) + inner(x), 1.5)
    text, carets = str(caught.value).splitlines()[1:]
    assert text[carets.index("^") : carets.rindex("^") + 1] == "math.exp(x)"
    assert str(caught.value).startswith("test_refusals.py, line ")
    with pytest.raises(TraceError) as caught:
        gs.trace(eval("lambda x: x % 2"), 1.5)
    assert caught.value.span is None  # there is no text


def test_a_form_is_advised_for_the_same_axis():
    with pytest.raises(TraceError, match=r"np\.linalg\.norm\(x, axis=1\)"):
        gs.trace(lambda x: np.linalg.norm(x, 3, axis=1).sum(), VALUES["x"])
    found = gs.trace(lambda x: np.linalg.norm(x, axis=1).sum(), VALUES["x"]).forward().value
    assert found == pytest.approx(np.sqrt((VALUES["x"] ** 2).sum(axis=1)).sum())


def test_a_function_without_a_gate_can_be_made_one():
    """As the error says it; and a setting is passed from outside."""

    @gs.gate(local=[lambda x: 1.0])
    def rest_of_two(x):
        return x % 2

    tape = gs.trace(lambda x: rest_of_two(x) * x, 2.5).forward()
    assert (tape.value, tape.gradients["x"]) == (1.25, 3.0)
    assert tape.check().ok

    def power(x, n):
        return 1.0 if n == 0 else x * power(x, n - 1)

    with pytest.raises(TraceError, match=r"gs\.trace\(lambda w: f\(w, 3\), 2\.0\)"):
        gs.trace(power, 2.0, 3.0)
    assert gs.trace(lambda w: power(w, 3.0), 2.0).forward().gradients == {"w": 12.0}
    assert gs.trace(power, 2.0, 3).forward().gradients == {"x": 12.0}  # a whole number decides
