"""The built package: what is in it, and what it does in empty environments, with each extra."""

import os
import re
import shlex
import subprocess
import sys
import tarfile
import tomllib
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from readme import ROOT, commands, given

from graphstep.outputs import DECKS, FORMATS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("notebook", "slides", "cluster", "docs")  # those of users
NEEDED = (
    "py.typed", "look/data/widths.txt", "look/data/fonts/DejaVuSans.ttf", "look/data/fonts/STIXTwoMath.woff2",
    "exercises/static/sheets.typ", "base/words/en.toml", "base/words/ru.toml", "base/words/help.en.txt",
    "player/static/modules/page.js", "player/static/player.css", "player/static/modules/deck.js",
    "documents/static/deck.typ", "documents/static/frame.tex", "player/static/reveal/reveal.js",
)  # fmt: skip


def run(*command, **options):
    """What a program prints, on both streams. Fails with it where the program does."""
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel, made from the sdist as an index would, and the sdist."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--installer", "uv", "--outdir", out, ROOT)
    return next(out.glob("*.whl")), next(out.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def metadata(built):
    with ZipFile(built[0]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(wheel.read(name))


@pytest.fixture(scope="module")
def sources():
    """The files of the repository, without what git ignores and what begins with a dot."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository")
    told = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    return {name for name in told.splitlines() if name[0] != "." and (ROOT / name).exists()}


def test_an_index_would_take_it(built):
    run(sys.executable, "-m", "twine", "check", "--strict", *built)


def test_the_wheel_is_the_package_and_nothing_else(built, sources):
    names = {name for name in ZipFile(built[0]).namelist() if ".dist-info/" not in name}
    assert names == {name for name in sources if name.startswith("graphstep/")}
    assert {f"graphstep/{name}" for name in NEEDED} <= names


def test_the_sdist_is_the_repository(built, sources):
    with tarfile.open(built[1]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert names - {"PKG-INFO", ".gitignore"} == sources


def test_licences_are_shipped(built, metadata):
    told = metadata.get_all("License-File")
    linked = re.findall(r"\]\((.*?)\)", (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8"))
    assert {"LICENSE", "THIRD_PARTY.md"} <= set(told)
    assert {*linked} == {*told} - {"THIRD_PARTY.md"}
    with ZipFile(built[0]) as wheel:
        names = wheel.namelist()
        for name in told:
            (place,) = (n for n in names if n.endswith(f".dist-info/licenses/{name}"))
            assert wheel.read(place) == (ROOT / name).read_bytes()


def test_every_dependency_is_among_the_third_parties():
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    always, _, with_extra = text.partition("## Installed with an extra")
    extras: dict[str, list[str]] = {}
    for extra in EXTRAS:
        for name in map(required, PROJECT["optional-dependencies"][extra]):
            extras.setdefault(name, []).append(f"`{extra}`")
    rows = re.findall(r"^\| (\S+) \| .* \| (`.*`) \|$", with_extra, re.MULTILINE)
    assert {name: told.split(", ") for name, told in rows} == extras
    _, _, table = always.partition("## Installed with it")
    rows = re.findall(r"^\| ([\w-]+).* \|$", table, re.MULTILINE)
    assert set(rows) - {"package", "---"} == set(map(required, PROJECT["dependencies"]))
    reveal = (ROOT / "graphstep/player/static/reveal/README.md").read_text(encoding="utf-8")
    assert re.search(r"reveal\.js ([\d.]+)", reveal)[1] in always


def required(requirement):
    return re.match(r"[\w.-]+", requirement)[0]


# --- empty environments


@pytest.fixture(scope="module", params=["", "notebook", "slides", "slides,cluster", "docs"])
def environment(request, built, tmp_path_factory):
    """(its extras, its programs): nothing is in it but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    extras = f"[{request.param}]" if request.param else ""
    run("uv", "venv", "--python", sys.executable, folder, env=tools())
    run("uv", "pip", "install", "--python", folder, f"{built[0]}{extras}", env=tools())
    found = folder / ("Scripts" if os.name == "nt" else "bin")
    run("uv", "pip", "check", "--python", folder, env=tools())
    return set(request.param.split(",")) - {""}, found


def tools():
    """This environment's programs come first, and no other environment is meant."""
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | {
        "PATH": here
    }


def clean():
    """Nothing of the repository is found by the programs of an environment."""
    left_out = ("PYTHONPATH", "VIRTUAL_ENV", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}


def needs(args):
    """Whether the extra `slides` is needed: for Markdown, for sheets, and as the formats say."""
    endings = [path for flag, path in pairwise(args) if flag == "-o"]
    fits = [max((s for s in FORMATS if path.endswith(s)), key=len) for path in endings]
    return args[0] in ("deck", "exercise") or any(FORMATS[ending].extra for ending in fits)


def test_commands_of_the_readme(environment, tmp_path):
    """They work, or name the line that installs what they need; with the extra, those that do."""
    extras, programs = environment
    if extras - {"slides"}:
        return
    given(tmp_path)
    for command, output in commands():
        program, *args = shlex.split(command)
        if extras and not needs(args):
            continue
        done = subprocess.run(
            [programs / program, *args], cwd=tmp_path, env=clean(),
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if needs(args) and "slides" not in extras:
            assert (done.returncode, done.stdout) == (1, ""), command
            assert done.stderr.endswith("Install them: pip install 'graphstep[slides]'.\n"), command
            assert done.stderr.count("\n") == 1, command
            continue
        assert done.returncode == 0, done.stderr
        assert not output or done.stdout == output.rstrip("\n") + "\n"


EVERY_FORMAT = """
import sys
import graphstep as gs
from graphstep.base.errors import OutputError
from graphstep.outputs import FORMATS

assert "environment" in gs.__file__, gs.__file__
s = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4)
for ending, form in FORMATS.items():
    try:
        (path,) = s.save(f"f{ending}")
    except OutputError as error:
        assert form.extra and form.extra not in sys.argv[1:], (ending, error)
        assert str(error).startswith(f"{ending} needs ") and f"graphstep[{form.extra}]" in str(error)
    else:
        assert not form.extra or form.extra in sys.argv[1:], ending
        assert path.stat().st_size > 100
"""


def test_formats_need_what_the_table_says(environment, tmp_path):
    extras, programs = environment
    run(programs / "python", "-W", "error", "-c", EVERY_FORMAT, *extras, cwd=tmp_path, env=clean())


DECKS_IN_PYTHON = """
import graphstep as gs
from graphstep.formulas.tree import Name
from graphstep.outputs import save_deck
from graphstep.slides.deck import Deck, FigureBlock, Formula, Meta, Paragraph, Run, Slide

s = gs.stepper("f = x * y", x=2, y=3)
body = (Paragraph((Run("One gate, "), Formula(Name("x"), "x"))), FigureBlock(s, (0, 1, 2)))
deck = Deck(Meta("Title"), (Slide((Run("A product"),), body),))
for ending in {endings}:
    assert save_deck(deck, f"deck{{ending}}").stat().st_size > 1000
"""


def test_decks_made_in_python_need_what_the_table_says(environment, tmp_path):
    extras, programs = environment
    endings = [ending for ending, form in DECKS.items() if not form.extra or form.extra in extras]
    code = DECKS_IN_PYTHON.format(endings=endings)
    run(programs / "python", "-W", "error", "-c", code, cwd=tmp_path, env=clean())


def test_the_python_of_the_readme(environment, tmp_path):
    extras, programs = environment
    if extras:
        return
    code = (
        "import doctest, sys; sys.exit(doctest.testfile(sys.argv[1], False, optionflags=12).failed)"
    )
    run(programs / "python", "-c", code, ROOT / "README.md", cwd=tmp_path, env=clean())


OWN = {
    "notebook": "import graphstep as gs; w = gs.stepper('f = x * y', x=2, y=3).widget(); w.step = 1; print(w.step)",
    "cluster": """
from distributed import LocalCluster
from graphstep.exercises.workers import cluster
if __name__ == "__main__":
    with LocalCluster(1, processes=False, dashboard_address=None) as made, cluster(made.scheduler_address) as crew:
        print(sum(crew(abs, [-1, 2])) - 2)
""",
    "docs": """
from pathlib import Path
from sphinx.cmd.build import main
Path("conf.py").write_text("extensions = ['myst_parser', 'graphstep.sphinx']; html_theme = 'furo'", "utf-8")
Path("index.md").write_text("# Title\\n\\n```{graphstep} f = x * y\\n:inputs: x=2 y=3\\n```\\n", "utf-8")
assert main(["-q", "-W", ".", "built"]) == 0
print(Path("built/index.html").read_text("utf-8").count('class="gs-stage') and 1)
""",
}
"""What an extra is for, as a program that prints 1."""


@pytest.mark.parametrize("extra", OWN)
def test_extras_bring_what_they_promise(environment, tmp_path, extra):
    extras, programs = environment
    (tmp_path / "own.py").write_text(OWN[extra], encoding="utf-8")
    done = subprocess.run(
        [programs / "python", "own.py"], cwd=tmp_path, env=clean(),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if extra in extras:
        assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    elif extra == "notebook":
        assert done.stderr.endswith("Install them: pip install 'graphstep[notebook]'.\n")


# --- for those who work on it


def test_every_target_is_in_the_help():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert [
        line.split()[0]
        for line in run("make", "--no-print-directory", "help", cwd=ROOT).splitlines()
    ] == phony.split()


def test_what_contributors_are_told_is_there():
    made = "\n" + run("make", "--no-print-directory", "help", cwd=ROOT)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([\w-]+)", text):
        assert f"\n{target} " in made, target
    for path in re.findall(
        r"`((?:graphstep|tests|docs|tools|benchmarks|notebooks|examples)/[\w/.]*)`", text
    ):
        assert (ROOT / path).exists(), path
