"""What may be asked for in forward mode: an input, an element, a direction."""

import pytest

import graphstep as gs

INPUTS = dict(W=[[1, 2], [3, 4]], x=[1, 2], b=0.5)
TEXT = "q = W @ x + b; f = l2(q)"


@pytest.mark.parametrize(
    ("wrt", "tangent", "message"),
    [
        (None, None, 'not None. Name it, as in wrt="W"; its inputs: W, x, b.'),
        ("W @ x", None, "Forward mode goes along one input"),
        (3, None, "Forward mode goes along one input, not 3."),
        ("u", None, "The graph has no node called u."),
        ("q", None, "q is computed, and forward mode begins at an input: W, x, b."),
        ("W", None, 'W is an array, 2×2, .* as in wrt="W\\[0, 0\\]"'),
        (
            "W",
            [1, 2],
            "The tangent has the shape of W: an array of shape 2×2, not an array of shape 2.",
        ),
        ("b", [1, 2], "The tangent has the shape of b"),
        ("W[2, 0]", None, "W\\[2, 0\\] is no element of W: 2×2."),
        ("W[0]", None, "is no element of W"),
        ("b[0]", None, "is no element of b"),
        ("x[1]", 2, "The tangent of one element is 1."),
        ("x", "a", "tangent must be"),
    ],
)
def test_what_is_refused(wrt, tangent, message):
    with pytest.raises(gs.GraphstepError, match=message):
        gs.stepper(TEXT, inputs=INPUTS, mode="forward", wrt=wrt, tangent=tangent)


def test_labels_and_inputs_without_effect_have_no_tangent():
    with pytest.raises(gs.InputError, match="with respect to y here"):
        gs.stepper("f = cross_entropy(s, y)", s=[1, 2], y=0, mode="forward", wrt="y")


def test_options_of_forward_mode_need_it():
    for options in (dict(wrt="b"), dict(tangent=1)):
        with pytest.raises(gs.InputError, match=f"{next(iter(options))} belongs to forward mode"):
            gs.stepper(TEXT, inputs=INPUTS, **options)
    with pytest.raises(gs.GraphstepError, match="backward, forward"):
        gs.stepper(TEXT, inputs=INPUTS, mode="reverse")


def test_a_number_moves_by_1_or_as_far_as_is_given():
    one = gs.stepper(TEXT, inputs=INPUTS, mode="forward", wrt=" b ")
    assert one.tape.start.letter == "b"
    two = gs.stepper(TEXT, inputs=INPUTS, mode="forward", wrt="b", tangent=2)
    assert (two.tape.start.letter, two.tangents["f"]) == ("t", 2 * one.tangents["f"])


def test_by_gate_is_what_forward_mode_does():
    s = gs.stepper("f = x*x", x=2, mode="forward", by="gate", forward=True)
    assert s.tangents["f"] == 4
