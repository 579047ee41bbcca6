"""HTML: a figure that steps, in a page of its own or in a notebook, without a kernel."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..base.files import write
from ..drawing.svg import escape
from .assets import classic, colours, fingerprint, player, styles
from .payload import as_json, can_be_followed, payload, veiled
from .payload import title as title_of

if TYPE_CHECKING:
    from ..figure.figure import Figure


def figure(
    stepper: Figure, quiz: bool = False, deep: object = False, fallback: str = "", frame: int = 0
) -> str:
    """The elements of one figure, without style and script; it opens at a frame."""
    data = {
        **payload(stepper),
        "deep": deep,
        "predict": quiz,
        **({"frame": frame} if frame else {}),
    }
    kind = "data-veiled" if quiz else ""
    return (
        f'<div class="graphstep-figure {stepper.scope}" lang="{stepper.lang}" '
        f'data-lm-suppress-shortcuts="true">'
        f'{fallback}<div class="gs-stage" hidden>{stepper.stage}</div>'
        f'<script type="application/json" {kind}>{veiled(data) if quiz else as_json(data)}</script>'
        "</div>"
    )


def whole(stepper: Figure) -> str:
    """A page with the figure."""
    return page(stepper)


def page(*steppers: Figure, quiz: bool = False, title: str = "") -> str:
    """A page with some figures: self-contained, and strict about what may run in it."""
    names = [True] if len(steppers) == 1 else [f"figure={k + 1}" for k in range(len(steppers))]
    figures = "\n".join(
        figure(s, quiz, deep, frame=s.frames[0].index)
        for s, deep in zip(steppers, names, strict=True)
    )
    themes_ = {s.style.theme for s in steppers}
    scheme = "light dark" if len(themes_) > 1 or "auto" in themes_ else themes_.pop()
    style = f"body{{margin:16px;color-scheme:{scheme};background:Canvas}}" + player()
    style += "".join(map(colours, steppers))
    begin = "document.querySelectorAll('.graphstep-figure').forEach(start);"
    script = f"(() => {{\n{classic()}\n{begin}\n}})();"
    policy = (
        f"default-src 'none'; style-src {fingerprint(style)}; script-src {fingerprint(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = escape(title or title_of(steppers[0]))
    return (
        f'<!DOCTYPE html>\n<html lang="{steppers[0].lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{head}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1 hidden>{head}</h1>\n{figures}\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def cell(stepper: Figure, quiz: bool = False, ident: str = "still") -> str:
    """The figure for a notebook: style, figure and script in one piece of HTML.

    Where scripts do not run, as in a notebook that is not trusted, a static picture stays; its id
    ends in `ident`.
    """
    still = can_be_followed(stepper) and not quiz
    picture = stepper.frames[-1].svg(f"{stepper.scope}-{ident}") if still else ""
    fallback = f'<div class="gs-fallback">{picture}</div>' if picture else ""
    inside = figure(stepper, quiz, fallback=fallback)
    return (
        f"<div><style>{styles(stepper)}</style>{inside}"
        f"<script>(() => {{\n{classic()}\nconst here = document.currentScript;\n"
        "start(here ? here.parentElement.querySelector('.graphstep-figure') : null);\n"
        f"document.querySelectorAll('.graphstep-figure.{stepper.scope}').forEach(start);\n}})();</script></div>"
    )


@dataclass(frozen=True)
class Quiz:
    """A figure whose numbers have to be predicted."""

    stepper: Figure

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as a page of its own, and return the path. Raises OutputError."""
        return write(path, page(self.stepper, quiz=True))

    def _repr_html_(self) -> str:
        return cell(self.stepper, quiz=True)
