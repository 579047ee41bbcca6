"""Signals: long calls of compiled code are interrupted at once."""

import ctypes
import os
import signal
import sys
import threading
import time

import pytest

from graphstep.base.processes import interruptible


def test_results_and_errors_come_through():
    assert interruptible(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        interruptible(lambda: 1 / 0)
    with pytest.raises(SystemExit):
        interruptible(sys.exit)


def test_where_no_thread_can_be_started_the_call_is_made_here(monkeypatch):
    def never(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", never)
    assert interruptible(threading.current_thread) is threading.main_thread()


def test_another_thread_makes_the_call_itself():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(interruptible(threading.current_thread) is thread)
    )
    thread.start()
    thread.join()
    assert found == [True]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_long_call_is_interrupted_at_once():
    """A call of C without Python's lock, as of a layout or of Typst."""
    sleep = ctypes.CDLL(None).sleep
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    start = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        interruptible(lambda: sleep(20))
    assert time.monotonic() - start < 10
