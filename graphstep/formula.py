"""WHY: what a node and a local gradient are, as formulas in the graph's own names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .gates import Gate, Rule
from .graph import ComputationalGraph, Node

LONGEST = 24  # characters of an unnamed node's text that a sentence can carry

Texts = Sequence[str]


def label(graph: ComputationalGraph, node: int) -> str:
    """What a node is called: its name, number, or piece of the source; empty if that is long."""
    record = graph.nodes[node]
    if record.name is not None:
        return record.name
    if record.gate is None:
        return constant(record.value or 0.0)
    text = " ".join(graph.source[slice(*record.span)].split())
    return text if len(text) <= LONGEST else ""


def constant(number: float) -> str:
    """A number inside a gate, as it was written, or with six digits where that is long.

    >>> constant(-1.0), constant(123456.5), constant(1 / 3)
    ('-1', '123456.5', '0.333333')
    """
    text = f"{number:.15g}"
    return text if len(text) <= 9 else f"{number:.6g}"


def symbol(node: Node) -> str:
    """What stands in a gate's circle; `^` opens a superscript.

    >>> from graphstep.parser import parse
    >>> [symbol(n) for n in parse("f = 1/(1 + x**2)").nodes if n.gate]
    ['x^2', '+1', '1/x']
    """
    gate = node.gate
    assert gate is not None  # only gates have a symbol
    given = node.args[: len(node.args) if gate.variadic else len(gate.params)]
    if all(isinstance(arg, int) for arg in given):
        return gate.symbol
    template = gate.left if isinstance(given[0], float) else gate.right
    if template is not None:
        inside = constant(next(arg for arg in given if isinstance(arg, float)))
        brackets = inside.startswith("-") and template[0] in "+-"
        return template.format(c=f"({inside})" if brackets else inside)
    names = iter("xyzuvw" if gate.variadic else gate.params)
    shown = (next(names, "·") if isinstance(arg, int) else constant(arg) for arg in given)
    return f"{gate.symbol}({', '.join(shown)})"


def value_formula(graph: ComputationalGraph, node: int, name: Callable[[int], str]) -> str:
    """The formula of a gate over what `name` calls its inputs, as in "q*z" or "3*-4"."""
    record = graph.nodes[node]
    gate = record.gate
    assert gate is not None  # only gates have a formula
    return fill(
        gate, gate.text, [name(a) if isinstance(a, int) else constant(a) for a in record.args]
    )


def local_formula(graph: ComputationalGraph, wire: int) -> str:
    """The local gradient on a wire as a formula; empty where it is a plain number.

    In the graph's names where they are short, else in the gate's own x and y.
    """
    _, target, position = graph.wires[wire]
    record = graph.nodes[target]
    gate = record.gate
    assert gate is not None  # a wire ends at a gate
    rule = gate.rule(position)
    text = rule.text if isinstance(rule, Rule) else rule
    if not isinstance(text, str) or not text:
        return ""
    names = [label(graph, a) if isinstance(a, int) else constant(a) for a in record.args]
    if not all(names):
        wires = iter(gate.params)  # one wire is x, whatever stands before it: 1/x
        names = [next(wires) if isinstance(a, int) else constant(a) for a in record.args]
    if gate.name == "pow" and isinstance(record.args[1], float):
        return _power(names[0], record.args[1])
    if text == "out":
        return fill(gate, gate.text, names)
    return fill(gate, text if isinstance(rule, Rule) else f"{{{text}}}", names)


def _power(x: str, exponent: float) -> str:
    """d(x**n)/dx with the numbers worked out: 2*x and 3*x**2, not 2*x**(2 - 1)."""
    less = exponent - 1.0
    base = bracketed(x)
    tail = base if less == 1.0 else f"{base}**{bracketed(constant(less))}"
    return constant(exponent) if less == 0.0 else f"{constant(exponent)}*{tail}"


def fill(gate: Gate, text: str, names: Texts) -> str:
    """A gate's template over names, each in brackets where it is more than one word."""
    if gate.variadic:
        return text.format(args=", ".join(names))
    parts = {p: n if f"({{{p}}})" in text else bracketed(n)
             for p, n in zip(gate.params, names, strict=True)}  # fmt: skip
    whole = text.format(**parts)
    only = next(iter(names), "")
    return only if whole == f"({only})" else whole


def bracketed(text: str) -> str:
    """The text in brackets, unless it is one name, one number or one call.

    >>> bracketed("x + y"), bracketed("exp(x)"), bracketed("-4"), bracketed("(x)*(y)")
    ('(x + y)', 'exp(x)', '(-4)', '((x)*(y))')
    """
    if text.isidentifier() or _is_positive(text):
        return text
    head, _, rest = text.partition("(")
    if head.isidentifier() and rest.endswith(")") and _closes_last(rest):
        return text
    return f"({text})"


def _is_positive(text: str) -> bool:
    """Whether a text is a number without a sign."""
    try:
        return not text.startswith("-") and float(text) >= 0
    except ValueError:
        return False


def _closes_last(rest: str) -> bool:
    """Whether the bracket opened before `rest` is closed by its last character only."""
    depth = 1
    for i, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return i == len(rest) - 1
    return False
