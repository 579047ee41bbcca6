"""For all tests, doctests too."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from graphstep import gates

settings.register_profile("ci", derandomize=True, deadline=None)  # the same examples every time
settings.register_profile("search", max_examples=3000, deadline=None)  # to look for new ones
settings.register_profile("few", derandomize=True, max_examples=15, deadline=None)
settings.register_profile("usual", deadline=None)  # machines are noisy
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "usual")
)


@pytest.fixture(autouse=True)
def _forget_own_gates() -> Iterator[None]:
    """A gate made in one test is not there in the next."""
    yield
    for name in [gate.name for gate in gates.GATES.values() if gate.own]:
        dict.__delitem__(gates.GATES, name)


@pytest.fixture(autouse=True)
def _own_folder(request: pytest.FixtureRequest) -> None:
    """Examples of the documents write their files into a folder of their own."""
    if request.path.suffix == ".md":  # others need no folder, and each takes a while to make
        request.getfixturevalue("monkeypatch").chdir(request.getfixturevalue("tmp_path"))
