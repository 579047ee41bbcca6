"""Functions as courses, tutorials and libraries write them: their graphs, or why they have none.

Values are those of the function itself, gradients those of finite differences of it.
"""

import functions_of_courses as courses
import functions_of_models as models
import pytest
from real_functions import follow, refuse

WORKS = courses.WORKS | models.WORKS
REFUSED = courses.REFUSED | models.REFUSED


@pytest.mark.parametrize("name", WORKS)
def test_functions_as_they_stand(name):
    follow(WORKS[name])


@pytest.mark.parametrize("name", REFUSED)
def test_functions_without_a_graph(name):
    refuse(*REFUSED[name])


def test_how_many_of_the_functions_have_a_graph():
    """Of 114 functions of courses, libraries and models, 108."""
    assert not courses.WORKS.keys() & models.WORKS.keys()
    working = {case.function for case in WORKS.values()}
    refused = {case.function for case, _ in REFUSED.values()}
    assert not working & refused
    assert len(working | refused) == 114
    assert len(working) == 108
