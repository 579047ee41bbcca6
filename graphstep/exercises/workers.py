"""Tasks done by other processes: of this machine, or of a cluster that is there already.

A crew is called with a function and items, and gives what comes out in their order. A process that
dies loses nothing: what it had not finished is done again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from ..base.errors import GraphstepError, OutputError, reason

In = TypeVar("In")
Out = TypeVar("Out")
LIVES = 3  # how often processes of this machine may die
PATIENCE = 10.0  # seconds that a cluster may take to answer
ALONE = 60.0  # seconds that a cluster may be without workers


class Crew(Protocol):
    """Does a task for each item, anywhere."""

    def __call__(self, function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
        """What comes out, in the order of the items."""


def alone(function: Callable[[In], Out], items: Sequence[In]) -> Iterator[Out]:
    """Everything in this process."""
    return map(function, items)


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


@contextmanager
def processes(jobs: int) -> Iterator[Crew]:
    """So many processes of this machine. Raises OutputError where they die again and again."""
    pool = _Pool(jobs)
    try:
        yield pool
    finally:
        pool.close()


class _Pool:
    """Processes that start from nothing, so that no thread of this one is copied half way."""

    def __init__(self, jobs: int) -> None:
        self.jobs, self.lives = jobs, LIVES
        self.executor = self._new()

    def _new(self) -> Any:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        return ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"))

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
        """End the processes, whatever they are at."""
        self.executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """The workers of a Dask cluster. Raises OutputError where there is none, or no worker."""
    try:
        import distributed
    except ImportError as error:
        raise OutputError("needs_extra", what="--dask", extra="cluster") from error
    try:
        _known(address)
        make: Any = distributed.Client
        client = make(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError("no_cluster", address=address, reason=reason(error)) from error
    try:
        yield _Cluster(client, address)
    finally:
        client.close()


def _known(address: str) -> None:
    """Raises ValueError for no address of a cluster, which a client would take 20 s to say."""
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
        # pure=False: a name of its own for each task, whatever other batches are there
        futures = self.client.map(function, items, pure=False, retries=LIVES)
        for future in futures:
            yield self._result(future)

    def _wait(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError) as error:
            raise OutputError("no_workers", address=self.address) from error

    def _result(self, future: Any) -> Any:
        """What a task gives; the cluster does it anew where a worker has died."""
        while True:
            try:
                return future.result(timeout=ALONE)
            except TimeoutError:
                self._wait()  # it is slow, or nobody is there
            except GraphstepError:
                raise
            except Exception as error:
                raise OutputError("workers_failed", reason=reason(error)) from error
