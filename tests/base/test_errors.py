"""Every error has an example that was run; on the command line it is one message, never a traceback."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import errortable
import pytest
from readme import ROOT

import graphstep as gs
from graphstep import markdown
from graphstep.base.words import sentences
from graphstep.cli import main as cli

ROWS = [
    (key, form, text)
    for theme in errortable.EXAMPLES.values()
    for key, example in theme.items()
    for form, text in example.items()
]


def keys():
    words = tomllib.loads(
        (ROOT / "graphstep" / "base" / "words" / "en.toml").read_text(encoding="utf-8")
    )
    errors = words["error"]
    shapes = errors.pop("shape")
    return {*errors, *(f"shape.{key}" for key in shapes)}


def test_every_error_has_an_example():
    shown = [key for key, *_ in ROWS]
    assert len(shown) == len(set(shown))
    assert {*shown, *errortable.PARTS, *errortable.INSTEAD} == keys()
    assert not set(shown) & {*errortable.PARTS, *errortable.INSTEAD}
    assert set(errortable.PRETENDED) <= set(shown)


@pytest.mark.parametrize("part", [*errortable.PARTS, *errortable.INSTEAD])
def test_parts_of_messages_are_seen(part):
    """What is no message by itself stands in the one that is named for it."""
    usual = (row for row in ROWS if row[0] == errortable.PARTS[part])
    whole = errortable.INSTEAD.get(part) or next(usual)
    for lang, message in errortable.messages(*whole).items():
        words = re.split(r"\{.*?\}", sentences(lang)[f"error.{part}"])
        assert re.search(".+".join(map(re.escape, words)), message)


def test_the_page_of_errors_is_fresh():
    assert errortable.TARGET.read_text(encoding="utf-8") == errortable.page(), "make pictures"


@pytest.mark.parametrize(("key", "form", "text"), ROWS, ids=[key for key, *_ in ROWS])
def test_messages_read_well(key, form, text):
    """One sentence or more in each language, and carets, if any, under the place that is named."""
    for lang, message in errortable.messages(key, form, text).items():
        first, *excerpt = message.splitlines()
        assert first.endswith(".")
        assert not re.search(r"  |\.\.$| object at |Error\(|Path\(", first)
        assert lang != "ru" or re.search("[а-яё]{3}", first)
        if not excerpt:
            continue
        line, carets = excerpt
        assert re.fullmatch(r" {4,}\^+", carets)
        assert len(carets) <= len(line) + 1
        if form == "deck":
            row, column = map(int, re.findall(r"\d+", first)[:2])
            named = errortable.FILES.get(first.partition(",")[0], text.encode())
            assert named.decode().splitlines()[row - 1] == line[4:]
            assert carets.index("^") == 3 + column


# --- the command line, on bad input


EXPRESSION = ["f = x * y", "x=2", "y=3"]
NAMES = {
    "binary.md": bytes(range(256)),
    "empty.md": b"",
    "latin.md": "# Äpfel\n".encode("latin-1"),
    "strange.md": b"# a\0b\n\n```graphstep x=1\nf = x\0\n```\n",
    "deep.md": b"---\ntitle: " + b"[" * 5000 + b"\n---\n",
    "braces.md": b"# A\n\n$" + b"{" * 3000 + b"x" + b"}" * 3000 + b"$\n",
    "empty.npy": b"",
    "text.npy": b"1 2 3",
    "huge.npy": b"\x93NUMPY\x01\x00v\x00"
    + b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }".ljust(117)
    + b"\n",
    "object.npy": b"\x93NUMPY\x01\x00v\x00"
    + b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117)
    + b"\n\x80\x04N.",
    "short.md": b"```graphstep x=2 y=3\nf = x * y\n```\n",
}
DIGITS = "9" * 5000  # more than Python makes a number of
BAD = [
    [""], ["@"], ["@none"], ["@folder"], ["@binary.md"], ["@latin.md"], ["@loop"], ["@" + "a" * 300], ["\x1b[31m"],
    ["\udcff"], ["f = x", "\udcff=1"],
    *(["f = sum(x)", f"x={given}"] for given in (
        "", "@", "@none.npy", "@folder", "@loop", "@empty.npy", "@text.npy", "@huge.npy", "@object.npy", "@binary.md",
        "1e999", DIGITS, "[1e999]", f"randn({DIGITS})", "randn(9999999999999999999999)", "[" * 50 + "]" * 50, "0x10",
        "ones(1,1,1,1,1,1,1,1,1)", "\udcff")),
    *([f"f = sum({call})", "x=[[1, 2], [3, 4]]"] for call in (
        f"x[{DIGITS}]", "x[1e300]", "sum(x, axis=1e300)", "reshape(x, 1e300)", "maxpool2d(x, 1e300)", "flatten(x, 1e300)",
        "conv2d(x, x, 1, 1e300)", "conv2d(x, x, 1, 1e9)", "conv2d(x, x, 1e9, 1e9)", "dropout(x, 0.5, 1e300)")),
    *([*EXPRESSION, *options] for options in (
        ["--seed", "-1"], ["--seed", DIGITS], ["--by", "x"], ["--steps", "9"], ["--expand", "x"], ["--digits", "-1"], ["--lang", ""], ["--palette", "\udcff\x1b[1m"], ["--engine", ""],
        ["--theme", "x"])),
    *([*EXPRESSION, "-o", path] for path in (
        "", "/", "folder", "folder/.", "..", "/proc/x.svg", "f" * 300 + ".svg", "short.md/f.svg", "loop/f.svg", "f",
        "{n}.html", "{n:0999}.svg", "{n}/{m}.svg", "/dev/null")),
    *([command, file] for command in ("deck", "exercise") for file in (
        "none.md", "folder.md", "binary.md", "latin.md", "empty.md", "strange.md", "deep.md", "", "loop.md")),
    ["deck", "/"], ["deck", "braces.md"],
    *(["deck", "short.md", *options] for options in (
        ["-o", "f.bmp"], ["-o", "/proc/f.html"], ["-o", "folder.md"], ["-o", "short.md"], ["--lang", "x"], ["--theme", "x"],
        ["--handout", "-o", "f.html"], ["-o", ""])),
    *(["exercise", *EXPRESSION, *options] for options in (
        ["-n", "0"], ["-n", "1001"], ["--seed", "-1"], ["-o", ""], ["-o", "folder"], ["-o", "/proc/f.pdf"], ["--key", ""],
        ["--only", ""], ["--only", "1,,2"], ["--only", DIGITS], ["--dask", ""], ["--jobs", "-5"], ["--lang", ""])),
    ["exercise", "f = x * y"], ["exercise", "f = x * y", "x=[[1, 2], [3, 4]]", "y=2"],
    *(["gates", *options] for options in (
        ["x"], ["--plot", ""], ["--plot", "/proc/f.svg"], ["--plot", "folder"], ["--plot", "f.svg", "--lang", "x"])),
    ["formats", "x"], ["formats", "--lang", "x"],
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, content in NAMES.items():
        (tmp_path / name).write_bytes(content)
    for name in ("folder", "folder.md"):
        (tmp_path / name).mkdir()
    for name in ("loop", "loop.md"):
        (tmp_path / name).symlink_to(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("args", BAD, ids=[" ".join(args).encode("unicode_escape").decode()[:60] for args in BAD])  # fmt: skip
def test_bad_input_is_one_message(folder, capsys, args):
    before = sorted(folder.iterdir())
    assert cli.main(args) == cli.BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    first, *excerpt = err.removesuffix("\n").split("\n")
    assert re.match(r"graphstep: .{10,}\.$", first)
    assert len(excerpt) in (0, 2)
    assert "\x1b" not in first
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("args", [[], ["--nope"], [*EXPRESSION, "-o"], [*EXPRESSION, "--by"], ["deck"], ["deck", "a", "b"],
                                  ["exercise"], ["formats", "--nope"], [*EXPRESSION, "--seed"]])  # fmt: skip
def test_bad_usage_is_told_with_the_way_to_the_help(capsys, args):
    with pytest.raises(SystemExit) as left:
        cli.main(args)
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    told, way = err.splitlines()
    assert told.startswith("graphstep")
    assert re.fullmatch(r"Try graphstep( deck| exercise)? --help\.", way)


def run(*args, **streams):
    """Run the command as users do, whose Python keeps output until there is enough of it."""
    program = Path(sys.executable).with_name("graphstep")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run([program, *args], check=False, env=env, **streams)


SAYING = [["--help"], ["deck", "--help"], ["gates"], ["formats"], EXPRESSION]


@pytest.mark.parametrize("args", SAYING)
def test_a_reader_that_has_seen_enough(args):
    reads, writes = os.pipe()
    os.close(reads)
    done = run(*args, stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("args", SAYING)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_behind_the_output(args):
    with open("/dev/full", "wb") as full:
        done = run(*args, stdout=full, stderr=subprocess.PIPE)
    assert b"Traceback" not in done.stderr
    if args[-1] != "--help" or args == ["--help"]:
        assert (done.returncode, done.stderr) == (1, b"graphstep: No space left on device\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("args", ["--help", "gates", "'f = x * y' x=2 y=3", "'f = x^2' x=1", "-"])
def test_closed_streams(closed, args):
    program = Path(sys.executable).with_name("graphstep")
    done = subprocess.run(
        ["sh", "-c", f"{program} {args} {closed}"], capture_output=True, check=False
    )
    assert done.returncode == (1 if args in ("'f = x^2' x=1", "-") else 0)
    assert b"Traceback" not in done.stderr
    assert b"graphstep: " not in done.stdout


LONG = 3_000_000


@pytest.mark.parametrize(
    "failing",
    [
        lambda: gs.parse("x" * LONG + "(x)"),
        lambda: gs.parse("f = x\nf = " + "9" * 3_000_000),
        lambda: gs.parse("f = x * y").forward({"x" * LONG: 1}),
        lambda: gs.stepper("f = x", x="1" * LONG),
        lambda: gs.stepper("f = x", x=10**1_000_000),
        lambda: gs.stepper("f = x", x=1, lang="e" * LONG),
        lambda: gs.stepper("f = x", x=1, by=["a"] * LONG),
        lambda: gs.stepper("f = x", x=1).save("a" * LONG),
        lambda: gs.stepper("f = x", x=1).save("a" * LONG + ".svg"),
        lambda: gs.gate(lambda x: x, name="-" * LONG),
        lambda: markdown.read("# a\n\n![](" + "a" * 1_000_000 + ".png)"),
        lambda: markdown.read("---\n" + "a" * 1_000_000 + ": b\n---\n"),
        lambda: markdown.read("::: " + "a" * 1_000_000 + "\n:::\n"),
        lambda: markdown.read("# a\n\n$\\" + "a" * 100_000 + "$"),
    ],
)
def test_long_texts_are_cut_in_messages(failing):
    with pytest.raises(gs.GraphstepError) as caught:
        failing()
    for lang in ("en", "ru"):
        assert 10 < len(caught.value.message(lang)) < 5000
