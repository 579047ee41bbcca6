"""Short ways to write parts of a deck in tests."""

from graphstep.slides.deck import Deck, Meta, Paragraph, Picture, Run, Slide

FIGURE = "```graphstep x=2\nf = x * x\n```\n"


def p(*parts):
    """A paragraph of texts and other parts."""
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def t(text):
    """A title."""
    return (Run(text),)


def top(*parts):
    """A slide whose title is on the level of parts."""
    return Slide(*parts, level=1)


def signed(logo, **meta):
    """A deck with all that front matter can say of it, and three slides."""
    given = {
        "title": "Title", "subtitle": "Below it", "author": "A. Lecturer", "institute": "An institute",
        "date": "2030", "footer": "At the foot", "logo": Picture(*logo, "a logo"),
    }  # fmt: skip
    slides = (Slide(t("Part")), Slide(t("Text"), (p("some text"),)), Slide((), (p("no title"),)))
    return Deck(Meta(**(given | meta)), slides)
