"""Signals: long calls of compiled code are interrupted at once."""

import ctypes
import os
import signal
import sys
import threading
import time
from functools import partial

import pytest

from graphstep.base.processes import Terminated, in_new_process, interruptible, polite_end


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


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_polite_end_keeps_handlers_that_others_have_set():
    kinds = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(kind, how) for kind, how in zip(kinds, (signal.SIG_IGN, signal.SIG_DFL), strict=True)]  # fmt: skip
    try:
        with polite_end():
            os.kill(os.getpid(), signal.SIGTERM)  # ignored
        with pytest.raises(Terminated), polite_end():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    finally:
        for kind, how in zip(kinds, before, strict=True):
            signal.signal(kind, how)


def test_a_new_process_returns_and_raises():
    assert in_new_process(partial(pow, 2, 10)) == 1024
    with pytest.raises(ZeroDivisionError):
        in_new_process(partial(divmod, 1, 0))
