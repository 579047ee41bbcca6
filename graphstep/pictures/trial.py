"""A picture in SVG drawn once in a process of its own, which may fail without harm.

No rule that looks at a file can tell what filters, patterns and masks will cost. So where there are
some, another process draws the picture, with little memory and time, before this one does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache

from ..base.processes import surroundings
from ..look.png import fitting_png
from ..look.typst import typeset

MOST_MEMORY = 2_000_000_000  # bytes of address space beyond those of a process at rest
MOST_SECONDS = 20  # of processor time
PATIENCE = 6  # times as long by the clock, since the machine may be busy
PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")'


@lru_cache(maxsize=64)
def can_be_drawn(svg: bytes) -> bool:
    """Whether a picture can be drawn within bounds, as pixels and on a page."""
    if not sys.executable:  # inside another program, where no process can be started
        return True
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=svg, capture_output=True, env=surroundings(), check=False,
            timeout=PATIENCE * MOST_SECONDS,
        )  # fmt: skip
        return done.returncode == 0
    return False


def _bounded() -> None:
    """Set bounds for this process, where the system has any."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = _address_space()
        for kind, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, MOST_SECONDS),
            (resource.RLIMIT_AS, used + MOST_MEMORY),
        ):
            _, hard = resource.getrlimit(kind)
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (allowed, hard))


def _address_space() -> int:
    """The bytes of address space that this process has now; 0 where the system does not tell."""
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _draw(svg: bytes) -> None:
    _bounded()
    fitting_png(svg)
    typeset(PAGE, files={"picture.svg": svg})


if __name__ == "__main__":
    _draw(sys.stdin.buffer.read())
