"""Formulas of nodes and local gradients, in the graph's own names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from ..base.signs import minus
from ..gates.gate_row import GateRow
from ..language.local_texts import in_short
from ..language.row_texts import ATOM, PLACE, level_of, read, to_text
from ..language.tokens import SAME_AS, TOKEN
from .nodes import Node

if TYPE_CHECKING:  # a graph is passed in as a value
    from .graph import Graph

LONGEST_LABEL = 24  # characters of an unnamed node's text that a sentence can carry
WORD = re.compile(r"[^\W\d]\w*")
LONGEST_PART = 60  # characters of a formula that is inserted into another one
MOST_LISTED = 6  # inputs of one gate, or terms of a sum, where each of them is spoken of

Texts = Sequence[str]
Given = TypeVar("Given")


def label(graph: Graph, node: int) -> str:
    """A node's name, number, or piece of the source; empty if that is long."""
    record = graph.nodes[node]
    if record.name is not None:
        return record.name
    if isinstance(record.value, float):
        return constant(record.value)
    text = on_one_line(graph.source[slice(*record.span)])
    if record.gate and record.gate.text.startswith("[") and level_of(text) < ATOM:
        text = f"[{text.replace('==', '=')}]"  # as formulas write a comparison
    return text if len(text) <= LONGEST_LABEL else ""


def printed_label(graph: Graph, node: int) -> str:
    """The label of a node with the signs that people print."""
    return minus(label(graph, node))


def printed_labels(graph: Graph) -> tuple[str, ...]:
    """The printed label of each node, or its id where it has none."""
    return tuple(printed_label(graph, i) or ident for i, ident in enumerate(graph.ids))


def on_one_line(source: str) -> str:
    r"""A piece of the source on one line, without comments and with the usual operators.

    >>> on_one_line("x # the input\n  · y")
    'x * y'
    """
    uncommented = re.sub(r"#[^\n]*|\\\r?\n", " ", source)
    for accepted, usual in SAME_AS.items():
        uncommented = uncommented.replace(accepted, usual)
    return " ".join(uncommented.split())


def all_on_one_line(source: str) -> str:
    r"""All statements of a source on one line, with semicolons between them.

    >>> all_on_one_line("q = x + y  # the sum\n\nf = (q\n  * z);\n")
    'q = x + y; f = (q * z)'
    """
    statements, depth = [""], 0
    for token in TOKEN.finditer(source):
        depth += (token[0] in "([") - (token[0] in ")]")
        if token[0] == ";" or (token.lastgroup == "newline" and not depth):
            statements.append("")
        else:
            statements[-1] += token[0]
    return "; ".join(filter(None, map(on_one_line, statements)))


def constant(number: float) -> str:
    """A number inside a gate, as it was written, or with six digits if that is long.

    >>> constant(-1.0), constant(1234567.5), constant(12345678.5), constant(1 / 3)
    ('-1', '1234567.5', '1.23457e+07', '0.333333')
    """
    text = f"{number:.15g}"
    return text if len(text) <= 9 else f"{number:.6g}"


def symbol(node: Node) -> str:
    """The text in a gate's circle, with true minus signs; `^` opens a superscript.

    >>> from graphstep.engine.computational_graph import parse
    >>> [symbol(n) for n in parse("f = 1/(1 + x**2)").nodes if n.gate]
    ['x^2', '+1', '1/x']
    """
    return minus(_symbol(node))


def _symbol(node: Node) -> str:
    gate = node.gate
    assert gate is not None  # only gates have a symbol
    if gate.options and "{" in gate.symbol:
        return gate.symbol.format(**option_texts(gate, node.options))
    given = node.args[: len(node.args) if gate.variadic else len(gate.params)]
    if all(isinstance(arg, int) for arg in given):
        return gate.symbol
    template = gate.left if isinstance(given[0], float) else gate.right
    if template is not None:
        inside = constant(next(arg for arg in given if isinstance(arg, float)))
        brackets = inside.startswith("-") and template[:4] not in ("*{c}", "{c}/", "{c}-", "x^{c")
        return template.format(c=f"({inside})" if brackets else inside)
    return _with_numbers(gate, given)


def _with_numbers(gate: GateRow, args: Sequence[Any]) -> str:
    """A symbol with numbers among the inputs: as a call, or in a formula such as s[y] for names."""
    words = () if gate.variadic else WORD.findall(gate.symbol)
    known = {p: constant(a) for p, a in zip(gate.params, args, strict=False) if type(a) is float}
    if known.keys() <= set(words):
        return WORD.sub(lambda found: known.get(found[0], found[0]), gate.symbol)
    called = gate.symbol if set(words).isdisjoint(gate.params) else gate.name
    names = iter("xyzuvw" if gate.variadic else gate.params)
    shown = (next(names, "·") if isinstance(arg, int) else constant(arg) for arg in args)
    return f"{called}({', '.join(shown)})"


def symbol_text(symbol: str) -> str:
    """A gate's symbol on one line of text: x^2 as x**2, and x^T as xᵀ."""
    return symbol.replace("^T", "ᵀ").replace("^", "**")


def value_formula(
    graph: Graph, node: int, name: Callable[[int], str], mark: str = ".", short: bool = False
) -> str:
    """The formula of a gate over its inputs, each as `name` gives it: "q*z" or "3*-4".

    With a decimal comma as `mark`, semicolons separate arguments. If `short`, some stand for many.
    """
    record = graph.nodes[node]
    gate = record.gate
    assert gate is not None  # only gates have a formula
    text = in_short(gate.text) if short else gate.text
    names = [name(a) if isinstance(a, int) else constant(a).replace(".", mark) for a in record.args]
    return fill(gate, text, names, record.options, "; " if mark == "," else ", ")


def setting_text(setting: Any, number: Callable[[float], str]) -> str:
    """An option as it is written: nothing, a text, a number or several."""
    if setting is None or isinstance(setting, str):
        return setting or ""
    if isinstance(setting, tuple):
        return f"({', '.join(setting_text(part, number) for part in setting)})"
    return number(setting)


NO_OPTIONS: Mapping[str, str] = MappingProxyType({"options": ""})


def option_texts(
    gate: GateRow, options: Sequence[Any], number: Callable[[float], str] = constant
) -> Mapping[str, str]:
    """The text of each option, and under "options" of all that differ from their defaults.

    >>> from graphstep.gates import GATES
    >>> option_texts(GATES["sum"], (1, 0))
    {'axis': '1', 'keepdims': '0', 'options': ', axis=1', 'along_axis': ', axis=1'}
    """
    if not gate.options:  # most gates have none
        return NO_OPTIONS
    texts = [setting_text(option, number) for option in options]
    if any(option.many for option in gate.options):
        return {"options": "".join(f", {text}" for text in texts)}
    chosen = zip(gate.options, options, texts, strict=False)
    shown = (
        f", {'' if known.needed else f'{known.name}='}{text}"
        for known, value, text in chosen
        if value != known.default
    )
    named = dict(zip((option.name for option in gate.options), texts, strict=False))
    along = f", axis={named['axis']}" if named.get("axis") else ""
    return {**named, "options": "".join(shown), "along_axis": along}


def fill(
    gate: GateRow,
    text: str,
    names: Texts,
    options: Sequence[Any] = (),
    between: str = ", ",
    **also: str,
) -> str:
    """A text of a gate's row, filled with names, in brackets where they need them.

    >>> from graphstep.gates import GATES
    >>> fill(GATES["pow"], "{x}**{y}*log({x})", ["x + y", "z"])
    '(x + y)**z*log(x + y)'
    """
    text = settled(gate, text, option_texts(gate, options), len(names))
    given = used(gate, text, len(names), names.__getitem__)
    return to_text(read(text), {**given, **also}, between)


def settled(gate: GateRow, text: str, settings: Mapping[str, str], count: int) -> str:
    """A text of a gate's row with its options filled in, and a place for each of `count` inputs.

    Where "{few}" of many inputs are asked for, the first ones and the last have a place.

    >>> from graphstep.gates import GATES
    >>> settled(GATES["concat"], "concat({args}{options})", {"options": ", axis=1"}, 2)
    'concat({x0}, {x1}, axis=1)'
    >>> settled(GATES["max"], "max({few})", {}, 100)
    'max({x0}, {x1}, {x2}, {x3}, …, {x99})'
    """
    return _settled(text, gate.named(count), tuple(settings.items()))


@lru_cache(maxsize=1024)
def _settled(text: str, names: tuple[str, ...], settings: tuple[tuple[str, str], ...]) -> str:
    known = {"few": _places(names, MOST_LISTED), "args": _places(names, len(names))}
    known.update(settings)
    return PLACE.sub(lambda found: known.get(found[1], found[0]), text)


@lru_cache(maxsize=64)
def _places(names: tuple[str, ...], most: int) -> str:
    """A place for each input; of more than so many, for the first ones and the last."""
    places = [f"{{{name}}}" for name in names]
    if len(places) > most:
        places[most - 2 : -1] = ["…"]
    return ", ".join(places)


def used(gate: GateRow, text: str, count: int, given: Callable[[int], Given]) -> dict[str, Given]:
    """What stands for each of `count` inputs that a settled text names, from their positions."""
    positions = gate.positions(count)
    return {name: given(positions[name]) for name in PLACE.findall(text) if name in positions}
