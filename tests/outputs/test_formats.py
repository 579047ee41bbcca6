"""The tables of formats: a module for each row, files by their ending, missing packages."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib import import_module

import pytest
from PIL import Image
from readme import ROOT

import graphstep as gs
from examples import first
from graphstep.documents import pdf
from graphstep.outputs import DECKS, FORMATS, save, save_deck
from graphstep.slides.arrangement import deck_of


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
    deck = deck_of(first())
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


def test_the_same_bytes_in_other_surroundings(tmp_path):
    """Whatever the seed of hashes, the time zone, the language, the folder, or the mask of modes."""
    code = """
import hashlib, os, sys
os.umask(int(sys.argv[1]))
import graphstep as gs
from graphstep.outputs import FORMATS, plan
s = gs.stepper("f = sum(relu(W @ x))", W=[[0.1, 2], [3, -4]], x=[1, 2], lang="ru").showing((3,))
for ending in FORMATS:
    if ending not in (".gif", ".apng"):
        print(ending, [hashlib.sha256(str(content()).encode()).hexdigest() for _, content in plan(s, "f" + ending)])
"""
    others = [{"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
              {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "ru_RU.UTF-8", "HOME": str(tmp_path)}]  # fmt: skip
    made = [
        subprocess.run(
            [sys.executable, "-c", code, str(k * 63)], env={**os.environ, "PYTHONPATH": str(ROOT), **other},
            cwd=(ROOT, tmp_path)[k], capture_output=True, text=True, check=True,
        ).stdout
        for k, other in enumerate(others)
    ]  # fmt: skip
    assert made[0] == made[1]
    assert len(made[0].splitlines()) > 10


def read(path):
    """The text of a file, as far as it can be selected; of a picture, nothing."""
    if path.suffix == ".pptx":
        with zipfile.ZipFile(path) as parts:
            return "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
    if path.suffix == ".pdf":
        if shutil.which("pdftotext") is None:
            pytest.skip("no pdftotext")
        command = ["pdftotext", path, "-"]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()
    if path.suffix in (".png", ".gif", ".apng"):
        with Image.open(path) as picture:
            picture.load()
        return ""
    return path.read_text(encoding="utf-8").replace("$\\partial$", "∂")


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix not in (".json", ".py")])
def test_a_figure_without_numbers_in_every_format(tmp_path, suffix, lang):
    s = gs.stepper("f = (x + y) * z", lang=lang, forward=True, by="wire")
    [path] = s.save(tmp_path / f"f{suffix}")
    found = read(path)
    assert not found or "[∂q/∂x]" in found


def test_numbers_for_programs_are_not_made_up(tmp_path):
    with pytest.raises(gs.InputError, match="no numbers"):
        gs.stepper("f = x * y").save(tmp_path / "f.json")
    with pytest.raises(gs.InputError, match="no numbers"):
        gs.stepper("f = x * y").save(tmp_path / "f.py")
    assert not list(tmp_path.iterdir())
