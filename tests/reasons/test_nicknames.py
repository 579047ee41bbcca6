"""Nicknames and ties: each can appear, only where what it says of the numbers is true."""

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.words import sentences
from graphstep.gates import GATES

X = [[1, 5], [4, 3]]
NICKNAMES = {
    "add": ("f = x + y", dict(x=1, y=2)),
    "mul": ("f = x * y", dict(x=1, y=2)),
    "max": ("f = max(x, y)", dict(x=1, y=2)),
    "min": ("f = min(x, y)", dict(x=1, y=2)),
    "max_each": ("f = sum(max(x, y))", dict(x=[1, 2], y=[3, 0])),
    "min_each": ("f = sum(min(x, y))", dict(x=[1, 2], y=[3, 0])),
    "matmul": ("f = sum(x @ y)", dict(x=X, y=[[1, 2], [3, 4]])),
    "sum": ("f = sum(sum(x, axis=1)*[2, 3])", dict(x=X)),
    "amax": ("f = 2*max(x)", dict(x=X)),
    "amin": ("f = 2*min(x)", dict(x=X)),
    "amax_axis": ("f = sum(max(x, axis=1)*[2, 3])", dict(x=X)),
    "amin_axis": ("f = sum(min(x, axis=0)*[2, 3])", dict(x=X)),
    "maxpool2d": ("f = sum(maxpool2d(x, 2, 1)*[[2, 3]])", dict(x=[[1, 5, 2], [4, 3, 0]])),
}
TIES = {
    "inputs": ("f = max(x, 0)", dict(x=0)),
    "inputs_some": ("f = sum(max(x, y))", dict(x=[1, 2], y=[1, 5])),
    "elements": ("f = max(x)", dict(x=[2, 2, 1])),
    "pieces": ("f = sum(maxout(x, w, 0, v, 0))", dict(x=[1, 1], w=[[1], [0]], v=[[0], [1]])),
}


def captions(text, inputs, lang="en", by="gate"):
    return " ".join(frame.caption for frame in gs.stepper(text, inputs=inputs, lang=lang, by=by))


def keys(section):
    words = [key for lang in ("en", "ru") for key in sentences(lang)]
    return {key.removeprefix(section) for key in words if key.startswith(section)}


def test_every_nickname_and_tie_has_an_example():
    assert keys("nickname.") == NICKNAMES.keys()
    assert keys("tie.") == {*TIES, "order"}
    assert {g.name for g in GATES.values() if g.nickname} <= NICKNAMES.keys()
    assert {g.ties for g in GATES.values() if g.ties} == {*TIES, "order"} - {"inputs_some"}


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("key", NICKNAMES)
def test_a_nickname_appears_and_is_true(key, lang):
    text, inputs = NICKNAMES[key]
    said = captions(text, inputs, lang)
    assert sentences(lang)[f"nickname.{key}"] in said
    name = key.partition("_")[0]
    gate = "matmul" if name == "matmul" else name
    tape = gs.parse(text).forward(inputs)
    assert CLAIMS[GATES[gate].nickname](tape, gate)


def wires_of(tape, name):
    graph = tape.graph
    for w, wire in enumerate(graph.wires):
        if graph.nodes[wire.target].gate.name == name:
            yield tape.downstream(w), tape.upstreams[wire.target], wire


def is_distributed(tape, name):
    found = list(wires_of(tape, name))
    return found and all(
        set(np.ravel(down)) <= set(np.ravel(up)) and np.size(down) >= np.size(up)
        for down, up, _ in found
    )


def is_switched(tape, name):
    for down, up, (_, target, position) in wires_of(tape, name):
        x, y = (tape.values[source] for source in tape.graph.nodes[target].sources)
        if name == "mul":
            assert np.all(down == up * (x if position else y))
        else:
            assert np.all(down == (x.T @ up if position else up @ y.T))
    return True


def is_routed(tape, name):
    """All of the upstream gradient arrives, and only where the greatest or least is."""
    found = list(wires_of(tape, name))
    total = sum(np.sum(down) for down, _, _ in found)
    extreme = [np.asarray(tape.values[t]) for _, _, (_, t, _) in found]
    values = [np.asarray(tape.values[s]) for _, _, (s, _, _) in found]
    arrived = all(
        np.isin(value[np.asarray(down) != 0], out).all()
        for (down, _, _), value, out in zip(found, values, extreme, strict=True)
    )
    return arrived and total == np.sum(found[0][1])


CLAIMS = {"distributor": is_distributed, "switcher": is_switched, "router": is_routed}


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("by", ["gate", "product", "value"])
@pytest.mark.parametrize("key", TIES)
def test_a_tie_is_told_and_the_gradient_is_shared(key, by, lang):
    text, inputs = TIES[key]
    said = captions(text, inputs, lang, by)
    assert sentences(lang)[f"tie.{key}"] in said
    (gate,) = (g for g in GATES.values() if g.name in ("max", "amax", "maxout") and
               any(n.gate is g for n in gs.parse(text).nodes))  # fmt: skip
    assert f"nickname.{gate.name}" not in sentences(lang) or (
        sentences(lang)[f"nickname.{gate.name}"] not in said
    )
    tape = gs.parse(text).forward(inputs)
    downs = np.concatenate([np.ravel(down) for down, _, _ in wires_of(tape, gate.name)])
    assert (downs == 0.5).sum() >= 1


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("by", ["gate", "product", "value"])
def test_equal_elements_that_are_sorted_keep_their_order_and_that_is_told(by, lang):
    said, apart = (captions("f = sum(sort(x)*[1, 2, 4])", dict(x=x), lang, by)
                   for x in ([2, 1, 1], [2, 1, 3]))  # fmt: skip
    assert sentences(lang)["tie.order"] in said
    assert sentences(lang)["tie.order"] not in apart
    tape = gs.parse("f = sum(sort(x)*[1, 2, 4])").forward(x=[2, 1, 1])
    assert tape.gradients["x"].tolist() == [4, 1, 2]
    tape = gs.parse("f = median(x)*4").forward(x=[1, 3, 1, 0, 1])
    assert tape.gradients["x"].tolist() == [4 / 3, 0, 4 / 3, 0, 4 / 3]
    assert gs.parse("f = median(x)").forward(x=[1, 3, 2, 0]).gradients["x"].tolist() == [
        0.5,
        0,
        0.5,
        0,
    ]


@pytest.mark.parametrize(
    ("text", "inputs", "key"),
    [
        ("f = max(x, y)", dict(x=1, y=2), "tie.inputs"),
        ("f = max(x)", dict(x=[1, 1, 2]), "tie.elements"),
        ("f = sum(x + b)", dict(x=[[1, 2], [3, 4]], b=[1, 2]), "nickname.add"),
        ("f = sum(x * b)", dict(x=[[1, 2], [3, 4]], b=[1, 2]), "nickname.mul"),
        ("f = sum(A @ V)", dict(A=np.ones((5, 2, 3)), V=np.ones((3, 4))), "nickname.matmul"),
        ("f = sum(max(x, y))", dict(x=[1, 2], y=[3, 0]), "nickname.max"),
    ],
)
def test_what_is_not_true_is_not_said(text, inputs, key):
    assert sentences("en")[key] not in captions(text, inputs)
