"""Exercise sheets: numbers that are friendly, boxes that are there, keys that are right."""

import json
import math
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from readme import ROOT

import graphstep as gs
from graphstep.base.words import languages, say
from graphstep.cli.main import main
from graphstep.exercises import blanks, sheets
from graphstep.exercises import workers as crew
from graphstep.exercises.friendly_numbers import flat, friendly
from graphstep.figure.options import complete

NEURON = ("f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", dict(w0=2, x0=-1, w1=-3, x1=-2, w2=-3))
SCALARS = {
    "scalar": ("q = x + y; f = q * z", dict(x=-2, y=5, z=-4)),
    "patterns": ("f = (x*y + max(z, w)) * 2", dict(x=3, y=-4, z=2, w=-1)),
    "neuron": NEURON,
    "reuse": ("f = x*x + x*y", dict(x=3, y=2)),
    "hypotenuse": ("f = sqrt(x*x + y*y)", dict(x=1, y=2)),
}
ARRAYS = {
    "norm": ("q = W @ x; f = l2(q)", dict(W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4])),
    "hinge": ("L = hinge(W @ x + b, y)", dict(W=[[1, 2], [3, 4], [0, 1]], x=[1, 2], b=[1, 2, 3], y=1)),
    "layers": ("f = sum(W2 @ relu(W1 @ x))", dict(x=[1, -2], W1=[[0.5, -1], [1, 0.5], [-1, 1]], W2=[[1, -1, 2]])),
}  # fmt: skip
EASY = {
    "log": ("f = log(x - 100) * y", dict(x=200, y=2)),
    "one": ("f = relu(x)", dict(x=1)),
    "softmax": ("L = cross_entropy(s, y)", dict(s=[3.2, 5.1, -1.7], y=0)),
}
ALL = {**SCALARS, **ARRAYS, **EASY}


def order(*names, seed=7, lang="en", values=False):
    asked = tuple(sheets.question(*ALL[name], complete()) for name in names)
    return sheets.Order(asked, seed, lang, values)


def numbers_of(name, copy, taken=()):
    text, lecture = ALL[name]
    return friendly(gs.parse(text), lecture, f"7/{copy}/0", taken)


# --- numbers


@pytest.mark.parametrize("name", ALL)
def test_numbers_are_small_integers_and_all_is_finite(name):
    text, lecture = ALL[name]
    graph = gs.parse(text)
    before = graph.forward(lecture)
    for copy in range(8):
        given = numbers_of(name, copy)
        assert list(given) == list(graph.inputs)
        assert all(number == int(number) for number in flat(given))
        if name != "log":
            assert max(map(abs, flat(given))) <= 9
        tape = graph.forward(given)
        assert tape.shapes == before.shapes
        assert not tape.troubles
        assert flat(given) != flat({n: sheets._frozen(v) for n, v in lecture.items()})
        if "y" in given and graph.holds_labels(graph.inputs["y"]):
            assert given["y"] in (0, 1, 2)


@pytest.mark.parametrize("name", [*SCALARS, "norm", "hinge", "layers"])
def test_numbers_are_short(name):
    """Two decimals carry every value and gradient exactly, sigmoid's and the root's too."""
    graph = gs.parse(ALL[name][0])
    for copy in range(8):
        tape = graph.forward(numbers_of(name, copy))
        for value in (*tape.values, *tape.upstreams):
            assert np.allclose(np.round(value, 2), value, rtol=0, atol=1e-12)
            assert np.max(np.abs(value)) < 1000


@pytest.mark.parametrize("name", ["patterns", "hinge", "layers", "one"])
def test_no_gate_stands_at_a_kink(name):
    graph = gs.parse(ALL[name][0])
    for copy in range(12):
        report = graph.forward(numbers_of(name, copy)).check()
        assert report.ok
        assert "at a kink" not in str(report)


def test_numbers_follow_from_the_key_alone():
    assert numbers_of("neuron", 3) == numbers_of("neuron", 3)
    assert numbers_of("neuron", 3) != numbers_of("neuron", 4)


@pytest.mark.parametrize("name", ["scalar", "hypotenuse", "one", "softmax"])
def test_what_is_taken_is_not_used_again(name):
    taken = set()
    for copy in range(30):
        given = flat(numbers_of(name, copy, taken))
        assert given not in taken
        taken.add(given)


def test_the_lectures_numbers_stand_where_no_others_are_finite():
    graph = gs.parse("f = log(1 - x*x)")
    assert friendly(graph, {"x": 0.5}, "1/1/0") in ({"x": 0.5}, {"x": 0.0})


def test_judgement_sees_what_is_bad():
    """Each kind of defect costs, so that the search above is a real one."""
    from graphstep.exercises.friendly_numbers import _inputs, _length, _price

    text, lecture = SCALARS["patterns"]
    graph = gs.parse(text)

    def price(**given):
        return _price(graph, _inputs(graph, lecture), {k: float(v) for k, v in given.items()}, 1e9)

    good = price(x=2, y=5, z=4, w=-3)
    assert good < price(x=200, y=555, z=4, w=-3)
    assert good < price(x=0, y=5, z=4, w=-3)
    assert good < price(x=2, y=2, z=2, w=-2)
    assert good < price(**lecture)
    assert price(x=2, y=5, z=4, w=4) == math.inf
    assert _length(0.5) == _length(-12) == _length(0.25) == 0
    assert _length(0.5) < _length(125) < _length(1 / 3) < _length(1e-9)
    assert _length(math.nan) == _length(math.inf) == math.inf


# --- figures


def figures(*names, **options):
    made = order(*names, **options)
    return made, sheets.figures((made, sheets.numbers((made, 1))))


def roomy(name, values, high=20.0):
    s = gs.stepper(*ALL[name][:1], inputs=ALL[name][1], forward=values)
    space = blanks.room(s, high, 3.0, values)
    from dataclasses import replace

    return replace(s, _drawn=[blanks.stretched(s.drawing, space)]), space


@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_a_box_for_each_number_and_no_box_over_another(name, values):
    s, space = roomy(name, values)
    found = blanks.boxes(s, space)
    graph, kinds = s.graph, Counter(box.slot.kind for box in found)
    labels = sum(graph.holds_labels(i) for i in range(len(graph.nodes)))
    assert kinds["upstream"] == len(graph.nodes) - labels
    assert kinds["value"] == (sum(n.gate is not None for n in graph.nodes) if values else 0)
    shared = [w for w, wire in enumerate(graph.wires) if len(graph.wires_out[wire.source]) > 1]
    assert kinds["downstream"] == len(shared)
    if name in SCALARS:
        assert kinds["local"] == len(graph.wires)
        assert all(box.height >= 20 - 1e-6 for box in found)
    svg = blanks.sheet(s, space)
    assert svg.count("data-blank=") == len(found)
    boxes = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in found]
    for k, a in enumerate(boxes):
        assert a[0] > -1
        assert a[2] < s.drawing.width + 1
        assert a[1] > -12
        assert a[3] < s.drawing.height + 12
        for b in boxes[:k]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_boxes_hide_no_number_and_no_gate(name):
    s, space = roomy(name, False)
    for box in blanks.boxes(s, space):
        for place in s.drawing.places:
            if place.slot.kind == "value":
                top, bottom = (
                    (place.y, place.y + place.height) if place.height else (place.y - 9, place.y)
                )
                apart = (place.x + place.room / 2 <= box.x or box.x + box.width <= place.x - place.room / 2
                         or bottom <= box.y or box.y + box.height <= top)  # fmt: skip
                assert apart, (box, place)
        for mark in s.drawing.marks:
            half = mark.width / 2
            if mark.gate:
                assert (mark.x + half <= box.x or box.x + box.width <= mark.x - half
                        or mark.y + 19 <= box.y or box.y + box.height <= mark.y - 19)  # fmt: skip


def texts(svg):
    """The texts of an SVG that are numbers."""
    found = re.findall(r">\[?(-?[\d.]+)\]?</text>", svg)
    return Counter(found)


@pytest.mark.parametrize("name", SCALARS)
def test_a_sheet_shows_values_only_and_the_key_everything(name):
    made, (drawn,) = figures(name)
    ((given),) = sheets.numbers((made, 1))
    s = gs.stepper(ALL[name][0], inputs=dict(given))
    tape = gs.parse(ALL[name][0]).forward(dict(given))
    values = Counter(map(s.numbers, tape.values))
    assert texts(drawn.sheet) == values
    shared = [w for w, wire in enumerate(s.graph.wires) if len(s.graph.wires_out[wire.source]) > 1]
    values.update(map(s.numbers, tape.upstreams))
    values.update(s.numbers(tape.downstream(w)) for w in shared)
    values.update(s.numbers(tape.local(w)) for w in range(len(s.graph.wires)))
    assert texts(drawn.key) == values
    assert "data-blank" not in drawn.key


@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_answers_are_those_of_an_independent_run(name):
    made, (drawn,) = figures(name)
    ((given),) = sheets.numbers((made, 1))
    gradients = gs.parse(ALL[name][0]).forward(dict(given)).backward()
    told = {a.split(" = ")[0].split("/∂")[1]: a.split(" = ")[1] for a in drawn.answers}
    for variable, gradient in gradients.items():
        if (name, variable) == ("hinge", "y"):
            assert variable not in told
        else:
            assert np.allclose(json.loads(told[variable]), gradient, atol=0.0051)


def test_values_are_asked_for_too():
    _, (drawn,) = figures("scalar", values=True)
    assert sum(texts(drawn.sheet).values()) == 3
    assert {">q =<", ">f =<"} <= set(re.findall(r">\w =<", drawn.sheet))


# --- documents


def seen(made, count, run=crew.alone):
    """The documents, and all that tasks gave."""
    given = []

    def noted(function, items):
        for result in run(function, items):
            given.append(result)
            yield result

    return sheets.copies(made, count, noted), given[count:]


def test_the_same_seed_gives_the_same_bytes_and_another_other_numbers():
    made = order("scalar", "norm")
    first, figures = seen(made, 4)
    again, _ = seen(made, 4)
    assert first == again
    _, more = seen(made, 7)
    assert more[:4] == figures
    other, _ = seen(made._replace(seed=8), 4)
    assert other != first
    inputs = [tuple(d.given for d in copy) for copy in more]
    assert len({i[0] for i in inputs}) == len({i[1] for i in inputs}) == 7


def test_processes_give_the_same_bytes_even_if_one_is_killed():
    made = order("scalar", "norm")
    (expected, _) = seen(made, 12)
    with crew.processes(2) as pool:

        def killing(function, items):
            for k, result in enumerate(pool(function, items)):
                if k == 3 and pool.lives == crew.LIVES:
                    os.kill(next(iter(pool.executor._processes)), signal.SIGKILL)
                yield result

        assert sheets.copies(made, 12, killing) == expected


def test_processes_that_always_die_are_an_error():
    with crew.processes(1) as pool, pytest.raises(gs.GraphstepError, match="--jobs 1"):
        list(pool(os._exit, [1, 1]))


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
            n: float(v)
            for n, v in re.findall(r"(\w) = (-?\d+)", answers.split("∂f")[0])
            if n in "xyz"
        }
        found.add(tuple(given.values()))
        tape = graph.forward(given)
        gradients = {n: float(v) for n, v in re.findall(r"∂f/∂(\w) = (-?\d+)", answers)}
        assert gradients == {**tape.backward(), **tape.backward("q")}
        body = page.split("q * z")[1].split("Backpropagation")[0]
        shown = Counter(map(float, re.findall(r"(?<![\w])-?\d+", body)))
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


# --- a cluster

CLUSTER = """
import os, signal, sys
from graphstep.exercises import workers as crew, sheets
from graphstep.figure.options import complete

address, victim = sys.argv[1], int(sys.argv[2])
asked = sheets.question("q = W @ x; f = l2(q)", {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}, complete())
order = sheets.Order((asked,), 7)
killed = []
with crew.cluster(address) as found:

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
assert spread == sheets.copies(order, 24, crew.alone)
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
