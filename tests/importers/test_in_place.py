"""Arrays that are changed in place while tracing: as in NumPy, or refused with what to write."""

import copy
import operator

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.errors import TraceError

MATRIX = np.arange(1.0, 7).reshape(2, 3) + 0.5


def same_as_numpy(function, *args):
    graph = gs.trace(function, *args)
    tape = graph.forward()
    assert tape.value == pytest.approx(float(function(*copy.deepcopy(args))), rel=1e-13)
    assert tape.check().ok
    return graph


def second_name(x):
    y = x * 1
    z = y
    z += 1
    return (y * z).sum()


def cached(x):
    h = x * 2
    cache = h
    h -= h.max()
    return (cache * h).sum()


def parameter(x):
    y = x
    y -= 1
    return (x * y).sum()


def row(x):
    first = x[0]
    first *= 2
    return (x * x).sum() + first.sum()


def read_after_its_array_changed(x):
    h = x * 1
    first, turned = h[0], h.T
    h -= h.max()
    return (first * first).sum() + (turned[0] ** 2).sum()


def rows_in_a_loop(x):
    for i in range(len(x)):
        one = x[i]
        one -= one.max()
    return (x * x).sum()


def reshaped(x):
    y = x.reshape(-1)
    y[2] += 3
    x[1, 1] = y[0]
    return (x * x).sum()


def swapped(x):
    x[0], x[1] = x[1], x[0]
    return (x * MATRIX).sum()


def turned(x):
    y = x.T
    y[1:3] *= 2
    y[0] = 7
    x[:] = x * x
    return (y * MATRIX.T).sum()


def ravelled(x):
    x.ravel()[1:3] = x[1, 0]
    return (x * x).sum()


def every_operator(x):
    y = x
    x @= np.full((3, 3), 0.25)
    x **= 2
    x /= 3
    x *= x
    x += 1
    x -= np.array([1.0, 2, 3])
    return (y * y).sum()


def out_of_functions(x):
    y = x
    np.maximum(x, 3, out=x)
    np.exp(x * 0.1, x)
    return (y * y).sum()


def copies(x):
    made = [x.copy(), np.copy(x), +x, x.flatten(), np.concatenate([x]), x[0].copy(), abs(x)]
    for i in range(len(made)):
        made[i] += 1
        made[i][0] = 5
    return (x * x).sum()


def everything(x):
    x[...] = x[0]
    x[1][...] = 2.0
    return (x * MATRIX).sum()


def gates_that_make_views(x):
    gs.GATES["transpose"].forward(x)[0] *= 2
    gs.GATES["flatten"].forward(x)[1] += 1
    return (x * x).sum()


def no_second_name(x):
    loss = (x * x).sum()
    loss /= 5
    scores = x * 2
    scores -= scores.max()
    return loss + (scores**2).sum()


@pytest.mark.parametrize(
    "function",
    [second_name, cached, parameter, row, read_after_its_array_changed, rows_in_a_loop, reshaped,
     swapped, turned, ravelled, every_operator, out_of_functions, copies, everything,
     gates_that_make_views, no_second_name],
)  # fmt: skip
def test_arrays_that_share_memory(function):
    before = MATRIX.copy()
    same_as_numpy(function, MATRIX)
    assert (before == MATRIX).all()  # the caller's array is as it was


def test_without_views_in_place_operators_are_the_plain_ones():
    assert same_as_numpy(no_second_name, MATRIX).source == (
        "t1 = x*2; no_second_name = sum(x*x)/5 + sum((t1 - max(t1))**2)"
    )


def test_numbers_never_change():
    def total(x):
        s = x.sum()
        t = s
        s += 1
        u = x[0][0]
        u *= 2
        return s * t + u * x[0, 0]

    def scalar(x):
        a = x
        a += 1
        return a * x

    same_as_numpy(total, MATRIX)
    assert gs.trace(scalar, 2.0).forward().value == scalar(2.0) == 6.0
    assert gs.trace(scalar, np.float64(2)).forward().value == 6.0
    # an array of one number is an array: both names see the change
    assert gs.trace(scalar, np.array(2.0)).forward().value == scalar(np.array(2.0)) == 9.0
    for assign in (lambda x: x.__setitem__(..., 1), lambda x: np.sum(x).__setitem__(0, 1)):
        with pytest.raises(TraceError, match="numbers never change"):
            gs.trace(assign, 2.0)


def test_a_row_of_a_transpose_is_seen_in_every_shape():
    """NumPy always reshapes a vector as a view, wherever its elements lie."""

    def written(x):
        column = x.T[0].reshape(2, 1)
        column[0, 0] = 7 * x[0, 1]
        return (x * x).sum()

    same_as_numpy(written, MATRIX)


def test_order_in_memory():
    """After a transpose, reshape makes a view or a copy, as the elements lie in memory."""

    def flat(x):
        return x.T.reshape(-1)

    def seen(x):
        y = flat(x)
        x *= 2
        return y.sum()

    def written(x):
        y = flat(x)
        y *= 2
        return (x * x).sum() + y.sum()

    def part(x):
        y = x.T[1:].reshape(-1)
        y *= 2
        return (x * x).sum() + y.sum()

    def worked_out(x):
        y = x.T + 1  # in the order of x.T
        y.reshape(-1)[:] *= 2
        return y.sum()

    for function, x in ((seen, MATRIX), (written, MATRIX), (part, MATRIX), (worked_out, MATRIX),
                        (lambda x: written(x + 1) + x.T.ravel()[1], MATRIX),
                        (lambda x: written((x.T + 1).T), MATRIX)):  # fmt: skip
        same_as_numpy(function, x)
    for function, x in ((seen, np.asfortranarray(MATRIX)),
                        (lambda x: written(x.T), np.asfortranarray(MATRIX).T)):  # fmt: skip
        assert gs.trace(function, x).forward().value == function(x.copy("K"))
    same_as_numpy(lambda x: flat(x).sum() + (x.T @ x).reshape(-1).max(), MATRIX)


def test_arguments_that_share_memory():
    def f(x, y):
        y += 1
        return (x * y).sum()

    for x, y in ((MATRIX, MATRIX), (MATRIX, MATRIX[0])):
        with pytest.raises(TraceError, match="y shares memory"):
            gs.trace(f, x, y)
    same_as_numpy(f, MATRIX, MATRIX.copy())
    same_as_numpy(lambda x, y: (x * y).sum(), MATRIX, MATRIX)


def add_rows(x):
    x += np.ones((4, 2, 3))
    return x.sum()


def assign_all_rows(x):
    x[:] = np.ones((3, 3))
    return x.sum()


def product(x):
    x @= np.ones((3, 2))
    return x.sum()


OUTSIDE = np.zeros((2, 3))


def plain_out(x):
    acc = OUTSIDE
    acc += x
    return acc.sum()


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (add_rows, TraceError, r"shape 4×2×3 does not fit into shape 2×3.* y = y \+ x"),
        (product, TraceError, "shape 2×2 does not fit into shape 2×3"),
        (assign_all_rows, TraceError, "shape 3×3 does not fit into shape 2×3"),
        (plain_out, TraceError, r"np\.add would write .*acc = acc \+ x"),
        (lambda x: x.__setitem__(2, 1), TraceError, "index 2 is out of bounds"),
        (lambda x: OUTSIDE.__setitem__(0, x[0]), TraceError, r"ordinary arrays"),
    ],
)
def test_what_cannot_be_written_is_refused(function, error, message):
    with pytest.raises(error, match=message):
        gs.trace(function, MATRIX)


def test_what_is_written_becomes_the_type_of_the_array():
    def whole_numbers_first(x, n):
        x[...] = 2
        x[0] += 0.5
        x[:] = n
        y = x.copy()
        y[1] /= 4
        assert x.dtype == y.dtype == np.float64
        return (x * y).sum()

    same_as_numpy(whole_numbers_first, np.array([1.0, 2.0]), np.array([3, 5]))


def test_advice_about_what_cannot_be_written():
    def masked(x):
        mask = np.array([1.0, 0.0, 1.0])
        return ((x * (1 - mask) + 7 * mask) ** 2).sum()

    def summed(x):
        acc = OUTSIDE
        acc = acc + x
        return (acc * x).sum()

    def copied(x):
        acc = np.array(OUTSIDE)
        acc += x
        acc[0] = x[1]
        return (acc * x).sum()

    def wider(x):
        y = x * 1
        y = y + np.ones((4, 2, 3))
        return y.sum()

    for function in (masked, summed, copied, wider):
        same_as_numpy(function, MATRIX)


def test_arrays_of_whole_numbers_hold_no_others():
    """NumPy refuses the operators there, and rounds what is assigned."""

    def shifted(x):
        x += 0.5
        return x.sum()

    def assigned(x):
        x[0] = 0.5
        return x.sum()

    for function in (shifted, assigned):
        for verify in (True, False):
            with pytest.raises(TraceError, match=r"int64 cannot hold float64.*y = y \+ x"):
                gs.trace(function, np.array([1, 2]), verify=verify)
        same_as_numpy(function, np.array([1.0, 2.0]))

    def kept(x):
        x *= 3
        x[1] = 5
        return (x / 2).sum()

    for kind in (int, np.uint8, np.int16):
        same_as_numpy(kept, np.array([1, 2], kind))


RESHAPED = {
    "squeeze": lambda x: np.squeeze(x[0:1]),
    "method": lambda x: x.reshape(1, 2, 3).squeeze(axis=0)[1],
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "atleast_1d": np.atleast_1d,
    "atleast_2d": lambda x: np.atleast_2d(x[1]),
    "copy": copy.copy,
    "deepcopy": lambda x: copy.deepcopy([x])[0],
    "astype": lambda x: x.astype(float),
    "clip": lambda x: x.clip(0, None),
    "clip names": lambda x: np.clip(x, a_min=-1, a_max=1),
    "clip below": lambda x: x.clip(max=0.5),
}


@pytest.mark.parametrize("given", [np.float64, np.int64])
@pytest.mark.parametrize("name", RESHAPED)
def test_views_and_copies_in_other_shapes(name, given):
    """What is written into the result is seen in the array, or not, as in NumPy."""

    def function(x):
        y = RESHAPED[name](x)
        y[0] = 5
        return (x * x).sum() + (np.arange(1, y.size + 1).reshape(y.shape) * y).sum()

    x = np.array([[0.5, -2, 3], [1, 0.25, 0]]).astype(given)
    assert gs.trace(function, x).forward().value == function(x.copy())


@pytest.mark.parametrize(
    "function",
    [lambda x: np.clip(x, 0, 1, min=0.5), lambda x: np.clip(x, 0, 1, max=2),
     lambda x: np.clip(x, min=0, a_min=0, max=1)],
)  # fmt: skip
def test_an_end_that_is_given_to_clip_twice_is_refused(function):
    """By NumPy, too."""
    with pytest.raises((TypeError, ValueError)):
        function(MATRIX)
    with pytest.raises(TraceError, match=r"Forms with a gate: np\.clip\(x, 0, 1\)"):
        gs.trace(function, MATRIX)


@pytest.mark.parametrize("x", [2.0, np.float64(2), np.array(2.0), np.array([2.0])])
def test_shapes_of_single_numbers(x):
    for function in (np.squeeze, np.atleast_1d, np.atleast_2d, lambda x: np.expand_dims(x, 0)):

        def squared(x, function=function):
            y = function(x)
            return y * y

        assert np.array_equal(gs.trace(squared, x).forward().value, squared(x))
        assert np.shape(gs.trace(squared, x).forward().value) == np.shape(squared(x))


@pytest.mark.parametrize("combined", [operator.and_, operator.or_, operator.xor])
@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("made", [np.array, lambda values: np.zeros(4) < np.array(values)])
def test_plain_masks_go_with_those_of_values(combined, left, made):
    """A plain array on the left asks NumPy, and not the value."""

    def program(x):
        y, mask = x * 2.0, made([True, False, True, False])
        y[combined(mask, x > 0) if left else combined(x > 0, mask)] = 0.5
        return np.sum(y * y)

    same_as_numpy(program, np.array([1.0, -2.0, -3.0, 4.0]))
