"""Trees of formulas with what each language writes for them, and whether that can be set."""

import re

from graphstep.formulas.signs import TIMES
from graphstep.formulas.tree import (
    Boxed,
    Equation,
    Fenced,
    Frac,
    Limits,
    Marked,
    Matrix,
    Name,
    Number,
    Root,
    Row,
    Scripts,
    Sign,
    Words,
)
from graphstep.formulas.typst_math import PREAMBLE, typst
from graphstep.look import fonts
from graphstep.look.style import PALETTES
from graphstep.look.typst import typeset

ROOM = f'#set page(width: auto, height: auto)\n#show math.equation: set text(font: "{fonts.MATHEMATICS}")\n'


def typesets(formulas):
    """Whether Typst takes formulas; all of them in one document."""
    source = ROOM + PREAMBLE(PALETTES["default"].light)
    typeset(source + "\n".join(f"$ {typst(f)} $" for f in formulas), "pdf")


def d(top, bottom):
    return Frac(Row((Sign("∂"), Name(top))), Row((Sign("∂"), Name(bottom))))


MINUS_X = Row((Sign("−"), Name("x")))
TREES = [
    # tree, Unicode, LaTeX, Typst
    (Boxed(Row((Name("a"), Sign("="), Name("b")))), "a = b", r"\boxed{a=b}", r"gsboxed(a\=b)"),
    (Marked(Name("x"), "red"), "x", r"{\color{gsred}x}", "gsred(x)"),
    (Number("-0,50"), "−0,50", "{-0{,}50}", '"−0,50"'),
    (Number("4.0e-04"), "4.0e−04", r"\text{4.0e$-$04}", '"4.0e−04"'),
    (d("f", "q"), "∂f/∂q", r"\frac{\partial f}{\partial q}", "frac(∂f, ∂q)"),
    (Row((Name("q"), Sign(TIMES), Name("z"))), "q z", r"q\,z", "q thin z"),
    (Row((Name("a"), Sign("+"), Name("b"))), "a + b", "a+b", r"a\+b"),
    (MINUS_X, "−x", "-x", "−x"),
    (Scripts(Name("e"), sup=MINUS_X), "e⁻ˣ", "e^{-x}", "attach(e, t: −x)"),
    (Scripts(Name("W"), sup=Sign("⊤")), "Wᵀ", r"W^{\top}", "attach(W, t: ⊤)"),
    (Scripts(Name("x"), sup=Sign("″")), "x″", "{x}''", "x″"),
    (Scripts(Fenced(Name("x")), sup=Name("q")), "(x)^q", "{(x)}^{q}", r"attach(lr(\(x\)), t: q)"),
    (Frac(Number("1"), Row((Number("1"), Sign("+"), Name("b")))), "1/(1 + b)", r"\frac{1}{1+b}", r'frac("1", "1"\+b)'),
    (Fenced(Frac(Name("a"), Name("b")), "|", "|"), "|a/b|", r"{\left|\frac{a}{b}\right|}", r"lr(\|frac(a, b)\|)"),
    (Root(Name("x")), "√x", r"\sqrt{x}", "sqrt(x)"),
    (Root(Name("x"), Number("3")), "³√x", r"\sqrt[{3}]{x}", 'root("3", x)'),
    (Limits(Sign("∑"), Name("i"), Name("n")), "∑ᵢⁿ", r"\sum_{i}^{n}", "attach(∑, b: i, t: n)"),
    (Limits(Name("x"), over=Sign("^")), "x\u0302", r"\hat{x}", "accent(x, hat)"),
    (Row((Name("max"), Fenced(Row((Name("a"), Sign(","), Name("b")))))), "max(a, b)", r"\max(a,b)", r'"max"lr(\(a\,b\))'),
    (Words('a "#b$%\\_'), 'a "#b$%\\_', r"\text{a \symbol{34}\#b\$\%\textbackslash{}\_}", r'"a \"#b$%\\_"'),
    (Fenced(Matrix(((Number("0,2"), Number("-4")),)), "[", "]"), "[0,2 −4]",
     r"\begin{bmatrix} 0{,}2 & {-4} \end{bmatrix}", r'lr(\[mat(delim: #none, "0,2", "−4")\])'),
    (Fenced(Matrix(((Name("a"),), (Name("b"),)))), "(a; b)", r"\begin{pmatrix} a \\ b \end{pmatrix}",
     r"lr(\(mat(delim: #none, a; b)\))"),
    (Marked(Number("3"), "local"), "3", r"{\color{gslocal}3}", 'gslocal("3")'),
    (Marked(Name("x"), "upstream", "up & down"), "x",
     r"{\color{gsupstream}\underbrace{x}_{\text{up \& down}}}",
     'underbrace(gsupstream(x), gsupstream("up & down"))'),
    (Equation((Name("q"), Number("3"))), "q = 3", "q = 3", 'q = "3"'),
]  # fmt: skip


def balanced(source):
    """Braces, environments and growing brackets of a formula in LaTeX."""
    bare = re.sub(r"\\[{}]", "", source)
    assert bare.count("{") == bare.count("}"), source
    assert source.count(r"\left") == source.count(r"\right"), source
    assert (
        re.findall(r"\\begin{(\w+)}", source).sort() == re.findall(r"\\end{(\w+)}", source).sort()
    )
