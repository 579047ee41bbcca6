"""Which frames are meant: numbers, ranges, passes, nodes, and what is refused."""

import pytest

import graphstep as gs
from graphstep.errors import GraphstepError
from graphstep.explain.step_kinds import WAYS
from graphstep.figure.frame_choice import chosen_frames, noted_frames
from graphstep.graph.slots import Slot

NEURON = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def neuron(**options):
    return gs.stepper("f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", **NEURON, **options)


def four():
    return gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)


@pytest.mark.parametrize(
    ("steps", "frames"),
    [
        ("", (0, 1, 2, 3)), ("3,1", (3, 1)), ("2-last,0", (2, 3, 0)), ("1-", (1, 2, 3)), ("forward", (0,)),
        ("backward", (1, 2, 3)), ("f", (1,)), ("q,x", (2, 3)), ("q-x", (2, 3)), ("forward-z", (0, 1, 2)), ("z-", (2, 3)),
        ("node:z", (2,)), ("1-node:q", (1, 2)),
    ],
)  # fmt: skip
def test_which_frames_are_shown(steps, frames):
    assert chosen_frames(steps, four()) == frames


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("forward", [False, True])
def test_the_name_of_a_node_is_the_frame_in_which_its_gradient_appears(by, forward):
    s = neuron(by=by, forward=forward)
    for node, name in enumerate(s.graph.ids):
        slot = Slot("upstream", node)
        before, after = (
            s[k].texts for k in (chosen_frames(name, s)[0] - 1, chosen_frames(name, s)[-1])
        )
        assert slot not in before
        assert slot in after


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("forward", [False, True])
def test_both_passes_are_all_frames_and_gradients_come_in_the_second(by, forward):
    s = neuron(by=by, forward=forward)
    first, second = chosen_frames("forward", s), chosen_frames("backward", s)
    assert (*first, *second) == tuple(range(len(s)))
    assert all(slot.kind in ("value", "local") for k in first for slot in s[k].step.shows)
    assert any(slot.kind == "upstream" for slot in s[second[0]].step.shows)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("4", r"no frame 4; the last one is 3\."),
        ("3-1", "'3-1' does not say which frames"),
        ("x-f", "'x-f' does not say which frames"),
        ("w", "'w' names no frame, and no node whose gradient appears here. Names: forward, backward, last, x, y, q, z, f"),
        ("forwards", "Did you mean forward"),
    ],
)  # fmt: skip
def test_frames_that_do_not_exist(steps, message):
    with pytest.raises(GraphstepError, match=message):
        chosen_frames(steps, four())


def test_what_never_gets_a_gradient_names_no_frame():
    s = gs.stepper("L = hinge(s, y)", s=[3.2, 5.1, -1.7], y=0)
    with pytest.raises(
        GraphstepError, match=r"'y' names no frame.* Names: forward, backward, last, s, L\."
    ):
        chosen_frames("y", s)


@pytest.mark.parametrize("word", ["last", "forward", "backward"])
def test_a_node_that_is_called_like_a_word_is_told_apart(word):
    s = gs.stepper(f"{word} = x * y; f = {word} * z", x=-2, y=5, z=-4)
    with pytest.raises(
        GraphstepError, match=f"Write node:{word} for the node, or [0-9,]+ for the frames"
    ):
        chosen_frames(word, s)
    assert chosen_frames(f"node:{word}", s) == chosen_frames("z", s)


def test_sentences_of_all_frames_of_none_or_of_some():
    s, shown = four(), (0, 2, 3)
    assert noted_frames(True, s, shown) == shown
    assert noted_frames(False, s, shown) == ()
    assert noted_frames("q,last", s, shown) == (2, 3)
    with pytest.raises(GraphstepError, match="Frame 1 is not among those that are shown: 0, 2, 3"):
        noted_frames("f", s, shown)
