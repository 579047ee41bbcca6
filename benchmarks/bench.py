"""`make bench`: speed as ratios to named peers, measured in one run.

Each ratio is between medians of runs taken in turns, so that a busy machine slows both sides. The
goals stand beside the ratios; nothing fails here, since machines are noisy.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # threads of BLAS fight with everything else on a busy machine

import graphstep as gs  # noqa: E402
from graphstep import layout  # noqa: E402
from graphstep.draw import _Draughtsman  # noqa: E402

Timed = Callable[[], object]


def seconds(*runs: Timed, rounds: int = 9) -> list[float]:
    """The median time of each run, the runs taken in turns, short ones many times a turn."""
    often = [max(1, round(0.02 / once(run))) for run in runs]
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for spent, run, count in zip(times, runs, often, strict=True):
            start = perf_counter()
            for _ in range(count):
                run()
            spent.append((perf_counter() - start) / count)
    return [median(spent) for spent in times]


def once(run: Timed) -> float:
    """The time of one run, after one that warms up."""
    run()
    start = perf_counter()
    run()
    return perf_counter() - start


def row(what: str, ratio: float, goal: str, note: str = "") -> None:
    """One printed line."""
    print(f"  {what:<58} {ratio:8.3f}   goal {goal:<9} {note}")


def shared_graph(gates: int, seed: int = 1) -> list[tuple[str, int, int]]:
    """Random sums, products and ReLUs over shared values: (operation, first, second) a gate."""
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
    """The same graph built, run and differentiated by micrograd, which does all three at once."""
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
        for _ in range(20):  # a graph that is run again and again gets straight-line code
            ours()
        a, b = seconds(ours, theirs, rounds=9 if gates < 100_000 else 3)
        note = f"{a / len(graph.nodes) * 1e6:.2f} us a node"
        row(f"{len(graph.nodes)} nodes", a / b, "<= 0.15", note)


def net(gates: int) -> gs.ComputationalGraph:
    """A graph of about so many gates with shared inputs, as one draws it."""
    made = shared_graph(gates, seed=3)
    return gs.parse(as_text(made, max(gates // 10, 2)))


def bench_frames() -> None:
    """All frames of a figure, against one layout and against dot for each frame."""
    print("All frames of a figure:")
    for gates, goal in ((10, "<= 1/11"), (30, "<= 1/25"), (100, "<= 1/80")):
        graph = net(gates)
        inputs = dict.fromkeys(graph.inputs, 0.5)
        task = _Draughtsman(graph, gs.Style(), None)
        edges = [edge for _, edge, _ in task._edges()]

        def frames(
            graph: gs.ComputationalGraph = graph, inputs: dict[str, float] = inputs
        ) -> list[str]:
            return [frame.svg() for frame in gs.stepper(graph, inputs=inputs)]

        count = len(gs.stepper(graph, inputs=inputs))
        what = f"{sum(n.gate is not None for n in graph.nodes)} gates, {count} frames"
        ours, inside = seconds(frames, partial(layout.place, task.boxes, edges))
        note = f"{ours * 1e3:.1f} ms, layout {inside * 1e3:.1f} ms"
        row(f"{what}: to one layout in the process", ours / inside, "-", note)
        if shutil.which("dot"):
            ours, bare = seconds(frames, partial(layout.place, task.boxes, edges, "dot"))
            note = f"{ours * 1e3:.1f} ms, dot {bare * 1e3:.1f} ms"
            row(f"{what}: to one bare layout by dot", ours / bare, "<= 1.5", note)
            sources = [f.graphviz().source.encode() for f in gs.stepper(graph, inputs=inputs)]
            (theirs,) = seconds(partial(dots, sources), rounds=1)
            row(f"{what}: to a dot process a frame", ours / theirs, goal, f"1/{theirs / ours:.0f}")


def dots(sources: list[bytes]) -> None:
    """A run of Graphviz's program for each frame."""
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


def bench_start() -> None:
    """Start-up, against a bare interpreter."""
    print("Start-up, to a bare interpreter:")
    command = shutil.which("graphstep", path=os.path.dirname(sys.executable)) or "graphstep"

    def start(*args: str) -> Timed:
        return lambda: subprocess.run(args, check=True, stdout=subprocess.DEVNULL)

    bare, module, usage = seconds(
        start(sys.executable, "-c", "pass"),
        start(sys.executable, "-c", "import graphstep"),
        start(command, "--help"),
        rounds=25,
    )
    row("import graphstep", module / bare, "<= 1.5", f"{module * 1e3:.1f} ms")
    row("graphstep --help", usage / bare, "<= 1.5", f"{usage * 1e3:.1f} ms")


def main() -> None:
    """All benchmarks."""
    bench_engine()
    bench_frames()
    bench_parser()
    bench_start()


if __name__ == "__main__":
    main()
