"""A deck with everything on it at once, for paper: no layer waits for its moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..slides.deck import (
    Block,
    Code,
    Columns,
    Deck,
    FigureBlock,
    Items,
    Layer,
    Paragraph,
    Run,
    Slide,
    Styled,
    Timed,
    every_block,
    with_figures,
)


def all_at_once(deck: Deck) -> Deck:
    """The deck without moments: layers below each other, and each frame of a figure once.

    A text on steps of a figure begins with the numbers that their frames have in a handout.
    Outlines are left out: what they name is on the same pages.
    """
    slides = ((slide, () if slide.outlined else _numbered(slide)) for slide in deck.slides)
    return deck._replace(slides=tuple(slide._replace(blocks=flat(b)) for slide, b in slides))


def flat(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks without layers; items of one list that came one by one are one list again."""
    found: list[Block] = []
    figure: FigureBlock | None = None  # the last one that stood in a column
    for block in blocks:
        if isinstance(block, Timed) and block.figure:
            found += flat((block.figure,)) if block.figure is not figure else ()
            figure = block.figure
        elif isinstance(block, Timed):
            for layer in _without_turns(block):
                _join(found, flat(layer.blocks))
        elif isinstance(block, FigureBlock):
            found.append(block._replace(shown=_without_repeats(block.shown), waits=0))
        elif isinstance(block, Columns):
            found += _flat_columns(replace(block, columns=tuple(map(flat, block.columns))))
        elif isinstance(block, Styled):
            found.append(replace(block, blocks=flat(block.blocks)))
        else:
            found.append(block)
    return tuple(found)


def _flat_columns(block: Columns) -> Iterator[Block]:
    """The columns, or what stands in them before their figures, which have the page's width.

    Columns without a figure come first, and each other one has its texts before its figure.
    """
    figures = [
        [one for one in every_block(column) if isinstance(one, FigureBlock)]
        for column in block.columns
    ]
    if not any(figures):
        yield block
        return
    for column, found in sorted(zip(block.columns, figures, strict=True), key=lambda c: bool(c[1])):
        yield from with_figures(column, lambda _: Paragraph(()))
        yield from found


def _without_turns(block: Timed) -> tuple[Layer, ...]:
    """The layers, or one where they are the same program with other lines marked."""
    first, *others = (layer.blocks for layer in block.layers)
    programs = [b for blocks in (first, *others) for b in blocks if isinstance(b, Code)]
    if others and len(programs) == len(block.layers) and len({p.text for p in programs}) == 1:
        marked = tuple(sorted({line for program in programs for line in program.marked}))
        return (replace(block.layers[0], blocks=(programs[0]._replace(marked=marked),)),)
    return block.layers


def _join(found: list[Block], more: tuple[Block, ...]) -> None:
    """Add the blocks of a layer, the first of them to the list that it continues."""
    last, first = found[-1] if found else None, more[0] if more else None
    if isinstance(last, Items) and isinstance(first, Items) and first.start == last.after:
        found[-1] = Items((*last.items, *first.items), last.start)
        more = more[1:]
    found.extend(more)


def _without_repeats(shown: tuple[int, ...]) -> tuple[int, ...]:
    """The frames without those that stay while another figure steps."""
    return tuple(k for at, k in enumerate(shown) if not at or shown[at - 1] != k)


def _numbered(slide: Slide) -> Iterator[Block]:
    """The blocks of a slide, with numbers before those that are about some frames of its figure."""
    for block in slide.blocks:
        if isinstance(block, Timed):
            layers = (replace(one, blocks=_after(_frames(slide, one), one)) for one in block.layers)
            yield Timed(tuple(layers))
        else:
            yield block


def _frames(slide: Slide, layer: Layer) -> list[int]:
    """The frames that a layer is about; none for what comes before or after all of them."""
    if slide.figure is None or min(layer.moments, default=0) >= slide.figure.moments:
        return []
    timeline = slide.timeline(slide.figure)
    found = sorted({k for now in layer.moments if (k := timeline[now]) is not None})
    return [] if len(found) == len(slide.figure.shown) else found


def _after(frames: list[int], layer: Layer) -> tuple[Block, ...]:
    """The blocks of a layer after the numbers of frames, which are counted from 1."""
    if not frames:
        return layer.blocks
    mark = Run(", ".join(str(k + 1) for k in frames) + "\u2002", bold=True)
    first, *rest = layer.blocks or (Paragraph(()),)
    if isinstance(first, Paragraph):
        return Paragraph((mark, *first.parts)), *rest
    return Paragraph((mark,)), *layer.blocks
