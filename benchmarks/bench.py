"""`make bench`: speed as ratios to named peers, measured in one run.

Each ratio compares medians of runs taken in turns, so that a busy machine slows both sides; what is
measured is the time of processors, of processes that were started too. The goals are printed beside
the ratios; nothing fails here, since machines are noisy.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from time import process_time
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # threads of BLAS fight with everything else on a busy machine

import numpy as np  # noqa: E402

import graphstep as gs  # noqa: E402
from graphstep.drawing import layout  # noqa: E402
from graphstep.drawing.boxes import task  # noqa: E402
from graphstep.engine.run import engines  # noqa: E402
from graphstep.player.page import page as page_of  # noqa: E402

Timed = Callable[[], object]


def clock() -> float:
    """The processor time so far, of this process and of those that it has waited for."""
    spent = map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def seconds(*runs: Timed, rounds: int = 9) -> list[float]:
    """The median time of each run; the runs take turns, short ones many times per turn."""
    often = [max(1, round(0.02 / once(run))) for run in runs]
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for spent, run, count in zip(times, runs, often, strict=True):
            start = clock()
            for _ in range(count):
                run()
            spent.append((clock() - start) / count)
    return [median(spent) for spent in times]


def once(run: Timed) -> float:
    """The time of one run, after a warm-up run."""
    run()
    start = clock()
    run()
    return max(clock() - start, 1e-6)


def row(what: str, ratio: float, goal: str, note: str = "") -> None:
    """Print one line."""
    print(f"  {what:<58} {ratio:8.3f}   goal {goal:<9} {note}")


def shared_graph(gates: int, seed: int = 1) -> list[tuple[str, int, int]]:
    """Random sums, products and ReLUs over shared values: (operation, first, second) per gate."""
    rng, count = random.Random(seed), max(gates // 10, 2)
    alive, made = deque(range(count)), list[tuple[str, int, int]]()
    while len(made) < gates - len(alive) - 1 or not made:
        first, second = alive.popleft(), rng.choice(alive)
        made.append((rng.choice(("add", "mul", "relu")), first, second))
        alive.append(count + len(made) - 1)
        if rng.random() < 0.1 and len(alive) > 2:
            alive.append(first)
    while len(alive) > 1:
        made.append(("add", alive.popleft(), alive.popleft()))
        alive.append(count + len(made) - 1)
    return made


def as_text(made: list[tuple[str, int, int]], leaves: int) -> str:
    """The graph in our language."""

    def name(i: int) -> str:
        return f"x{i}" if i < leaves else f"n{i}"

    forms = {"add": "{} + {}", "mul": "{} * {}", "relu": "relu({})"}
    used = reached(made, leaves)
    return "\n".join(
        f"{name(leaves + k)} = {forms[op].format(name(a), name(b))}"
        for k, (op, a, b) in enumerate(made)
        if leaves + k in used
    )


def reached(made: list[tuple[str, int, int]], leaves: int) -> set[int]:
    """The nodes from which the last one can be reached."""
    used = {leaves + len(made) - 1}
    for k in reversed(range(len(made))):
        if leaves + k in used:
            op, first, second = made[k]
            used |= {first} if op == "relu" else {first, second}
    return used


def in_micrograd(made: list[tuple[str, int, int]], values: list[float], used: set[int]) -> object:
    """The same graph, built, run and differentiated by micrograd, which does all three at once."""
    from micrograd.engine import Value

    nodes: list[Value] = [Value(v) for v in values]
    for k, (op, first, second) in enumerate(made):
        a, b = nodes[first], nodes[second]
        if len(values) + k not in used:
            nodes.append(a)
        else:
            nodes.append(a + b if op == "add" else a * b if op == "mul" else a.relu())
    nodes[-1].backward()
    return nodes[0].grad


def until_code(run: Timed, graph: gs.ComputationalGraph) -> None:
    """Run a graph until its passes are code from end to end, as in training for thousands of steps.

    Graphs that are too large for code are warmed up only.
    """
    passes = engines(graph).on_floats.passes
    for _ in range(5000 if passes.pays else 20):
        run()
        if all(one.whole for one in passes.made.values()):
            return


def bench_warm_up() -> None:
    """The total time of some runs of a fresh graph, against the same runs by loops alone."""
    print("All runs of a fresh graph, with the code that is written meanwhile, to loops alone:")
    for gates, runs in ((40, 60), (40, 1000), (400, 60), (400, 1000), (400, 5000), (4000, 200)):
        graph = net(gates)
        inputs = dict.fromkeys(graph.inputs, 0.5)
        ratios = []
        for _ in range(5):
            ours, loops = (all_runs(graph, inputs, runs, pays) for pays in (True, False))
            ratios.append(ours / loops)
        row(f"{len(graph.nodes)} nodes, {runs} runs", median(ratios), "<= 1.03")


def all_runs(
    graph: gs.ComputationalGraph, inputs: dict[str, float], runs: int, pays: bool
) -> float:
    """The processor time of some runs of a fresh copy of a graph, forward and backward."""
    fresh = gs.ComputationalGraph(graph.nodes, graph.output, graph.names)
    program = engines(fresh).on_floats
    program.passes = replace(program.passes, pays=pays)
    start = process_time()
    for _ in range(runs):
        fresh.forward(inputs).backward()
    return process_time() - start


def bench_engine() -> None:
    """Forward and backward again on a built graph, against micrograd."""
    print("Forward + backward on a built graph, per node, against micrograd (which rebuilds it):")
    sys.setrecursionlimit(100_000)  # micrograd's walk is recursive
    for gates in (100, 1000, 10_000, 100_000):
        made = shared_graph(gates)
        leaves, rng = max(gates // 10, 2), random.Random(2)
        values = [rng.uniform(-0.9, 0.9) for _ in range(leaves)]
        used = reached(made, leaves)
        graph = gs.parse(as_text(made, leaves))
        inputs = {n: values[int(n[1:])] for n in graph.inputs}

        def ours(g: gs.ComputationalGraph = graph, i: dict[str, float] = inputs) -> object:
            return g.forward(i).upstreams

        theirs = partial(in_micrograd, made, values, used)
        until_code(ours, graph)
        a, b = seconds(ours, theirs, rounds=9 if gates < 100_000 else 3)
        note = f"{a / len(graph.nodes) * 1e6:.2f} us a node"
        row(f"{len(graph.nodes)} nodes", a / b, "<= 0.15", note)


def net(gates: int) -> gs.ComputationalGraph:
    """A graph of about that many gates with shared inputs, as one would draw it."""
    made = shared_graph(gates, seed=3)
    return gs.parse(as_text(made, max(gates // 10, 2)))


def bench_frames() -> None:
    """All frames of a figure, against one layout and against dot for each frame."""
    print("All frames of a figure:")
    for gates, goal in ((10, "<= 1/11"), (30, "<= 1/25"), (100, "<= 1/80")):
        graph = net(gates)
        inputs = dict.fromkeys(graph.inputs, 0.5)
        boxes, edges = task(graph, gs.Style())

        def frames(
            graph: gs.ComputationalGraph = graph, inputs: dict[str, float] = inputs
        ) -> list[str]:
            return [frame.svg() for frame in gs.stepper(graph, inputs=inputs)]

        count = len(gs.stepper(graph, inputs=inputs))
        what = f"{sum(n.gate is not None for n in graph.nodes)} gates, {count} frames"
        ours, inside = seconds(frames, partial(layout.place, boxes, edges))
        note = f"{ours * 1e3:.1f} ms, layout {inside * 1e3:.1f} ms"
        row(f"{what}: to one layout in the process", ours / inside, "<= 1.5", note)
        if shutil.which("dot"):
            ours, bare = seconds(frames, partial(layout.place, boxes, edges, "dot"))
            note = f"{ours * 1e3:.1f} ms, dot {bare * 1e3:.1f} ms"
            row(f"{what}: to one bare layout by dot", ours / bare, "<= 1.5", note)
            sources = [f.graphviz().source.encode() for f in gs.stepper(graph, inputs=inputs)]
            (theirs,) = seconds(partial(dots, sources), rounds=1)
            row(f"{what}: to a dot process a frame", ours / theirs, goal, f"1/{theirs / ours:.0f}")


def bench_files() -> None:
    """What is saved of large figures, in seconds, and of gates with many inputs, as growth."""
    print("Files:")
    graph = net(985)
    inputs = dict.fromkeys(graph.inputs, 0.5)

    def made() -> gs.Stepper:
        return gs.stepper(graph.source, inputs=inputs)

    def first() -> str:
        return made()[0].svg()

    boxes, edges = task(graph, gs.Style())
    runs = (
        first, lambda: page_of(made()), partial(layout.place, boxes, edges),
    )  # fmt: skip
    svg, page, placed = seconds(*runs, rounds=3)
    note = f"of that the layout {placed:.2f} s"
    row(f"{len(graph.gates)} gates: text to the first SVG, s", svg, "<= 1", note)
    row(f"{len(graph.gates)} gates: text to HTML, s", page, "<= 1", note)
    few, many = seconds(partial(wide, 150), partial(wide, 300), rounds=3)
    row("max of 300 inputs to one of 150, as HTML", many / few, "linear: 2", f"{many:.2f} s")


def wide(count: int) -> str:
    """The page of a gate with many inputs."""
    inputs = {f"x{i}": float(i) for i in range(count)}
    return page_of(gs.stepper(f"f = max({', '.join(inputs)})", inputs=inputs))


def dots(sources: list[bytes]) -> None:
    """One run of the Graphviz program for each frame."""
    for source in sources:
        subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, check=True)


def bench_parser() -> None:
    """Parsing a long program, against its tenth and against the rest of a run."""
    print("Parsing:")
    texts = [
        "a0 = x\n" + "".join(f"a{i} = a{i - 1} + x\n" for i in range(1, count))
        for count in (1000, 10_000, 100_000)
    ]
    few, many, most = (seconds(partial(gs.parse, text), rounds=3)[0] for text in texts)
    row("10 000 statements to 1 000, per statement", many / few / 10, "linear: 1", f"{many:.3f} s")
    row(
        "100 000 statements to 10 000, per statement",
        most / many / 10,
        "linear: 1",
        f"{most:.3f} s",
    )
    graph = gs.parse(texts[1])

    def compiled() -> object:
        fresh = gs.ComputationalGraph(graph.nodes, graph.output, graph.names, graph.source)
        return fresh.forward(x=1).upstreams

    (rest,) = seconds(compiled, rounds=3)
    row("10 000 statements: share of parse + compile + run", many / (many + rest), "reported")


NET = "h = 1/(1 + exp(-(x @ w1))); y_pred = h @ w2; loss = sum((y_pred - y)**2)"
TINY = "a = 1/(1 + exp(-(x @ w1))); h = 1/(1 + exp(-(a @ w2))); loss = sum((h @ w3 - y)**2)"
Arrays = dict[str, Any]


def sizes(*shapes: tuple[str, int, int]) -> Arrays:
    """Random arrays by name."""
    rng = np.random.default_rng(0)
    return {name: rng.standard_normal((rows, columns)) for name, rows, columns in shapes}


def descend(values: Arrays, gradients: Arrays) -> None:
    """One step of gradient descent, in place."""
    for name, gradient in gradients.items():
        values[name] -= 1e-7 * gradient


def net_by_hand(v: Arrays) -> object:
    """A step of the two-layer net as the lecture writes it in NumPy."""
    h = 1 / (1 + np.exp(-v["x"].dot(v["w1"])))
    y_pred = h.dot(v["w2"])
    loss = np.square(y_pred - v["y"]).sum()
    g = 2.0 * (y_pred - v["y"])
    grad_h = g.dot(v["w2"].T)
    descend(v, {"w2": h.T.dot(g), "w1": v["x"].T.dot(grad_h * h * (1 - h))})
    return loss


def tiny_by_hand(v: Arrays) -> object:
    """The same for 1-2-3-1."""
    a = 1 / (1 + np.exp(-v["x"].dot(v["w1"])))
    h = 1 / (1 + np.exp(-a.dot(v["w2"])))
    out = h.dot(v["w3"])
    loss = np.square(out - v["y"]).sum()
    g = 2.0 * (out - v["y"])
    grad_h = g.dot(v["w3"].T) * h * (1 - h)
    grad_a = grad_h.dot(v["w2"].T) * a * (1 - a)
    descend(v, {"w3": h.T.dot(g), "w2": a.T.dot(grad_h), "w1": v["x"].T.dot(grad_a)})
    return loss


def ours_for(text: str, values: Arrays, weights: tuple[str, ...]) -> Timed:
    """The same step, with gradients from graphstep."""
    graph = gs.parse(text)

    def step() -> object:
        tape = graph.forward(values)
        descend(values, tape.backward(*weights))
        return tape.value

    return step


def autograd_for(values: Arrays, weights: tuple[str, ...]) -> Timed:
    """The same step, with gradients from HIPS autograd."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    def loss(w: tuple[Any, ...]) -> Any:
        v = {**values, **dict(zip(weights, w, strict=True))}
        a = 1 / (1 + anp.exp(-anp.dot(v["x"], v["w1"])))
        if "w3" in v:
            a = 1 / (1 + anp.exp(-anp.dot(a, v["w2"])))
        return anp.sum((anp.dot(a, v["w3" if "w3" in v else "w2"]) - v["y"]) ** 2)

    both = value_and_grad(loss)

    def step() -> object:
        value, gradients = both(tuple(values[name] for name in weights))
        descend(values, dict(zip(weights, gradients, strict=True)))
        return value

    return step


def bench_nets() -> None:
    """Forward, backward and update of networks, against NumPy by hand and autograd."""
    print("A step of training (forward, backward, update), to the hand-written NumPy loop:")
    large = (("x", 64, 1000), ("y", 64, 10), ("w1", 1000, 100), ("w2", 100, 10))
    small = (("x", 1, 1), ("y", 1, 1), ("w1", 1, 2), ("w2", 2, 3), ("w3", 3, 1))
    for name, text, shapes, hand, weights, goals in (
        ("64, 1000, 100, 10", NET, large, net_by_hand, ("w1", "w2"), ("<= 1.05", "1.48")),
        ("1-2-3-1", TINY, small, tiny_by_hand, ("w1", "w2", "w3"), ("<= 2.3", "19")),
    ):
        runs = (
            ours_for(text, sizes(*shapes), weights),
            autograd_for(sizes(*shapes), weights),
            partial(hand, sizes(*shapes)),
        )
        ours, theirs, base = seconds(*runs, rounds=25)
        row(f"{name}: graphstep", ours / base, goals[0], f"{ours * 1e6:.0f} us a step")
        row(f"{name}: autograd", theirs / base, f"({goals[1]})", f"{theirs * 1e6:.0f} us a step")


def bench_memory() -> None:
    """The local gradient of ReLU on 4096 numbers; as a matrix it would take 128 MiB."""
    print("ReLU on a vector of 4096: all of forward, backward and the local gradient")
    graph, x = gs.parse("f = sum(relu(x))"), np.ones(4096)
    graph.forward(x=x)
    tracemalloc.start()
    tape = graph.forward(x=x)
    tape.backward()
    said = repr(tape.local(0))
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    (spent,) = seconds(lambda: repr(tape.engine.local(tape.slots, 0)))
    row(f"{said}: peak MiB", peak, "< 128", f"{spent * 1e6:.1f} us")


PRESS = """async () => {
    const root = document.querySelector('.graphstep-figure'), seen = new Set();
    const press = key => root.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    const shown = () => document.querySelector('.gs-caption').textContent + scrubber.value;
    const scrubber = document.querySelector('.gs-bar input[type=range]');
    press('Home');
    for (let k = 0; k < 20; k += 1) { press('ArrowRight'); seen.add(shown()); }
    const frame = performance.now();
    press('ArrowRight');
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return [seen.size, performance.now() - frame];
}"""
PRESSES = """() => {
    const root = document.querySelector('.graphstep-figure');
    const press = key => root.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    press('Home');
    for (let k = 0; k < 199; k += 1) press('ArrowRight');
}"""


def pressed(page: Any) -> float:
    """The processor time of a key press in a page, with its layout, in milliseconds."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def ticks() -> float:
        found = tools.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in found if one["name"] == "ThreadTime")

    times = []
    for _ in range(5):
        start = ticks()
        page.evaluate(PRESSES)
        times.append((ticks() - start) * 1e3 / 200)
    return median(times)


def bench_player() -> None:
    """The player in Chromium at 500 gates, sizes of pages, and inputs that are dragged."""
    print("The player:")
    graph = net(480)
    s = gs.stepper(graph, inputs=dict.fromkeys(graph.inputs, 0.5))
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is not None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
            found = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = found.new_page()
            s.save(f"{folder}/f.html")
            page.goto(f"file://{folder}/f.html")
            press, (frames, painted) = pressed(page), page.evaluate(PRESS)
            gates = sum(node.gate is not None for node in graph.nodes)
            row(f"{gates} gates: key press to DOM updated, ms", press, "<= 3",
                f"next frame painted after {painted:.0f} ms")  # fmt: skip
            row("frames shown by 20 fast presses", frames, "20")
            found.close()
    for gates, goal in ((12, "<= 70"), (112, "<= 270"), (550, "<= 1100")):
        small = net(gates)
        text = page_of(gs.stepper(small, inputs=dict.fromkeys(small.inputs, 0.5)))
        row(f"a page of {len(small.nodes)} nodes, kB", len(text.encode()) / 1000, goal)
    bench_drag()


def bench_drag() -> None:
    """A dragged input: the kernel's work against that of a fresh stepper."""
    from graphstep.player.payload import payload
    from graphstep.player.widget import FigureWidget

    graph = net(100)
    inputs = dict.fromkeys(graph.inputs, 0.5)
    name, numbers = next(iter(inputs)), itertools.cycle([0.25, 0.75, -0.5])
    widget = FigureWidget(gs.stepper(graph, inputs=inputs))

    def drag() -> None:
        widget.entered = {"name": name, "at": [], "text": str(next(numbers))}

    def fresh() -> None:
        s = gs.stepper(graph, inputs=inputs)
        s.live_stage, payload(s)

    ours, whole = seconds(drag, fresh, rounds=15)
    row("100 gates: an input dragged, to a fresh stepper", ours / whole, "<= 0.1",
        f"{ours * 1e3:.1f} ms")  # fmt: skip


def bench_start() -> None:
    """Start-up time, against a bare interpreter.

    The command is called as scripts of today's installers do. Those of pip before 25 load `re`
    first, which alone takes half of a bare interpreter's time.
    """
    print("Start-up, to a bare interpreter:")

    def start(code: str, *args: str) -> Timed:
        return lambda: subprocess.run(
            (sys.executable, "-c", code, *args), check=True, stdout=subprocess.DEVNULL
        )

    script = "import sys; from graphstep.cli.main import main; sys.exit(main())"
    bare, module, usage, version = seconds(
        start("pass"), start("import graphstep"), start(script, "--help"),
        start(script, "--version"), rounds=25,
    )  # fmt: skip
    row("import graphstep", module / bare, "<= 1.5", f"{module * 1e3:.1f} ms")
    row("graphstep --help", usage / bare, "<= 1.5", f"{usage * 1e3:.1f} ms")
    row("graphstep --version", version / bare, "<= 1.5", f"{version * 1e3:.1f} ms")


def main() -> None:
    """Run all benchmarks."""
    bench_engine()
    bench_warm_up()
    bench_frames()
    bench_files()
    bench_parser()
    bench_nets()
    bench_memory()
    bench_player()
    bench_start()


if __name__ == "__main__":
    main()
