"""Files by their ending, and packages that are missing."""

import sys

import pytest

import graphstep as gs
from examples import first
from graphstep.documents import pdf
from graphstep.figure import deck as slides
from graphstep.outputs import save, save_deck


@pytest.mark.parametrize("name", ["f.pdf", "f.crop.pdf"])
def test_saved_by_the_ending(tmp_path, name):
    (path,) = first().save(tmp_path / name)
    assert path.read_bytes()[:5] == b"%PDF-"
    deck = slides.deck_of(first())
    assert save_deck(deck, tmp_path / "deck.pdf").read_bytes() == pdf.whole(first())


@pytest.mark.parametrize(
    ("package", "name"),
    [("typst", "f.pdf"), ("typst", "f.crop.pdf"), ("resvg_py", "{n}.png"), ("PIL", "f.gif")],
)
def test_a_missing_package_is_told(monkeypatch, tmp_path, package, name):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(gs.GraphstepError, match=r"pip install 'graphstep\[slides\]'"):
        save(first(), tmp_path / name)
    assert not list(tmp_path.iterdir())
