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
        (*scalar, "--variants", "0"): "variants",
        (*scalar, "--variants", "21"): "variants",
        (*scalar, "--points", "0"): "points",
        (*scalar, "--points", "2,3"): "points",
        (*scalar, "--points", "1.5"): "points",
        (*scalar, "--instructions", "x" * 501): "501 characters",
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


def test_the_seed_is_kept_from_the_sheets(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scalar = ["exercise", SCALARS["scalar"][0], "x=-2", "y=5", "z=-4", "-n", "2"]
    assert main([*scalar, "--seed", "40962", "--hide-seed", "--secret", "Ω7-word"]) == 0
    page, key = pdf_text("sheets.pdf"), pdf_text("key.pdf")
    assert "copy 2" in page
    assert "seed" not in page
    assert "copy 2, seed 40962" in key
    assert b"40962" not in Path("sheets.pdf").read_bytes()
    assert not [text for text in (page, key) if "7-word" in text]
    kept = pdf_text("sheets.pdf")
    assert main([*scalar, "--seed", "40962", "--hide-seed"]) == 0
    assert pdf_text("sheets.pdf") != kept  # the secret decides, too
    drawn = set()
    for _ in range(2):
        assert main([*scalar, "--hide-seed"]) == 0
        drawn.add(re.search(r"seed (\d+)", pdf_text("key.pdf"))[1])
    assert len(drawn - {"0"}) == 2  # nobody finds it by trying small ones
    (seed, *_) = re.findall(r"seed (\d+)", pdf_text("key.pdf"))
    before = Path("sheets.pdf").read_bytes()
    assert main([*scalar, "--hide-seed", "--seed", seed]) == 0
    assert Path("sheets.pdf").read_bytes() == before


@pytest.mark.parametrize(
    ("lang", "letters", "words"),
    [
        ("en", "AB", ("Name", "Group", "Date", "row by row", "to two decimals", "given: ∂L/∂q")),
        ("ru", "АБ", ("Имя", "Группа", "Дата", "по строкам", "до двух знаков", "дано: ∂L/∂q")),
    ],
)
def test_heads_of_variants(tmp_path, monkeypatch, lang, letters, words):
    monkeypatch.chdir(tmp_path)
    Path("deck.md").write_text(
        "# One\n\n```graphstep x=-2 y=5 z=-4\nf = (x + y) * z\n```\n\n"
        '# Two\n\n```graphstep "W=[[1, 2], [3, 4]]" x=[1,2] --upstream "[1, 0.5]"\nq = W @ x\n```\n'
        "# Three\n\n```graphstep --forward\nf = x * y\n```\n",
        encoding="utf-8",
    )
    said = "Time: 40 minutes. #let x = 1 *no*"
    args = ["--variants", "2", "-n", "5", "--points", "2,5", "--instructions", said, "--lang", lang]
    assert main(["exercise", "deck.md", *args]) == 0
    page, key = pdf_text("sheets.pdf"), pdf_text("key.pdf")
    named = [f"{say('exercise.variant', lang, letter=letter)}" for letter in letters]
    firsts = [one for one in page.split("\f") if words[0] in one]
    assert [[name in one for name in named] for one in firsts] == [
        [k % 2 == 0, k % 2 == 1] for k in range(5)
    ]
    assert key.count(f"{named[0]},") == key.count(f"{named[1]},") >= 1
    for text in (*words, said):
        assert text in page, text
    assert [re.search(f"/ ?{points}\\b", page) is None for points in (7, 2, 5, 4)] == [
        *[False] * 3,
        True,
    ]
    assert "∂L/∂W = " in key
    assert "∂f/∂x = " in key
    assert main(["exercise", "deck.md", "--only", "1", "--lang", lang]) == 0
    page = pdf_text("sheets.pdf")
    assert words[3] not in page  # no matrix
    assert words[5] not in page
    assert "/" not in page


def test_two_questions_stand_on_a_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fence = "```graphstep x=3 y=-4 z=2 w=-1\nf = (x*y + max(z, w)) * {}\n```\n\n"
    Path("deck.md").write_text("# One\n\n" + "".join(fence.format(k) for k in (2, 3, 4, 5)))
    assert main(["exercise", "deck.md"]) == 0
    pages = pdf_text("sheets.pdf").split("\f")[:-1]
    assert [page.count("max(z, w)") for page in pages] == [2, 2]


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


@pytest.mark.parametrize("lang", languages())
def test_the_update_of_one_expression_is_asked_for(lang, tmp_path, capsys):
    asked = ["--update", "w,b", "--rate", "0.5", "--rule", "momentum(mu=0.5)", "--seed", "3"]
    files = ["-o", str(tmp_path / "sheets.pdf"), "--key", str(tmp_path / "key.pdf")]
    command = ["exercise", "f = (w*x + b)**2", "w=2", "x=3", "b=1", "--lang", lang]
    assert main([*command, *asked, *files]) == 0
    mark = "," if lang == "ru" else "."
    sheet, key = (pdf_text(tmp_path / name) for name in ("sheets.pdf", "key.pdf"))
    for text in (sheet, key):
        assert f"η = 0{mark}5, μ = 0{mark}5, v_w = 0" in text
    first = key.split("\n\n")[1]
    given = {name: read(v) for name, v in re.findall(r"\b(\w) = (−?\d+)", first) if name in "wxb"}
    s = gs.stepper("f = (w*x + b)**2", **given, update="w, b", rate=0.5, rule="momentum(mu=0.5)")
    answers = {
        n: read(v.replace(",", ".")) for n, v in re.findall(r"\b([wb]) ← (−?[\d.,]+)\b", key)
    }
    assert answers == s.update.weights
    assert not re.search(r"\b[wb] ← −?\d", sheet)


@pytest.mark.parametrize("name", ["update", "rate", "rule"])
def test_the_fences_of_a_deck_say_what_is_updated(name, tmp_path, capsys):
    value = {"update": "w", "rate": "0.1", "rule": "adam"}[name]
    (tmp_path / "deck.md").write_text("```graphstep w=1 x=2\nf = w*x\n```\n", encoding="utf-8")
    assert main(["exercise", str(tmp_path / "deck.md"), f"--{name}", value]) == 1
    assert f"put --{name} into the first line of the fence" in capsys.readouterr().err
