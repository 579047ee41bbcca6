"""Sheets and keys: what they show, and that the same seed gives the same bytes."""

import json
import re
from collections import Counter

import numpy as np
import pytest
from exercise_graphs import ALL, ARRAYS, SCALARS, order
from printed import with_exponents

import graphstep as gs
from graphstep.exercises import sheets
from graphstep.exercises.assignment import Assignment, make_question
from graphstep.exercises.workers import in_this_process
from graphstep.figure.options import complete
from graphstep.formulas.names import figure_names
from graphstep.graph.slots import Slot


def figures(*names, **options):
    made = order(*names, **options)
    return made, sheets.figures((made, sheets.numbers((made, 1))))


def texts(svg):
    """The texts of an SVG that are numbers; those of a gate's sign, as in *−1, are none."""
    svg = re.sub(r'<g class="m".*?\n</g>', "", svg, flags=re.DOTALL)  # symbols and names
    found = re.findall(r">\[?(−?[\d.]+)\]?</text>", svg)
    return Counter(found)


@pytest.mark.parametrize("name", SCALARS)
def test_a_sheet_shows_values_only_and_the_key_everything(name):
    made, (drawn,) = figures(name)
    ((given),) = sheets.numbers((made, 1))
    s = gs.stepper(ALL[name][0], inputs=dict(given))
    tape = gs.parse(ALL[name][0]).forward(dict(given))
    values = Counter(map(s.numbers, tape.values))
    assert texts(drawn.sheet) == values
    shared = [w for w, wire in enumerate(s.graph.wires) if len(s.graph.wires_out[wire.source]) > 1]
    values.update(map(s.numbers, tape.upstreams))
    values.update(s.numbers(tape.downstream(w)) for w in shared)
    values.update(s.numbers(tape.local(w)) for w in range(len(s.graph.wires)))
    assert texts(drawn.key) == values
    assert "data-blank" not in drawn.key


@pytest.mark.parametrize("name", [*SCALARS, *ARRAYS])
def test_answers_are_those_of_an_independent_run(name):
    made, (drawn,) = figures(name)
    ((given),) = sheets.numbers((made, 1))
    gradients = gs.parse(ALL[name][0]).forward(dict(given)).backward()
    told = {a.split(" = ")[0].split("/∂")[1]: a.split(" = ")[1] for a in drawn.answers}
    shown = figure_names(gradients, "typeset")
    for variable, gradient in gradients.items():
        if (name, variable) == ("hinge", "y"):
            assert variable not in told
        else:
            assert np.allclose(
                json.loads(with_exponents(told[shown[variable]]).replace("−", "-")),
                gradient,
                atol=0.0051,
            )


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("upstream", [None, 2])
def test_names_in_answers_are_those_in_the_figure(lang, upstream):
    """A name that stands nowhere in the figure would have two spellings beside each other."""
    chosen = complete({"upstream": upstream})
    text = "h_1 = w0*x0 + alpha1; L0 = h_1*learning_rate + w_h*w_y"
    given = dict(w0=2, x0=-1, alpha1=3, learning_rate=2, w_h=1, w_y=2)
    made = Assignment((make_question(text, given, chosen),), 7, lang)
    (drawn,) = sheets.figures((made, sheets.numbers((made, 1))))
    told = [*drawn.answers, *filter(None, [drawn.known])]
    pairs = [re.fullmatch(r"∂(.+)/∂(.+) = .+", each).groups() for each in told]
    assert len(pairs) == len(given) + 1 + bool(upstream)
    marks = set(re.findall(r">([^<>]+?)(?: =)?</text>", drawn.key))
    assert {name for pair in pairs for name in pair} <= marks
    assert {"w₀", "α₁", "L₀", "learning_rate", "w_y"} <= marks


def test_values_are_asked_for_too():
    _, (drawn,) = figures("scalar", values=True)
    assert sum(texts(drawn.sheet).values()) == 3
    assert {">q =<", ">f =<"} <= set(re.findall(r">\w =<", drawn.sheet))


@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize(
    ("text", "lecture", "upstream", "loss"),
    [
        ("q = x + y; f = q * z", dict(x=-2, y=5, z=-4), 2, "L"),
        ("L = x * y", dict(x=-2, y=5), 3, "E"),
        ("q = W @ x", dict(W=[[1, 2], [3, 4]], x=[1, 2]), [1, 0.5], "L"),
    ],
)
def test_a_gradient_that_is_given_is_printed_and_not_asked_for(
    text, lecture, upstream, loss, values
):
    asked = make_question(text, lecture, complete({"upstream": upstream}))
    made = Assignment((asked,), 7, values=values)
    (given,) = numbers = sheets.numbers((made, 1))
    (drawn,) = sheets.figures((made, numbers))
    graph = gs.parse(text)
    output, name = graph.output, graph.nodes[graph.output].name
    shown = gs.stepper(text, inputs=dict(given), upstream=upstream)
    number = shown.texts[Slot("upstream", output)]
    assert drawn.known == f"∂{loss}/∂{name} = {number}"
    assert f'data-blank="upstream-{output}"' not in drawn.sheet
    boxes = drawn.sheet.count('data-blank="upstream-')
    assert boxes == len(graph.nodes) - 1
    if not isinstance(upstream, list):  # an array needs a gradient
        usual = Assignment((make_question(text, lecture, complete()),), 7, values=values)
        (plain,) = sheets.figures((usual, numbers))
        assert f'data-blank="upstream-{output}"' in plain.sheet
        new = texts(drawn.sheet) - texts(plain.sheet)
        assert new == Counter([number])
        assert f">{loss}</text>" in drawn.sheet  # the way to the loss, too
        assert f">{loss}</text>" not in plain.sheet or name == loss
    gradients = graph.forward(dict(given)).backward(upstream=upstream)
    for variable, gradient in gradients.items():
        (answer,) = [a for a in drawn.answers if a.startswith(f"∂{loss}/∂{variable} = ")]
        told = answer.split(" = ")[1].replace("−", "-")
        assert np.allclose(json.loads(told), gradient, atol=0.0051)
    assert not [a for a in drawn.answers if f"/∂{name} " in a]


@pytest.mark.parametrize("values", [False, True])
def test_of_a_target_the_gradient_is_given_and_nothing_beyond_is_asked(values):
    chosen = complete({"target": "q"})
    question = make_question("q = x*y; r = x*x; f = q*z + r", dict(x=-2, y=5, z=-4), chosen)
    made = Assignment((question,), 7, values=values)
    numbers = sheets.numbers((made, 1))
    (drawn,) = sheets.figures((made, numbers))
    given = dict(numbers[0])
    assert drawn.known == "∂q/∂q = 1"
    assert drawn.sheet.count('data-blank="upstream-') == 2  # of x and y
    assert drawn.sheet.count('data-blank="local-') == 2
    expected = {"x": given["y"], "y": given["x"]}
    assert {*drawn.answers} == {f"∂q/∂{n} = {v:g}".replace("-", "−") for n, v in expected.items()}


def test_a_secret_goes_into_the_numbers():
    open_, closed, other = (order("scalar")._replace(secret=word) for word in ("", "a", "b"))
    found = {sheets.numbers((made, copy)) for made in (open_, closed, other) for copy in (1, 2, 3)}
    assert len(found) > 6
    assert sheets.numbers((closed, 1)) == sheets.numbers((closed._replace(hidden=True), 1))


def test_variants_take_turns():
    made = order("scalar")._replace(variants=2)
    given = []

    def noted(function, items):
        given.append(list(in_this_process(function, items)))
        return iter(given[-1])

    sheets.copies(made, 5, noted)
    _, figures = given
    assert len(figures) == 2  # only so many are made
    assert figures[0][0].given != figures[1][0].given


def test_figures_are_made_for_half_a_page_where_boxes_stay_high():
    """Two small figures stand on one page; one that needs its page keeps it."""
    alone, two = order("patterns"), order("patterns", "patterns")
    two = two._replace(questions=(two.questions[0],) * 2)
    (whole,), halves = (sheets.figures((made, sheets.numbers((made, 1)))) for made in (alone, two))
    assert [half.width <= whole.width for half in halves] == [True, True]
    for half in halves:
        wide, high = map(float, re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', half.sheet).groups())
        scale = half.width / wide
        assert high * scale < 768 / 2
        lowest = min(
            float(h)
            for h in re.findall(r'<rect x=\S+ y=\S+ width=\S+ height="(\S+)" rx', half.sheet)
        )
        assert lowest * scale >= sheets.LOWEST_BOX - 0.2
        assert scale >= sheets.COMPACT_SCALE


def seen(made, count):
    """The documents, and all that tasks gave."""
    given = []

    def noted(function, items):
        for result in in_this_process(function, items):
            given.append(result)
            yield result

    return sheets.copies(made, count, noted), given[count:]


def test_the_same_seed_gives_the_same_bytes_and_another_other_numbers():
    made = order("scalar", "norm")
    first, figures = seen(made, 4)
    again, _ = seen(made, 4)
    assert first == again
    _, more = seen(made, 7)
    assert more[:4] == figures
    other, _ = seen(made._replace(seed=8), 4)
    assert other != first
    inputs = [tuple(d.given for d in copy) for copy in more]
    assert len({i[0] for i in inputs}) == len({i[1] for i in inputs}) == 7


# --- a cluster


def test_the_statements_of_a_question_are_kept_apart():
    text = "q = x + y\n\nf = (q # twice\n  * 2)\n"
    assert make_question(text, dict(x=1, y=2), complete()).source == "q = x + y; f = (q * 2)"
