"""Random programs all the way: parsed, run, told, drawn, written. Nothing but graphstep's errors."""

from time import process_time

import at_large
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from strategies import examples, wild_programs

import graphstep as gs
from graphstep.base.words import languages
from graphstep.explain.step_kinds import WAYS
from graphstep.formulas.latex import latex
from graphstep.formulas.mathml import mathml
from graphstep.formulas.typst_math import typst
from graphstep.formulas.unicode import unicode
from graphstep.outputs import FORMATS, plan

FAST = [ending for ending, form in FORMATS.items() if not form.extra]
SLOW = [ending for ending, form in FORMATS.items() if form.extra]
SECONDS = 30.0  # of the processor, for one program in every format; a few are usual
RARE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

OPTIONS = st.fixed_dictionaries(
    {
        "by": st.sampled_from([*WAYS]),
        "lang": st.sampled_from(languages()),
        "forward": st.booleans(),
        "constants": st.sampled_from(["inside", "nodes"]),
        "style": st.builds(gs.Style, digits=st.sampled_from([None, None, 0, 3, 12])),
    }
)
CHANGES = {
    "as it is": lambda graph: graph,
    "grouped": lambda graph: graph.group_known(),
    "expanded": lambda graph: graph.expand("sigmoid"),
    "a group": lambda graph: graph.group([len(graph.nodes) - 1, len(graph.nodes) - 2], "end"),
}


@pytest.fixture(autouse=True)
def _own_gate():
    """A custom gate of arrays, `own_scale(x)`; `conftest.py` takes it out of the table again."""

    @gs.gate
    class own_scale:
        def forward(self, x):
            return 3 * x

        def backward(self, dz):
            return [3 * dz]


def figure(program, change, options):
    text, values = program
    graph = gs.parse(text, constants=options["constants"])
    known = {name: values[name] for name in graph.inputs if name in values}  # others have a number
    return gs.stepper(CHANGES[change](graph), inputs=known, **options)


def read_all(s):
    """Everything that a figure says and draws, before it becomes a file."""
    for frame in s:
        assert frame.caption
        assert frame.svg().startswith("<svg")
        _ = frame.legend, frame.why, frame.warnings, frame.picture("dark")
        for equation in frame.equations:
            assert all(write(equation) for write in (latex, typst, mathml, unicode))
    _ = s.names, s.gate_names, s.formulas, s.told, s.ready, repr(s), str(s.tape.check())


def went_all_the_way(program, change, options, endings):
    """Whether a program could be written in all formats; an error of graphstep is no fault."""
    start = process_time()
    try:
        s = figure(program, change, options)
        read_all(s)
        for ending in endings:
            assert all(content() for _, content in plan(s, f"f{ending}"))
    except gs.GraphstepError as error:
        assert str(error)
        return False
    finally:
        assert process_time() - start < SECONDS, program
    return True


@pytest.mark.filterwarnings("error")
@examples(15, suppress_health_check=[HealthCheck.too_slow])
@given(wild_programs(), st.sampled_from([*CHANGES]), OPTIONS)
def test_random_programs_go_all_the_way(program, change, options):
    went = went_all_the_way(program, change, options, FAST)
    event("went all the way" if went else "refused")


@settings(RARE, max_examples=2, phases=[Phase.generate])  # films take seconds, shrinking minutes
@given(wild_programs(most=1), OPTIONS)
def test_few_random_programs_go_into_the_slow_formats_too(program, options):
    pytest.importorskip("typst")
    went_all_the_way(program, "as it is", options, SLOW)


def test_most_random_programs_are_not_refused():
    """A law over programs that are refused would say nothing."""
    counted = {True: 0, False: 0}

    @settings(RARE, max_examples=40, database=None, derandomize=True)
    @given(wild_programs())
    def count(program):
        try:
            figure(program, "as it is", {"constants": "inside"})
        except gs.GraphstepError:
            counted[False] += 1
        else:
            counted[True] += 1

    count()
    assert counted[True] > counted[False] / 3


TRIED = {
    "expressions": 150,
    "formulas": 150,
    "fronts": 150,
    "decks": 100,
}  # of decks, more are refused since raw LaTeX is
LEAST_WRITTEN = {"expressions": 0.2, "formulas": 0.4, "fronts": 0.2, "decks": 0.3}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", at_large.KINDS)
def test_some_texts_of_the_run_at_large(kind):
    """The same in any number: python tests/at_large.py KIND COUNT SEED."""
    counted, faults, _ = at_large.run(at_large.KINDS[kind], TRIED[kind], 1)
    assert not faults, faults[0]
    assert TRIED[kind] - counted["refused"] > TRIED[kind] * LEAST_WRITTEN[kind]
