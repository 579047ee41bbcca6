"""Calls of gates in a text: which gate a name means, and its options, by order or by name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, NoReturn

from ..base.errors import ParseError, Said, Span
from ..calculus.indexing import Key, index_text
from ..gates import ALIASES, GATES, OPTION_ALIASES, Gate, Option
from ..gates.rules import Options, Setting, numbers_in
from .tokens import MOST_WHOLE, Operand, Token


def gate_name(text: str) -> str:
    """The name of the gate that a name before a bracket means."""
    return text if text in GATES else ALIASES.get(text, text)


def meant(gate: Gate, count: int) -> Gate:
    """The gate that a call of one with so many inputs means: itself, or another of that name."""
    if gate.alone and count == 1:
        return GATES[gate.alone]
    return GATES[gate.more] if gate.more and count == len(gate.params) + 1 else gate


def indexing(keys: tuple[Key, ...]) -> tuple[str, Options]:
    """The gate that chooses a part of an array, and its options."""
    match keys:
        case (int() as i,):
            return "index", (i,)
        case (slice(start=first, stop=last, step=None | 1),):
            return "slice", (first, last)
    return "part", (index_text(keys),)


class GateCall(NamedTuple):
    """A call of a gate, at its place in a text."""

    source: str
    gate: Gate
    span: Span

    def split(
        self, given: Sequence[Operand], names: Sequence[Token | None]
    ) -> tuple[Sequence[Operand], Options]:
        """The inputs of a call, and all options; `names` are those before `=`, or None."""
        gate, count = self.gate, sum(name is None for name in names)
        if any(name is not None for name in names[:count]):
            token = next(name for name in names if name is not None)
            self._refuse("option_order", token, name=token.text)
        inputs = given[: count if gate.variadic else min(count, len(gate.params))]
        return inputs, self._options(given[len(inputs) :], names[len(inputs) :])

    def _options(self, given: Sequence[Operand], names: Sequence[Token | None]) -> Options:
        gate = self.gate
        known = {option.name: option for option in gate.options}
        if gate.options and gate.options[0].many:
            return self._listed(gate.options[0], given, names)
        found: dict[str, Setting] = {}
        for operand, token, option in zip_longest(given, names, gate.options[: len(given)]):
            if token is not None:
                name = OPTION_ALIASES.get(token.text, token.text)
                self._check_name(token, name, found)
            elif option is None:
                self.refuse_arity(len(gate.params) + len(given))
            else:
                name = option.name
            found[name] = self._setting(known[name], operand)
        for option in gate.options:
            if option.needed and option.name not in found:
                self._refuse_missing(option)
        return tuple(found.get(option.name, option.default) for option in gate.options)

    def _listed(
        self, option: Option, given: Sequence[Operand], names: Sequence[Token | None]
    ) -> Options:
        """An option that is a list of numbers, given in order and without a name."""
        if not given:
            self._refuse_missing(option)
        if len(given) == 1 and isinstance(given[0].what, tuple):
            given = [given[0]._replace(what=number) for number in given[0].what]
        for token in names:
            if token is not None:
                key = "option_in_order" if token.text == option.name else "option_unknown"
                self._refuse(key, token, gate=self.gate.name, name=token.text,
                             known=self.gate.options_said())  # fmt: skip
        return tuple(self._number(option, operand) for operand in given)

    def _check_name(self, token: Token, name: str, found: Mapping[str, object]) -> None:
        """Refuse a name before `=` that is no option, or is given twice."""
        gate = self.gate
        if name not in [option.name for option in gate.options]:
            key = "option_input" if token.text in gate.params else "option_unknown"
            self._refuse(key, token, gate=gate.name, name=token.text, known=gate.options_said())
        if name in found:
            self._refuse("option_twice", token, name=token.text)

    def _setting(self, option: Option, operand: Operand) -> Setting:
        """An option's number, or several of them."""
        if option.pairs and isinstance(operand.what, tuple):
            return self._pairs(option, operand)
        if not option.several or not isinstance(operand.what, tuple):
            return self._number(option, operand)
        found = tuple(int(self._number(option, operand._replace(what=x))) for x in operand.what)
        return found if len(found) > 1 else found[0]

    def _pairs(self, option: Option, operand: Operand) -> Setting:
        """Two numbers, or a pair of them for each axis."""
        found: Setting = _whole(operand.what)
        if option.takes(found) and max(numbers_in(found)) <= MOST_WHOLE:
            return found
        span = Span(*operand[1:])
        raise ParseError("option_pairs", source=self.source, span=span, name=option.name)

    def _number(self, option: Option, operand: Operand) -> float:
        """An option's number. It must be literal, so that shapes follow from the text alone."""
        number, name = operand.what, option.name
        place: Mapping[str, Any] = {"source": self.source, "span": Span(*operand[1:])}
        if option.reads is not None:
            raise ParseError("index_form", **place)
        if not isinstance(number, float) or (option.whole and number != math.floor(number)):
            kind = Said("whole_number" if option.whole else "plain_number", {})
            raise ParseError("option_number", name=name, kind=kind, **place)
        if number < option.least:
            raise ParseError("option_least", name=name, least=f"{option.least:g}", **place)
        if option.whole and number > MOST_WHOLE:
            raise ParseError("option_most", name=name, most=MOST_WHOLE, **place)
        return int(number) if option.whole else number

    def _refuse_missing(self, option: Option) -> NoReturn:
        raise ParseError("option_missing", source=self.source, span=self.span,
                         gate=self.gate.name, name=option.name)  # fmt: skip

    def refuse_arity(self, given: int) -> NoReturn:
        """Raise ParseError for a wrong number of inputs."""
        gate = self.gate
        raise ParseError(
            "arity", source=self.source, span=self.span, gate=gate.name, takes=gate.takes,
            given=given, params=", ".join(gate.params),
        )  # fmt: skip

    def _refuse(self, key: str, token: Token, **values: object) -> NoReturn:
        span = Span(token.start, token.end)
        raise ParseError(key, source=self.source, span=span, **values)


def _whole(given: Any) -> Any:
    """Numbers of a text as whole ones, where they are."""
    if isinstance(given, tuple):
        return tuple(map(_whole, given))
    return int(given) if isinstance(given, float) and given.is_integer() else given
