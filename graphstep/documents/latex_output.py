r"""A frame as a piece of LaTeX, which `jupyter nbconvert --to latex` and `--to pdf` put as it is.

It stands in a document of somebody else, in the middle of its text: it defines what it needs in a
group of its own, and needs no package that is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..look.style import PALETTES
from .latex_text import escaped, figure_text
from .tikz import colour_definitions, static, tikz_picture

if TYPE_CHECKING:
    from ..figure.figure import Frame

WIDEST, HIGHEST = r"\linewidth", r".8\textheight"


def latex_output(frame: Frame, caption: bool = True) -> str:
    """The figure of a frame in the colours of paper, no larger than the page, and its caption.

    Where the document has no PGF, the expression stands in place of the figure.
    """
    colours, source = PALETTES[frame.figure.style.palette][False], frame.figure.graph.source
    return "\n".join(
        [
            r"\begingroup\makeatletter",
            r"\ifdefined\pgfpicture",
            static("notebook.tex"),
            *colour_definitions(colours),
            static("picture.tex"),
            r"\setbox\z@\hbox{%",
            tikz_picture([frame]) + "}%",
            rf"\ifdim\wd\z@>{WIDEST}\setbox\z@\hbox{{\resizebox{{{WIDEST}}}{{!}}{{\box\z@}}}}\fi",
            rf"\ifdim\ht\z@>{HIGHEST}\setbox\z@\hbox{{\resizebox{{!}}{{{HIGHEST}}}{{\box\z@}}}}\fi",
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
