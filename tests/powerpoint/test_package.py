"""The one place that touches what python-pptx keeps to itself, and the versions it was tried with."""

import ast
from importlib.metadata import version
from pathlib import Path

from pptx import Presentation

import graphstep
from graphstep.powerpoint.package import relations_of, set_content

TRIED = ("1.0.0", "1.0.1", "1.0.2")
FOLDER = Path(graphstep.__file__).parent / "powerpoint"


def test_private_names_mean_what_they_meant():
    """With a version that is not listed here, try `make lecture` and open a deck before you add it."""
    assert version("python-pptx") in TRIED
    made = Presentation()
    relations = relations_of(made.part)
    assert any(relation.reltype.endswith("/slideMaster") for relation in relations.values())
    name = next(iter(relations))
    relations.pop(name)
    assert name not in made.part.rels
    theme = next(
        relation.target_part
        for relation in relations_of(Presentation().slide_master.part).values()
        if relation.reltype.endswith("/theme")
    )
    set_content(theme, b"<new/>")
    assert theme.blob == b"<new/>"


def test_no_other_line_touches_them():
    private = []
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                ours = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
                if not ours and node.attr not in ("_replace", "_asdict", "_fields"):
                    private.append((path.name, node.attr))
    assert sorted(private) == [("package.py", "_blob"), ("package.py", "_rels")]
