"""Crews that give the same bytes, even if processes or workers are killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from exercise_graphs import order

import graphstep as gs
from graphstep.exercises import sheets, workers


def test_processes_give_the_same_bytes_even_if_one_is_killed():
    made = order("scalar", "norm")
    expected = sheets.copies(made, 12, workers.in_this_process)
    with workers.processes(2) as pool:

        def killing(function, items):
            for k, result in enumerate(pool(function, items)):
                if k == 3 and pool.lives == workers.LIVES:
                    os.kill(next(iter(pool.executor._processes)), signal.SIGKILL)
                yield result

        assert sheets.copies(made, 12, killing) == expected


def test_processes_that_always_die_are_an_error():
    with workers.processes(1) as pool, pytest.raises(gs.GraphstepError, match="--jobs 1"):
        list(pool(os._exit, [1, 1]))


CLUSTER = """
import os, signal, sys
from graphstep.exercises import workers, sheets
from graphstep.exercises.assignment import Assignment, make_question
from graphstep.figure.options import complete

address, victim = sys.argv[1], int(sys.argv[2])
asked = make_question("q = W @ x; f = l2(q)", {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}, complete())
order = Assignment((asked,), 7)
killed = []
with workers.cluster(address) as found:

    def run(function, items):
        for k, result in enumerate(found(function, items)):
            if k == 3 and not killed:
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)
            yield result

    spread = sheets.copies(order, 24, run)
    (left,) = found.client.scheduler_info()["workers"].values()
assert killed
assert left["name"] == "b", left["name"]
assert spread == sheets.copies(order, 24, workers.in_this_process)
print("the same")
"""


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, each a process."""
    dask = Path(sys.executable).with_name("dask")
    log = open(tmp_path / "log", "w")  # noqa: SIM115
    started = []

    def start(*args):
        started.append(subprocess.Popen([dask, *args], stdout=log, stderr=log, cwd=tmp_path))
        return started[-1]

    told = tmp_path / "scheduler.json"
    start(
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--no-show",
        "--scheduler-file",
        told,
    )
    end = time.monotonic() + 60
    while not told.exists() and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.2)
    address = json.loads(told.read_text())["address"]
    workers = [
        start("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name)
        for name in "ab"
    ]
    yield address, workers
    for process in started:
        process.kill()
        process.wait()
    log.close()


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed_midway(cluster, tmp_path):
    pytest.importorskip("distributed")
    address, workers = cluster
    script = tmp_path / "batch.py"
    wait = "import distributed\nc = distributed.Client(sys.argv[1])\nc.wait_for_workers(2, 60)\nc.close()\n"
    script.write_text(CLUSTER.replace("killed = []\n", wait + "killed = []\n"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script, address, str(workers[0].pid)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout == "the same\n", done.stderr
    assert workers[0].wait(10) == -signal.SIGKILL


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x", "localhost"])
def test_a_cluster_that_is_not_there_is_an_error(address, tmp_path):
    pytest.importorskip("distributed")
    code = (
        "from graphstep.cli import main; from graphstep.exercises import workers; "
        "workers.PATIENCE = 1.0; raise SystemExit(main.main())"
    )
    args = ["exercise", "f = x*y", "x=2", "y=3", "--dask", address]
    done = subprocess.run(
        [sys.executable, "-c", code, *args], cwd=tmp_path, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"graphstep: No cluster answers at '{address}'")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


BATCH = """
import sys
from graphstep.exercises import workers
from graphstep.cli import main

def command(args):
    import time
    with workers.processes(2) as crew:
        print(*crew(identity, [0, 0, 0, 0]), flush=True)
        list(crew(time.sleep, [0.01, 600, 600]))

def identity(k):
    import os, time
    time.sleep(0.5)
    return os.getpid()

if __name__ == "__main__":
    main._command = command
    sys.exit(main.main(["batch"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_workers_end_with_the_process_that_began_them(number, status, tmp_path):
    script = tmp_path / "batch.py"
    script.write_text(BATCH, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
        stopped = threading.Timer(60, process.kill)
        stopped.start()
        found = {int(pid) for pid in process.stdout.readline().split()}
        assert found
        assert all(map(running, found))
        process.send_signal(number)
        assert process.wait() == status
        stopped.cancel()
        end = time.monotonic() + 20
        while any(map(running, found)) and time.monotonic() < end:
            time.sleep(0.05)
        assert not any(map(running, found))


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
