"""What notebooks show of graphs, tapes, gates and checks."""

import base64
import re
import shutil
import subprocess

import nbformat
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import graphstep as gs
from graphstep.displays import MOST_ROWS, Picture
from graphstep.formulas.unicode import unicode

NEURON = gs.parse("f = 1/(1 + exp(-(w*x + b)))")
WIDE = gs.parse("f = " + " + ".join(f"x{i}" for i in range(80)))


def shown(thing):
    """What a notebook saves of the last line of a cell."""
    return DisplayFormatter().format(thing)[0]


def picture(thing):
    """The picture in its HTML, as SVG."""
    (source,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', shown(thing)["text/html"])
    return base64.b64decode(source).decode()


def words(svg):
    """The texts of a figure that are there, name by name."""
    return [re.sub("<[^>]*>", "", text) for text in re.findall(r"<text.*?</text>", svg)]


def rows(html):
    """The cells of a table."""
    lines = re.findall("<tr>(.*?)</tr>", html)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in lines]


def test_a_graph_is_shown_by_its_names():
    graph = gs.parse("y = 3; q = x + y; f = q * sigmoid(z)")
    assert sorted(words(picture(graph))) == sorted(["x", "y", "z", "+", "σ", "×", "3", "q", "f"])
    assert "Nodes: 6, wires: 5. Inputs: y, x, z." in shown(graph)["text/html"]
    assert shown(graph)["text/plain"] == repr(graph)


def test_a_graph_whose_inputs_are_known_is_shown_with_all_values():
    traced = gs.trace(lambda w, x: np.tanh(w * x) + 1, 2.0, 0.25)
    assert {"2.00", "0.25", "0.50", "0.46"} <= set(words(picture(traced)))
    arrays = gs.trace(lambda W, x: W @ x, np.ones((2, 3)), np.ones(3))  # its output is an array
    assert {"W", "x", "@"} <= set(words(picture(arrays)))


def test_the_table_of_a_tape():
    tape = gs.parse("f = x*y + x").forward(x=2, y=-3.25)
    assert rows(shown(tape)["text/html"]) == [
        ["node", "value", "upstream"],
        ["x", "2", "−2.25"],
        ["y", "−3.25", "2"],
        ["x*y", "−6.5", "1"],
        ["f", "−4.5", "1"],
    ]


def test_the_table_of_a_tape_with_arrays():
    tape = gs.parse("f = sum(W @ x)").forward(W=[[1, 2], [3, 4]], x=[5, 6])
    assert rows(shown(tape)["text/html"]) == [
        ["node", "value", "shape", "upstream"],
        ["W", "[[1, 2], [3, 4]]", "2×2", "[[5, 6], [5, 6]]"],
        ["x", "[5, 6]", "2", "[4, 6]"],
        ["W @ x", "[17, 39]", "2", "[1, 1]"],
        ["f", "56", "", "1"],
    ]
    large = gs.parse("f = W @ x").forward(W=np.ones((200, 300)), x=np.ones(300))
    assert rows(shown(large)["text/html"])[1:] == [
        ["W", "1, 1, 1, 1, …", "200×300"],
        ["x", "1, 1, 1, 1, …", "300"],
        ["f", "300, 300, 300, 300, …", "200"],
    ]


def test_an_equation_is_a_formula():
    equation = gs.stepper("f = x_1 * exp(y)", x_1=2, y=0)[2].equations[-1]
    found = shown(equation)
    assert found["text/plain"] == unicode(equation)
    assert found["text/html"].startswith("<math")
    assert found["text/html"].count("<mo>=</mo>") == len(equation.sides) - 1
    assert found["text/latex"].startswith(r"$\displaystyle \frac{\partial")
    assert "color" not in found["text/latex"]


def test_the_table_of_tangents():
    s = gs.stepper(
        "q = W @ x", W=[[1, 2], [3, 4]], x=[1, 2], mode="forward", wrt="x", tangent=[1, 0]
    )
    assert rows(shown(s.tape)["text/html"]) == [
        ["node", "value", "shape", "tangent"],
        ["W", "[[1, 2], [3, 4]]", "2×2", "[[0, 0], [0, 0]]"],
        ["x", "[1, 2]", "2", "[1, 0]"],
        ["q", "[5, 11]", "2", "[1, 3]"],
    ]


def test_what_is_long_is_shortened():
    table = rows(shown(WIDE.forward(dict.fromkeys(WIDE.inputs, 1.0)))["text/html"])
    assert len(table) == 1 + MOST_ROWS + 1
    assert table[-2] == [f"… {len(WIDE.nodes) - MOST_ROWS} more", "", ""]
    assert table[-1] == ["f", "80", "1"]
    named = gs.parse(f"{'f' * 5000} = x").forward(x=1)
    assert len(shown(named)["text/html"]) < 1500
    assert shown(gs.parse("f = x" + " + exp(x)" * 100)).keys() == {"text/plain"}
    report = gs.parse("f = sum(abs(x))").forward(x=np.zeros(200)).check()
    assert shown(report)["text/html"].count("<p>") <= MOST_ROWS + 1


def test_a_check_and_gates_say_what_they_are():
    report = NEURON.forward(w=2, x=-1, b=0.5).check()
    assert str(report) in shown(report)["text/html"].replace("<p>", "").replace("</p>", "")
    assert rows(shown(gs.GATES["mul"])["text/html"]) == [
        ["gate", "symbol", "forward", "local gradients", "nickname"],
        ["mul", "*", "x*y", "y; x", "switcher"],
    ]
    table = rows(shown(gs.GATES)["text/html"])
    assert len(table) == 1 + len(gs.GATES)
    assert ["exp", "exp(x)", "exp(x)"] in table


def test_numbers_that_are_not_finite():
    tape = gs.parse("f = log(x)").forward(x=0)
    assert rows(shown(tape)["text/html"])[1:] == [["x", "0", "inf"], ["f", "−inf", "1"]]


@pytest.fixture(scope="module")
def things():
    graph = gs.parse("f_1 = x_1 * вес  # <b>&\\end{document} 100% {")
    tape = graph.forward(x_1=2, вес=3)
    return [
        graph,
        tape,
        tape.check(),
        gs.GATES,
        gs.GATES["mul"],
        WIDE.forward(dict.fromkeys(WIDE.inputs, 1e-9)),
        *gs.stepper(graph, x_1=2, вес=3)[2].equations,
    ]


def test_nothing_of_a_name_is_markup(things):
    for thing in things:
        found = shown(thing)
        assert "<b>" not in found["text/html"]
        assert r"\end{document}" not in found["text/latex"]
        assert found["text/latex"].count(r"\begingroup") == found["text/latex"].count(r"\endgroup")


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_tex_prints_them(things, engine, tmp_path):
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine}")
    cells = "\n\n".join(shown(thing)["text/latex"] for thing in things)
    fonts = r"\usepackage[T2A]{fontenc}" if engine == "pdflatex" else r"\usepackage{fontspec}"
    head = (
        rf"\documentclass{{article}}{fonts}\usepackage{{graphicx,tikz,amsmath}}\begin{{document}}"
    )
    (tmp_path / "a.tex").write_text(f"{head}{cells}\\end{{document}}", encoding="utf-8")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in done.stdout
    assert not re.search(r"Overfull \\hbox \((?:[1-9]\d\d|[2-9]\d)", done.stdout)
    text = subprocess.run(
        ["pdftotext", "-layout", "a.pdf", "-"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for word in ("вес", "batchnorm", "switcher", "no gradient is wrong", "more"):
        assert word in text


def test_what_cannot_be_drawn_stays_a_line_of_text(monkeypatch):
    from graphstep.figure import outline

    def fail(*_):
        raise gs.EngineError("no_engine", reason="")

    monkeypatch.setattr(outline, "draw", fail)
    assert shown(gs.parse("f = x")) == {
        "text/plain": "<ComputationalGraph 'f = x': 1 nodes, 0 wires>"
    }


def test_nbconvert_puts_them_into_a_page(things, tmp_path):
    from nbconvert import HTMLExporter

    outputs = [nbformat.v4.new_output("display_data", shown(thing)) for thing in things]
    cells = [nbformat.v4.new_code_cell("s", outputs=[output]) for output in outputs]
    text, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert text.count("<table>") == 4
    assert "ComputationalGraph" not in text


def test_a_picture_is_an_image_and_on_paper_pixels():
    found = shown(Picture(gs.stepper("f = x * y", x=1, y=2)[0].svg()))
    assert 'alt="f = x * y"' in found["text/html"]
    assert base64.b64decode(found["image/png"]).startswith(b"\x89PNG")
    assert "image/svg+xml" not in found  # nbconvert would ask for Inkscape
