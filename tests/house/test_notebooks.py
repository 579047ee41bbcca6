"""The notebooks as they lie in the repository; `make notebooks` runs them."""

import json
import re

import pytest
from readme import ROOT

FOLDER = ROOT / "notebooks"
NAMES = ["tour", "lecture", "lecture_ru", "own_gate", "debugging"]


def cells(name, kind=None):
    notebook = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [c for c in notebook["cells"] if kind in (None, c["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def test_all_are_there():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_stripped(name):
    for cell in cells(name, "code"):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_counted(name):
    assert [c["id"] for c in cells(name)] == [f"cell-{i:02}" for i in range(len(cells(name)))]


def test_the_russian_lecture_runs_the_same_code():
    plain = [re.sub(r",?\s*lang=\"ru\",?", "", source(c)) for c in cells("lecture_ru", "code")]
    english = [source(c) for c in cells("lecture", "code")]
    assert len(plain) == len(english)
    for ours, theirs in zip(plain, english, strict=True):
        squeezed = [
            re.sub(r"[\s,]|\._replace\(\)|\"\"\".*?\"\"\"", "", text) for text in (ours, theirs)
        ]
        assert squeezed[0] == squeezed[1]


def test_the_russian_lecture_is_russian():
    texts = [source(cell) for cell in cells("lecture_ru", "markdown")]
    assert not re.search(r"\d\.\d", "".join(texts))  # the decimal mark is a comma
    assert len(texts) == len(cells("lecture", "markdown"))
    for russian, english in zip(texts, map(source, cells("lecture", "markdown")), strict=True):
        assert re.search("[а-я]{3}", russian)
        formulas = [
            re.sub(r"\{,\}", ".", f) for f in re.findall(r"\$\$.*?\$\$", russian, re.DOTALL)
        ]
        assert formulas == re.findall(r"\$\$.*?\$\$", english, re.DOTALL)
