"""Derivations by index in figures of arrays without numbers."""

import pytest

import graphstep as gs
from graphstep.base.words import languages
from graphstep.formulas.unicode import unicode

SUMS = gs.Style(sums=True)


def lines(s):
    """The formulas of all steps."""
    return [unicode(equation) for frame in s for equation in frame.equations]


@pytest.mark.parametrize("lang", languages())
def test_the_lecture_s_derivation_in_symbols(lang):
    """The squared length of W x: slides 53 to 66 of the lecture."""
    s = gs.stepper("q = W @ x; f = l2(q)", W=gs.unknown(2, 2), x=gs.unknown(2), by="product",
                   lang=lang, style=SUMS)  # fmt: skip
    assert lines(s)[-4:] == [
        "∂f/∂xᵢ = ∑ₖ ∂f/∂qₖ · ∂qₖ/∂xᵢ = ∑ₖ 2 qₖ · Wₖᵢ = ∑ₖ 2 qₖ Wₖᵢ",
        "∇ₓ f = Wᵀ · ∂f/∂q = Wᵀ · 2 q",
        "∂f/∂Wᵢⱼ = ∑ₖ ∂f/∂qₖ · ∂qₖ/∂Wᵢⱼ = ∑ₖ 2 qₖ · 1{k = i} xⱼ = 2 qᵢ xⱼ",
        "∇_W f = ∂f/∂q · xᵀ = 2 q · xᵀ",
    ]
    assert "∂f/∂qᵢ = 2 qᵢ" in lines(s)


def test_local_gradients_by_index_in_symbols():
    s = gs.stepper("q = W @ x; f = l2(q)", W=gs.unknown(2, 2), x=gs.unknown(2), by="wire",
                   style=SUMS)  # fmt: skip
    assert "∂qₖ/∂Wᵢⱼ = 1{k = i} xⱼ" in lines(s)
    assert "∂qₖ/∂xᵢ = Wₖᵢ" in lines(s)


def test_single_numbers_and_a_figure_without_sums_have_none():
    for s in (
        gs.stepper("q = x + y; f = q * z", style=SUMS),
        gs.stepper("q = W @ x; f = l2(q)", W=gs.unknown(2, 2), x=gs.unknown(2)),
    ):
        assert not [line for line in lines(s) if "∑ₖ" in line or "∇" in line]
