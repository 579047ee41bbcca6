"""What is asked for: the inputs to update, the learning rate, the rule and its settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ..base.errors import GraphError, InputError, Said, nearest, one_of, short
from ..calculus.values import number_for
from .rules import NONE, RULES, Rule

WRITTEN = re.compile(r"(\w+)\s*(?:\((.*)\))?")
"""A rule, and its settings between brackets: momentum(mu=0.5)."""
RATE, RULE = 0.1, "sgd"  # where none are given


class Asked(NamedTuple):
    """The update that is asked for: which inputs, how far, and by which rule."""

    names: tuple[str, ...]
    rate: float
    name: str
    settings: Mapping[str, float]
    accumulate: bool = False  # gradients are not set to zero after an update

    @property
    def rule(self) -> Rule:
        """The row of the rule."""
        found = RULES[self.name]
        return found.summing() if self.accumulate else found

    def among(self, names: Collection[str]) -> Asked | None:
        """The same update of those inputs that are among some names; None where none is."""
        found = tuple(name for name in self.names if name in names)
        return self._replace(names=found) if found else None


Names = str | tuple[str, ...] | list[str]


def asked(
    update: Names | Asked | None,
    rate: float | None = None,
    rule: str | None = None,
    accumulate: bool = False,
) -> Asked | None:
    """The update that options ask for; None where no input is named.

    Raises InputError for a rate that is not greater than 0, and for options of an update without
    one, and what `read_rule` raises.

    >>> asked("w, b", rule="momentum(mu=0.5)")
    Asked(names=('w', 'b'), rate=0.1, name='momentum', settings={'mu': 0.5}, accumulate=False)
    """
    if isinstance(update, Asked):
        return update
    names = [] if update is None else _names(update)
    rate_found = read_rate(RATE if rate is None else rate)
    rule_found = read_rule(RULE if rule is None else rule)
    if names:
        return Asked(tuple(dict.fromkeys(names)), rate_found, *rule_found, bool(accumulate))
    for name, value in (("rate", rate), ("rule", rule), ("accumulate", accumulate or None)):
        if value is not None:
            raise InputError("update_needed", name=name)
    return None


def _names(update: Names) -> list[str]:
    """The names of inputs, from a text with commas or from a sequence."""
    parts = update.split(",") if isinstance(update, str) else update
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise InputError("update_names", given=short(update))
    return [part.strip() for part in parts if part.strip()]


def read_rate(given: object) -> float:
    """A learning rate. Raises InputError for anything but a number greater than 0."""
    rate = number_for("rate", given)
    if rate <= 0:
        raise InputError("bad_rate", given=short(given))
    return rate


def read_rule(text: str) -> tuple[str, Mapping[str, float]]:
    """The name of a rule, and all its settings.

    Raises GraphError for an unknown rule or setting, InputError for a setting that is not a number
    from 0 to less than 1.
    """
    found = WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    name = found[1] if found else text
    one_of("rule", name, RULES)
    usual = RULES[name].settings
    given = dict(_settings(name, found[2] if found and found[2] else ""))
    return name, {**usual, **given} if given else usual or NONE


def _settings(rule: str, text: str) -> Iterator[tuple[str, float]]:
    """The settings of a rule that are given."""
    usual = RULES[rule].settings
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, value = (each.strip() for each in part.partition("="))
        if name not in usual:
            key = "settings_known" if usual else "settings_none"
            known = Said(key, {"known": ", ".join(usual)})
            raise GraphError("not_a_setting", rule=rule, name=name, near=nearest(name, usual),
                             known=known)  # fmt: skip
        number = number_for(name, value_of(value))
        if not 0 <= number < 1:
            raise InputError("bad_setting", name=name, given=value)
        yield name, number


def value_of(text: str) -> object:
    """The number that a text is, or the text itself."""
    try:
        return float(text)
    except ValueError:
        return text
