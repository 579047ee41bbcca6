"""What the documents show was run; what is generated is fresh; commands of the README work."""

import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from textwrap import indent

import gatetable
import pictures
import pytest
from lecture_drawings import DRAWINGS
from readme import ROOT, commands, given

import graphstep as gs
from graphstep.base.errors import OutputError
from graphstep.cli.help import help_text
from graphstep.explain.step_kinds import WAYS
from graphstep.figure.input_texts import MOST_BYTES
from graphstep.graph.parser import MOST_CHARACTERS
from graphstep.markdown import MOST_DECK_CHARACTERS
from graphstep.outputs import FORMATS, format_rows

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
LECTURE_TEXT = (ROOT / "examples" / "lecture" / "en.md").read_text(encoding="utf-8")


def split(words):
    """The words of a command, with the script in this folder."""
    return [str(ROOT / word) if word.endswith(".py") else word for word in words.split()]


README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", pictures.pictures())
def test_pictures_are_fresh(name):
    fresh = pictures.pictures()[name]
    assert (ROOT / name).read_text(encoding="utf-8") == fresh, "make pictures"


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_of_the_lecture_are_fresh(name):
    """With real training behind two of them, so that other machines must agree on it."""
    made = (ROOT / pictures.LECTURE / name).read_text(encoding="utf-8")
    assert made == DRAWINGS[name](), "make pictures"


def test_the_demo_of_the_lecture_draws_a_net(tmp_path):
    """One of its lines, as they stand on the slide."""
    line = re.search(r"^\$ python (examples/plane.py .*?) +#", LECTURE_TEXT, re.MULTILINE)
    done = subprocess.run([sys.executable, *split(line[1])], cwd=tmp_path, check=True)
    assert done.returncode == 0
    svg = (tmp_path / "plane.svg").read_text(encoding="utf-8")
    assert svg.count("<circle") == 52


def test_the_bounds_of_files_are_those_of_the_code():
    """One line of the table, in megabytes."""
    bounds = (4 * MOST_CHARACTERS, 4 * MOST_DECK_CHARACTERS, MOST_BYTES)
    said = ", ".join(
        f"{most // 10**9} GB" if most >= 10**9 else f"{most // 10**6} MB" for most in bounds
    )
    row = next(
        line
        for line in (ROOT / "docs" / "limits.md").read_text("utf-8").splitlines()
        if "bytes of a file" in line
    )
    assert row.split(" | ")[1] == said


def test_the_gate_table_is_fresh():
    assert gatetable.TARGET.read_text(encoding="utf-8") == gatetable.page(), "make pictures"


@pytest.mark.parametrize("name", ["README.md", "docs/slides.md"])
def test_the_tables_of_formats_are_fresh(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    found = text[text.index("| ending |") :].partition("\n\n")[0].splitlines()
    head, *rows = format_rows()
    expected = [
        head,
        *([f"`{row[0]}`", *row[1:-1], f"`{row[-1]}`" if row[-1] else "–"] for row in rows),
    ]
    assert [line.strip("| ").split(" | ") for line in (found[0], *found[2:])] == list(
        map(list, expected)
    )


def test_the_error_without_the_extra_is_as_told():
    error = OutputError("needs_extra", what=".pdf", extra="slides")
    assert str(error) in (ROOT / "docs" / "slides.md").read_text(encoding="utf-8")


def test_the_endings_that_need_no_extra_are_listed():
    text = (ROOT / "docs" / "slides.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(r"`([.\w]+)`", text[: text.index(" need nothing else.")].splitlines()[-1])
    )
    assert listed == {suffix for suffix, form in FORMATS.items() if not form.extra}


def test_every_ending_is_in_the_help():
    assert all(
        f"{suffix} " in re.sub(r"[,;()\n]", " ", help_text()) or suffix == ".picture.pptx"
        for suffix in FORMATS
    )


def test_every_ending_is_in_the_russian_readme():
    text = (ROOT / "README.ru.md").read_text(encoding="utf-8")
    formats = text[text.index("## Форматы") :].partition("\n## ")[0]
    assert all(f"`{suffix}`" in formats for suffix in FORMATS)


def test_every_way_of_stepping_is_explained():
    """In the help, in the docstring, on the page of decks; in a row of its own on that of steps."""
    docs = ROOT / "docs"
    places = (help_text(), gs.stepper.__doc__, (docs / "decks.md").read_text(encoding="utf-8"))
    table = (docs / "stepping.md").read_text(encoding="utf-8")
    for way in WAYS:
        assert f'\n| `"{way}"` | ' in table, way
        for text in places:
            assert re.search(rf'by {way}\b|"{way}"|`{way}`', text), (way, text)


def test_the_rows_in_the_guide_are_those_of_the_table():
    guide = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
    guide = guide[guide.index("## A way of stepping") : guide.index("## A page of these")]
    table = (ROOT / "graphstep" / "explain" / "step_kinds.py").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(.*?)```", guide, re.DOTALL)
    assert len(shown) == 2
    for row in shown:
        assert indent(row, " " * 8) in table, row


@pytest.mark.parametrize("path", DOCUMENTS, ids=[p.name for p in DOCUMENTS])
def test_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)  # no code
    text = re.sub(r"(`+).*?\1", "", text, flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    for link in (link for link in links if not link.startswith("http")):
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize(("command", "output"), list(dict.fromkeys(commands())))
def test_commands_of_the_readme(tmp_path, command, output):
    given(tmp_path)
    program, *args = shlex.split(command)
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *args],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if output:
        assert done.stdout == output.rstrip("\n") + "\n"
    for flag, path in pairwise(args):
        assert flag != "-o" or list(tmp_path.glob(re.sub(r"{n.*?}", "*", path))), path


def test_the_demo_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "demo.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Open these" in done.stdout
    assert "100%" in done.stderr
    for name, count in (("1-scalars", 12), ("2-neuron", 34), ("3-patterns", 20)):
        assert len(list((tmp_path / "out" / name).iterdir())) == count
        assert (tmp_path / "out" / f"{name}.svg").exists()
        assert (tmp_path / "out" / f"{name}.txt").exists()


def test_what_the_architecture_names_is_there():
    """Every file in it exists, and has the function or class that stands behind it."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tools|tests|[a-z_]+)/[\w/]*(?:\.\w+)?)`(?:, `([\w.]+)`)?", text)
    assert len(named) > 30
    for path, name in named:
        found = next((p for p in (ROOT / path, ROOT / "graphstep" / path) if p.exists()), None)
        assert found, path
        if name and path.endswith(".py"):
            source = found.read_text(encoding="utf-8")
            for part in name.split("."):
                assert re.search(rf"^ *(def|class) {part}\b", source, re.MULTILINE), (path, name)
