"""Updates: the new weights are those of the textbooks, over several iterations."""

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import inputs, programs

import graphstep as gs
from graphstep.updates.rules import RULES

# --- the rules again, by hand: from a weight, its gradient, and what a rule keeps


def sgd(w, g, kept, t, rate):
    return w - rate * g


def momentum(w, g, kept, t, rate, mu=0.9):
    kept["v"] = mu * kept.get("v", 0) + g
    return w - rate * kept["v"]


def nesterov(w, g, kept, t, rate, mu=0.9):
    kept["v"] = mu * kept.get("v", 0) + g
    return w - rate * (g + mu * kept["v"])


def adagrad(w, g, kept, t, rate, eps=1e-8):
    kept["s"] = kept.get("s", 0) + np.square(g)
    return w - rate / (np.sqrt(kept["s"]) + eps) * g


def rmsprop(w, g, kept, t, rate, rho=0.99, eps=1e-8):
    kept["s"] = rho * kept.get("s", 0) + (1 - rho) * np.square(g)
    return w - rate / (np.sqrt(kept["s"]) + eps) * g


def adam(w, g, kept, t, rate, beta1=0.9, beta2=0.999, eps=1e-8):
    kept["m"] = beta1 * kept.get("m", 0) + (1 - beta1) * g
    kept["v"] = beta2 * kept.get("v", 0) + (1 - beta2) * np.square(g)
    corrected = np.sqrt(kept["v"]) / np.sqrt(1 - beta2**t) + eps
    return w - rate / (1 - beta1**t) * kept["m"] / corrected


BY_HAND = {f.__name__: f for f in (sgd, momentum, nesterov, adagrad, rmsprop, adam)}


def trained(graph, numbers, names, rule, rate, count, accumulate=False, **settings):
    """The weights after some updates, with gradients of a tape and the rule by hand."""
    numbers, kept, sums = dict(numbers), {name: {} for name in names}, {}
    for t in range(1, count + 1):
        gradients = graph.forward(numbers).backward(*names)
        for name in names:
            sums[name] = accumulate * sums.get(name, 0) + gradients[name]
            numbers[name] = BY_HAND[rule](
                numbers[name], sums[name], kept[name], t, rate, **settings
            )
    return {name: numbers[name] for name in names}, kept


def same(left, right):
    return np.allclose(left, right, rtol=1e-9, atol=1e-12)


def test_every_rule_is_written_by_hand():
    assert BY_HAND.keys() == RULES.keys()


@pytest.mark.parametrize("rule", RULES)
@given(text=programs(), numbers=inputs)
@settings(max_examples=8)
def test_new_weights_are_those_of_the_rule_by_hand(rule, text, numbers):
    graph = gs.parse(text)
    numbers = {name: float(numbers[name]) for name in graph.inputs}
    names = tuple(graph.inputs)[:2]
    tape = graph.forward(numbers)
    if any(abs(g) > 1e6 or not np.isfinite(g) for g in tape.gradients.values()) or tape.troubles:
        return
    s = gs.stepper(graph, inputs=numbers, update=names, rule=rule, rate=0.01)
    found, _ = trained(graph, numbers, names, rule, 0.01, 1)
    assert all(same(s.update.weights[name], found[name]) for name in names)
    assert same(s.next().tape.inputs[names[0]], found[names[0]])


W, X = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4])
LEARNING = {
    "numbers": ("f = (w*x + b - y)**2", {"w": 0.5, "x": 2.0, "b": -1.0, "y": 3.0}, ("w", "b")),
    "arrays": ("f = l2(W @ x + b)", {"W": W, "x": X, "b": np.array([1.0, -1.0])}, ("W", "b")),
}


@pytest.mark.parametrize("what", LEARNING)
@pytest.mark.parametrize("accumulate", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_state_is_kept_from_one_iteration_to_the_next(rule, accumulate, what):
    text, numbers, names = LEARNING[what]
    graph = gs.parse(text)
    s = gs.stepper(graph, inputs=numbers, update=names, rule=rule, rate=0.02, accumulate=accumulate)
    for count in range(1, 5):
        found, kept = trained(graph, numbers, names, rule, 0.02, count, accumulate)
        for name in names:
            assert same(s.update.weights[name], found[name])
            state = s.update.kept[name]
            assert all(same(state[key], value) for key, value in kept[name].items())
            assert np.shape(s.update.weights[name]) == np.shape(numbers[name])
        s = s.next()
        assert s.update.time == count + 1


def test_settings_are_taken_from_the_rule():
    graph, numbers = gs.parse("f = (w - 3)**2"), {"w": 1.0}
    s = gs.stepper(graph, inputs=numbers, update="w", rate=0.5, rule="adam(beta1=0.5, eps=0.01)")
    found, _ = trained(graph, numbers, ["w"], "adam", 0.5, 2, beta1=0.5, eps=0.01)
    assert same(s.next().update.weights["w"], found["w"])


def test_gradients_come_from_a_loss_outside_too():
    s = gs.stepper("q = w*x", w=2, x=3, upstream=-0.5, update="w", rate=1)
    assert s.update.weights == {"w": 3.5}
    assert s.next()[-1].step.kind == "update"
    assert s.next().tape.arrived == -0.5


def test_other_inputs_keep_the_update_with_its_state():
    s = gs.stepper("f = w*x", w=2, x=3, update="w", rule="momentum").next().at(x=1)
    assert s.update.time == 2
    assert s.update.weights["w"] == pytest.approx(1.7 - 0.1 * (0.9 * 3 + 1))


def test_a_rule_is_a_graph_of_its_own():
    s = gs.stepper("f = l2(W @ x)", W=W, x=X, update="W", rule="adam").next()
    rule = s.updating("W")
    assert same(rule.value, s.update.weights["W"])
    assert {frame.step.kind for frame in rule} == {"given", "value"}
    assert rule.graph.source.startswith("m_new = beta1*m + (1 - beta1)*g; ")


@pytest.mark.parametrize(
    ("text", "given", "update", "error"),
    [
        ("q = x*y; f = q*z", {"x": 1, "y": 2, "z": 3}, "q", "q is computed, and only inputs are updated: x, y, z."),
        ("f = x*y", {"x": 1, "y": 2}, "w", "The graph has no node called w. Names: x, y, f."),
        ("f = cross_entropy(s, y)", {"s": [1, 2], "y": 1}, "y", "y has no gradient here"),
        ("f = x*y", {}, "x", "This figure has no numbers"),
        ("f = x*y", {"x": 1, "y": 2}, 3, 'The inputs to update are names, as in "w, b"'),
    ],
)  # fmt: skip
def test_what_cannot_be_updated_is_told(text, given, update, error):
    with pytest.raises(gs.GraphstepError) as refused:
        gs.stepper(text, inputs=given, update=update)
    assert error in str(refused.value)


def test_without_an_update_there_is_no_next():
    s = gs.stepper("f = x*y", x=1, y=2)
    for go_on in (s.next, lambda: s.iterations(2), lambda: s.updating("x")):
        with pytest.raises(gs.GraphError, match=r"as in update=\"x\"; its inputs: x, y"):
            go_on()
    with pytest.raises(gs.InputError, match="'y' is not updated. Updated are: x"):
        gs.stepper("f = x*y", x=1, y=2, update="x").updating("y")
