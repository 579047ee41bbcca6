"""`graphstep exercise`: its files, pages, languages and errors."""

import os
import re
import shlex
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from exercise_graphs import SCALARS
from printed import read
from readme import ROOT

import graphstep as gs
from graphstep.base.words import languages, say
from graphstep.cli.main import main


def pdf_text(path, page=None):
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext is missing: tools/system-packages installs it")
        pytest.skip("no pdftotext")
    pages = ["-f", str(page), "-l", str(page)] if page else []
    command = ["pdftotext", *pages, "-layout", path, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_pages_are_those_of_copies(tmp_path, capsys):
    out = tmp_path / "out.pdf"
    args = ["x=-2", "y=5", "z=-4", "-n", "30", "--seed", "7", "-o", str(out), "--jobs", "1"]
    assert main(["exercise", SCALARS["scalar"][0], *args]) == 0
    key = tmp_path / "key.pdf"
    assert capsys.readouterr().out.split() == [str(out), str(key)]
    pages, keys = pdf_text(out).split("\f")[:-1], pdf_text(key).split("\f")[:-1]
    assert len(pages) == len(keys) == 30
    graph, found = gs.parse(SCALARS["scalar"][0]), set()
    for copy, (page, answers) in enumerate(zip(pages, keys, strict=True), 1):
        assert f"copy {copy}, seed 7" in page
        assert f"copy {copy}, seed 7" in answers
        given = {
            n: read(v)
            for n, v in re.findall(r"(\w) = (−?\d+)", answers.split("∂f")[0])
            if n in "xyz"
        }
        found.add(tuple(given.values()))
        tape = graph.forward(given)
        gradients = {n: read(v) for n, v in re.findall(r"∂f/∂(\w) = (−?\d+)", answers)}
        assert gradients == {**tape.backward(), **tape.backward("q")}
        body = page.split("q * z")[1].split("Backpropagation")[0]
        shown = Counter(map(read, re.findall(r"(?<![\w])−?\d+", body)))
        assert shown == Counter(tape.values), page
    assert len(found) == 30


def test_a_russian_deck(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("lecture.md").write_text(
        "---\ntitle: Векторы и числа\nlang: ru\n---\n# Раз\n\n```graphstep x=-2 y=5 z=-4\nf = (x + y) * z\n```\n\n"
        "# Два\n\n```graphstep x=1 y=5 z=-4 --by wire\nf = (x + y) * z\n```\n\n"
        "```graphstep x=randn(40)\nf = sum(relu(x))\n```\n\n"
        '```graphstep "s=[3.2, 5.1, -1.7]" y=0\nL = hinge(s, y)\n```\n',
        encoding="utf-8",
    )
    assert main(["exercise", "lecture.md", "-n", "2", "--blank", "all"]) == 0
    done = capsys.readouterr()
    assert (
        done.err
        == "Пропущено: f = sum(relu(x)). Его массивы слишком велики, чтобы показать их числами.\n"
    )
    page = pdf_text("sheets.pdf").partition("вариант 2")[0]
    assert "Векторы и числа" in page
    assert "вариант 1" in page
    assert page.count("f = (x + y) * z") == 1  # asked for once
    assert "hinge(s, y)" in page
    assert "Ответы: Векторы и числа" in pdf_text("key.pdf", 1)
    assert (
        main(["exercise", "lecture.md", "--only", "2", "--lang", "en", "--title", "Test <1>"]) == 0
    )
    page = pdf_text("sheets.pdf", 1)
    assert "Test <1>" in page
    assert "(x + y)" not in page
    assert "hinge(s, y)" in page


def test_errors_leave_old_files_alone(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sheets.pdf").write_text("old")
    Path("key.pdf").write_text("old")
    Path("folder.pdf").mkdir()
    Path("empty.md").write_text("# Nothing\n")
    Path("broken.md").write_text("# One\n\n```graphstep x=2\nf = x +\n```\n")
    Path("large.md").write_text("```graphstep x=randn(50)\nf = sum(x)\n```\n")
    scalar = ["exercise", "f = x*y", "x=2", "y=3"]
    for args, told in {
        (*scalar, "-n", "0"): "copies",
        (*scalar, "-n", "100000"): "copies",
        (*scalar, "--seed", "-1"): "seed",
        (*scalar, "--jobs", "0"): "jobs",
        (*scalar, "--lang", "tlh"): "tlh",
        (*scalar, "--only", "2"): "--only",
        (*scalar, "-o", "sheets.html"): ".pdf",
        (*scalar, "-o", "key.pdf"): "both are key.pdf",
        (*scalar, "-o", "folder.pdf"): "Cannot write folder.pdf",
        (*scalar, "--key", "folder.pdf"): "Cannot write folder.pdf",
        ("exercise", "f = x*y", "x=2"): "y",
        ("exercise", "f = x*", "x=2"): "^",
        ("exercise", "f = 2 + 3"): "",
        ("exercise", "none.md"): "none.md",
        ("exercise", "empty.md"): "empty.md",
        ("exercise", "broken.md"): "broken.md",
        ("exercise", "large.md"): "None of these",
    }.items():
        assert main(list(args)) == 1, args
        assert told in capsys.readouterr().err, args
    assert Path("sheets.pdf").read_text() == Path("key.pdf").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


@pytest.mark.parametrize("lang", languages())
def test_help_and_words(lang, capsys):
    assert "{title}" not in say("exercise.key_title", lang, title="T")
    with pytest.raises(SystemExit):
        main(["exercise", "--help"])
    assert "--dask ADDRESS" in capsys.readouterr().out


def test_the_command_of_the_document(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = ROOT.joinpath("docs", "exercises.md").read_text(encoding="utf-8")
    command, output = re.findall(r"^\$ graphstep (.*)\n((?:[^$`].*\n)*)", text, re.MULTILINE)[0]
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out == output
