"""Typst: long pages can be interrupted, nothing temporary stays, and forked processes finish."""

import os
import signal
import subprocess
import sys
import time

import pytest

import graphstep as gs
from graphstep.look import typst

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and forks of POSIX")

SLOW = """
import signal
import sys
from graphstep.cli import main
from graphstep.look import typst

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is ignored

def command(args):
    print("ready", flush=True)
    typst.typeset("#for i in range(30000) { for j in range(30000) { let k = i * j } }")

main._command = command
sys.exit(main.main(["slow"]))
"""


@POSIX
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interruption_does_not_wait_for_the_page_and_leaves_nothing(number, status, tmp_path):
    where = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, env=where) as process:  # fmt: skip
        assert process.stdout.readline() == b"ready\n"
        end = time.monotonic() + 30
        while not list(tmp_path.iterdir()) and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
        assert list(tmp_path.iterdir())
        process.send_signal(number)
        try:
            assert process.wait(10) == status
        finally:
            process.kill()
    assert list(tmp_path.iterdir()) == []


FORKED = """
import multiprocessing, os, sys, warnings
from pathlib import Path
import graphstep as gs
from graphstep.look.typst import typeset

warnings.simplefilter("ignore")  # forking processes with threads is what is tested
folder, endings = Path(sys.argv[1]), (".svg", ".png", ".pdf", ".pptx")

def save(name):
    for ending in endings:
        gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4).save(folder / f"{name}{ending}")

def fault(_):
    try:
        typeset("#nonsense")
    except gs.GraphstepError as error:
        return error.key

save("parent")
child = os.fork()
if not child:
    save("child")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
with multiprocessing.get_context("fork").Pool(2) as pool:
    pool.map(save, ["a", "b"])
    print(pool.map(fault, [0]))
for name in ("child", "a", "b"):
    for ending in endings:
        assert (folder / f"{name}{ending}").read_bytes() == (folder / f"parent{ending}").read_bytes(), (name, ending)
"""


@POSIX
def test_forked_processes_write_the_same_files(tmp_path):
    """Typst's threads are not copied by a fork; a child that waited for them would never end."""
    done = subprocess.run([sys.executable, "-c", FORKED, tmp_path], capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == "['typst_failed']\n"


@pytest.mark.parametrize("task", [
    lambda source: typst.typeset(source), lambda source: typst.document_metadata(source, "size", {}),
])  # fmt: skip
def test_what_typst_says_is_one_typed_error(task):
    with pytest.raises(gs.GraphstepError, match="unknown variable: missing") as caught:
        task("#missing")
    assert caught.value.key == "typst_failed"
