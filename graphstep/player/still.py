"""What stays of a figure where scripts do not run: pictures of some frames, and sentences.

A picture is an image element, since hosts that do not trust a page, such as JupyterLab, remove
inline SVG and style sheets. It has a background of its own, as the page may be dark or light.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..base.words import say
from ..look.style import PAGES
from ..painting.svg import escape
from .assets import image_uri
from .payload import title
from .questions import MOST_GATES, can_be_followed

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame
    from ..figure.outline import Outline

QUOTIENT = re.compile(r"∂\S+/∂[^\s.,;:]+")  # in which no line ends
UNSEEN = re.compile(r"<(title|desc)[ >].*?</\1>\n?", re.DOTALL)  # an image has another title


def still(figure: Figure, quiz: bool = False, frames: Iterable[Frame] = ()) -> str:
    """The element that the player removes when it begins, with the last frame or given ones.

    A figure that asks for its numbers shows none of them; a large one has no picture.
    """
    shown = [figure.frames[0]] if quiz else [*frames] or [figure.frames[-1]]
    pictured = can_be_followed(figure)
    return _fallback(figure, quiz, [picture(f, caption=not quiz) for f in shown if pictured])


def words(figure: Figure) -> str:
    """The same element without a picture, for a page that shows the figure itself."""
    return _fallback(figure, False, [_said(figure.frames[-1])])


def _fallback(figure: Figure, quiz: bool, parts: Sequence[str]) -> str:
    key = "large" if not can_be_followed(figure) else "quiz" if quiz else "steps"
    why = say(f"still.{key}", figure.lang, source=title(figure), most=MOST_GATES)
    said = escape(f"{why} {say('still.trust', figure.lang)}")
    return f'<div class="gs-fallback">{"".join(parts)}<p class="gs-legend">{said}</p></div>'


def picture(frame: Frame | Outline, caption: bool = True) -> str:
    """A frame as an image, and under it its caption."""
    figure = frame.figure
    theme = figure.style.printed
    svg = UNSEEN.sub("", frame.picture(theme))
    svg = svg.replace("<svg ", f'<svg style="background:{PAGES[theme]}" ', 1)
    return f"<p>{image(svg, title(figure))}</p>{_said(frame) if caption else ''}"


def _said(frame: Frame | Outline) -> str:
    """The caption of a frame, if it has one."""
    return f"<p>{in_html(frame.caption)}</p>" if frame.caption else ""


def image(svg: str, alt: str) -> str:
    """An SVG document as an image element."""
    return f'<img alt="{escape(alt)}" src="{image_uri(svg)}">'


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table as HTML, in the colours of the page around it; its first row has the heads."""
    head, *body = rows
    lines = [f"<tr>{''.join(map(HEAD.format, map(escape, head)))}</tr>"]
    lines += [f"<tr>{''.join(map(CELL.format, map(escape, row)))}</tr>" for row in body]
    return f"<table><thead>{lines[0]}</thead><tbody>{''.join(lines[1:])}</tbody></table>"


HEAD = '<th scope="col" style="text-align:left">{}</th>'
CELL = '<td style="text-align:left">{}</td>'


def in_html(sentences: str) -> str:
    """Sentences as HTML, to be shown with the rule of `.gs-one`.

    >>> in_html("Then ∂f/∂x = 1, as x < y.")
    'Then <span class="gs-one">∂f/∂x</span> = 1, as x &lt; y.'
    """
    return QUOTIENT.sub(r'<span class="gs-one">\g<0></span>', escape(sentences))
