"""Macros of formulas: what they stand for, the places of errors in them, and their bounds."""

import itertools
import string
import time

import pytest

import graphstep as gs
from graphstep.formulas.unicode import unicode
from graphstep.latex_input.macros import MOST_EXPANDED, Macro, definitions, expanded, macro
from graphstep.latex_input.reader import latex_to_tree
from graphstep.markdown import read
from graphstep.slides.deck import Display, Paragraph

MACROS = {
    "R": Macro(r"\mathbb{R}"), "half": Macro(r"\frac12"), "norm": Macro(r"\|#1\|", 1),
    "d": Macro(r"\frac{\partial #1}{\partial #2}", 2), "a": Macro(r"\alpha"),
    "twice": Macro("#1#1", 1), "sq": Macro(r"\norm{#1}^2", 1), "none": Macro(""),
    "dot": Macro(r"\cdot#1", 1), "bad": Macro(r"\nothing"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"x \in \R^n", "x ∈ ℝⁿ"),
        (r"\norm{x + y}", "‖x + y‖"),
        (r"\norm x", "‖x‖"),
        (r"\sq{\d f x}", "‖∂f/∂x‖²"),
        (r"\twice{\twice{x}}", "xxxx"),
        (r"\twice\a", "αα"),
        (r"x^\half \a x", "x^(1/2)αx"),
        (r"\a{}x\none y", "αxy"),
        (r"\dot{x}y", "·xy"),
        (r"\{\R\}", "{ℝ}"),
    ],
)
def test_macros_stand_for_their_text(source, shown):
    assert unicode(latex_to_tree(source, macros=MACROS)) == shown


@pytest.mark.parametrize(
    ("source", "key", "span"),
    [
        (r"a + \bad", "formula_command", (4, 8)),
        (r"\norm{a + \nothing}", "formula_command", (10, 18)),
        (r"\sq{a} + \norm", "formula_part", (9, 14)),
        (r"\d{x", "formula_part", (0, 2)),
        (r"a + \frac{\R}", "formula_part", (4, 9)),
    ],
)
def test_errors_point_to_what_was_written(source, key, span):
    with pytest.raises(gs.GraphstepError) as caught:
        latex_to_tree(source, macros=MACROS)
    assert (caught.value.key, tuple(caught.value.span)) == (key, span)
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("source", "name", "found"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", "R", Macro(r"\mathbb{R}")),
        (r"\newcommand\v[1]{\mathbf{#1}}", "v", Macro(r"\mathbf{#1}", 1)),
        (r"\renewcommand*{\vec} [2] {#1 {#2}}", "vec", Macro("#1 {#2}", 2)),
        (r"\def\f#1#2{#2#1}", "f", Macro("#2#1", 2)),
        (r"\DeclareMathOperator*{\am}{arg\,max}", "am", Macro(r"\operatorname{arg\,max}")),
    ],
)
def test_definitions_are_read_and_leave_nothing(source, name, found):
    rest, macros = definitions(f"a {source} b")
    assert macros == {name: found}
    assert rest == f"a {' ' * len(source)} b"


@pytest.mark.parametrize(
    ("source", "key"),
    [
        (r"\newcommand", "formula_part"),
        (r"\newcommand{R}{x}", "formula_part"),
        (r"\newcommand{\R}", "formula_part"),
        (r"\newcommand{\R}{x", "formula_part"),
        (r"\newcommand{\R}[1][y]{#1}", "formula_part"),
        (r"\newcommand{\R}[1]{#2}", "macro_argument"),
        (r"\newcommand{\left}{x}", "macro_name"),
        (r"\def\R{" + "x" * 501 + "}", "macro_body"),
    ],
)
def test_definitions_that_mean_nothing_are_refused(source, key):
    with pytest.raises(gs.GraphstepError) as caught:
        definitions(f"x {source}")
    assert (caught.value.key, caught.value.span.start) == (key, 2)


def test_no_macro_leads_to_itself():
    macros = {"a": Macro(r"\b{#1}", 1), "b": Macro(r"x \a{#1}", 1)}
    with pytest.raises(gs.GraphstepError, match=r"\\b → \\a → \\b") as caught:
        expanded(r"1 + \b{2}", macros)
    assert tuple(caught.value.span) == (4, 6)


@pytest.mark.parametrize("leaf", ["", "x" * 100])
@pytest.mark.parametrize("form", [r"\@\@", r"\@{\@{#1}}#1#1"])
def test_what_macros_make_is_bounded(leaf, form):
    letters = string.ascii_lowercase
    macros = {"z": macro("z", leaf, form.count("#") and 1)}
    for name, below in itertools.pairwise(letters):
        macros[name] = macro(name, form.replace("@", below))
    begun = time.perf_counter()
    with pytest.raises(gs.GraphstepError, match=f"{MOST_EXPANDED:d}|20.000"):
        expanded(r"\a{x}", macros)
    assert time.perf_counter() - begun < 5
    with pytest.raises(gs.GraphstepError):
        latex_to_tree(r"\f{" * 2000 + "}" * 2000, macros={"f": Macro("#1", 1)})


DECK = r"""---
macros:
  R: \mathbb{R}
  norm: \|#1\|
---

# $\R$

Before $\norm{x}$.

$$
\newcommand{\loss}[1]{\ell(#1)}
\def\R{r}
$$

$$\loss{\R}$$
"""


def test_macros_hold_for_the_deck_from_where_they_are_defined():
    (slide,) = read(DECK).slides
    assert unicode(slide.title[0].tree) == "ℝ"
    text, display = slide.blocks
    assert isinstance(text, Paragraph)
    assert unicode(text.parts[1].tree) == "‖x‖"
    assert isinstance(display, Display)
    assert unicode(display.formula.tree) == "ℓ(r)"


@pytest.mark.parametrize(
    ("front", "key", "line", "column"),
    [
        (r"macros: \R", "macros_form", 2, 9),
        ("macros:\n  f: a #1", "macros_form", 3, 3),
        ("macros:\n  R: [x]", "macros_form", 3, 3),
        ("macros:\n  R1: x", "macro_name", 3, 3),
        ("macros:\n  R: x\n  end: x", "macro_name", 4, 3),
        ("macros:\n" + "\n".join(f"  m{'x' * k}: x" for k in range(101)), "macros_many", 3, 3),
    ],
)
def test_macros_of_front_matter_that_mean_nothing_are_refused(front, key, line, column):
    with pytest.raises(gs.GraphstepError) as caught:
        read(f"---\n{front}\n---\n\n# A\n")
    assert (caught.value.key, caught.value.line, caught.value.column) == (key, line, column)


def test_an_error_in_a_macro_points_to_its_use_in_the_file():
    with pytest.raises(gs.GraphstepError) as caught:
        read("---\nmacros:\n  a: \\nothing\n---\n\n# A\n\nSo $x + \\a$ it is.\n")
    assert (caught.value.key, caught.value.line, caught.value.column) == ("formula_command", 8, 9)
