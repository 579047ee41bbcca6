"""The program of a run: it runs by itself, computes the same bits, and knows its lines."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from array_cases import EACH, direction, without_tangent, wrapped
from hypothesis import example, given, settings
from hypothesis import strategies as st
from laws import BY_ELEMENT, graph_of
from strategies import STRANGE, inputs, numbers, programs

import graphstep as gs
from examples import array
from graphstep.base.errors import GraphError, InputError
from graphstep.forward_mode.program import tangent_program
from graphstep.forward_mode.reading import Along
from graphstep.forward_mode.tape import ForwardTape
from graphstep.gates import GATES
from graphstep.graph.slots import FORWARD, Slot
from graphstep.program.program import program
from graphstep.program.writing import bits


def ran(tape):
    """All variables after the program ran, and its text."""
    found = (tangent_program if tape.mode is FORWARD else program)(tape)
    own = [line.code for line in found.lines if line.part != "end"]
    space = {}
    exec("\n".join(own), space)
    return space, found


def assert_same_bits(tape):
    """Every number of the figure, from the program alone."""
    with np.errstate(all="ignore"):
        space, found = ran(tape)
    made = [line for line in found.lines if line.makes]
    for line in made:
        name = line.code.split(" = ")[0]
        kind, item = line.makes[-1]
        last = [other for other in made if other.makes[-1] == line.makes[-1]][-1]
        if line is last and kind != "local":  # what several of them share has no number of its own
            known = tape.values[item] if kind == "value" else tape.derivatives[item]
            assert bits(space[name]) == bits(known), (line, found.text)
    seen = {slot for line in made for slot in line.makes}
    assert seen == shown(tape)


def shown(tape):
    """The slots whose numbers a figure shows; of wires, those that bring something."""
    graph, forward = tape.graph, tape.mode is FORWARD
    nodes, wires = range(len(graph.nodes)), range(len(graph.wires))
    if forward:
        wires = [w for i in graph.gates for w in tape.carrying(i)]
    every = {Slot(kind, i) for kind in ("value", tape.mode.node) for i in nodes}
    every |= {Slot(kind, w) for kind in ("local", *tape.mode.wire) for w in wires}
    hidden = {slot.item for slot in graph.never_filled if slot.kind == "upstream"}
    return {s for s in every - graph.never_filled if s.kind != "tangent" or s.item not in hidden}


def along(tape, name, tangent=None):
    return ForwardTape.of(tape, Along(name, tangent))


def test_it_reads_like_a_course():
    tape = gs.parse("q = x + y; f = q * z").forward(x=-2, y=5, z=-4)
    assert program(tape).text == (
        "# Inputs\nx = -2.0\ny = 5.0\nz = -4.0\n\n"
        "# Forward pass\nq = x + y\nf = q * z\n\n"
        "# Backward pass\n"
        "df = 1.0     # begins with 1\n"
        "dz = df * q  # downstream, from f\n"
        "dq = df * z  # downstream, from f\n"
        "dy = dq      # downstream, from q\n"
        "dx = dq      # downstream, from q\n\n"
        'print("f =", f)\nprint("dx =", dx)\nprint("dy =", dy)\nprint("dz =", dz)\n'
    )


def test_tangents_travel_with_the_values():
    s = gs.stepper("q = x + y; f = q*z + q", x=-2, y=5, z=-4, mode="forward", wrt="x")
    assert s.code().text == (
        "# Inputs\nx = -2.0\ny = 5.0\nz = -4.0\n"
        "dx = 1.0      # begins with 1\n"
        "dy = 0.0      # does not depend on x\n"
        "dz = 0.0      # does not depend on x\n\n"
        "# Forward pass, with tangents\n"
        "q = x + y\n"
        "dq = dx       # local times tangent, from x\n"
        "v4 = q * z\n"
        "dv4 = dq * z  # local times tangent, from q\n"
        "f = v4 + q\n"
        "df = dv4      # local times tangent, from v4\n"
        "df = df + dq  # from q; the sum is the tangent of f\n\n"
        'print("f =", f)\nprint("df =", df)\n'
    )
    assert [line.about for line in s.code().lines if line.code.startswith("df")] == ["w4", "w5"]


def test_arrays_have_their_shapes_beside_them():
    tape = gs.parse("h = tanh(W @ x); L = sum(h)").forward(W=[[0.5, -1], [2, 0]], x=[1, 2])
    found = [text for text in program(tape).texts if "=" in text]
    for line in (
        "h = np.tanh(v2)                            # (2,)",
        "L = np.sum(h)",
        "dh = np.full((2,), dL)                     # downstream, from L, (2,)",
        "dW = dv2[..., None] * x                    # downstream, from v2, (2, 2)",
    ):
        assert line in found


@settings(deadline=None)
@given(
    programs(), st.one_of(inputs, st.fixed_dictionaries(dict.fromkeys("xyzw", STRANGE | numbers)))
)
@example("f = -(x**2)", {"x": 0.0})  # of which the tangent is −0
def test_programs_of_numbers_have_the_bits_of_the_tape(text, values):
    graph = gs.parse(text)
    tape = graph.forward({name: values[name] for name in graph.inputs})
    assert_same_bits(tape)
    for name in graph.inputs:
        assert_same_bits(along(tape, name))


@settings(deadline=None, max_examples=25)
@given(programs(), st.integers(0, 99))
def test_programs_of_arrays_have_the_bits_of_the_tape(text, seed):
    graph = gs.parse(f"{text}\nout = sum(f * (f + 2))")
    shapes = ((2, 3), (3,), (2, 1), ())
    given_ = {n: array(*shapes[k % 4], seed=seed + k) for k, n in enumerate(graph.inputs)}
    tape = graph.forward(given_)
    assert_same_bits(tape)
    for name, node in graph.inputs.items():
        assert_same_bits(along(tape, name, direction(tape.shapes[node])))


@EACH
def test_every_gate_of_arrays_can_be_written(name, text, inputs, theirs):
    tape = wrapped(text, inputs)
    assert_same_bits(tape)
    for wrt in sorted(inputs.keys() - without_tangent(tape)):
        assert_same_bits(along(tape, wrt, direction(tape.shapes[tape.graph.inputs[wrt]])))


ALONG = {
    "concat": "concat(A, A*A, axis={})", "stack": "stack(A, A*A, axis={})",
    "split": "split(A, 2, axis={})", "amax": "max(A, axis={})", "amin": "min(A, axis={})",
    "squeeze": "squeeze(A[:, :1, :1]*2, axis={})",
}  # fmt: skip
WITHOUT = {"size"}  # what it gives is no function of the numbers
GATES_ALONG = {
    name: gate for name, gate in GATES.items()
    if any(option.name == "axis" for option in gate.options) and name not in WITHOUT
}  # fmt: skip


def axes(gate):
    """All that `axis` can be for an array with three axes."""
    several = next(option for option in gate.options if option.name == "axis").several
    last = 4 if gate.name in ("stack", "expand_dims") else 3
    found = [1, 2, -1, (1, 2), (-1, -2)] if gate.name == "squeeze" else [*range(-last, last)]
    return found + [(0, 1), (2, 0), (0, 1, 2)] * (several and gate.name != "squeeze")


@pytest.mark.parametrize("name", GATES_ALONG)
def test_along_every_axis_programs_have_the_bits_and_gradients_are_right(name):
    """Along the first one too, whose number is 0."""
    gate = GATES_ALONG[name]
    keeps = any(option.name == "keepdims" for option in gate.options)
    A = np.random.default_rng(3).normal(size=(2, 4, 2)) + 0.3
    for axis in axes(gate):
        call = ALONG.get(name, f"{name}(A, axis={{}})").format(axis)
        for text in (call, call[:-1] + ", keepdims=1)")[: 1 + keeps]:
            tape = gs.parse(f"p = {text}; f = sum(sin(p)*(p + 2))").forward(A=A)
            assert_same_bits(tape)
            assert tape.check().ok, text


@pytest.mark.parametrize("x", [0.5, -0.0, 1e308, np.array([[0.5], [2.0]])])
@pytest.mark.parametrize("gate", ["max", "min"])
def test_what_local_gradients_share_is_written_once(gate, x):
    text = (
        f"f = {gate}(x, 0.5, y, x*y, 2, y, z); L = sum(f*f)"
        if np.ndim(x)
        else f"f = {gate}(x, 0.5, y, x*y, 2, y, z)"
    )
    z = np.array([3.0, 0.5]) if np.ndim(x) else 3.0
    tape = gs.parse(text).forward(x=x, y=1.0, z=z)
    assert_same_bits(tape)
    assert program(tape).text.count("part_f = ") == 1


@pytest.mark.parametrize("name", sorted(BY_ELEMENT))
def test_every_gate_of_numbers_can_be_written(name):
    graph = graph_of(BY_ELEMENT[name])
    for point in ((0.7, 1.3, 2.1), (-0.6, 0.0, -0.0), (1e3, -800.0, 1e308), (-0.0, -0.0, 1.0)):
        values = dict(zip(graph.inputs, point, strict=False))
        assert_same_bits(graph.forward(values))
        tangents = without_tangent(graph.forward(values))
        for wrt in sorted(graph.inputs.keys() - tangents):
            assert_same_bits(along(graph.forward(values), wrt))
        tape = graph.forward({n: np.array([v, 0.5]) for n, v in values.items()})
        assert_same_bits(tape.arriving([-0.5, 2.0]))


def test_its_file_needs_nothing_but_numpy(tmp_path):
    asked = dict(W=[[1, -2], [0.5, 3]], x=[1, 2], y=1)
    s = gs.stepper("h = sigmoid(W @ x); f = cross_entropy(h, y)", **asked)
    moved = gs.stepper(s.graph, mode="forward", wrt="x", tangent=[1, 0], **asked)
    assert f"df = {moved.tangents['f']!r}" in printed_by(moved, tmp_path)
    out = printed_by(s, tmp_path)
    assert f"f = {s.value!r}" in out
    assert f"dx = {s.gradients['x']}" in out


def printed_by(s, tmp_path):
    """What the file of a program prints, without the package."""
    (path,) = s.save(tmp_path / "f.py")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.modules['graphstep'] = None; exec(open({str(path)!r}).read())"],
        capture_output=True, text=True, env=clean, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("np.float64(", "").replace(")", "")


def test_sums_keep_the_sign_of_a_zero():
    tape = gs.parse("f = x * y").forward(x=1.0, y=-0.0)
    assert "dx = 0.0 + df * y" in program(tape).text
    assert_same_bits(gs.parse("f = x * y").forward(x=-0.0, y=1.0))
    assert_same_bits(gs.parse("f = -x * y").forward(x=1.0, y=0.0))


def test_floats_that_raise_are_written_with_numpy():
    tape = gs.parse("f = exp(x) + log(y)/z").forward(x=1000, y=-1, z=0)
    text = program(tape).text
    assert 'np.seterr(all="ignore")' in text
    assert "v1 = float(np.exp(np.float64(x)))" in text
    assert_same_bits(tape)


def test_it_begins_with_a_given_gradient():
    s = gs.stepper("q = W @ x", W=[[1, 2], [3, 4]], x=[1, 2], upstream=[1, 0.5])
    assert "dq = np.array([1.0, 0.5])" in s.code().text
    assert_same_bits(s.tape)
    s = gs.stepper("f = x*y", x=2, y=3, upstream=10)
    assert "df = 10.0    # is given" in s.code().texts


def test_large_arrays_are_written_in_no_time():
    tape = gs.parse("f = sum(x*x)").forward(x=array(200, 500))
    assert_same_bits(tape)
    far = gs.parse("f = sum(x/y)").forward(x=[1.0, 0.0], y=0)
    assert_same_bits(far)


def test_labels_have_no_gradient():
    tape = gs.parse("f = cross_entropy(s, y)").forward(s=[1.0, 2.0], y=1)
    assert "dy" not in program(tape).text


def test_functions_of_the_text_are_followed():
    text = "n(w, x) = tanh(w*x + 1)*erf(w); f = n(a, n(b, x)) + logaddexp(a, b)"
    assert_same_bits(gs.parse(text).forward(a=0.3, b=-0.5, x=2))
    assert_same_bits(gs.parse(f"{text}; L = sum(f)").forward(a=[0.3, 1], b=-0.5, x=[2.0, 1]))


@pytest.mark.parametrize("name", ["np", "math", "print", "вес", "σ", "x" * 60, "t1", "g", "out", "local", "abs"])  # fmt: skip
def test_any_name_of_a_node(name):
    graph = gs.parse(f"d_x = sigmoid({name})*{name}; f = max(d_x, 0.5, {name})*gelu(d_x)")
    assert_same_bits(graph.forward({name: 0.8}))
    assert_same_bits(gs.parse(f"{graph.source}; L = norm(f)").forward({name: [0.8, -0.3]}))


@pytest.mark.parametrize("name", ["np", "math", "max", "float", "t0", "t1", "erf", "n", "n_back", "out", "g", "shared", "ｎｐ"])  # fmt: skip
def test_any_name_of_an_input_of_a_function(name):
    """None hides what the lines of a program use."""
    text = f"n({name}, x) = tanh({name}*x + 1)*erf({name})*exp(x*{name}) + max({name}, x); f = n(a, n(b, x))"
    assert_same_bits(gs.parse(text).forward(a=0.3, b=-0.5, x=2))
    assert_same_bits(gs.parse(f"{text}; L = sum(f)").forward(a=[0.3, 1], b=-0.5, x=[2.0, 1]))


@pytest.mark.parametrize("x", [np.asfortranarray(array(40, 30)), array(30, 40).astype(np.float32)])
def test_arrays_lie_in_memory_as_in_the_run(x):
    assert_same_bits(gs.parse("f = sum(x)*mean(tanh(x))").forward(x=x))


ASKED = [
    *(dict(by=by, forward=f) for by in ("gate", "wire", "product", "value", "local") for f in (0, 1)),
    dict(mode="forward", wrt="x"),
]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_step_knows_its_lines(asked):
    s = gs.stepper("q = x + y; f = q * z + x", x=-2, y=5, z=-4, **asked)
    seen = []
    for frame in s:
        if frame.step.kind == "passes":
            continue
        assert frame.lines, frame
        seen += [k for k in frame.lines if k not in seen]
    assert sorted(seen) == [k for k, line in enumerate(s.code().lines) if line.makes]
    assert s[0].lines == s.code().making(s.steps[0].shows)


def test_what_has_no_program():
    gs.gate(local=[lambda x: 2.0 * x], name="mine")(lambda x: float(x) ** 2)
    with pytest.raises(GraphError, match="What mine computes cannot be followed") as caught:
        gs.stepper("f = 3*mine(x)", x=2).code()
    assert caught.value.key == "no_program"
    with pytest.raises(InputError):
        gs.stepper("f = x*y").code()


def test_comments_are_in_the_language_of_the_figure():
    text = gs.stepper("f = x*y", x=2, y=3, lang="ru").code().text
    assert "# Обратный проход" in text
    assert not re.search(r"# [A-Za-z]", text)
