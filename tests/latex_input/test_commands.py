"""Commands of LaTeX: every one has a tree, and looks that no tree can show are refused."""

from xml.etree.ElementTree import fromstring

import pytest

import graphstep as gs
from graphstep.formulas.latex import latex
from graphstep.formulas.mathml import mathml
from graphstep.latex_input.commands import COMMANDS, SYMBOLS, UNSUPPORTED_LOOKS
from graphstep.latex_input.reader import latex_to_tree


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_tree(name):
    form = COMMANDS[name].form.replace("{1em}", "{2pt}").replace("{=}", "=")
    tree = latex_to_tree(f"\\{name} {form.replace('[n]', '[3]')}")
    assert latex(tree) or name in ("!", "phantom") or "phantom" in name or name.startswith("neg")
    fromstring(mathml(tree))


def test_symbols_are_what_latex_writes_for_them():
    assert all(latex(latex_to_tree(f"\\{name}")) for name in SYMBOLS)
    for name in ("cdot", "alpha", "varphi", "in", "to", "infty", "|", "setminus", "leqslant"):
        assert latex(latex_to_tree(f"\\{name}")) == f"\\{name}"


@pytest.mark.parametrize("name", sorted(UNSUPPORTED_LOOKS))
def test_looks_that_would_be_lost_are_refused(name):
    with pytest.raises(gs.GraphstepError) as caught:
        latex_to_tree(f"a + \\{name}{{x}}")
    assert (caught.value.key, caught.value.span) == ("formula_look", (4, 5 + len(name)))
    assert latex_to_tree(r"\begin{matrix} x \\boxed \end{matrix}")  # a new line and letters
