"""Sentences in HTML, in which no line ends inside ∂f/∂x."""

from __future__ import annotations

import re

from ..painting.svg import escape

QUOTIENT = re.compile(r"∂\S+/∂[^\s.,;:]+")


def in_html(sentences: str) -> str:
    """Sentences as HTML, to be shown with the rule of `.gs-one`.

    >>> in_html("Then ∂f/∂x = 1, as x < y.")
    'Then <span class="gs-one">∂f/∂x</span> = 1, as x &lt; y.'
    """
    return QUOTIENT.sub(r'<span class="gs-one">\g<0></span>', escape(sentences))
