"""The contents of the slots of a figure without numbers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from ..base.words import say
from ..drawing.spaces import shown_names
from ..graph.slots import Slot
from ..look.matrices import ArrayBlock
from ..look.numbers import Numbers
from ..symbolic.names import other_names
from .slot_contents import SlotContents

if TYPE_CHECKING:
    from ..symbolic.tape import SymbolicTape


class SymbolicContents(SlotContents):
    """What the slots of a graph without numbers show: names of values and gradients."""

    @cached_property
    def values(self) -> dict[Slot, Any]:
        """There are none. Raises InputError."""
        self.tape.check_numbers()
        return {}

    @cached_property
    def numbers(self) -> Numbers:
        """The way in which numbers would be printed."""
        return self.style.numbers((), mark=say("number.mark", self.lang))

    @cached_property
    def texts(self) -> dict[Slot, str]:
        """The text of every slot."""
        graph, shapes = self.tape.graph, self.tape.shapes
        style, outside = self.marked_style, self.tape.outside
        shown = shown_names(graph, shapes, style) | other_names(graph, outside, style.symbols)
        found = cast("SymbolicTape", self.tape).names(shown).slots
        return {slot: text for slot, text in found.items() if slot not in graph.never_filled}

    @property
    def colours_end(self) -> str:
        """There are no heat maps."""
        return ""

    @cached_property
    def blocks(self) -> dict[Slot, ArrayBlock]:
        """There are no arrays."""
        return {}
