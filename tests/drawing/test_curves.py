"""Curves of wires: around arrays, and with no more height than the arrays need."""

import numpy as np
import pytest
from drawings import points_of
from hypothesis import given, settings
from hypothesis import strategies as st

import graphstep as gs
from graphstep.drawing.curves import Columns, Course, straight
from graphstep.painting.elements import wire
from graphstep.painting.shapes import _shapes_of

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


def test_a_net_takes_no_more_height_than_its_arrays():
    """What is above wires and what is below them takes its own height, not twice the larger."""
    drawing = net("net").drawing
    places = [p for p in drawing.places if p.height]
    assert min(p.y for p in places) < 15
    assert max(p.y + p.height for p in places) > drawing.height - 15
    assert drawing.height < 700
    tail = [m.y for m in drawing.marks if m.text in {"+", "ReLU"}]
    assert len(tail) == 2
    assert len(set(tail)) == 1  # what can be straight is straight


@st.composite
def dense_graphs(draw):
    """Programs of many gates with names of all lengths, whose values are used far and near."""
    leaves = [f"in{k}" if k % 2 else f"a_longer_name_{k}" for k in range(draw(st.integers(2, 5)))]
    pool, lines = list(leaves), [f"g = {' * '.join(leaves)}"]
    forms = [
        "{} * {}",
        "{} + sigmoid({})",
        "max({}, {})",
        "softplus({}) * tanh({})",
        "cos({}) + {}",
    ]
    for k in range(draw(st.integers(3, 14))):
        a, b = draw(st.sampled_from(pool)), draw(st.sampled_from(pool))
        name = f"gate_number_{k}" if k % 3 else f"g{k}"
        lines.append(f"{name} = {draw(st.sampled_from(forms)).format(a, b)}")
        pool.append(name)
    return "\n".join([*lines, f"f = g + {' + '.join(pool[len(leaves) :])}"]), leaves


def scalar_net(*sizes):
    """A net of numbers, neuron by neuron: its weights are leaves in all columns."""
    before, inputs, lines = [f"x{i}" for i in range(sizes[0])], [], []
    for depth, size in enumerate(sizes[1:]):
        now = [f"h{depth}{j}" for j in range(size)]
        for name in now:
            terms = [f"w_{name}{x} * {x}" for x in before]
            lines.append(f"{name} = tanh({' + '.join(terms)} + b_{name})")
            inputs += [f"w_{name}{x}" for x in before] + [f"b_{name}"]
        before = now
    return "\n".join([*lines, f"f = {' + '.join(before)}"]), [
        f"x{i}" for i in range(sizes[0])
    ] + inputs


def crossed(drawing, graph):
    """The names and gates whose boxes are crossed by a wire of other nodes, with the wires."""
    high = np.array([19 if mark.gate else 8 for mark in drawing.marks])
    x, y, wide = np.array([(mark.x, mark.y, mark.width) for mark in drawing.marks]).T
    for curve in drawing.curves:
        own = {node for w in curve.wires for node in graph.wires[w][:2]}
        points = np.array(list(points_of(curve.points)))
        # the outline is round: a wire may graze the corner of the box
        inside = (abs(points[:, :1] - x) < wide / 2 - 0.5) & (abs(points[:, 1:] - y) < high)
        yield from (
            (drawing.marks[k].text, curve.wires)
            for k in np.flatnonzero(inside.any(0))
            if k not in own
        )


@settings(max_examples=15, deadline=None)
@given(program=dense_graphs())
def test_no_wire_crosses_a_name_or_a_gate(program):
    text, names = program
    s = gs.stepper(text, inputs=dict.fromkeys(names, 0.5))
    assert not set(crossed(s.drawing, s.graph))


@pytest.mark.parametrize("sizes", [(2, 3, 2), (2, 2, 2, 1), (3, 4, 2), (3, 8, 4)])
def test_no_wire_of_a_scalar_net_crosses_a_name(sizes):
    """Up to sizes at which Graphviz no longer looks where its lines run."""
    text, names = scalar_net(*sizes)
    s = gs.stepper(text, inputs=dict.fromkeys(names, 0.5))
    assert not set(crossed(s.drawing, s.graph))


@settings(max_examples=15, deadline=None)
@given(program=dense_graphs())
def test_wires_have_no_notches(program):
    """A wire is one path; it begins under another one or at its gate, and ends inside its head."""
    text, names = program
    s = gs.stepper(text, inputs=dict.fromkeys(names, 0.5))
    curves = [curve for curve in s.drawing.curves if curve.arrow]
    assert sorted(w for curve in curves for w in curve.wires) == list(range(len(s.graph.wires)))
    stubs = {
        s.graph.wires[c.wires[0]].source: c for c in s.drawing.curves if c.wires and not c.arrow
    }
    for curve in curves:
        source = s.graph.wires[curve.wires[0]].source
        (x, y), mark = curve.points[0], s.drawing.marks[source]
        if source in stubs:
            (left, high), (right, _) = stubs[source].points[0], stubs[source].points[-1]
            assert y == high
            assert left <= x <= right - 1
        else:
            assert x == pytest.approx(mark.x + mark.width / 2 + (0 if mark.gate else 5))
            assert y == mark.y
        line, head = wire(curve)
        (shape,) = _shapes_of((line,), (0.0, 0.0))
        corners, end = np.array(head.numbers).reshape(3, 2), shape.pieces[-1][1][-1]
        inside = np.linalg.solve(np.vstack([corners.T, np.ones(3)]), [*end, 1])
        assert inside.min() > 0.05  # in barycentric coordinates


def test_a_way_through_columns_without_a_gap_goes_around_them():
    boxes = [(0.0, 0.0, 10.0, 20.0), *((40.0, 30.0 * k, 60.0, 30.0 * k + 26) for k in range(-3, 4)),
             (90.0, 0.0, 100.0, 20.0)]  # fmt: skip
    columns = Columns([5.0, *[50.0] * 7, 95.0], boxes)
    assert columns.of == [0, *[1] * 7, 2]
    way = columns.way((10.0, 10.0), 0, 8, (90.0, 10.0), 0.0)
    assert columns.is_free(way, (0, 8))
    assert way[0] == (10.0, 10.0)
    assert way[-1] == (90.0, 10.0)
    assert not columns.is_free(((10.0, 10.0), (30.0, 10.0), (60.0, 10.0), (90.0, 10.0)), (0, 8))


@pytest.mark.parametrize("count", [1, 50])
def test_a_wire_is_looked_at_once_a_column_however_many_boxes_are_above_and_below(
    count, monkeypatch
):
    looked, when = [], Course._when
    monkeypatch.setattr(Course, "_when", lambda *given: looked.append(given) or when(*given))
    far = [(40.0, 100.0 + 30 * k, 60.0, 120.0 + 30 * k) for k in range(count)]
    boxes = [(0.0, 0.0, 10.0, 20.0), *far, (90.0, 0.0, 100.0, 20.0)]
    columns = Columns([5.0, *[50.0] * count, 95.0], boxes)
    assert columns.is_free(straight(10.0, 90.0, 10.0), (0, count + 1))
    assert len(looked) <= 4  # at both sides of the column, and of the last box
    through = ((10.0, 10.0), (30.0, 10.0), (30.0, 110.0), (50.0, 110.0))
    assert not columns.is_free(through, (0, count + 1))
    assert 0 < len(looked) <= 8


@pytest.mark.parametrize("top", [48.0, 48.7, 49.4, 50.1])
def test_a_steep_wire_is_seen_to_enter_a_flat_box(top):
    """Also where it is on both sides of the box at all points at which it is looked at."""
    boxes = [(0.0, 0.0, 10.0, 20.0), (40.0, top, 60.0, top + 1.2), (90.0, 0.0, 100.0, 20.0)]
    columns = Columns([5.0, 50.0, 95.0], boxes)
    steep = ((10.0, 0.0), (60.0, 0.0), (40.0, 100.0), (90.0, 100.0))
    assert not columns.is_free(steep, (0, 2))
    assert columns.is_free(steep, (0, 1, 2))
