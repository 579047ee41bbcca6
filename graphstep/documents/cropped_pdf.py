r"""PDF of the figure alone, one page a frame, for `\includegraphics[page=k]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..graph.expressions import all_on_one_line
from ..look.style import PAGES
from ..look.typst import literal, typeset

if TYPE_CHECKING:
    from ..figure.figure import Figure


def whole(figure: Figure) -> bytes:
    """Pages exactly as large as the figure, transparent unless it is dark. Raises OutputError."""
    theme = figure.style.printed
    fill = f"rgb({literal(PAGES[theme])})" if theme == "dark" else "none"
    code = [
        PAGE,
        f"#set page(width: auto, height: auto, margin: 0pt, fill: {fill})",
        f"#set document(title: {literal(all_on_one_line(figure.graph.source))})",
        f"#set text(lang: {literal(figure.lang)})",
        *(f'#shown("{k}.svg", {literal(f.caption)})' for k, f in enumerate(figure.frames)),
    ]
    files = {f"{k}.svg": f.picture(theme).encode() for k, f in enumerate(figure.frames)}
    return typeset("\n".join(code), files=files)[0]


# one point for each unit of the figure, which Typst takes for a pixel of 1/96 inch; fewer where a
# page would be larger than PDF readers show, 200 inches
PAGE = """#let shown(file, alt) = page(context {
  let size = measure(image(file))
  let most = 14400pt / calc.max(size.width, size.height)
  image(file, alt: alt, width: size.width * calc.min(96 / 72, most))
})"""
