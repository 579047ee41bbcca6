"""Signals: calls of other languages' code that can be interrupted, and a polite end on SIGTERM."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Out = TypeVar("Out")
INTERVAL = 0.1  # seconds after which a waiting thread looks for signals, where none wakes it


class Terminated(BaseException):
    """The process was asked to end; like KeyboardInterrupt, not an Exception."""


def interruptible(call: Callable[[], Out]) -> Out:
    """What a long call returns or raises; an interruption is raised at once, and does not wait.

    Python runs the handlers of signals between its own instructions, in the main thread. A call
    into compiled code would hold them up for as long as it takes, so another thread makes it. That
    thread is left to itself after an interruption, and ends with the process.
    """
    import threading

    if threading.current_thread() is not threading.main_thread():
        return call()  # which no signal interrupts
    results: list[Out] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as error:  # it is raised where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no threads here, or no more of them
        return call()
    while thread.is_alive():
        thread.join(INTERVAL)
    if errors:
        raise errors[0]
    return results[0]


def in_new_process(call: Callable[[], Out]) -> Out:
    """What a call returns or raises in a new process; it and its outcome are pickled.

    That is for forked processes, which lack the threads that compiled code would wait for. A pool
    would do, were its processes allowed to have some of their own.
    """
    import pickle
    import subprocess
    from multiprocessing.spawn import get_executable

    command = [os.fsdecode(get_executable()), "-m", __name__]
    done = subprocess.run(
        command, env=surroundings(), input=pickle.dumps(call), stdout=subprocess.PIPE, check=True
    )
    found, error = pickle.loads(done.stdout)
    if error is not None:
        raise error
    answer: Out = found
    return answer


def surroundings() -> dict[str, str]:
    """The environment for a new process that imports what this one does."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _answer() -> None:
    """In the new process: make the call."""
    import pickle

    outcome: tuple[object, Exception | None]
    try:
        outcome = pickle.load(sys.stdin.buffer)(), None
    except Exception as error:
        outcome = None, error
    pickle.dump(outcome, sys.stdout.buffer)


@contextmanager
def polite_end() -> Iterator[None]:
    """Raise Terminated where SIGTERM or SIGHUP would end the process, so that it can clean up.

    A second one ends it at once. Handlers that others have set stay, as does being told to ignore.
    """
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [kind for kind in kinds if signal.getsignal(kind) is signal.SIG_DFL]

    def restore() -> None:
        for kind in taken:
            signal.signal(kind, signal.SIG_DFL)

    def end(number: int, _: object) -> None:
        restore()
        raise Terminated(number)

    for kind in taken:
        signal.signal(kind, end)
    try:
        yield
    finally:
        restore()


if __name__ == "__main__":
    _answer()
