"""Very many random texts all the way, quickly made: `python tests/at_large.py KIND COUNT SEED`.

The kinds are expressions, with inputs as they are written on a command line, formulas, front matter,
and decks. Only errors of graphstep are allowed. What is no error is run, told, drawn and written, and
nothing that a user wrote may do anything in what is written.
"""

from __future__ import annotations

import resource
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from time import process_time
from typing import NamedTuple

import harmless
from random_decks import Decks
from random_texts import Texts
from trees import typesets

import graphstep as gs
from graphstep.documents import pdf
from graphstep.figure.input_texts import inputs
from graphstep.formulas.latex import latex
from graphstep.formulas.mathml import mathml
from graphstep.formulas.typst_math import typst
from graphstep.formulas.unicode import unicode
from graphstep.latex_input.reader import latex_to_tree
from graphstep.markdown import read
from graphstep.outputs import FORMATS, deck_content, plan
from graphstep.slides.deck import Deck
from graphstep.slides.figure_rows import each_figure

ENDINGS = [ending for ending, form in FORMATS.items() if not form.extra]
LONGEST = 3000  # characters of an error
MOST_MEMORY = 16 << 30  # bytes of addresses, of which the layout engine alone reserves many
SELDOM = 0.01  # the part of decks that is typeset and made into slides, too


def expression(texts: Texts) -> str:
    """Run, tell, draw and write one random expression; the ending it was written in."""
    text, options = texts.text(), texts.options()
    graph = texts.rewritten(gs.parse(text, constants=options["constants"]))
    options |= texts.asked(graph)
    s = gs.stepper(graph, inputs=inputs(texts.pairs([*graph.inputs]), seed=1), **options)
    frame = texts.draw.choice(s.frames)
    assert frame.caption
    assert frame.svg().startswith("<svg")
    _ = frame.legend, frame.why, frame.warnings, frame.equations
    ending = texts.draw.choice(ENDINGS)
    assert all(content() for _, content in plan(s, f"f{ending}"))
    return ending


def formula(texts: Decks) -> str:
    """Read one random formula, and write it in every language."""
    tree = latex_to_tree(texts.formula())
    harmless.fragment(mathml(tree, display=True), "math")
    harmless.formula(latex(tree))
    harmless.typst(typst(tree))
    assert isinstance(unicode(tree), str)
    if texts.draw.random() < SELDOM:
        typesets([tree])
        return "typeset"
    return "written"


def front(texts: Decks) -> str:
    """Write a deck that is only a title page and a slide."""
    return written(read(f"---\n{texts.front()}\n---\n\n# A\n\n{texts.inline()}\n"), texts)


def deck(texts: Decks) -> str:
    """Write one random deck."""
    return written(read(texts.deck()), texts)


def written(deck: Deck, texts: Decks) -> str:
    """Write a deck as a page and as LaTeX, and seldom in all formats."""
    figures = sum(len(each_figure(s.figure.stepper)) for s in deck.slides if s.figure)
    harmless.page(deck_content("a.html")(deck), scripts=2 + figures)
    harmless.tex(deck_content("a.tex")(deck))
    harmless.typst(pdf._slides(deck)[0])
    if texts.draw.random() >= SELDOM:
        return "written"
    assert deck_content("a.pdf")(deck).startswith(b"%PDF")
    harmless.presentation(deck_content("a.pptx")(deck))
    return "typeset"


class Kind(NamedTuple):
    """A kind of texts: their source, the one function of it that gives the text, and what is tried."""

    source: type[Texts]
    text: Callable[..., str]
    attempt: Callable[..., str]


KINDS = {
    "expressions": Kind(Texts, Texts.text, expression),
    "formulas": Kind(Decks, Decks.formula, formula),
    "fronts": Kind(Decks, Decks.front, front),
    "decks": Kind(Decks, Decks.deck, deck),
}


class Slowest(NamedTuple):
    """The text that took longest, and how long, in seconds of the processor."""

    seconds: float = 0.0
    text: str = ""


def run(kind: Kind, number: int, seed: int) -> tuple[Counter[str], list[tuple[str, str]], Slowest]:
    """Try many texts; the faults are the texts, each with its traceback."""
    texts, counted, faults, slowest = (
        kind.source(seed),
        Counter[str](),
        list[tuple[str, str]](),
        Slowest(),
    )
    for k in range(number):
        texts.draw.seed((seed << 32) + k)
        start, trace = process_time(), ""
        try:
            counted[went(kind, texts)] += 1
        except Exception:
            trace = traceback.format_exc()
        seconds = process_time() - start
        if trace or seconds > slowest.seconds:
            texts.draw.seed((seed << 32) + k)
            text = kind.text(texts)
            slowest = max(slowest, Slowest(seconds, text))
            faults += [(text, trace)] * bool(trace)
    return counted, faults, slowest


def went(kind: Kind, texts: Texts) -> str:
    """How far one random text comes: "refused", or what became of it."""
    try:
        return kind.attempt(texts)
    except gs.GraphstepError as error:
        assert 0 < len(str(error)) < LONGEST, len(str(error))
        return "refused"


def main(name: str, number: int, seed: int) -> None:
    """Try them by the thousand and print what became of them, the time and the memory."""
    warnings.simplefilter("error")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    total, wrong, slowest = Counter[str](), 0, Slowest()
    for block in range(-(-number // 1000)):
        counted, faults, slow = run(KINDS[name], min(number, 1000), seed * 100_000 + block)
        total += counted
        wrong += len(faults)
        for text, trace in faults:
            print(repr(text), trace, sep="\n", flush=True)
        if slow > slowest:
            slowest = slow
            print(f"slowest: {slow.seconds:.2f} s, {slow.text[:1000]!r}")
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{total.total() + wrong} {name}, {wrong} faults, {process_time():.0f} s, at most {most} MB, {dict(total)}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
