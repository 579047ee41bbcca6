"""The contents of all slots of a figure, and how each is printed or drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from ..base.words import say
from ..drawing.measures import block_width
from ..engine.run import Run
from ..graph.slots import Slot
from ..look.matrices import (
    ArrayBlock,
    array_block,
    inline_array,
    jacobian_block,
    largest_of,
    printed,
)
from ..look.numbers import Numbers
from ..look.style import Style
from ..updates.printing import weights

if TYPE_CHECKING:
    from ..neurons.layers import Network
    from ..painting.elements import Group
    from ..updates.update import Update


@dataclass(frozen=True, eq=False)
class SlotContents:
    """What the slots of a run hold, and how a style prints it. Fields are worked out when read."""

    tape: Run
    style: Style
    lang: str
    network: Network | None = None  # what is drawn as neurons
    update: Update | None = None

    @cached_property
    def values(self) -> dict[Slot, Any]:
        """The number, array or Jacobian of every slot that is filled."""
        tape, wires = self.tape, range(len(self.tape.graph.wires))
        never = tape.graph.never_filled
        found: dict[Slot, Any] = {
            **{Slot("value", i): value for i, value in enumerate(tape.values)},
            **{Slot(tape.mode.node, i): value for i, value in enumerate(tape.derivatives)
               if Slot("upstream", i) not in never},
            **{Slot("local", w): tape.local(w) for w in wires},
            **{Slot(kind, w): tape.downstream(w) for kind in tape.mode.wire for w in wires},
        }  # fmt: skip
        for slot in never:
            found.pop(slot, None)
        if self.update is not None:
            found |= {Slot("next", i): self.update.new(i) for i in self.update.nodes}
        return found

    @cached_property
    def numbers(self) -> Numbers:
        """The way in which numbers are printed: called with a float, it returns its text."""
        tape = self.tape
        locals_ = [tape.local(w) for w in range(len(tape.graph.wires))]
        found, mark = (*tape.values, *tape.derivatives, *locals_), say("number.mark", self.lang)
        if all(type(value) is float for value in found):
            return self.style.numbers(found, mark=mark)
        return self.style.numbers(printed(found), exact=True, mark=mark)

    @property
    def marked_style(self) -> Style:
        """The style with the decimal mark of these numbers, for all else that is drawn."""
        return replace(self.style, mark=self.numbers.mark)

    @cached_property
    def texts(self) -> dict[Slot, str]:
        """The text of every slot, as it is printed."""
        plain = cache(self.numbers.__call__)  # most are equal to another: gradients are handed on
        return {slot: self._text(slot, value, plain) for slot, value in self.values.items()}

    def _text(self, slot: Slot, value: Any, plain: Callable[[float], str]) -> str:
        if slot.kind == "next":
            numbers = weights(self.numbers, self.tape.values[slot.item], value)
            return numbers(value) if type(value) is float else self._inline(value, numbers)
        if type(value) is not float:
            return self._inline(value, self.numbers)
        return f"{value:.0f}" if self._holds_labels(slot) else plain(value)

    def _inline(self, value: Any, numbers: Numbers) -> str:
        return inline_array(value, numbers, self.style.cell, self.lang)

    def _holds_labels(self, slot: Slot) -> bool:
        return slot.kind == "value" and self.tape.graph.holds_labels(slot.item)

    @cached_property
    def _largest(self) -> float:
        """The end of the colours of all heat maps; labels are not quantities and do not count."""
        return largest_of(
            value for slot, value in self.values.items()
            if type(value) is not float and slot.kind != "local" and not self._holds_labels(slot)
        )  # fmt: skip

    @property
    def colours_end(self) -> str:
        """The text at the end of the scale of colours; empty where there are no heat maps."""
        maps = self._largest and self.network is None
        return self.numbers(self._largest) if maps else ""

    @cached_property
    def pictures(self) -> dict[Slot, Group]:
        """What colours the circles and lines of a network that is drawn as neurons."""
        if self.network is None:
            return {}
        from ..neurons.pictures import pictures

        return pictures(self.network, self.tape.shapes, self.values, self.numbers)

    @cached_property
    def blocks(self) -> dict[Slot, ArrayBlock]:
        """The drawing of every array and Jacobian."""
        numbers, width, lang = self.numbers, self.style.cell, self.lang
        return {
            slot: jacobian_block(value, numbers, width, lang) if slot.kind == "local"
            else self._next(slot, value) if slot.kind == "next"
            else array_block(value, numbers, width, self._largest)
            for slot, value in self.values.items() if type(value) is not float
        }  # fmt: skip

    @cached_property
    def widths(self) -> dict[Slot, float]:
        """The width of every array that is shown as numbers."""
        found = {slot: block_width(block, slot.kind) for slot, block in self.blocks.items()}
        return {slot: wide for slot, wide in found.items() if wide}

    def _next(self, slot: Slot, value: Any) -> ArrayBlock:
        """A new value beside the old one, which has its shape."""
        numbers = weights(self.numbers, self.tape.values[slot.item], value)
        block = array_block(value, numbers, self.style.cell, self._largest)
        return block._replace(label=say("array.next", self.lang))
