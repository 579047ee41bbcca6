"""Figures in notebooks that `jupyter nbconvert` turns into LaTeX and PDF."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pictures
import pytest
from IPython.core.formatters import DisplayFormatter
from readme import ROOT

import graphstep as gs
from examples import NEURON, NEURON_INPUTS
from graphstep.displays import Picture
from graphstep.documents.latex_output import latex_output
from graphstep.figure.activation_curves import curves

FIGURES = {
    "neuron": lambda: gs.stepper(NEURON, **NEURON_INPUTS),
    "hostile": lambda: gs.stepper("f = x_1 * y  # 100% \\end{document} {", x_1=2, y=3, style=gs.Style(theme="dark")),
    "arrays": lambda: gs.stepper("f = sum(W @ x) * c", W=[[1, 2], [3, 4]], x=[5, 6], c=7)[2],
    "net": pictures.network,
    "quiz": lambda: gs.stepper("f = l2(W)", W=[[1.0] * 20] * 20).quiz(),
    "widget": lambda: gs.stepper("f = log(x)", x=0).widget(),
}  # fmt: skip
LOADED = [
    "tcolorbox.sty",
    "eurosym.sty",
    "ulem.sty",
    "soul.sty",
    "pzdr.tfm",
]  # by nbconvert's documents


def need(*programs):
    """Skip a test where a program or a package of TeX is missing; where all are installed, fail."""
    missing = [name for name in (*programs, "pdftotext", "kpsewhich") if shutil.which(name) is None]
    if not missing:
        command = ["kpsewhich", *LOADED]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        missing = [name for name in LOADED if name not in found]
    if missing and os.environ.get("CI"):
        pytest.fail(f"tools/system-packages installs {missing}")
    if missing:
        pytest.skip(f"no {missing}")


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """A notebook whose cells have shown the figures, through the command: the LaTeX file."""
    folder, shown = tmp_path_factory.mktemp("nbconvert"), DisplayFormatter().format
    cells = []
    for make in FIGURES.values():
        data, _ = shown(make())
        output = nbformat.v4.new_output("display_data", data)
        cells.append(nbformat.v4.new_code_cell("s", outputs=[output]))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "n.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "latex", "n.ipynb"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "n.tex"


def test_every_figure_is_there(converted):
    """None needs Inkscape, which nbconvert asks for as soon as an output is SVG."""
    text = converted.read_text(encoding="utf-8")
    assert text.count(r"\begin{tikzpicture}") == len(FIGURES)
    assert text.count(r"\end{document}") == 1
    assert "FigureWidget" not in text


@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_tex_prints_them(converted, engine):
    """With the packages that nbconvert's documents load."""
    need(engine)
    folder = converted.parent
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", "n.tex"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    assert "Missing character" not in done.stdout
    subprocess.run(["pdftotext", "-layout", "n.pdf"], cwd=folder, check=True)
    text = (folder / "n.pdf").with_suffix(".txt").read_text(encoding="utf-8")
    assert "f = 0.73" in text
    assert "0.39" in text
    assert "A multiply gate is a switcher" in text
    assert "\N{EN DASH}0.20" in text  # the minus of a number
    assert "--0.20" not in text


RUSSIAN = {
    "neuron": lambda: gs.stepper(NEURON, lang="ru", **NEURON_INPUTS),
    "curves": lambda: Picture(curves(lang="ru")),
    "tape": lambda: gs.parse("потери = вес * x").forward(вес=2, x=3),
}


def test_a_russian_notebook_becomes_a_pdf(tmp_path):
    """With the first cells of the lecture: one gives a document with nbconvert's fonts Cyrillic letters."""
    need("xelatex", "pandoc")
    made = nbformat.read(ROOT / "notebooks" / "lecture_ru.ipynb", 4)
    made.cells = made.cells[:3]
    for make in RUSSIAN.values():
        output = nbformat.v4.new_output("display_data", DisplayFormatter().format(make())[0])
        made.cells.append(nbformat.v4.new_code_cell("s  # рисунок", outputs=[output]))
    nbformat.write(made, tmp_path / "n.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "pdf", "n.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(["pdftotext", "-layout", "n.pdf"], cwd=tmp_path, check=True)
    text = " ".join((tmp_path / "n.txt").read_text(encoding="utf-8").split())
    for said in ("Обратное распространение ошибки", "Обучить сеть — значит уменьшить одно число",
                 "Узел умножения", "f = 0,73", "# рисунок", "вес 2 3", "потери 6 1"):  # fmt: skip
        assert said in text
    listed = subprocess.run(
        ["pdfimages", "-list", "n.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert len(listed.stdout.splitlines()) >= 3  # two lines of heads, and the curves
    fonts = subprocess.run(
        ["pdffonts", "n.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert {"DejaVuSerif", "DejaVuSans", "DejaVuSansMono"} <= set(
        re.findall(r"\+(\w+)", fonts.stdout)
    )


def test_a_document_without_pgf_has_the_words(tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    s = gs.stepper("f = x_1 * y", x_1=2, y=3)
    body = rf"\documentclass{{article}}\begin{{document}}{latex_output(s[-1])}\end{{document}}"
    (tmp_path / "a.tex").write_text(body, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_what_it_defines_stays_inside():
    text = latex_output(FIGURES["neuron"]()[-1])
    assert text.startswith(r"\begingroup")
    assert text.endswith(r"\endgroup")
    assert r"\global" not in text
    assert r"\usepackage" not in text


def test_a_cell_is_not_much_larger_for_it():
    s = FIGURES["neuron"]()
    assert len(s._repr_latex_()) < len(s._repr_html_()) / 4
