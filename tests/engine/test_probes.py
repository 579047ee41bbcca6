"""Probes of the numeric check: parts of large arrays, sides of kinks, and slopes at many kinks."""

from types import SimpleNamespace

import numpy as np
import pytest

import graphstep as gs
from graphstep.engine.probes import GateProbe, element, part, parts, random_weights, sides
from graphstep.gates import GATES


@pytest.mark.parametrize("x", [np.zeros(5), np.arange(7.0), np.array([1.0, 0, 0, 2]), np.ones(1)])
@pytest.mark.parametrize("doubtful", [set(), {0}, {0, 3}, set(range(7))])
def test_every_element_is_in_one_part_and_none_is_empty(x, doubtful):
    def judge(places):
        assert places.size
        status = "kink" if doubtful & set(places.tolist()) else "ok"
        return SimpleNamespace(status=status, places=places.tolist())

    found = [place for row in parts(judge, x, locate=True) for place in row.places]
    assert sorted(found) == list(range(x.size))


@pytest.mark.parametrize("name", ["relu", "abs"])
def test_the_side_of_a_kink_is_0_below_it_1_at_it_and_2_above_it(name):
    found = [sides(GATES[name], (np.array([x]),), ()) for x in (-2.0, 0.0, 3.0)]
    assert found == [b"\x00", b"\x01", b"\x02"]


SLOPES = {"relu": (0, 1), "abs": (-1, 1), "leaky_relu": (0.1, 1), "elu": (1, 1)}


@pytest.mark.parametrize(("name", "slopes"), SLOPES.items())
def test_what_is_between_the_ends_at_kinks_is_a_sum_of_subgradients(name, slopes):
    """Of each element the smaller and the larger of the slopes of its two sides, weighted."""
    x, text = np.zeros(4), "leaky_relu(x, 0.1)" if name == "leaky_relu" else f"{name}(x)"
    probe = GateProbe(gs.parse(f"f = sum({text})").forward(x=x), 0)
    products = np.outer(slopes, probe.weights)
    one = probe.ends(element(x, 2), 1e-3)
    assert one == pytest.approx(sorted(products[:, 2]), abs=5e-3)
    products *= random_weights(x.shape, x.size)  # along the direction in which a part moves
    whole = probe.ends(part(x, np.arange(4)), 1e-3)
    assert whole == pytest.approx((products.min(0).sum(), products.max(0).sum()), abs=2e-2)
