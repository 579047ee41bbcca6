"""The data of a figure, as the player reads it."""

from browsing_player import neuron
from hypothesis import given
from hypothesis import strategies as st

import graphstep as gs
from graphstep.graph.slots import Slot
from graphstep.player.payload import bare, path, payload


def test_the_data_says_what_python_says():
    s = neuron(by="wire")
    data = payload(s)
    assert [step["c"] for step in data["steps"]] == [frame.caption for frame in s]
    shown = {slot for step in data["steps"] for slot in step["s"]}
    assert shown == set(range(len(data["slots"].split())))


def test_a_figure_that_only_shows_its_frames_has_no_data_but_theirs():
    s = neuron()
    data, whole = bare(s), payload(s)
    assert data.keys() == {"slots", "texts", "blocks", "steps", "warnings"}
    assert all(data[key] == whole[key] for key in data.keys() - {"steps"})
    for step, full in zip(data["steps"], whole["steps"], strict=True):
        assert step == {key: text for key, text in full.items() if key not in ("l", "y")}


def test_the_factors_of_a_path_stand_in_the_order_of_its_names():
    s = gs.stepper("q = 3*x; r = q*z; f = exp(r)", x=2, z=0.5)
    names, product, _ = path(s, "x")["paths"]["x"]["terms"][0]
    assert names == "x → q → r → f"
    factors = [
        s.texts[Slot("local", w)] for w in (s.graph.wires_out[s.graph.names[n]][0] for n in "xqr")
    ]
    places = [product.index(f"[{text}]") for text in factors]
    assert places == sorted(places)
    assert len({*factors}) == 3


@given(st.floats(-200, 200), st.floats(-2, 2), st.sampled_from([1, 2, 3, 6]))
def test_an_answer_as_it_is_printed_is_right(x, w, digits):
    s = gs.stepper("f = tanh(x*w)*x + exp(w)", x=x, w=w, style=gs.Style(digits=digits))
    texts = dict(zip(payload(s)["slots"].split(), payload(s)["texts"], strict=True))
    slots = list(texts)
    for _, slot, _, _, number, tolerance, *_ in payload(s)["quiz"]:
        typed = float(texts[slots[slot]].replace("−", "-"))
        assert abs(typed - number) <= tolerance, (x, w)


def test_a_number_printed_to_its_third_decimal_is_asked_for_with_it():
    s = gs.stepper("f = x*y", x=0.034, y=2)
    question = next(q for q in payload(s)["quiz"] if abs(q[4] - 0.034) < 1e-9)
    assert question[5] < 0.034 - 0.03
