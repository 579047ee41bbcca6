"""Formulas as a line of text can be read in one way only: a reader of the text finds their values."""

import re

import pytest
from formulas import value
from hypothesis import given, settings
from hypothesis import strategies as st

from graphstep.formulas.signs import TIMES
from graphstep.formulas.tree import Fenced, Frac, Marked, Name, Number, Root, Row, Scripts, Sign
from graphstep.formulas.unicode import unicode

TOKEN = re.compile(r"[a-z]|\d+\.\d+|\d+|[²³]+|√|[()]| \+ | − |−| · | |/")
POWERS = str.maketrans("²³", "23")
KNOWN = {"x": 1.3, "y": 2.7}


class Reader:
    """Reads sums of products of fractions of powers; a root of a power needs brackets."""

    def __init__(self, text):
        self.left = TOKEN.findall(text)[::-1]
        assert "".join(reversed(self.left)) == text

    def next(self, *wanted):
        return self.left.pop() if self.left and self.left[-1] in wanted else ""

    def sum(self):
        found = -self.term() if self.next("−") else self.term()
        while sign := self.next(" + ", " − "):
            found += self.term() if sign == " + " else -self.term()
        return found

    def term(self):
        found = self.fraction()
        while self.next(" ", " · "):
            found *= self.fraction()
        return found

    def fraction(self):
        found = self.power()
        if self.next("/"):
            found /= self.power()
            assert not self.next("/"), "a/b/c"
        return found

    def power(self):
        root = self.next("√")
        found = self.atom()
        if self.left and self.left[-1][0] in "²³":
            assert not root, "√x² is not clear"
            found **= int(self.left.pop().translate(POWERS))
        return found**0.5 if root else found

    def atom(self):
        token = self.left.pop()
        if token == "(":
            found = self.sum()
            assert self.next(")")
            return found
        return KNOWN[token] if token in KNOWN else float(token)


def held(x):
    """A part of a sum or product, in brackets where it has several parts itself."""
    bare = x
    while isinstance(bare, Marked):
        bare = bare.inner
    return Fenced(x) if isinstance(bare, Row) else x


def product(pair):
    left, right = map(held, pair)
    return Row((left, Sign("·" if isinstance(right, Number) else TIMES), right))


def added(pair):
    return Row((pair[0], Sign("+"), held(pair[1])))


leaves = st.sampled_from([Name("x"), Name("y"), Number("2.5"), Number("3")])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("23")).map(lambda p: Scripts(p[0], sup=Number(p[1]))),
        inner.map(Root),
        st.tuples(inner, inner).map(lambda p: Frac(*p)),
        st.tuples(inner, inner).map(product),
        st.tuples(inner, inner).map(added),
        inner.map(lambda x: Marked(x, "value") if not isinstance(x, Row) else x),
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(tree=trees)
def test_what_is_written_is_read_in_one_way(tree):
    found = Reader(text := unicode(tree))
    assert found.sum() == pytest.approx(value(tree, KNOWN), rel=1e-9), text
    assert not found.left


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Scripts(Root(Name("y")), sup=Number("2")), "(√y)²"),
        (Root(Scripts(Name("y"), sup=Number("2"))), "√(y²)"),
        (Scripts(Scripts(Name("y"), sup=Number("2")), sup=Number("3")), "(y²)³"),
        (Frac(Number("3.00"), Number("-4.00")), "3.00/(−4.00)"),
    ],
)
def test_brackets_where_a_line_of_text_needs_them(tree, text):
    assert unicode(tree) == text
