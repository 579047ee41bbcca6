"""What tools/mutants.toml says of the code is still so."""

import re
import tomllib

import pytest
from readme import ROOT

CONFIG = tomllib.loads((ROOT / "tools" / "mutants.toml").read_text(encoding="utf-8"))
EQUIVALENT = CONFIG["equivalent"]
CORE = [path for name in CONFIG["folders"] for path in (ROOT / "graphstep" / name).glob("*.py")]


@pytest.mark.parametrize("row", EQUIVALENT, ids=lambda row: row["old"])
def test_an_equivalent_change_is_one_of_code_that_is_there(row):
    assert {"old", "new", "why"} <= set(row) <= {"module", "where", "old", "new", "why"}
    files = [ROOT / "graphstep" / row["module"]] if "module" in row else CORE
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert any(row["old"] in line for line in lines)
    where = row.get("where", "").rpartition(".")[2]
    assert any(re.search(rf"^ *(def|class) {where}\b", line) for line in lines)
    assert row["old"] != row["new"]


def test_no_equivalent_change_is_named_twice():
    keys = [
        tuple(row.get(part) for part in ("module", "where", "old", "new")) for row in EQUIVALENT
    ]
    assert len(keys) == len(set(keys))


def test_the_folders_are_there():
    assert all((ROOT / "graphstep" / name).is_dir() for name in CONFIG["folders"])
    named = {name for names in CONFIG["tests"].values() for name in names} | set(CONFIG["tests"])
    assert all((ROOT / "tests" / name).is_dir() for name in named)


@pytest.fixture(scope="module")
def mutants():
    pytest.importorskip("cosmic_ray", reason="the extra `mutants`")
    return pytest.importorskip("mutants")


def test_a_change_is_of_one_place_and_makes_a_module(mutants):
    before = (ROOT / "graphstep" / "gates" / "kinks.py").read_text(encoding="utf-8").splitlines()
    found = [p.mutant(change) for p in mutants.places("gates/kinks.py") for change in p.changes]
    assert len(found) > 5
    for mutant in found:
        after = mutant.code.splitlines()
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
        compile(mutant.code, mutant.module, "exec")


def test_a_row_names_the_change_of_a_piece_of_a_line(mutants):
    change = mutants.Mutant("graph/graph.py", "check", "a = b + c + d", "a = b + c - d", "", 1)
    row = {"module": "graph/graph.py", "where": "check", "old": "+ d", "new": "- d"}
    assert mutants.equivalent(change, row)
    assert mutants.equivalent(change, {"old": "c + d", "new": "c - d"})
    for other in ({"module": "graph/nodes.py"}, {"where": "x"}, {"old": "+"}, {"new": "* d"}):
        assert not mutants.equivalent(change, {**row, **other})


def test_the_tests_of_a_module_come_before_those_of_its_folder(mutants):
    tests = mutants.Tests(ROOT)
    tests.seconds = {p.relative_to(ROOT).as_posix(): 1.0 for p in ROOT.glob("tests/*/test_*.py")}
    tests.seconds["tests/calculus/test_values.py"] = 0.5
    files = tests.subject("calculus/shapes.py")
    assert files[:3] == ["tests/calculus/test_shapes.py", "graphstep/calculus",
                         "tests/calculus/test_values.py"]  # fmt: skip
    assert files.index("tests/gates/test_losses.py") > max(
        i for i, name in enumerate(files) if name.startswith("tests/calculus")
    )
