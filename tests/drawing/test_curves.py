"""Curves of wires: around arrays, and with no more height than the arrays need."""

import numpy as np
import pytest

import graphstep as gs

NETS = {
    "x @ w": ("q = W @ x; f = l2(q)", {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}),
    "net": ("h = relu(x @ w + b); L = cross_entropy(h @ v, y)",
            {"x": (6, 5), "w": (5, 8), "b": (8,), "v": (8, 3), "y": [0, 1, 2, 0, 1, 2]}),
    "regularized": ("L = cross_entropy(relu(x @ w) @ v, y) + 0.1 * l2(w) + 0.1 * l2(v) + sum(x)",
                    {"x": (6, 5), "w": (5, 8), "v": (8, 3), "y": [0, 1, 2, 0, 1, 2]}),
    "numbers": ("a*b + sum(x)*c + exp(a)", {"a": 1, "b": 2, "c": 3, "x": (6, 5)}),
    "past others": ("a = max(x, y); b = a @ x; f = mean(b) + sum(a + [1, 2, 3])",
                    {"x": (3, 3), "y": (1, 3)}),
    "over columns": ("a = 1 / x; b = max(a, axis=1); c = max(b, a); f = mean(sin(cos(mean(c, 0))))",
                     {"x": (2, 1)}),
}  # fmt: skip


def net(name):
    text, inputs = NETS[name]
    given = {n: np.ones(i) if isinstance(i, tuple) else i for n, i in inputs.items()}
    return gs.stepper(text, **given)


@pytest.mark.parametrize("name", NETS)
def test_arrays_stand_apart_and_wires_go_around_them(name):
    drawing = net(name).drawing
    rects = [
        (p.x - p.width / 2, p.y, p.x + p.width / 2, p.y + p.height)
        for p in drawing.places if p.height
    ]  # fmt: skip
    for i, a in enumerate(rects):
        assert a[1] >= 0
        assert a[3] <= drawing.height
        for b in rects[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)
    for curve in drawing.curves:
        for x, y in points_of(curve.points):
            assert 0 <= y <= drawing.height
            inside = [a for a in rects if a[0] < x < a[2] and a[1] < y < a[3]]
            assert not inside, (curve, inside)


def points_of(points):
    """Points on joined cubic Bezier curves."""
    for k in range(0, len(points) - 1, 3):
        a, b, c, d = points[k : k + 4]
        for t in np.linspace(0, 1, 40):
            u = 1 - t
            parts = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            yield tuple(
                sum(w * p[i] for w, p in zip(parts, (a, b, c, d), strict=True)) for i in (0, 1)
            )


def test_a_net_takes_no_more_height_than_its_arrays():
    """What is above wires and what is below them takes its own height, not twice the larger."""
    drawing = net("net").drawing
    places = [p for p in drawing.places if p.height]
    assert min(p.y for p in places) < 15
    assert max(p.y + p.height for p in places) > drawing.height - 15
    assert drawing.height < 0.8 * drawing.width
    tail = [m.y for m in drawing.marks if m.text in {"+", "ReLU"}]
    assert len(tail) == 2
    assert len(set(tail)) == 1  # what can be straight is straight
