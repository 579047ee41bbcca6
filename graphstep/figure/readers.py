"""What a figure reads a tape through: a row for each mode, with numbers or with symbols alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..base.errors import GraphError
from ..engine.run import Run
from ..graph.slots import BACKWARD, FORWARD, Mode
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
    from ..symbolic.tape import SymbolicTape
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
    if tape.mode is BACKWARD:
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
    if tape.numeric:
        from ..forward_mode.tape import ForwardTape

        return ForwardTape.of(tape, along)
    from ..forward_mode.symbols import SymbolicForwardTape

    return SymbolicForwardTape.of(cast("SymbolicTape", tape), along)


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


Letters = Callable[[], Mapping[str, int]]
"""The letters of formulas, each with its node."""


def _speaker(contents: SlotContents, letters: Letters, found: Any) -> Speaker:
    from ..explain.captions import Speaker

    update, drawn = formulas_of(contents, letters), contents.style.drawn
    return replace(Speaker(contents.tape, *found), update=update, drawn=drawn)


def _forward_speaker(contents: SlotContents, _: Letters, found: Any) -> Speaker:
    from ..forward_mode.sentences import ForwardSpeaker

    return ForwardSpeaker(cast("ForwardTape", contents.tape), *found)


def _symbolic_speaker(contents: SlotContents, _: Letters, found: Any) -> Speaker:
    from ..symbolic.sentences import SymbolicSpeaker

    return SymbolicSpeaker(contents.tape, *found)


def _writer(contents: SlotContents, lang: str, found: Any) -> Writer:
    from ..explain.equations import Writer
    from ..explain.factors import Factors

    kind = Writer
    if contents.style.sums and any(contents.tape.shapes):
        from ..indexes.writer import SumsWriter

        kind = SumsWriter
    facts = Factors(contents.tape, *found)
    return kind(facts, lang, formulas_of(contents, lambda: facts.symbols.letters))


def _forward_writer(contents: SlotContents, lang: str, found: Any) -> Writer:
    from ..forward_mode.equations import ForwardFactors, ForwardWriter

    return ForwardWriter(ForwardFactors(cast("ForwardTape", contents.tape), *found), lang)


def _symbolic_writer(contents: SlotContents, lang: str, found: Any) -> Writer:
    from ..symbolic.equations import SymbolicFactors, SymbolicWriter

    kind = SymbolicWriter
    if contents.style.sums and any(contents.tape.shapes):
        from ..symbolic.sums import SymbolicSumsWriter

        kind = SymbolicSumsWriter
    return kind(SymbolicFactors(contents.tape, *found), lang)


def _symbolic_forward_speaker(contents: SlotContents, _: Letters, found: Any) -> Speaker:
    from ..forward_mode.symbols import SymbolicForwardSpeaker

    return SymbolicForwardSpeaker(contents.tape, *found)


def _symbolic_forward_writer(contents: SlotContents, lang: str, found: Any) -> Writer:
    from ..forward_mode.symbols import SymbolicForwardFactors, SymbolicForwardWriter

    return SymbolicForwardWriter(SymbolicForwardFactors(contents.tape, *found), lang)


def _program(tape: Run, lang: str, update: Update | None) -> Program:
    from ..program.program import program

    return program(tape, lang, update)


def _forward_program(tape: Run, lang: str, _: Update | None) -> Program:
    from ..forward_mode.program import tangent_program

    return tangent_program(cast("ForwardTape", tape), lang)


class Readers(NamedTuple):
    """What says the sentences, what writes the formulas, and what writes the program."""

    speaker: Callable[..., Speaker]
    writer: Callable[..., Writer]
    program: Callable[[Run, str, Update | None], Program]


READERS: Mapping[tuple[Mode, bool], Readers] = MappingProxyType(
    {
        (BACKWARD, True): Readers(_speaker, _writer, _program),
        (BACKWARD, False): Readers(_symbolic_speaker, _symbolic_writer, _program),
        (FORWARD, False): Readers(_symbolic_forward_speaker, _symbolic_forward_writer, _program),
        (FORWARD, True): Readers(_forward_speaker, _forward_writer, _forward_program),
    }
)
"""The readers of a tape in a mode, with numbers or without."""


def readers_of(tape: Run) -> Readers:
    """The readers of a tape."""
    return READERS[tape.mode, tape.numeric]


def speaker_of(contents: SlotContents, letters: Letters, lang: str) -> Speaker:
    """What says the sentences; `letters` are those of formulas, each with its node."""
    found = (contents.numbers, contents.texts, letters, lang, contents.style.symbols)
    return readers_of(contents.tape).speaker(contents, letters, found)


def writer_of(contents: SlotContents, cell: int, lang: str) -> Writer:
    """What writes the formulas; numbers between brackets have at most `cell` characters."""
    found = (contents.numbers, contents.texts, cell)
    return readers_of(contents.tape).writer(contents, lang, found)


def formulas_of(contents: SlotContents, letters: Letters) -> UpdateFormulas | None:
    """What writes the formulas of an update, if there is one."""
    if contents.update is None:
        return None
    from ..updates.formulas import UpdateFormulas

    taken = {*contents.tape.graph.names, *letters(), contents.tape.outside}
    return UpdateFormulas(contents.update, contents.numbers, taken)
