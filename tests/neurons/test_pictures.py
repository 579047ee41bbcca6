"""Networks drawn as neurons: what is where, and what its colours and widths say."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphstep as gs
from graphstep.graph.slots import Slot
from graphstep.look.matrices import LEVELS, level
from graphstep.look.text_widths import number_width, width
from graphstep.neurons.columns import CIRCLE, MOST, planned
from graphstep.neurons.pictures import thickness
from graphstep.painting.elements import Label, Line

NEURONS = gs.Style(drawn="neurons")
BY_EACH = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0), "": lambda z: z}


@st.composite
def nets(draw, most=MOST):
    """A random network: rows or columns of examples, sizes, activations, biases."""
    sizes = draw(st.lists(st.integers(1, most), min_size=2, max_size=4))
    acts = [draw(st.sampled_from(list(BY_EACH))) for _ in sizes[1:]]
    rows, batch, biased = draw(st.booleans()), draw(st.integers(0, 3)), draw(st.booleans())
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    inputs, lines, last = {}, [], "x"
    inputs["x"] = rng.normal(size=_examples(sizes[0], batch, rows))
    for k, ((come, to), act) in enumerate(zip(pairwise(sizes), acts, strict=True), 1):
        inputs[f"W{k}"] = rng.normal(size=(come, to) if rows else (to, come))
        product = f"{last} @ W{k}" if rows else f"W{k} @ {last}"
        if biased:
            column = not rows and batch
            inputs[f"b{k}"] = rng.normal(size=(to, 1) if column else to)
            product += f" + b{k}"
        lines.append(f"h{k} = {act}({product})" if act else f"h{k} = {product}")
        last = f"h{k}"
    text = "; ".join([*lines, f"f = sum({last}*{last})"])
    return text, inputs, acts


def _examples(size, batch, rows):
    if not batch:
        return size
    return (batch, size) if rows else (size, batch)


def drawn(text, inputs, **options):
    return gs.stepper(text, inputs=inputs, style=NEURONS, **options)


@settings(deadline=None, max_examples=60)
@given(net=nets())
def test_each_neuron_is_the_sum_over_its_lines(net):
    """What is drawn computes the network: circles and lines give the values of the next circles."""
    text, inputs, acts = net
    s = drawn(text, inputs)
    plan = planned(s.network, s.tape.shapes)
    values, biases = s.tape.values, plan.corners.values()
    for k, (layer, act) in enumerate(zip(s.network.layers, acts, strict=True)):
        left, right = plan.columns[k], plan.columns[k + 1]
        for index, y in right.circles:
            total = 0.0
            for link in plan.links[layer.weights]:
                if _meets(link.end, (right.x, y)):
                    start = next(i for i, at in left.circles if _meets(link.start, (left.x, at)))
                    total += values[layer.weights][link.at] * _element(values[left.node], start)
            if layer.biases:
                [bias] = layer.biases
                corner = next((c for c in plan.corners[bias] if c.y < y < c.y + 2 * CIRCLE), None)
                assert corner is not None
                total += np.ravel(values[bias])[corner.at]
            assert math.isclose(
                BY_EACH[act](total), _element(values[right.node], index), rel_tol=1e-9, abs_tol=1e-9
            )
    assert len(biases) == sum(len(layer.biases) for layer in s.network.layers)


def _meets(point, middle):
    return math.isclose(math.dist(point, middle), CIRCLE, abs_tol=1e-6)


def _element(value, index):
    return float(np.asarray(value)[index])


@settings(deadline=None, max_examples=60)
@given(net=nets(most=12))
def test_circles_are_apart_and_all_is_inside(net):
    text, inputs, _ = net
    s = drawn(text, inputs)
    plan, drawing = planned(s.network, s.tape.shapes), s.drawing
    circles = [(c.x, y) for c in plan.columns for _, y in c.circles]
    assert all(math.dist(a, b) > 2 * CIRCLE + 8 for a, b in combinations(circles, 2))
    for x, y in circles:
        assert CIRCLE <= x <= drawing.width - CIRCLE
        assert CIRCLE <= y <= drawing.height - CIRCLE
    for place in drawing.places:
        assert place.x - place.width / 2 >= -1
        assert place.x + place.width / 2 <= drawing.width + 1


@settings(deadline=None, max_examples=40)
@given(net=nets(), scale=st.sampled_from([1e-7, 1e-3, 1.0, 1e5]))
def test_numbers_fit_into_their_circles(net, scale):
    text, inputs, _ = net
    s = drawn(text, {name: value * scale for name, value in inputs.items()})
    for picture in s._contents.pictures.values():
        for part in picture.parts:
            if isinstance(part, Label) and part.kind == "n":
                assert number_width(part.parts[0].text, part.size) <= 1.75 * CIRCLE


@settings(deadline=None, max_examples=40)
@given(net=nets(most=4))
def test_a_strand_is_as_wide_and_coloured_as_its_number(net):
    text, inputs, _ = net
    s = drawn(text, inputs)
    plan = planned(s.network, s.tape.shapes)
    for kind in ("value", "upstream"):
        shown = {slot: v for slot, v in s.contents.items() if slot.kind == kind}
        most = max(abs(number) for number in _numbers(plan, shown, kind))
        for node, links in plan.links.items():
            weights = s.contents[Slot(kind, node)]
            levels = [level(float(weights[link.at]), most) for link in links]
            strands = [
                part
                for part in s._contents.pictures[Slot(kind, node)].parts
                if part.kind in ("hp", "hm")
            ]
            found = sorted(w for strand in strands for w in _widths(strand))
            signs = {strand.kind for strand in strands}
            assert signs == {"hp" if step > 0 else "hm" for step in levels if step}
            expected = sorted(thickness(step) for step in levels if step)
            np.testing.assert_allclose(found, expected, rtol=1e-6)


def _numbers(plan, shown, kind):
    for column in plan.columns:
        yield from (_element(shown[Slot(kind, column.node)], index) for index, _ in column.circles)
    for node, links in plan.links.items():
        yield from (float(shown[Slot(kind, node)][link.at]) for link in links)
    for node, corners in plan.corners.items():
        yield from (float(np.ravel(shown[Slot(kind, node)])[corner.at]) for corner in corners)


def _widths(strand: Line):
    """The widths of the parallelograms of a path."""
    points = [strand.numbers[k : k + 8] for k in range(0, len(strand.numbers), 8)]
    return (math.dist(p[:2], p[6:]) for p in points)


NET = "h = tanh(W1 @ x + b1); f = W2 @ h"
GIVEN = {"x": [1, -2], "W1": [[0.5, -1], [2, 0.25], [0, 1]], "b1": [0.1, -0.3, 0], "W2": [1, -1, 2]}


def test_values_are_above_and_gradients_below():
    s = drawn(NET, GIVEN, forward=True)
    h = s.graph.index("h")
    plan = planned(s.network, s.tape.shapes)
    column = next(c for c in plan.columns if c.node == h)
    for kind, side in (("value", -1), ("upstream", 1)):
        halves = [p for p in s._contents.pictures[Slot(kind, h)].parts if isinstance(p, Line)]
        for half, (_, y) in zip(halves, column.circles, strict=True):
            heights = half.numbers[1::2]
            assert all(side * (height - y) >= 0 for height in heights)


def test_a_step_shows_one_layer():
    s = drawn(NET, GIVEN, forward=True)
    kinds = [step.kind for step in s.steps]
    assert kinds == ["given", "value", "value", "seed", "gate", "gate"]
    new = [{slot for slot in step.shows if slot.kind == "value"} for step in s.steps[:3]]
    assert [{s.graph.ids[slot.item] for slot in shown} for shown in new[1:]] == [{"h"}, {"f"}]


def test_numbers_that_are_not_finite_are_warnings():
    s = drawn("h = exp(W1 @ x); f = sum(h)", {"x": [800.0, 1.0], "W1": [[1, 0], [0, 1]]})
    h = s.graph.index("h")
    kinds = [
        part.kind for part in s._contents.pictures[Slot("value", h)].parts if isinstance(part, Line)
    ]
    assert kinds[0] == "b"
    assert level(math.inf, 1.0) == LEVELS + 1


def test_a_large_layer_shows_its_first_and_last_neurons_and_its_size():
    inputs = {"x": "randn", "W1": np.ones((100, 3)), "W2": np.ones(100)}
    s = drawn("h = relu(W1 @ x); f = W2 @ h", {**inputs, "x": [1.0, 2.0, 3.0]})
    plan = planned(s.network, s.tape.shapes)
    assert [index for index, _ in plan.columns[1].circles] == [
        (k,) for k in (0, 1, 2, 3, 97, 98, 99)
    ]
    assert ">ReLU (100)<" in s[-1].svg()


@pytest.mark.parametrize("act", ["leaky_relu", "hardsigmoid", "gelu_tanh", "softplus"])
def test_names_and_sizes_below_large_layers_are_apart(act):
    inputs = {
        "x": np.ones(3),
        "W1": np.ones((1000, 3)),
        "W2": np.ones((1000, 1000)),
        "W3": np.ones(1000),
    }
    s = drawn(f"f = W3 @ {act}(W2 @ {act}(W1 @ x))", inputs)
    below = [part for mark in s.drawing.marks for part in mark.own or ()
             if isinstance(part, Label) and "(1000)" in part.parts[0].text]  # fmt: skip
    one, other = below
    half = width(one.parts[0].text, one.size) / 2
    assert one.x - half >= 0
    assert one.x + half < other.x - half
    assert other.x + half <= s.drawing.width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_moves_between_frames(theme):
    s = drawn(NET, GIVEN, forward=True)
    sizes = {frame.picture(theme).split("viewBox=")[1].split('"')[1] for frame in s}
    assert len(sizes) == 1


@pytest.mark.parametrize("text", [NET, "f = sum(tanh(W1 @ x) + b1)"])
@pytest.mark.parametrize("ending", [".svg", ".html", ".txt", ".dot", ".tex", ".pptx", ".json"])
def test_every_format_has_it(tmp_path, ending, text):
    inputs = {name: GIVEN[name] for name in gs.parse(text).inputs}
    [path] = drawn(text, inputs).save(tmp_path / f"net{ending}")
    assert path.stat().st_size > 500


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "The lines keep the colours"), ("ru", "Цвета линий")]
)
def test_an_update_says_once_that_lines_keep_the_old_weights(lang, said):
    text, numbers = (
        "h = relu(W @ x + b); f = sum(V @ h)",
        dict(W=[[1, 2]], x=[1, 2], b=[1], V=[[2]]),
    )
    s, plain = (gs.stepper(text, inputs=numbers, update="W, b", lang=lang, style=gs.Style(drawn=drawn))
                for drawn in ("neurons", "gates"))  # fmt: skip
    assert [said in frame.caption for frame in s] == [False] * (len(s) - 2) + [True, False]
    assert not any(said in frame.caption for frame in plain)
    again = s.next()
    assert again.tape.inputs["W"].tolist() == s.update.new(s.graph.inputs["W"]).tolist()
