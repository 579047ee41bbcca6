"""What formulas with indexes come to: elements, sums and conditions, read from what is printed."""

from __future__ import annotations

from itertools import product

import numpy as np
from formulas import COMPARE, known, value

from graphstep.formulas.names import GREEK
from graphstep.formulas.tree import (
    Fenced,
    Frac,
    Limits,
    Marked,
    Name,
    Number,
    Root,
    Row,
    Scripts,
    Sign,
)
from graphstep.formulas.unicode import unicode
from graphstep.indexes.elements import ALPHABET

LETTERS = (*ALPHABET, *GREEK.values())


class Values:
    """The arrays that names stand for in a figure, and the derivatives between them."""

    def __init__(self, s):
        facts, tape, graph = s._writer.facts, s.tape, s.graph
        self.plain = known(facts, tape)
        pieces = facts.symbols.pieces
        self.arrays, self.derivatives, self.ranges = {}, {}, {}
        for i, piece in enumerate(pieces):
            self.put(piece.tree, tape.values[i])
            self.derivatives[self.pair(facts.total(i).tree)] = tape.upstreams[i]
        for w, (source, target, _) in enumerate(graph.wires):
            self.put(facts.entry(w).tree, tape.values[source])
            local, shape = tape.local(w), (*tape.shapes[target], *tape.shapes[source])
            if hasattr(local, "dense"):
                local = np.reshape(local.dense(), shape)
            if not graph.takes_labels(graph.wires[w]):
                self.derivatives[self.pair(facts.partial(w).tree)] = local
                if facts.asked(w) is not None:
                    self.derivatives[self.pair(facts.asked(w).tree)] = tape.downstream(w)

    def put(self, tree, array):
        """Remember an array under its name, with or without brackets."""
        self.arrays[unicode(tree)] = np.asarray(array)

    def pair(self, tree):
        """The names in ∂f/∂x."""
        return tuple(self.name(Row(part.parts[1:])) for part in (tree.top, tree.bottom))

    def name(self, tree):
        """A name without what is around it."""
        while isinstance(tree, Fenced) or (isinstance(tree, Row) and len(tree.parts) == 1):
            tree = tree.inner if isinstance(tree, Fenced) else tree.parts[0]
        return unicode(tree)

    # --- formulas

    def worth(self, tree, letters):
        """The number that a formula comes to, for places of its free letters."""
        return float(np.ravel(value(self.at(tree, letters), self.plain))[0])

    def at(self, x, letters):
        """A formula with numbers in place of all that has indexes."""
        match x:
            case Marked(inner):
                return self.at(inner, letters)
            case Frac(Row((Sign("∂"), *top)), Row((Sign("∂"), *bottom))):
                return self.derivative(Row(tuple(top)), Row(tuple(bottom)), letters)
            case Frac(top, bottom):
                return Frac(self.at(top, letters), self.at(bottom, letters))
            case Root(inner):
                return Root(self.at(inner, letters))
            case Fenced(inner, left, right):
                return Fenced(self.at(inner, letters), left, right)
            case Scripts(base, None, sup):
                return Scripts(self.at(base, letters), None, self.at(sup, letters))
            case Scripts():
                whole, index = self.split(x, letters)
                assert min(index, default=0) >= 0, index
                return number(self.array(whole)[index])
            case Row(parts):
                return self.row(parts, letters)
        return x

    def split(self, x, letters):
        """A name and the places of its indexes; without indexes, ()."""
        if isinstance(x, Row) and len(x.parts) == 1:
            return self.split(x.parts[0], letters)
        match x:
            case Row((Name() as function, Scripts(Fenced() as of, sub, None))) if sub is not None:
                x = Scripts(Row((function, of)), sub)  # sin(x)_k
        if not isinstance(x, Scripts) or x.sub is None:
            return self.name(x), ()
        index = tuple(round(self.side(place, letters)) for place in places_of(x.sub, letters))
        whole = x.base if x.sup is None else Scripts(x.base, None, x.sup)
        return self.name(whole), index

    def array(self, name):
        return self.arrays[name]

    def derivative(self, top, bottom, letters):
        (above, out), (below, into) = self.split(top, letters), self.split(bottom, letters)
        return number(np.asarray(self.derivatives[above, below])[(*out, *into)])

    def row(self, parts, letters):
        """A row: conditions, elements of functions, and sums, which go on to the next + or −."""
        made, k = [], 0
        while k < len(parts):
            if parts[k : k + 1] == (Number("1"),) and self.fails(parts[k : k + 2], letters):
                k = end_of(
                    parts, k
                )  # where a condition fails, the rest of the product may have no value
                made.append(number(0.0))
                continue
            match parts[k : k + 2]:
                case Number("1"), Fenced(inner, "{"):
                    made.append(number(self.holds(inner, letters)))
                    k += 2
                case Name() as function, Scripts(Fenced() as of, sub, None):
                    whole = self.arrays.get(unicode(Row((function, of))))
                    if whole is None:
                        whole = self.function(function.text, self.arrays[self.name(of)])
                    _, index = self.split(Scripts(Name("_"), sub), letters)
                    made.append(number(whole[index]))
                    k += 2
                case Limits(Sign("∑"), under), *_:
                    end = end_of(parts, k + 1)
                    made.append(number(self.summed(under, Row(parts[k + 1 : end]), letters)))
                    k = end
                case _:
                    made.append(self.at(parts[k], letters))
                    k += 1
        return Row(tuple(made))

    def fails(self, parts, letters):
        """Whether two parts are a condition that does not hold."""
        match parts:
            case (_, Fenced(inner, "{")):
                return not self.holds(inner, letters)
        return False

    def function(self, name, x):
        """A function whose result is an array: softmax of each row, or the inverse."""
        if name == "inv":
            return np.linalg.inv(x)
        assert name == "softmax"
        top = np.exp(x - np.max(x, axis=-1, keepdims=True))
        return top / np.sum(top, axis=-1, keepdims=True)

    def holds(self, inner, letters):
        """Whether a condition holds."""
        at = next(k for k, p in enumerate(inner.parts) if isinstance(p, Sign) and p.text in COMPARE)
        sides = (Row(inner.parts[:at]), Row(inner.parts[at + 1 :]))
        left, right = (self.side(side, letters) for side in sides)
        return float(COMPARE[inner.parts[at].text](left, right))

    def side(self, side, letters):
        alone = side.parts[0] if len(side.parts) == 1 else side
        if isinstance(alone, Name) and alone.text in letters:
            return letters[alone.text]
        is_plain = all(isinstance(part, Name | Number | Sign) for part in side.parts)  # 2 k + 1
        if is_plain or "floor(" in unicode(side):
            return float(np.ravel(value(placed(side, letters), self.plain))[0])
        if unicode(alone) in self.arrays and self.arrays[unicode(alone)].ndim == 0:
            return float(self.arrays[unicode(alone)])
        return self.worth(side, letters)

    def summed(self, under, inner, letters):
        """A sum over all places of some letters, whose ranges follow from where they are used."""
        names = [p.text for p in (under.parts if isinstance(under, Row) else (under,))]
        ranges = [
            range(self.size(name, inner)) for name in names
        ]  # of inner sums, that of an array
        return sum(
            self.worth(inner, {**letters, **dict(zip(names, places, strict=True))})
            for places in product(*ranges)
        )

    def size(self, letter, x):
        """The number of places of a letter: that of the output's shape, and of all arrays."""
        found = {*self._sizes(letter, x)}
        if letter not in self.ranges:
            (size,) = found
            return size
        assert found <= {self.ranges[letter]}, (letter, unicode(x))
        return self.ranges[letter]

    def _sizes(self, letter, x):
        match x:
            case Frac(Row((Sign("∂"), *top)), Row((Sign("∂"), *bottom))):
                above, below = (self.indexes(Row(tuple(part))) for part in (top, bottom))
                shape = np.shape(self.derivatives[above[0], below[0]])
                pairs = zip((*above[1], *below[1]), shape, strict=True)
                return [size for name, size in pairs if name == letter]
            case Scripts(sub=sub) if sub is not None:
                name, names = self.indexes(x)
                shape = self.arrays[name].shape if name in self.arrays else ()
                inner = [size for part in (x.base, sub) for size in self._sizes(letter, part)]
                return [
                    *inner,
                    *(size for n, size in zip(names, shape, strict=False) if n == letter),
                ]
            case tuple():
                return [size for part in x for size in self._sizes(letter, part)]
        return []

    def indexes(self, x):
        """A name and its letters."""
        if isinstance(x, Row) and len(x.parts) == 1:
            return self.indexes(x.parts[0])
        match x:
            case Row((Name() as function, Scripts(Fenced() as of, sub, None))) if sub is not None:
                x = Scripts(Row((function, of)), sub)
        if not isinstance(x, Scripts) or x.sub is None:
            return self.name(x), ()
        whole = x.base if x.sup is None else Scripts(x.base, None, x.sup)
        found = places_of(x.sub, LETTERS)
        return self.name(whole), tuple(unicode(place) for place in found)


def some(places, most=60):
    """All places of small arrays, and some of larger ones, in no order of theirs."""
    found = list(places)
    return (
        found if len(found) <= most else np.random.default_rng(0).permutation(found)[:most].tolist()
    )


def end_of(parts, k):
    """Where a product in a row ends: at the next + or −."""
    return next(
        (j for j in range(k + 1, len(parts)) if parts[j] in (Sign("+"), Sign("−"))), len(parts)
    )


def places_of(sub, letters):
    """The indexes below an array: apart by commas, or letters one after the other."""
    parts = sub.parts if isinstance(sub, Row) else (sub,)
    if Sign(",") not in parts and all(isinstance(p, Name) and p.text in letters for p in parts):
        return [Row((part,)) for part in parts]
    found = [[]]
    for part in parts:
        if part == Sign(","):
            found.append([])
        else:
            found[-1].append(part)
    return [place[0] if isinstance(place[0], Row) else Row(tuple(place)) for place in found]


def placed(row, letters):
    """A formula of letters and numbers, with the places of the letters."""
    match row:
        case Name(text) if text in letters:
            return number(letters[text])
        case Row(parts):
            return Row(tuple(placed(part, letters) for part in parts))
        case Fenced(inner, left, right):
            return Fenced(placed(inner, letters), left, right)
        case Frac(top, bottom):
            return Frac(placed(top, letters), placed(bottom, letters))
    return row


def number(found):
    return Number(repr(float(found)))
