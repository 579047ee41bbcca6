"""Layout: sizes and edges in, positions and splines out.

The DOT source holds only counted ids and numbers: no text of a user ever reaches Graphviz.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

from ..base.errors import EngineError, GraphError, one_of
from ..look.layout_engines import engine_names, first_working, run
from .measures import Point

STRAIGHT = " weight=4"  # of an edge that is the only one at both of its ends
MOST_BOXES = 3000  # boxes; above, dot takes minutes and nobody can read the figure


class Size(NamedTuple):
    """The size of a box to be placed, in points."""

    width: float
    height: float


Edge = tuple[int, int] | tuple[int, int, int]


class Layout(NamedTuple):
    """Positions in points, y downward from the top left corner.

    `centres` has one point per box; `curves` one spline per edge, as the control points of joined
    cubic Bezier curves (1 + 3 k of them).
    """

    width: float
    height: float
    centres: tuple[Point, ...]
    curves: tuple[tuple[Point, ...], ...]


def place(
    boxes: Sequence[Size],
    edges: Sequence[Edge],
    engine: str | None = None,
    between: float = 10.0,
    first: int | None = None,
) -> Layout:
    """Lay out boxes from left to right; edges leave at the right side and enter at the left.

    An edge is its two boxes and over how many columns it runs at least, which is 1 if left out.
    Columns are `between` points apart; the box `first` is in the first one. `engine` is the name of
    a layout engine; None takes the first that succeeds. Raises EngineError if the engine, or all of
    them, are missing or fail, and GraphstepError if there is no such engine, or if there are more
    than `MOST_BOXES` boxes.
    """
    if len(boxes) > MOST_BOXES:
        raise GraphError("too_large_to_draw", count=len(boxes), most=MOST_BOXES)
    source = dot(boxes, edges, between, first)

    def laid_out(name: str) -> Layout:
        return _layout(name, run(name, source), len(boxes), len(edges))

    if engine is None:
        return first_working(laid_out)
    one_of("engine", engine, engine_names())
    return laid_out(engine)


def from_the_first_column(
    edges: Sequence[tuple[int, int]], leaves: Container[int], far: int
) -> list[Edge]:
    """Edges, of boxes in topological order, that put leaves up to `far` columns away into one."""
    depth: dict[int, int] = {}
    for tail, head in edges:
        depth[head] = max(depth.get(head, 0), depth.get(tail, 0) + 1)
    near = {head for head, columns in depth.items() if columns <= far}
    return [
        (tail, head, depth[head] if tail in leaves and head in near else 1) for tail, head in edges
    ]


def dot(
    boxes: Sequence[Size], edges: Sequence[Edge], between: float = 10.0, first: int | None = None
) -> str:
    """The task in Graphviz's language, DOT."""
    lines = [
        "digraph {",
        f"rankdir=LR nodesep=0.06 ranksep={between / 72:.4f} {_effort(len(boxes))}",
        'node [shape=box fixedsize=true label="" ordering=in]',
        "edge [arrowhead=none tailport=e headport=w]",
    ]
    lines += [
        f"{i} [width={b.width / 72:.4f} height={b.height / 72:.4f}]" for i, b in enumerate(boxes)
    ]
    leaving, entering = Counter(edge[0] for edge in edges), Counter(edge[1] for edge in edges)
    for key, (tail, head, *rest) in enumerate(edges):
        alone = leaving[tail] == entering[head] == 1
        lines.append(f"{tail} -> {head} [id={key}{_length(rest)}{STRAIGHT * alone}]")
    if first is not None:
        lines.append(f"{{rank=min {first}}}")
    return "\n".join([*lines, "}"])


def _length(rest: Sequence[int]) -> str:
    return f" minlen={rest[0]}" if rest and rest[0] > 1 else ""


def _effort(count: int) -> str:
    """Settings by size: the network simplex alone takes half a minute on 1000 shared gates."""
    if count <= 150:
        return ""
    return "nslimit=1" if count <= 400 else "nslimit=0.02 nslimit1=0.1 mclimit=0.02 splines=line"


def _layout(engine: str, answer: Mapping[str, Any], boxes: int, edges: int) -> Layout:
    """An engine's answer in our order. Raises EngineError unless it places every box and edge."""
    try:
        layout = _read(answer, boxes, edges)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"
        raise EngineError("engine_incomplete", engine=engine, reason=why) from error
    missing = next(_missing(layout), None)
    if missing:
        raise EngineError("engine_incomplete", engine=engine, reason=missing)
    return layout


def _missing(layout: Layout) -> Iterator[str]:
    """What has no place, in the words of the answer."""
    yield from (f"objects: {k}" for k, centre in enumerate(layout.centres) if not centre)
    for k, curve in enumerate(layout.curves):
        if len(curve) < 4 or len(curve) % 3 != 1:
            yield f"edges: {k}"


def _read(answer: Mapping[str, Any], boxes: int, edges: int) -> Layout:
    """Graphviz's answer in our order, y downward: it lists edges in any order, y upward."""
    *_, width, height = map(float, answer["bb"].split(","))
    centres: list[Any] = [()] * boxes
    for node in answer.get("objects", ()):
        if "nodes" not in node:  # or else the subgraph of the first column
            centres[int(node["name"])] = _point(node["pos"], height)
    curves: list[tuple[Point, ...]] = [()] * edges
    for edge in answer.get("edges", ()):
        curves[int(edge["id"])] = tuple(_points(edge["pos"].split(), height))
    if not isfinite(width + height + sum(chain(*centres, *chain(*curves)))):
        raise ValueError("nan, inf")
    return Layout(width, height, tuple(centres), tuple(curves))


def _points(texts: Iterable[str], height: float) -> Iterable[Point]:
    return (_point(text, height) for text in texts if text[0] not in "es")


def _point(text: str, height: float) -> Point:
    x, y = map(float, text.split(","))
    return x, height - y
