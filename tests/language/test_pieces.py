"""Sums of products over named indexes: what is advised for them has their value."""

import re

import numpy as np
import pytest

import graphstep as gs
from examples import array
from graphstep.errors import ParseError

KNOWN = {"X": array(3, 3), "Y": array(3, 3, seed=2), "x": array(3), "y": array(3, seed=2),
         "A": array(2, 3, 3), "B": array(2, 3, 3, seed=2)}  # fmt: skip
FORMS = [
    ("ij,jk->ik", "XY"), ("ij,kj->ik", "XY"), ("ij,jk->ki", "XY"), ("ij,jk", "XY"), ("ij->", "X"),
    ("ij->i", "X"), ("ij->j", "X"), ("ij->ji", "X"), ("ba", "X"), ("ijk->kji", "A"), ("i,i->", "xy"), ("i,i", "xy"),
    ("i,j->ij", "xy"), ("i,j->ji", "xy"), ("ij,j->i", "Xx"), ("i,ij->j", "xX"), ("ij , ij -> ij", "XY"), ("ij,ij->", "XY"),
    ("ij,ij->i", "XY"), ("i,ij,j->", "xXy"), ("ij,jk,kl->il", "XYX"), ("bij,bjk->bik", "AB"), ("bij,bkj->bik", "AB"),
    ("bij,kj->bik", "AX"), ("bij,bij->b", "AB"), ("Zj,jz->Zz", "XY"), ("ii->i", "X"), ("ii", "X"),
]  # fmt: skip


def refused(text):
    with pytest.raises(ParseError) as caught:
        gs.parse(text)
    return caught.value


@pytest.mark.parametrize(("form", "names"), FORMS)
def test_what_is_advised_is_the_sum(form, names):
    weights = array(*np.einsum(form, *(KNOWN[name] for name in names)).shape, seed=5)
    error = refused(f"f = sum(w*einsum('{form}', {', '.join(names)}))")
    assert error.key == "written"
    advised = re.search(r"Write (.*)\.$", str(error).splitlines()[0])[1]
    inputs = {name: KNOWN[name] for name in {*names}} | {"w": weights}
    found = gs.parse(f"f = sum(w*({advised}))").forward(inputs).values[-1]
    theirs = np.sum(weights * np.einsum(form, *(KNOWN[name] for name in names)))
    assert np.isclose(found, theirs, rtol=1e-12)


@pytest.mark.parametrize(
    "call", ["'bii->b', A", "'ij->k', X", "'ij,ij', X", "'ij,jk->ii', X, Y", "'i...->i', X"]
)
def test_others_are_refused_as_before(call):
    assert refused(f"f = sum(einsum({call}))").key == "gate_example"
