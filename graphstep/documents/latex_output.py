r"""A frame, a table or lines of text as a piece of LaTeX, for notebooks that become a PDF.

`jupyter nbconvert --to latex` and `--to pdf` put it as it is. It stands in a document of somebody
else, in the middle of its text: it defines what it needs in a group of its own, and needs no
package that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..look.style import palette_of
from .latex_text import escaped, figure_text
from .tikz import colour_definitions, static, tikz_picture

if TYPE_CHECKING:
    from ..figure.figure import Frame
    from ..figure.outline import Outline

WIDEST, HIGHEST = r"\linewidth", r".8\textheight"


def latex_output(frame: Frame | Outline, caption: bool = True) -> str:
    """The figure of a frame in the colours of paper, no larger than the page, and its caption.

    Where the document has no PGF, the expression stands in place of the figure.
    """
    colours, source = palette_of(frame.figure.style.palette)[False], frame.figure.graph.source
    return "\n".join(
        [
            r"\begingroup\makeatletter",
            r"\ifdefined\pgfpicture",
            static("notebook.tex"),
            static("letters.tex"),
            *colour_definitions(colours),
            static("picture.tex"),
            r"\setbox\z@\hbox{%",
            tikz_picture([frame]) + "}%",
            *_fitted(),
            r"\par\noindent\hfil\box\z@\par",
            r"\else",
            rf"\par\noindent\texttt{{{escaped(source)}}}\par",
            r"\fi",
            *(
                [rf"\smallskip\noindent{{\small {figure_text(frame.caption)}\par}}"]
                if caption
                else []
            ),
            r"\endgroup",
        ]
    )


def latex_table(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row has the heads, no wider than the page."""
    head, *body = [" & ".join(map(figure_text, row)) + r" \\" for row in rows]
    columns = "l" * len(rows[0])
    return "\n".join(
        [
            r"\begingroup\makeatletter\providecommand\gschar[2]{#2}",
            static("letters.tex"),
            r"\small",
            rf"\setbox\z@\hbox{{\begin{{tabular}}[b]{{{columns}}}",
            *(head, r"\noalign{\vskip.5ex\hrule\vskip.5ex}", *body),
            r"\end{tabular}}%",
            *(r"\ifdefined\resizebox", *_fitted(), r"\fi"),
            r"\par\noindent\box\z@\par",
            r"\endgroup",
        ]
    )


def _fitted() -> list[str]:
    """What makes a box smaller that is larger than the page."""
    return [
        rf"\ifdim\wd\z@>{WIDEST}\setbox\z@\hbox{{\resizebox{{{WIDEST}}}{{!}}{{\box\z@}}}}\fi",
        rf"\ifdim\ht\z@>{HIGHEST}\setbox\z@\hbox{{\resizebox{{!}}{{{HIGHEST}}}{{\box\z@}}}}\fi",
    ]


def latex_lines(lines: Sequence[str]) -> str:
    """Paragraphs of plain text."""
    said = "\n".join(rf"\par\noindent {figure_text(line)}\par" for line in lines)
    begin = rf"\begingroup\providecommand\gschar[2]{{#2}}{static('letters.tex')}"
    return f"{begin}\n{said}\\endgroup"
