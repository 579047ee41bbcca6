"""Decks as users have them: read from a file, saved in every format."""

import pytest

import graphstep as gs
from graphstep.outputs import DECKS


@pytest.mark.parametrize("ending", DECKS)
def test_a_deck_is_saved_by_the_ending(tmp_path, ending):
    (tmp_path / "deck.md").write_text("# A slide\n\n```graphstep x=2\nf = x*x\n```\n")
    deck = gs.deck(tmp_path / "deck.md")
    assert repr(deck).startswith("<Deck '': 1 slides>")
    written = deck.save(tmp_path / f"slides{ending}")
    assert written == tmp_path / f"slides{ending}"
    assert written.stat().st_size > 1000


def test_another_ending_is_refused(tmp_path):
    (tmp_path / "deck.md").write_text("# A slide\n")
    with pytest.raises(gs.OutputError):
        gs.deck(tmp_path / "deck.md").save(tmp_path / "slides.doc")
    assert not (tmp_path / "slides.doc").exists()


def test_confined(tmp_path):
    (tmp_path / "secret.png").write_bytes(b"")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "deck.md").write_text("![a](../secret.png)\n")
    with pytest.raises(gs.GraphstepError, match="confined"):
        gs.deck(tmp_path / "in" / "deck.md", confined=True)
