"""The equations of captions: found in the text, read, and worked out with NumPy alone.

Every "=" of a caption is accounted for: one that cannot be read is an error.
"""

import math
import re
from functools import cache
from itertools import pairwise

import numpy as np
from array_cases import convolve, group_norm, hinge, masked, pooled, softmax_loss
from printed import with_exponents

from graphstep.formulas.names import figure_names
from graphstep.graph.slots import FORWARD

TOKEN = re.compile(
    r"\s*(\d+(?:[.,]\d+)?(?:e[-+]?\d+)?|nan|inf|∂\w+/∂\w+|[^\W\d]\w*|\*\*|<=|>=|!=|==|[^\s\w])"
)
SIGNS = str.maketrans({"−": "-", "×": "⨯", "ᵀ": "'"})


def plain(text):
    """A text with the signs that are read."""
    return with_exponents(text).translate(SIGNS)


WORDS = ("and", "Here", "и", "Здесь")  # before an equation in a sentence
ARRAY = re.compile(r"(?:an array of|a vector of length|массив|вектор длины) ([\d⨯]+)")
EACH = re.compile(r"(.+) (?:for each element|для каждого элемента)")
JACOBIAN = re.compile(
    r"(?:local = the Jacobian|локальный градиент — матрица Якоби) (\d+)⨯(\d+), [^:;.=]+"
)
SPOKEN = {
    "local": "local", "локальный градиент": "local", "локальный": "local",
    "upstream": "upstream", "входящий градиент": "upstream", "входящий": "upstream",
    "downstream": "downstream", "выходящий градиент": "downstream", "выходящий": "downstream",
    "tangent": "tangent", "касательная": "tangent",
}  # fmt: skip


AGAIN = ("The same comes back along another wire", "То же приходит и по другому проводу",
         "Another wire brings the same", "Другой провод приносит то же")  # fmt: skip
PUSHED = "local ⨯ tangent"


class UnreadableError(Exception):
    """An equation of a caption that cannot be worked out."""


def extreme(choose, fold):
    def of(*xs, axis=None, keepdims=0):
        if len(xs) > 1:
            return fold.reduce(np.broadcast_arrays(*xs))
        return choose(xs[0], axis=axis, keepdims=bool(keepdims))

    return of


def logsumexp(x, axis=None, keepdims=0):
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    out = top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))
    return out if keepdims else np.squeeze(out, axis=axis)


def erf(x):
    return np.vectorize(math.erf, otypes=[float])(x)


def reduction(of):
    return lambda x, axis=None, keepdims=0: of(x, axis=axis, keepdims=bool(keepdims))


def maxout(x, w1, b1, w2, b2):
    return np.maximum(x @ w1 + b1, x @ w2 + b2)


def normed(x, gamma, beta, eps=1e-5):
    centred = x - np.mean(x, axis=0)
    return gamma * centred / np.sqrt(np.mean(centred**2, axis=0) + eps) + beta


def wholes(value):
    return tuple(map(wholes, value)) if isinstance(value, tuple) else round(value)


def convolution(x, w, *rest, stride=1, pad=0, dilation=1, groups=1):
    (b, *rest) = rest if rest and np.ndim(rest[0]) == 1 else (np.zeros(1), *rest)
    given = (*rest, *(stride, pad, dilation, groups)[len(rest) :])
    found = convolve(x, w, *map(wholes, given))
    return found + np.reshape(b, (-1, 1, 1)) if w.ndim == 4 else found


def pools(of, outside):
    return lambda x, size=2, stride=None, pad=0: pooled(
        of, x, round(size), round(stride or size), wholes(pad), outside)  # fmt: skip


FUNCTIONS = {
    **{name: getattr(np, name) for name in
       ("exp", "log", "sqrt", "abs", "sin", "cos", "tan", "tanh", "square", "sign", "outer",
        "expm1", "log2", "log10", "log1p", "cbrt", "hypot", "logaddexp", "arcsin", "arccos",
        "arctan", "arctan2", "sinh", "cosh", "arcsinh", "arccosh", "arctanh", "floor", "ceil",
        "clip")},
    "equal": lambda x, y: np.equal(x, y) * 1.0, "round": np.rint,
    "where": lambda mask, x, y: np.where(mask != 0, x, y),
    "erf": erf, "erfc": lambda x: 1 - erf(x), "gelu": lambda x: x * (1 + erf(x / 2**0.5)) / 2,
    "gelu_tanh": lambda x: x / 2 * (1 + np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**3))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "selu": lambda x: 1.0507009873554805
    * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0))),
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)), "hardtanh": lambda x: np.clip(x, -1, 1),
    "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1), "relu6": lambda x: np.clip(x, 0, 6),
    "ln": np.log, "reciprocal": lambda x: 1 / x,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x, a=0.1: np.where(x > 0, x, a * x),
    "elu": lambda x, a=1.0: np.where(x >= 0, x, a * np.expm1(np.minimum(x, 0))),
    "softplus": lambda x: np.logaddexp(0, x),
    "max": extreme(np.max, np.maximum), "min": extreme(np.min, np.minimum),
    "sum": reduction(np.sum), "mean": reduction(np.mean), "var": reduction(np.var),
    "pick": lambda s, y: (s[np.arange(len(s)), np.asarray(y, dtype=int)] if np.ndim(s) > 1
                          else s[np.asarray(y, dtype=int)]),
    "take": lambda x, i: x[np.asarray(i, dtype=int)],
    "std": reduction(np.std), "prod": reduction(np.prod),
    "cumsum": lambda x, axis=None: np.cumsum(x, None if axis is None else round(axis)),
    "sort": lambda x, axis=-1: np.sort(x, round(axis)), "median": reduction(np.median),
    "size": lambda x, axis=None: float(np.size(x, None if axis is None else round(axis))),
    "trace": np.trace, "diag": np.diag, "det": np.linalg.det, "inv": np.linalg.inv,
    "norm": lambda x: np.sqrt(np.sum(x * x)), "l1": lambda x: np.sum(np.abs(x)),
    "l2": lambda x: np.sum(x * x), "elastic_net": lambda x, b: np.sum(b * x * x + np.abs(x)),
    "mse": lambda x, y: np.mean((x - y) ** 2), "dot": np.matmul,
    "softmax": lambda x, axis=-1: np.exp(x - logsumexp(x, round(axis), 1)),
    "log_softmax": lambda x, axis=-1: x - logsumexp(x, round(axis), 1),
    "logsumexp": logsumexp, "cross_entropy": softmax_loss, "hinge": hinge, "maxout": maxout,
    "reshape": lambda x, *to: np.reshape(x, [round(n) for n in to]),
    "flatten": lambda x, start=0: np.reshape(x, (*np.shape(x)[: round(start)], -1)),
    "concat": lambda *xs, axis=0: np.concatenate(xs, round(axis)),
    "permute": lambda x, *axes: np.transpose(x, [round(axis) for axis in axes]),
    "swapaxes": lambda x, one, other: np.swapaxes(x, round(one), round(other)),
    "expand_dims": lambda x, axis: np.expand_dims(x, round(axis)),
    "squeeze": lambda x, axis=None: np.squeeze(x, axis),
    "stack": lambda *xs, axis=0: np.stack(xs, round(axis)),
    "split": lambda x, count, axis=0: np.stack(np.split(x, round(count), round(axis))),
    "pad": lambda x, width: np.pad(x, width if isinstance(width, tuple) else round(width)),
    "broadcast_to": lambda x, *to: np.broadcast_to(x, [round(n) for n in to]),
    "conv2d": convolution, "batchnorm": normed,
    "maxpool2d": pools(np.max, -1e30), "avgpool2d": pools(np.mean, 0),
    "group_norm": lambda x, gamma, beta, groups, eps=1e-5: np.reshape(gamma, (-1,) + (1,) * (x.ndim - 2))
    * group_norm(x, round(groups), eps) + np.reshape(beta, (-1,) + (1,) * (x.ndim - 2)),
    "dropout": lambda x, p=0.5, seed=0: masked(x, p, round(seed)),
    "ones": lambda *shape: np.ones([round(n) for n in shape]),
}  # fmt: skip
COMPARE = {">": np.greater, "<": np.less, ">=": np.greater_equal, "<=": np.less_equal,
           "=": np.equal, "!=": np.not_equal, "==": np.equal}  # fmt: skip
POSITIONAL = {
    "sum",
    "mean",
    "var",
    "std",
    "prod",
    "cumsum",
    "logsumexp",
}  # whose options may come in order


class Reader:
    """Reads a formula of a caption and works it out, with NumPy's rules for shapes.

    `known` are values by name; `shift(k)` is what the k-th printed number is moved by.
    """

    def __init__(self, text, known, shift=lambda k, text: 0.0, rows=False):
        self.left = TOKEN.findall(text)[::-1]
        if "".join(reversed(self.left)) != "".join(text.split()):
            raise UnreadableError(text)
        self.text, self.known, self.shift, self.rows = text, known, shift, rows
        self.count, self.named = 0, False

    def worked_out(self):
        found = self.sum()
        if self.left:
            raise UnreadableError(self.text, self.left[::-1])
        return found

    def next(self, *wanted):
        return self.left.pop() if self.left and self.left[-1] in wanted else ""

    def need(self, token):
        if not self.next(token):
            raise UnreadableError(self.text, token)

    def comparison(self):
        """A sum, or two of them compared as the language writes it."""
        found = self.sum()
        if sign := self.next("<", ">", "<=", ">=", "==", "!="):
            return COMPARE[sign](found, self.sum()) * 1.0
        return found

    def sum(self):
        found = self.term()
        while sign := self.next("+", "-"):
            found = found + self.term() if sign == "+" else found - self.term()
        return found

    def term(self):
        found = self.factor()
        while sign := self.next("*", "/", "@", "·", "⨯"):
            found = PRODUCTS[sign](self, found, self.factor())
        return found

    def factor(self):
        if self.next("-"):
            return -self.factor()
        base = self.postfix()
        return base ** self.factor() if self.next("**") else base

    def postfix(self):
        found = self.operand()
        while mark := self.next("'", ".", "["):
            if mark == "[":
                found = self.indexed(found)
            elif mark == ".":
                self.need("T")
                found = np.transpose(found)
            else:
                found = self.turned(found)
        return found

    def turned(self, x):
        if hasattr(x, "pull"):
            return x.dense().T, x.columns
        return np.swapaxes(self.matrix(x), -1, -2) if np.ndim(x) else x

    def matrix(self, x):
        """A vector as a column, or a row."""
        return np.reshape(x, (1, -1) if self.rows else (-1, 1)) if np.ndim(x) == 1 else x

    def indexed(self, x):
        at, ends = [], [None]
        while not self.next("]"):
            if self.next(":"):
                ends.append(None)
            elif self.next(","):
                at.append(self.index(ends))
                ends = [None]
            elif self.next("None"):
                ends = [np.newaxis, "new"]
            elif self.next("."):
                self.need(".")
                self.need(".")
                ends = [Ellipsis]
            else:
                ends[-1] = self.sum()
        at.append(self.index(ends))
        if len(at) == 1 and np.ndim(at[0]):
            return x[np.asarray(at[0], dtype=int)]
        return x[tuple(at)]

    def index(self, ends):
        if ends == [np.newaxis, "new"]:
            return np.newaxis
        if ends[0] is Ellipsis:
            return Ellipsis
        if len(ends) == 1:
            return ends[0] if np.ndim(ends[0]) else round(ends[0])
        return slice(*(None if end is None else round(end) for end in ends))

    def operand(self):
        if not self.left:
            raise UnreadableError(self.text)
        token = self.left.pop()
        if token == "(":
            found = self.comparison()
            listed = [found]
            while self.next(","):
                listed.append(self.sum())
            self.need(")")
            if len(listed) == 1:
                return found
            return tuple(x if isinstance(x, tuple) else round(x) for x in listed)
        if token == "[":
            return self.bracket()
        if token[0].isdigit() or token in ("nan", "inf"):
            return self.number(token)
        named = token in FUNCTIONS or token == "onehot" or callable(self.known.get(token))
        if named and self.next("("):
            return self.call(token)
        if token == "π":
            return np.pi
        if token not in self.known:
            raise UnreadableError(self.text, token)
        self.named = True
        return self.known[token]

    def number(self, token):
        self.count += 1
        return np.float64(token.replace(",", ".")) + self.shift(self.count - 1, token)

    def bracket(self):
        """A list, the brackets around a factor, or a comparison."""
        items = [self.sum()]
        if sign := self.next(*COMPARE):
            if sign in "<>" and self.next("="):
                sign += "="
            found = COMPARE[sign](items[0], self.sum()) * 1.0
            self.need("]")
            return found
        while self.next(",", ";"):
            items.append(self.sum())
        self.need("]")
        return np.array(items, dtype=float)

    def call(self, name):
        args, options = [], {}
        while not self.next(")"):
            if len(self.left) > 1 and self.left[-2] == "=":
                option = self.left.pop()
                self.left.pop()
                options[option] = self.sum()
            else:
                args.append(self.comparison())
            if not self.next(",", ";") and (not self.left or self.left[-1] != ")"):
                raise UnreadableError(self.text, name)
        if name in POSITIONAL and len(args) > 1:
            options |= dict(zip(("axis", "keepdims"), args[1:], strict=False))
            args = args[:1]
        kept = ("p", "eps")
        options = {
            k: v if k in kept or isinstance(v, tuple) else round(v) for k, v in options.items()
        }
        if name == "onehot":
            return np.eye(self.known["scores"])[np.asarray(args[0], dtype=int)]
        return (FUNCTIONS.get(name) or self.known[name])(*args, **options)

    def times(self, left, right):
        """What ⨯ stands between: numbers in brackets, or a Jacobian and a gradient."""
        if hasattr(left, "push"):
            return np.reshape(left.push(np.reshape(right, left.columns)), left.rows)
        if isinstance(left, tuple):
            matrix, shape = left
            terms = np.where(matrix == 0, 0.0, matrix * np.ravel(right))  # 0 times inf stays 0
            return np.reshape(terms.sum(axis=1), shape)
        return number_in(left) * number_in(right)

    def dot(self, left, right):
        return self.matrix(left) @ self.matrix(right)


def number_in(x):
    return np.reshape(x, ()) if np.size(x) == 1 else x


PRODUCTS = {
    "*": lambda r, a, b: a * b, "/": lambda r, a, b: np.divide(a, b),
    "@": lambda r, a, b: a @ b, "·": Reader.dot, "⨯": Reader.times,
}  # fmt: skip


# --- where equations stand in a sentence


def outside(text):
    """Each character with the number of brackets around it."""
    depth = 0
    for char in text:
        depth -= char in ")]"
        yield char, depth
        depth += char in "(["


def pieces(text):
    """A caption cut where its sentences are: at . ; : and , outside of brackets, before a space."""
    marks, start = [*outside(text)], 0
    for k, (char, depth) in enumerate(marks):
        if not depth and char in ".;:," and (k + 1 == len(marks) or text[k + 1] == " "):
            yield text[start:k]
            start = k + 1
    yield text[start:]


def sides(piece):
    """The sides of an equation; one side if there is none."""
    cuts = [k for k, (char, depth) in enumerate(outside(piece)) if char == "=" and not depth
            and piece[k - 1] not in "<>!"]  # fmt: skip
    return [piece[i:k].strip() for i, k in zip([0, *(k + 1 for k in cuts)], [*cuts, None],
                                                strict=True)]  # fmt: skip


def in_full(text):
    """A caption with what it says of two wires at once said of each."""
    parts = text.split(". ")
    for k, part in enumerate(parts):
        if part.removesuffix(".") in AGAIN:
            parts[k] = parts[k - 1]
    return ". ".join(parts)


@cache
def spoken(side):
    """A side with the words for gradients in one language, and ⨯ for their product."""
    side = re.sub(r"(?<=\]) · (?=\[)", " ⨯ ", side)
    side = re.sub(r"\b(local'?|локальный'?) · ", r"\1 ⨯ ", side)
    for word, name in SPOKEN.items():
        side = re.sub(rf"(?<!\w){word}(?!\w)", name, side)
    first, _, rest = side.partition(" ")
    return rest if first in WORDS and rest[:1].isalpha() else side


# --- what they come to


class Caption:
    """The equations of one frame's caption."""

    def __init__(self, frame, functions):
        self.frame, self.figure, self.step = frame, frame.figure, frame.step
        self.tape, self.graph = self.figure.tape, self.figure.graph
        self.digits = self.figure.numbers.digits
        self.wires = [w for w in self.step.in_order(self.graph)
                      if not self.graph.takes_labels(self.graph.wires[w])]  # fmt: skip
        if self.tape.mode is FORWARD:
            self.wires = [w for w in self.wires if w in self.tape.carrying(self.step.node)]
        self.numbers = [w for w in self.wires if isinstance(self.tape.local(w), float)]
        self.jacobians = [w for w in self.wires if w not in self.numbers]
        self.seen, self.maps = {"local": 0, "downstream": 0, PUSHED: 0}, 0
        self.known = {name: np.asarray(value)[()] for name, value in self.values()} | functions

    def values(self):
        for named in (self.graph.names, self.figure._writer.facts.symbols.letters):
            shown = figure_names(named, self.figure.style.symbols)
            yield from ((shown[name], self.tape.values[i]) for name, i in named.items())
        output = self.figure._writer.facts.symbols.output
        yield output, self.tape.values[self.graph.output]
        if self.step.kind == "update":
            yield from self.before(output)
        if self.tape.mode is FORWARD:
            start = self.tape.start
            yield f"∂{self.figure.names[start.node]}/∂{start.letter}", start.tangent
        if self.tape.outside:
            yield f"∂{self.tape.outside}/∂{output}", self.tape.upstreams[self.graph.output]

    def before(self, output):
        """What a rule takes at the weight of this step, by the names in the caption."""
        formulas, node = self.figure._speaker.update, self.step.node
        given, end = formulas.update.before(node), self.tape.outside or output
        words = self.figure._speaker.words.formulas
        letters = formulas.in_sentences(node, words.name(node), words.symbols)
        yield from ((letter, given[name]) for name, letter in letters.items())
        yield f"∂{end}/∂{self.figure.names[node]}", given["g"]

    def about(self, key):
        """What is known of the wire whose local or downstream gradient is given next."""
        said = self.numbers if key == "local" else self.wires
        wire = said[self.seen[key]]
        self.seen[key] += 1
        source, target, _ = self.graph.wires[wire]
        gate = self.graph.nodes[target].gate
        taken = self.graph.nodes[target].taken(self.tape.values)
        first = np.ndim(taken[0]) == 1 and len(taken) > 1 and np.ndim(taken[1]) > 1
        scores = np.shape(taken[0])[-1] if gate.labels else 0
        names = {"local": self.tape.local(wire), "scores": scores}
        if self.tape.mode is FORWARD:
            names["tangent"] = self.tape.tangents[source]
        else:
            names |= {"upstream": self.tape.upstreams[target],
                      "downstream": self.tape.downstream(wire)}  # fmt: skip
        return self.known | names, gate.name == "matmul" and first

    def check(self):
        """Check all equations; returns how many "=" there were."""
        text = plain(in_full(self.frame.caption))
        for trouble in self.tape.troubles:  # they may name a condition, as x = 0
            text = text.replace(plain(self.figure._speaker.trouble(trouble)), "")
        wanted = sum(char == "=" and not depth for char, depth in outside(text))
        left, count = self.without_jacobians(text)
        for piece in pieces(left):
            found = [spoken(side) for side in sides(piece)]
            if len(found) > 1:
                self.check_sides(found, piece)
                count += len(found) - 1
        assert count == wanted, f"{count} of {wanted} were read: {text}"
        return count

    def without_jacobians(self, text):
        """The rest of a caption, and the number of "=" in what is said of Jacobians."""
        count, matches = 0, [*JACOBIAN.finditer(text)]
        for match in reversed(matches):
            wire, after = self.jacobians[len(matches) - 1], text[match.end() :]
            matches.pop()
            formula = next(pieces(after[2:])) if after.startswith(": ") else ""
            self.check_jacobian(wire, (int(match[1]), int(match[2])), formula)
            text = text[: match.start()] + after[len(formula) + 2 * bool(formula) :]
            count += "=" in match[0]
            self.maps += 1
        return text, count

    def check_jacobian(self, wire, shape, formula):
        """The size of a Jacobian is right, and a formula after it has its entries."""
        local, source = self.tape.local(wire), self.graph.wires[wire].source
        assert local.shape == shape
        if formula:
            upstream = np.random.default_rng(1).standard_normal(local.rows)
            entries, off = self.work_out(formula, self.known, False)
            pulled = unrepeated(upstream * entries, np.shape(self.tape.values[source]))
            assert agree(local.pull(upstream), pulled, 0.0, off()), (
                f"{formula} = {entries}, not {local.dense()}: {self.frame.caption}"
            )

    def check_legend(self):
        """Check the lines of the legend that have numbers; returns how many there were."""
        lines = plain(self.frame.legend).split("\n")
        total = self.step.kind == "sum" or (lines[1:] and ": [" not in lines[-1])
        said = [line.partition(": [")[2] for line in lines[1:] if ": [" in line]
        wires = self.wires if self.step.row.multiplies else []
        for line, wire in zip(said, wires, strict=True):
            if self.tape.mode is FORWARD:
                self.check_pushed(f"[{line}", wire)
                continue
            upstream = self.tape.upstreams[self.graph.wires[wire].target]
            names = {"local": self.tape.local(wire), "upstream": upstream}
            head = LEGEND_MAP.match(f"[{line}")
            if head:
                product, result = sides(f"[{line}")
                given = product[head.end() :]
                self.check_lines([f"upstream = {given}", f"local' ⨯ upstream = {result}"], names)
            else:
                self.check_lines([f"[{line}"], names)
        return len(said) + (self.check_lines(lines[-1:], {}) if total and "=" in lines[-1] else 0)

    def check_pushed(self, line, wire):
        """A line of forward mode: the Jacobian, or its number, times the tangent."""
        source = self.graph.wires[wire].source
        names = {"local": self.tape.local(wire), "tangent": self.tape.tangents[source]}
        if head := LEGEND_PUSHED.match(line):
            product, result = sides(line)
            given = product[head.end() :]
            self.check_lines([f"tangent = {given}", f"{PUSHED} = {result}"], names)
        else:
            self.check_lines([line], names)

    def check_lines(self, lines, names, rows=False):
        """Check equations that stand by themselves; returns how many "=" there were."""
        count = 0
        for line in lines:
            found = [spoken(side) for side in sides(plain(line))]
            self.agree(found, line, self.known | names, rows)
            count += len(found) - 1
        return count

    def check_sides(self, found, piece):
        names, rows = self.known, False
        name, arrow, first = found[0].partition(" ← ")
        if arrow:  # from here on the name has its new value
            self.agree([first, *found[1:]], piece, names, rows)
            self.known = names | {name: self.work_out(first, names, rows)[0]}
            return
        if found[0] == "upstream" and self.step.kind == "gate":
            names = names | {"upstream": self.tape.upstreams[self.step.node]}
        elif found[0] in self.seen:
            names, rows = self.about(found[0])
        self.agree(found, piece, names, rows)

    def agree(self, found, piece, names, rows):
        assert not any(one == other for one, other in pairwise(found)), piece  # says it twice
        (first, first_off), *others = (self.work_out(side, names, rows) for side in found)
        for (value, off), side in zip(others, found[1:], strict=True):
            assert agree(first, value, 0.0, 0.0) or agree(first, value, first_off(), off()), (
                f"{found[0]} = {first}, but {side} = {value}: {piece!r} in {self.frame.caption!r}"
            )

    def work_out(self, side, names, rows):
        """The value of a side; and how far it may be off by the rounding of its numbers, if asked.

        That takes much longer, and most sides agree without it.
        """
        if phrase := ARRAY.fullmatch(side):
            return tuple(map(int, phrase[1].split("⨯"))), float
        if re.fullmatch(r"∂(\w+)/∂\1", side):
            return 1.0, float
        if phrase := EACH.fullmatch(side):
            names = names | {"each": np.ones(names["local"].columns)}
            side = f"({phrase[1]})*each"
        at = Reader(side, names, rows=rows)
        with np.errstate(all="ignore"):
            value = at.worked_out()
        numbers = 0 if at.named else at.count  # numbers among names are exact
        return value, lambda: sum(self.moved(side, names, rows, k, value) for k in range(numbers))

    def moved(self, side, names, rows, k, value):
        """How far a side moves when its k-th number moves by half of its last place."""

        def shift(sign):
            return lambda j, token: sign * self.half(token) if j == k else 0.0

        with np.errstate(all="ignore"):
            ends = [Reader(side, names, shift(sign), rows).worked_out() for sign in (1, -1)]
        return sum(np.where(np.isfinite(gap := np.abs(end - value)), gap, 0.0) for end in ends)

    def half(self, token):
        """Half of the last place of a printed number."""
        token = token.replace(",", ".")
        if token[0].isalpha():
            return 0.0
        mantissa, _, power = token.partition("e")
        places = len(mantissa.partition(".")[2])
        if not power and len(token) < self.figure.style.cell - 2:  # a minus takes one more
            places = max(places, self.digits)  # zeros at the end are left out
        whole = self.digits == 0 and self.figure.style.digits is None and not places
        return 0.0 if whole and not power else 0.5 * 10.0 ** (int(power or 0) - places)


def unrepeated(x, shape):
    """An array summed over what was repeated."""
    x = np.asarray(x)
    x = x.sum(axis=tuple(range(x.ndim - len(shape))))
    kept = tuple(k for k, n in enumerate(shape) if n == 1)
    return x.sum(axis=kept, keepdims=True) if kept else x


LEGEND_MAP = re.compile(r"\[\d+⨯\d+, [^]]+\]' · ")


LEGEND_PUSHED = re.compile(r"\[\d+⨯\d+, [^]]+\] · ")


def check_panel(figure):
    """What the player's panel says of each gate and wire holds; returns how many "=" there are."""
    at, count = Caption(figure[0], {}), 0
    for i, node in enumerate(figure.graph.nodes):
        if node.gate is not None:
            first, *meanings = figure.formulas[i].split("\n")
            count += at.check_lines(
                [f"value = {first}", *meanings], {"value": figure.tape.values[i]}
            )
    for wire in range(len(figure.graph.wires)):
        told = figure.told[wire]
        at.wires, at.seen = (wire,), {"local": 0, "downstream": 0}
        names, rows = at.about("downstream")
        for key, text in (("local", told.local), ("downstream", told.pulled)):
            first, *meanings = text.split("\n")
            if first:
                count += at.check_lines([f"{key} = {first}", *meanings], names, rows)
    return count


def agree(left, right, left_off, right_off):
    """Whether two sides are the same; an array that is not printed has a shape only."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        return shape_of(left) == shape_of(right)
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if left.shape != right.shape and left.size == right.size:
        flat = [np.reshape(x, [n for n in x.shape if n != 1]) for x in (left, right)]
        if 1 not in (left.ndim, right.ndim) or flat[0].shape != flat[1].shape:
            return False  # only a vector may be a column or a row
        left, right = flat
    if left.shape != right.shape:
        return False
    off = np.max(left_off, initial=0.0) + np.max(right_off, initial=0.0)
    with np.errstate(all="ignore"):
        close = np.abs(left - right) <= off * 1.01 + 1e-9 * (1 + np.abs(left))
    return bool(np.all(close | (left == right) | (np.isnan(left) & np.isnan(right))))


def shape_of(x):
    return x if isinstance(x, tuple) else np.shape(x)


def check(figure, **functions):
    """Every equation of every caption holds; returns how many "=" there are.

    `functions` are those of custom gates.
    """
    return sum(Caption(frame, functions).check() for frame in figure)


def check_legends(figure):
    """Every line of every legend holds; returns how many there are."""
    return sum(Caption(frame, {}).check_legend() for frame in figure if frame.legend)
