"""How a figure shares a slide with its words: the ways and sizes of every format.

Each format measures in its own way, but takes its numbers from here: Python reads the records,
Typst and JavaScript read them as JSON (`as_data`).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple


class Way(NamedTuple):
    """A way to place formulas and, if shown, sentences.

    They take the part `aside` of the width, or are below the figure. In a `row`, sentences are
    beside the formulas, else under them or at the foot of the slide. The figure has to become
    `worth` times larger for a way to be preferred to the first.
    """

    name: str
    aside: float = 0.0
    row: bool = False
    worth: float = 1.0

    @property
    def foot(self) -> bool:
        """Whether sentences are at the foot of the slide."""
        return not self.aside and not self.row


class Size(NamedTuple):
    """The size of texts and the height of a picture, as parts of the usual ones."""

    text: float
    picture: float


class Shared(NamedTuple):
    """The sizes of texts and of formulas on a slide with a figure, as parts of the usual one."""

    text: float
    words: float


class Gaps(NamedTuple):
    """Distances in ems of the text; `aside`, which costs width, in ems of the usual text."""

    blocks: float = 0.8  # between texts and a figure, and above sentences at the foot
    words: float = 0.9  # between a figure and what is under it
    aside: float = 1.0  # between a figure and what is beside it
    row: float = 1.5  # between formulas and the sentences beside them
    note: float = 0.6  # between formulas and the sentences under them
    columns: float = 1.5  # between columns of texts


class Shares(NamedTuple):
    """Limits and shares. Scales are points for each unit of a figure on a slide of `SIZES`."""

    largest: float = 1.7  # scale of a figure
    between: float = 40.0  # units between figures beside each other
    least: float = 0.85  # of its height, to which a picture may shrink before texts do
    large: float = 0.8  # of the usual size; in that, words below a figure beat any beside it
    first: float = 8.0  # the power of the part of its legible size that a figure has: it is first
    legible: float = 0.667  # of the usual size; smaller formulas are hard to read
    around: float = 0.6  # of the height, for texts above and below a figure together
    words: float = 0.6  # of the height, for words under a figure, where nothing fits
    picture: float = 0.35  # of the height, for a picture above or below a figure
    row: float = 0.54  # of the width, for formulas with sentences beside them
    caption: float = 0.92  # of the width, for sentences in place of formulas
    caption_size: float = 0.88  # of the usual size, for the same


class Paper(NamedTuple):
    """A page of a handout, with lengths in points. Figures go out to `edge`, texts to `margin`."""

    page: tuple[float, float] = (595.28, 841.89)  # A4
    margin: float = 48.0
    edge: float = 27.0
    top: float = 42.0
    bottom: float = 48.0  # holds the page number
    title: float = 13.0
    body: float = 10.0
    note: float = 8.0
    formulas: float = 10.0  # of a figure, and sentences where it has none
    most: int = 3  # columns of frames
    tight: float = 0.95  # of that size, to which formulas shrink in columns
    between: float = 12.0  # columns of frames
    gap: float = 14.0  # between rows of them
    large: float = 1.35  # of the least size, of figures on a part of a page
    worth: float = 1.1  # the part of its pages that another arrangement saves, at least


WAYS = (
    Way("under"),
    Way("row", row=True, worth=1.25),
    Way("beside", aside=0.4, worth=1.25),
    Way("narrow", aside=0.3, worth=1.25),
)
"""In order of preference."""

TEXT_SIZES = (
    Size(1.33, 0.9), Size(1.22, 0.9), Size(1.11, 0.9),
    Size(1, 0.9), Size(1, 0.75), Size(1, 0.6), Size(1, 0.5), Size(0.93, 0.5), Size(0.86, 0.45),
    Size(0.8, 0.45), Size(0.73, 0.4), Size(0.66, 0.4), Size(0.6, 0.35),
)  # fmt: skip
"""The first that fits is taken, on a slide without a figure."""

LEAST_WORDS = 0.6
SHARED_SIZES = (
    *(Shared(1, part) for part in (1, 0.93, 0.86, 0.8, 0.73, 0.667, LEAST_WORDS)),
    *(Shared(part, LEAST_WORDS) for part in (0.93, 0.86, 0.8, 0.73, 0.667, LEAST_WORDS)),
)
"""On a slide with a figure formulas give way before texts do."""

GAPS, SHARES, PAPER = Gaps(), Shares(), Paper()


def worth(way: Way, texts: float, words: float, seen: float) -> float:
    """How good a plan is, by the sizes of texts and of formulas, as parts of the usual ones.

    `seen` is the part of its legible size that a figure has. It counts most, and formulas least.
    """
    read = min(sqrt(words), words / sqrt(SHARES.legible))
    part: float = max(0.0, min(seen, 1.0)) ** SHARES.first
    return texts**2 * read * part / way.worth


def text_parts() -> tuple[float, ...]:
    """The sizes of texts without repetition, from the largest."""
    return tuple(dict.fromkeys(size.text for size in TEXT_SIZES))


def as_data() -> dict[str, Any]:
    """The tables as data for JSON."""
    return {
        "ways": [{**way._asdict(), "foot": way.foot} for way in WAYS],
        "sizes": [size._asdict() for size in TEXT_SIZES],
        "shared": [size._asdict() for size in SHARED_SIZES],
        "gaps": GAPS._asdict(),
        "shares": SHARES._asdict(),
    }
