"""Sums of products over named indexes: einsum in the language."""

import pickle

import numpy as np
import pytest

import graphstep as gs
from examples import array
from graphstep.errors import ParseError
from graphstep.graph.writer import write_source

KNOWN = {"X": array(3, 3), "Y": array(3, 3, seed=2), "x": array(3), "y": array(3, seed=2),
         "A": array(2, 3, 3), "B": array(2, 3, 3, seed=2)}  # fmt: skip
FORMS = [
    ("ij,jk->ik", "XY"), ("ij,kj->ik", "XY"), ("ij,jk->ki", "XY"), ("ij,jk", "XY"), ("ij->", "X"),
    ("ij->i", "X"), ("ij->j", "X"), ("ij->ji", "X"), ("ba", "X"), ("ijk->kji", "A"), ("i,i->", "xy"), ("i,i", "xy"),
    ("i,j->ij", "xy"), ("i,j->ji", "xy"), ("ij,j->i", "Xx"), ("i,ij->j", "xX"), ("ij , ij -> ij", "XY"), ("ij,ij->", "XY"),
    ("ij,ij->i", "XY"), ("i,ij,j->", "xXy"), ("ij,jk,kl->il", "XYX"), ("bij,bjk->bik", "AB"), ("bij,bkj->bik", "AB"),
    ("bij,kj->bik", "AX"), ("bij,bij->b", "AB"), ("Zj,jz->Zz", "XY"), ("ii->i", "X"), ("ii", "X"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "names"), FORMS)
def test_einsum_is_numpys(form, names):
    """Its value, its gradients, by einsum itself, and itself when it is written and read."""
    arrays = [KNOWN[name] for name in names]
    weights = array(*np.einsum(form, *arrays).shape, seed=5)
    letters = [f"p{k}" for k in range(len(names))]
    graph = gs.parse(f"f = sum(w*einsum('{form}', {', '.join(letters)}))")
    tape = graph.forward(dict(zip(letters, arrays, strict=True)), w=weights)
    assert tape.value == pytest.approx(np.sum(weights * np.einsum(form, *arrays)), rel=1e-12)
    for k, letter in enumerate(letters):
        for at in np.ndindex(arrays[k].shape):
            unit = np.zeros(arrays[k].shape)
            unit[at] = 1.0  # einsum is linear in each array
            moved = np.einsum(form, *arrays[:k], unit, *arrays[k + 1 :])
            expected = np.sum(weights * moved)
            assert tape.gradients[letter][at] == pytest.approx(expected, rel=1e-11, abs=1e-13)
    written = write_source(graph.nodes, graph.output, "f").source
    assert f'einsum("{"".join(form.split())}", ' in written
    assert (
        gs.parse(written).forward(dict(zip(letters, arrays, strict=True)), w=weights).value
        == tape.value
    )
    opened = graph.expand("einsum").forward(dict(zip(letters, arrays, strict=True)), w=weights)
    assert opened.value == pytest.approx(tape.value, rel=1e-12)


@pytest.mark.parametrize(
    "call", ["'bii->b', A", "'ij->k', X", "'ij,ij', X", "'ij,jk->ii', X, Y", "'i...->i', X",
             "'i', X, Y", "'ij'", "'ij->i', X, axis=1"]
)  # fmt: skip
def test_other_forms_are_refused(call):
    with pytest.raises(ParseError) as caught:
        gs.parse(f"f = sum(einsum({call}))")
    assert caught.value.key == "einsum_form"


@pytest.mark.parametrize(
    ("call", "key"),
    [
        ("'ij,j->i', X, axis=x", "option_unknown"),
        ("''", "gate_example"),
        ("1", "gate_example"),
        ("'ij->i', X, axis=1", "einsum_form"),
    ],
)
def test_a_call_that_is_none_of_einsum_is_refused(call, key):
    with pytest.raises(ParseError) as caught:
        gs.parse(f"f = sum(einsum({call}))")
    assert caught.value.key == key


def test_numpys_spelling_is_advised_as_einsum():
    with pytest.raises(ParseError, match=r"Write einsum\('ij->j', X\)"):
        gs.parse("f = sum(np.einsum('ij->j', X))")
    with pytest.raises(ParseError, match=r"as in x\.T @ y"):
        gs.parse("f = einsum(X, Y)")


def test_equal_texts_with_einsum_are_equal_graphs_and_can_be_pickled():
    text = "f = sum(einsum('ij,jk->ik', X, Y))"
    assert gs.parse(text) == gs.parse(text) == pickle.loads(pickle.dumps(gs.parse(text)))
