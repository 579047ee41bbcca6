"""HTML: a figure that steps, on its own page or in a notebook, without a kernel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from ..base.files import write
from ..figure.iterations import each as each_figure
from ..painting.svg import escape
from .assets import classic, colours, fingerprint, player, sheet, styles
from .narrow import Stage, narrow
from .payload import Data, as_json, payload, veiled
from .payload import title as title_of
from .questions import can_be_followed
from .still import still, words

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..figure.iterations import Shown


def figure_element(
    figure: Figure,
    quiz: bool = False,
    deep: object = False,
    frame: int = 0,
    stills: Iterable[Frame] = (),
) -> str:
    """The HTML of one figure, without style and script; it opens at `frame`.

    Where scripts do not run, it shows `stills`, or its last frame. The stage is in a script
    element, of which those who clean a page leave no pieces.
    """
    stage = f'hidden><script type="image/svg+xml">{figure.stage}</script>'
    data = _data(figure, quiz, deep, frame, attrgetter("stage"))
    return _element(figure, quiz, still(figure, quiz, stills), stage, data)


def page_element(figure: Figure, quiz: bool, deep: object) -> str:
    """The HTML of a figure in a page of our own, which nobody cleans.

    Where scripts do not run, it shows the stage, with its last frame; the player begins with that.
    A quiz has no number as plain text, and a large figure none at all.
    """
    if quiz or not can_be_followed(figure):
        return figure_element(figure, quiz, deep, figure.frames[0].index)
    data = _data(figure, quiz, deep, figure.frames[0].index, attrgetter("stage"))
    data["drawn"] = figure.frames[-1].index
    return _element(figure, quiz, words(figure), f">{figure.last_stage}", data)


def _data(figure: Figure, quiz: bool, deep: object, frame: int, stage: Stage) -> Data:
    found = {"frame": frame, "narrow": narrow(figure, stage), "deep": deep, "predict": quiz}
    return {**payload(figure), **{key: value for key, value in found.items() if value}}


def _element(figure: Figure, quiz: bool, still: str, stage: str, data: Data) -> str:
    kind = "data-veiled" if quiz else ""
    return (
        f'<div class="graphstep-figure {figure.scope}" lang="{figure.lang}" '
        f'data-lm-suppress-shortcuts="true">{still}<div class="gs-stage" {stage}</div>'
        f'<script type="application/json" {kind}>{veiled(data) if quiz else as_json(data)}</script>'
        "</div>"
    )


def whole(figure: Shown) -> str:
    """A page with one figure, or with those of several iterations."""
    return page(*each_figure(figure))


def page(*figures: Figure, quiz: bool = False, title: str = "") -> str:
    """A self-contained page with figures and a strict policy about what may run in it."""
    names = [True] if len(figures) == 1 else [f"figure={k + 1}" for k in range(len(figures))]
    elements = "\n".join(
        page_element(s, quiz, deep) for s, deep in zip(figures, names, strict=True)
    )
    chosen = {s.style.theme for s in figures}
    scheme = "light dark" if len(chosen) > 1 or "auto" in chosen else chosen.pop()
    sheets = (f":root{{color-scheme:{scheme}}}", sheet("page.css"), player())
    style = "".join([*sheets, *map(colours, figures)])
    begin = "document.querySelectorAll('.graphstep-figure').forEach(start);"
    script = f"(() => {{\n{classic()}\n{begin}\n}})();"
    policy = (
        f"default-src 'none'; style-src {fingerprint(style)}; script-src {fingerprint(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    head = escape(title or title_of(figures[0]))
    return (
        f'<!DOCTYPE html>\n<html lang="{figures[0].lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{head}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{head}</h1>\n{elements}\n</main>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def cell(*figures: Figure, quiz: bool = False) -> str:
    """Figures for a notebook: style, figures and script in one piece of HTML."""
    inside = "".join(figure_element(figure, quiz) for figure in figures)
    style = "".join([styles(figures[0]), *map(colours, figures[1:])])
    scopes = ", ".join(f".graphstep-figure.{figure.scope}" for figure in figures)
    return (
        f"<div><style>{style}</style>{inside}"
        f"<script>(() => {{\n{classic()}\nconst here = document.currentScript;\n"
        "(here ? here.parentElement.querySelectorAll('.graphstep-figure') : []).forEach(start);\n"
        f"document.querySelectorAll('{scopes}').forEach(start);\n}})();</script></div>"
    )


@dataclass(frozen=True)
class Quiz:
    """A figure whose reader has to predict its numbers."""

    stepper: Figure

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as a page, and return the path. Raises OutputError."""
        return write(path, page(self.stepper, quiz=True))

    def _repr_html_(self) -> str:
        return cell(self.stepper, quiz=True)

    def _repr_latex_(self) -> str | None:
        return self.stepper.frames[0]._repr_latex_(caption=False)
