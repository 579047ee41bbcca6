"""Formulas read from LaTeX: their trees, and the place and words of what is refused."""

import random
from xml.etree.ElementTree import fromstring

import pytest
from trees import TREES, balanced, typesets

import graphstep as gs
from graphstep.formulas.latex import latex
from graphstep.formulas.mathml import mathml
from graphstep.formulas.tree import (
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Row,
    Scripts,
    Sign,
    Words,
)
from graphstep.formulas.typst_math import typst
from graphstep.formulas.unicode import unicode
from graphstep.latex_input.commands import COMMANDS, ENVIRONMENTS
from graphstep.latex_input.reader import latex_to_tree

READ = [
    (r"\frac{\partial f}{\partial q} \cdot 3", "∂f/∂q · 3"),
    (r"f'(x) = w_0 x^2", "f′(x) = w₀x²"),
    (r"\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
    (r"0{,}25 + 1{,}5", "0,25 + 1,5"),
    (r"\lVert W x \rVert^2 + |a| + \left|\frac{a}{b}\right|", "‖Wx‖² + |a| + |a/b|"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "(1 2; 3 4)"),
    (r"\text{если } x \le 0 \text{ и a\_b}", "если x ≤ 0 и a_b"),
    (r"W_3 \max(0, W_2 x)", "W₃ max(0, W₂x)"),
    (r"\operatorname{sign} W", "sign W"),
    (r"\mathbf{x}^\top \hat{y} \in \mathbb{R}^n", "𝐱ᵀy\u0302 ∈ ℝⁿ"),
    (r"\sqrt[3]{x} \ne \sqrt{y}", "³√x ≠ √y"),
    (r"p(x|y)", "p(x|y)"),
    (r"\mathrm{softmax}(s)_i + w_{\mathrm{out}}\,\mathrm{d}x", "softmax(s)ᵢ + wₒᵤₜ dx"),
    (r"\mathbf{Wx} \boldsymbol{\theta} \bm{x} \mathcal{L} \mathbb{1}_{k=i}", "𝐖𝐱𝜽𝒙ℒ𝟙ₖ₌ᵢ"),
    (r"\arg\max_\theta p", "arg max_θ p"),
    (r"\argmax_\theta p + \limsup x", "arg max_θ p + lim sup x"),
    (r"\mathop{\mathrm{argmin}}_w f", "argmin_w f"),
    (r"\begin{aligned} a &= \frac{b}{c} \\ &= d \end{aligned}", "a =b/c;  =d"),
    (r"\begin{align} a &= b \end{align}", "a =b"),
    (r"\begin{gathered} a \\ b \end{gathered}", "a; b"),
    (r"\begin{array}{lr} a & b \end{array}", "a b"),
    (r"\frac{1}{2\sqrt{x}} + \frac{1}{2x} + \frac{df}{dx}", "1/(2√x) + 1/(2x) + df/dx"),
    (r"x = \color{red}{a + b}^2 + {\color{value} c d} e", "x = (a + b)² + cde"),
    (r"\textcolor{blue}{2x} + \boxed{f = \frac{1}{2}} \fbox{so $y$}", "2x + f = 1/2so y"),
    (r"\mathrm{Find~} x \text{a~}b \mathrm{so~it}", "Find xa b so it"),
    (r"\frac{df}{dx}\biggr\rvert_{x=0} \Bigl\lvert a \Bigr\rvert", "df/dx|ₓ₌₀|a|"),
    (r"\lim_{h \to 0} x_h \sim \max_i x_i", "lim_(h → 0) xₕ ∼ maxᵢ xᵢ"),
    (r"\underbrace{a + b}_{\text{c}} + \overline{AB} + \tilde{x}", "a + b_⏟_c + AB\u0304 + x\u0303"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "shown"), READ, ids=[row[0] for row in READ])
def test_latex_is_read(source, shown):
    tree = latex_to_tree(source)
    assert unicode(tree) == shown
    balanced(latex(tree))
    fromstring(mathml(tree))


def test_what_is_read_can_be_typeset():
    typesets([latex_to_tree(source) for source, _ in READ])


def test_columns_stand_at_their_sides():
    halves = latex_to_tree(r"\begin{aligned} a &= \frac{b}{c} \\ &= d \end{aligned}")
    assert halves.sides == "rl"
    assert latex(halves) == r"\begin{aligned} a & =\frac{b}{c} \\  & =d \end{aligned}"
    assert typst(halves).startswith(
        "mat(delim: #none, column-gap: #0.28em, display(a) &, & display("
    )
    assert '<mtable displaystyle="true">' in mathml(halves)
    assert mathml(halves).count('class="gs-right gs-half"') == 2
    assert latex_to_tree(latex(halves)) == halves
    cases = latex_to_tree(r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}")
    assert cases.inner.sides == "ll"
    assert latex(cases).startswith(r"{\left\{\begin{array}{ll} 1 & x>0")


def test_signs_of_russian_formulas():
    assert latex(latex_to_tree(r"a \leqslant b \geqslant c")) == r"a\leqslant b\geqslant c"


def test_limits_and_braces():
    limit = latex_to_tree(r"\lim_{h \to 0} x")
    assert latex(limit) == r"{\lim}_{h\to0}\,x" or latex(limit) == r"\lim_{h\to0}\,x"
    assert typst(limit) == 'attach(op("lim", limits: #true), b: h→"0")thin x'
    assert '<munder><mo movablelimits="true"' in mathml(limit)
    assert latex_to_tree(latex(limit)) == limit
    assert latex(latex_to_tree(r"\argmin_w f")) == r"\mathop{\text{arg min}}_{w}\,f"
    brace = latex_to_tree(r"\underbrace{a + b}_{n} \overline{AB}")
    assert latex(brace) == r"\underbrace{a+b}_{n}\overline{AB}"
    assert "underbrace(a\\+b)" in typst(brace)
    assert "overline(A B)" in typst(brace)
    typesets([limit, brace])


def test_letters_of_other_alphabets():
    tree = latex_to_tree(
        r"\mathbf{W} \boldsymbol{\theta} \mathcal{L} \mathbb{E} \mathbf{1} \mathsf{T}"
    )
    assert latex(tree) == r"\mathbf{W}\boldsymbol{\theta}\mathcal{L}\mathbb{E}\mathbf{1}\mathsf{T}"
    for letter in "𝐖𝜽ℒ𝔼𝟏𝖳":
        assert f"<mi>{letter}</mi>" in mathml(tree)


X, Y = Name("x"), Name("y")
SAME = [
    # source, tree
    (r"\frac12", Frac(Number("1"), Number("2"))),
    ("x_12", Row((Scripts(X, Number("1")), Number("2")))),
    (r"x^\frac{1}{2}", Scripts(X, sup=Frac(Number("1"), Number("2")))),
    ("x''_1", Scripts(X, Number("1"), Sign("″"))),
    ("x'^2", Scripts(X, sup=Row((Sign("′"), Number("2"))))),
    ("{}^2", Scripts(Row(()), sup=Number("2"))),
    (r"\begin{pmatrix} x \end{pmatrix}^y", Scripts(Fenced(Matrix(((X,),))), sup=Y)),
    (r"\sum\nolimits_x", Scripts(Sign("∑"), X)),
    (r"\int\limits_x^y", Limits(Sign("∫"), X, Y)),
    (r"\left. x \right|_{y}", Scripts(Fenced(X, "", "|"), Y)),
    (r"\left< x \middle| y \right>", Fenced(Row((X, Sign("|"), Y)), "⟨", "⟩")),
    (r"\left( \left[ x \right] \right)", Fenced(Fenced(X, "[", "]"))),
    (r"y \bigl\{ x \bigr\}", Row((Y, Fenced(X, "{", "}")))),
    (r"\bigl( x", Row((Sign("("), X))),
    (r"\sqrt[{[x]}]{y}", latex_to_tree(r"\sqrt[\lbrack x \rbrack]{y}")),
    (r"x \over y", Frac(X, Y)),
    (r"{\bf x} y", Row((Name("𝐱"), Y))),
    (r"\mathrm{x} + \mathrm{out}", Row((Words("x"), Sign("+"), Name("out")))),
    (r"\operatorname*{arg\,max} x", Row((Name("arg max"), Sign("\u2062"), X))),
    (r"\not\in \not=", Row((Sign("∉"), Sign("≠")))),
    (r"\text{a {b}~\{c\}  d}", Words("a b {c} d")),
    (r"\text{if $x$ is}", Row((Words("if "), X, Words(" is")))),
    (r"\text{a<b}", Words("a<b")),
    (r"x~\,\hspace{1em}", Row((X, Words(" "), Sign("\u2062"), Sign("\u2003")))),
    ("x\\", Row((X, Words(" ")))),
    ("x % later\n y", Row((X, Y))),
    (r"\begin{matrix} x \\[2pt] y \\ \hline \end{matrix}", Matrix(((X,), (Y,)))),
    (r"\begin{matrix} x \\ [y] \end{matrix}", latex_to_tree(r"\begin{matrix} x \\ {[}y{]} \end{matrix}")),
    (r"\begin{array}{c|r} x & y \end{array}", Matrix(((X, Y),), "cr")),
    (r"\begin{aligned} x &= y \end{aligned}", Matrix(((X, Row((Sign(""), Sign("="), Y))),), "rl")),
    (r"\begin{equation} x \end{equation}", X),
    (r"\sum_{\substack{x \\ y}}", Limits(Sign("∑"), Matrix(((X,), (Y,))))),
    (r"\xrightarrow[x]{y}", Limits(Sign("→"), X, Y)),
]  # fmt: skip


@pytest.mark.parametrize(("source", "tree"), SAME, ids=[row[0] for row in SAME])
def test_trees(source, tree):
    assert latex_to_tree(source) == tree


OTHERS = (Number("4.0e-04"), Scripts(Fenced(Name("x")), sup=Name("q")), Words('a "#b$%\\_'))
"""Trees whose LaTeX is that of others (a text, brackets in braces) or of no formula (\\symbol)."""


def test_what_is_written_is_read():
    for tree in (row[0] for row in TREES):
        if not isinstance(tree, Marked | Equation) and tree not in OTHERS:
            again = latex_to_tree(latex(tree))
            assert unicode(again) == unicode(tree)
            assert latex_to_tree(latex(again)) == again


BROKEN = [
    # source, key, place, what is marked
    ("", "formula", 0, ""),
    ("% later", "formula", 0, "% later"),
    ("x + {a", "formula_brace", 4, "{"),
    (r"\frac{1}{x", "formula_brace", 8, "{"),
    ("a}", "formula_brace", 1, "}"),
    (r"\left( x", "formula_bracket", 0, r"\left"),
    (r"x \right)", "formula_bracket", 2, r"\right"),
    (r"\left x \right)", "formula_bracket", 0, r"\left"),
    (r"\left( {x \middle| y} \right)", "formula_bracket", 10, r"\middle"),
    (r"\big", "formula_bracket", 0, r"\big"),
    ("a & b", "formula_cell", 2, "&"),
    (r"\begin{cases} {a & b} \end{cases}", "formula_cell", 17, "&"),
    (r"a + \fraq{a}{b}", "formula_command", 4, r"\fraq"),
    (r"a + \mathfoo{b}", "formula_command", 4, r"\mathfoo"),
    (r"\mathbf{a} + \mathord{b}", "formula_command", 13, r"\mathord"),
    (r"\newcommand{\x}{y}", "formula_command", 0, r"\newcommand"),
    (r"\\x", "formula_lines", 0, r"\\"),
    (r"a \\ b", "formula_lines", 2, r"\\"),
    (r"a \newline b", "formula_lines", 2, r"\newline"),
    ("a $b$", "formula_dollar", 2, "$b$"),
    ("a $ b", "formula_dollar", 2, "$"),
    (r"a \) b", "formula_dollar", 2, r"\)"),
    (r"\begin{matrix} a", "formula_end", 0, r"\begin{matrix}"),
    (r"\begin{matrix} a \end{array}", "formula_end", 17, r"\end{array}"),
    (r"\begin{matrix} \begin{cases} a", "formula_end", 15, r"\begin{cases}"),
    (r"a \end{array}", "formula_end", 2, r"\end{array}"),
    (r"\begin matrix", "formula_end", 0, r"\begin"),
    (r"\begin{foo} a \end{foo}", "formula_environment", 0, r"\begin{foo}"),
    (r"\begin{array}{p} a \end{array}", "formula_part", 0, r"\begin{array}"),
    (r"\begin{array} \end{array}", "formula_part", 0, r"\begin{array}"),
    (r"\frac{a}", "formula_part", 0, r"\frac"),
    (r"{\frac{a}} b", "formula_part", 1, r"\frac"),
    (r"\sqrt", "formula_part", 0, r"\sqrt"),
    (r"\sqrt[3{x}", "formula_part", 0, r"\sqrt"),
    ("x^", "formula_part", 1, "^"),
    ("x__2", "formula_part", 1, "_"),
    (r"x\limits_a", "formula_part", 1, r"\limits"),
    (r"\hspace{x}", "formula_part", 0, r"\hspace"),
    (r"\not x", "formula_part", 0, r"\not"),
    (r"\text{a \alpha}", "formula_text", 8, r"\alpha"),
    ("x^2^3", "formula_twice", 3, "^"),
    ("x_1^2_3", "formula_twice", 5, "_"),
    ("x^2'", "formula_twice", 3, "'"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "key", "start", "marked"), BROKEN, ids=[r[0] for r in BROKEN])
def test_broken_latex_is_an_error_with_its_place(source, key, start, marked):
    with pytest.raises(gs.GraphstepError) as caught:
        latex_to_tree(source)
    error = caught.value
    assert (error.key, error.span.start, source[slice(*error.span)]) == (key, start, marked)
    assert error.source == source


def test_what_to_write_instead():
    for source, instead in (
        (r"\frac{1}", r"Write \frac{a}{b}."),
        (r"\sqrt", r"Write \sqrt{x}."),
        ("x_", "Write x_{a}."),
        (r"\fraq{1}{2}", r"Did you mean \frac?"),
        (r"\begin{pmatrx} 1 \end{pmatrx}", "Did you mean pmatrix?"),
    ):
        with pytest.raises(gs.GraphstepError) as caught:
            latex_to_tree(source)
        assert instead in str(caught.value)


@pytest.mark.parametrize(
    ("before", "behind"),
    [("{", "}"), (r"\frac{1}{", "}"), (r"\left(x", r"\right)"), (r"\hat ", ""), ("x^{", "}"),
     (r"\text{$", "$}"), (r"\begin{matrix}", r"\end{matrix}"), (r"\bf ", ""), (r"\sqrt ", ""),
     (r"1 \over ", "")],
)  # fmt: skip
def test_deep_formulas_are_read_or_refused(before, behind):
    for depth in (10, 100, 3000):
        source = f"{before * depth}x{behind * depth}"
        try:
            tree = latex_to_tree(source)
        except gs.GraphstepError as error:
            assert depth > 10
            assert error.key == "formula_deep"
        else:
            balanced(latex(tree))
            fromstring(mathml(tree))


def test_the_group_that_is_too_deep_is_marked():
    assert latex_to_tree("{" * 100 + "x" + "}" * 100) == X
    with pytest.raises(gs.GraphstepError) as caught:
        latex_to_tree("{" * 101 + "x" + "}" * 101)
    assert (caught.value.key, caught.value.span) == ("formula_deep", (100, 103))


def test_whatever_is_written_is_read_or_refused():
    tokens = [*(f"\\{name}" for name in (*COMMANDS, "left", "right", "middle", "foo", "over", "limits")),
              *(f"\\begin{{{name}}}" for name in ENVIRONMENTS), r"\end{matrix}", r"\end{aligned}",
              *"abcxyz0123456789+-*/=()[]{}{}{}|<>,.;:!?@#~\"`_^_^'&%$ \n", "\\\\", "\\", "\x00", "ж", "\u0338"]  # fmt: skip
    pick = random.Random(7)
    refused = 0
    for _ in range(1500):
        source = "".join(pick.choices(tokens, k=pick.randint(1, 12)))
        try:
            tree = latex_to_tree(source)
        except gs.GraphstepError as error:
            refused += 1
            assert 0 <= error.span.start <= error.span.end <= len(source)
            assert str(error) != error.message("ru")
        else:
            fromstring(mathml(tree))
            assert latex(tree) is not None
    assert 300 < refused < 1200


TAGGED = [
    (r"a = b \tag{1}", "a = b (1)"),
    (r"\tag{2} a \over b", "a/b (2)"),
    (r"a \tag*{see $x$}", "a see x"),
    (r"\begin{align} a &= b \tag{1} \\ \tag{2$a$} c &= d \end{align}", "a =b (1); c =d (2a)"),
    (r"\begin{equation} a \tag{3} \end{equation}", "a (3)"),
]


@pytest.mark.parametrize(("source", "shown"), TAGGED)
def test_tags_come_at_the_end_of_their_line(source, shown):
    shown_in_line = unicode(latex_to_tree(source, display=True))
    assert " ".join(shown_in_line.split()) == shown
    typesets([latex_to_tree(source, display=True)])
    with pytest.raises(gs.GraphstepError) as caught:
        latex_to_tree(source)
    assert (caught.value.key, caught.value.span[0]) == ("formula_tag", source.index(r"\tag"))


@pytest.mark.parametrize(
    ("source", "key", "at"),
    [
        (r"x \tag{1} \tag{2}", "formula_tag", 10),
        (r"{x \tag{1}}", "formula_tag", 3),
        (r"\frac{x \tag{1}}{2}", "formula_tag", 8),
        (r"\begin{cases} x \tag{1} \end{cases}", "formula_tag", 16),
        (r"x \tag", "formula_part", 2),
        (r"a \color{magenta}{x}", "formula_colour", 2),
        (r"a \textcolor{#ff0000}{x}", "formula_colour", 2),
        (r"a \color[HTML]{ff0000} x", "formula_colour", 2),
        (r"a \color", "formula_part", 2),
        (r"x^\color{red}{2}", "formula_part", 1),
        (r"\boxed", "formula_part", 0),
    ],
)
def test_colours_and_tags_that_mean_nothing_are_refused(source, key, at):
    with pytest.raises(gs.GraphstepError) as caught:
        latex_to_tree(source, display=True)
    assert (caught.value.key, caught.value.span[0]) == (key, at)


def test_the_list_of_colours_is_told():
    with pytest.raises(gs.GraphstepError, match="red, orange, green, blue, purple, gray, value"):
        latex_to_tree(r"\color{pink}{x}")


def test_a_colour_holds_for_the_group_after_it_or_to_the_end_of_its_own():
    grouped = latex_to_tree(r"\color{red}{x} + y")
    assert grouped == Row((Marked(Name("x"), "red"), Sign("+"), Name("y")))
    switched = latex_to_tree(r"{\color{red} x + y} z").parts[0]
    assert switched == Marked(Row((Name("x"), Sign("+"), Name("y"))), "red")
    assert latex_to_tree(r"\textcolor{upstream}{q}") == Marked(Name("q"), "upstream")


def test_spaces_at_the_edge_of_upright_letters_are_kept():
    """MathML drops those of a name, but not those of a text."""
    assert "<mtext>Find\u00a0</mtext>" in mathml(latex_to_tree(r"\mathrm{Find~}x"))
    assert latex_to_tree(r"\mathrm{arg~max}") == Name("arg max")
