"""The live widget and the cell magic, as Python sees them."""

import inspect
import json
import logging
import sys
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest
import traitlets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import graphstep as gs
from graphstep import notebook_magic as magic
from graphstep.formulas.mathml import shared
from graphstep.graph.slots import Slot
from graphstep.player.widget import FigureWidget


def widget(text="q = x + y; f = q * z", **inputs):
    return gs.stepper(text, **(inputs or dict(x=-2, y=5, z=-4))).widget()


def typed(w, name, text, at=()):
    w.entered = {"name": name, "at": list(at), "text": text, "count": w.answered + 1}


def test_an_input_is_typed_and_python_sees_it():
    w, seen = widget(), []
    w.observe(lambda event: seen.append(event["new"]["x"]), "inputs")
    typed(w, "x", "3")
    assert w.inputs == {"x": 3.0, "y": 5.0, "z": -4.0}
    assert seen == [3.0]
    assert w.stepper.value == -32.0
    assert w.fields[0]["text"] == "3"


def test_python_sets_inputs_and_only_what_changes_is_sent():
    w = widget()
    w.inputs = {"z": 2}
    slots = w.data["slots"].split()
    sent = {slots[i]: text for i, text in w.change["texts"].items()}
    fresh = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=2)
    assert sent == {
        "v3": "2",
        "v4": "6",
        "u0": "2",
        "u1": "2",
        "u2": "2",
        "l2": "2",
        "d0": "2",
        "d1": "2",
        "d2": "2",
    }
    assert fresh.texts[Slot("value", 4)] == "6"
    assert w.change["steps"] == {0: {"c": fresh[0].caption, "f": shared([fresh[0].equations])}}
    assert "stage" not in w.change


def test_each_frame_gets_its_new_words_when_it_is_shown():
    w = widget()
    w.step = 2
    assert w.change == {}
    w.inputs = {"z": 2}
    w.step = 3
    assert w.change["steps"][3]["c"] == w.stepper[3].caption
    w.look = "n2"
    assert w.change["nodes"][2]["f"] == "x + y = (−2) + 5"
    w.path = "x"
    assert w.change["paths"]["x"]["terms"][0][1] == "2"
    assert w.change["code"] == "\n".join(w.stepper.code().texts) != w.data["code"]
    assert "z = 2.0" in w.change["code"]


def test_a_change_is_what_a_fresh_figure_shows():
    """Applied to the old data, the change gives the texts of a figure made anew."""
    rng = np.random.default_rng(0)
    w = widget("h = tanh(W @ x) * c; f = sum(h)", W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], c=2)
    for value in rng.normal(size=5):
        typed(w, "W", str(value), (1, 0))
        typed(w, "c", f"{value / 2}")
    data = list(w._trait_values["data"]["texts"])
    assert len(data) == len(w.data["texts"])
    fresh = gs.stepper("h = tanh(W @ x) * c; f = sum(h)", inputs=w.inputs)
    fresh = fresh.with_space
    assert fresh.texts == w.stepper.texts
    assert fresh.markup == w.stepper.markup


def test_a_bad_input_keeps_the_last_good_figure():
    w = widget()
    before = w.stepper
    for text, says in (("many", "many"), ("inf", "finite"), ("nan", "finite")):
        typed(w, "x", text)
        assert says in w.error["message"]
        assert w.error["field"] == "x "
        assert w.stepper is before
    typed(w, "x", "1")
    assert w.error == {}
    for bad in ({"x": [1, 2]}, {"x": "2"}, {"no": 1}):
        with pytest.raises(traitlets.TraitError):
            w.inputs = bad
    assert w.inputs["x"] == 1.0


def test_a_later_view_is_told_of_all_changes():
    w = widget()
    w.inputs = {"z": 2}
    w.inputs = {"x": np.array(7)}
    w.step = 2
    slots = w.data["slots"].split()
    shown = dict(enumerate(w.data["texts"])) | w.change["texts"]
    now = gs.stepper("q = x + y; f = q * z", x=7, y=5, z=2).texts
    kinds = {"v": "value", "u": "upstream", "l": "local", "d": "downstream"}
    assert {Slot(kinds[n[0]], int(n[1:])): shown[i] for i, n in enumerate(slots)} == now
    assert w.stage.count("data-warn") == len(w.stepper.graph.nodes)
    with pytest.raises(traitlets.TraitError):
        w.inputs = {"x": np.zeros((2, 2))}


def test_steps_stay_inside():
    w = widget()
    w.step = 99
    assert w.step == len(w.stepper) - 1
    w.step = -5
    assert w.step == 0


def test_it_composes():
    w = widget()
    box = ipywidgets.HBox([w, ipywidgets.IntSlider()])
    assert box.children[0] is w
    ipywidgets.jslink((w, "step"), (box.children[1], "value"))
    assert isinstance(w, FigureWidget)


def test_fields_of_arrays_and_numbers():
    w = widget("f = sum(W @ x) * c + l2(V)", W=[[1, 2], [3, 4]], x=[5, 6], c=7, V=np.ones((9, 9)))
    names = [(f["name"], f["at"]) for f in w.fields]
    assert names[:4] == [("W", [i, j]) for i in (0, 1) for j in (0, 1)]
    assert ("c", []) in names
    assert not any(name == "V" for name, _ in names)
    slider = next(f["slider"] for f in w.fields if f["name"] == "c")
    assert slider[0] < 7 < slider[1]


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "graphstep.player.widget", raising=False)
    with pytest.raises(gs.GraphstepError, match=r"pip install 'graphstep\[notebook\]'"):
        widget()


# --- the expression


def test_another_text_takes_the_place_of_the_first():
    w, seen = widget(), []
    w.observe(lambda event: seen.append(w.stepper.value), "expression")
    w.inputs = {"y": 6}
    w.look, w.path, w.step = "n0", "x", 2
    w.expression = "f = (x - y) * 2"
    assert seen == [w.stepper.value] == [-16]
    assert (w.inputs, w.look, w.path, w.step, w.change) == ({"x": -2, "y": 6}, "", "", 2, {})
    w.inputs = {"y": 1}
    assert w.change["texts"]
    w.path = "y"
    w.expression = "f = exp(x)"
    assert (w.path, w.step, len(w.stepper)) == ("", 2, 3)


def test_the_new_figure_has_the_options_of_the_old_one():
    style = gs.Style(digits=4)
    w = gs.stepper(
        "f = x + 2", x=1, lang="ru", by="wire", forward=True, constants="nodes", style=style
    ).widget()
    w.expression = "f = x * 3"
    s = w.stepper
    assert (s.lang, s.by, s.forward, s.style, len(s.graph.nodes)) == (
        "ru", "wire", True, replace(style, spacing="wide"), 3,
    )  # fmt: skip


OPTIONS = [
    dict(lang="ru"), dict(by="wire", forward=True), dict(upstream=2.5), dict(target="q"),
    dict(mode="forward", wrt="x"), dict(mode="forward", wrt="x", tangent=3),
    dict(update="x, z", rate=0.5, rule="momentum(mu=0.5)"), dict(update="x", accumulate=True),
    dict(constants="nodes"), dict(style=gs.Style(digits=4)), dict(engine="embedded"),
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_an_edited_figure_has_all_options(options):
    """What an edited figure says is what a new one with the same options says."""
    w = gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, **options).widget()
    w.expression = "q = x*x; f = 2*(q - z) + x"
    new = gs.stepper("q = x*x; f = 2*(q - z) + x", x=-2, z=-4, **options)
    assert [(f.caption, f.legend) for f in w.stepper] == [(f.caption, f.legend) for f in new]
    assert w.stepper.texts == new.texts


def test_those_options_are_all():
    known = {name for options in OPTIONS for name in options}
    params = inspect.signature(gs.stepper).parameters
    assert known == params.keys() - {"expression", "inputs", "named"}


def test_an_edited_figure_goes_on_with_its_updates():
    s = gs.stepper("f = x*y + sum(W)", x=2, y=3, W=[1, 2], update="x, y, W", rule="momentum").next()
    w = s.widget()
    w.expression = "f = x*x*3 + sum(W)"
    assert (w.stepper.update.time, w.stepper.update.asked.names) == (2, ("x", "W"))
    assert w.stepper.update.state == {"x": s.update.state["x"], "W": s.update.state["W"]}
    w.expression = "f = exp(2)"
    assert w.stepper.update is None


def test_a_number_in_the_new_text_counts():
    w = gs.stepper("y = 3; f = x * y", x=2).widget()
    w.inputs = {"y": 5}
    w.expression = "y = 3; f = x * y + 1"
    assert w.inputs == {"x": 2, "y": 5}  # as it was set: the text says of y what it said
    w.expression = "x = 7; y = 4; f = x * y"
    assert w.inputs == {"x": 7, "y": 4}
    w.expression = "f = x * y"
    assert w.inputs == {"x": 7, "y": 4}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("f = 2x", "An operator is missing"),
        ("", "no expression"),
        ("f = x * b", "No value is given for b"),
        ("f = x * [1, 2]", "a gradient is of one number"),
        ("f = x" + " + x" * 10_000, "at most 10000 are read"),
        ("f = x * [1, 2] @ [1, 2, 3]", "shape"),
    ],
)
def test_a_text_that_has_no_figure_is_refused(text, says):
    w = widget()
    before, fixed = w.stepper, w.get_state(["stage", "data", "scope", "made", "fields"])
    with pytest.raises(traitlets.TraitError, match=says):
        w.expression = text
    w.set_state({"expression": text})
    assert says in w.error["message"]
    w.entered = {"expression": text, "count": 1}
    assert says in w.error["message"]
    assert w.error["field"] == "expression"
    assert w.stepper is before
    assert (w.expression, w.answered) == ("q = x + y; f = q * z", 1)
    assert w.get_state(fixed.keys()) == fixed
    w.entered = {"expression": "f = x * b", "typed": {"b": "2"}, "count": 2}
    assert w.error == {}
    assert w.stepper.value == -4


def test_what_cannot_be_drawn_is_refused_as_a_whole(monkeypatch):
    w = widget()
    state = w.get_state()

    def fail(_):
        raise gs.EngineError("no_engine", reason="")

    monkeypatch.setattr(type(w.stepper), "live_stage", property(fail))
    with pytest.raises(traitlets.TraitError):
        w.expression = "f = x"
    assert w.get_state() == state


def test_errors_are_told_in_the_language_of_the_figure():
    w = gs.stepper("f = x * y", x=1, y=2, lang="ru").widget()
    w.entered = {"expression": "f = x * b", "count": 1}
    assert w.error["message"].startswith("строка 1, столбец 9: Не задано: b.")
    typed(w, "x", "many")
    assert "одним числом" in w.error["message"]
    w.set_state({"inputs": {"x": [1, 2]}})
    assert "размеры" in w.error["message"]


def test_a_graph_without_a_text_cannot_be_edited():
    w = gs.stepper(gs.trace(lambda x: x * x, 2.0)).widget()
    assert w.expression == ""
    with pytest.raises(traitlets.TraitError, match="not made from a text"):
        w.expression = "f = x"
    with pytest.raises(traitlets.TraitError):
        widget().expression = 5


@pytest.mark.parametrize("constants", ["inside", "nodes"])
def test_a_graph_whose_group_was_opened_again_is_that_of_its_text(constants):
    graph = gs.parse("h = 2*w*x; q = h + b; f = sigmoid(q)", constants=constants)
    grouped = graph.group(["h", "q"], "linear")
    values = {"w": 1.0, "x": 2.0, "b": 3.0}
    assert gs.stepper(grouped, inputs=values).widget().expression == ""
    w = gs.stepper(grouped.expand("linear"), inputs=values).widget()
    assert w.expression == graph.source
    w.expression = "f = 3*w*x + b"
    assert w.inputs == values
    assert w._stepper.graph == gs.parse("f = 3*w*x + b", constants=constants)


def test_no_file_is_read_for_what_is_typed(tmp_path):
    np.save(tmp_path / "b.npy", [1.0, 2.0])
    w = widget()
    for text in (f"@{tmp_path / 'b.npy'}", "randn(2)", "x", "[x]", "1" * 20_000, ""):
        w.entered = {"expression": "f = sum(b)", "typed": {"b": text}, "count": 1}
        assert w.error["field"] == "expression", text
    assert w.expression == "q = x + y; f = q * z"


# --- the magic


def test_the_extension_is_loaded_as_ipython_does_it():
    made = {}

    class Shell:
        def register_magic_function(self, function, kind, name):
            made[kind, name] = function

    import importlib

    importlib.import_module("graphstep").load_ipython_extension(Shell())
    assert made == {("cell", "graphstep"): magic.cell_magic}


def test_the_cell_is_the_expression_and_its_line_the_inputs():
    s = magic.cell_magic("x=-2 y=5 z=-4 --by wire --forward", "q = x + y\nf = q * z\n")
    assert (s.value, s.by, s.forward) == (-12.0, "wire", True)
    assert magic.cell_magic("'W=[[1, 2]]' --by gate x=[3,4]", "f = sum(W @ x)").value == 11.0
    assert "data-veiled" in magic.cell_magic("x=1 --quiz", "f = x * 2")._repr_html_()
    assert magic.cell_magic("--widget x=1", "f = x * 2").inputs == {"x": 1.0}


@pytest.mark.parametrize(
    ("line", "cell", "says"),
    [
        ("x=1", "f = x ^ 2", "^ is not a power"),
        ("x=1", "f = x * y", "No value is given for y"),
        ("--widget", "f = x * 2", "This figure has no numbers"),
        ("x=1 --loud", "f = x * 2", "--loud"),
        ("x=1 --by leaf", "f = x * 2", "leaf"),
        ('x="1', "f = x * 2", "quotation"),
    ],
)
def test_an_error_of_a_cell_is_one_message(capsys, line, cell, says):
    assert magic.cell_magic(line, cell) is None
    assert says in capsys.readouterr().out


def test_where_there_is_no_kernel_the_figure_steps():
    s = gs.stepper("f = x * y", x=2, y=3)
    w = s.widget()
    data, _ = w._repr_mimebundle_()
    assert 'class="graphstep-figure' in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == "<FigureWidget 'f = x * y'>"
    assert "-still" not in data["text/html"]  # its ids are not those of s on the same page


# --- what a page may send, and what not

HOSTILE_TEXT = "h = tanh(W @ x) * c; f = sum(h)"
HOSTILE = gs.stepper(HOSTILE_TEXT, W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4], c=2)
STATE_BEFORE = HOSTILE.widget().get_state()
NAMES = {*STATE_BEFORE, "no", ""}
PAGES_OWN = {"step", "playing", "inputs", "look", "path", "entered", "expression"}
CHANGES = {"change", "fields", "error", "answered", "layout", "_model_id"}
OF_TEXT = {"stage", "scope", "styles", "data"}  # which other numbers do not change
FIXED = STATE_BEFORE.keys() - PAGES_OWN - CHANGES - OF_TEXT - {"made"}
TEXTS = [
    "f = x",
    "f = sum(x) + c",
    "f = b * c",
    "f = 2x",
    "x",
    "c=1;f=c*c",
    "f=" + "c+" * 6000 + "c",
]
WORDS = st.sampled_from(["x", "c", "W", "name", "at", "text", "state", "method", ""])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(2**63), 1e308, float("nan"), float("inf"), "9" * 5000, "n0", "w1"]),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["x", "y", "c", "W", "1", "2.5", "n99", "w-1", "n1; w2", "\x00", "\ud800"]),
    st.sampled_from(TEXTS),
)
THINGS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
ENTERED = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("name", "at", "text", "count", "more", "expression", "typed"), THINGS)
    | {"name": st.sampled_from(["W", "x", "c", "no"]), "at": st.just([]) | st.just([1, 0])},
)
MESSAGES = st.recursive(
    SCALARS | st.sampled_from(["update", "custom", "request_state", "content", "data"]),
    lambda inner: (
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ["content", "data", "method", "state", "buffer_paths", "buffers"], inner
            ),
        )
        | st.lists(inner, max_size=2)
    ),
    max_leaves=20,
)
STATE = st.dictionaries(st.sampled_from(sorted(NAMES)), THINGS | ENTERED, max_size=3) | THINGS


@given(st.lists(STATE, max_size=5), st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_message_raises_or_corrupts(states, data):
    """After whatever a page sends, the widget shows what a new figure of its inputs shows."""
    w, told = HOSTILE.widget(), []
    w.log, handler = logging.Logger("widget"), logging.Handler()
    w.log.addHandler(handler)  # there ipywidgets puts exceptions
    handler.emit = told.append
    for state in states:
        w._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})
    w._handle_msg(data.draw(MESSAGES))
    assert told == []
    assert {name: w.get_state()[name] for name in FIXED} == {k: STATE_BEFORE[k] for k in FIXED}
    assert w.made % 2 == 0
    json.dumps({k: v for k, v in w.get_state().items() if k != "layout"}, allow_nan=False)
    fresh = gs.stepper(w.expression, inputs=w.inputs)
    fresh = fresh.with_space
    assert fresh.texts == w.stepper.texts
    assert fresh.live_stage == w.stage or w.made == 0
    assert w.step in range(len(fresh))
    w.entered = {"expression": "c = 2; f = c + c", "count": 1}
    typed(w, "c", "3")
    assert (w.stepper.value, w.error) == (6, {})


def test_inputs_of_another_shape_are_refused_before_they_are_run(monkeypatch):
    w = widget()
    before = w.inputs
    monkeypatch.setattr(type(w.stepper), "at", lambda *_: pytest.fail("it ran"))
    w.set_state({"inputs": {"x": [[1] * 1000] * 1000}})
    assert "keep their shapes" in w.error["message"]
    assert w.inputs == before


def test_the_page_gets_back_what_it_may_not_set(monkeypatch):
    w, sent = widget(), []
    monkeypatch.setattr(type(w), "send_state", lambda _, key=None: sent.append(key))
    w.set_state({"stage": "<svg/>", "_esm": "alert(1)", "look": "n99", "step": 2, "unknown": 1})
    assert ([name for name in sent if name in w.keys], w.step) == (["stage", "_esm", "look"], 2)
