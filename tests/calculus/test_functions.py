"""Laws over the table of elementary functions: what follows from a row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphstep as gs
from graphstep.calculus.array_math import ARRAY
from graphstep.calculus.functions import ELEMENTARY
from graphstep.calculus.scalar_math import SCALAR, evaluate
from graphstep.explain.terms import Piece, read
from graphstep.formulas.tree import Name
from graphstep.formulas.unicode import unicode
from graphstep.gates import GATES
from graphstep.importers.traced_value import UFUNCS

WORKED_OUT = pytest.mark.parametrize(
    "row", [row for row in ELEMENTARY.values() if row.floats], ids=lambda row: row.name
)


def test_a_gate_that_runs_on_floats_runs_on_arrays():
    """What one mathematics has, the other has too; `where` is all that no row gives."""
    assert vars(SCALAR).keys() <= vars(ARRAY).keys()
    assert vars(SCALAR).keys() == {u for row in ELEMENTARY.values() for u in row.ufuncs} | {"where"}


@WORKED_OUT
@given(args=st.tuples(*[st.floats(-9, 9) | st.sampled_from([0.0, 1.0, np.nan])] * 2))
def test_floats_and_arrays_agree(row, args):
    for ufunc in row.ufuncs:
        args = args[: getattr(getattr(np, ufunc, None), "nin", 1)]
        on_floats = evaluate(lambda m, *xs, name=ufunc: getattr(m, name)(*xs), *args)
        with np.errstate(all="ignore"):
            on_arrays = getattr(ARRAY, ufunc)(*([np.array([x, x]) for x in args]))
        assert on_arrays == pytest.approx([on_floats] * 2, rel=4e-15, abs=1e-300, nan_ok=True)


@WORKED_OUT
def test_a_traced_function_may_use_what_there_is_a_gate_for(row):
    known = row.name in GATES and not row.each  # those that NumPy has
    assert [u for u in row.ufuncs if u in UFUNCS] == list(row.ufuncs if known else ())
    assert {UFUNCS[u] for u in row.ufuncs if u in UFUNCS} <= {row.name}


def test_a_gate_that_takes_the_name_of_a_function_is_not_numpys():
    """A custom gate never stands for NumPy's function of the same name."""
    gs.gate(lambda x: 2.0 * x, name="exp2", local=[lambda x: 2.0])
    try:
        with pytest.raises(gs.GraphstepError, match=r"np\.exp2"):
            gs.trace(lambda x: np.exp2(x) * 2, 1.0)
    finally:
        from graphstep import gates

        dict.__delitem__(gates.GATES, "exp2")


@pytest.mark.parametrize(
    "row", [row for row in ELEMENTARY.values() if row.raised], ids=lambda row: row.name
)
def test_an_exponent_is_raised(row):
    formula = read(f"{row.name}({{x}})**2", {"x": Piece(Name("x"))})
    assert unicode(formula.tree) == f"{row.shown or row.name}²(x)"
