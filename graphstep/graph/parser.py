"""Text to nodes. A precedence parser with a stack of its own: linear, and no depth of Python's.

The language is Python's expressions over numbers: see docs/language.md. Nothing is evaluated but
arithmetic on literal numbers; what is not listed here is refused with one error and its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from keyword import kwlist
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, NoReturn
from unicodedata import normalize

from ..base.errors import GraphError, ParseError, Said, Span, nearest
from ..calculus.scalar_math import evaluate
from ..gates import ALIASES, GATES, OPERATORS, SAME_AS, Gate, Option
from .nodes import Node

MOST_CHARACTERS = 4_000_000
MOST_WHOLE = 1_000_000_000  # of an index or option
MOST_AXES = 8  # of a list
MOST_NESTING = 1000  # open brackets; no text written by a person comes near it

Constants = Literal["inside", "nodes"]

TOKEN = re.compile(
    r"""(?P<skip>[ \t\f\v\u00a0]+|\#[^\n]*|\\\r?\n)
      | (?P<newline>\r\n?|\n)
      | (?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)
      | (?P<name>[^\W\d][\w\u0300-\u036f\u0900-\u0dff]*)
      | (?P<transpose>\.T\b)
      | (?P<operator>\*\*(?!=)|[-+*/=@](?![=/])|[(),;:\[\]]|[−·⋅×])
      | (?P<other>//|\*\*=|[=!<>]=|[-+*/%@&|^]=|.)""",
    re.VERBOSE | re.DOTALL,
)

HEADING = re.compile(r"\w+[ \t]*\([\w \t,]*\)(?=[ \t]*=(?!=))")  # f(x, y) =
MEANT: Mapping[str, str] = MappingProxyType({"ln": "log", "logistic": "sigmoid", "σ": "sigmoid"})
"""Names that gates have elsewhere, and that are not alike to ours."""

RESERVED = frozenset(kwlist) - {"lambda"}  # "lambda" is a common name of a weight

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "^": "caret", "**=": "assignment", "//": "floor", "%": "no_operator", "÷": "division_sign",
        **dict.fromkeys(("==", "!=", "<=", ">=", "<", ">", "!", "≤", "≥", "≠"), "comparison"),
        **dict.fromkeys(("+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^="), "assignment"),
        **dict.fromkeys("'\"`“”«»", "string"),
        **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "superscript"), **dict.fromkeys("–—", "dash"),
        ".": "attribute", "{": "brace", "}": "brace", "√": "root",
    }
)  # fmt: skip
"""The error behind each token that a user may well try and that is not in the language."""


class Token(NamedTuple):
    """A piece of the text: `kind` is a group of TOKEN, or "end"."""

    kind: str
    text: str
    start: int
    end: int


class Operand(NamedTuple):
    """A node's index, a number, or rows of numbers; and where it stands with its brackets."""

    what: int | float | tuple[Any, ...]
    start: int
    end: int


class Pending(NamedTuple):
    """An operator, bracket or call that waits for its right side; `since`: operands before it."""

    power: int
    text: str
    start: int
    since: int


class Statement(NamedTuple):
    """One statement: the name on its left with its place, or None, and what stands on the right."""

    name: Token | None
    operand: Operand


Options = tuple[float | None, ...]

ADD, MULTIPLY, UNARY, POWER = 1, 2, 3, 4  # how strongly an operator binds; a bracket: 0
BINARY = MappingProxyType(
    {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "@": MULTIPLY, "**": POWER}
)


class Parsed(NamedTuple):
    """What a text says: nodes in topological order, the output, and every name of a node."""

    nodes: tuple[Node, ...]
    output: int
    names: dict[str, int]


def read(text: str, constants: Constants = "inside") -> Parsed:
    """The nodes of a text. Raises ParseError for what is not in the language, with its place."""
    if not isinstance(text, str):
        raise GraphError("not_a_text", given=type(text).__name__)
    if constants not in ("inside", "nodes"):
        raise GraphError("not_one_of", what="constants", given=constants, known="inside, nodes")
    if len(text) > MOST_CHARACTERS:
        raise ParseError("too_long", count=len(text), most=MOST_CHARACTERS)
    return _Parser(text, constants).program()


class _Parser:
    """One text on its way to a graph: tokens in, nodes out."""

    def __init__(self, text: str, constants: Constants) -> None:
        self.text, self.constants = text, constants
        self.tokens = _tokens(text)
        self.token, self.ahead = next(self.tokens), next(self.tokens)
        self.nodes: list[Node] = []
        self.names: dict[str, int] = {}
        self.assigned: dict[str, Token] = {}  # where each name is given its node
        self.read: set[str] = set()
        self.operands: list[Operand] = []
        self.pending: list[Pending] = []
        self.open: list[Pending] = []  # those of `pending` that are brackets and calls
        self.keywords: dict[int, Token] = {}  # names before `=` in calls, by the operand's place

    # --- statements

    def program(self) -> Parsed:
        """The nodes of the whole text."""
        statements = []
        while self._skip_separators():
            statements.append(self._statement())
        if not statements:
            raise ParseError("empty", source=self.text, span=Span(0, 0))
        *earlier, last = statements
        output = self._node(last.operand)
        node = self.nodes[output]
        if last.name is not None and node.name == last.name.text and node.value is not None:
            # an output that is only a number has nothing to vary
            self.nodes[output] = node._replace(constant=True)
        for statement in earlier:
            self._must_be_read(statement, last)
        return Parsed(tuple(self.nodes), output, self.names)

    def _skip_separators(self) -> bool:
        """Go to the next statement; False at the end of the text."""
        while self.token.kind == "newline" or self.token.text == ";":
            self._advance()
        return self.token.kind != "end"

    def _statement(self) -> Statement:
        name = None
        if self.token.kind == "name" and self.ahead.text == "(":
            self._refuse_heading()
        if self.token.kind == "name" and self.ahead.text == "=":
            name = self.token
            self._advance()
            self._advance()
            if name.text in self.assigned:
                line = self.text.count("\n", 0, self.assigned[name.text].start) + 1
                self._refuse("assigned_twice", name, name=name.text, line=line)
        operand = self._expression()
        if name is not None:
            operand = self._assign(name, operand)
        return Statement(name, operand)

    def _refuse_heading(self) -> None:
        """Refuse a statement that begins as a function does, f(x, y) = ..."""
        if found := HEADING.match(self.text, self.token.start):
            span = Span(*found.span())
            raise ParseError("heading", source=self.text, span=span, name=self.token.text)

    def _assign(self, token: Token, operand: Operand) -> Operand:
        """Give the node of an operand its name; a bare number becomes an input with that value."""
        name, what = token.text, operand.what
        if name in self.names:
            self._refuse_early_use(token, operand)
        if not isinstance(what, int):
            what = self._add(Node(None, (), name, what, span=Span(token.start, operand.end)))
        elif self.nodes[what].gate is not None and self.nodes[what].name is None:
            self.nodes[what] = self.nodes[what]._replace(name=name)
        self.names[name], self.assigned[name] = what, token
        return operand._replace(what=what)

    def _refuse_early_use(self, token: Token, operand: Operand) -> NoReturn:
        """A name was read before it is assigned: a cycle, or statements in the wrong order."""
        used = self.names[token.text]
        seen, todo = set[int](), [operand.what] if isinstance(operand.what, int) else []
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo.extend(self.nodes[node].sources)
        self._refuse("cycle" if used in seen else "used_too_early", token, name=token.text)

    def _must_be_read(self, statement: Statement, last: Statement) -> None:
        name, (_, start, end) = statement.name, statement.operand
        if name is None:
            raise ParseError("no_name", source=self.text, span=Span(start, end))
        if name.text not in self.read:
            output = (
                last.name.text if last.name else self.text[last.operand.start : last.operand.end]
            )
            self._refuse("never_used", name, name=name.text, output=output)

    # --- expressions

    def _expression(self) -> Operand:
        """Everything up to the end of the statement, by operator precedence."""
        while True:
            self._operand()
            while self._after_bracket():
                pass
            text = self.token.text
            if self.token.kind == "operator" and text in BINARY:
                self._reduce(BINARY[text])
                self._push(BINARY[text], text)
            elif text == ",":
                self._comma()
            elif text in ("", ";", "=") or self.token.kind == "newline":
                return self._finish()
            else:
                self._refuse_follower()
            self._advance()

    def _operand(self) -> None:
        """Signs, opening brackets and calls, and then one name or number."""
        while True:
            token = self.token
            if token.kind == "number":
                self.operands.append(Operand(self._number(token), token.start, token.end))
                return self._advance()
            if token.text == "[":
                return self._list()
            if token.kind == "name" and self.ahead.text == "=" and self._is_keyword():
                self.keywords[len(self.operands)] = token
                self._advance()
            elif token.kind == "name" and self.ahead.text != "(":
                self.operands.append(Operand(self._variable(token), token.start, token.end))
                return self._advance()
            elif token.kind == "name":
                self._open(token)
                self._advance()
                if self.ahead.text == ")":
                    self._advance()
                    return None  # a call of nothing: the bracket is closed by the caller
            elif token.text == "(":
                self._open(token)
            elif token.text == "-":
                self._push(UNARY, "-")
            elif token.text != "+" and not (token.kind == "newline" and self.open):
                self._refuse_operand()
            self._advance()

    def _after_bracket(self) -> bool:
        """Step over what follows an operand: ), .T, [i], or a line break inside brackets."""
        if self.token.kind == "newline" and self.open:
            self._advance()
        elif self.token.text == ")":
            self._close()
        elif self.token.kind == "transpose":
            inner = self.operands.pop()
            self._apply(GATES["transpose"], [inner], (), inner.start, self.token.end)
            self._advance()
        elif self.token.text == "[":
            self._index()
        else:
            return False
        return True

    def _push(self, power: int, text: str) -> None:
        self.pending.append(Pending(power, text, self.token.start, len(self.operands)))

    def _open(self, token: Token) -> None:
        if len(self.open) == MOST_NESTING:
            self._refuse("too_deep", token, most=MOST_NESTING)
        if token.text != "(" and _gate_name(token.text) not in GATES:
            key = "not_a_gate" if token.text in self.names else "unknown_gate"
            near = MEANT.get(token.text) or nearest(token.text, GATES)
            self._refuse(key, token, name=token.text, near=near, known=", ".join(GATES))
        self._push(0, token.text)
        self.open.append(self.pending[-1])

    def _close(self) -> None:
        """A closing bracket: what stands in it becomes one operand."""
        self._reduce(ADD)
        if not self.open:
            self._refuse("not_open", self.token)
        opened, end = self.pending.pop(), self.token.end
        self.open.pop()
        if opened.text == "(":
            inner = self.operands.pop()
            self.operands.append(inner._replace(start=opened.start, end=end))
        else:
            self._call(opened, end)
        self._advance()

    def _call(self, opened: Pending, end: int) -> None:
        """A call whose bracket closes: its inputs in order, then its options, by order or name."""
        given, gate = self.operands[opened.since :], GATES[_gate_name(opened.text)]
        del self.operands[opened.since :]
        places = range(opened.since, opened.since + len(given))
        names = [self.keywords.pop(place, None) for place in places]
        count = sum(name is None for name in names)
        if gate.alone and count == 1:
            gate = GATES[gate.alone]
        if any(name is not None for name in names[:count]):
            token = next(name for name in names if name is not None)
            self._refuse("option_order", token, name=token.text)
        inputs = given[: count if gate.variadic else min(count, len(gate.params))]
        options = self._options(
            gate, given[len(inputs) :], names[len(inputs) :], Span(opened.start, end)
        )
        self._apply(gate, inputs, options, opened.start, end)

    def _options(
        self, gate: Gate, given: list[Operand], names: list[Token | None], span: Span
    ) -> Options:
        """The options of a call."""
        known = {option.name: option for option in gate.options}
        if gate.options and gate.options[0].many:
            if not given:
                self._refuse_arity(gate, 1, span)
            self._refuse_names(gate, names)
            return tuple(self._option(gate.options[0], operand) for operand in given)
        found: dict[str, float | None] = {}
        for operand, token, option in zip_longest(given, names, gate.options[: len(given)]):
            if token is not None:
                self._check_option(gate, token, found)
            elif option is None:
                self._refuse_arity(gate, len(gate.params) + len(given), span)
            name = token.text if token else option.name
            found[name] = self._option(known[name], operand)
        return tuple(found.get(option.name, option.default) for option in gate.options)

    def _refuse_names(self, gate: Gate, names: list[Token | None]) -> None:
        """An option of many numbers takes them in order, without a name."""
        for token in names:
            if token is not None:
                known = gate.options[0].name
                key = "option_in_order" if token.text == known else "option_unknown"
                self._refuse(key, token, gate=gate.name, name=token.text, known=known)

    def _check_option(self, gate: Gate, token: Token, found: Mapping[str, object]) -> None:
        """Refuse a name before `=` that is no option, or an option given before."""
        known = [option.name for option in gate.options]
        if token.text not in known:
            key = "option_input" if token.text in gate.params else "option_unknown"
            names = ", ".join(known) or "-"
            self._refuse(key, token, gate=gate.name, name=token.text, known=names)
        if token.text in found:
            self._refuse("option_twice", token, name=token.text)

    def _option(self, option: Option, operand: Operand) -> float:
        """An option's number. It stands in the text, so that shapes follow from the text."""
        number, span = operand.what, Span(operand.start, operand.end)
        if not isinstance(number, float) or (option.whole and number != math.floor(number)):
            kind = Said("whole_number" if option.whole else "plain_number", {})
            raise ParseError(
                "option_number", source=self.text, span=span, name=option.name, kind=kind
            )
        if number < option.least:
            raise ParseError("option_least", source=self.text, span=span, name=option.name,
                             least=f"{option.least:g}")  # fmt: skip
        if option.whole and number > MOST_WHOLE:
            raise ParseError("option_most", source=self.text, span=span, name=option.name,
                             most=MOST_WHOLE)  # fmt: skip
        return int(number) if option.whole else number

    def _is_keyword(self) -> bool:
        """Whether an input or option of a call begins here, so that `=` gives it by name."""
        if not self.open or self.open[-1].text == "(" or self.pending[-1] is not self.open[-1]:
            return False
        return len(self.operands) not in self.keywords

    # --- arrays

    def _list(self) -> None:
        """A list of numbers, or of such lists, all of the same length."""
        start, rows, follows = self.token.start, list[list[Any]](), False
        while True:
            text = self.token.text
            if text == "[" and not follows and len(rows) < MOST_AXES:
                rows.append([])
            elif text == "]" and rows:
                row = self._row(rows.pop(), start)
                if not rows:
                    self.operands.append(Operand(row, start, self.token.end))
                    return self._advance()
                rows[-1].append(row)
            elif self.token.kind == "end":
                raise ParseError("not_closed", source=self.text, span=Span(start, start + 1))
            elif follows and text != "," and self.token.kind != "newline":
                self._refuse("list_numbers", self.token)
            elif text != "," and self.token.kind != "newline":
                rows[-1].append(self._signed())
                follows = True
                continue
            follows = text == "]" or (follows and text != ",")
            self._advance()

    def _row(self, items: list[Any], start: int) -> tuple[Any, ...]:
        """The items of a list whose bracket closes here."""
        if not items or len({_form(item) for item in items}) > 1:
            span = Span(start, self.token.end)
            key = "list_ragged" if items else "list_empty"
            raise ParseError(key, source=self.text, span=span)
        return tuple(items)

    def _index(self) -> None:
        """An operand's [i], [i:j], or [y] with the name of labels."""
        inner = self.operands.pop()
        self._advance()
        inputs, options = [inner], Options()
        if self.token.kind == "name" and self.ahead.text == "]":
            token, gate = self.token, GATES["pick"]
            inputs.append(Operand(self._variable(token), token.start, token.end))
            self._advance()
        else:
            first = self._whole()
            gate = GATES["index"]
            options = (first,)
            if self.token.text == ":":
                self._advance()
                gate, options = GATES["slice"], (first, self._whole())
            if self.token.text != "]" or (gate.name == "index" and first is None):
                self._refuse("index_form", self.token)
        self._apply(gate, inputs, options, inner.start, self.token.end)
        self._advance()

    def _whole(self) -> int | None:
        """A whole number with a sign, or nothing."""
        token = self.token
        if token.text in (":", "]"):
            return None
        if token.kind != "number" and token.text not in ("-", "+"):
            self._refuse("index_form", token)
        number = self._signed()
        if number != math.floor(number) or abs(number) > MOST_WHOLE:
            self._refuse("index_form", token)
        return int(number)

    def _signed(self) -> float:
        """A number with a sign."""
        sign = 1.0
        while self.token.text in ("-", "+"):
            sign = -sign if self.token.text == "-" else sign
            self._advance()
        if self.token.kind != "number":
            self._refuse("list_numbers" if self.token.kind != "end" else "ends_early", self.token)
        number = sign * self._number(self.token)
        self._advance()
        return number

    def _comma(self) -> None:
        self._reduce(ADD)
        if not self.open or self.open[-1].text == "(":
            self._refuse("comma", self.token)

    def _finish(self) -> Operand:
        if self.token.text == "=":
            self._refuse("assignment", self.token)
        if self.open:
            opened = self.open[-1]
            at = opened.start + len(opened.text.removesuffix("("))
            raise ParseError("not_closed", source=self.text, span=Span(at, at + 1))
        self._reduce(ADD)
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
        self, gate: Gate, inputs: list[Operand], options: Options, start: int, end: int
    ) -> None:
        """A gate over operands; over numbers alone it is worked out here."""
        if not gate.accepts(len(inputs)):
            self._refuse_arity(gate, len(inputs), Span(start, end))
        numbers = all(isinstance(operand.what, float) for operand in inputs)
        if numbers and gate.elementwise:
            taken = gate.complete(tuple(operand.what for operand in inputs))
            self.operands.append(Operand(self._folded(gate, taken, start, end), start, end))
            return
        given = tuple(map(self._node if numbers else self._argument, inputs))
        node = Node(gate, gate.complete(given), span=Span(start, end), options=options)
        self.operands.append(Operand(self._add(node), start, end))

    def _folded(self, gate: Gate, numbers: tuple[float, ...], start: int, end: int) -> float:
        number = evaluate(gate.apply, *numbers)
        if not math.isfinite(number):
            raise ParseError(
                "not_finite_constant", source=self.text, span=Span(start, end), number=number
            )
        return number

    # --- nodes

    def _argument(self, operand: Operand) -> int | float:
        """What a gate takes: a node, or a number that goes inside the gate."""
        inside = self.constants == "inside" and isinstance(operand.what, float)
        return operand.what if inside else self._node(operand)  # type: ignore[return-value]

    def _node(self, operand: Operand) -> int:
        """The node of an operand; a number becomes a constant."""
        if isinstance(operand.what, int):
            return operand.what
        span = Span(operand.start, operand.end)
        return self._add(Node(None, value=operand.what, constant=True, span=span))

    def _variable(self, token: Token) -> int:
        name = token.text
        self.read.add(name)
        if name not in self.names:
            self.names[name] = self._add(Node(None, (), name, span=Span(token.start, token.end)))
        return self.names[name]

    def _add(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _number(self, token: Token) -> float:
        try:
            number = float(token.text)
        except ValueError:
            self._refuse("bad_number", token, text=token.text)
        if not math.isfinite(number):
            self._refuse("not_finite_constant", token, number=number)
        return number

    # --- tokens and errors

    def _advance(self) -> None:
        self.token, self.ahead = self.ahead, next(self.tokens, self.ahead)

    def _refuse(self, key: str, token: Token, **values: object) -> NoReturn:
        raise ParseError(key, source=self.text, span=Span(token.start, token.end), **values)

    def _refuse_operand(self) -> NoReturn:
        """The token cannot begin an operand."""
        if self.token.text == "=":
            self._refuse("assignment", self.token)
        if self.token.kind in ("end", "newline"):
            self._refuse("ends_early", self.token)
        if self.token.text == ":":
            self._refuse("colon", self.token)
        self._refuse("operand_expected", self.token, text=self.token.text)

    def _refuse_follower(self) -> NoReturn:
        """Two operands stand side by side, or a bracket or colon that has no place here."""
        if self.token.text in (":", "]"):
            self._refuse("colon" if self.token.text == ":" else "not_open", self.token)
        before = self.operands[-1]
        left = self.text[max(before.start, before.end - 20) : before.end]
        right = "(...)" if self.token.text == "(" else self.token.text
        self._refuse("product", self.token, left=left, right=right)

    def _refuse_arity(self, gate: Gate, given: int, span: Span) -> NoReturn:
        raise ParseError(
            "arity", source=self.text, span=span, gate=gate.name, takes=gate.takes, given=given,
            params=", ".join(gate.params),
        )  # fmt: skip


def _gate_name(text: str) -> str:
    """The gate that a name before a bracket means."""
    return text if text in GATES else ALIASES.get(text, text)


def _form(item: Any) -> object:
    """Numbers are alike, and lists whose items are; so rows are equally long in all axes."""
    return (len(item), _form(item[0])) if isinstance(item, tuple) else None


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, and two for its end. Raises ParseError for what is not listed."""
    for match in TOKEN.finditer(text):
        kind, piece, (start, end) = match.lastgroup, match.group(), match.span()
        if kind == "skip":
            continue
        if kind == "other" or (kind == "name" and not piece.isidentifier()):
            _refuse_token(text, piece, start)
        elif kind == "name" and piece in RESERVED:
            raise ParseError("reserved", source=text, span=Span(start, end), text=piece)
        elif kind == "name" and not piece.isascii():
            piece = normalize("NFKC", piece)  # as Python does with the names of arguments
        yield Token(kind or "", SAME_AS.get(piece, piece), start, end)
    yield from [Token("end", "", len(text), len(text))] * 2


def _refuse_token(text: str, piece: str, start: int) -> NoReturn:
    """Refuse a token, pointing at the first character of a name that cannot stand in one."""
    at = next((i for i, c in enumerate(piece) if not f"a{c}".isidentifier()), 0)
    if piece[:1].isalnum():
        piece, start = piece[at], start + at
    key = REFUSED.get(piece, "character")
    raise ParseError(key, source=text, span=Span(start, start + len(piece)), text=piece)
