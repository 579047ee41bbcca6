"""When loops become code: never slower than loops alone, and loops where code has no answer."""

import math
import threading

import numpy as np
import pytest
from strategies import as_code, hasty, warm

import graphstep as gs
from examples import array
from graphstep.engine import instructions
from graphstep.engine.passes import LOSS, REST, Pace, Pass
from graphstep.engine.run import engines
from graphstep.engine.scalar_engine import FLOAT_PACE


def spent(pace, pieces, runs):
    """The time of some runs in runs of the loops, where code costs and saves what is said."""
    time = written = 0
    left = pace.runs(0, pieces)
    for _ in range(runs):
        time += 1 - pace.gain * written / pieces
        left -= 1
        if left == 0 and written < pieces:
            time += pace.cost / pieces
            written += 1
            left = pace.runs(written, pieces)
    return time, written


@pytest.mark.parametrize("pieces", [1, 2, 4, 40, 150])
@pytest.mark.parametrize("pace", [FLOAT_PACE, Pace(11, 1 / 3), Pace(70, 0.5)])
def test_however_many_runs_there_are_none_is_lost(pace, pieces):
    for runs in (1, 10, 60, 100, 200, 300, 700, 1000, 3340, 5000):
        assert spent(pace, pieces, runs)[0] <= runs * (1 + LOSS) + 1e-9
    assert spent(pace, pieces, 5000)[1] == pieces


def test_what_is_saved_pays_for_the_rest():
    assert FLOAT_PACE.runs(0, 40) < FLOAT_PACE.runs(0, 1) / 30
    assert FLOAT_PACE.runs(20, 40) < FLOAT_PACE.runs(0, 40) / 5


def test_passes_count_their_own_runs():
    graph = gs.parse("f = x*y + y*z + z*w")
    with hasty():
        for _ in range(5):
            tape = graph.forward(x=1, y=2, z=3, w=4)
        assert [one.written for one in tape.engine.passes.made.values()] == [1]
        assert [tape.backward(name)[name] for name in "xyzw"] == [2, 4, 6, 3]
        assert len(tape.engine.passes.made) == 5


def test_code_survives_overflow_and_rests():
    graph = gs.parse("f = exp(x) / y")
    with hasty():
        as_code(graph, dict(x=1, y=2))
    assert graph.forward(x=1000, y=2).value == math.inf
    assert graph.forward(x=1, y=0).gradients["x"] == math.inf
    assert graph.forward(x=0, y=2).value == 0.5
    there = engines(graph).on_floats.passes.made[None]
    assert there._resting == REST - 2
    for _ in range(REST):
        graph.forward(x=0, y=2)
    assert there._resting == 0


def test_a_backward_pass_that_stops_midway_begins_again(monkeypatch):
    monkeypatch.setattr(instructions, "PIECE", 2)
    graph = gs.parse("a = x*2; b = sqrt(y); c = a*3; f = b + c + a")
    with hasty():
        as_code(graph, dict(x=1, y=4))
    assert graph.forward(x=1, y=0).gradients == {"x": 8.0, "y": math.inf}
    assert [one._resting for one in engines(graph).on_floats.passes.made.values()] == [0, REST]


def test_a_pass_of_several_threads_is_written_once():
    made, done = [], threading.Event()

    def codes():
        done.wait(10)
        made.append(1)
        yield lambda numbers: None

    slow = Pass([lambda numbers: None], codes(), Pace(LOSS, 0), ())
    writing = threading.Thread(target=slow.run, args=(lambda: ([],),))
    writing.start()
    while not slow._lock.locked():
        pass
    slow.run(lambda: ([],))  # another thread is at it: this one goes on
    done.set()
    writing.join()
    assert (made, slow.written) == ([1], 1)


def test_without_memory_the_loops_try_again(monkeypatch):
    graph, inputs = gs.parse("q = outer(x, y); f = sum(q)"), dict(x=array(3), y=array(4))
    known = warm(graph, inputs).engine.passes.made[None]

    def full(slots):
        raise MemoryError

    monkeypatch.setattr(known, "_pieces", [full])
    assert graph.forward(inputs).value == pytest.approx(np.sum(np.outer(inputs["x"], inputs["y"])))
