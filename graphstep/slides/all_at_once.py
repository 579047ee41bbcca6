"""A deck with everything on it at once, for paper: no layer waits for its moment."""

from __future__ import annotations

from collections.abc import Iterable

from .deck import Block, Deck, FigureBlock, Items, Timed


def all_at_once(deck: Deck) -> Deck:
    """The deck without moments: layers below each other, and each frame of a figure once."""
    slides = (slide._replace(blocks=flat(slide.blocks)) for slide in deck.slides)
    return deck._replace(slides=tuple(slides))


def flat(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks without layers; items of one list that came one by one are one list again."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Timed):
            for layer in block.layers:
                _join(found, flat(layer.blocks))
        elif isinstance(block, FigureBlock):
            found.append(block._replace(shown=_without_repeats(block.shown), waits=0))
        else:
            found.append(block)
    return tuple(found)


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
