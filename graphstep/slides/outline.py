"""Slides that open parts, with an outline: the parts of the deck, or the slides of the part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType

from ..formulas.tree import Marked
from .deck import Block, Columns, Deck, Formula, Inline, Items, Paragraph, Run, Slide

EMPTY = Paragraph((Run("\u00a0"),))
INDENT = 0.08  # of the width
QUIET = "gray"  # the colour of parts that are not the one that begins


def outlined(deck: Deck) -> Deck:
    """The deck with the outline that its front matter asks for, on each slide that opens a part.

    >>> from .deck import Meta
    >>> slides = [Slide((Run(name),)) for name in ("Scalars", "Vectors")]
    >>> made = outlined(Deck(Meta(outline="parts"), tuple(slides))).slides[1]
    >>> [line.parts[0].text for line in made.blocks[0].columns[1] if line.parts[0].bold]
    ['Vectors']
    """
    make = MADE.get(deck.meta.outline)
    if make is None:
        return deck
    slides = deck.slides
    found = (
        slide._replace(blocks=tuple(make(slides, k)), outlined=True) if slide.opens_part else slide
        for k, slide in enumerate(slides)
    )
    return deck._replace(slides=tuple(found))


def _parts(slides: Sequence[Slide], k: int) -> Iterator[Block]:
    """The titles of all parts; that of the one that slide k opens stands out.

    It is the title of the slide, too, from which the others are apart.
    """
    parts = ((_current if at == k else _other, one) for at, one in enumerate(slides)
             if one.opens_part)  # fmt: skip
    titles = tuple(Paragraph(tuple(map(look, one.title))) for look, one in parts)
    yield Columns(((), (EMPTY, *titles)), (INDENT, 1 - INDENT))


def _slides(slides: Sequence[Slide], k: int) -> Iterator[Block]:
    """The titles of the slides up to the next part, or to a title on the level of parts."""
    part = takewhile(lambda one: not one.opens_part and one.level > 1, slides[k + 1 :])
    titles = dict.fromkeys(one.title for one in part if one.title)
    if titles:
        yield Items(tuple((Paragraph(title),) for title in titles))


def _current(part: Inline) -> Inline:
    return part._replace(bold=True) if isinstance(part, Run) else part


def _other(part: Inline) -> Inline:
    if isinstance(part, Formula):
        return part._replace(tree=Marked(part.tree, QUIET))
    return part._replace(colour=part.colour or QUIET) if isinstance(part, Run) else part


MADE: Mapping[str, Callable[[Sequence[Slide], int], Iterator[Block]]] = MappingProxyType(
    {"parts": _parts, "slides": _slides}
)
"""What each kind of outline shows."""
