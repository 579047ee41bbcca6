"""What the documents show was run; what is generated is fresh; commands of the README work."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import gatetable  # noqa: E402
import pictures  # noqa: E402

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", pictures.pictures())
def test_pictures_are_fresh(name):
    fresh = pictures.pictures()[name]
    assert (ROOT / name).read_text(encoding="utf-8") == fresh, "make pictures"


def test_the_gate_table_is_fresh():
    assert gatetable.TARGET.read_text(encoding="utf-8") == gatetable.page(), "make pictures"


@pytest.mark.parametrize("path", DOCUMENTS, ids=[p.name for p in DOCUMENTS])
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    for link in (link for link in links if not link.startswith("http")):
        assert (path.parent / link).exists(), link


def commands():
    """(command, expected output or None) of each line after a `$` in the README."""
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("graphstep"):
                yield command.split("  #")[0].strip(), output or None


@pytest.mark.parametrize(("command", "output"), list(commands()))
def test_commands_of_the_readme(tmp_path, command, output):
    (tmp_path / "model.txt").write_text("f = x * 2")
    program, *args = shlex.split(command)
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *args],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if output:
        assert done.stdout == output.rstrip("\n") + "\n"
    if "-o" in args:
        assert [*tmp_path.glob("*.svg"), *tmp_path.glob("*.html")]


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
