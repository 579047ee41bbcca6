"""The formulas of gates' rows: each text is written back as it stands, and brackets are needed."""

import ast
import re
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import expressions

from graphstep.gates import GATES
from graphstep.language.local_texts import local_template
from graphstep.language.row_texts import ATOM, LOOSE, PLACE, TERM, level_of, read, runs, to_text

TEXTS = {
    *(gate.text for gate in GATES.values()),
    *(local_template(gate, i) for gate in GATES.values() for i in range(len(gate.params))),
    *(GATES["pow"].folded(power) for power in (-1.0, 0.5, 1.0, 2.0, 2.5, 3.0, 1e-7)),
    *(
        "{x}[1:]",
        "{g}[:, :, None]*{x}",
        "{x}[-3:-1]",
        "sum({x}, axis=-1, keepdims=1)",
        "{x} @ (2*{y})",
    ),
}
TEXTS = sorted(TEXTS - {""})


def settled(text):
    return re.sub("{(options|along)}", "", text).replace("{args}", "{x}, {y}")


@pytest.mark.parametrize("text", [*map(settled, TEXTS)])
def test_every_text_of_a_row_is_written_back_as_it_stands(text):
    """What the rows have is in the language already, with no bracket too many."""
    given = {name: name for name in PLACE.findall(text)}
    assert to_text(read(text), given) == text.replace("{", "").replace("}", "")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("x", ATOM), ("4", ATOM), ("1e-05", ATOM), ("3,5", ATOM), ("exp(x + y)", ATOM),
        ("(x + y)", ATOM), ("(+1 gate)", ATOM), ("[1, -2]", ATOM), ("[[1, -2], [3, 4]]", ATOM),
        ("x[-1]", ATOM), ("x[0][1:]", ATOM), ("x.T", ATOM), ("(x + y).T", ATOM), ("-x[0]", LOOSE),
        ("x.T @ x", TERM), ("[1, 2]*x", TERM), ("(a)*(b)", TERM), ("x*exp(-y)", TERM),
        ("W @ x", TERM), ("x**2", TERM), ("x + y", LOOSE), ("-4", LOOSE), ("-4,00", LOOSE),
        ("-x*y", LOOSE), ("(a) + (b)", LOOSE), ("x*-y", LOOSE), ("1e-05*x - 1", LOOSE),
    ],
)  # fmt: skip
def test_how_tightly_a_text_holds_together(text, level):
    assert level_of(text) == level


def structure(text):
    """What Python reads: operators and names, without the brackets between them."""
    return ast.dump(ast.parse(text, mode="eval"))


PLAIN = [text for text in map(settled, TEXTS) if not set("[]ᵀ·.") & set(text)]


class Put(ast.NodeTransformer):
    """Puts what texts are read as in the place of names."""

    def __init__(self, given):
        self.given = given

    def visit_Name(self, node):
        found = self.given.get(node.id)
        return ast.parse(found, mode="eval").body if found else node


@given(text=st.sampled_from(PLAIN), first=expressions, second=expressions)
def test_brackets_keep_what_is_taken_together(text, first, second):
    """A formula over texts is read by Python as that formula over what these texts are read as."""
    names = dict.fromkeys(PLACE.findall(text))
    marks = {name: f"place_{name}" for name in names}
    given = dict(zip(names, cycle((first, second)), strict=False))
    tree = ast.parse(to_text(read(text), marks), mode="eval")
    wanted = Put({marks[name]: text for name, text in given.items()}).visit(tree)
    assert structure(to_text(read(text), given)) == ast.dump(wanted)


def test_runs_tell_what_stands_for_a_place():
    found = [run for run in runs(read("{x}**{y}"), {"x": "a + b", "y": "2"}) if run.text]
    assert found == [("(a + b)", "x"), ("**", ""), ("2", "y")]


def test_a_condition_and_a_comparison_are_two_formulas():
    """As plain tuples they would be equal, and what is remembered of one would be said of both."""
    for first, second in (("[{x} > {y}]*2", "({x} > {y})*2"), ("({x} < {y})", "[{x} < {y}]")):
        assert read(first) != read(second)
