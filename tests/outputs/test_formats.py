"""The tables of formats: each row names a module that has the function it needs."""

from importlib import import_module

import pytest

from graphstep.outputs import DECKS, FORMATS


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_format_is_written_by_its_module(suffix):
    form = FORMATS[suffix]
    module = import_module(f"graphstep.{form.module}")
    assert callable(getattr(module, form.whole))
    assert (form.steps == "files") == hasattr(module, "pages")


@pytest.mark.parametrize("suffix", DECKS)
def test_a_deck_is_written_by_its_module(suffix):
    assert callable(import_module(f"graphstep.{DECKS[suffix].module}").deck)
