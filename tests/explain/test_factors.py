"""Factors of the chain rule: named beside the upstream gradient only where the product is one."""

import numpy as np
import pytest

import graphstep as gs
from graphstep.formulas.unicode import unicode

FACTORS = {"x*y": "y", "x/y": "1/y", "max(x, y)": "[x > y]"}
SHAPES = {"a row": (3,), "a column": (2, 1), "a matrix": (2, 3), "a number": ()}


@pytest.mark.parametrize(("text", "local"), FACTORS.items(), ids=FACTORS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_local_gradient_is_a_factor_where_its_arrays_have_the_shape_of_the_output(
    text, local, shape
):
    """A matrix ⊙ a row or a column is no product of elements; there the Jacobian has to do."""
    x, y = np.arange(6.0).reshape(2, 3), np.full(shape, 2.5)
    *_, last = gs.stepper(f"f = sum({text})", x=x, y=y)
    total, jacobian, *others = map(unicode, last.equations[-1].sides)
    assert total == "∂f/∂x"
    assert jacobian.startswith("(∂")
    named = any(local in (side[: len(local)], side[-len(local) :]) for side in others)
    assert named == (shape in ((), (2, 3)))


def test_the_gradient_of_a_transpose_is_the_transposed_gradient():
    for text in ("x.T*y", "exp(x.T)*y"):
        *_, last = gs.stepper(f"f = sum({text})", x=np.ones((3, 2)), y=np.ones((2, 3)))
        total, other, *_ = map(unicode, last.equations[-1].sides)
        assert total == "∂f/∂x"
        assert other == "(∂f/∂(xᵀ))ᵀ"
