"""Text to nodes: a precedence parser with its own stack, linear and without recursion.

The language is Python's expressions over numbers: see docs/language.md. Nothing is evaluated but
arithmetic on literal numbers; everything else is refused with one error and its place.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from ..base.errors import GraphError, ParseError, Span
from ..calculus.scalar_math import evaluate
from ..gates import GATES, OPERATORS, Gate
from ..gates.rules import Options
from ..language.calls import GateCall, gate_name, indexing, meant
from ..language.cursor import Cursor
from ..language.foreign_names import COMPOSITES
from ..language.pieces import einsum_text, indexes_of
from ..language.tokens import Operand, Token, tokens
from ..language.unknown_gates import can_be_unknown, unknown_gate
from .composites import RULES, OverIndexes, function, ruled
from .named_nodes import Constants, NamedNodes, Statement
from .nodes import Node

MOST_CHARACTERS = 4_000_000
MOST_NESTING = 1000  # open brackets; nobody writes nearly as many by hand

HEADING = re.compile(r"\b(\w+)[ \t]*\([\w \t,]*\)(?=[ \t]*=(?!=))")  # f(x, y) =


class Pending(NamedTuple):
    """An operator, bracket or call that waits for its right side; `since`: operands before it."""

    power: int
    text: str
    start: int
    since: int


COMPARE, ADD, MULTIPLY, UNARY, POWER = 1, 2, 3, 4, 5  # how strongly an operator binds; brackets: 0
BINARY = MappingProxyType(
    {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "@": MULTIPLY, "**": POWER,
     **dict.fromkeys((">", ">=", "<", "<=", "==", "!="), COMPARE)}
)  # fmt: skip


class Definition(NamedTuple):
    """A function while it is defined: its name, and the names of its inputs."""

    name: Token
    params: tuple[Token, ...]


class Parsed(NamedTuple):
    """A parsed text: nodes in topological order, the output, and every name of a node."""

    nodes: tuple[Node, ...]
    output: int
    names: dict[str, int]


@cache
def composites_of(name: str) -> tuple[Gate, ...]:
    """The gates of a function that may be called as it is, fewer inputs first; none if unknown."""
    found = []
    for text in COMPOSITES.get(name, ()):
        heading = text.rpartition("; ")[2].partition(" = ")[0]
        program = _Program(f"{text}; f = {heading}", "inside")
        program.parsed()
        gate = program.functions[heading.partition("(")[0]]
        found.append(ruled(gate, RULES[gate.name]) if gate.name in RULES else gate)
    return tuple(found)


def composite_for(name: str, count: int) -> Gate | None:
    """The gate of a function that may be called as it is, unless a gate takes so much."""
    row = GATES.get(name)
    least = len(row.params) - len(row.defaults) if row else 0
    if row is not None and least <= count <= len(row.params) + len(row.options):
        return None  # before the functions are read, which may call the gate
    found = composites_of(name) if name in COMPOSITES else ()
    fitting = (gate for gate in found if gate.accepts(count))
    return next(fitting, None if row or not found else found[-1])


@cache
def einsum_gate(form: str, count: int) -> Gate | None:
    """The gate of a sum of products over named indexes; None for a form that gates do not make.

    >>> einsum_gate("ij,jk->ik", 2).text
    'einsum("ij,jk->ik", {x}, {y})'
    """
    params, text = einsum_text(form, count)
    if not text:
        return None
    heading = f"einsum({', '.join(params)})"
    program = _Program(f"{heading} = {text}; f = {heading}", "inside")
    program.parsed()
    places = ", ".join(f"{{{name}}}" for name in params)
    form = "".join(form.split())
    written = f'einsum("{form}", {places})'
    return ruled(program.functions["einsum"], OverIndexes(tuple(indexes_of(form)[0])), written)


def parse_nodes(text: str, constants: Constants = "inside") -> Parsed:
    """The nodes of a text. Raises ParseError, with a place, for what is not in the language."""
    if not isinstance(text, str):
        raise GraphError("not_a_text", given=type(text).__name__)
    if constants not in ("inside", "nodes"):
        raise GraphError("not_one_of", what="constants", given=constants, known="inside, nodes")
    if len(text) > MOST_CHARACTERS:
        raise ParseError("too_long", count=len(text), most=MOST_CHARACTERS)
    try:
        return _Program(text, constants).parsed()
    except ParseError as error:
        raise _with_advice(error) from None


def _with_advice(error: ParseError) -> ParseError:
    """The error with what to write instead, tried with this parser."""
    from ..advice.advised import advised

    return advised(error, _failure)


def _failure(text: str) -> ParseError | None:
    """The error of a text as it is, without advice; None if there is none."""
    try:
        _Program(text, "inside").parsed()
    except ParseError as error:
        return error
    return None


class _Expression(Cursor):
    """Operator precedence parsing: operands, and the operators and brackets that wait."""

    def __init__(self, text: str, constants: Constants) -> None:
        super().__init__(text)
        self.nodes = NamedNodes(text, constants)
        self.operands: list[Operand] = []
        self.pending: list[Pending] = []
        self.open: list[Pending] = []  # those of `pending` that are brackets and calls
        self.keywords: dict[int, Token] = {}  # names before `=` in calls, by the operand's place
        self.functions: dict[str, Gate] = {}  # those that the text defines, by name
        self.defining = ""
        self.defined = set(HEADING.findall(text))

    def expression(self) -> Operand:
        """Read up to the end of the statement."""
        while True:
            self._operand()
            while self._after_bracket():
                pass
            text = self.token.text
            if self.token.kind == "operator" and text in BINARY:
                self._binary(text)
            elif text == ",":
                self._comma()
            elif text in ("", ";", "=") or self.token.kind == "newline":
                return self._finish()
            else:
                self.refuse_follower()
            self.advance()

    def _operand(self) -> None:
        """Read signs, opening brackets and calls, and then one name, number or list."""
        while True:
            token = self.token
            if token.kind in ("number", "indexes"):
                what = self.number() if token.kind == "number" else (token.text[1:-1],)
                self.operands.append(Operand(what, token.start, token.end))
                return self.advance()
            if token.text == "[":
                self.operands.append(Operand(self.rows(), token.start, self.token.end))
                return self.advance()
            if token.text in self.functions and self.ahead.text != "(":
                self.refuse("function_value", token, name=token.text)
            if token.kind == "name" and self.ahead.text == "=" and self._is_keyword():
                self.keywords[len(self.operands)] = token
                self.advance()
            elif token.kind == "name" and self.ahead.text != "(":
                self.operands.append(self.nodes.operand(token))
                return self.advance()
            elif token.kind == "name":
                self._open(token)
                self.advance()
                if self.ahead.text == ")":
                    self.advance()
                    return None  # a call without arguments: `_after_bracket` closes it
            elif token.text == "(":
                self._open(token)
            elif token.text == "-":
                self._push(UNARY, "-")
            elif token.text != "+" and not (token.kind == "newline" and self.open):
                self.refuse_operand()
            self.advance()

    def _after_bracket(self) -> bool:
        """Step over what follows an operand: ), .T, [i], or a line break inside brackets.

        Also the last comma of a tuple, (0,); in a call, an input may be missing after it.
        """
        if self.token.kind == "newline" and self.open:
            self.advance()
        elif self.token.text == "," and self.ahead.text == ")" and _in_brackets(self.open):
            self._comma()
            self.advance()
        elif self.token.text == ")":
            self._close()
        elif self.token.kind == "transpose":
            inner = self.operands.pop()
            self._apply(GATES["transpose"], [inner], (), inner.start, self.token.end)
            self.advance()
        elif self.token.text == "[":
            self._index()
        else:
            return False
        return True

    def _binary(self, text: str) -> None:
        """Let an operator wait for its right side; comparisons are not chained."""
        power = BINARY[text]
        if power == COMPARE:
            self._reduce(ADD)
            if self.pending and self.pending[-1].power == COMPARE:
                self.refuse("comparison", self.token)
        self._reduce(power)
        self._push(power, text)

    def _push(self, power: int, text: str) -> None:
        self.pending.append(Pending(power, text, self.token.start, len(self.operands)))

    def _open(self, token: Token) -> None:
        if len(self.open) == MOST_NESTING:
            self.refuse("too_deep", token, most=MOST_NESTING)
        if token.text == self.defining != "":
            self.refuse("function_recursion", token, name=token.text)
        if token.text in self.defined - self.functions.keys():
            self.refuse("function_late", token, name=token.text)
        known = token.text in ("(", "einsum", *self.functions) or token.text in COMPOSITES
        if not known and gate_name(token.text) not in GATES:
            if token.text in self.nodes.names:
                self.refuse("not_a_gate", token, name=token.text)
            if not can_be_unknown(token.text):
                self._refuse_unknown(token.text, token.start)
            self.nodes.called.setdefault(token.text, token)
        self._push(0, token.text)
        self.open.append(self.pending[-1])

    def _close(self) -> None:
        """Close a bracket: its contents become one operand."""
        self._reduce(COMPARE)
        if not self.open:
            self.refuse("not_open", self.token)
        opened, end = self.pending.pop(), self.token.end
        self.open.pop()
        if opened.text == "(":
            inside = self.operands[opened.since :]
            if len(inside) > 1 and not isinstance(inside[-1].what, float | tuple):
                self.refuse("comma", self.token)
            self.operands[opened.since :] = [Operand(_contents(inside), opened.start, end)]
        else:
            self._call(opened, end)
        self.advance()

    def _call(self, opened: Pending, end: int) -> None:
        """Apply a call whose bracket closes: inputs in order, then options, by order or name."""
        given = self.operands[opened.since :]
        gate, form = self._gate(opened, given), _form_of(given)
        del self.operands[opened.since :]
        places = range(opened.since, opened.since + len(given))
        names = [self.keywords.pop(place, None) for place in places][bool(form) :]
        given = given[bool(form) :]
        gate = meant(gate, _inputs(gate, given, names))
        inputs, options = GateCall(self.text, gate, Span(opened.start, end)).split(given, names)
        self._apply(gate, inputs, options, opened.start, end)

    def _gate(self, opened: Pending, given: Sequence[Operand]) -> Gate:
        """The gate of a call; an unknown one takes at least one node."""
        name, form = gate_name(opened.text), _form_of(given)
        found = self.functions.get(opened.text) or composite_for(name, len(given))
        if form and (found := einsum_gate(form, len(given) - 1)) is None:
            raise ParseError(
                "einsum_form", source=self.text, span=Span(opened.start, self.token.end)
            )
        if found or (opened.text not in self.nodes.called and name != "einsum"):
            return found or GATES[name]
        if name == "einsum" or not any(type(operand.what) is int for operand in given):
            self._refuse_unknown(opened.text, opened.start)
        return unknown_gate(opened.text, len(given))

    def _refuse_unknown(self, name: str, start: int) -> NoReturn:
        """Refuse a call of what is no gate."""
        span, known = Span(start, start + len(name)), ", ".join(GATES)
        raise ParseError("unknown_gate", source=self.text, span=span, name=name, known=known)

    def _index(self) -> None:
        """Apply what stands in square brackets to the operand before it."""
        inner = self.operands.pop()
        self.advance()
        labels = self._labels()
        if labels is None:
            inputs, (gate, options) = [inner], indexing(self.index())
        else:
            self.all_others()
            gate, options, inputs = "take", (), [inner, labels]
        if self.token.text != "]":
            self.refuse("index_form", self.token)
        self._apply(GATES[gate], inputs, options, inner.start, self.token.end)
        self.advance()

    def _labels(self) -> Operand | None:
        """Read the name or list of an index that is an array; None for another index."""
        token = self.token
        if token.kind == "name" and self.ahead.text in ("]", ","):
            labels = Operand(self.nodes.variable(token), token.start, token.end)
        elif token.text == "[":
            labels = Operand(self.rows(), token.start, self.token.end)
        else:
            return None
        self.advance()
        return labels

    def _is_keyword(self) -> bool:
        """Whether an argument of a call begins here, so that a name and `=` may come first."""
        if not self.open or _in_brackets(self.open) or self.pending[-1] is not self.open[-1]:
            return False
        return len(self.operands) not in self.keywords

    def _comma(self) -> None:
        self._reduce(COMPARE)
        if not self.open or (
            _in_brackets(self.open) and not _lists_numbers(self.open, self.operands)
        ):
            self.refuse("comma", self.token)

    def _finish(self) -> Operand:
        if self.token.text == "=":
            self.refuse("assignment", self.token)
        if self.open:
            opened = self.open[-1]
            at = opened.start + len(opened.text.removesuffix("("))
            raise ParseError("not_closed", source=self.text, span=Span(at, at + 1))
        self._reduce(COMPARE)
        return self.operands.pop()

    def _reduce(self, power: int) -> None:
        """Apply the waiting operators that bind at least as strongly (`**` groups to the right)."""
        least = power + (power == POWER)
        while self.pending and self.pending[-1].power >= least:
            operator = self.pending.pop()
            right = self.operands.pop()
            if operator.power == UNARY:
                self._apply(GATES["neg"], [right], (), operator.start, right.end)
            else:
                left = self.operands.pop()
                gate = GATES[OPERATORS[operator.text]]
                self._apply(gate, [left, right], (), left.start, right.end)

    def _apply(
        self, gate: Gate, inputs: Sequence[Operand], options: Options, start: int, end: int
    ) -> None:
        """Apply a gate to operands; numbers alone are evaluated here."""
        if not gate.accepts(len(inputs)):
            GateCall(self.text, gate, Span(start, end)).refuse_arity(len(inputs))
        numbers = all(isinstance(operand.what, float) for operand in inputs)
        if numbers and gate.elementwise:
            taken = gate.complete(tuple(operand.what for operand in inputs))
            self.operands.append(
                Operand(_folded(gate, taken, self.text, Span(start, end)), start, end)
            )
            return
        given = tuple(map(self.nodes.node if numbers else self.nodes.argument, inputs))
        node = Node(gate, gate.complete(given), span=Span(start, end), options=options)
        self.operands.append(Operand(self.nodes.add(node), start, end))


def _form_of(given: Sequence[Operand]) -> str:
    """The indexes that a call of einsum begins with; empty for other calls."""
    rows = given[0].what if given else 0.0
    return rows[0] if isinstance(rows, tuple) and isinstance(rows[0], str) else ""


def _folded(gate: Gate, numbers: tuple[float, ...], source: str, span: Span) -> float:
    """The value of a gate over numbers alone. Raises ParseError if it is not finite."""
    number = evaluate(gate.apply, *numbers)
    if not math.isfinite(number):
        raise ParseError("not_finite_constant", source=source, span=span, number=number)
    return number


def _inputs(gate: Gate, given: Sequence[Operand], names: Sequence[Token | None]) -> int:
    """How many inputs a call has: behind those that its gate takes, numbers are options."""
    unnamed = given[: names.count(None)]
    more = (operand for operand in unnamed[len(gate.params) :] if type(operand.what) is int)
    return len(unnamed[: len(gate.params)]) + sum(1 for _ in more) if gate.more else len(unnamed)


def _in_brackets(waiting: Sequence[Pending]) -> bool:
    """Whether the innermost bracket is not that of a call."""
    return bool(waiting) and waiting[-1].text == "("


def _lists_numbers(open_: Sequence[Pending], operands: Sequence[Operand]) -> bool:
    """Whether a bracket with a comma can be numbers for a call, as in sum(x, axis=(0, 1)).

    They may be in brackets themselves, as in pad(x, ((0, 0), (1, 1))).
    """
    in_call = any(opened.text != "(" for opened in open_)
    return in_call and isinstance(operands[-1].what, float | tuple)


def _contents(inside: Sequence[Operand]) -> Any:
    """What stands in a bracket: one operand, or the list of several numbers."""
    return inside[0].what if len(inside) == 1 else tuple(operand.what for operand in inside)


class _Program(_Expression):
    """A whole text: statements on lines or between `;`."""

    def parsed(self) -> Parsed:
        """The nodes of the text."""
        statements = []
        while self._skip_separators():
            if statement := self._statement():
                statements.append(statement)
        if not statements:
            raise ParseError("empty", source=self.text, span=Span(0, 0))
        *earlier, last = statements
        self.nodes.fill_in_numbers()
        output = self.nodes.end_at(last)
        for statement in earlier:
            self._must_be_read(statement, last)
        return Parsed(tuple(self.nodes.made), output, self.nodes.names)

    def _skip_separators(self) -> bool:
        """Go to the next statement; False at the end of the text."""
        while self.token.kind == "newline" or self.token.text == ";":
            self.advance()
        return self.token.kind != "end"

    def _statement(self) -> Statement | None:
        name = None
        called = self.token.kind == "name" and self.ahead.text == "("
        if called and HEADING.match(self.text, self.token.start):
            return self._definition(self._heading())
        if self.token.kind == "name" and self.ahead.text == "==":
            self.refuse("assign_sign", self.ahead, text="==")
        if self.token.kind == "name" and self.ahead.text == "=":
            name = self.token
            self.advance()
            self.advance()
            if name.text in self.nodes.assigned:
                line = self.text.count("\n", 0, self.nodes.assigned[name.text].start) + 1
                self.refuse("assigned_twice", name, name=name.text, line=line)
        operand = self.expression()
        if name is not None:
            operand = self.nodes.assign(name, operand)
        return Statement(name, operand)

    # --- functions

    @cached_property
    def _calls(self) -> Counter[str]:
        """How often each name stands before a bracket."""
        found = pairwise(tokens(self.text))
        return Counter(one.text for one, then in found if one.kind == "name" and then.text == "(")

    def _heading(self) -> Definition:
        """Read the beginning of a definition, f(x, y) =."""
        name, params = self.token, dict[str, Token]()
        if gate_name(name.text) in GATES or name.text in (*self.nodes.names, *self.nodes.called):
            self.refuse("function_name", name, name=name.text)
        self.advance()
        self.advance()
        while self.token.text != ")":
            if self.token.kind != "name" or self.token.text in params:
                self.refuse("function_inputs", self.token, name=name.text)
            params[self.token.text] = self.token
            self.advance()
            if self.token.text == "," and self.ahead.text != ")":
                self.advance()
            elif self.token.text != ")":
                self.refuse("function_inputs", self.token, name=name.text)
        if not params:
            self.refuse("function_inputs", self.token, name=name.text)
        self.advance()
        self.advance()
        return Definition(name, tuple(params.values()))

    def _definition(self, heading: Definition) -> Statement | None:
        """Read what a function is. Nothing calls the output, whose inputs come in this order."""
        name, params = heading
        if self._calls[name.text] > 1:
            self.functions[name.text] = self._function(name, params)
            self.nodes.called[name.text] = name
            return None
        inputs = {token.text: self.nodes.variable(token) for token in params}
        operand = self.expression()
        self._must_be_taken(self.nodes, heading, inputs, operand)
        return Statement(name, self.nodes.assign(name, operand))

    def _function(self, name: Token, params: Sequence[Token]) -> Gate:
        """The gate of a function that is called."""
        around, self.nodes = self.nodes, NamedNodes(self.text, "inside", in_function=True)
        self.defining = name.text
        inputs = {token.text: self.nodes.variable(token) for token in params}
        operand, inner = self.expression(), self.nodes
        self.nodes, self.defining = around, ""
        for unknown, token in inner.called.items():
            self._refuse_unknown(unknown, token.start)
        for node in inner.made:
            if node.gate is None and node.name not in inputs:
                key = "function_list" if node.name is None else "function_free"
                raise ParseError(key, source=self.text, span=node.span, name=name.text,
                                 free=node.name)  # fmt: skip
        if not isinstance(operand.what, int) or inner.made[operand.what].gate is None:
            span = Span(operand.start, operand.end)
            raise ParseError("function_gates", source=self.text, span=span, name=name.text)
        self._must_be_taken(inner, Definition(name, tuple(params)), inputs, operand)
        assert operand.what == len(inner.made) - 1
        return function(name.text, inner.made, tuple(inputs))

    def _must_be_taken(
        self, nodes: NamedNodes, heading: Definition, inputs: Mapping[str, int], operand: Operand
    ) -> None:
        """Refuse an input that a function does not use."""
        found = nodes.reached(operand.what) if isinstance(operand.what, int) else set()
        for token in heading.params:
            if inputs[token.text] not in found:
                self.refuse("function_unused", token, name=heading.name.text, unused=token.text)

    def _must_be_read(self, statement: Statement, last: Statement) -> None:
        name, (_, start, end) = statement.name, statement.operand
        if name is None:
            raise ParseError("no_name", source=self.text, span=Span(start, end))
        if name.text not in self.nodes.used:
            output = (
                last.name.text if last.name else self.text[last.operand.start : last.operand.end]
            )
            self.refuse("never_used", name, name=name.text, output=output)
