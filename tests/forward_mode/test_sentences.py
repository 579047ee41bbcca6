"""What is said and shown in forward mode, in all outputs; what goes together with it."""

import json

import pytest

import graphstep as gs
from graphstep.cli.main import main
from graphstep.graph.slots import Slot

TEXT, NUMBERS = "q = x + y; f = q * z", dict(x=-2, y=5, z=-4)


def forward(text=TEXT, wrt="x", **options):
    return gs.stepper(text, mode="forward", wrt=wrt, **(options or NUMBERS))


def test_the_steps_of_the_lecture_s_example():
    s = forward()
    assert [frame.step.kind for frame in s] == ["given", "begin", "push", "push", "passes"]
    assert s[1].caption == (
        "Forward mode begins at the inputs: ∂x/∂x = 1. The tangent of every other input is 0: y, z."
    )
    assert s[3].caption == (
        "Forward pass, multiply gate: f = q*z = 3*(−4) = −12. Input z does not depend on x: it adds "
        "0. Input q: local = z = −4; local · tangent = [−4] · [1] = −4. The tangent is −4."
    )
    assert s[3].legend.splitlines() == [
        "[local] · [tangent] = term of the sum",
        "q: [−4] · [1] = −4",
    ]
    assert s[3].why == "The values and tangents of its inputs are known, after q."
    assert s[-1].texts[Slot("tangent", s.graph.output)] == "−4"


def test_values_and_tangents_travel_together():
    """Each number appears once, after all that it is made of, and its wire has nothing else."""
    s = forward("q = x*x; r = q + y; f = q*r + sin(r)", x=2, y=3)
    known = set()
    for frame in s:
        assert known.issuperset(frame.step.uses)
        assert not known.intersection(frame.step.shows)
        known.update(frame.step.shows)
        for slot in frame.step.shows:
            if slot.kind == "tangent" and s.graph.nodes[slot.item].gate:
                sources = s.graph.nodes[slot.item].sources
                assert known.issuperset(Slot("tangent", i) for i in sources)
                assert Slot("value", slot.item) in frame.step.shows
    assert known == {*s.texts}
    assert {slot.kind for slot in known} == {"value", "tangent", "local"}
    assert {place.slot for place in s.drawing.places} == known


def test_several_paths_are_added():
    s = forward("f = x*x", x=3)
    assert s[2].caption.endswith(
        "Input x: local = x = 3; local · tangent = [3] · [1] = 3. Another wire brings the same. "
        "The tangent is the sum: 3 + 3 = 6."
    )
    assert s[2].legend.splitlines()[-1] == "3 + 3 = 6"


def test_a_direction_of_an_array():
    s = gs.stepper("q = W @ x; f = l2(q)", W=[[1, 2], [3, 4]], x=[1, 2], mode="forward", wrt="x",
                   tangent=[1, 0], lang="ru")  # fmt: skip
    assert s[1].caption == (
        "Прямой режим начинается со входов: x движется вдоль направления, своей касательной: "
        "∂x/∂t = [1; 0]. Касательная каждого из остальных входов равна 0: W."
    )
    assert s[2].legend.splitlines()[-1] == "x: [2×2, общего вида] · [1; 0] = [1; 3]"
    assert s.tangents["f"] == 76


def test_the_passes_of_both_modes_are_compared():
    few = forward()[-1]
    assert few.legend.splitlines() == [
        "forward mode: a pass for each input number: 3",
        "backward pass: a pass for each output number: 1",
    ]
    assert few.caption.endswith("very many weights go in, and one loss comes out.")
    many = forward("q = x*[1, 2, 3]", x=2)[-1]
    assert many.caption.endswith(
        "Here forward mode takes fewer passes: less goes in than comes out."
    )
    assert forward("f = x*x", x=2)[-1].caption.endswith("Here both take as many.")


def test_the_only_input_needs_no_name():
    assert gs.stepper("f = x**2", x=3, mode="forward").tangents == {"x": 1.0, "f": 6.0}


def test_an_output_that_is_an_array_needs_no_gradient():
    s = gs.stepper(
        "q = softmax(W @ x)", W=[[1, 2], [3, 4]], x=[1, 2], mode="forward", wrt="W[1, 0]"
    )
    assert s.tangents["q"].sum() == pytest.approx(0)
    assert s[-1].svg()


def test_in_files_and_on_the_command_line(tmp_path, capsys):
    s = forward()
    for ending in ("html", "svg", "txt", "json", "dot", "tex", "deck.html"):
        assert s.save(tmp_path / f"f.{ending}")
    data = json.loads((tmp_path / "f.json").read_text())
    assert (data["mode"], data["tangents"]) == (
        "forward",
        {"x": 1.0, "y": 0.0, "z": 0.0, "f": -4.0},
    )
    assert [node["tangent"] for node in data["nodes"]] == [1, 0, 1, 0, -4]
    assert "gradients" not in data
    assert "downstream" not in data["wires"][0]
    assert main([TEXT, "x=-2", "y=5", "z=-4", "--mode", "forward", "--wrt", "x"]) == 0
    assert (
        capsys.readouterr().out.splitlines()[-6:]
        == [
            "node   goes into  value  local  tangent",
            "x      x + y         −2      1        1",
            "y      x + y          5      1        0",
            "q      f              3     −4        1",
            "z      f             −4      3        0",
            "f                   −12              −4",
        ]
        or "tangent" in (tmp_path / "f.txt").read_text()
    )


def test_in_a_deck(tmp_path):
    source = tmp_path / "talk.md"
    fence = "x=[1,2] --mode forward --wrt x --tangent [1,0] --steps forward,f,last"
    source.write_text(f"## Forward\n\n```graphstep {fence}\nf = l2(x)\n```\n")
    deck = gs.deck(source)
    deck.save(tmp_path / "talk.html")
    assert "∂x/∂t = [1, 0]" in (tmp_path / "talk.html").read_text()


BACKWARD = [
    (dict(by="wire"), "by"), (dict(upstream=2), "upstream"), (dict(update="x"), "update"),
    (dict(target="q"), "target"), (dict(style=gs.Style(drawn="neurons")), "drawn="),
]  # fmt: skip


@pytest.mark.parametrize(("options", "name"), BACKWARD, ids=[name for _, name in BACKWARD])
def test_what_is_about_the_backward_pass_is_refused(options, name):
    with pytest.raises(gs.GraphError, match=f"^{name}.* is about the backward pass"):
        gs.stepper(TEXT, mode="forward", wrt="x", **NUMBERS, **options)


def test_questions_are_asked_about_values_and_tangents(tmp_path):
    quiz = forward().quiz()
    assert quiz.save(tmp_path / "quiz.html")
    assert forward().quiz(seed=3).stepper.tape.along.wrt == "x"


def test_tangents_are_those_of_forward_mode():
    with pytest.raises(gs.InputError, match='Add mode="forward"'):
        _ = gs.stepper(TEXT, **NUMBERS).tangents


def test_a_page_has_tangents_in_the_place_of_gradients():
    from graphstep.player.payload import payload

    for lang, word, said in (
        ("en", "Tangent", "local times tangent, from x"),
        ("ru", "Касательная", "локальный на касательную, от x"),
    ):
        data = payload(gs.stepper(TEXT, mode="forward", wrt="x", lang=lang, **NUMBERS))
        assert data["words"]["upstream"] == word
        tangents = [data["texts"][node["u"]] for node in data["nodes"]]
        assert tangents == ["1", "0", "1", "0", "−4"]
        assert all(wire[3] is None for wire in data["wires"])
        assert data["paths"] == {}
        assert len(data["quiz"]) == 4  # the value and the tangent of each gate
        lines = data["code"].splitlines()
        (line,) = (k for k, text in enumerate(lines) if text.startswith("dq = dx "))
        assert lines[line].endswith(f"# {said}")
        assert line in data["code_of"][2]
