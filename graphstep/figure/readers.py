"""What a figure reads a tape through: the one with numbers, or its sibling for symbols alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from ..base.errors import GraphError
from ..engine.run import Run
from ..look.style import Style
from .slot_contents import SlotContents

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph
    from ..engine.tape import Tape
    from ..explain.captions import Speaker
    from ..explain.equations import Writer
    from ..forward_mode.reading import Along
    from ..forward_mode.tape import ForwardTape
    from ..neurons.layers import Network
    from ..program.lines import Program
    from ..updates.formulas import UpdateFormulas
    from ..updates.reading import Asked
    from ..updates.update import Update


def as_drawn(
    graph: ComputationalGraph, tape: Tape, style: Style
) -> tuple[ComputationalGraph, Tape, Network | None]:
    """A graph and its tape as a style draws them; each layer is one gate in a drawing of neurons.

    Raises GraphError for an output that is not one number, and for a graph that cannot be drawn as
    neurons.
    """
    if not tape.tangents:
        tape.check_output()
    elif style.drawn != "gates":
        raise GraphError("backward_only", name='drawn="neurons"')
    if style.drawn == "gates":
        return graph, tape, None
    if graph.whole is not None:
        raise GraphError("target_neurons", name=graph.ids[graph.output])
    from ..neurons.layers import network

    found = network(graph, tape)
    return found.graph, tape.closing(found.graph.forward(tape.inputs)), found


def in_mode(tape: Tape, along: Along | None) -> Tape:
    """A tape, in forward mode if that is asked for. Raises what `forward_mode.reading` raises."""
    if along is None:
        return tape
    from ..forward_mode.tape import ForwardTape

    return ForwardTape.of(tape, along)


def program_of(tape: Run, lang: str) -> Program:
    """The run as a program. Raises GraphError in forward mode, which has none."""
    if tape.tangents:
        raise GraphError("forward_code")
    from ..program.program import program

    return program(tape, lang)


def updated(tape: Run, asked: Asked | None) -> Update | None:
    """The update of a tape that is asked for, if any. Raises what `Update.of` raises."""
    if asked is None:
        return None
    from ..updates.update import Update

    return Update.of(asked, tape)


def contents_of(
    tape: Run, style: Style, lang: str, network: Network | None = None,
    update: Update | None = None,
) -> SlotContents:  # fmt: skip
    """What the slots hold, and how it is printed."""
    if tape.numeric:
        return SlotContents(tape, style, lang, network, update)
    from .symbolic_contents import SymbolicContents

    return SymbolicContents(tape, style, lang)


def speaker_of(
    contents: SlotContents, letters: Callable[[], Mapping[str, int]], lang: str
) -> Speaker:
    """What says the sentences; `letters` are those of formulas, each with its node."""
    symbols = contents.style.symbols
    found = (contents.numbers, contents.texts, letters, lang, symbols)
    if contents.tape.tangents:
        from ..forward_mode.sentences import ForwardSpeaker

        return ForwardSpeaker(cast("ForwardTape", contents.tape), *found)
    if contents.tape.numeric:
        from ..explain.captions import Speaker

        return Speaker(contents.tape, *found, formulas_of(contents, letters), contents.style.drawn)
    from ..symbolic.sentences import SymbolicSpeaker

    return SymbolicSpeaker(contents.tape, *found)


def formulas_of(
    contents: SlotContents, letters: Callable[[], Mapping[str, int]]
) -> UpdateFormulas | None:
    """What writes the formulas of an update, if there is one."""
    if contents.update is None:
        return None
    from ..updates.formulas import UpdateFormulas

    taken = {*contents.tape.graph.names, *letters(), contents.tape.outside}
    return UpdateFormulas(contents.update, contents.numbers, taken)


def writer_of(contents: SlotContents, cell: int, lang: str) -> Writer:
    """What writes the formulas; numbers between brackets have at most `cell` characters."""
    found = (contents.numbers, contents.texts, cell)
    if contents.tape.tangents:
        from ..forward_mode.equations import ForwardFactors, ForwardWriter

        return ForwardWriter(ForwardFactors(cast("ForwardTape", contents.tape), *found), lang)
    if contents.tape.numeric:
        from ..explain.equations import Writer
        from ..explain.factors import Factors

        kind = Writer
        if contents.style.sums and any(contents.tape.shapes):
            from ..indexes.writer import SumsWriter

            kind = SumsWriter
        facts = Factors(contents.tape, *found)
        return kind(facts, lang, formulas_of(contents, lambda: facts.symbols.letters))
    from ..symbolic.equations import SymbolicFactors, SymbolicWriter

    return SymbolicWriter(SymbolicFactors(contents.tape, *found), lang)
