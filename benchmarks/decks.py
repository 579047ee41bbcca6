"""Decks: an eight-step figure as slides against one layout of it; the whole lecture by parts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bench import clock, row, seconds

import graphstep as gs
from graphstep.documents import beamer as tex
from graphstep.documents import cropped_pdf as crop
from graphstep.documents import pdf
from graphstep.drawing import layout
from graphstep.drawing.boxes import task
from graphstep.markdown import read_file
from graphstep.outputs import deck_content, png
from graphstep.player import reveal_deck as reveal
from graphstep.powerpoint import pages

LECTURE = Path(__file__).parent.parent / "examples" / "lecture" / "ru.md"
STEPS = {"x": -2.0, "y": 5.0, "z": -4.0}
LARGEST = {".pptx": 1.5}  # MB
SECONDS = {".pdf": 3.0, ".pptx": 3.0}  # of processors, for the whole lecture
GOALS = {reveal: "0.05 s", pdf: "0.2 s", pages: "0.6 s"}  # beyond the layout, on two cores


def fresh() -> gs.Stepper:
    """A stepper of eight steps that has drawn nothing yet."""
    return gs.stepper("q = x + y; f = q * z", inputs=STEPS, by="product", forward=True)


def bench_formats() -> None:
    """Each format of a deck of eight steps, from a fresh stepper, against one layout."""
    print(f"A deck of {len(fresh())} steps, to one layout:")
    boxes, edges = task(fresh().graph, gs.Style())
    for module in (reveal, pdf, pages, tex, crop, png):
        runs = (lambda m=module: m.whole(fresh()), partial(layout.place, boxes, edges))
        ours, base = seconds(*runs, rounds=5)
        name = module.__name__.rpartition(".")[2]
        goal = GOALS.get(module, "-")
        row(name, ours / base, goal, f"{ours - base:.3f} s beyond the layout")


def bench_lecture() -> None:
    """The whole Russian lecture: reading with all figures, then each format."""
    start = clock()
    deck = read_file(LECTURE)
    shown = sum(len(slide.figure.shown) if slide.figure else 1 for slide in deck.slides)
    print(f"The lecture, {len(deck.slides)} slides, {shown} pages:")
    row("reading, graphs and numbers, s", clock() - start, "-")
    for suffix in (".html", ".pdf", ".pptx", ".tex"):
        start = clock()
        size = len(deck_content(f"lecture{suffix}")(deck)) / 1e6
        row(f"{suffix}, s", clock() - start, f"<= {SECONDS.get(suffix, '-')}")
        row(f"{suffix}, MB", size, f"<= {LARGEST.get(suffix, '-')}")


def main() -> None:
    """Run all benchmarks of decks."""
    bench_formats()
    bench_lecture()


if __name__ == "__main__":
    main()
