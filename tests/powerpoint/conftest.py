"""The file of a deck with one of everything."""

import pytest
from presentations import full_deck

from graphstep.powerpoint import pages


@pytest.fixture(scope="module")
def everything():
    return pages.deck(full_deck())
