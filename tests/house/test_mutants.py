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
