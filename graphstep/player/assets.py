"""The parts of a page: scripts and styles of the player, colours, hashes for the policy."""

from __future__ import annotations

import base64
import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from ..base import package_files
from ..formulas.mathml import shades, tables
from ..look.looks import VARIABLES, rules, themes
from .javascript import joined

if TYPE_CHECKING:
    from ..figure.figure import Figure


@cache
def source(name: str) -> str:
    """Read one of the player's files."""
    return package_files.text(__file__, "static", *name.split("/"))


@cache
def sheet(name: str) -> str:
    """A style sheet of the player, without its line breaks."""
    return re.sub(r"\n\s*", "", source(name))


@cache
def script(entry: str) -> str:
    """A module and its imports as one classic script, as pages on disk cannot load modules."""
    return joined(entry, lambda name: source(f"modules/{name}.js"))


def classic() -> str:
    """The player for a page; its function `start` takes the element of a figure."""
    return script("page")


def module() -> str:
    """The player for the widget, as the module that anywidget loads."""
    return script("widget") + "\nexport default { render };\n"


def styles(figure: Figure) -> str:
    """The style sheet of a figure."""
    return player() + colours(figure)


def widget_styles(figure: Figure) -> str:
    """The style sheet of a figure whose expression and inputs can be changed."""
    return styles(figure) + sheet("widget.css")


def player() -> str:
    """The styles that all figures share."""
    formulas = shades(".gs-formulas", VARIABLES.parts) + tables(".gs-formulas")
    return drawn() + sheet("player.css") + formulas


def drawn() -> str:
    """The styles of all figures without their controls and words."""
    return rules(".gs-stage") + sheet("figure.css")


def colours(figure: Figure) -> str:
    """The styles of this figure alone."""
    return themes(figure.style, f".graphstep-figure.{figure.scope}", "[data-theme=dark]")


def data_uri(content: bytes, kind: str) -> str:
    """An image as a data URI; `kind` is the second part of its media type."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def image_uri(svg: str) -> str:
    """A figure as the source of an image element, without what nobody can reach in an image."""
    return data_uri(UNREACHED.sub("", svg).encode("utf-8", "replace"), "svg+xml")


UNREACHED = re.compile(
    r'(?<= )(?:class|data-slot|id|role|aria-labelledby)="[^"]*" ?|<(title|desc)[ >].*?</\1>\n',
    re.DOTALL,
)


def fingerprint(text: str) -> str:
    """The hash by which a page's policy allows a script or a style sheet."""
    digest = base64.b64encode(sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
