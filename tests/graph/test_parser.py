"""The language: what the parser takes, and one clear error with a place for everything else."""

import math
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import expressions, programs

import graphstep as gs
from graphstep.base.errors import ParseError
from graphstep.graph import parser
from graphstep.graph.expressions import symbol
from graphstep.language import tokens


def symbols(text, **options):
    return [symbol(node) for node in gs.parse(text, **options).nodes if node.gate]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-x", ["*−1"]),
        ("x * -1", ["*−1"]),
        ("2 * x", ["*2"]),
        ("1 + x", ["+1"]),
        ("x + -1", ["+(−1)"]),
        ("x - 3", ["−3"]),
        ("3 - x", ["3−x"]),
        ("1 / x", ["1/x"]),
        ("x / 4", ["/4"]),
        ("x**3", ["x^3"]),
        ("2**x", ["2^x"]),
        ("x**-2", ["x^−2"]),
        ("x + 2*3", ["+6"]),
        ("max(0, x)", ["max(0, x)"]),
        ("max(x, 0, y)", ["max(x, 0, y)"]),
        ("leaky_relu(x)", ["LReLU"]),
        ("exp(x)", ["exp"]),
        ("reciprocal(x)", ["1/x"]),
        ("x − 1", ["−1"]),
        ("2·x", ["*2"]),
        ("2×x ⋅ y", ["*2", "*"]),
        ("+x * y", ["*"]),
        ("x * ( # a comment\n  y )", ["*"]),
        ("x \\\n * y", ["*"]),
    ],
)
def test_numbers_go_inside_the_gate(text, expected):
    assert symbols(text) == expected


def test_numbers_as_nodes():
    graph = gs.parse("f = 1/(1 + 2*x)", constants="nodes")
    assert [n.value for n in graph.nodes if n.constant] == [2.0, 1.0, 1.0]
    assert symbols("f = 1/(1 + 2*x)", constants="nodes") == ["*", "+", "/"]
    assert symbols("leaky_relu(x)", constants="nodes") == ["LReLU"]  # nobody wrote its 0.1
    tape = graph.forward(x=2)
    assert tape.gradients == {"x": pytest.approx(-2 / 25)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("f = -x**2", -9), ("f = 2**3**2 + 0*x", 512), ("f = x - 1 - 1", 1), ("f = 12 / x / 2", 2),
        ("f = -x * -x", 9), ("f = 2**-x", 0.125), ("f = x**-1 * 6", 2), ("f = - - x", 3),
        ("f = 2 * x**2 + 1", 19), ("f = -2**2 + x", -1), ("f = (x)", 3), ("f = 1e-1*x + .5", 0.8),
        ("f = x**2**0.5", 3 ** 2**0.5), ("a = x; b = a; f = b + a", 6), ("f = 1_000*x", 3000),
    ],
)  # fmt: skip
def test_precedence_is_that_of_python(text, value):
    assert gs.parse(text).forward(x=3).value == pytest.approx(value, rel=1e-15)


ERRORS = [
    # text, key, column, piece under the caret
    ("f = x^2", "caret", 5, "x^2"),
    ("f = ^2", "caret", 5, "^"),
    ("", "empty", 1, ""),
    ("  # nothing\n", "empty", 1, ""),
    ("2x", "product", 1, "2x"),
    ("x y", "product", 1, "x y"),
    ("2(x)", "product", 1, "2(x)"),
    ("(x)(y)", "product", 1, "(x)(y)"),
    ("x 2", "product", 1, "x 2"),
    ("f = u(x)", "unknown_gate", 5, "u(x)"),
    ("f = u(x, y)", "unknown_gate", 5, "u"),
    ("f(x, y) := x * y", "heading", 1, "f(x, y) := x * y"),
    ("q = x + y; sigmoid( z ) = q * z", "function_name", 12, "sigmoid"),
    ("f(x) = f(x) + 1; g = f(2*y)", "function_recursion", 8, "f"),
    ("sigmoid(x) = x*2; f = sigmoid(y)", "function_name", 1, "sigmoid"),
    ("q = a*a; q(x) = x*x; f = q(2)*b", "function_name", 10, "q"),
    ("n(x) = x*x; n(x) = x*2; f = n(y)", "function_name", 13, "n"),
    ("n(x, x) = x*2; f = n(y)", "function_inputs", 6, "x"),
    ("n(x y) = x*y; f = n(a, b)", "function_inputs", 5, "y"),
    ("n() = 2; f = n()*a", "function_inputs", 3, ")"),
    ("n(x) = x*w; f = n(y)", "function_free", 10, "w"),
    ("n(x, y) = x*2; f = n(a, b)", "function_unused", 6, "y"),
    ("f(x, y) = x*2", "function_unused", 6, "y"),
    ("n(x) = x; f = n(a)", "function_gates", 8, "x"),
    ("n(x) = x*[1, 2]; f = sum(n(a))", "function_list", 10, "[1, 2]"),
    ("n(x) = x*x; f = a*2", "never_used", 1, "n"),
    ("n(x) = x*x; f = n + n(a)", "function_value", 17, "n"),
    ("a = n(y); n(x) = x*x; f = a + n(2*y)", "function_late", 5, "n"),
    ("z = f(y); f(x) = x*x; q = z + f(y)", "function_late", 5, "f"),
    ("n(x) = g(x); f = n(y)", "unknown_gate", 8, "g"),
    ("n(x) = x*x; f = n(a, b)", "arity", 17, "n(a, b)"),
    ("f = exq(x)", "unknown_gate", 5, "exq(x)"),
    ("f = epx(x)", "similar_gate", 5, "epx"),
    ("x + x(2)", "not_a_gate", 5, "x(2)"),
    ("x + x(2, y)", "not_a_gate", 5, "x"),
    ("x +", "ends_early", 4, ""),
    ("x = \ny", "ends_early", 5, "\n"),
    ("* x", "operand_expected", 1, "*"),
    ("max(x,)", "operand_expected", 7, ")"),
    ("()", "operand_expected", 2, ")"),
    ("(x", "not_closed", 1, "("),
    ("exp(x", "not_closed", 4, "("),
    ("(x; y)", "semicolon", 1, "(x; y)"),
    ("(x; 2*y)", "not_closed", 1, "("),
    ("x)", "not_open", 2, ")"),
    ("x, y", "comma", 2, ","),
    ("(x, y)", "written", 1, "(x, y)"),
    ("(x, 2*y)", "comma", 3, ","),
    ("0,5*x", "comma", 1, "0,5"),
    ("exp(x, y)", "arity", 1, "exp(x, y)"),
    ("exp()", "arity", 1, "exp()"),
    ("y*exp(x, 2)", "arity", 3, "exp(x, 2)"),
    ("elu(x, 1, 2)", "arity", 1, "elu(x, 1, 2)"),
    ("x < y < 3", "comparison", 1, "x < y < 3"),
    ("x == 3", "assign_sign", 1, "x =="),
    ("f = x + 1 == 3 > z", "comparison", 5, "x + 1 == 3 > z"),
    ("x.real", "attribute", 2, "."),
    ("'x'", "string", 1, "'x'"),
    ('x + "y"', "string", 5, '"y"'),
    ('x + "', "string", 5, '"'),
    ("x²", "superscript", 1, "x²"),
    ("x + ²", "superscript", 5, "²"),
    ("xⁿ", "superscript", 1, "xⁿ"),
    ("x – 1", "dash", 3, "–"),
    ("x ÷ 2", "division_sign", 3, "÷"),
    ("√x", "root", 1, "√x"),
    ("√", "root", 1, "√"),
    ("x // 2", "floor", 1, "x // 2"),
    ("x % 2", "no_operator", 1, "x % 2"),
    ("mean(x[y > 0])", "index_form", 8, "y"),
    ("1 + einsum('ii->j', x)", "einsum_form", 5, "einsum('ii->j', x)"),
    ("x[1:2:3:4]", "index_form", 8, ":"),
    ("x[::0]", "index_form", 3, ":"),
    ("x[..., ...]", "index_form", 3, "..."),
    ("x[y, 0]", "written", 1, "x[y, 0]"),
    ("x[[0, 1], [0, 1]]", "written", 1, "x[[0, 1], [0, 1]]"),
    ("x[y, 0.5]", "index_form", 6, "0.5"),
    ("part(x, 1)", "index_form", 9, "1"),
    ("x[0.5]", "index_form", 3, "0.5"),
    ("x[]", "index_form", 3, "]"),
    ("[1, x]", "list_numbers", 1, "[1, x]"),
    ("[1, [x, 3", "list_numbers", 6, "x"),
    ("argsort(x)", "gate_custom", 1, "argsort"),
    ("tile(x, y)", "gate_example", 1, "tile"),
    ("[1 2]", "list_numbers", 4, "2"),
    ("[1\n2]", "list_numbers", 1, "2"),
    ("[[1,] [2]]", "list_numbers", 7, "["),
    ("[[1, 2], [3]]", "list_ragged", 1, "[[1, 2], [3]]"),
    ("[1, [2]]", "list_ragged", 1, "[1, [2]]"),
    ("x + []", "list_empty", 5, "[]"),
    ("[1, 2", "not_closed", 1, "["),
    ("x]", "not_open", 2, "]"),
    ("sum(x, axis=y)", "option_number", 13, "y"),
    ("sum(x, axis=0.5)", "option_number", 13, "0.5"),
    ("maxpool2d(x, 0)", "option_least", 14, "0"),
    ("maxpool2d(x, 1e10)", "option_most", 14, "1e10"),
    ("sum(x, ax=1)", "option_unknown", 8, "ax"),
    ("sum(x, axis=1, axis=0)", "option_twice", 16, "axis"),
    ("sum(axis=1, x)", "option_order", 5, "axis"),
    ("leaky_relu(x, a=0.1)", "option_input", 15, "a"),
    ("sum(x, 0, 1, 2)", "arity", 1, "sum(x, 0, 1, 2)"),
    ("reshape(x)", "option_missing", 1, "reshape(x)"),
    ("pad(x, (1, 2, 3))", "option_pairs", 8, "(1, 2, 3)"),
    ("reshape(x, foo=2)", "option_unknown", 12, "foo"),
    ("{x}", "brace", 1, "{x}"),
    ("{x", "brace", 1, "{"),
    ("x & y", "character", 3, "&"),
    ("lambda: x", "heading", 1, "lambda:"),
    ("(:x)", "colon", 2, ":"),
    ("x += 1", "new_name", 1, "x += 1"),
    ("x + y += 1", "assignment", 7, "+="),
    ("f = (q = x)", "assignment", 8, "="),
    ("1 = x", "assignment", 3, "="),
    ("f = = x", "assignment", 5, "="),
    ("x\u2060y", "character", 2, "\u2060"),
    ("x\x00", "character", 2, "\x00"),
    ("1__0*x", "bad_number", 1, "1__0"),
    ("9**9**9*x", "not_finite_constant", 1, "9**9**9"),
    ("1/0 + x", "not_finite_constant", 1, "1/0"),
    ("1e999*x", "not_finite_constant", 1, "1e999"),
    ("log(-1) + x", "not_finite_constant", 1, "log(-1)"),
    ("x if y else z", "condition", 1, "x if y else z"),
    ("f = class*x", "reserved", 5, "class"),
    ("f = x; f = x", "assigned_twice", 8, "f"),
    ("x = 1; x = 2; f = x", "assigned_twice", 8, "x"),
    ("q = q + 1", "cycle", 1, "q"),
    ("a = b + 1; b = a + 1", "cycle", 12, "b"),
    ("f = q*x; q = y + 1", "used_too_early", 10, "q"),
    ("q = x + 1; f = y", "never_used", 1, "q"),
    ("q = 3; f = y", "never_used", 1, "q"),
    ("x + 1; f = y", "no_name", 1, "x + 1"),
    ("(" * 10_000, "too_deep", 1001, "("),
    ("exp(" * 10_000, "too_deep", 4001, "exp"),
    ("x + " + "1" * 5_000_000, "too_long", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("f = a*b + c d", "c*d"),
        ("f = a + b (c + d)", "b*(c + d)"),
        ("f = a + exp(b) c", "exp(b)*c"),
    ],
)
def test_the_product_that_was_meant_is_of_the_neighbours(text, product):
    with pytest.raises(ParseError) as caught:
        gs.parse(text)
    assert f"write {product}." in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key", "column", "piece"), ERRORS, ids=[e[0][:20] for e in ERRORS]
)
def test_one_error_with_its_place(text, key, column, piece):
    with pytest.raises(ParseError) as caught:
        gs.parse(text)
    error = caught.value
    assert error.key == key
    assert error.column == column
    if piece is not None:
        assert text[slice(*error.span)] == piece
        shown, carets = str(error).splitlines()[-2:]
        assert carets.strip().strip("^") == ""
        assert len(shown) < 200


def test_every_parse_error_has_an_example_here():
    import re

    folders = (Path(parser.__file__).parent, Path(tokens.__file__).parent)
    files = [path for folder in folders for path in folder.glob("*.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    raised = set(re.findall(r'(?:ParseError|refuse)\(\s*"(\w+)"', source))
    assert len(raised) > 25
    assert raised <= {key for _, key, _, _ in ERRORS}


def test_spans_cover_the_source():
    text = "q = (x + y)*z\nf = exp(q) - 1"
    graph = gs.parse(text)
    spans = {graph.ids[i]: text[slice(*node.span)] for i, node in enumerate(graph.nodes)}
    assert spans == {"x": "x", "y": "y", "add#2": "x + y", "z": "z", "q": "(x + y)*z",
                     "exp#5": "exp(q)", "f": "exp(q) - 1"}  # fmt: skip


@given(text=programs())
def test_random_programs_are_well_formed(text):
    for constants in ("inside", "nodes"):
        graph = gs.parse(text, constants=constants)
        graph.check()
        assert graph == gs.parse(text, constants=constants)


PIECES = [*"xyzf =+-*/()12.,;^<\n#eE_²·'[]@é", "exp(", "max(", "**"]


@given(text=st.lists(st.sampled_from(PIECES)).map("".join))
def test_errors_are_always_ours(text):
    try:
        gs.parse(text).check()
    except gs.GraphstepError as error:
        assert str(error)


NOTATIONS = [
    *"xyXe12.,;()[]{}|‖²ⁿ½√∑'^_=*/@ \\$\n", "sin", "np.", ".sum()", " if ", " else ", "\\frac", "lambda",
    "log10(", "axis=", "def f(x):", "return ", "Σ_i ", ":=", "<-", "->", "True", "in", "₁", "ᵀ", "сos",
]  # fmt: skip


@given(text=st.lists(st.sampled_from(NOTATIONS), max_size=14).map("".join))
def test_what_is_advised_can_be_read_further(text):
    """Other notations in any order: the advice is for the marked piece, and leads to an end."""
    for _ in range(40):
        try:
            return gs.parse(text).check()
        except gs.ParseError as error:
            write = error.values.get("write")
            if write is None:
                return None
            assert write in str(error)
            start, end = error.span
            assert text[start:end] != write
            text = text[:start] + write + text[end:]
    raise AssertionError(text)


@given(text=st.text())
def test_errors_are_always_ours_on_any_text(text):
    try:
        gs.parse(text).check()
    except gs.GraphstepError as error:
        assert str(error)


@given(text=expressions)
def test_brackets_and_spaces_change_nothing(text):
    spaced = text.replace("(", "( ").replace("*", " *").replace("* *", "**")
    values = dict(x=1.1, y=-0.4, z=0.3, w=2.0)
    inputs = {name: values[name] for name in gs.parse(text).inputs}
    first = gs.parse(text).forward(inputs)
    assert gs.parse(f"(({spaced}))").forward(inputs).gradients == first.gradients


def test_long_chains_and_deep_signs_need_no_recursion():
    assert len(gs.parse("+".join(["x"] * 100_000)).nodes) == 100_000
    assert gs.parse("-" * 10_001 + "x").forward(x=1).value == -1.0
    assert gs.parse("x" + "**x" * 5000).forward(x=1).value == 1.0
    assert gs.parse("(" * 1000 + "x" + ")" * 1000).forward(x=7).value == 7.0


def test_a_hundred_thousand_statements():
    """Linear: ten times the text takes about ten times as long, not a hundred times."""

    def seconds(count):
        text = "a0 = x\n" + "".join(f"a{i} = a{i - 1} + x\n" for i in range(1, count))
        start = time.process_time()
        graph = gs.parse(text)
        spent = time.process_time() - start
        assert len(graph.nodes) == count
        return spent, graph

    few, _ = seconds(10_000)
    many, graph = seconds(100_000)
    assert many < 40 * few
    tape = graph.forward(x=1)
    assert tape.value == 100_000.0
    assert tape.gradients == {"x": 100_000.0}
    assert tape.annotated().number_of_edges() == len(graph.wires)


def test_parse_refuses_what_is_no_text():
    with pytest.raises(gs.GraphstepError, match="is a text"):
        gs.parse(3)
    with pytest.raises(gs.GraphstepError, match="constants"):
        gs.parse("x", constants="both")


# --- pi


@pytest.mark.parametrize("name", ["pi", "π"])
def test_pi_is_a_constant_unless_it_is_given_or_defined(name):
    graph = gs.parse(f"q = 2*{name}*x; f = sin(q) + {name}")
    assert list(graph.inputs) == ["x"]
    tape = graph.forward(x=0.2)
    assert tape.value == pytest.approx(math.sin(0.4 * math.pi) + math.pi)
    assert tape.gradients == {"x": pytest.approx(2 * math.pi * math.cos(0.4 * math.pi))}
    assert tape.check().ok
    assert graph.gradient("x").forward(x=0.2).value == pytest.approx(tape.gradients["x"])
    given = graph.forward({"x": 0.2, name: 3})
    assert given.value == pytest.approx(math.sin(1.2) + 3)
    assert given.gradients[name] == pytest.approx(0.4 * math.cos(1.2) + 1)
    assert gs.stepper(graph, x=0.2).at({name: 3}).value == given.value
    defined = gs.parse(f"{name} = 3; f = {name}*x")
    assert defined.forward(x=2).value == 6
    grouped = graph.group(["q"], "wave")
    assert grouped.forward(x=0.2).value == grouped.expand("wave").forward(x=0.2).value == tape.value


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_pi_is_seen_as_a_sign_with_and_without_numbers(lang, tmp_path):
    for inputs in ({}, {"x": 0.5}):
        s = gs.stepper("f = sin(2*pi*x)", inputs=inputs, lang=lang, by="wire", forward=True)
        said = " ".join(frame.caption for frame in s)
        assert "π" in said
        assert "pi" not in said
        assert "π = π" not in said
        (path,) = s.save(tmp_path / "f.tex")
        assert r"\pi\,x" in path.read_text() or r"\pi" in path.read_text().partition("gspicture")[2]


@pytest.mark.parametrize(("text", "x", "line"), [("f = sin(pi*x)", 0.2, "pi = math.pi"),
                                                 ("f = sum(x*pi)", [1, 2], "pi = np.pi")])  # fmt: skip
def test_pi_in_a_program_is_that_of_python(text, x, line):
    code, scope = str(gs.stepper(text, x=x).code()), {}
    assert line in code.splitlines()
    exec(code, scope)
    assert scope["f"] == gs.parse(text).forward(x=x).value


@pytest.mark.parametrize(
    ("text", "same"),
    [("sum(A, axis=(0,))", "sum(A, axis=0)"), ("sum(A, axis=(0, 1,))", "sum(A, axis=(0, 1))"),
     ("sum(reshape(A, (4,)))", "sum(reshape(A, 4))"), ("sum((1, 2,)*A)", "sum((1, 2)*A)"),
     ("sum(broadcast_to(A, (2, 3,)))", "sum(broadcast_to(A, (2, 3)))")],
)  # fmt: skip
def test_a_tuple_may_end_with_a_comma(text, same):
    one, other = ([(n.gate, n.args, n.options, n.value) for n in gs.parse(t).nodes]
                  for t in (text, same))  # fmt: skip
    assert one == other


@pytest.mark.parametrize(
    "text", ["(A,)", "exp(,A)", "exp(A,)", "max((2, 3,,), A)", "(,)*A", "A,)", "(A + 1,)*2"]
)
def test_a_comma_elsewhere_is_refused(text):
    with pytest.raises(gs.ParseError):
        gs.parse(text)
