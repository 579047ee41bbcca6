"""Probes of the numeric check: the parts of a large array that are looked at by themselves."""

from types import SimpleNamespace

import numpy as np
import pytest

from graphstep.engine.probes import parts


@pytest.mark.parametrize("x", [np.zeros(5), np.arange(7.0), np.array([1.0, 0, 0, 2]), np.ones(1)])
@pytest.mark.parametrize("doubtful", [set(), {0}, {0, 3}, set(range(7))])
def test_every_element_is_in_one_part_and_none_is_empty(x, doubtful):
    def judge(places):
        assert places.size
        status = "kink" if doubtful & set(places.tolist()) else "ok"
        return SimpleNamespace(status=status, places=places.tolist())

    found = [place for row in parts(judge, x, locate=True) for place in row.places]
    assert sorted(found) == list(range(x.size))
