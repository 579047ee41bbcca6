"""Tasks run by other processes, of this machine or of an existing cluster.

A crew is called with a function and items, and yields the results in the order of the items. When a
process dies, its unfinished tasks are run again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

from ..base.errors import GraphstepError, OutputError, reason

In = TypeVar("In")
Out = TypeVar("Out")
LIVES = 3  # after so many deaths of processes of this machine, give up
PATIENCE = 10.0  # seconds to wait for an answer of a cluster
CHECK_INTERVAL = 60.0  # seconds of waiting for a result before workers are looked for


class Crew(Protocol):
    """A way to run a function on many items, in any processes."""

    def __call__(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        """The results, in the order of the items."""


def in_this_process(function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
    """Run everything in this process."""
    return map(function, items)


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


@contextmanager
def processes(jobs: int) -> Iterator[Crew]:
    """A crew of `jobs` processes of this machine. Raises OutputError if they keep dying."""
    pool = _Pool(jobs)
    try:
        yield pool
    finally:
        pool.close()


class _Pool:
    """Processes that are spawned, not forked, since forking copies threads in any state."""

    def __init__(self, jobs: int) -> None:
        self.jobs, self.lives = jobs, LIVES
        self.executor = self._new()

    def _new(self) -> Any:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        context = get_context("spawn")
        ending, self.alive = context.Pipe(duplex=False)
        return ProcessPoolExecutor(
            self.jobs, mp_context=context, initializer=_end_with, initargs=(ending,)
        )

    def __call__(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        from concurrent.futures import BrokenExecutor

        done = 0
        while done < len(items):
            try:
                for result in self.executor.map(function, items[done:]):
                    done += 1
                    yield result
            except BrokenExecutor as error:
                self.lives -= 1
                if not self.lives:
                    raise OutputError("workers_failed", reason=reason(error)) from error
                self.close()
                self.executor = self._new()

    def close(self) -> None:
        """Stop the processes without waiting for their tasks."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.alive.close()


def _end_with(ending: Any) -> None:
    """In a new process: end it when the other end of a pipe is closed, if only by a kill.

    Ctrl+C in a terminal reaches all processes; the one that began the others tells them.
    """
    import signal
    from threading import Thread

    def watch() -> None:
        with suppress(EOFError, OSError):
            ending.recv()
        os._exit(0)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=watch, daemon=True).start()


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """A crew of the workers of a Dask cluster. Raises OutputError without cluster or workers."""
    try:
        import distributed
    except ImportError as error:
        raise OutputError("needs_extra", what="--dask", extra="cluster") from error
    try:
        _check_address(address)
        make: Any = distributed.Client
        client = make(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError("no_cluster", address=address, reason=reason(error)) from error
    try:
        yield _Cluster(client, address)
    finally:
        client.close()


def _check_address(address: str) -> None:
    """Raise ValueError for a wrong address at once; a client would take 20 s."""
    from distributed.comm import get_address_host, parse_address
    from distributed.comm.registry import get_backend

    get_backend(parse_address(address)[0])
    get_address_host(address)


class _Cluster:
    """A connection to a cluster."""

    def __init__(self, client: Any, address: str) -> None:
        self.client, self.address = client, address

    def __call__(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        self._wait()
        # pure=False: a new name for each task, so that no result of another batch is taken
        futures = self.client.map(function, items, pure=False, retries=LIVES)
        for future in futures:
            yield self._result(future)

    def _wait(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError) as error:
            raise OutputError("no_workers", address=self.address) from error

    def _result(self, future: Any) -> Any:
        """The result of a task; the cluster runs it again if its worker dies."""
        while True:
            try:
                return future.result(timeout=CHECK_INTERVAL)
            except TimeoutError:
                self._wait()  # the task is slow, or there are no workers
            except GraphstepError:
                raise
            except Exception as error:
                raise OutputError("workers_failed", reason=reason(error)) from error
