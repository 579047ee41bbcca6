"""The tables of formats: a module for each row, files by their ending, missing packages."""

import sys
import zipfile
from importlib import import_module

import pytest

import graphstep as gs
from examples import first
from graphstep.documents import pdf
from graphstep.figure import deck as slides
from graphstep.outputs import DECKS, FORMATS, save, save_deck


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_format_is_written_by_its_module(suffix):
    form = FORMATS[suffix]
    module = import_module(f"graphstep.{form.module}")
    assert callable(getattr(module, form.whole))
    assert (form.steps == "files") == hasattr(module, "pages")


@pytest.mark.parametrize("suffix", DECKS)
def test_a_deck_is_written_by_its_module(suffix):
    assert callable(import_module(f"graphstep.{DECKS[suffix].module}").deck)


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


@pytest.mark.parametrize("ending", [".svg", ".html", ".deck.html", ".pptx"])
def test_titles_have_semicolons_between_statements(tmp_path, ending):
    s = gs.stepper("q = x + y  # the sum\nr = (q\n  * z)\n\nf = r * 2\n", x=1, y=2, z=3)
    [path] = s.save(tmp_path / f"f{ending}")
    data = path.read_bytes()
    if ending == ".pptx":
        with zipfile.ZipFile(path) as parts:
            data = parts.read("ppt/slides/slide1.xml")
    assert "q = x + y; r = (q * z); f = r * 2" in data.decode("utf-8")
