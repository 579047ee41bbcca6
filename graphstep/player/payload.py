"""The data of the player: what each frame puts into the empty slots of a figure's SVG.

Everything here is text made in Python, or an index; the player computes nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from math import isfinite, prod
from typing import TYPE_CHECKING, Any

from ..base.signs import DOT
from ..base.words import say, sentences
from ..calculus.shapes import shape_text
from ..drawing.stage import short
from ..graph.expressions import all_on_one_line, printed_label
from ..graph.slots import Slot
from ..look.matrices import is_small
from ..look.numbers import rounded

if TYPE_CHECKING:
    from ..figure.figure import Figure

MOST_READY = 6  # gates that are named as ready
MOST_PATHS = 8  # terms of a sum that are listed
MOST_GATES = 100  # in a figure with questions, terms of sums, and a static picture
LONGEST_TITLE = 120
LONGEST_PATH = 12  # nodes that are named
MOST_ROWS, MOST_COLUMNS = 40, 12  # of a large array, listed as numbers
Data = dict[str, Any]


def payload(figure: Figure) -> Data:
    """The data of a figure, ready for JSON."""
    order, nodes = _order(figure), range(len(figure.graph.nodes))
    return {
        "title": title(figure),
        "theme": figure.style.theme,
        "words": _words(figure.lang),
        "slots": " ".join(map(short, order)),
        "texts": [figure.texts[slot] for slot in order],
        "blocks": {order[slot]: markup for slot, markup in figure.markup.items()},
        "steps": [_step(figure, k, order) for k in range(len(figure))],
        "nodes": [_node(figure, i, order) for i in nodes],
        "wires": [_wire(figure, w, order) for w in range(len(figure.graph.wires))],
        "warnings": _warnings(figure),
        "paths": {
            name: _path(figure, i, order)
            for name, i in figure.graph.inputs.items()
            if Slot("upstream", i) in order
        },
        "large": {k: v for i in nodes for k, v in _large(figure, i).items()},
        "quiz": list(_questions(figure, order)) if can_be_followed(figure) else [],
    }


def bare(figure: Figure) -> Data:
    """The data of a figure that only shows its frames: the page around it has all the words."""
    order = _order(figure)
    return {
        "slots": " ".join(map(short, order)),
        "texts": [figure.texts[slot] for slot in order],
        "blocks": {order[slot]: markup for slot, markup in figure.markup.items()},
        "steps": [_seen(figure, k, order) for k in range(len(figure))],
        "warnings": _warnings(figure),
    }


def can_be_followed(figure: Figure) -> bool:
    """Whether the figure is small enough for a person to go through all of it."""
    return sum(node.gate is not None for node in figure.graph.nodes) <= MOST_GATES


def title(figure: Figure) -> str:
    """The title of a figure: its expression, or the beginning of a long one."""
    text = all_on_one_line(figure.graph.source)
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE] + "…"


def changes(before: Figure, now: Figure) -> Data:
    """The differences between two figures of the same graph: texts, arrays, warning signs."""
    order, blocks, old = _order(now), now.markup, before.markup
    found = {
        "texts": {k: now.texts[s] for s, k in order.items() if now.texts[s] != before.texts[s]},
        "blocks": {order[slot]: new for slot, new in blocks.items() if new != old.get(slot)},
    }
    return {**found, "warnings": _warnings(now), "scale": now.scale}


def words(figure: Figure, frame: int) -> Data:
    """The caption and legend of one frame, as a change."""
    shown = figure.every_frame[frame]
    step = {"c": shown.caption, "l": shown.legend}
    return {"steps": {frame: step}}


def looked_at(figure: Figure, of: str) -> Data:
    """The details of a node ("n3") or a wire ("w7"), as a change."""
    if not of:
        return {}
    order, item = _order(figure), int(of[1:])
    wires = figure.graph.wires_out[item] if of[0] == "n" else (item,)
    node = item if of[0] == "n" else figure.graph.wires[item].source
    return {
        "nodes": {node: _node(figure, node, order)},
        "wires": {w: _wire(figure, w, order) for w in wires},
        "large": _large(figure, node),
    }


def path(figure: Figure, name: str) -> Data:
    """The paths of an input and their terms, as a change."""
    if not name:
        return {}
    return {"paths": {name: _path(figure, figure.graph.inputs[name], _order(figure))}}


def as_json(data: object) -> str:
    """JSON that cannot close the script element around it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    escapes = {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
    for char, escape in escapes.items():
        text = text.replace(char, escape)
    return text.encode("utf-8", "replace").decode("utf-8")


def veiled(data: object) -> str:
    """JSON that is not plain text in the page's source; not secret, as the page can read it."""
    raw = as_json(data).encode()
    return base64.b64encode(bytes(b ^ ((i * 7 + 13) & 255) for i, b in enumerate(raw))).decode()


def _order(figure: Figure) -> dict[Slot, int]:
    """The index of every slot, in order of appearance."""
    shown = (slot for step in figure.steps for slot in step.shows)
    return {slot: k for k, slot in enumerate(dict.fromkeys(shown))}


def _words(lang: str) -> dict[str, str]:
    """The sentences of the player: labels of controls, hints."""
    keys = [key for key in sentences(lang) if key.startswith("player.")]
    return {**{key.removeprefix("player."): sentences(lang)[key] for key in keys}, **_heads(lang)}


def _step(figure: Figure, k: int, order: dict[Slot, int]) -> Data:
    """A frame with its legend and the reason why it comes now."""
    said = _heads(figure.lang)
    legend = figure.every_frame[k].legend
    return {
        **_seen(figure, k, order),
        "l": legend.replace(said["head"], "0").replace(said["head_map"], "1"),
        "y": _why(figure, k),
    }


def _seen(figure: Figure, k: int, order: dict[Slot, int]) -> Data:
    """A frame: its caption, the slots that are new, the slots that are used, nodes, wires.

    Its kind is there only where what is new is not marked.
    """
    step = figure.steps[k]
    return {
        **({} if "new" in step.row.marks else {"k": step.kind}),
        "c": figure.every_frame[k].caption,
        "s": [order[slot] for slot in step.shows],
        "u": [order[slot] for slot in step.uses if slot in order],
        "g": [step.node] if "node" in step.row.marks else [],
        "w": list(step.wires(figure.graph)),
    }


def _heads(lang: str) -> dict[str, str]:
    """The first lines of legends, which are sent as a digit."""
    return {key: say(f"legend.{key}", lang) for key in ("head", "head_map")}


def _why(figure: Figure, k: int) -> str:
    """Why this step can come now, and which other gates are ready."""
    found = figure.ready[k]
    ready = ", ".join(figure.names[node] for node in found[:MOST_READY])
    ready += ", …" if len(found) > MOST_READY else ""
    why = figure.every_frame[k].why
    return f"{why} {say('player.ready', figure.lang, gates=ready)}" if ready else why


def _node(figure: Figure, i: int, order: dict[Slot, int]) -> Data:
    graph = figure.graph
    return {
        "n": figure.names[i],
        "g": figure.gate_names[i] if graph.nodes[i].gate else "",
        "f": figure.formulas[i] if graph.nodes[i].gate else "",
        "v": order[Slot("value", i)],
        "u": order.get(Slot("upstream", i)),
        "o": list(graph.wires_out[i]),
    }


def _wire(figure: Figure, w: int, order: dict[Slot, int]) -> list[Any]:
    """Source, target, the slots of local and downstream, and the texts about them, if any.

    A wire that brings labels has no such slots.
    """
    source, target, _ = figure.graph.wires[w]
    told = figure.told[w]
    slots = [order.get(Slot("local", w)), order.get(Slot("downstream", w))]
    said = [told.local, told.pulled, told.zero]
    while said and not said[-1]:
        said.pop()
    return [source, target, *slots, *said]


def _warnings(figure: Figure) -> list[tuple[int, int]]:
    """The frame in which each node gets its warning sign."""
    found = {(figure.appears[Slot(t.kind, t.item)], t.node) for t in figure.tape.troubles}
    return sorted(found)


def _path(figure: Figure, i: int, order: dict[Slot, int]) -> Data:
    """The wires on the paths from an input to the output, and the terms of the sum over paths."""
    reached, wires = {i}, []
    for w, (source, target, _) in enumerate(figure.graph.wires):
        if source in reached and Slot("local", w) in order:
            reached.add(target)
            wires.append(w)
    walks = _walks(figure, i) if can_be_followed(figure) else ()
    terms = [_term(figure, walk, order[Slot("upstream", i)]) for walk in walks]
    if len(terms) == MOST_PATHS:
        terms.append(("…", "", order[Slot("upstream", i)]))
    return {"wires": wires, "terms": terms}


def _walks(figure: Figure, start: int) -> Iterator[tuple[int, ...]]:
    """The first few paths from a node to the output, as wires."""
    graph, count = figure.graph, 0
    without = graph.never_filled
    todo: list[tuple[int, tuple[int, ...]]] = [(start, ())]
    while todo and count < MOST_PATHS:
        node, path = todo.pop()
        if node == graph.output:
            count += 1
            yield path
        leaving = (w for w in reversed(graph.wires_out[node]) if Slot("local", w) not in without)
        todo.extend((graph.wires[w].target, (*path, w)) for w in leaving)


def _term(figure: Figure, path: tuple[int, ...], slot: int) -> tuple[str, str, int]:
    """A path in names, its product in numbers, and the slot that must be known to show it."""
    graph, texts, tape = figure.graph, figure.texts, figure.tape
    nodes = [*(graph.wires[w].source for w in path), graph.output]
    long = len(nodes) > LONGEST_PATH
    shown = [*nodes[: LONGEST_PATH - 2], None, nodes[-1]] if long else nodes
    names = " → ".join("…" if node is None else figure.names[node] for node in shown)
    locals_ = [tape.local(w) for w in path]
    if long or not all(isinstance(local, float) for local in locals_):
        return names, "", slot
    product = prod(locals_)
    factors = f" {DOT} ".join(f"[{texts[Slot('local', w)]}]" for w in path)
    return names, f"{factors} = {figure.numbers(product)}" if path else "", slot


def _large(figure: Figure, i: int) -> Data:
    """The numbers of an array that is drawn as a heat map; only the first rows and columns."""
    value = figure.tape.values[i]
    shape = getattr(value, "shape", ())
    if not shape or is_small(shape):
        return {}
    rows = value.reshape(-1, shape[-1])[:MOST_ROWS, :MOST_COLUMNS]
    table = {
        "label": f"{printed_label(figure.graph, i) or figure.names[i]}: {shape_text(shape)}",
        "rows": [list(figure.numbers.cells(map(float, row), 8)) for row in rows],
    }
    return {f"n{i}": table}


# --- questions


def _questions(figure: Figure, order: dict[Slot, int]) -> Iterator[list[Any]]:
    """A question for each single number of the backward pass, in the order of frames.

    The last of a gate's inputs comes first, as in the captions. A question is: its frame; its slot;
    the node it is about; the gate it comes from, or -1 for the sum over all wires; the answer; its
    tolerance; wrong answers, each with the key of its hint; other slots that show the answer.
    """
    for k in range(len(figure.steps)):
        for slot in _asked(figure, k):
            question = _question(figure, k, slot, order)
            if question is not None:
                yield question


def _asked(figure: Figure, k: int) -> list[Slot]:
    """The slots that a step can ask for: the gradients on its wires, and their sum if several."""
    step, graph = figure.steps[k], figure.graph
    found = [Slot("downstream", w) for w in step.in_order(graph)]
    if len(graph.wires_out[step.node]) > 1:
        found.append(Slot("upstream", step.node))
    return [slot for slot in found if slot in step.shows]


def _question(figure: Figure, k: int, slot: Slot, order: dict[Slot, int]) -> list[Any] | None:
    tape, graph = figure.tape, figure.graph
    wire = slot.kind == "downstream"
    number = tape.downstream(slot.item) if wire else tape.upstreams[slot.item]
    if not isinstance(number, float) or not isfinite(number):
        return None
    source, target, _ = graph.wires[slot.item] if wire else (slot.item, -1, 0)
    tolerance = _tolerance(figure, number)
    shown = [Slot("local", slot.item)] if wire else []
    if wire and len(graph.wires_out[source]) == 1:
        shown.append(Slot("upstream", source))
    slips = [[key, _short(value)] for key, value in _slips(figure, slot)
             if isfinite(value) and abs(value - number) > 2 * tolerance]  # fmt: skip
    also = [order[other] for other in shown if other in figure.steps[k].shows]
    return [k, order[slot], source, target, _short(number), _short(tolerance), slips, also]


def _tolerance(figure: Figure, number: float) -> float:
    """How far an answer may be from a number; as it is printed is always near enough."""
    digits, longest = figure.numbers.digits, figure.numbers.longest
    half = 0.5 * 10.0 ** -max(digits, 1)
    if not number:
        return half
    # half of the last digit alone would accept almost any answer to a small number
    near = min(half, 0.05 * abs(number)) + 0.01 * abs(number)
    printed = float(rounded(number, digits, longest))
    return max(near, 1.0001 * abs(number - printed))


def _short(number: float) -> float:
    """Round to as many digits as it takes to tell answers apart."""
    return float(f"{number:.6g}")


def _slips(figure: Figure, slot: Slot) -> Iterator[tuple[str, float]]:
    """Likely wrong answers, each with the key of its hint."""
    tape, graph = figure.tape, figure.graph
    if slot.kind == "downstream":
        upstream, local = tape.upstreams[graph.wires[slot.item].target], tape.local(slot.item)
        yield "slip_sign", -tape.downstream(slot.item)
        if isinstance(local, float) and isinstance(upstream, float):
            yield from (("slip_upstream", local), ("slip_local", upstream),
                        ("slip_added", upstream + local))  # fmt: skip
        return
    parts = [tape.downstream(w) for w in graph.wires_out[slot.item]]
    yield from (("slip_wire", part) for part in parts)
    yield "slip_sign", -tape.upstreams[slot.item]
    yield "slip_product", prod(parts)
