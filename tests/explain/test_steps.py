"""WHEN: laws of the steps over random programs, and the words of a step."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import inputs, programs

import graphstep as gs
from examples import stepped
from graphstep.explain.step_kinds import (
    AFTERWARDS,
    FORWARD,
    KINDS,
    LOCAL_FIRST,
    TANGENTS,
    WAYS,
)
from graphstep.explain.steps import ready, steps
from graphstep.graph.slots import Slot


def all_slots(graph):
    nodes, wires = range(len(graph.nodes)), range(len(graph.wires))
    return {
        *(Slot(kind, i) for i in nodes for kind in ("value", "upstream")),
        *(Slot(kind, w) for w in wires for kind in ("local", "downstream")),
    }


ways = {"by": st.sampled_from(list(WAYS)), "forward": st.booleans()}


@given(text=programs(), **ways)
def test_each_slot_appears_exactly_once_and_the_last_step_shows_all(text, by, forward):
    graph = gs.parse(text)
    shown = [slot for step in steps(graph, by, forward) for slot in step.shows]
    assert len(shown) == len(set(shown))
    assert set(shown) == all_slots(graph)


@given(text=programs(), **ways)
def test_nothing_appears_before_what_it_is_made_of(text, by, forward):
    graph = gs.parse(text)
    known = set()
    for step in steps(graph, by, forward):
        assert known.issuperset(step.uses)
        before = set(known)
        known.update(step.shows)
        for slot in step.shows:
            assert known.issuperset(made_of(graph, slot)), slot
        if step.kind == "sum":
            assert before.issuperset(made_of(graph, step.shows[0]))


def made_of(graph, slot):
    """What a number is computed from, said anew, not taken from the steps."""
    if slot.kind == "value":
        return {Slot("value", s) for s in graph.nodes[slot.item].sources}
    if slot.kind == "upstream":
        return {Slot("downstream", w) for w in graph.wires_out[slot.item]}
    wire = graph.wires[slot.item]
    if slot.kind == "local":
        return {Slot("value", s) for s in graph.nodes[wire.target].sources}
    return {Slot("upstream", wire.target), Slot("local", slot.item)}


@given(text=programs(), **ways)
def test_why_now_names_gates_that_are_done(text, by, forward):
    """A step comes only after all gates that use its value, and says which they are."""
    graph = gs.parse(text)
    done = set()
    for step in steps(graph, by, forward):
        if step.kind in {kind for way in WAYS.values() for kind in way}:
            users = {graph.wires[w].target for w in graph.wires_out[step.node]}
            assert set(step.after) == users
            assert done >= users
            done.add(step.node)
        elif step.kind == "seed":
            done.add(step.node)  # where values are the steps, nothing else is about the output


@given(text=programs(), **ways)
def test_sums_are_where_several_wires_leave(text, by, forward):
    graph = gs.parse(text)
    sums = [step for step in steps(graph, by, forward) if step.kind in ("sum", "back")]
    several = [step.node for step in sums if len(step.wires(graph)) > 1]
    assert sorted(several) == [i for i, out in enumerate(graph.wires_out) if len(out) > 1]


def test_the_rows_name_what_there_is():
    """Every kind is used by some way, and every word of a row is known to what reads it."""
    from graphstep.base.words import sentences
    from graphstep.explain.captions import Speaker
    from graphstep.explain.equations import Writer
    from graphstep.explain.step_kinds import Each
    from graphstep.explain.steps import SLOTS
    from graphstep.forward_mode.equations import ForwardWriter
    from graphstep.forward_mode.sentences import ForwardSpeaker

    rows = (*WAYS.values(), *FORWARD.values(), *LOCAL_FIRST.values(), AFTERWARDS, TANGENTS)
    assert {*KINDS} == {kind for row in rows for kind in row}
    said = sentences("en")
    for kind, row in KINDS.items():
        ahead = kind in TANGENTS
        speaker, writer = (ForwardSpeaker, ForwardWriter) if ahead else (Speaker, Writer)
        assert {*row.each, *row.shows, *row.uses} <= SLOTS.keys()
        assert {*row.formulas} <= writer.groups.keys()
        assert {f"why.{row.why}", f"why.{row.why_after or row.why}"} <= said.keys()
        for group, known in (("step", row.caption), ("legend", row.legend)):
            each = {part.key for part in known if isinstance(part, Each)}
            assert {f"{group}.{key}{end}" for key in each for end in ("", "_map")} <= said.keys()
        assert {part for part in row.caption if isinstance(part, str)} <= speaker.captions.keys()
        assert {part for part in row.legend if isinstance(part, str)} <= speaker.legends.keys()


@given(text=programs(), forward=st.booleans())
def test_by_value_each_value_but_the_output_has_one_step(text, forward):
    graph = gs.parse(text)
    found = [step for step in steps(graph, "value", forward) if step.kind == "back"]
    assert [step.node for step in found] == list(reversed(range(len(graph.nodes) - 1)))
    assert all(step.wires(graph) == graph.wires_out[step.node] for step in found)


@given(text=programs(), **ways)
def test_what_could_come_too_is_what_waits_for_nothing(text, by, forward):
    graph = gs.parse(text)
    found = steps(graph, by, forward)
    turns = {step.node for step in found if step.row.turn}
    last = {step.node: k for k, step in enumerate(found) if step.row.turn}
    for k, (step, others) in enumerate(zip(found, ready(graph, found), strict=True)):
        if step.row.after != "users":
            assert others == ()
            continue
        free = {
            node for node in turns - {step.node}
            if last[node] >= k
            and all(last.get(graph.wires[w].target, -1) < k for w in graph.wires_out[node])
        }  # fmt: skip
        assert set(others) == free


def test_words_of_a_step_by_value():
    s = gs.stepper("q = x + y; f = q * q * x", x=-2, y=5, by="value")
    said = {s.names[f.step.node]: f for f in s if f.step.kind == "back"}
    assert said["y"].caption == (
        "y is used once, so its gradient is what comes back. From q: local = 1; downstream = local "
        "· upstream = [1] · [−12] = −12."
    )
    assert said["y"].why == "The gradient of everything that uses it is known: q."
    assert said["x"].caption == (
        "x is used twice, so its gradient is the sum of what comes back. From q: local = 1; "
        "downstream = local · upstream = [1] · [−12] = −12. From f: local = q * q = 9; downstream "
        "= local · upstream = [9] · [1] = 9. Together: (−12) + 9 = −3."
    )
    assert said["x"].legend.splitlines() == [
        "[local] · [upstream] = downstream", "from q: [1] · [−12] = −12", "from f: [9] · [1] = 9",
        "(−12) + 9 = −3",
    ]  # fmt: skip
    assert said["q * q"].caption.startswith("q * q is used once")


def test_by_value_a_zero_is_told_of_the_whole_value_only():
    """One wire that brings 0 says nothing of a value that another one brings a gradient to."""
    s = gs.stepper("f = relu(x) * y + x", x=-1, y=2, by="value")
    said = {s.names[f.step.node]: f.caption for f in s if f.step.kind == "back"}
    assert "gets 0" not in said["x"]
    assert "From relu(x): local = 1" not in said["x"]
    assert said["y"].endswith("y gets 0, since the upstream gradient is multiplied by 0.")
    labels = gs.stepper("f = cross_entropy(s, t)", s=[1, 2], t=1, by="value")
    assert "t holds labels, which have no derivative." in [f.caption for f in labels]


@given(text=programs(), forward=st.booleans())
def test_wires_are_stepped_local_then_downstream(text, forward):
    graph = gs.parse(text)
    about = [(s.kind, s.wire) for s in steps(graph, "wire", forward) if s.wire is not None]
    assert [kind for kind, _ in about] == ["local", "downstream"] * len(graph.wires)
    assert [w for kind, w in about if kind == "local"] == [
        w for kind, w in about if kind != "local"
    ]


@given(text=programs(), values=inputs, **ways)
def test_every_frame_speaks(text, values, by, forward):
    s = stepped(text, values, by=by, forward=forward)
    assume(not s.tape.troubles)
    for frame in s:
        assert frame.caption.endswith(".")
        assert frame.why
        assert "{" not in frame.caption + frame.legend + frame.why
        if frame.step.kind in ("gate", "downstream"):
            assert frame.legend.startswith("[local] · [upstream] = downstream\n")


def test_forward_or_backward_only():
    kinds = [f.step.kind for f in stepped("f = (x + y) * z")]
    assert kinds == ["all", "seed", "gate", "gate"]
    kinds = [f.step.kind for f in stepped("f = (x + y) * z", forward=True)]
    assert kinds == ["given", "value", "value", "seed", "gate", "gate"]


def test_frames_of_the_design():
    s = gs.stepper("f = (x + y) * z", x=-2, y=5, z=-4)
    assert len(s) == len(s.frames) == len(s.steps) == 4
    assert s[3] is s.frames[3]
    assert s[-1].index == 3
    assert [f.index for f in s] == [0, 1, 2, 3]
    assert s[2].caption == (
        "Multiply gate: the upstream gradient is 1. Input z: local = x + y = 3; downstream = local "
        "· upstream = [3] · [1] = 3. Input x + y: local = z = −4; downstream = local · upstream = "
        "[−4] · [1] = −4. A multiply gate is a switcher: each input gets the upstream gradient "
        "times the other input."
    )
    assert s[3].why == "All gates that use its value are done: f."
    assert s[2].why == "It gives the output, whose gradient is 1."


def test_at_keeps_graph_layout_and_options():
    s = gs.stepper("f = x * y", x=2, y=3, by="wire", forward=True, style=gs.Style(digits=3))
    s.drawing  # noqa: B018
    other = s.at(x=2.5)
    assert other.value == 7.5
    assert s.value == 6.0
    assert other.graph is s.graph
    assert other.drawing is s.drawing
    assert (other.by, other.forward, other.style) == (s.by, s.forward, s.style)
    with pytest.raises(gs.GraphstepError, match="no input q"):
        s.at(q=1)


def test_a_stepper_of_a_graph():
    graph = gs.parse("f = x*y")
    assert gs.stepper(graph, x=2, y=3).value == 6.0


def test_inputs_named_like_options():
    s = gs.stepper("f = by * lang", inputs={"by": 2, "lang": 3})
    assert s.gradients == {"by": 3.0, "lang": 2.0}


@pytest.mark.parametrize(
    "options",
    [
        dict(by="node"), dict(by=[]), dict(lang="xx"), dict(lang=[]), dict(constants="no"),
        dict(x="a"), dict(y=1), dict(engine="foo"), dict(style="cs231n"), dict(inputs={"x": 2}),
    ],
)  # fmt: skip
def test_bad_options(options):
    with pytest.raises(gs.GraphstepError):
        gs.stepper("x*x", **{"x": 1, **options})


def test_reasons_of_zeros():
    captions = " ".join(
        f.caption for f in gs.stepper("f = relu(x) + min(y, z) + w*v", x=-1, y=1, z=2, w=0, v=3)
    )
    assert "x gets 0, since the ReLU is off." in captions
    assert "z gets 0, since it is not the minimum." in captions
    assert "v gets 0, since the upstream gradient is multiplied by 0." in captions
    captions = gs.stepper("f = sin(x*y) * 0", x=1, y=2)[-1].caption
    assert "The upstream gradient is 0" in captions


def test_warnings_appear_with_their_numbers():
    s = gs.stepper("f = x * log(y)", x=1, y=-1, forward=True)
    assert "needs x > 0" in next(f for f in s if f.step.node == 2).caption
    first = next(i for i, f in enumerate(s) if f.warnings)
    assert s[first].step.kind == "value"
    assert "log(y)" in s[first].warnings[2]
    s = gs.stepper("f = sqrt(x)", x=0)
    assert not s[0].warnings
    assert "inf" in s[2].warnings[1]
    assert "A local gradient of the square root gate" in s[2].caption
    assert "inf" not in s[1].caption + s[1].svg()  # not before the number itself is there


def test_a_warning_waits_for_its_own_wire():
    """In x**y at x = 0 the local gradient of y, shown first, is fine; that of x is inf."""
    s = gs.stepper("f = x**y", x=0, y=0.5, by="wire")
    fine = next(f for f in s if f.step.kind == "local")
    assert fine.step.wire == 1
    assert not fine.warnings
    assert "inf" not in fine.svg()
    later = next(f for f in s if f.step.kind == "local" and f.step.wire == 0)
    assert "inf" in later.warnings[2]
    assert "inf" in later.caption


def test_true_words_about_ties_and_small_products():
    assert "Equal inputs share" in gs.stepper("max(x, y)", x=1, y=1)[-1].caption
    assert "A min gate is a router" in gs.stepper("min(x, y)", x=1, y=2)[-1].caption
    s = gs.stepper("f = x*y*z", x=1e-200, y=1e-200, z=1e-200)
    assert "the product is too small for a float" in s[-1].caption
    assert "at the kink" in gs.stepper("relu(x)", x=0)[-1].caption


def captions(text, **numbers):
    return " ".join(frame.caption for frame in gs.stepper(text, inputs=numbers))


def test_a_kink_is_told_of_the_inputs_that_are_at_it():
    """An input gets 0 by a convention only where it is at a kink itself, not another input."""
    said = captions("min(x, y, z)", x=1, y=1, z=5)
    assert "z gets 0, since it is not the minimum." in said
    assert "at the kink" not in said
    said = captions("f = sum(min(x, y, z))", x=[1, 1], y=[1, 1], z=[5, 5])
    assert "z gets 0, since it is not the minimum." in said
    for gate in ("leaky_relu", "elu"):
        said = captions(f"{gate}(x, a)", x=0, a=2)
        assert "a gets 0, since the local gradient is 0 here." in said
        assert "a gets 0: at the kink" not in said
        assert "x is at the kink, where the derivative is taken to be" in said
    said = captions("elastic_net(x, b)", x=0, b=1)
    assert "b gets 0, since the local gradient is 0 here." in said
    assert "x gets 0: at the kink the derivative is taken to be 0." in said
    assert "x gets 0: at the kink" in captions("leaky_relu(x, a)", x=0, a=0)


def test_ties_are_told_element_by_element():
    router, tie = "the whole gradient goes to the", "Equal inputs share the gradient."
    some = "Where inputs are equal, they share the gradient; elsewhere one input gets all of it."
    for gate in ("max", "min"):
        of = f"f = sum({gate}(x, y))"
        assert router in captions(of, x=[1, 2], y=[3, 5])
        assert tie in captions(of, x=[1, 2], y=[1, 2])
        said = captions(of, x=[1, 2], y=[1, 5])
        assert some in said
        assert router not in said
        assert tie not in said
    said = captions("f = sum(max(x, y, z))", x=[1, 2], y=[1, 0], z=[0, 2])
    assert tie in said  # in each element two are equal, not the same two
    assert "Там, где входы равны" in gs.stepper(of, x=[1, 2], y=[1, 5], lang="ru")[-1].caption


def test_a_kink_inside_a_group_is_of_the_inputs_that_reach_it():
    grouped = gs.parse("r = relu(x); h = r * w; f = h + w").group(["r", "h"], "cell")
    said = " ".join(frame.caption for frame in gs.stepper(grouped, x=0, w=2))
    assert "x gets 0: at the kink the derivative is taken to be 0." in said
    assert "w gets 0, since the local gradient is 0 here." in said


def test_equations_of_the_forward_pass():
    s = gs.stepper("(x + y)*-z", x=1, y=2, z=3, forward=True)
    assert [f.caption for f in s][1:5] == [
        "Forward pass, add gate: x + y = 1 + 2 = 3.",
        "Forward pass, negate gate: −z = −3.",
        "Forward pass, multiply gate: (x + y)*−z = (x + y)*(−z) = 3*(−3) = −9.",
        "The backward pass begins at the output: ∂f/∂f = 1.",
    ]
