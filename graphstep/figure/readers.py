"""What a figure reads a tape through: the one with numbers, or its sibling for symbols alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..engine.run import Run
from ..look.style import Style
from .slot_contents import SlotContents

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph
    from ..engine.tape import Tape
    from ..explain.captions import Speaker
    from ..explain.equations import Writer
    from ..neurons.layers import Network
    from ..program.lines import Program


def as_drawn(
    graph: ComputationalGraph, tape: Tape, style: Style
) -> tuple[ComputationalGraph, Tape, Network | None]:
    """A graph and its tape as a style draws them; each layer is one gate in a drawing of neurons.

    Raises GraphError for an output that is not one number, and for a graph that cannot be drawn as
    neurons.
    """
    tape.check_output()
    if style.drawn == "gates":
        return graph, tape, None
    from ..neurons.layers import network

    found = network(graph, tape)
    return found.graph, found.graph.forward(tape.inputs).ending_as(tape), found


def program_of(tape: Run, lang: str) -> Program:
    """The run as a program."""
    from ..program.program import program

    return program(tape, lang)


def contents_of(tape: Run, style: Style, lang: str, network: Network | None = None) -> SlotContents:
    """What the slots hold, and how it is printed."""
    if tape.numeric:
        return SlotContents(tape, style, lang, network)
    from .symbolic_contents import SymbolicContents

    return SymbolicContents(tape, style, lang)


def speaker_of(
    contents: SlotContents, letters: Callable[[], Mapping[str, int]], lang: str
) -> Speaker:
    """What says the sentences; `letters` are those of formulas, each with its node."""
    symbols = contents.style.symbols
    found = (contents.tape, contents.numbers, contents.texts, letters, lang, symbols)
    if contents.tape.numeric:
        from ..explain.captions import Speaker

        return Speaker(*found)
    from ..symbolic.sentences import SymbolicSpeaker

    return SymbolicSpeaker(*found)


def writer_of(contents: SlotContents, cell: int, lang: str) -> Writer:
    """What writes the formulas; numbers between brackets have at most `cell` characters."""
    found = (contents.tape, contents.numbers, contents.texts, cell)
    if contents.tape.numeric:
        from ..explain.equations import Writer
        from ..explain.factors import Factors

        if contents.style.sums and any(contents.tape.shapes):
            from ..indexes.writer import SumsWriter

            return SumsWriter(Factors(*found), lang)
        return Writer(Factors(*found), lang)
    from ..symbolic.equations import SymbolicFactors, SymbolicWriter

    return SymbolicWriter(SymbolicFactors(*found), lang)
