"""Helpers of pooling: how far each element is from the greatest of the others."""

import numpy as np
import pytest

from graphstep.calculus.convolution import gaps


@pytest.mark.parametrize(
    ("x", "axis", "found"),
    [
        ([3.0, 1.0], 0, [2.0, -2.0]),
        ([3.0, 1.0, 3.0], 0, [0.0, -2.0, 0.0]),
        ([[1.0, 4.0], [2.0, 2.0]], 1, [[-3.0, 3.0], [0.0, 0.0]]),
        ([[1.0, 4.0], [2.0, 2.0]], 0, [[-1.0, 2.0], [1.0, -2.0]]),
        ([5.0], 0, [1.0]),  # alone, and so at no tie
    ],
)
def test_gaps_are_distances_from_the_greatest_of_the_others(x, axis, found):
    assert gaps(np.array(x), axis).tolist() == found
