"""Calls of compiled code that a signal can interrupt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Out = TypeVar("Out")
INTERVAL = 0.1  # seconds after which a waiting thread looks for signals, where none wakes it


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
