"""How a composite gate pulls a gradient back: by the texts of the gates inside, the last one first.

sigmoid(W @ x + b) as one gate brings Wᵀ · (upstream*(1 − h)*h) back to x, where h is its output.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..base.signs import minus
from ..gates import Gate
from ..gates.rules import Rule
from ..graph.composites import inside
from ..graph.expressions import LONGEST_PART, constant, fill, option_texts, settled, used
from ..graph.nodes import Node
from ..language.local_texts import Taken, local_text, over_copies
from ..language.row_texts import ATOM, level_of, read, to_text


def pulled_through(
    taken: Taken, position: int, names: Sequence[str], upstream: str, output: str
) -> str:
    """The downstream gradient over the names of what a composite gate takes, and of its output.

    Empty for another gate, where a value inside is used twice, where a gate inside has no text, and
    for a long formula.
    """
    found = inside(taken.gate) if isinstance(taken.gate, Gate) else None
    if found is None:
        return ""
    nodes, last = found
    works, texts = _run(nodes, taken, names)
    path = list(_path(nodes, position, last))
    if not path or path[-1][0] != last:
        return ""
    made = upstream
    for node, place in reversed(path):
        made = made and _pulled(works[node], place, texts, made)
    if level_of(texts[last]) == ATOM:
        made = made.replace(texts[last], output)
    return made if len(made) <= LONGEST_PART else ""


def _run(
    nodes: Sequence[Node], taken: Taken, names: Sequence[str]
) -> tuple[dict[int, Taken], list[str]]:
    """Each gate inside at work, and the text of each node over the names of what comes in."""
    values, texts, works = list(taken.values), list(names), dict[int, Taken]()
    for i, node in enumerate(nodes):
        if node.gate is not None:
            values.append(node.gate.value(node.taken(values), node.options))
            works[i] = node.at_work(values, values[i])
            args = [_text(arg, texts) for arg in node.args]
            texts.append(minus(fill(node.gate, node.gate.text, args, node.options)))
    return works, texts


def _text(arg: int | float, texts: Sequence[str]) -> str:
    return texts[arg] if isinstance(arg, int) else constant(arg)


def _path(nodes: Sequence[Node], start: int, last: int) -> Iterator[tuple[int, int]]:
    """The gates between an input and the output, each with the place at which it is entered.

    It ends where a value is used twice.
    """
    while start != last:
        uses = [
            (i, place)
            for i, node in enumerate(nodes)
            for place, arg in enumerate(node.args)
            if type(arg) is int and arg == start
        ]
        if len(uses) != 1:
            return
        yield uses[0]
        start = uses[0][0]


def _pulled(work: Taken, place: int, texts: Sequence[str], upstream: str) -> str:
    """The gradient that one gate inside brings back; empty if it has no text."""
    gate, count = work.gate, len(work.args)
    text = local_text(work, place)
    if not text or "{ones}" in text:
        return ""
    rule = gate.rule(place)
    if not (isinstance(rule, Rule) and rule.maps):
        text = over_copies(_times(text), work.shape(place), work.out_shape)
    text = settled(gate, text, option_texts(gate, work.options), count)
    given = used(gate, text, count, lambda position: _text(work.args[position], texts))
    mixed = "·" in text or "·" in upstream
    held = f"({upstream})" if mixed and level_of(upstream) != ATOM else upstream
    return minus(to_text(read(text), {**given, "g": held}))


def _times(text: str) -> str:
    """The upstream gradient times a local one."""
    if text in ("1", "-1"):
        return text.replace("1", "{g}")
    return f"{{g}}*{text}" if level_of(text) == ATOM else f"{{g}}*({text})"
