"""The figure as a record."""

import graphstep as gs


def test_labels_alone_can_be_drawn():
    assert gs.stepper("f = l2(s[y])", s=[0, 0, 0], y=[1] * 6)[-1].svg()
