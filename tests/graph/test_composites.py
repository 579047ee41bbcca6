"""Functions that a text defines, and groups, as gates: called, nested, expanded, pickled."""

import copy
import pickle
import re

import autograd
import autograd.numpy as anp
import caption_equations
import formulas
import numpy as np
import pytest
from hypothesis import assume, given
from laws import finite, only
from strategies import expressions
from strategies import inputs as points

import graphstep as gs
from examples import array
from graphstep.base.words import languages
from graphstep.graph.parser import composites_of
from graphstep.language.foreign_names import COMPOSITES

NEURON = "neuron(w, x, b) = sigmoid(w*x + b)\nh = neuron(w1, x, b1)\nf = neuron(w2, h, b2)"
NUMBERS = dict(w1=1, x=2, b1=-1, w2=0.5, b2=0.25)


def gates(graph):
    return [node.gate.name for node in graph.nodes if node.gate]


def test_a_function_is_a_gate():
    graph = gs.parse(NEURON)
    assert gates(graph) == ["neuron", "neuron"]
    assert list(graph.inputs) == ["w1", "x", "b1", "w2", "b2"]
    written = gs.parse("h = sigmoid(w1*x + b1); f = sigmoid(w2*h + b2)")
    assert graph.forward(NUMBERS).value == written.forward(NUMBERS).value
    assert graph.forward(NUMBERS).gradients == pytest.approx(
        written.forward(NUMBERS).gradients, rel=1e-15
    )
    assert graph.forward(NUMBERS).check().ok


def test_it_can_be_opened_by_gate_name_or_index():
    graph = gs.parse(NEURON)
    assert gates(graph.expand("neuron")) == ["mul", "add", "sigmoid"] * 2
    assert gates(graph.expand("h")) == ["mul", "add", "sigmoid", "neuron"]
    assert gates(graph.expand(graph.output)) == ["neuron", "mul", "add", "sigmoid"]
    assert gates(graph.expand("neuron").expand("sigmoid"))[2:6] == ["neg", "exp", "add", "div"]
    opened = graph.expand("neuron")
    assert opened.names == {**graph.names, "h": opened.names["h"], "f": opened.output} | {
        name: opened.names[name] for name in graph.inputs
    }


def test_equal_texts_are_equal_graphs_and_files_keep_them():
    graph = gs.parse(NEURON)
    assert graph == gs.parse(NEURON)
    for again in (pickle.loads(pickle.dumps(graph)), copy.deepcopy(graph)):
        assert again == graph
        assert again.forward(NUMBERS).gradients == graph.forward(NUMBERS).gradients
        assert again.expand("neuron") == graph.expand("neuron")


def test_functions_call_functions():
    graph = gs.parse("sq(x) = x*x; quad(x) = sq(sq(x)); f = quad(y) + sq(z)")
    assert gates(graph) == ["quad", "sq", "add"]
    assert gates(graph.expand("quad")) == ["sq", "sq", "sq", "add"]
    assert graph.forward(y=2, z=3).gradients == {"y": 32.0, "z": 6.0}


def test_a_function_of_numbers_is_a_number():
    assert gates(gs.parse("sq(x) = x*x; f = y*sq(3)")) == ["mul"]
    assert gs.parse("sq(x) = x*x; f = y*sq(3)").forward(y=2).value == 18.0


def test_a_function_over_arrays():
    graph = gs.parse("layer(W, x, b) = relu(W @ x + b); f = sum(layer(W, x, b)**2)")
    given_inputs = dict(W=[[1, -2], [3, 4]], x=[1, 0.5], b=[0.5, 1])
    plain = gs.parse("f = sum(relu(W @ x + b)**2)")
    found, wanted = graph.forward(given_inputs), plain.forward(given_inputs)
    assert found.check().ok
    for name, gradient in wanted.gradients.items():
        assert found.gradients[name].tolist() == gradient.tolist()
    assert gates(graph.expand("layer")) == ["matmul", "add", "relu", "pow", "sum"]


def test_the_last_line_is_the_output_with_its_inputs_in_order():
    """As the lecture writes it."""
    graph = gs.parse("f(x, y, z) = (x + y)*z")
    assert gates(graph) == ["add", "mul"]
    assert graph.forward(x=-2, y=5, z=-4).gradients == {"x": -4.0, "y": -4.0, "z": 3.0}
    assert list(gs.parse("f(z, y, x) = (x + y)*z").inputs) == ["z", "y", "x"]
    assert list(gs.parse("q = a*b; f(b, a) = q + b").inputs) == ["a", "b"]
    assert list(gs.parse("f(x) = w*x + b").inputs) == ["x", "w", "b"]


@given(expressions, expressions, points)
def test_a_call_is_what_it_stands_for(body, argument, values):
    """Values to the bit, gradients but for rounding."""
    inside = sorted(set(re.findall(r"\b[xyzw]\b", body)))
    assume("(" in body)  # it has a gate
    arguments = [f"({argument})", *inside[1:]]
    called = f"call({', '.join(inside)}) = {body}\nf = call({', '.join(arguments)}) + x*0"
    body = re.sub(rf"\b{inside[0]}\b", "put", body)
    plain = f"put = {argument}\nf = {body} + x*0"
    graph, other = gs.parse(called), gs.parse(plain)
    assume(set(graph.inputs) == set(other.inputs))
    values = only(graph, values)
    tape, wanted = graph.forward(values), other.forward(values)
    assume(finite(wanted) and finite(tape))
    assert tape.value == wanted.value
    size = max(map(abs, wanted.upstreams))
    for name, gradient in wanted.gradients.items():
        assert tape.gradients[name] == pytest.approx(gradient, rel=1e-9, abs=1e-9 * (1 + size))
    opened = graph.expand("call") if "call" in gates(graph) else graph
    assert opened.forward(values).gradients == pytest.approx(
        wanted.gradients, rel=1e-9, abs=1e-9 * (1 + size)
    )


def test_a_group_without_anything_between_comes_back_as_it_was():
    graph = gs.parse("q = x*y; r = sin(q) + q; f = r*z")
    for inside in (["q", "r"], ["r"], ["f"]):
        for name in ("part", graph.nodes[graph.index(inside[-1])].name):
            nodes = {graph.index(n) for n in inside} | {
                3 if "r" in inside else graph.index(inside[0])
            }
            grouped = graph.group(sorted(nodes), "part")
            assert grouped.expand("part") == graph == grouped.expand(name)


def test_a_group_of_several_outputs_comes_back_as_it_was():
    graph = gs.parse("a = x*y; b = x + y; c = a*b; f = sin(a)*b + c")
    values = {"x": 2, "y": 3}
    wanted = graph.forward(values)
    for inside in (["a", "b"], ["a", "b", "c"], ["a", "c", "f", "b", 5, 6]):
        grouped = graph.group(inside, "part")
        grouped.check()
        assert grouped.forward(values).gradients == pytest.approx(wanted.gradients, rel=1e-12)
        assert grouped.forward(values).check().ok
        name = "f" if "f" in inside else "b"
        assert grouped.expand("part") == graph == grouped.expand(name)
        again = pickle.loads(pickle.dumps(grouped))
        assert again == grouped
        assert again.expand(name) == graph


def test_outputs_of_a_group_may_be_arrays_and_stand_in_other_groups():
    graph = gs.parse("a = W @ x; b = x**2; c = sin(a); f = sum(c*b) + sum(a)")
    values = {"W": [[1, 2], [3, -1]], "x": [0.5, -2]}
    grouped = graph.group(["a", "b"], "part")
    outer = grouped.group([grouped.index("a"), "c"], "outer")
    for other in (grouped, outer, outer.expand("outer"), outer.expand("c").expand("part")):
        found, wanted = other.forward(values), graph.forward(values)
        assert found.value == wanted.value
        for name, gradient in wanted.gradients.items():
            assert found.gradients[name] == pytest.approx(gradient, rel=1e-12)
    assert outer.expand("outer").expand("part") == graph
    apart = gs.parse("a = x*2; b = sum(x); f = sum(a)*b").group([1, "b"], "part")
    assert apart.forward(x=[1, 2]).value == 18
    gates = [i for i, node in enumerate(apart.nodes) if node.gate]
    assert apart.group(gates, "outer").forward(x=[1, 2]).value == 18


@pytest.mark.parametrize(
    ("text", "inputs", "told"),
    [
        ("n(x) = elastic_net(x, x); f = n(x) + 0", dict(x=[1, 2]), "elastic_net(x, x) needs x to be"),
        (
            "n(a, x, W) = sum(a*(W @ x)); f = n(b, y + 1, M)",
            dict(b=2, y=[1, 2, 3], M=[[1, 2], [3, 4]]),
            "M has shape 2×2, y + 1 has shape 3: M @ (y + 1) needs y + 1 of shape 2",
        ),
        (
            "m(W, x) = W @ x; n(p, q) = sum(m(p, 2*q) + 1); f = n(A + B, z)",
            dict(A=[[1, 2]], B=[[1, 2]], z=[1, 2, 3]),
            "A + B has shape 1×2, 2*z has shape 3: (A + B) @ (2*z) needs 2*z of shape 2",
        ),
        (
            "n(s, y) = cross_entropy(2*s, y) + 1; f = n(z, k)", dict(z=[1, 2], k=5),
            "cross_entropy(2*z, k) needs labels that are whole numbers from 0 to 1, not 5",
        ),
        (
            "f = attention(q, k, v)[0, 0]", dict(q=[[1, 2]], k=[[1, 2, 3]], v=[[1, 2]]),
            "q has shape 1×2, swapaxes(k, -2, -1) has shape 3×1",
        ),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit_inside_are_told_in_the_words_of_the_call(text, inputs, told):
    with pytest.raises(gs.ShapeError) as caught:
        gs.parse(text).forward(inputs)
    assert told in str(caught.value)


def test_numbers_for_an_unknown_gate_in_a_group_are_refused():
    group = gs.parse("q = g(x); z = q*y").group(["q", "z"], "part")
    assert "part(x, y)" in gs.stepper(group)[0].caption
    with pytest.raises(gs.InputError) as caught:
        group.forward(x=1, y=2)
    assert caught.value.key == "unknown_computed"
    assert str(caught.value).splitlines()[-1].strip() == "^^^^"


def test_the_same_of_a_gate_that_is_called():
    gate = gs.parse("n(a, x, W) = sum(a*(W @ x)); f = n(b, y, M)").nodes[-1].gate
    with pytest.raises(gs.ShapeError) as caught:
        gate.forward(2, [1, 2, 3], [[1, 2], [3, 4]])
    assert "W has shape 2×2, x has shape 3: W @ x needs x of shape 2" in str(caught.value)


# --- in figures


@pytest.mark.parametrize("lang", languages())
def test_what_figures_say_of_functions_holds(lang):
    for forward in (False, True):
        s = gs.stepper(NEURON, **NUMBERS, lang=lang, forward=forward)
        known = s.graph.nodes[s.graph.output].gate
        assert caption_equations.check(s, neuron=known.forward)
        assert "neuron" in s[-1].caption
    s = gs.stepper(
        gs.parse(NEURON).expand("neuron"), **NUMBERS, lang=lang, style=gs.Style(digits=9)
    )
    assert formulas.check(s)


@pytest.mark.parametrize("lang", languages())
def test_an_opened_function_speaks_in_the_names_of_its_call(lang):
    """Not in those of its inputs, which the graph does not have."""
    for text in (NEURON, "sq(u) = u*u; quad(u) = sq(sq(u)); f = quad(x + 1)*w1 + w2*b1*b2"):
        graph = gs.parse(text)
        for name in ("neuron", "quad", "sq"):
            known = {node.gate.name for node in graph.nodes if node.gate}
            graph = graph.expand(name) if name in known else graph
        s = gs.stepper(graph, **NUMBERS, lang=lang, forward=True)
        assert caption_equations.check(s, quad=lambda v: v**4)
        captions = " ".join(frame.caption for frame in s)
        assert not re.search(r"\bw\*|\bu\*u|\+ b\b", captions.replace("u = ", ""))
    assert "w₁*x" in " ".join(
        frame.caption
        for frame in gs.stepper(
            gs.parse(NEURON).expand("neuron"), **NUMBERS, lang=lang, forward=True
        )
    )


def test_without_numbers_too():
    s = gs.stepper("sq(x) = x*x; f = sq(a) + b")
    assert "∂f/∂a" in s.texts.values()


# --- functions that may be called as they are


def normed(x, axes):
    centred = x - anp.mean(x, axis=axes, keepdims=True)
    return centred / anp.sqrt(anp.mean(centred**2, axis=axes, keepdims=True) + 1e-5)


def logistic(x):
    return 1 / (1 + anp.exp(-x))


def bent(e, d=1.0):
    return anp.where(anp.abs(e) < d, e * e / 2, d * (anp.abs(e) - d / 2))


def of_label(s, y):
    s = s - anp.log(anp.sum(anp.exp(s), axis=-1, keepdims=True))
    return s[anp.arange(len(y)), anp.asarray(y, dtype=int)]


def soft(s):
    powers = anp.exp(s)
    return powers / anp.sum(powers, axis=-1, keepdims=True)


def attended(q, k, v, mask=None):
    scores = q @ anp.swapaxes(k, -1, -2) / q.shape[-1] ** 0.5
    return soft(scores if mask is None else scores + (1 - mask) * -1e9) @ v


def lstm(x, h, c, Wx, Wh, b):
    i, f, o, g = anp.split(x @ Wx + h @ Wh + b, 4, axis=-1)
    c = logistic(f) * c + logistic(i) * anp.tanh(g)
    return anp.stack([logistic(o) * anp.tanh(c), c])


def gru(x, h, Wx, Wh, bx, bh):
    (r, z, n), (hr, hz, hn) = anp.split(x @ Wx + bx, 3, -1), anp.split(h @ Wh + bh, 3, -1)
    z = logistic(z + hz)
    return (1 - z) * anp.tanh(n + logistic(r + hr) * hn) + z * h


P, T = logistic(array(2, 3)), soft(array(2, 3, seed=2))
CELL = dict(x=array(2, 3), h=array(2, 2), Wh=array(2, 8), Wx=array(3, 8), b=array(8))
LIBRARY = [
    ("layer_norm(x)", dict(x=array(2, 4)), lambda x: normed(x, -1)),
    ("layer_norm(x, g, b)", dict(x=array(2, 2, 3), g=array(3), b=array(3, seed=2)),
     lambda x, g, b: normed(x, -1) * g + b),
    ("batchnorm(x, m, v, g, b)",
     dict(x=array(4, 2), m=array(2), v=[0.5, 2], g=array(2, seed=3), b=array(2, seed=4)),
     lambda x, m, v, g, b: (x - m) / anp.sqrt(v + 1e-5) * g + b),
    ("batchnorm(x)", dict(x=array(4, 2)), lambda x: normed(x, 0)),
    ("cross(x, y)", dict(x=array(3), y=array(3, seed=2)),
     lambda x, y: anp.array([x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2],
                             x[0] * y[1] - x[1] * y[0]])),
    ("batchnorm2d(x)", dict(x=array(2, 3, 2, 2)), lambda x: normed(x, (0, 2, 3))),
    ("cross(x, y)", dict(x=array(2, 3), y=array(2, 3, seed=2)),
     lambda x, y: anp.stack([x[:, 1]*y[:, 2] - x[:, 2]*y[:, 1], x[:, 2]*y[:, 0] - x[:, 0]*y[:, 2],
                             x[:, 0]*y[:, 1] - x[:, 1]*y[:, 0]], axis=-1)),
    ("batchnorm2d(x, g, b)", dict(x=array(2, 3, 2, 2), g=array(3), b=array(3, seed=2)),
     lambda x, g, b: normed(x, (0, 2, 3)) * g[:, None, None] + b[:, None, None]),
    ("batchnorm2d(x, m, v, g, b)",
     dict(x=array(2, 3, 3, 3), m=array(3), v=[0.5, 2, 1], g=array(3, seed=3), b=array(3, seed=4)),
     lambda x, m, v, g, b: (x - m[:, None, None]) / anp.sqrt(v[:, None, None] + 1e-5)
     * g[:, None, None] + b[:, None, None]),
    ("instance_norm(x)", dict(x=array(2, 2, 2, 3)), lambda x: normed(x, (2, 3))),
    ("conv1d(x, w)", dict(x=array(2, 2, 5), w=array(3, 2, 2)),
     lambda x, w: anp.stack([anp.einsum("ncl,fcl->nf", x[:, :, k : k + 2], w) for k in range(4)], 2)),
    ("binary_cross_entropy(p, t)", dict(p=P, t=T),
     lambda p, t: anp.mean(-t * anp.log(p) - (1 - t) * anp.log(1 - p))),
    ("bce_with_logits(s, t)", dict(s=array(2, 3), t=T),
     lambda s, t: anp.mean(-t * anp.log(logistic(s)) - (1 - t) * anp.log(1 - logistic(s)))),
    ("nll(log_softmax(s), y)", dict(s=array(3, 4), y=[2, 0, 2]),
     lambda s, y: -anp.mean(of_label(s, y))),
    ("huber(x, y)", dict(x=array(2, 3), y=array(2, 3, seed=5)), lambda x, y: anp.mean(bent(x - y))),
    ("huber(x, y, 0.3)", dict(x=array(4), y=array(4, seed=5)),
     lambda x, y: anp.mean(bent(x - y, 0.3))),
    ("kl(p, q)", dict(p=T, q=soft(array(2, 3))), lambda p, q: anp.sum(p * (anp.log(p) - anp.log(q)))),
    ("kl_div(l, p)", dict(l=array(2, 3), p=T),
     lambda l, p: anp.mean(p * (anp.log(p) - l))),  # noqa: E741
    ("cross_entropy(s, y, w)", dict(s=array(3, 4), y=[2, 0, 2], w=[0.5, 1, 2, 3]),
     lambda s, y, w: anp.sum(of_label(s, y) * w[anp.asarray(y, dtype=int)])
     / -anp.sum(w[anp.asarray(y, dtype=int)])),
    ("soft_cross_entropy(s, p)", dict(s=array(2, 3), p=T),
     lambda s, p: -anp.mean(anp.sum(p * anp.log(soft(s)), axis=1))),
    ("smooth_cross_entropy(s, y, 0.2)", dict(s=array(2, 3), y=[2, 0]),
     lambda s, y: -anp.mean(
         anp.sum((0.8 * anp.eye(3)[anp.asarray(y, dtype=int)] + 0.2 / 3) * anp.log(soft(s)), axis=1))),
    ('einsum("ij,kj->ki", x, y)', dict(x=array(2, 3), y=array(4, 3)),
     lambda x, y: anp.einsum("ij,kj->ki", x, y)),
    ("einsum('bij,kj->bk', x, y)", dict(x=array(2, 2, 3), y=array(4, 3)),
     lambda x, y: anp.einsum("bij,kj->bk", x, y)),
    ("attention(q, k, v)", dict(q=array(2, 2, 3), k=array(2, 4, 3), v=array(2, 4, 2)), attended),
    ("attention(q, k, v, mask)",
     dict(q=array(3, 2), k=array(3, 2, seed=2), v=array(3, 2, seed=3), mask=np.tri(3)), attended),
    ("rnn_cell(x, h, Wx, Wh, b)",
     dict(x=array(2, 3), h=array(2, 4), Wx=array(3, 4), Wh=array(4, 4), b=array(4)),
     lambda x, h, Wx, Wh, b: anp.tanh(x @ Wx + h @ Wh + b)),
    ("lstm_cell(x, h, c, Wx, Wh, b)",
     {key: CELL[key] for key in ("x", "h")} | dict(c=array(2, 2, seed=2), Wx=CELL["Wx"],
                                                   Wh=CELL["Wh"], b=CELL["b"]), lstm),
    ("gru_cell(x, h, Wx, Wh, bx, bh)",
     dict(x=array(1, 3), h=array(1, 2), Wx=array(3, 6), Wh=array(2, 6), bx=array(6),
          bh=array(6, seed=2)), gru),
]  # fmt: skip


@pytest.mark.parametrize(("text", "inputs", "theirs"), LIBRARY, ids=[row[0] for row in LIBRARY])
def test_functions_that_may_be_called_as_they_are(text, inputs, theirs):
    """Against autograd, against differences, taken apart, as a graph, written, with true captions."""
    graph = gs.parse(f"out = {text}; f = sum(sin(out + 0.3)*(out + 2))")
    tape = graph.forward(inputs)
    values = {key: np.asarray(value, dtype=float) for key, value in inputs.items()}
    assert tape["out"].value == pytest.approx(theirs(*values.values()), rel=1e-12, abs=1e-14)

    def loss(*args):
        p = theirs(*args)
        return anp.sum(anp.sin(p + 0.3) * (p + 2))

    for k, key in enumerate(inputs):
        if key not in ("y", "mask"):
            other = autograd.grad(loss, k)(*values.values())
            assert tape.gradients[key] == pytest.approx(other, rel=1e-9, abs=1e-11), key
    assert tape.check().ok
    opened = graph.expand("out").forward(inputs)
    assert opened.value == pytest.approx(tape.value, rel=1e-12)
    for key in inputs:
        assert opened.gradients[key] == pytest.approx(tape.gradients[key], rel=1e-9, abs=1e-11)
        slope = graph.gradient(key, shapes={name: value.shape for name, value in values.items()})
        slope.check()
        assert slope.unused or gs.parse(slope.source) == slope
        assert slope.forward(inputs).value == pytest.approx(
            tape.gradients[key], rel=1e-9, abs=1e-11
        )
    assert gs.parse(gs.parse(graph.source).source).forward(inputs).value == tape.value
    for lang in languages():
        caption_equations.check(gs.stepper(graph, inputs=inputs, lang=lang))


def test_each_of_them_is_under_the_law():
    called = {text.partition("(")[0] for text, *_ in LIBRARY}
    others = {"fixed_batchnorm", "weighted_cross_entropy", "batch_normal"}
    assert COMPOSITES.keys() - others == called - {"einsum"}
    assert {name for name in COMPOSITES if len(composites_of(name)) > 1} == {
        "layer_norm", "huber", "attention", "batchnorm", "batchnorm2d",
    }  # fmt: skip
    rows = [text for text, *_ in LIBRARY if not text.startswith("einsum")]
    assert sum(map(len, COMPOSITES.values())) == len({*rows}) + len(others)


def test_functions_of_rows_refuse_images():
    """Where rows would be taken for channels, or an index for one of all axes."""
    image = array(2, 3, 3, 3)
    with pytest.raises(gs.ShapeError, match="For images .* write batchnorm2d"):
        gs.parse("f = sum(batchnorm(x))").forward(x=image)
    for form in ("ij->ji", "ij->", "ij->i", "ii->i", "ij,jk->ik"):
        given = ", x" * (form.count(",") + 1)
        graph = gs.parse(f"f = sum(einsum('{form}'{given}))")
        with pytest.raises(gs.ShapeError) as caught:
            graph.forward(x=image)
        assert caught.value.key == "shape.einsum_axes", form
        assert "names 2 axes, i" in str(caught.value)
        assert str(caught.value).splitlines()[0].endswith("their number is 4.")


@pytest.mark.parametrize(
    "text",
    ["batchnorm(x, m, v, g, b)", "fixed_batchnorm(x, m, v, g, b)",
     "own(x, m, v, g, b); own(y, m, v, g, b) = 2*batchnorm(y, m, v, g, b)"],
)  # fmt: skip
def test_given_statistics_of_rows_refuse_images(text):
    """Three channels, and a width of three: they would be those of columns."""
    call, _, defined = text.partition("; ")
    graph = gs.parse(f"{defined}; f = sum({call})".removeprefix("; "))
    given = dict(m=array(3), v=[0.5, 2, 1], g=array(3), b=1)
    for known in (graph, pickle.loads(pickle.dumps(graph))):
        for shape in ((3, 3), (4, 3)):
            assert known.forward(x=array(*shape), **given).check().ok
        for shape in ((3,), (2, 3, 3), (2, 3, 3, 3)):
            with pytest.raises(gs.ShapeError, match="For images .* write batchnorm2d"):
                known.forward(x=array(*shape), **given)


def test_what_a_text_defines_or_a_gate_takes_goes_first():
    assert (
        gs.parse("huber(x, y) = x*y; f = huber(a, b) + huber(a, c)").forward(a=2, b=3, c=4).value
        == 14
    )
    assert gates(gs.parse("f = cross_entropy(s, y)")) == ["cross_entropy"]
    assert gates(gs.parse("attention = x*2; f = attention + 1")) == ["mul", "add"]
    b = gs.GraphBuilder()
    p, q = b.input("p", [0.5, 0.5]), b.input("q", [0.25, 0.75])
    assert b.graph(b.gate("kl", p, q)).source.endswith("kl(p, q)")
