"""What pages are made of: the player's files, its colours, and what a page's policy lets run."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from ..look.looks import themes
from .javascript import joined

if TYPE_CHECKING:
    from ..figure.figure import Figure

DARK = ".graphstep-figure[data-theme=dark]"


@cache
def source(name: str) -> str:
    """A file of the player."""
    return resources.files(__package__).joinpath("static", name).read_text(encoding="utf-8")


@cache
def script(entry: str) -> str:
    """A module and all that it imports as a classic script: a page from a file loads no modules."""
    return joined(entry, lambda name: source(f"modules/{name}.js"))


def classic() -> str:
    """The player of a page, whose function `start` takes the element of a figure."""
    return script("page")


def module() -> str:
    """The player of the widget, as the module that anywidget loads."""
    return script("widget") + "\nexport default { render };\n"


def styles(stepper: Figure) -> str:
    """The style sheet of a figure."""
    return player() + colours(stepper)


def player() -> str:
    """What of the style sheet is that of all figures."""
    return source("figure.css") + source("player.css")


def colours(stepper: Figure) -> str:
    """What of the style sheet is this figure's own."""
    return themes(stepper.style, f".{stepper.scope}", DARK)


def fingerprint(text: str) -> str:
    """What a page's policy knows a script or a style sheet by."""
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
