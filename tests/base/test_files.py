"""Writing files: all or nothing, as cp does it; modes stay, and bad paths are refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from command_line import EXAMPLE, run

import graphstep as gs
from graphstep.base.files import check_writable, read, read_text, write, write_all


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


# --- what is there already


def test_a_symbolic_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "f.txt", tmp_path / "f.txt"
    real.write_text("old")
    link.symlink_to("real/f.txt")
    write(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    dangling = tmp_path / "g.txt"
    dangling.symlink_to("real/g.txt")
    check_writable(dangling)
    write(dangling, "new")
    assert dangling.is_symlink()
    assert (tmp_path / "real" / "g.txt").read_text() == "new"
    assert sorted(p.name for p in (tmp_path / "real").iterdir()) == ["f.txt", "g.txt"]


def test_links_in_a_circle_are_refused(tmp_path):
    for name, other in ("ab", "ba"):
        (tmp_path / name).symlink_to(other)
    for attempt in (check_writable, lambda path: write(path, "new")):
        with pytest.raises(gs.GraphstepError, match="symbolic links"):
            attempt(tmp_path / "a")


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "f.svg"
    os.mkfifo(pipe)
    check_writable(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        write_all([(tmp_path / "g.svg", "other"), (pipe, "through the pipe")])
        assert reader.stdout.read() == b"through the pipe"
    assert pipe.is_fifo()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f.svg", "g.svg"]


TO_STANDARD_OUTPUT = (
    "import sys; from graphstep.base.files import write; write(sys.argv[1], 'first'); print('last')"
)


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no devices")
def test_standard_output_and_devices_are_written_to(tmp_path):
    link = tmp_path / "f.svg"
    link.symlink_to("/dev/stdout")
    for path in ("/dev/stdout", link):
        done = subprocess.run([sys.executable, "-c", TO_STANDARD_OUTPUT, path], capture_output=True, text=True, check=True)  # fmt: skip
        assert done.stdout == "firstlast\n"
    write("/dev/null", "nothing")
    assert Path("/dev/null").is_char_device()


def test_a_full_device_is_told():
    with pytest.raises(gs.GraphstepError, match="Cannot write /dev/full: No space left on device"):
        write("/dev/full", "new")


FULL = """
mount -t tmpfs -o size=64k none "$1" && cd "$1"
echo old > f.svg; echo old > f.pdf; head -c 100000 /dev/zero > fill 2> /dev/null
export TMPDIR="$1"
for path in f.svg f.pdf; do
    "$2" -c 'from graphstep.cli.main import main; raise SystemExit(main())' "f = x * y" x=1 y=2 -o $path
    echo "$? $(cat $path)"
done
rm fill; ls -A
"""


def as_root_on_linux():
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("unshare")


@pytest.mark.skipif(not as_root_on_linux(), reason="only root can mount a small disk")
def test_a_full_disk_is_told_and_the_old_files_stay(tmp_path):
    done = subprocess.run(["unshare", "-m", "sh", "-c", FULL, "sh", tmp_path, sys.executable],
                          capture_output=True, text=True, check=False)  # fmt: skip
    if "mount" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.stderr.count("No space left on device") == 2, done.stderr
    shown = done.stdout.splitlines()
    assert shown[:2] == ["1 old", "1 old"]
    assert shown[2:] == ["f.pdf", "f.svg"]


SOMEBODY = """
import os, sys
from graphstep.base.errors import OutputError
from graphstep.base.files import check_writable, write
str(OutputError("cannot_write", path="", reason=""))  # loads the sentences
os.setgroups([])
os.setuid(65534)
for attempt in (check_writable, lambda path: write(path, "new")):
    try:
        attempt(sys.argv[1])
    except OutputError as error:
        print(error)
"""


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else"
)
def test_a_read_only_file_is_refused(tmp_path):
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    target = tmp_path / "f.svg"
    target.write_text("old")
    target.chmod(0o444)
    os.chown(target, 65534, 65534)
    done = subprocess.run([sys.executable, "-c", SOMEBODY, target], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout == f"Cannot write {target}: Permission denied.\n" * 2, done.stderr
    assert target.read_text() == "old"
    write(target, "new")  # root may, and the owner and the mode stay
    assert (target.stat().st_uid, target.stat().st_mode & 0o777) == (65534, 0o444)


@pytest.mark.parametrize("mode", [0o600, 0o666, 0o777])
def test_the_mode_stays_whatever_the_umask(mode, tmp_path):
    target = tmp_path / "f.txt"
    target.write_text("old")
    target.chmod(mode)
    old = os.umask(0o077)
    try:
        write(target, "new")
    finally:
        os.umask(old)
    assert target.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("name", ["n" * 251, "ж" * 125 + "n"])
def test_a_name_as_long_as_the_file_system_allows(name, tmp_path):
    target = tmp_path / f"{name}.svg"
    check_writable(target)
    write(target, "new")
    write(target, "newer")
    assert target.read_text() == "newer"
    for attempt in (check_writable, lambda path: write(path, "new")):
        with pytest.raises(gs.GraphstepError, match="File name too long"):
            attempt(tmp_path / f"n{name}.svg")
    assert list(tmp_path.iterdir()) == [target]


def test_folders_without_nameless_files(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "O_TMPFILE", 0, raising=False)
    (tmp_path / "f.txt").write_text("old")
    (tmp_path / "f.txt").chmod(0o640)
    write_all([(tmp_path / "f.txt", "new"), (tmp_path / "g.txt", "new")])
    assert (tmp_path / "f.txt").read_text() == "new"
    assert (tmp_path / "f.txt").stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f.txt", "g.txt"]


KILLS = """
import os, signal, sys, time
from graphstep.base.files import write, write_all
SIZE, given, parent = 1_000_000, sys.argv[1:], os.getpid()
for k in range(100):
    reader, writer = os.pipe()
    child, n = os.fork(), 0
    while not child:
        {written}
        os.write(writer, b".")
        n += 1
        if os.getppid() != parent:
            os._exit(0)  # the tests were ended
    os.read(reader, 1)
    time.sleep(0.0002 * k)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)
    {looked_at}
"""
REPLACED = KILLS.format(
    written="write_all([(path, 'ab'[n % 2] * SIZE) for path in given])",
    looked_at="texts = [open(path, 'rb').read() for path in given]; "
    "assert all(len(text) == SIZE and len(set(text)) == 1 for text in texts)",
)
FRESH = KILLS.format(
    written="write(f'{given[0]}/{k}-{n}.svg', 'a' * SIZE)",
    looked_at="paths = [*os.scandir(given[0])]; "
    "assert all(p.name.endswith('.svg') and p.stat().st_size == SIZE for p in paths), paths",
)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, a kill leaves the new file")
def test_a_hundred_kills_tear_no_file_and_seldom_leave_a_second_whole_one(tmp_path):
    """The process is killed while it does nothing but replace; each kill comes at another moment."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        paths = [Path(folder, "f.svg"), Path(folder, "g.svg")]
        done = subprocess.run([sys.executable, "-c", REPLACED, *paths], stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
        left = [path for path in Path(folder).iterdir() if path not in paths]
        assert len(left) <= 5, left  # at the instant between its name and its place, a whole one
        assert all(path.stat().st_size == 1_000_000 for path in left)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, a kill leaves the new file")
def test_a_hundred_kills_leave_nothing_where_nothing_was(tmp_path):
    """Each file is new: it has no name, and then its own."""
    done = subprocess.run([sys.executable, "-c", FRESH, tmp_path], stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no /dev/zero")
def test_what_is_read_is_bounded(tmp_path):
    large, pipe = tmp_path / "large", tmp_path / "pipe"
    with open(large, "wb") as file:
        file.truncate(10**12)  # sparse
    os.mkfifo(pipe)
    for path, why in (
        (large, "too large"),
        (pipe, "a pipe or a device"),
        ("/dev/zero", "a pipe or a device"),
        (tmp_path, "directory"),
    ):
        with pytest.raises(OSError, match=why):
            read(path, 1000)
    with pytest.raises(OSError, match="too large"):
        read_text("/dev/zero", 1000)
    write(tmp_path / "text", b"\xef\xbb\xbfa\r\nb\rc")
    assert read_text(tmp_path / "text", 10) == "a\nb\nc"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no /dev/zero")
def test_devices_and_pipes_as_inputs_are_refused(capsys, tmp_path):
    os.mkfifo(tmp_path / "pipe.npy")
    for arguments in (["@/dev/zero"], ["f = sum(x)", "x=@/dev/zero"], ["f = sum(x)", f"x=@{tmp_path}/pipe.npy"],
                      ["deck", "/dev/zero", "-o", str(tmp_path / "f.html")]):  # fmt: skip
        status, _, err = run(capsys, *arguments)
        assert status == 1
        assert err.startswith("graphstep: ")
        assert len(err) < 300
