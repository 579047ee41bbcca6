"""Why numbers are not finite: the reason is true, and no inf or nan is shown without one."""

import math
import re

import mpmath as mp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import BY_ELEMENT, EXACTLY, graph_of

import graphstep as gs
from graphstep.base.words import sentences
from graphstep.reasons.troubles import of_trouble

EXAMPLES = {
    "domain": ("f = log(x)", dict(x=-1)),
    "overflow": ("f = exp(x)", dict(x=1000)),
    "inside": ("f = sum(batchnorm(x*[[1], [1]], [1], [0]))", dict(x=1.7e308)),
    "local_overflow": ("f = x/y", dict(x=1, y=1e-200)),
    "steep": ("f = sqrt(x)", dict(x=0)),
    "base": ("f = x**y", dict(x=-2, y=3)),
    "carried": ("f = log(x)*y", dict(x=-1, y=2)),
    "indefinite": ("f = exp(x)*y", dict(x=1000, y=0)),
}


def captions(text, inputs, lang="en", by="gate"):
    return [f.caption for f in gs.stepper(text, inputs=inputs, lang=lang, by=by, forward=True)]


def pattern(key, lang):
    """What matches a sentence about a number that is not finite, whatever is in its places."""
    return re.compile(re.sub(r"\\{\w+\\}", ".*", re.escape(sentences(lang)[key])))


def about(lang):
    return [pattern(key, lang) for key in sentences(lang) if key.startswith("trouble.")]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("key", EXAMPLES)
def test_reasons_by_example(key, lang):
    text, inputs = EXAMPLES[key]
    assert pattern(f"trouble.{key}", lang).search(" ".join(captions(text, inputs, lang)))


def test_every_reason_has_an_example():
    """Those of groups, custom gates and large gradients are in tests of their own below."""
    known = {key.partition(".")[2] for key in sentences("en") if key.startswith("trouble.")}
    assert known == EXAMPLES.keys() | {"local", "local_inside", "upstream", "tangent", "too_large"}


def test_gradients_that_are_too_large():
    said = captions("f = a*(b*(c*x))", dict(a=1e200, b=1e200, c=1, x=0))
    assert "The gradient of c*x is inf: it has passed the largest float, 1.8e308." in said[-1] + (
        " ".join(said)
    )
    said = captions("f = a*(b*x) + c*(d*x)", dict(a=1e200, b=1e200, c=1, d=1, x=0))
    assert any("A product here has passed the largest float" in one for one in said)


def test_of_groups_and_custom_gates():
    group = gs.parse("a = log(x); b = a * y; f = b + 1").group(["a", "b"], "cell")
    said = " ".join(f.caption for f in gs.stepper(group, x=-1, y=2))
    assert "a number inside it is not finite" in said
    group = gs.parse("a = sqrt(x); b = a * y; f = b + 1").group(["a", "b"], "cell")
    said = " ".join(f.caption for f in gs.stepper(group, x=0, y=2))
    assert "A local gradient of the cell gate (b) is inf: a number inside it" in said

    @gs.gate(name="steep_root", local=[lambda x: math.inf])
    def steep_root(x):
        return x

    said = " ".join(f.caption for f in gs.stepper("f = steep_root(x)", x=1))
    assert "is inf, as its own definition returns it." in said


POINTS = (-1000.0, -2.0, -1.0, -0.5, 0.0, -0.0, 0.5, 1.0, 2.0, 3.0, 1000.0, 1e-200, 1e200, 1.7e308)


def exact(gate, args):
    """The exact value; None where there is none."""
    try:
        found = gate.apply(EXACTLY, *map(mp.mpf, args))
    except ZeroDivisionError:
        return None
    return None if isinstance(found, mp.mpc) or not mp.isfinite(found) else found


@pytest.mark.parametrize("name", BY_ELEMENT)
def test_the_reason_of_a_value_is_the_domain_or_the_size(name):
    gate, met = BY_ELEMENT[name], set()
    graph = graph_of(gate)
    for x in POINTS:
        for y in POINTS if len(gate.params) > 1 else (0.0,):
            args = (x, y, 1.0)[: len(gate.params)]
            run = graph.forward(dict(zip(graph.inputs, args, strict=True)))
            for trouble in run.troubles:
                if trouble.kind != "value":
                    continue
                key = of_trouble(run, trouble)
                value = exact(gate, args) if abs(x) < 1e100 or name != "exp" else mp.inf
                wanted = "domain" if value is None else "overflow"
                assert key == wanted, args
                assert value is None or abs(value) > 1.7e308
                met.add(key)
    assert ("domain" in met) == (gate.defined is not None)


numbers = st.sampled_from([0.0, 1.0, -1.0, 2.0, -0.5, 1000.0, -1000.0, 1e200, -1e200, 1e-200])
inner = st.recursive(
    st.sampled_from(["x", "y"]),
    lambda e: st.one_of(
        st.tuples(st.sampled_from(["log", "exp", "sqrt", "reciprocal", "square", "tanh", "relu"]), e)
        .map("{0[0]}({0[1]})".format),
        st.tuples(e, st.sampled_from(["*", "/", "**", "+", "-"]), e).map("({0[0]} {0[1]} {0[2]})".format),
    ),
    max_leaves=5,
)  # fmt: skip


@given(
    text=inner, arrays=st.booleans(), x=st.tuples(numbers, numbers), y=st.tuples(numbers, numbers)
)
def test_no_inf_or_nan_without_a_reason(text, arrays, x, y):
    """Each step that shows one for the first time says why, in both languages."""
    source = f"f = sum({text})" if arrays else f"f = {text}"
    graph = gs.parse(source)
    values = {"x": list(x), "y": list(y)} if arrays else {"x": x[0], "y": y[0]}
    values = {name: values[name] for name in graph.inputs}
    for lang in ("en", "ru"):
        s = gs.stepper(graph, inputs=values, lang=lang, forward=True)
        sentences_ = about(lang)
        for frame in s:
            shown = [s.texts[slot] for slot in frame.step.shows]
            bad = any(re.search(r"\b(inf|nan)\b", one) for one in shown)
            said = any(one.search(frame.caption) for one in sentences_)
            assert said >= bad, (frame, frame.caption)
            if not s.tape.troubles:
                assert not said


def test_where_a_gate_with_options_comes_before_a_group_that_has_no_gradient():
    graph = gs.parse("h = x[::-1]; f = sum(sqrt(h)) + sum(h)")
    group = graph.group([i for i in graph.gates if i != graph.index("h")], "rest")
    captions = [frame.caption for frame in gs.stepper(group, x=[[0.5, -1]])]
    assert any("nan" in caption for caption in captions)
