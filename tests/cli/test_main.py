"""The command line as a user runs it."""

import io
import os
import pickle
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from command_line import EXAMPLE, run

import graphstep as gs
from graphstep.cli.help import help_text
from graphstep.cli.main import main
from graphstep.gates import GATES


def test_without_a_file_the_steps_are_printed(capsys):
    status, out, err = run(capsys, *EXAMPLE, "--by", "wire", "--forward")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["f = (x + y) * z", "x = −2, y = 5, z = −4"]
    assert " 0  The inputs are given: x = −2, y = 5, z = −4." in lines
    assert " 4  Multiply gate, input z: local = x + y = 3." in lines
    assert lines[-5].split() == ["x", "x", "+", "y", "−2", "1", "−4", "−4"]


@pytest.mark.parametrize("name", ["f.svg", "f.txt", "f.dot", "deep/er/f.SVG"])
def test_formats_by_ending(capsys, tmp_path, name):
    target = tmp_path / name
    status, out, _ = run(capsys, *EXAMPLE, "-o", str(target))
    assert (status, out) == (0, f"{target}\n")
    start = {"svg": "<svg", "txt": "f =", "dot": "digraph"}[name[-3:].lower()]
    assert target.read_text(encoding="utf-8").startswith(start)


def test_several_files_of_one_figure(capsys, tmp_path):
    svg, text, wrong = (str(tmp_path / name) for name in ("f.svg", "f.txt", "f.wrong"))
    status, _, err = run(capsys, *EXAMPLE, "-o", svg, "-o", wrong)
    assert status == 1
    assert "f.wrong" in err
    assert not list(tmp_path.iterdir())
    status, out, _ = run(capsys, *EXAMPLE, "-o", svg, "-o", text)
    assert status == 0
    assert out.split() == [svg, text]
    assert {path.name for path in tmp_path.iterdir()} == {"f.svg", "f.txt"}


def test_one_file_a_frame(capsys, tmp_path):
    pattern = str(tmp_path / "new" / "{n:02}.svg")
    status, out, _ = run(capsys, *EXAMPLE, "-o", pattern)
    assert status == 0
    files = sorted((tmp_path / "new").iterdir())
    assert [f.name for f in files] == ["00.svg", "01.svg", "02.svg", "03.svg"]
    s = gs.stepper(EXAMPLE[0], x=-2, y=5, z=-4)
    assert [f.read_text(encoding="utf-8") for f in files] == [frame.svg() for frame in s]
    assert out.startswith(str(files[0]))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("f.bmp", "known endings: .svg .html .dot .txt"),
        ("f", "known endings"),
        ("{n}.txt", "one picture a frame"),
        ("{m}.svg", "not a file name pattern"),
        ("{n.real.__class__}.svg", "not a file name pattern"),
        ("{n:q}.svg", "not a file name pattern"),
        ("{n:.0f}{.svg", "not a file name pattern"),
        ("{{n}}.svg", "not a file name pattern"),
        ("{n:300000000}.svg", "not a file name pattern"),
        ("a\0.svg", "Cannot write"),
        ("taken/f.svg", "Cannot write"),
        ("folder.svg", "Cannot write"),
    ],
)
def test_bad_outputs_leave_everything_as_it_was(capsys, tmp_path, name, words):
    (tmp_path / "taken").write_text("a file, not a folder")
    (tmp_path / "folder.svg").mkdir()
    status, out, err = run(capsys, *EXAMPLE, "-o", str(tmp_path / name))
    assert (status, out) == (1, "")
    assert words in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.svg", "taken"]


def test_expression_from_a_file_or_standard_input(capsys, tmp_path, monkeypatch):
    model = tmp_path / "model.txt"
    model.write_text("\ufeffq = x + y  # sum\nf = q * z\n", encoding="utf-8")
    assert "f = −12" in run(capsys, f"@{model}", *EXAMPLE[1:])[1]
    monkeypatch.setattr(sys, "stdin", io.StringIO("f = x*y"))
    assert "f = 6" in run(capsys, "-", "x=2", "y=3")[1]
    status, _, err = run(capsys, f"@{tmp_path}/none.txt")
    assert status == 1
    assert "Cannot read" in err
    model.write_bytes(b"\xff\xfe\x00")
    assert run(capsys, f"@{model}")[0] == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["f = x^2", "x=1"], "line 1, column 5"),
        (["f = x*y", "x=1"], "No value is given for y"),
        (["f = x", "x=1", "zz=2"], "There is no input zz"),
        (["f = x", "x"], "Write name=number"),
        (["f = x", "=2"], "Write name=number"),
        (["f = x", "x=two"], "must be a number, a list"),
        (["f = x", "x=nan"], "must be a finite number"),
        (["f = x", "x=1", "x=2"], "given twice"),
        (["f = x", "x=1", "--palette", "pink"], "can be: default, cs231n"),
        (["f = x", "x=1", "--digits", "99"], "from 0 to 15"),
        (["f = x", "x=1", "-o", ""], "not the name of a file"),
        (["f = x", "x=1", "--engine", "foo"], "can be: embedded, dot"),
        (["f = x", "x=1", "--engine", "neato", "-o", "f.svg"], "can be: embedded, dot"),
    ],
)
def test_bad_input_is_status_1_on_standard_error(capsys, tmp_path, monkeypatch, args, words):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, *args)
    assert (status, out) == (1, "")
    assert words in err
    assert err.startswith("graphstep: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["f = x", "x=1", "--by"],
        ["f = x", "--nope"],
        ["x", "--digits"],
        ["x", "-o"],
    ],
)
def test_bad_usage_is_status_2(capsys, args):
    status, out, err = run(capsys, *args)
    assert (status, out) == (2, "")
    assert "Try graphstep --help." in err


def test_an_expression_that_begins_with_a_minus(capsys):
    status, out, err = run(capsys, "--digits", "1", "--", "-x*y", "x=2", "y=3")
    assert (status, err) == (0, "")
    assert "f = −6.0" in out


def test_options_between_inputs(capsys, tmp_path):
    target = tmp_path / "f.txt"
    assert run(capsys, "x*y", "x=2", "-o", str(target), "y=−3")[0] == 0
    assert "−6" in target.read_text()


def test_digits_and_constants(capsys):
    assert "f = 0.3333" in run(capsys, "f = x/3", "x=1", "--digits", "4")[1]
    assert "\n3 " in run(capsys, "f = x/3", "x=1", "--constants", "nodes")[1]


def test_palette_and_theme(capsys, tmp_path):
    target = tmp_path / "f.svg"
    run(capsys, *EXAMPLE, "-o", str(target), "--palette", "cs231n", "--theme", "light")
    svg = target.read_text()
    assert "#0b7a0b" in svg
    assert "prefers-color-scheme" not in svg


def test_check(capsys):
    status, out, _ = run(capsys, *EXAMPLE, "--check")
    assert status == 0
    assert out.startswith("Numeric check: no gradient is wrong (7 compared")


def test_check_with_a_wrong_gate_is_status_1(capsys, monkeypatch):
    import dataclasses

    from graphstep.graph import parser

    wrong = dataclasses.replace(GATES["mul"], local=("x", "y"))
    monkeypatch.setattr(parser, "GATES", {**GATES, "mul": wrong})
    status, out, _ = run(capsys, *EXAMPLE, "--check")
    assert status == 1
    assert "WRONG: the local gradient of f with respect to its input 1" in out


def test_every_option_of_a_figure_is_one_of_the_command(capsys, tmp_path):
    status, out, _ = run(capsys, "f = 1/(1 + exp(-x))", "x=1", "--group", "--forward")
    assert (status, "Sigmoid gate" in out) == (0, True)
    status, out, _ = run(capsys, "f = sigmoid(x)", "x=1", "--expand", "sigmoid", "--by=wire")
    assert (status, "Exp gate" in out) == (0, True)
    status, out, _ = run(capsys, *EXAMPLE, "--steps", "1,last")
    assert status == 0
    assert [line[0] for line in out.split("\n\n")[1].splitlines() if line[0] != " "] == ["1", "3"]
    run(capsys, *EXAMPLE, "--steps", "0,2", "-o", str(tmp_path / "{n}.svg"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.svg", "2.svg"]
    assert "Multiply gate" in (tmp_path / "2.svg").read_text(encoding="utf-8")
    run(capsys, *EXAMPLE, "--steps", "2-", "-o", str(tmp_path / "f.html"))
    assert '"frame": 2' in (tmp_path / "f.html").read_text(encoding="utf-8").replace(":2", ": 2")
    for captions, told in (("yes", True), ("no", False)):
        run(capsys, *EXAMPLE, f"--captions={captions}", "-o", str(tmp_path / "f.tex"))
        text = (tmp_path / "f.tex").read_text(encoding="utf-8")
        assert (r"\gsaside{Multiply gate" in text) == told
    status, _, err = run(capsys, *EXAMPLE, "--steps", "9")
    assert (status, "There is no frame 9" in err) == (1, True)


def test_steps_and_sentences_by_name(capsys, tmp_path):
    named, numbered = (run(capsys, *EXAMPLE, "--steps", s) for s in ("forward,z,last", "0,2,3"))
    assert named == numbered
    run(capsys, *EXAMPLE, "--captions=z", "-o", str(tmp_path / "f.tex"))
    text = (tmp_path / "f.tex").read_text(encoding="utf-8")
    assert text.count(r"\gsaside{") == 1
    assert r"\gsaside{Multiply gate" in text
    for options, said in (
        (("--steps", "w"), "'w' names no frame"),
        (("--steps", "0", "--captions=last"), "Frame 3 is not among"),
    ):
        status, _, err = run(capsys, *EXAMPLE, *options)
        assert (status, said in err) == (1, True)


def test_help_names_every_option(capsys):
    from graphstep.cli.main import _parser

    options = [o for a in _parser()._actions for o in a.option_strings]
    assert all(option in help_text() for option in options)
    assert run(capsys, "--help") == (0, help_text(), "")
    assert run(capsys, "x", "--help") == (0, help_text(), "")
    mentioned = {
        word.strip(",").partition("=")[0]
        for word in help_text().split()
        if word.startswith("--") and word[2:3].isalpha()
    }
    assert mentioned <= set(options)
    assert run(capsys, "--version")[1] == f"graphstep {gs.__version__}\n"


def test_the_installed_command_and_a_terminal_without_unicode(tmp_path):
    command = Path(sys.executable).with_name("graphstep")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [command, *EXAMPLE], env=environment, capture_output=True, text=True, check=True
    )
    assert r"\u2202f/\u2202f = 1" in done.stdout
    done = subprocess.run(
        [sys.executable, "-m", "graphstep", "x^2"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_standard_streams_that_are_closed_or_full():
    shell = [("-m graphstep - <&-", 1), ("-m graphstep gates >/dev/full", 1)]
    for command, status in shell:
        done = subprocess.run(
            f'"{sys.executable}" {command}', shell=True, capture_output=True, text=True, check=False
        )
        assert done.returncode == status
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="closes streams as shells of POSIX do")
@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("'f = x * y' x=2 y=3 -o {n:02}.svg", ["00.svg", "01.svg", "02.svg"]),
        ("deck talk.md", ["talk.html"]),
        ("exercise 'f = x * y' x=2 y=3 -n 2 -o sheets.pdf", ["key.pdf", "sheets.pdf"]),
    ],
)
@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_files_are_written_with_closed_streams(command, files, closed, tmp_path):
    """Progress, warnings and native code have nowhere to write, least of all into the file."""
    (tmp_path / "talk.md").write_text("# A\n\n```graphstep x=2 y=3\nf = x * y\n```\n")
    line = f'"{sys.executable}" -m graphstep {command} {closed}'
    done = subprocess.run(line, shell=True, cwd=tmp_path, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*files, "talk.md"])
    for name in files:
        assert (tmp_path / name).read_bytes()[:4] in (b"<svg", b"<!do", b"<!DO", b"%PDF"), name


def test_a_reader_that_stops_early():
    command = f'"{sys.executable}" -m graphstep gates | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("gate ")
    assert "Traceback" not in done.stderr


def test_arrays_as_lists_files_and_random(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("w.npy", np.array([[0.1, 0.5], [-0.3, 0.8]]))
    expression, x = "f = l2(W @ x)", "x=[0.2, 0.4]"
    _, one, _ = run(capsys, expression, "W=[[0.1, 0.5],[-0.3, 0.8]]", x)
    _, two, _ = run(capsys, expression, "W=@w.npy", x)
    assert one == two
    assert "0.116" in one
    assert "[[0.088, 0.176], [0.104, 0.208]]" in one
    _, one, _ = run(capsys, expression, "W=randn(2, 2)", "x=rand(2)", "--seed", "5")
    _, two, _ = run(capsys, expression, "W=randn(2,2)", "x=rand( 2 , )", "--seed", "5")
    _, other, _ = run(capsys, expression, "W=randn(2, 2)", "x=rand(2)", "--seed", "6")
    assert one == two != other
    assert run(capsys, "f = sum(x + y)", "x=zeros(3)", "y=ones(3)")[0] == 0


class Harmful:
    def __reduce__(self):
        return Path.touch, (Path("harmed"),)


def test_pickles_are_never_loaded(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("bad.npy", np.array([Harmful()], dtype=object), allow_pickle=True)
    Path("raw.npy").write_bytes(pickle.dumps(Harmful()))
    for name in ("bad.npy", "raw.npy"):
        status, _, err = run(capsys, "f = sum(x)", f"x=@{name}")
        assert status == 1
        assert "Cannot read" in err
    assert not Path("harmed").exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("x=@missing.npy", "Cannot read missing.npy: No such file"),
        ("x=[1, [2]]", "equally long"),
        ("x=[1, z]", "x must be a number, a list such as [1, 2]"),
        ("x=randn(0)", "has no elements"),
        ("x=randn(100000, 100000)", "at most 10000000 are made here"),
        ("x=randint(3)", "must be a number, a list such as [1, 2]"),
        ("x=[1", "never closed"),
    ],
)
def test_arrays_that_are_none(capsys, given, says):
    status, _, err = run(capsys, "f = sum(x)", given)
    assert status == 1
    assert says in err


def test_activation_functions_are_plotted(capsys, tmp_path):
    target = tmp_path / "activations.svg"
    assert run(capsys, "gates", "--plot", str(target))[0] == 0
    root = ET.parse(target).getroot()
    drawn = [g.get("data-gate") for g in root.iter() if g.get("data-gate")]
    assert set(drawn) == {"sigmoid", "tanh", "relu", "leaky_relu", "maxout", "elu", "softplus",
                          "gelu", "silu", "mish", "hardtanh", "hardsigmoid"}  # fmt: skip
    assert run(capsys, "gates", "--plot", str(tmp_path / "a.png"))[0] == 1


def test_seeds_and_damaged_files(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given in ("x=randn(3)", "x=zeros(3)"):
        status, _, err = run(capsys, "f = sum(x)", given, "--seed", "-1")
        assert (status, "from 0 on" in err) == (1, True)
    np.save("w.npy", np.ones((2, 3)))
    data = Path("w.npy").read_bytes()
    Path("w.npy").write_bytes(data.replace(b"(2, 3)", b"(2, -3"))
    assert run(capsys, "f = sum(x)", "x=@w.npy")[0] == 1
    assert run(capsys, "f = sum(x)", f"x=ones({','.join(['1'] * 70)})")[0] == 1


@pytest.mark.parametrize("args", [["talk.md"], ["talk.md", "-o", "a.pdf"], ["decks", "talk.md"]])
def test_a_deck_without_the_command_is_told(capsys, args):
    assert main(args) == 1
    assert "graphstep deck talk.md" in capsys.readouterr().err
    assert main([*args, "--lang", "ru"]) == 1
    assert "Слайды из неё делает команда graphstep deck talk.md" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["exercise", "talk.txt"], ["talk.txt"], ["./a/net.ipynb"]])
def test_a_file_where_an_expression_should_be_is_told(capsys, tmp_path, monkeypatch, args):
    monkeypatch.chdir(tmp_path)
    assert main(args) == 1
    assert f"{args[-1]} is a file, not an expression." in capsys.readouterr().err
    assert main(["sum(W.T)", "W=[[1,2]]"]) == 0
