"""What formulas come to: an evaluator of trees that knows nothing of how they are made."""

from __future__ import annotations

import math

import numpy as np
from printed import read

from graphstep.explain.terms import Piece
from graphstep.formulas.tree import (
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
from graphstep.formulas.unicode import unicode
from graphstep.graph.slots import FORWARD


def softmax(x, axis):
    """Of a vector, or of each row of a matrix."""
    top = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return top / np.sum(top, axis=axis, keepdims=True)


FUNCTIONS = {
    **{name: f for name, f in vars(np).items() if isinstance(f, np.ufunc)}, "ln": np.log,
    "σ": lambda x: 1 / (1 + np.exp(-x)),
    "max": lambda *xs: np.max(xs[0]) if len(xs) == 1 else np.maximum.reduce(np.broadcast_arrays(*xs)),
    "min": lambda *xs: np.min(xs[0]) if len(xs) == 1 else np.minimum.reduce(np.broadcast_arrays(*xs)),
    "erf": np.vectorize(math.erf), "erfc": np.vectorize(math.erfc),
    "mean": np.mean, "var": np.var, "std": np.std, "prod": np.prod, "size": np.size,
    "LReLU": lambda x, a: np.where(x > 0, x, a * x),
    "ELU": lambda x, a: np.where(x >= 0, x, a * np.expm1(np.minimum(x, 0))),
    "softmax": lambda x: softmax(x, -1 if min(np.shape(x)) > 1 else None),
    "MSE": lambda x, y: np.mean((x - y) ** 2),
    "φ": np.sin, "R": np.exp,  # what unknown gates may be
    "g": lambda *xs: np.maximum.reduce(np.broadcast_arrays(*xs)),
}  # fmt: skip
SPOKEN = {"gelu tanh": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))}
"""Functions with names of several words."""
COMPARE = {">": np.greater, "<": np.less, "≥": np.greater_equal, "≤": np.less_equal, "=": np.equal,
           "≠": np.not_equal}  # fmt: skip
PRODUCTS = ("·", "\u2062", "⊙")


class UnknownError(Exception):
    """A formula that is words, or of a gate that the evaluator does not know."""


class Turned:
    """A Jacobian, transposed: what stands right of it is pulled back."""

    def __init__(self, jacobian):
        self.jacobian = jacobian


class Ones:
    """A row of ones: what stands right of it is summed over its rows."""


class Every(float):
    """Ones in the shape of what they stand beside."""


def value(tree, known):
    """The number or array that a formula comes to; `known` are values by their text."""
    text = unicode(tree)
    if text in known:
        return known[text]
    return KINDS[type(tree)](tree, known)


def _number(x, _):
    return read(x.text)


def _sign(x, _):
    if x.text == "𝟏":
        return Every(1)
    raise UnknownError(x)


def _name(x, _):
    if x.text == "π":
        return np.pi
    raise UnknownError(x)


def _unknown(x, _):
    raise UnknownError(x)


def turned(array):
    """A matrix, or each of a stack of them, transposed."""
    return np.swapaxes(array, -1, -2) if np.ndim(array) > 2 else np.transpose(array)


def _scripts(x, known):
    if x == Scripts(Sign("𝟏"), sup=Sign("⊤")):
        return Ones()
    if x.sup == Sign("⊤"):
        inner = value(x.base, known)
        return Turned(inner) if hasattr(inner, "pull") else turned(inner)
    if x.sub is not None:
        raise UnknownError(x)  # an element: `indexed_values` knows those
    if isinstance(x.base, Number) and isinstance(x.sup, Number):
        digits, _, ten = x.base.text.rpartition("·")
        if ten in ("10", "−10"):  # a number and its power of ten
            return read(digits or ten[:-2] + "1") * 10 ** read(x.sup.text)
    exponent = value(x.sup, known)
    return (
        np.exp(exponent)
        if x.base == Name("e") and "e" not in known
        else value(x.base, known) ** exponent
    )


def _fenced(x, known):
    if isinstance(x.inner, Row) and x.left == "[":
        signs = [p.text for p in x.inner.parts if isinstance(p, Sign) and p.text in COMPARE]
        if signs:
            at = x.inner.parts.index(Sign(signs[0]))
            left, right = Row(x.inner.parts[:at]), Row(x.inner.parts[at + 1 :])
            return COMPARE[signs[0]](value(left, known), value(right, known)) * 1.0
    inner = value(x.inner, known)
    return {"|": np.abs, "‖": np.linalg.norm}.get(x.left, lambda v: v)(inner)


def _matrix(x, known):
    return np.array([[value(cell, known) for cell in row] for row in x.rows])


def _row(x, known):
    """Sums of products, and calls in them."""
    terms, sign = [], 1.0
    current = []
    for part in x.parts:
        if isinstance(part, Sign) and part.text in ("+", "−"):
            if current:
                terms.append(sign * _product(current, known))
            current, sign = [], 1.0 if part.text == "+" else -1.0
        else:
            current.append(part)
    terms.append(sign * _product(current, known))
    found = terms[0]
    for term in terms[1:]:
        found, other = beside(found, term), beside(term, found)
        if np.ndim(found) and np.ndim(other) and np.shape(found) != np.shape(other):
            raise UnknownError(x)  # one is repeated, as in X W + b
        found = found + other
    return found


def beside(x, other):
    """What was pulled to a vector, as a row or a column, as the other one is."""
    one = np.ndim(x) == 1 and np.size(x) == np.size(other)
    return np.reshape(x, np.shape(other)) if one else x


def _product(parts, known):
    if parts[0] == Sign("∑"):
        return np.sum(_product(parts[1:], known))
    found, sign, k = None, "·", 0
    while k < len(parts):
        part = parts[k]
        if isinstance(part, Sign) and part.text in PRODUCTS:
            sign, k = part.text, k + 1
            continue
        if part == Sign("∑"):
            factor, k = _product(parts[k:], known), len(parts)
        else:
            factor, k = _operand(parts, k, known)
        found = factor if found is None else _times(found, factor, sign)
    return found


def _operand(parts, k, known):
    """A part, or a function with what it is of."""
    part, after = parts[k], parts[k + 1] if k + 1 < len(parts) else None
    head = part.base if isinstance(part, Scripts) and isinstance(part.base, Name) else part
    if isinstance(head, Name) and isinstance(after, Fenced) and after.left == "(":
        if head.text not in FUNCTIONS:
            raise UnknownError(head)
        found = FUNCTIONS[head.text](*_args(after.inner, known))
        return (found ** value(part.sup, known) if head is not part else found), k + 2
    if isinstance(part, Words) and part.text in SPOKEN and isinstance(after, Fenced):
        return SPOKEN[part.text](*_args(after.inner, known)), k + 2
    if isinstance(part, Words):
        raise UnknownError(part)
    if isinstance(after, Fenced) and after.left == "[" and not isinstance(after.inner, Matrix):
        if unicode(Row((part, after))) in known:
            return known[unicode(Row((part, after)))], k + 2
        if not any(
            isinstance(p, Sign) and p.text in COMPARE for p in getattr(after.inner, "parts", ())
        ):
            raise UnknownError(part)  # an index
    return value(part, known), k + 1


def _args(inner, known):
    parts = inner.parts if isinstance(inner, Row) else (inner,)
    found, current = [], []
    for part in (*parts, Sign(",")):
        if isinstance(part, Sign) and part.text in ",;":
            found.append(value(Row(tuple(current)), known))
            current = []
        else:
            current.append(part)
    return found


def _times(left, right, sign):
    if isinstance(left, Ones):
        return np.sum(right, axis=0, keepdims=True)
    if sign == "⊙" and isinstance(left, Every):
        return right
    if sign == "·" and any(
        isinstance(x, Every) and np.ndim(y) for x, y in ((left, right), (right, left))
    ):
        raise UnknownError(sign)  # as many as fit there
    if isinstance(left, Turned):
        return left.jacobian.pull(np.reshape(right, left.jacobian.rows))
    if hasattr(left, "push"):
        return left.push(np.reshape(right, left.columns))
    if hasattr(right, "pull"):
        return np.reshape(right.pull(np.reshape(left, right.rows)), (1, -1))
    if sign == "⊙":
        assert np.shape(left) == np.shape(right), (np.shape(left), np.shape(right))
        return left * right
    if np.ndim(left) and np.ndim(right):
        return left @ right
    return left * right


def column(array):
    """A vector as a column, as formulas have it."""
    return np.reshape(array, (-1, 1)) if np.ndim(array) == 1 else np.asarray(array)


KINDS = {
    Name: _name, Words: _unknown, Limits: _unknown, Sign: _sign, Number: _number, Scripts: _scripts, Row: _row,
    Fenced: _fenced, Matrix: _matrix,
    Frac: lambda x, known: value(x.top, known) / value(x.bottom, known),
    Root: lambda x, known: np.sqrt(value(x.inner, known)),
    Marked: lambda x, known: value(x.inner, known),
}  # fmt: skip


def placing(facts):
    """What symbols stand for, empty yet, and how one is put there. None stands for two things."""
    found = {}

    def put(piece, is_what):
        text = unicode(piece.tree)
        if not hasattr(is_what, "pull"):
            row = np.ndim(is_what) == 1 and facts.symbols.rows
            is_what = np.reshape(is_what, (1, -1)) if row else column(is_what)
            assert text not in found or np.allclose(found[text], is_what, equal_nan=True), text
        found[text] = is_what

    return found, put


def known(facts, tape):
    """What each symbol of a figure stands for, by its text. No two stand for different things."""
    if tape.mode is FORWARD:
        return known_forward(facts, tape)
    graph = facts.tape.graph  # that of the run may go on to a loss outside
    found, put = placing(facts)
    for i in range(len(graph.nodes)):
        put(facts.symbols.pieces[i], tape.values[i])
        put(facts.total(i), tape.upstreams[i])
    for w, wire in enumerate(graph.wires):
        local, gradient = tape.local(w), not facts.shape(wire.target)
        put(facts.entry(w), tape.values[wire.source])
        put(facts.partial(w), local.pull(1.0) if hasattr(local, "pull") and gradient else local)
        if facts.asked(w) is not None and wire.target not in graph.beyond:
            put(facts.asked(w), tape.downstream(w))
            below = Scripts(Sign("∇"), facts.entry(w).tree)
            put(Piece(Row((below, Sign("\u2005"), facts.end.tree))), tape.downstream(w))
    return found


def known_forward(facts, tape):
    """The same in forward mode: values, tangents, and local gradients, which push."""
    found, put = placing(facts)
    for i in range(len(tape.graph.nodes)):
        put(facts.symbols.pieces[i], tape.values[i])
        put(facts.tangent(i), tape.tangents[i])
    for w, wire in enumerate(tape.graph.wires):
        put(facts.entry(w), tape.values[wire.source])
        put(facts.partial(w), tape.local(w))
    return found


def sides_of(equation, names):
    """What the sides come to, those that the evaluator knows."""
    for side in equation.sides:
        try:
            with np.errstate(all="ignore"):
                found = value(side, names)
        except UnknownError:
            continue
        yield found.dense() if hasattr(found, "dense") else found


def check(s):
    """Every equation of every frame holds; returns how many sides were compared."""
    every, count = known(s._writer.facts, s.tape), 0
    for frame in s:
        names = every | before_update(s, frame.step)
        for assigned, equation in map(new_value, frame.equations):
            first, *others = [*sides_of(equation, names), None][:-1] or [None]
            for other in others:
                pair = beside(first, other), beside(other, first)
                assert np.allclose(*pair, rtol=1e-6, atol=1e-7, equal_nan=True), unicode(equation)
                count += 1
            if assigned:  # from here on the name has its new value
                names[assigned] = first
    return count


def before_update(s, step):
    """What a rule takes at the weight of a step, by the letters in its equations."""
    if step.kind != "update":
        return {}
    formulas, given = s._writer.update, s.update.before(step.node)
    names = {unicode(Name(text)): name for name, text in formulas.letters(step.node).items()}
    return {text: column(given[name]) if np.ndim(given[name]) else given[name]
            for text, name in names.items()}  # fmt: skip


def new_value(equation):
    """The name that gets a new value, if an equation gives one, and the equation behind it."""
    first = equation.sides[0]
    if not (isinstance(first, Row) and Sign("←") in first.parts):
        return "", equation
    at = first.parts.index(Sign("←"))
    rest = Row(first.parts[at + 1 :])
    return unicode(first.parts[0]), equation._replace(sides=(rest, *equation.sides[1:]))
