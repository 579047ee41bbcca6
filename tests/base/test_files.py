"""Writing files: all or nothing, with modes kept and bad paths refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import EXAMPLE, run

import graphstep as gs
from graphstep.base.files import check_writable, write_all


def test_both_files_or_none(tmp_path):
    Path(tmp_path, "a").write_text("old")
    Path(tmp_path, "folder").mkdir()
    with pytest.raises(gs.GraphstepError, match="folder"):
        write_all([(tmp_path / "a", "new"), (tmp_path / "folder", "new")])
    assert Path(tmp_path, "a").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(gs.GraphstepError, match="folder"):
        check_writable(tmp_path / "folder")
    with pytest.raises(gs.GraphstepError, match="Not a directory"):
        check_writable(tmp_path / "a" / "b.pdf")
    check_writable(tmp_path / "new" / "b.pdf")
    assert not Path(tmp_path, "new").exists()


def test_a_failed_write_keeps_the_old_file(capsys, tmp_path, monkeypatch):
    target = tmp_path / "f.svg"
    target.write_text("old")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    status, _, err = run(capsys, *EXAMPLE, "-o", str(target))
    assert status == 1
    assert "No space left" in err
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["f.svg"]


def test_an_existing_file_keeps_its_mode(tmp_path):
    target = tmp_path / "f.txt"
    target.write_text("old")
    target.chmod(0o640)
    gs.stepper("x*x", x=1).save(target)
    assert target.stat().st_mode & 0o777 == 0o640
    fresh = gs.stepper("x*x", x=1).save(tmp_path / "g.txt")[0]
    beside = tmp_path / "plain"
    beside.touch()
    assert fresh.stat().st_mode == beside.stat().st_mode


def test_text_that_utf8_cannot_carry(capsys, tmp_path):
    target = tmp_path / "f.txt"
    assert run(capsys, "f = x # \udcff", "x=1", "-o", str(target))[0] == 0
    assert r"\udcff" in target.read_text(encoding="utf-8")


def test_bad_paths_in_python():
    s = gs.stepper("x*x", x=1)
    for bad in (5, b"x.svg", "", None):
        with pytest.raises(gs.GraphstepError):
            s.save(bad)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else"
)
def test_a_folder_of_somebody_else(tmp_path):
    """A folder without permission to write is an error before the work, and stays as it was."""
    code = """if True:
        import os, sys
        from graphstep.cli.main import main
        os.chdir(sys.argv[1])
        found = [["f = x * y", "x=2", "y=3", "-o", "a/f.svg"], ["exercise", "f = x * y", "x=2", "y=3", "-o", "a/f.pdf"],
                 ["deck", "a/talk.md"], ["gates", "--plot", "a/f.svg"]]
        assert [main(args) for args in found] == [0, 0, 0, 0]
        os.setuid(65534)
        assert [main([part.replace("a/", "b/") for part in args]) for args in found] == [1, 1, 1, 1]
    """
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "talk.md").write_bytes(b"```graphstep x=2 y=3\nf = x * y\n```\n")
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("Permission denied")) == (0, 4), done.stderr
    assert [p.name for p in (tmp_path / "b").iterdir()] == ["talk.md"]
