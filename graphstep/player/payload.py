"""The data of the player: what each frame puts into the empty slots of a figure's SVG.

Everything here is text made in Python, or an index; the player computes nothing.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from math import prod
from typing import TYPE_CHECKING, Any

from ..base.errors import GraphstepError, beginning
from ..base.words import say, sentences
from ..calculus.shapes import shape_text
from ..formulas.mathml import shared
from ..graph.expressions import all_on_one_line
from ..graph.slots import FORWARD, Slot
from ..look.matrices import is_small
from ..painting.stage import short
from . import questions
from .questions import can_be_followed

if TYPE_CHECKING:
    from ..figure.figure import Figure
    from ..figure.outline import Outline

MOST_FORMULAS = 500  # frames of a figure with formulas; in a longer one they cost seconds
MOST_READY = 6  # gates that are named as ready
MOST_PATHS = 8  # terms of a sum that are listed
LONGEST_TITLE = 120
MOST_ELEMENTS = 100_000  # of all values of a figure with code
LONGEST_LINE = 160  # characters of a line of code
LONGEST_PATH = 12  # nodes that are named
MOST_ROWS, MOST_COLUMNS = 40, 12  # of a large array, listed as numbers
KERNEL = "kernel_"  # begins the keys of sentences that only a figure with a kernel needs
SENTENCE = re.compile(r".+?(?:\. |$)", re.DOTALL)
SHORT = 20  # characters of a sentence that is written again
Data = dict[str, Any]
Term = tuple[list[int | None], str | None, int]  # of the sum over paths


def payload(figure: Figure) -> Data:
    """The data of a figure, ready for JSON."""
    order, nodes = _order(figure), range(len(figure.graph.nodes))
    asked = questions.data(figure, order)
    said = _words(figure, asked)
    if figure.tape.mode is FORWARD:
        said["upstream"] = say("table.tangent", figure.lang).capitalize()
    return {
        "title": title(figure),
        "theme": figure.style.theme,
        "words": said,
        "slots": " ".join(map(short, order)),
        "texts": [figure.texts[slot] for slot in order],
        "blocks": {order[slot]: markup for slot, markup in figure.markup.items()},
        **_steps(figure, order, _step),
        "formulas": _formulas(figure),
        **_brief(figure, order),
        "nodes": [_node(figure, i, order) for i in nodes],
        "wires": [_wire(figure, w, order) for w in range(len(figure.graph.wires))],
        "warnings": _warnings(figure),
        "paths": {
            name: _path(figure, i, order)
            for name, i in figure.graph.inputs.items()
            if Slot("upstream", i) in order
        },
        "end": [figure.graph.output, *filter(None, [figure.tape.outside])],
        "large": {k: v for i in nodes for k, v in _large(figure, i).items()},
        "quiz": [questions.short(question, [*said]) for question in asked],
        **_code(figure),
    }


def live(figure: Figure) -> Data:
    """The data of a figure with a kernel: without questions, which would be about other numbers."""
    data, prefix = payload(figure), f"player.{KERNEL}"
    found = {k.removeprefix("player."): text for k, text in sentences(figure.lang).items()
             if k.startswith(prefix)}  # fmt: skip
    return {**data, "quiz": [], "words": {**data["words"], **found}}


def bare(figure: Figure) -> Data:
    """The data of a figure that only shows its frames: the page around it has all the words."""
    order = _order(figure)
    return {
        "slots": " ".join(map(short, order)),
        "texts": [figure.texts[slot] for slot in order],
        "blocks": {order[slot]: markup for slot, markup in figure.markup.items()},
        **_steps(figure, order, _seen),
        **_brief(figure, order),
        "warnings": _warnings(figure),
    }


def title(figure: Figure | Outline) -> str:
    """The title of a figure: its expression, or the beginning of a long one."""
    return beginning(all_on_one_line(figure.graph.source), LONGEST_TITLE)


def changes(before: Figure, now: Figure) -> Data:
    """The differences between two figures of the same graph: texts, arrays, warning signs."""
    order, blocks, old = _order(now), now.markup, before.markup
    found = {
        "texts": {k: now.texts[s] for s, k in order.items() if now.texts[s] != before.texts[s]},
        "blocks": {order[slot]: new for slot, new in blocks.items() if new != old.get(slot)},
    }
    return {**found, **_code(now), "warnings": _warnings(now), "scale": now.scale}


def words(figure: Figure, frame: int) -> Data:
    """The sentence and the formulas of one frame, as a change."""
    shown = figure.every_frame[frame]
    return {"steps": {frame: {"c": shown.caption, "f": shared([shown.equations])}}}


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


def _formulas(figure: Figure) -> Data:
    """The formulas of each step; a figure of very many steps has its sentences only."""
    frames = figure.every_frame
    few = len(frames) <= MOST_FORMULAS
    return shared(frame.equations if few else () for frame in frames)


def _brief(figure: Figure, order: Mapping[Slot, int]) -> Data:
    """The slots that are drawn only in the steps that show or use them, if there are any."""
    if figure.style.local != "step":
        return {}
    return {"brief": [k for slot, k in order.items() if slot.kind == "local"]}


def _words(figure: Figure, asked: Sequence[questions.Row]) -> dict[str, str]:
    """The sentences of the player: labels of controls, and what the questions need."""
    known = sentences(figure.lang)
    names = [key.removeprefix("player.") for key in known if key.startswith("player.")]
    needed = questions.words(asked)
    special = (*questions.PREFIXES, KERNEL, *(() if figure.update else ("next",)))
    chosen = [name for name in names if name in needed or not name.startswith(special)]
    return {name: known[f"player.{name}"] for name in chosen}


def _steps(figure: Figure, order: dict[Slot, int], made: Callable[..., Data]) -> Data:
    """The frames; in captions, a sentence that comes again is its place in a list."""
    captions = [SENTENCE.findall(frame.caption) for frame in figure.every_frame]
    counts = Counter(chain.from_iterable(captions))
    often = (said for said, count in counts.items() if count > 1 and len(said) > SHORT)
    again = {said: place for place, said in enumerate(often)}
    steps = [made(figure, k, order) for k in range(len(figure.steps))]
    for step, caption in zip(steps, captions, strict=True):
        parts = [again.get(said, said) for said in caption]
        step["c"] = "".join(caption) if parts == caption else parts
    return {"steps": steps, "again": [*again]}


def _step(figure: Figure, k: int, order: dict[Slot, int]) -> Data:
    """A frame with the reason why it comes now."""
    return {**_seen(figure, k, order), "y": _why(figure, k)}


def _code(figure: Figure) -> Data:
    """The lines of the run as NumPy, each with what it is about, and those of each step.

    Nothing where there are no numbers, or too many, or a gate that cannot be followed.
    """
    elements = sum(map(prod, figure.tape.shapes))
    if not figure.tape.numeric or not can_be_followed(figure) or elements > MOST_ELEMENTS:
        return {}
    try:
        program = figure.program
    except GraphstepError:
        return {}
    return {
        "code": "\n".join(beginning(text, LONGEST_LINE) for text in program.texts),
        "code_about": " ".join(line.about or "-" for line in program.lines),
        "code_of": [list(frame.lines) for frame in figure.every_frame],
    }


def _seen(figure: Figure, k: int, order: dict[Slot, int]) -> Data:
    """A frame: how many slots are new, the slots that are used, nodes, wires.

    Its kind is there only where what is new is not marked.
    """
    step = figure.steps[k]
    return {
        **({} if "new" in step.row.marks else {"k": step.kind}),
        "s": len(step.shows),
        "u": [order[slot] for slot in step.uses if slot in order],
        "g": [step.node] if "node" in step.row.marks else [],
        "w": list(step.wires(figure.graph)),
    }


def _why(figure: Figure, k: int) -> str:
    """Why this step can come now, and which other gates are ready."""
    found = figure.ready[k]
    ready = ", ".join(figure.names[node] for node in found[:MOST_READY])
    ready += ", …" if len(found) > MOST_READY else ""
    why = figure.every_frame[k].why
    return f"{why} {say('player_reason.ready', figure.lang, gates=ready)}" if ready else why


def _node(figure: Figure, i: int, order: dict[Slot, int]) -> Data:
    graph = figure.graph
    return {
        "n": figure.names[i],
        **({"g": figure.gate_names[i], "f": figure.formulas[i]} if graph.nodes[i].gate else {}),
        "v": order[Slot("value", i)],
        "u": order.get(Slot("upstream", i), order.get(Slot("tangent", i))),
        **({"x": order[Slot("next", i)]} if Slot("next", i) in order else {}),
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
    """An input: its name, the wires on its paths to the output, the terms of the sum over paths."""
    graph, todo, wires = figure.graph, [i], list[int]()
    reached = {i}
    while todo:
        leaving = [w for w in graph.wires_out[todo.pop()] if Slot("local", w) in order]
        wires += leaving
        todo += {graph.wires[w].target for w in leaving} - reached
        reached.update(todo)
    walks = _walks(figure, i) if can_be_followed(figure) else ()
    terms = [_term(figure, walk, order[Slot("upstream", i)]) for walk in walks]
    if len(terms) == MOST_PATHS:
        terms.append(([None], None, order[Slot("upstream", i)]))
    return {"n": figure.names[i], "wires": sorted(wires), "terms": terms}


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


def _term(figure: Figure, path: tuple[int, ...], slot: int) -> Term:
    """A path as wires, its product, and the slot that must be known to show it.

    Of a long path, only the first wires are there, and None for the others. The product is empty
    where the factors are no numbers, and None where they are not shown either.
    """
    tape = figure.tape
    if len(path) >= LONGEST_PATH:
        return [*path[: LONGEST_PATH - 2], None], None, slot
    if not tape.numeric:
        return [*path], "", slot
    arrived = [tape.upstreams[figure.graph.output]] if tape.outside else []
    factors = [*map(tape.local, path), *arrived]
    if not path or not all(isinstance(factor, float) for factor in factors):
        return [*path], None, slot
    return [*path], figure.numbers(prod(factors)), slot


def _large(figure: Figure, i: int) -> Data:
    """The numbers of an array that is drawn as a heat map; only the first rows and columns."""
    shape = figure.tape.shapes[i]
    if not shape or is_small(shape):
        return {}
    value = figure.tape.values[i]
    rows = value.reshape(-1, shape[-1])[:MOST_ROWS, :MOST_COLUMNS]
    table = {
        "label": f"{figure.names[i]}: {shape_text(shape)}",
        "rows": [list(figure.numbers.cells(map(float, row), 8)) for row in rows],
    }
    return {f"n{i}": table}
