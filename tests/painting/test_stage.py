"""The figure of a player."""

import xml.etree.ElementTree as ET

import pytest

import graphstep as gs

SVG = "{http://www.w3.org/2000/svg}"
ORDER = ["data-wires", "data-node", "data-slot"]


@pytest.mark.parametrize(("terms", "large"), [(2, False), (9, False), (40, True), (80, True)])
def test_only_large_figures_are_in_groups_and_all_is_painted_in_the_same_order(terms, large):
    text = " + ".join(f"x*{k + 2}" for k in range(terms))
    whole = ET.fromstring(gs.stepper(f"f = {text}", x=1).stage).find(f"{SVG}g")
    groups = [one for one in whole if not one.attrib]
    assert (len(groups) == len(whole)) == bool(groups) == large
    assert all(len(one) < len(whole.findall(".//*[@data-slot]")) for one in groups)
    elements = [one for group in groups for one in group] or [*whole]
    found = [next(key for key in ORDER if key in one.attrib) for one in elements]
    assert found == sorted(found, key=ORDER.index)
