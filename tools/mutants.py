"""Change one place of the code at a time, and see whether the tests of its subject notice.

    make mutants                                # every place: a night
    make mutants SAMPLE=300 SEED=1              # 300 places, drawn at random
    make mutants OF="graph calculus/shapes.py"  # a folder and a module
    make mutants AGAIN=1                        # what survived the last time

The changes are those of Cosmic Ray. Each is made in a copy of the repository, and a fork of this
process, which has the large packages imported, runs the tests. What survived is in out/mutants.json
too. tools/mutants.toml says which tests belong to a folder, and which changes alter no behaviour.
"""

from __future__ import annotations

import argparse
import compileall
import difflib
import importlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path
from py_compile import PycInvalidationMode
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).parent.parent
FOUND = ROOT / "out" / "mutants.json"
CONFIG: Mapping[str, Any] = tomllib.loads(
    (ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8")
)
HEAVY = ("autograd.numpy", "graphviz", "hypothesis", "networkx", "numpy", "wasmtime")
"""Imported once, before the forks; graphstep is imported in each."""
LEAST = 0.9
"""The share that the tests are to notice."""


class Mutant(NamedTuple):
    """One change of one place."""

    module: str
    """Below graphstep/."""
    where: str
    """The function or class around it."""
    old: str
    new: str
    code: str
    """The whole changed module."""
    line: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others, wherever in the module it stands."""
        return self.module, self.where, self.old, self.new

    def __str__(self) -> str:
        """Its place, and the lines before and after."""
        name = f"{self.module}:{self.line} {self.where}".rstrip()
        return "\n".join((name, *(f"  - {line}" for line in self.old.splitlines()),
                          *(f"  + {line}" for line in self.new.splitlines())))  # fmt: skip


class Place(NamedTuple):
    """Where the code can be changed, and how: (operator, which of its occurrences)."""

    module: str
    where: str
    line: int
    changes: tuple[tuple[str, int], ...]

    def mutant(self, change: tuple[str, int]) -> Mutant:
        """One of its changes, made."""
        name, occurrence = change
        before = (ROOT / "graphstep" / self.module).read_text(encoding="utf-8")
        after = mutate_code(before, get_operator(f"core/{name}")(), occurrence)
        diff = list(difflib.ndiff(before.splitlines(), after.splitlines()))
        old, new = ("\n".join(d[2:].strip() for d in diff if d[0] == sign) for sign in "-+")
        return Mutant(self.module, self.where, old, new, after, self.line)


def places(module: str) -> Iterator[Place]:
    """Each place of a module once, however many changes fit there."""
    nodes = list(ast_nodes(get_ast((ROOT / "graphstep" / module).read_text(encoding="utf-8"))))
    found: dict[Any, tuple[str, list[tuple[str, int]]]] = {}
    for name in CONFIG["operators"]:
        operator = get_operator(f"core/{name}")()
        spans = ((node, span) for node in nodes for span in operator.mutation_positions(node))
        for occurrence, (node, span) in enumerate(spans):
            where = ASTQuery(node).get_definition_name() or ""
            found.setdefault(span, (where, []))[1].append((name, occurrence))
    for ((line, _), _), (where, changes) in sorted(found.items()):
        yield Place(module, where, line, tuple(changes))


def modules(of: Sequence[str]) -> list[str]:
    """The modules in these folders, and these modules."""
    top = ROOT / "graphstep"
    files = (path for name in of for path in sorted((top / name).glob("*.py")) or [top / name])
    return [path.relative_to(top).as_posix() for path in files]


class Run(NamedTuple):
    """How the tests ended, and the seconds of the processor that they took."""

    outcome: str
    seconds: float


class Tests:
    """The tests in a copy of the repository, where the code is changed."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self.seconds: dict[str, float] = {}

    def subject(self, module: str) -> list[str]:
        """Files with the tests of a module: its own first, then from the fastest to the slowest."""
        folder, name = module.split("/")
        own = [f"tests/{folder}/test_{name}", f"graphstep/{folder}"]  # then the doctests
        folders = (folder, *CONFIG["tests"].get(folder, ()))
        others = [
            sorted(
                (p.relative_to(self.copy).as_posix()
                 for p in (self.copy / "tests" / place).glob("test_*.py")),
                key=self.taken,
            )
            for place in folders
        ]  # fmt: skip
        files = [name for name in own if (self.copy / name).exists()]
        return list(dict.fromkeys([*files, *(name for group in others for name in group)]))

    def taken(self, name: str) -> float:
        """The seconds that a file of tests takes where nothing is changed."""
        if name not in self.seconds:
            run = self.run([name], 600)
            if run.outcome != "survived":
                sys.exit(f"{name} fails without any change: {run.outcome}")
            self.seconds[name] = run.seconds
        return self.seconds[name]

    def notice(self, mutant: Mutant) -> str:
        """What becomes of a mutant: killed, timeout or survived."""
        files = self.subject(mutant.module)
        limit = 20 + 4 * sum(map(self.taken, files))  # before the change
        path = self.copy / "graphstep" / mutant.module
        before = path.read_bytes()
        path.write_text(mutant.code, encoding="utf-8")
        try:
            return self.run(files, limit).outcome
        finally:
            path.write_bytes(before)

    def run(self, files: Sequence[str], limit: float) -> Run:
        """Run files of tests in a fork, until one fails or the processor's time is over."""
        child = os.fork()
        if not child:
            os._exit(self.inside(files, limit))
        over = time.monotonic() + 10 * limit  # of other processes too, or of waiting for nothing
        try:
            while True:
                done, status, usage = os.wait4(child, os.WNOHANG)
                if done:
                    return Run(_outcome(status), usage.ru_utime + usage.ru_stime)
                if time.monotonic() > over:
                    os.killpg(child, signal.SIGXCPU)
                time.sleep(0.01)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # what the tests left behind

    def inside(self, files: Sequence[str], limit: float) -> int:
        """In the fork: the status of pytest."""
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
        resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        os.chdir(self.copy)
        sys.path.insert(0, str(self.copy))
        os.environ |= {"PYTHONPATH": str(self.copy), "HYPOTHESIS_PROFILE": "few"}
        sys.dont_write_bytecode = True
        import pytest

        options = ["-x", "--assert=plain", "--basetemp=tmp", "-m", "not browser"]
        options += [f"--deselect={name}" for name in CONFIG["left_out"]]
        return int(pytest.main([*options, *files]))


def _outcome(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"
    return "survived" if os.WEXITSTATUS(status) in (0, 5) else "killed"  # 5: it has no tests


def copied(folder: Path) -> Path:
    """The repository as it is now; its modules are compiled, and compared by their text."""
    listed = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    told = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, told.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    mode = PycInvalidationMode.CHECKED_HASH
    for part in ("graphstep", "tests"):
        compileall.compile_dir(folder / part, quiet=1, invalidation_mode=mode)
    return folder


def drawn(options: argparse.Namespace) -> list[Mutant]:
    """The mutants of this run: all, some at random, or those that survived the last one."""
    random = Random(options.seed)
    found = [place for module in modules(options.of) for place in places(module)]
    if options.again:
        last = {tuple(key) for key in json.loads(FOUND.read_text(encoding="utf-8"))}
        near = [place for place in found if (place.module, place.where) in {k[:2] for k in last}]
        mutants = (place.mutant(change) for place in near for change in place.changes)
        return [mutant for mutant in mutants if mutant.key in last]
    if options.sample:
        found = random.sample(found, min(options.sample, len(found)))
    return [place.mutant(random.choice(place.changes)) for place in found]


def equivalent(mutant: Mutant, row: Mapping[str, str]) -> bool:
    """Whether a row names this change: its `old`, a piece of the line, became its `new`."""
    if any(
        row.get(part, told) != told
        for part, told in (("module", mutant.module), ("where", mutant.where))
    ):
        return False
    starts = (found.start() for found in re.finditer(re.escape(row["old"]), mutant.old))
    length = len(row["old"])
    return any(mutant.old[:k] + row["new"] + mutant.old[k + length :] == mutant.new for k in starts)


def judged(mutants: Sequence[Mutant], tests: Tests) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with what became of it; survivors are printed at once."""
    rows = CONFIG["equivalent"]
    for number, mutant in enumerate(mutants, 1):
        outcome = (
            "equivalent" if any(equivalent(mutant, row) for row in rows) else tests.notice(mutant)
        )
        print(f"{number}/{len(mutants)} {outcome}", end="\r", file=sys.stderr)
        if outcome == "survived":
            print(mutant, flush=True)
        yield mutant, outcome


OUTCOMES = ("killed", "timeout", "survived", "equivalent")


def table(results: Iterable[tuple[Mutant, str]]) -> Iterator[str]:
    """A row for each folder, and one for all; the share leaves out the equivalent ones."""
    counts = Counter((name, outcome) for mutant, outcome in results
                     for name in (mutant.module.split("/")[0], "all"))  # fmt: skip
    yield " ".join(f"{head:>10}" for head in ("", *OUTCOMES, "noticed"))
    for name in dict.fromkeys([*(name for name, _ in counts if name != "all"), "all"]):
        row = [counts[name, outcome] for outcome in OUTCOMES]
        yield " ".join(f"{cell:>10}" for cell in (name, *row, f"{share(*row):.1%}"))


def share(killed: int, timeout: int, survived: int, _equivalent: int) -> float:
    """The share of the mutants that the tests notice."""
    return (killed + timeout) / max(killed + timeout + survived, 1)


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Change the code and see if the tests notice.")
    parser.add_argument("of", nargs="*", help="folders and modules below graphstep/")
    parser.add_argument("--sample", type=int, help="so many places at random, instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="those that survived the last time")
    given = parser.parse_args()
    given.of = given.of or CONFIG["folders"]
    return given


def main() -> bool:
    """Whether enough is noticed."""
    mutants = drawn(options())
    for name in HEAVY:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for end in (signal.SIGINT, signal.SIGTERM):  # what is known until then is printed
        signal.signal(end, signal.default_int_handler)
    results: list[tuple[Mutant, str]] = []
    with TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        for result in judged(mutants, Tests(copied(Path(folder)))):
            results.append(result)  # noqa: PERF402 - those before an interruption count
    survivors = [mutant.key for mutant, outcome in results if outcome == "survived"]
    FOUND.parent.mkdir(exist_ok=True)
    FOUND.write_text(json.dumps(survivors, ensure_ascii=False, indent=1), encoding="utf-8")
    print(*table(results), sep="\n")
    outcomes = Counter(outcome for _, outcome in results)
    return share(*(outcomes[name] for name in OUTCOMES)) >= LEAST


if __name__ == "__main__":
    sys.exit(not main())
