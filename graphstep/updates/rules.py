"""The rules of learning: one row each, from which numbers, formulas and sentences follow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..language.row_texts import PLACE

if TYPE_CHECKING:
    from ..engine.computational_graph import ComputationalGraph

NEW = "_new"
"""The end of the name of what has its new value, in the graph of a rule."""
WEIGHT, GRADIENT, RATE, TIME, SUM = "w", "g", "rate", "t", "G"
NONE: Mapping[str, float] = MappingProxyType({})


class Rule(NamedTuple):
    """What a rule makes of one weight w with the gradient g, in the language.

    Each statement gives a number its new value, the last one the weight; later ones take what is
    new. `rate` is the learning rate, `t` counts the updates from 1, and what has a value of its own
    besides the weight is the state, which begins with 0. `settings` are by name, with the usual
    numbers: from 0 to less than 1.
    """

    text: str
    settings: Mapping[str, float] = NONE

    @property
    def formulas(self) -> tuple[tuple[str, str], ...]:
        """The names that get new values, in order, each with its formula."""
        pairs = (statement.partition(" = ")[::2] for statement in self.text.split("; "))
        return tuple((name.strip("{}"), text) for name, text in pairs)

    @property
    def state(self) -> tuple[str, ...]:
        """What has a value of its own besides the weight."""
        return tuple(name for name, _ in self.formulas[:-1])

    @property
    def graph(self) -> ComputationalGraph:
        """The rule as a graph of its own, from the old numbers to the new weight.

        >>> RULES["momentum"].graph.source
        'v_new = mu*v + g; w_new = w - rate*v_new'
        """
        return _graph(self.text)

    def summing(self) -> Rule:
        """The same rule where gradients are not set to zero, and G sums all there were."""
        text = self.text.replace("{g}", "{G}")
        return self._replace(text=f"{{G}} = {{G}} + {{g}}; {text}")


@lru_cache
def _graph(text: str) -> ComputationalGraph:
    """The graph of a rule: each name has one value there, so the new one has another name."""
    from ..engine.computational_graph import parse

    known, made = set[str](), list[str]()
    for name, formula in Rule(text).formulas:
        renamed = PLACE.sub(lambda place: place[1] + NEW * (place[1] in known), formula)
        known.add(name)
        made.append(f"{name}{NEW} = {renamed}")
    return parse("; ".join(made))


_ROOT = "{w} = {w} - {rate}*{g}/(sqrt({s}) + {eps})"
_ADAM = (
    "{m} = {beta1}*{m} + (1 - {beta1})*{g}; {v} = {beta2}*{v} + (1 - {beta2})*{g}**2; "
    "{w} = {w} - {rate}*({m}/(1 - {beta1}**{t}))/(sqrt({v}/(1 - {beta2}**{t})) + {eps})"
)
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "sgd": Rule("{w} = {w} - {rate}*{g}"),
        "momentum": Rule("{v} = {mu}*{v} + {g}; {w} = {w} - {rate}*{v}", {"mu": 0.9}),
        "nesterov": Rule("{v} = {mu}*{v} + {g}; {w} = {w} - {rate}*({g} + {mu}*{v})", {"mu": 0.9}),
        "adagrad": Rule("{s} = {s} + {g}**2; " + _ROOT, {"eps": 1e-8}),
        "rmsprop": Rule(
            "{s} = {rho}*{s} + (1 - {rho})*{g}**2; " + _ROOT, {"rho": 0.99, "eps": 1e-8}
        ),
        "adam": Rule(_ADAM, {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}),
    }
)
"""The rules by name, as in the CS231n notes and PyTorch, whose usual settings they have.

Adam: Kingma and Ba 2015, algorithm 1; Nesterov's momentum: Sutskever et al. 2013, as PyTorch has
it.
"""
LETTERS: Mapping[str, str] = MappingProxyType(
    {"rate": "η", "mu": "μ", "rho": "ρ", "beta1": "β1", "beta2": "β2", "eps": "ε", "t": "t"}
)
"""The letters of what is the same for all weights, in formulas."""
