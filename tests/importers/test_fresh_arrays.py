"""Arrays that a traced function makes, in which traced values are written."""

import contextlib
import threading

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError
from graphstep.importers.fresh_arrays import MAKERS

imported_by_name = np.zeros
X = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "make",
    [lambda x: np.zeros(3), lambda x: np.ones_like(x), lambda x: np.full(3, 2.0), lambda x: np.empty(3),
     lambda x: np.array([1.0, 2.0, 3.0]), lambda x: np.arange(3.0), lambda x: np.eye(3)[0],
     lambda x: np.zeros((2, 3))[1], lambda x: (np.zeros(3) + 1) * 2, lambda x: np.zeros(3).copy(),
     lambda x: np.linspace(0, 1, 6)[::2], lambda x: np.zeros((3, 1)).reshape(-1)],
)  # fmt: skip
def test_traced_values_are_written_into_them(make):
    def function(x):
        made = make(x)
        other = made
        for i in range(3):
            made[i] = x[i] * x[0]
        made += x
        return (made * other).sum()

    tape = gs.trace(function, X).forward()
    assert tape.value == pytest.approx(function(X.copy()))
    assert tape.check().ok


def test_they_are_numpys_where_nothing_traced_is_written():
    def function(x):
        table = np.zeros((2, 3))
        table[0] = np.arange(3)
        rng, order = np.random.default_rng(1), np.arange(3)
        rng.shuffle(order)
        assert isinstance(table, np.ndarray)
        assert (np.sort(order) == np.arange(3)).all()
        assert table.argmax() == 2
        assert float(table[0, 1]) == 1.0
        assert "0., 1., 2." in repr(table)
        if table.any():
            return (table @ x * rng.normal(size=2)).sum()
        return x.sum()

    assert gs.trace(function, X).forward().value == pytest.approx(function(X))


def test_makers_are_those_of_numpy_again():
    before, seen = {name: getattr(np, name) for name in MAKERS}, []

    def fails(x):
        seen.append((np.zeros is before["zeros"], type(imported_by_name(3))))
        raise KeyError(x)

    for function in (lambda x: np.zeros(3) @ x, fails):
        with contextlib.suppress(KeyError, gs.GraphstepError):
            gs.trace(function, X)
        assert before == {name: getattr(np, name) for name in MAKERS}
    assert seen[0] == (False, np.ndarray)


def test_makers_imported_by_name_and_other_threads():
    def by_name(x):
        made = imported_by_name(3)
        made[0] = x[0]
        return made.sum()

    with pytest.raises(TraceError, match=r"Make the array in the function, as in np\.zeros"):
        gs.trace(by_name, X)
    kinds = []

    def with_a_thread(x):
        thread = threading.Thread(target=lambda: kinds.append(type(np.zeros(3))))
        thread.start()
        thread.join()
        return (x * x).sum()

    gs.trace(with_a_thread, X)
    assert set(kinds) == {np.ndarray}
