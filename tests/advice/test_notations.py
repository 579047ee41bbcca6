"""Formulas of textbooks, Russian ones too, of LaTeX and Mathematica: read as they were meant."""

import re

import pytest
from advised_texts import check, rows

import graphstep as gs

FORMULAS = r"""
f(x,y)=x*y + 1 | x*y+1
f(x, y) = (x + y)·z | (x+y)*z
f = ln x | np.log(x)
f = ln(x) + 1 | np.log(x)+1
f = ln x + ln y | np.log(x)+np.log(y)
f = tg(x) | np.tan(x)
f = tg x | np.tan(x)
f = cos(2πx) | np.cos(2*np.pi*x)
f = v'u | v@u
f = sin x cos y | np.sin(x)*np.cos(y)
f = x^2y | x**2*y
f = X.max(0) | X.max(0)
f = (x+y)/2z | (x+y)/(2*z)
f = ctg(x) | 1/np.tan(x)
f = arctg(x) | np.arctan(x)
f = arctg x | np.arctan(x)
f = arcctg(x) | np.pi/2-np.arctan(x)
f = sin^2(x) + cos^2(x) | 1+0*x
f = sin^2 x + cos^2 x | 1+0*x
f = √x | np.sqrt(x)
f = √(x+y) | np.sqrt(x+y)
f = √x·y | np.sqrt(x)*y
f = x² | x**2
f = x³ + 2x² − x | x**3+2*x**2-x
f = (x+y)² | (x+y)**2
f = e^x | np.exp(x)
f = e^(x*y) | np.exp(x*y)
f = e^{-x²} | np.exp(-x**2)
f = e^-x | np.exp(-x)
f = exp x | np.exp(x)
f = exp(-x) | np.exp(-x)
f = exp{x} | np.exp(x)
f = exp[x + y] | np.exp(x+y)
f = log_2(x) | np.log2(x)
f = log_2 x | np.log2(x)
f = log_{2}(x) | np.log2(x)
f = log_{10} x | np.log10(x)
f = log₁₀ x | np.log10(x)
f = log_a(x) | np.log(x)/np.log(a)
f = log_3(x) | np.log(x)/np.log(3)
f = log(x, 3) | np.log(x)/np.log(3)
f = 2x | 2*x
f = 2x + 3y - 4 | 2*x+3*y-4
f = ∑ v_i | v.sum()
f = ∑ v_i u_i | (v*u).sum()
f = ∑_i v_i² | (v**2).sum()
f = sh x | np.sinh(x)
f = sh(x) | np.sinh(x)
f = ch(x) | np.cosh(x)
f = ch x - sh x | np.exp(-x)
f = th x | np.tanh(x)
f = cth x | 1/np.tanh(x)
f = ‖v‖ | np.linalg.norm(v)
f = ‖v - u‖² | ((v-u)**2).sum()
f = ½‖v − u‖² | ((v-u)**2).sum()/2
f = σ(z) | sig(z)
f = σ(w·x + b) | sig(w*x+b)
f = max(0, x) | max(0,x)
f = max{0, x} | max(0,x)
f = max(0; x) | max(0,x)
f = [x]_+ | max(0,x)
f = (x)_+ | max(0,x)
f = v.T @ u | v@u
f = v^T u | v@u
f = vᵀu | v@u
f = v' * u | v*u
f = <v, u> | v@u
f = ⟨v, u⟩ | v@u
f = (v, u) | v@u
f = v·u | v*u
f = v ∘ u | v*u
f = v ⊙ u | v*u
f = X ∘ U | X*U
f = (y_hat - y)**2 / 2 | (y_hat-y)**2/2
f = 1/2 (y_hat - y)^2 | (y_hat-y)**2/2
f = 1/2(x - y)^2 | (x-y)**2/2
f = ½(x−y)² | (x-y)**2/2
f = 0.5*(x-y)^2 | (x-y)**2/2
f = 0,5(x - y)² | (x-y)**2/2
f = x^y^z | x**(y**z)
f = x**-1 | 1/x
f = x^{-1} | 1/x
f = x^{1/2} | np.sqrt(x)
f = x^(y+1) | x**(y+1)
f = -x² | -x**2
f = (-x)² | x**2
f = 2^x | 2**x
f = 10^x | 10**x
f = 10^-3 x | 1e-3*x
f = 1e-3*x | 1e-3*x
f = 3·10⁻³·x | 3e-3*x
f = 3*10^{-3} x | 3e-3*x
f = x/2y | x/(2*y)
f = x : y | x/y
f = \frac{x}{y} | x/y
f = \frac12 x | x/2
f = \frac{1}{2}(x-y)^2 | (x-y)**2/2
f = \dfrac{x+y}{z} | (x+y)/z
f = \tfrac{1}{2} x | x/2
f = \sqrt{x} | np.sqrt(x)
f = \sqrt x | np.sqrt(x)
f = \sqrt[3]{x} | np.cbrt(x)
f = \exp(x) | np.exp(x)
f = \exp\left(-\frac{x^2}{2}\right) | np.exp(-x**2/2)
f = \tanh(w x + b) | np.tanh(w*x+b)
f = \max(0, x) | max(0,x)
f = \log x | np.log(x)
f = \sigma(w x + b) | sig(w*x+b)
f = \lVert v \rVert | np.linalg.norm(v)
f = \lVert v \rVert_2^2 | (v**2).sum()
f = \lvert x \rvert | abs(x)
f = \sum_{i} v_i u_i | (v*u).sum()
f = \mathbf{v}^\top \mathbf{u} | v@u
f = \theta^2 | theta**2
f = \text{relu}(x) | max(x,0)
f = \operatorname{softplus}(x) | np.log1p(np.exp(x))
f = x \times y | x*y
f = \hat{y} - y | y_hat-y
f = \frac{1}{1+\exp(-x)} | sig(x)
f = \log_2 x | np.log2(x)
f = \begin{cases} x & x>0 \\ 0 & x \le 0 \end{cases} | max(x,0)
f = Exp[-x^2] | np.exp(-x**2)
f[x_, y_] := x*y | x*y
f = Sqrt[x y] | np.sqrt(x*y)
f = Max[0, x] | max(0,x)
f = Dot[v, u] | v@u
f = Power[x, 2] | x**2
f = If[x > 0, x, 0] | max(x,0)
f = Pi x | np.pi*x
f = ln\|x\| | np.log(abs(x))
f = \|x\| | abs(x)
f = \|x - y\| | abs(x-y)
f = \|x\|\|y\| | abs(x)*abs(y)
f = \|x\|^2 | x**2
f = \|x\|·y | abs(x)*y
f = \|x\|_1 | abs(x)
f = \\|v\\|^2 | (v**2).sum()
f = \\|v\\|_2 | np.linalg.norm(v)
f = \\|v - u\\| | np.linalg.norm(v-u)
f = v.T @ u + b | v@u+b
f = X @ v + b | X@v+b
f = cos_sim(v, u) | v@u/np.linalg.norm(v)/np.linalg.norm(u)
f = softmax(Q @ KK.T / sqrt(3)) @ V | soft(Q@KK.T/np.sqrt(3))@V
f = X.T | X.T
f = X.mT | X.T
f = pow(x, 2) | x**2
f = x * (x > 0) | x
f = (x > 0) * x | x
f = max(0, 1 - y*(w*x - b)) | np.maximum(0, 1 - y*(w*x-b))
f = E^x | np.exp(x)
f = e^{-\frac{x^2}{2}} | np.exp(-x**2/2)
f = v.u | v@u
f = X.Y | X@Y
f = Transpose[X].U | X.T@U
f = Log[3, x] | np.log(x)/np.log(3)
f = Clip[x, {0, 1}] | np.clip(x,0,1)
f = {x, y} | np.array([x,y])
f = A^{-1} d | np.linalg.inv(A)@d
f = A⁻¹ @ B | np.linalg.inv(A)@B
f = x⁻¹ + y^{-1} | 1/x+1/y
f = \prod_i v_i | v.prod()
f = ∏_{i=1}^{3} v_i | v.prod()
f = \max_i v_i u_i | (v*u).max()
f = \lfloor 3 x \rfloor + ⌈y⌉ | np.floor(3*x)+np.ceil(y)
f = z \bmod y | z%y
f = \mathbf{1}[x > 0] + \mathbb{1}_{x>y} | 1.0+0*x
f = \|x - \|y\|\| | abs(x-abs(y))
f = \sigma'(x) | sig(x)*(1-sig(x))
f = σ'(x)*y | sig(x)*(1-sig(x))*y
f = w*x + b > 0 | float(w*x+b>0)
f = lam/2 * \|\|v\|\|^2 | lam/2*(v**2).sum()
f = \\|v\\|_2^2 | (v**2).sum()
"""


@pytest.mark.parametrize(("text", "meaning"), list(rows(FORMULAS)))
def test_a_formula_has_the_meaning_of_its_writer(text, meaning):
    check(text, meaning)


@pytest.mark.parametrize("text", ["f = g'(x)", "g(x) = x*x; f = g'(x) + g(x)", "f = softmax'(v)"])
def test_the_derivative_of_another_function_is_not_the_function(text):
    """Only of a gate of one number: then it is written out."""
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert "write" not in caught.value.values


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("xy", "x*y"),
        ("2*xy + z", "x*y"),
        ("σ(wx + b)", "w*x"),
        ("2*πx", "π*x"),
        ("w0x0 + w1x1", "w0*x0"),
    ],
)
def test_names_side_by_side_are_a_product_where_they_are_given(text, write):
    graph = gs.parse(f"f = {text}")
    given = [*filter(re.compile(r"[a-z]\d?").fullmatch, re.split(r"(\w\d?)", text))]
    with pytest.raises(gs.InputError) as caught:
        graph.forward(dict.fromkeys(given, 1.0))
    assert caught.value.values["write"] == write


@pytest.mark.parametrize(
    "text", ["f = log(x, y, z)", "f = exp(x, y)", "f = layer_norm(X, v, u, d)"]
)
def test_inputs_that_were_meant_are_never_left_out(text):
    """Only a number too many may go, as in relu(x, 2)."""
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert "write" not in caught.value.values
