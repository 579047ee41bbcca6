"""When what is on a slide is seen: pauses, lists item by item, texts on steps of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import contains
from typing import TYPE_CHECKING

from ..base.errors import GraphstepError, Span, placed
from ..figure.frame_choice import check_shown, chosen_frames
from ..slides.deck import Block, Columns, FigureBlock, Items, Layer, Styled, Timed, every_block
from ..slides.figure_rows import each_figure, each_frame

if TYPE_CHECKING:
    from ..figure.figure import Figure


@dataclass(frozen=True)
class Pause:
    """What follows waits for another moment."""


@dataclass(frozen=True)
class InLists:
    """Blocks whose lists come item by item, or all at once."""

    blocks: tuple[Written, ...]
    one_by_one: bool


@dataclass(frozen=True)
class OnSteps:
    """Blocks that are seen in some frames of the figure, which `--steps` would name so."""

    blocks: tuple[Block, ...]
    steps: str
    span: Span
    notes: str = ""


@dataclass(frozen=True)
class InTurn:
    """Blocks in one place, each a moment later than the one before it; the last one stays."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class InColumns:
    """Columns, or one block in a style: `around` is that block without what stands in it."""

    inside: tuple[tuple[Written, ...], ...]
    around: Columns | Styled

    def filled(self, inside: Iterable[Iterable[Block]]) -> Block:
        """The block around what stands in it."""
        found = tuple(map(tuple, inside))
        if isinstance(self.around, Columns):
            return replace(self.around, columns=found)
        return replace(self.around, blocks=found[0])


Written = Block | Pause | InLists | OnSteps | InTurn | InColumns
"""What stands on a slide before it is known when."""


def always(block: Written) -> tuple[Block, ...]:
    """The blocks that stand where nothing has moments, such as in notes."""
    if isinstance(block, InLists):
        return tuple(one for each in block.blocks for one in always(each))
    if isinstance(block, InColumns):
        inside = ([one for each in part for one in always(each)] for part in block.inside)
        return (block.filled(inside),)
    if isinstance(block, OnSteps):
        return block.blocks
    if isinstance(block, InTurn):
        return block.blocks[:1]
    return () if isinstance(block, Pause) else (block,)


def has_moments(block: Written) -> bool:
    """Whether a block says when it, or something in it, is seen; a figure always does."""
    if isinstance(block, InColumns):
        return any(map(has_moments, (each for part in block.inside for each in part)))
    return isinstance(block, Pause | InLists | OnSteps | InTurn | FigureBlock)


def has_figure(block: Written) -> bool:
    """Whether a block is a figure, or has one in a column."""
    if isinstance(block, InColumns):
        return any(map(has_figure, (each for part in block.inside for each in part)))
    return isinstance(block, FigureBlock)


def timed(written: Sequence[Written], source: str, one_by_one: bool = False) -> tuple[Block, ...]:
    """The blocks of a slide, each with its moments; `one_by_one` is for all lists.

    Raises GraphstepError, with the place in `source`, for a text on a step that is not shown.
    """
    counted = _Clock(source, one_by_one)
    every = every_block(counted.blocks(written))
    figures = [block for block in every if isinstance(block, FigureBlock)]
    return tuple(_Clock(source, one_by_one, counted.last + 1, figures).blocks(written))


class _Clock:
    """A walk over a slide; a first one counts its moments, from which the second one works."""

    def __init__(
        self, source: str, one_by_one: bool, count: int = 0, figures: Sequence[FigureBlock] = ()
    ) -> None:
        self.source, self.one_by_one, self.count, self.figures = source, one_by_one, count, figures
        self.since = self.last = 0  # from when on the next block is seen; the last moment so far
        self.waiting = False

    def blocks(self, written: Iterable[Written]) -> list[Block]:
        """The blocks, with those that come later in layers."""
        found: list[Block] = []
        for block in written:
            if isinstance(block, Pause):
                self.waiting = True
            elif isinstance(block, OnSteps):
                _put_beside(found, self.on_steps(block))
            elif isinstance(block, InTurn):
                found.append(self.in_turn(block.blocks))
            elif isinstance(block, InColumns):
                found.append(block.filled([self.blocks(part) for part in block.inside]))
            elif isinstance(block, InLists):
                kept, self.one_by_one = self.one_by_one, block.one_by_one
                for one in self.blocks(block.blocks):
                    _put_below(found, one)
                self.one_by_one = kept
            else:
                for one in self.later(block):
                    _put_below(found, one)
        return found

    def later(self, block: Block) -> Iterator[Block]:
        """A block with its moments."""
        if isinstance(block, Items) and self.one_by_one:
            for k, item in enumerate(block.items):
                self.waiting = True
                start = None if block.start is None else block.start + k
                yield from self.later_whole(Items((item,), start))
        else:
            yield from self.later_whole(block)

    def wait(self) -> None:
        """Let what follows wait, if there was a pause."""
        if self.waiting:
            self.last += 1
            self.since, self.waiting = self.last, False

    def in_turn(self, blocks: Sequence[Block]) -> Timed:
        """Blocks in one place; what follows is seen with the first one."""
        self.wait()
        starts = [self.since, *range(self.last + 1, self.last + len(blocks))]
        self.last = starts[-1]
        pairs = zip(starts, [*starts[1:], self.count], strict=True)
        moments = (frozenset(range(*pair)) for pair in pairs)
        return Timed(tuple(Layer((block,), at) for block, at in zip(blocks, moments, strict=True)))

    def later_whole(self, block: Block) -> Iterator[Block]:
        """A block that comes at once."""
        self.wait()
        if isinstance(block, FigureBlock):
            figure = block._replace(waits=self.since)
            self.last = max(self.last, figure.moments - 1)
            yield figure
        elif self.since:
            yield Timed((Layer((block,), frozenset(range(self.since, self.count))),))
        else:
            yield block

    def on_steps(self, block: OnSteps) -> Layer:
        """The layer of a text on steps."""
        moments, refused = set[int](), list[GraphstepError]()
        with placed(self.source, block.span):
            if self.count and not self.figures:
                raise GraphstepError("step_without_figure")
            for figure in self.figures:
                try:
                    moments |= set(self.moments(figure, block.steps))
                except GraphstepError as error:
                    refused.append(error)
            if refused and len(refused) == len(self.figures):  # one of several may have the step
                raise refused[0]
        return Layer(block.blocks, frozenset(moments), block.notes)

    def moments(self, block: FigureBlock, steps: str) -> Iterator[int]:
        """The moments at which a figure, or one in a row, shows some frames; its last one stays."""
        wanted = _frames_of_each(each_figure(block.stepper), steps)
        shown = [tuple(frame.index for frame in each_frame(whole)) for whole in block.frames]
        found = [k for k, frames in enumerate(shown)
                 if any(map(contains, wanted, frames))]  # fmt: skip
        if not found:
            check_shown(wanted[0], [frames[0] for frames in shown])
        for k in found:
            end = self.count if k == len(shown) - 1 else block.waits + k + 1
            yield from range(block.waits + k, end)


def _frames_of_each(figures: Sequence[Figure], steps: str) -> list[tuple[int, ...]]:
    """The frames that are meant of each figure in a row; a name need not be in all of them.

    Raises GraphstepError if it is in none of them.
    """
    found, refused = list[tuple[int, ...]](), list[GraphstepError]()
    for figure in figures:
        try:
            found.append(chosen_frames(steps, figure))
        except GraphstepError as error:
            found.append(())
            refused.append(error)
    if len(refused) == len(figures):
        raise refused[0]
    return found


def _put_below(found: list[Block], block: Block) -> None:
    """Add a block; one that comes with the block before it goes into the same layer."""
    last = found[-1] if found else None
    if isinstance(block, Timed) and isinstance(last, Timed) and len(last.layers) == 1:
        before, after = last.layers[0], block.layers[0]
        if before.moments == after.moments and not before.notes:
            found[-1] = Timed((replace(before, blocks=(*before.blocks, *after.blocks)),))
            return
    found.append(block)


def _put_beside(found: list[Block], layer: Layer) -> None:
    """Add a layer to the place before it, if it never meets the layers there."""
    last = found[-1] if found else None
    if isinstance(last, Timed) and not any(each.moments & layer.moments for each in last.layers):
        found[-1] = Timed((*last.layers, layer))
    else:
        found.append(Timed((layer,)))
