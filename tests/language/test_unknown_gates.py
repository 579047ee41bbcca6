"""Unknown gates: which names may be one, and where one is an error."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphstep as gs
from graphstep.advice.similar_names import gate_like, is_foreign
from graphstep.language.unknown_gates import can_be_unknown

GENERAL = "z = f(x, y)"
LETTERS = (*"fghFGHφψΦΨLJERΩ", "phi", "psi", "Phi", "Psi", "Omega")


# --- which names may be one


@pytest.mark.parametrize("name", LETTERS)
def test_the_letters_of_functions_may_be_unknown_gates(name):
    (node,) = gs.parse(f"z = {name}(x, 2*y)").unknown
    s = gs.stepper(f"z = {name}(x, 2*y)")
    assert node == s.graph.output
    shown = {"phi": "φ", "psi": "ψ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"}.get(
        name, name
    )  # as it is set
    assert s[0].caption.startswith(f"Forward pass: q = 2*y; z = {shown}(x, q). {shown} may be any")
    assert gate_like(name) == ""  # no gate is called so, mistyped or in another form
    assert not is_foreign(name)


@given(name=st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=8))
def test_no_other_name_is_one(name):
    assert can_be_unknown(name) == (name in LETTERS)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("z = sgmoid(x)", "Did you mean sigmoid?"),
        ("z = Exp(x)", "Did you mean exp?"),
        ("z = u(x, y)", "There is no gate u."),
        ("z = u(x)", r"For a product write u\*x"),
        ("z = f1(x)", r"For a product write f1\*x"),
        ("z = log3(x)", r"For a product write log3\*x"),
        ("z = f(2)", "There is no gate f."),
        ("z = f() + x", "There is no gate f."),
        ("z = W(x + b)", r"For a product write W\*\(x \+ b\)"),
        ("z = sigmiod(x) + R(W)", "Did you mean sigmoid?"),
        ("L = svm(s, y) + R(W)", "There is no gate svm. .* a letter such as f"),
    ],
)
def test_a_misspelt_gate_stays_an_error(text, advice):
    with pytest.raises(gs.ParseError, match=advice):
        gs.stepper(text)


@pytest.mark.parametrize("text", ["z = f(x) + f", "z = f + f(x)", "f = f(x)", "f = x*y; z = f(f)"])
def test_a_name_is_a_gate_or_a_value(text):
    with pytest.raises(gs.ParseError, match="f is a name, not a gate"):
        gs.parse(text)


def test_a_custom_gate_of_the_name_is_no_unknown_one():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphstep.graph.parser.GATES", {**gs.GATES, "h": gs.GATES["exp"]})
        patch.setattr("graphstep.language.calls.GATES", {**gs.GATES, "h": gs.GATES["exp"]})
        assert gs.parse("z = h(x)").unknown == ()
    assert gs.parse("z = h(x)").unknown == (1,)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (GENERAL, "write a gate with @gs.gate"),
        ("z = f(x + y)", r"For a product write f\*\(x \+ y\)"),
    ],
)
def test_with_numbers_it_is_one_error_with_its_place(text, advice):
    for ask in (
        lambda: gs.stepper(text, x=1, y=2),
        lambda: gs.parse(text).forward(x=1, y=2),
        lambda: gs.stepper(text, x=1),
        lambda: gs.stepper(text).value,
        lambda: gs.stepper(text).quiz(),
        lambda: gs.stepper(text).at(x=1),
    ):
        with pytest.raises(gs.InputError, match=f"column 5: f is not a gate .*{advice}") as found:
            ask()
        assert found.value.span == (4, len(text))


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("s = f(x, W); L = hinge(s, y) + l*R(W)", "g(s, y)"),
        ("s = W @ x; L = f(s) + l*R(W)", "g(W, x)"),
        ("L = sum(f(x), axis=0)", "g(f(x))"),
        ("z = g(f(x + y)[0], 2)", "h(f(x + y))"),
        ("z = f(norm(2*x) + 1)", "g(2*x)"),
        ("z = f(x.T) + g", "h(x)"),
        ("z = f(x, [1, 2]) + c", "a"),
        ("z = h(l2(2*x))", "f(2*x)"),
    ],
)
def test_arrays_beside_an_unknown_gate_are_an_error_whose_advice_works(text, write):
    with pytest.raises(gs.InputError, match="is about arrays") as found:
        gs.stepper(text)
    assert str(found.value).splitlines()[0].endswith(f"In its place write {write}.")
    start, end = found.value.span
    assert gs.stepper(text[:start] + write + text[end:]).graph.unknown


def test_a_function_of_arrays_in_the_text_is_one_too():
    text = "svm(s, y) = hinge(s, y); L = svm(f(x), y)*svm(x, y)"
    with pytest.raises(gs.InputError, match=r"svm.* is about arrays.*numbers\.\n") as found:
        gs.stepper(text)
    assert "write" not in found.value.values


def test_it_is_pickled_and_equal():
    graph = gs.parse(GENERAL)
    assert pickle.loads(pickle.dumps(graph)) == graph == gs.parse(GENERAL)
    assert graph != gs.parse("z = g(x, y)")
