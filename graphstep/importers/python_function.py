"""A Python function recorded as a graph, by running it once on traced values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from ..base.errors import GraphstepError, TraceError, reason, short
from ..calculus.values import value_for
from ..engine.computational_graph import ComputationalGraph
from ..graph.nodes import Node
from ..verification.comparison import verify_graph
from ..verification.differences import precision
from ..verification.places import locate, stores_an_item
from .asides import Asides, culprit
from .containers import matrices, matrix_at, opened, with_values
from .engine_numbers import engine_numbers
from .fresh_arrays import recorded_arrays
from .journal import Journal, is_worked_out
from .known import has_traced
from .memory import mark_parameters
from .parameters import WholeNumbers, finite, is_input, plain_copies, traced_value
from .refusals import NoAttributeError, StoppedError
from .results import Path, path_to, value_at


def trace(
    function: Callable[..., Any], /, *args: Any, verify: bool = True, output: Any = None,
    **named: Any,
) -> ComputationalGraph:  # fmt: skip
    """The graph of a Python function called with these arguments.

    The function may use `+ - * / ** @`, `abs`, comparisons as masks, indexing and writing into
    arrays as NumPy has it, and the NumPy functions and methods for which there is a gate, on
    numbers and arrays: add, subtract, multiply, divide, true_divide, power, float_power, negative,
    exp, expm1, log, log2, log10, log1p, sqrt, cbrt, hypot, absolute, fabs, sin, cos, tan, arcsin,
    arccos, arctan, arctan2, sinh, cosh, tanh, arcsinh, arccosh, arctanh, square, reciprocal,
    logaddexp, maximum, minimum, sign, floor, ceil, rint, matmul, greater, greater_equal, less,
    less_equal, equal, not_equal, sum, mean, prod, max, amax, min, amin, var, std, cumsum, dot,
    outer, transpose, reshape, ravel, pad, concatenate, stack, append, vstack, hstack,
    column_stack, diff, where, clip, copy, copyto, logical_and, logical_or, logical_xor,
    logical_not, bitwise_and, bitwise_or, bitwise_xor,
    linalg.norm, linalg.inv, linalg.det, linalg.solve, einsum, trace, diag, tril, triu, split,
    array_split, hsplit, vsplit, swapaxes, moveaxis, flip, fliplr, flipud, roll, repeat, tile,
    broadcast_to, diagonal, take_along_axis, take, rot90, squeeze, expand_dims, atleast_1d,
    atleast_2d, sort, median, cumprod, tensordot, inner, vdot, kron, average, ptp, select, insert,
    delete, block, dstack, linalg.matrix_power, linalg.multi_dot, polyval, heaviside, round,
    around, full_like, quantile, percentile, interp, piecewise, cov, corrcoef, convolve, correlate,
    cross, meshgrid, trapezoid, trapz, vander, ediff1d, diagflat, linspace.

    So are `np.r_` and `np.c_`. Numbers also have relu, exp, log, tanh, sigmoid, sqrt, sin, cos and
    backward, which does nothing, as those of small engines.

    Its parameters are the inputs of the graph, and the arguments their values: numbers, arrays, or
    nested lists of numbers, which become arrays. Arrays of floats in dicts, lists and tuples are
    inputs too: params["W1"] is called W1, or params_W1 if that name is taken, weights[0] weights_0.
    So are those in attributes of objects: of a method, as in trace(net.loss, X, y), those of net,
    such as self.W or self.params["W1"]. It runs on a copy of the object; one that cannot be copied
    gets its arrays back in the end. All other arguments reach the function as they are. So do whole
    numbers that it uses in `range`, as an index, as a size, as a seed, in an `if` or as the key of
    a dictionary; it runs again then. In the function, values answer for their type and shape as
    they would without the trace; the graph computes in float64. Arrays that are passed stay as they
    are. Into arrays that the function makes, as by np.zeros, traced values can be written.

    Where masks hold -inf, the graph has -1e300. What a function only works out beside its result,
    such as an accuracy by np.argmax or a float(x) that it prints, stays plain: the function runs
    again with other numbers there, and it is an error if the graph changes.

    If it returns a tuple, list or dict, the first number or array in it that was worked out is the
    output of the graph; `output` names another by its position or key, or a tuple of them.

    Then the function runs on plain numbers: if it does not return what the graph gives, TraceError
    says at which line they part. So it runs several times, and what it prints, or changes outside
    of its arguments, happens each time. `verify=False` leaves the comparison out, for functions
    with chance in them or with memory of earlier calls. Raises TraceError too for anything that
    would leave the graph, such as an `if` over numbers or `math.exp`, and ShapeError for arrays
    that do not fit.

    >>> import numpy as np
    >>> def neuron(w, x, b=0.5):
    ...     return 1 / (1 + np.exp(-(w * x + b)))
    >>> g = trace(neuron, 2.0, -1.0)
    >>> g.source
    'w = 2.0; x = -1.0; b = 0.5; neuron = 1/(1 + exp(-(w*x + b)))'
    >>> round(g.forward().gradients["w"], 6)
    -0.149146
    """
    function, args = opened(function, args)
    bound = _bound(function, args, named)
    recording = _recording(function, bound, Asides(refused=None if verify else 0))
    graph, path = _graph(function, bound, recording, output)
    if verify:
        again = partial(_recorded, bound, recording.settings)
        engine = recording.journal.has_engine_numbers
        plainly = partial(_run_plainly, bound, recording.settings, engine=engine)
        exact = precision((*bound.arguments.values(), *recording.journal.kinds.values()))
        verify_graph(function, graph, plainly, again, exact, partial(value_at, path))
    return graph


class Recording(NamedTuple):
    """What a function recorded and returned, and the whole numbers that it needs as they are."""

    journal: Journal
    result: Any
    settings: frozenset[str]

    def graph(self, function: Callable[..., Any], output: Any) -> tuple[ComputationalGraph, Path]:
        """The graph of the output, and where it is in what was returned."""
        path = path_to(output, self.result, is_worked_out, has_traced)
        name = getattr(function, "__name__", "").strip("_")
        return self.journal.graph(value_at(path, self.result), name, output), path


def _graph(
    function: Callable[..., Any], bound: inspect.BoundArguments, recording: Recording, output: Any
) -> tuple[ComputationalGraph, Path]:
    """The graph and its place. Raises TraceError if it depends on what has left the graph."""

    def again(asides: Asides) -> Any:
        journal = Journal(asides)
        result = _ran(function, bound, journal, recording.settings)
        return Recording(journal, result, recording.settings).graph(function, output)[0].nodes

    count, guilty = recording.journal.asides.met, None
    try:
        graph, path = recording.graph(function, output)
        guilty = culprit(count, again, graph.nodes) if count else None
        if guilty is None:
            return graph, path
    except TraceError as error:
        if not count or error.key not in ("trace_result", "trace_result_many", "trace_result_none"):
            raise
        guilty = count - 1
    asides = Asides(refused=guilty)
    with suppress(WholeNumbers):
        again(asides)
    assert asides.error is not None
    raise asides.error


def _recording(
    function: Callable[..., Any], bound: inspect.BoundArguments, asides: Asides
) -> Recording:
    """What a function records and returns; again with the whole numbers that it asks for."""
    settings = frozenset[str]()
    while True:
        journal = Journal(replace(asides))
        try:
            with suppress(WholeNumbers):
                result = _ran(function, bound, journal, settings)
        except StoppedError as error:
            return _without_one(function, bound, settings, error)
        if not journal.whole_numbers:  # the function may have caught WholeNumbers
            return Recording(journal, result, settings)
        settings |= journal.whole_numbers


def _without_one(
    function: Callable[..., Any], bound: inspect.BoundArguments, settings: frozenset[str],
    error: StoppedError,
) -> Recording:  # fmt: skip
    """The same with one more whole number as it is, such as a seed: what is called may need it."""
    for name, value in bound.arguments.items():
        if type(value) is int and name not in settings:
            journal = Journal(Asides(refused=0))
            with suppress(TraceError, WholeNumbers):
                result = _ran(function, bound, journal, settings | {name})
                return Recording(journal, result, settings | {name})
    raise error


def _bound(
    function: Callable[..., Any], args: tuple[Any, ...], named: Mapping[str, Any]
) -> inspect.BoundArguments:
    """The arguments by parameter. Raises TraceError where they do not fit."""
    name = getattr(function, "__name__", "") or short(function)
    try:
        signature = inspect.signature(function)
        bound = signature.bind(*args, **named)
    except (TypeError, ValueError) as error:
        raise TraceError("trace_inputs", name=name, error=str(error)) from error
    bound.apply_defaults()
    kinds = {p.kind for p in signature.parameters.values()}
    if kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
        raise TraceError("trace_open", name=name)
    return bound


def _ran(
    function: Callable[..., Any], bound: inspect.BoundArguments, journal: Journal,
    settings: frozenset[str],
) -> Any:  # fmt: skip
    """What the function returns for traced values in the place of numbers."""
    settled = {k: v for k, v in bound.arguments.items() if k not in settings}
    numbers = {key: value for key, value in settled.items() if is_input(value)}
    others = {key: value for key, value in settled.items() if key not in numbers}
    paths = {key: (key,) for key in numbers} | matrices(others, set(bound.arguments))
    if not paths:
        raise TraceError("trace_no_numbers", name=getattr(function, "__name__", ""))
    numbers = {key: matrix_at(path, bound.arguments) for key, path in paths.items()}
    traced = {
        key: journal.leaf(key, value_for(key, finite(value)), traced_value(key, value))
        for key, value in numbers.items()
    }
    mark_parameters(traced, numbers)
    copies = plain_copies(bound.arguments, settings)
    values = {paths[key]: value for key, value in traced.items()}
    try:
        with with_values(copies, values) as arguments, recorded_arrays(journal):
            return _call(function, bound, arguments)
    except GraphstepError as error:
        found = _told(error)
        locate(found)
        raise found from error.__cause__
    except Exception as error:
        raise _stopped(partial(_run_plainly, bound, settings), function, error) from error
    finally:
        journal.asides.over = True


def _told(error: GraphstepError) -> GraphstepError:
    """The error for what the user wrote: D[i] = x, where NumPy asks for the float of x."""
    if error.key in ("trace_leaves", "trace_array") and stores_an_item(error):
        return TraceError("trace_stored").with_traceback(error.__traceback__)
    return error


def _recorded(
    bound: inspect.BoundArguments, settings: frozenset[str], function: Callable[..., Any]
) -> Sequence[Node]:
    """The nodes that a function records, in a journal of their own."""
    journal = Journal()
    _ran(function, bound, journal, settings)
    return journal.builder.nodes


def _run_plainly(
    bound: inspect.BoundArguments, settings: frozenset[str], function: Callable[..., Any],
    *, ieee: bool = False, engine: bool = False,
) -> Any:  # fmt: skip
    """What a function returns for plain numbers; it gets arrays of its own.

    With `engine`, the numbers have the methods of small engines, such as x.relu().
    """
    copies = plain_copies(bound.arguments, settings, ieee=ieee)
    if engine:
        copies = {k: v if k in settings else engine_numbers(v) for k, v in copies.items()}
    return _call(function, bound, copies)


def _call(
    function: Callable[..., Any], bound: inspect.BoundArguments, arguments: dict[str, Any]
) -> Any:
    given = inspect.BoundArguments(bound.signature, arguments)
    return function(*given.args, **given.kwargs)


def _stopped(
    plainly: Callable[..., Any], function: Callable[..., Any], error: Exception
) -> Exception:
    """The error for a function that Python stopped: at what it does, or at a traced value."""
    key = "trace_stopped"
    try:
        plainly(function)
    except Exception as its_own:
        if type(its_own) is type(error) and not isinstance(error, TypeError | AttributeError):
            return error
        key, error = "trace_stops", its_own.with_traceback(error.__traceback__)
    kind = StoppedError if isinstance(error, TypeError) else NoAttributeError
    stopped = kind(key, name=getattr(function, "__name__", ""), kind=type(error).__name__,
                   error=reason(error).rstrip("."))  # fmt: skip
    locate(stopped.with_traceback(error.__traceback__))
    return stopped
