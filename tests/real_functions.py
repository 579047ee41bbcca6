"""Functions as courses and libraries write them: their graphs against themselves."""

import contextlib
import copy
import inspect
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import GraphstepError

STEP = 1e-6


def arrays(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


class Case(NamedTuple):
    function: object
    args: tuple
    output: object = None
    """Which of several results is the graph's; by default the first that was worked out."""
    inside: Mapping = MappingProxyType({})
    """Inputs that stand in dicts, lists and objects: the position of the argument, and the keys."""
    plain: object = None
    """What runs on plain numbers, for a function that only runs on numbers of an engine."""


def chosen(result, output):
    """The output among several results."""
    if output is not None:
        for key in output if isinstance(output, tuple) else (output,):
            result = result[key]
        return result
    while isinstance(result, tuple | list | dict):
        result = next(iter(result.values())) if isinstance(result, dict) else result[0]
    return result


def quietly(function, *args):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*copy.deepcopy(args))


def items(holder):
    """What has the keys: a container, or the attributes of an object."""
    return vars(holder) if hasattr(holder, "__dict__") else holder


def moved(args, path, at, step):
    """The arguments with one number changed."""
    args = copy.deepcopy([*args])
    *before, last = path
    holder = args
    for key in before:
        holder = items(holder)[key]
    holder = items(holder)
    if at == ():
        holder[last] = holder[last] + step
    else:
        holder[last][at] += step
    return args


def slope(loss, args, path, at):
    """The derivative of a loss with respect to an element of an argument."""
    found = [loss(*moved(args, path, at, step)) for step in (STEP, -STEP)]
    return (found[0] - found[1]) / (2 * STEP)


def places_of(case, graph):
    """Each input of floats with the way to its value in the arguments."""
    named = {name: (k,) for k, name in enumerate(inspect.signature(case.function).parameters)}
    for name, path in {**named, **case.inside}.items():
        value = case.args
        for key in path:
            if isinstance(value, tuple) and isinstance(key, int) and key >= len(value):
                break
            value = items(value)[key]
        else:
            kind = getattr(getattr(value, "dtype", None), "kind", "")
            if name in graph.inputs and (isinstance(value, float) or kind == "f"):
                yield name, path, value


def follow(case):
    """Check that a graph has the value of its function, and its slopes."""
    args, run = case.args, case.plain or case.function
    graph = quietly(lambda *given: gs.trace(case.function, *given, output=case.output), *args)
    assert set(case.inside) <= set(graph.inputs)
    plain = np.asarray(chosen(quietly(run, *args), case.output))
    tape = graph.forward()
    assert np.asarray(tape.value) == pytest.approx(plain, rel=1e-12, abs=1e-12)
    weights = np.cos(np.arange(plain.size)).reshape(plain.shape)
    gradients = tape.backward(upstream=weights if plain.shape else float(weights))

    def loss(*given):
        return float((np.asarray(chosen(quietly(run, *given), case.output)) * weights).sum())

    checked = 0
    for name, path, value in places_of(case, graph):
        places = [*np.ndindex(np.shape(value))]
        for at in places[:: max(1, len(places) // 5)]:
            if not np.isfinite(np.asarray(value)[at]):
                continue
            found = np.asarray(gradients[name])[at]
            expected = slope(loss, args, path, at)
            assert found == pytest.approx(expected, rel=1e-5, abs=1e-6), (name, at)
            checked += 1
    assert checked


def refuse(case, reason):
    """Check that a function has no graph, and what is said."""
    with pytest.raises(GraphstepError, match=reason):
        quietly(gs.trace, case.function, *case.args)
