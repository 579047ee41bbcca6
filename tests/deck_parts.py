"""Short ways to write parts of a deck in tests."""

from graphstep.slides.deck import Paragraph, Run

FIGURE = "```graphstep x=2\nf = x * x\n```\n"


def p(*parts):
    """A paragraph of texts and other parts."""
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def t(text):
    """A title."""
    return (Run(text),)
