"""Check that each installed package is the oldest version that pyproject.toml allows.

`make test-min` runs this first: a bound that is never installed, since another package asks for
more, would be a promise that nobody has tested.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import requires, version

REQUIREMENT = re.compile(r"([\w.-]+).*?>=([\d.]+)[^;]*(?:; extra == '(\w+)')?")
NOT_INSTALLED = ("bench", "mutants")  # extras


def untried() -> Iterator[str]:
    """One line for each bound that is lower than the installed version."""
    for requirement in requires("graphstep") or ():
        found = REQUIREMENT.match(requirement)
        assert found, requirement
        name, bound, extra = found.groups()
        if extra not in NOT_INSTALLED and _numbers(version(name)) != _numbers(bound):
            yield f"{name}>={bound} in pyproject.toml, but {version(name)} is installed"


def _numbers(text: str) -> list[int]:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers


if __name__ == "__main__":
    sys.exit("\n".join(dict.fromkeys(untried())) or 0)
