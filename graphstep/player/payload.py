"""What the player is given: one SVG with empty slots, and what each frame puts into it, as data.

Everything here is text made in Python, or an index; the player computes nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from math import isfinite, prod
from typing import TYPE_CHECKING, Any

from ..base.words import say, sentences
from ..calculus.shapes import shape_text
from ..drawing.stage import short
from ..graph.expressions import label, on_one_line
from ..graph.slots import Slot
from ..look.matrices import is_small

if TYPE_CHECKING:
    from ..figure.figure import Figure

MOST_READY = 6  # gates that are named as ready
MOST_PATHS = 8  # terms of a sum that are listed
MOST_GATES = 100  # of a figure with questions, terms of sums, and a picture beside it
LONGEST_TITLE = 120
LONGEST_PATH = 12  # nodes of a path that are named
MOST_ROWS, MOST_COLUMNS = 40, 12  # of a large array that are listed as numbers
Data = dict[str, Any]


def payload(stepper: Figure) -> Data:
    """The data of a figure, ready for JSON."""
    order, nodes = _order(stepper), range(len(stepper.graph.nodes))
    return {
        "title": title(stepper),
        "theme": stepper.style.theme,
        "words": _words(stepper.lang),
        "slots": " ".join(map(short, order)),
        "texts": [stepper.texts[slot] for slot in order],
        "blocks": {order[slot]: markup for slot, markup in stepper.markup.items()},
        "steps": [_step(stepper, k, order) for k in range(len(stepper))],
        "nodes": [_node(stepper, i, order) for i in nodes],
        "wires": [_wire(stepper, w, order) for w in range(len(stepper.graph.wires))],
        "warnings": _warnings(stepper),
        "paths": {name: _path(stepper, i, order) for name, i in stepper.graph.inputs.items()},
        "large": {k: v for i in nodes for k, v in _large(stepper, i).items()},
        "quiz": list(_questions(stepper, order)) if can_be_followed(stepper) else [],
    }


def bare(stepper: Figure) -> Data:
    """The data of a figure that only shows its frames: the page around it has all the words."""
    order = _order(stepper)
    return {
        "slots": " ".join(map(short, order)),
        "texts": [stepper.texts[slot] for slot in order],
        "blocks": {order[slot]: markup for slot, markup in stepper.markup.items()},
        "steps": [_seen(stepper, k, order) for k in range(len(stepper))],
        "warnings": _warnings(stepper),
    }


def can_be_followed(stepper: Figure) -> bool:
    """Whether a person can go through all of the figure."""
    return sum(node.gate is not None for node in stepper.graph.nodes) <= MOST_GATES


def title(stepper: Figure) -> str:
    """What a figure is called: its expression, or the beginning of a long one."""
    text = on_one_line(stepper.graph.source)
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE] + "…"


def changes(before: Figure, now: Figure) -> Data:
    """What differs between two figures of the same graph: texts, arrays, warning signs."""
    order, blocks, old = _order(now), now.markup, before.markup
    found = {
        "texts": {k: now.texts[s] for s, k in order.items() if now.texts[s] != before.texts[s]},
        "blocks": {order[slot]: new for slot, new in blocks.items() if new != old.get(slot)},
    }
    return {**found, "warnings": _warnings(now), "scale": now.scale}


def words(stepper: Figure, frame: int) -> Data:
    """The words of one frame, as a change."""
    shown = stepper.every_frame[frame]
    step = {"c": shown.caption, "l": shown.legend}
    return {"steps": {frame: step}}


def looked_at(stepper: Figure, of: str) -> Data:
    """What is told of a node ("n3") or a wire ("w7"), as a change."""
    if not of:
        return {}
    order, item = _order(stepper), int(of[1:])
    wires = stepper.graph.wires_out[item] if of[0] == "n" else (item,)
    node = item if of[0] == "n" else stepper.graph.wires[item].source
    return {
        "nodes": {node: _node(stepper, node, order)},
        "wires": {w: _wire(stepper, w, order) for w in wires},
        "large": _large(stepper, node),
    }


def path(stepper: Figure, name: str) -> Data:
    """The terms of an input's paths, as a change."""
    if not name:
        return {}
    return {"paths": {name: _path(stepper, stepper.graph.inputs[name], _order(stepper))}}


def as_json(data: object) -> str:
    """JSON that cannot end the script element it stands in."""
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
    """JSON that is not plain text in a page's source; no secret, as the page can read it."""
    raw = as_json(data).encode()
    return base64.b64encode(bytes(b ^ ((i * 7 + 13) & 255) for i, b in enumerate(raw))).decode()


def _order(stepper: Figure) -> dict[Slot, int]:
    """Every slot with its number, in the order in which they appear."""
    shown = (slot for step in stepper.steps for slot in step.shows)
    return {slot: k for k, slot in enumerate(dict.fromkeys(shown))}


def _words(lang: str) -> dict[str, str]:
    """The sentences of the player: labels of controls, hints."""
    keys = [key for key in sentences(lang) if key.startswith("player.")]
    return {**{key.removeprefix("player."): sentences(lang)[key] for key in keys}, **_heads(lang)}


def _step(stepper: Figure, k: int, order: dict[Slot, int]) -> Data:
    """A frame as it is seen; its legend, and why now."""
    said = _heads(stepper.lang)
    legend = stepper.every_frame[k].legend
    return {
        **_seen(stepper, k, order),
        "l": legend.replace(said["head"], "0").replace(said["head_map"], "1"),
        "y": _why(stepper, k),
    }


def _seen(stepper: Figure, k: int, order: dict[Slot, int]) -> Data:
    """A frame: its caption; slots that are new, slots that are used, nodes, wires."""
    step = stepper.steps[k]
    return {
        "k": 0 if "new" in step.row.marks else step.kind,
        "c": stepper.every_frame[k].caption,
        "s": [order[slot] for slot in step.shows],
        "u": [order[slot] for slot in step.uses if slot in order],
        "g": [step.node] if "node" in step.row.marks else [],
        "w": list(step.wires(stepper.graph)),
    }


def _heads(lang: str) -> dict[str, str]:
    """The first lines of legends, which the player knows by a digit."""
    return {key: say(f"legend.{key}", lang) for key in ("head", "head_map")}


def _why(stepper: Figure, k: int) -> str:
    """Why this step can come now, and which gates are ready besides."""
    found = stepper.ready[k]
    ready = ", ".join(stepper.names[node] for node in found[:MOST_READY])
    ready += ", …" if len(found) > MOST_READY else ""
    why = stepper.every_frame[k].why
    return f"{why} {say('player.ready', stepper.lang, gates=ready)}" if ready else why


def _node(stepper: Figure, i: int, order: dict[Slot, int]) -> Data:
    graph = stepper.graph
    return {
        "n": stepper.names[i],
        "g": stepper.gate_names[i] if graph.nodes[i].gate else "",
        "f": stepper.formulas[i] if graph.nodes[i].gate else "",
        "v": order[Slot("value", i)],
        "u": order[Slot("upstream", i)],
        "o": list(graph.wires_out[i]),
    }


def _wire(stepper: Figure, w: int, order: dict[Slot, int]) -> list[Any]:
    """Source, target, the slots of local and downstream, and what is said of them, if anything."""
    source, target, _ = stepper.graph.wires[w]
    told = stepper.told[w]
    slots = [order[Slot("local", w)], order[Slot("downstream", w)]]
    said = [told.local, told.pulled, told.zero]
    while said and not said[-1]:
        said.pop()
    return [source, target, *slots, *said]


def _warnings(stepper: Figure) -> list[tuple[int, int]]:
    """The frame in which each node gets its warning sign."""
    found = {(stepper.appears[Slot(t.kind, t.item)], t.node) for t in stepper.tape.troubles}
    return sorted(found)


def _path(stepper: Figure, i: int, order: dict[Slot, int]) -> Data:
    """Of an input: the wires on its paths to the output, and the terms of the sum of paths."""
    reached, wires = {i}, []
    for w, (source, target, _) in enumerate(stepper.graph.wires):
        if source in reached:
            reached.add(target)
            wires.append(w)
    walks = _walks(stepper, i) if can_be_followed(stepper) else ()
    terms = [_term(stepper, walk, order[Slot("upstream", i)]) for walk in walks]
    if len(terms) == MOST_PATHS:
        terms.append(("…", "", order[Slot("upstream", i)]))
    return {"wires": wires, "terms": terms}


def _walks(stepper: Figure, start: int) -> Iterator[tuple[int, ...]]:
    """The paths from a node to the output, as wires; the first few."""
    graph, count = stepper.graph, 0
    todo: list[tuple[int, tuple[int, ...]]] = [(start, ())]
    while todo and count < MOST_PATHS:
        node, path = todo.pop()
        if node == graph.output:
            count += 1
            yield path
        leaving = reversed(graph.wires_out[node])
        todo.extend((graph.wires[w].target, (*path, w)) for w in leaving)


def _term(stepper: Figure, path: tuple[int, ...], slot: int) -> tuple[str, str, int]:
    """A path in names, its product in numbers, and the slot that must be known to show that."""
    graph, texts, tape = stepper.graph, stepper.texts, stepper.tape
    nodes = [*(graph.wires[w].source for w in path), graph.output]
    long = len(nodes) > LONGEST_PATH
    shown = [*nodes[: LONGEST_PATH - 2], None, nodes[-1]] if long else nodes
    names = " → ".join("…" if node is None else stepper.names[node] for node in shown)
    locals_ = [tape.local(w) for w in path]
    if long or not all(isinstance(local, float) for local in locals_):
        return names, "", slot
    product = prod(locals_)
    factors = " x ".join(f"[{texts[Slot('local', w)]}]" for w in reversed(path))
    return names, f"{factors} = {stepper.numbers(product)}" if path else "", slot


def _large(stepper: Figure, i: int) -> Data:
    """The numbers of a node's array, if it is drawn as a heat map, as far as they can be listed."""
    value = stepper.tape.values[i]
    shape = getattr(value, "shape", ())
    if not shape or is_small(shape):
        return {}
    rows = value.reshape(-1, shape[-1])[:MOST_ROWS, :MOST_COLUMNS]
    table = {
        "label": f"{label(stepper.graph, i) or stepper.names[i]}: {shape_text(shape)}",
        "rows": [list(stepper.numbers.cells(map(float, row), 8)) for row in rows],
    }
    return {f"n{i}": table}


# --- questions


def _questions(stepper: Figure, order: dict[Slot, int]) -> Iterator[list[Any]]:
    """One for each number of the backward pass that is a single number, in the order of frames.

    Of a gate's inputs the last comes first, as in the captions. A question is: its frame; its slot;
    the node it is about; the gate it comes from, or -1 for the sum over all wires; the answer; how
    far from it is right; wrong answers, each with the word for its slip; other slots that show it.
    """
    for k in range(len(stepper.steps)):
        for slot in _asked(stepper, k):
            question = _question(stepper, k, slot, order)
            if question is not None:
                yield question


def _asked(stepper: Figure, k: int) -> list[Slot]:
    """What can be asked of a step: what wires bring back, and the sum where there are several."""
    step, graph = stepper.steps[k], stepper.graph
    found = [Slot("downstream", w) for w in step.in_order(graph)]
    if len(graph.wires_out[step.node]) > 1:
        found.append(Slot("upstream", step.node))
    return [slot for slot in found if slot in step.shows]


def _question(stepper: Figure, k: int, slot: Slot, order: dict[Slot, int]) -> list[Any] | None:
    tape, graph = stepper.tape, stepper.graph
    wire = slot.kind == "downstream"
    number = tape.downstream(slot.item) if wire else tape.upstreams[slot.item]
    if not isinstance(number, float) or not isfinite(number):
        return None
    source, target, _ = graph.wires[slot.item] if wire else (slot.item, -1, 0)
    printed = 0.5 * 10.0 ** -max(stepper.numbers.digits, 1)
    # a small number is not known better by being printed with few digits
    tolerance = min(printed, 0.05 * abs(number)) + 0.01 * abs(number) if number else printed
    shown = [Slot("local", slot.item)] if wire else []
    if wire and len(graph.wires_out[source]) == 1:
        shown.append(Slot("upstream", source))
    slips = [[key, _short(value)] for key, value in _slips(stepper, slot)
             if isfinite(value) and abs(value - number) > 2 * tolerance]  # fmt: skip
    also = [order[other] for other in shown if other in stepper.steps[k].shows]
    return [k, order[slot], source, target, _short(number), _short(tolerance), slips, also]


def _short(number: float) -> float:
    """With as many digits as an answer can be told apart by."""
    return float(f"{number:.6g}")


def _slips(stepper: Figure, slot: Slot) -> Iterator[tuple[str, float]]:
    """What a wrong answer may be, and the key of what to say to it."""
    tape, graph = stepper.tape, stepper.graph
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
