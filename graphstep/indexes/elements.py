"""Formulas with indexes as mathematics: W_ij, 1{k=i}, ∑_k."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from itertools import product as pairs_of

from ..explain.terms import SPELLED, Piece, Spelling, negative, number, plus, product, times
from ..formulas.names import GREEK, split_name
from ..formulas.tree import Fenced, Frac, Limits, Name, Number, Row, Scripts, Sign, Tree
from ..language.row_texts import COMMA, POWER, PRODUCT, SIGMA, Bare, Call, Formula, Index, Test
from .contraction import Term, split

ONE = Number("1")
TURNED = Sign("⊤")
ALPHABET = "klmnijpqrstuvabcdegh"
"""Letters for indexes: those of the lecture first."""
GREEK_INDEXES = ("mu", "nu", "rho", "tau", "kappa", "lambda", "eta", "theta", "alpha", "beta")


def free_letters(indexes: Sequence[str], names: Sequence[str]) -> Mapping[str, str]:
    """The letters that stand for some indexes of forms, none of which is a name already.

    Where Latin ones run out, Greek ones follow.
    """
    taken = {split_name(name).base for name in names}
    free = taken.isdisjoint
    greek = (GREEK[name] for name in GREEK_INDEXES if free((name, GREEK[name])))
    pairs = ("".join(pair) for pair in pairs_of(ALPHABET, repeat=2))
    others = (x for x in chain(ALPHABET, greek, pairs) if x not in taken and x not in indexes)
    return {x: next(others) if x in taken else x for x in indexes}


@dataclass(frozen=True)
class Elements(Spelling):
    """Spells formulas in which arrays have indexes; `letters` are those that are shown."""

    letters: Mapping[str, str]

    def piece(self, x: Formula) -> Piece:
        """A formula as a piece."""
        match x:
            case Index(of, inside):
                shown = [self.piece(part).tree for part in inside if part != COMMA]
                return self.element(self.piece(of), shown)
            case Call("over", (*letters, of)):
                names = [self.piece(letter).tree for letter in letters]
                return summed_over(names, self.piece(of))
            case Bare(text) if text in self.letters:
                return Piece(Name(self.letters[text]))
            case Test():
                return self.chosen(x)
        return SPELLED[type(x)](self, x)

    def element(self, whole: Piece, indexes: Sequence[Tree]) -> Piece:
        """An element of an array: its name with the indexes below, also in a derivative."""
        shown = indexes if all(isinstance(part, Name) for part in indexes) else _apart(indexes)
        match whole.tree:
            case Frac(top, Row((Sign() as sign, of))):
                return Piece(Frac(top, Row((sign, with_indexes(of, shown)))), POWER)
        return Piece(with_indexes(whole.tree, shown))

    def letter(self, text: str) -> Name:
        """An index as it is shown."""
        return Name(self.letters[text])

    def chosen(self, x: Test) -> Piece:
        """1{k=i}: 1 where a condition holds, else 0."""
        (row,) = (Spelling.test(self, x).tree,)
        assert isinstance(row, Fenced)
        return Piece(Row((ONE, Fenced(row.inner, "{", "}"))), PRODUCT)

    # --- sums

    def factors(self, found: Sequence[Formula]) -> Piece:
        """A product of formulas, without factors of 1."""
        pieces = [piece for x in found if (piece := self.piece(x)).tree != ONE]
        return multiplied(pieces)

    def term(self, term: Term) -> Piece:
        """A term with its sum, and what does not depend on the indexes before it."""
        before, inside = split(term)
        if not term.over:
            return self.factors(term.factors)
        summed = summed_over([self.letter(x) for x in term.over], self.factors(inside))
        return multiplied([*map(self.piece, before), summed]) if before else summed

    def total(self, terms: Sequence[Term]) -> Piece:
        """A sum of terms with their signs."""
        made: Piece | None = None
        for term in terms:
            piece = self.term(term)
            if made is None:
                made = negative(piece) if term.sign < 0 else piece
            else:
                made = plus(made, piece, "+" if term.sign > 0 else "−")
        assert made is not None
        return made


def multiplied(pieces: Sequence[Piece]) -> Piece:
    """A product; a fraction of derivatives and a condition are set apart by a dot."""
    if not pieces:
        return number("1")
    made = pieces[0]
    for piece in pieces[1:]:
        dotted = _is_condition(piece) or _is_condition(made)
        made = product(made, piece, "·") if dotted else times(made, piece)
    return made


def summed_over(letters: Sequence[Tree], inside: Piece) -> Piece:
    """∑ over some indexes."""
    under = Row(tuple(letters)) if len(letters) > 1 else letters[0]
    inner = inside if inside.level >= PRODUCT else Piece(Fenced(inside.tree))
    parts = inner.tree.parts if isinstance(inner.tree, Row) else (inner.tree,)
    return Piece(Row((Limits(Sign("∑"), under), *parts)), SIGMA)


def _is_condition(piece: Piece) -> bool:
    match piece.tree:
        case Row((Number("1"), Fenced(left="{"))):
            return True
    return False


def _apart(parts: Sequence[Tree]) -> list[Tree]:
    found: list[Tree] = []
    for part in parts:
        found += [Sign(","), part]
    return found[1:]


def with_indexes(tree: Tree, indexes: Sequence[Tree]) -> Tree:
    """A letter with indexes below; anything else, such as a name with an index, in brackets."""
    below = _joined(indexes)
    match tree:
        case Name(text) if not split_name(text).indexes:
            return Scripts(tree, below)
        case Scripts(Name(text), None, Sign() | Fenced() as mark) if (
            mark != TURNED and not split_name(text).indexes
        ):  # x′
            return Scripts(tree.base, below, mark)
        case Fenced():
            return Scripts(tree, below)
        case Row((Name() as function, Fenced(left="(") as of)):
            return Row((function, Scripts(of, below)))
    return Scripts(Fenced(tree), below)


def _joined(parts: Sequence[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Row(tuple(parts))
