"""Layouts: boxes and edges placed by both engines."""

import pytest

import graphstep as gs
from examples import LAYOUT_ENGINES
from graphstep.base.errors import GraphError
from graphstep.drawing import layout
from graphstep.drawing.layout import Size, place


@LAYOUT_ENGINES
def test_boxes_stand_apart_and_curves_join_them(engine):
    boxes = [Size(40, 30), Size(60, 20), Size(50, 50), Size(30, 30)]
    edges = [(0, 2), (1, 2), (1, 3), (2, 3), (0, 2)]
    found = place(boxes, edges, engine)
    rects = [(x - b.width / 2, y - b.height / 2, x + b.width / 2, y + b.height / 2)
             for b, (x, y) in zip(boxes, found.centres, strict=True)]  # fmt: skip
    for i, a in enumerate(rects):
        assert a[0] >= -1
        assert a[2] <= found.width + 1
        for b in rects[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for (tail, head), curve in zip(edges, found.curves, strict=True):
        assert len(curve) % 3 == 1
        assert curve[0] == pytest.approx((rects[tail][2], found.centres[tail][1]), abs=1.5)
        assert curve[-1] == pytest.approx((rects[head][0], found.centres[head][1]), abs=1.5)
        assert found.centres[tail][0] < found.centres[head][0]


@LAYOUT_ENGINES
@pytest.mark.parametrize("count", [1, 160, 420])
def test_sizes_of_all_settings(engine, count):
    boxes = [Size(40, 30)] * count
    found = place(boxes, [(i, i + 1) for i in range(count - 1)], engine)
    assert len(found.centres) == count
    assert len(set(found.centres)) == count


def test_too_large_is_refused_with_advice():
    with pytest.raises(GraphError, match="Draw a smaller expression"):
        place([Size(1, 1)] * 4000, [])
    s = gs.stepper("+".join(f"x{i}" for i in range(3000)), inputs={f"x{i}": 1 for i in range(3000)})
    assert s.value == 3000.0
    with pytest.raises(GraphError):
        s[0].svg()


def test_an_unknown_engine_is_refused():
    with pytest.raises(gs.GraphstepError, match="embedded, dot"):
        place([Size(1, 1)], [], "neato")


def test_no_text_of_a_user_reaches_graphviz(monkeypatch):
    seen = []
    run = layout.run
    monkeypatch.setattr(
        layout, "run", lambda name, source: seen.append(source) or run(name, source)
    )
    gs.stepper("secret = geheim * 2; f = secret + 1", geheim=3)[0].svg()
    assert "geheim" not in seen[0]
    assert "secret" not in seen[0]
    assert len(seen) == 1
