"""The options of an update as they are read: names, rate, rule, settings."""

import pytest

import graphstep as gs
from graphstep.updates.reading import asked, read_rule
from graphstep.updates.rules import RULES


def test_names_are_a_text_or_a_sequence():
    assert asked("w, b") == asked(("w", "b")) == asked(["w", "b", "w"])
    assert asked("") is asked(()) is asked(None) is None


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_its_usual_settings(name):
    assert read_rule(name) == read_rule(f" {name}() ") == (name, RULES[name].settings)
    for key in RULES[name].settings:
        _, found = read_rule(f"{name}({key}=0.25)")
        assert found == {**RULES[name].settings, key: 0.25}


@pytest.mark.parametrize(
    ("rule", "rate", "message"),
    [
        ("adm", 0.1, "rule cannot be 'adm'; it can be: sgd, momentum, nesterov, adagrad, rmsprop, adam."),
        ("adam(bta1=0.5)", 0.1, "The rule adam has no setting bta1. Did you mean beta1? Settings: beta1, beta2, eps."),
        ("sgd(mu=0.5)", 0.1, "The rule sgd has no setting mu. It has none: write its name alone."),
        ("momentum(mu=1)", 0.1, "mu is from 0 to less than 1, not 1."),
        ("momentum(mu)", 0.1, "mu must be one number, not ''."),
        ("sgd", 0, "The learning rate is a number greater than 0, not 0."),
        ("sgd", "fast", "rate must be one number, not 'fast'."),
    ],
)  # fmt: skip
def test_what_is_refused(rule, rate, message):
    with pytest.raises(gs.GraphstepError) as refused:
        gs.stepper("f = w*x", w=1, x=2, update="w", rule=rule, rate=rate)
    assert str(refused.value) == message


@pytest.mark.parametrize("option", [{"rate": 0.1}, {"rule": "sgd"}, {"accumulate": True}], ids=str)
def test_options_of_an_update_without_one_are_refused(option):
    (name,) = option
    with pytest.raises(gs.InputError) as caught:
        gs.stepper("f = w*x", w=1, x=2, **option)
    assert caught.value.key == "update_needed"
    assert str(caught.value).startswith(f"{name} belongs to an update")
    assert gs.stepper("f = w*x", w=1, x=2, update="w", **option).update.new(0) == 0.8
    assert gs.stepper("f = w*x", w=1, x=2, accumulate=False).update is None
