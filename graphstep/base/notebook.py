"""What notebooks show of an object besides its line of text.

Pictures and tables are made by the writers, far above the objects. So the package tells this module
who makes them, and the objects know nothing of it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in the package itself, which imports this when it begins
if TYPE_CHECKING:
    from collections.abc import Callable

    Bundle = dict[str, str]
    Maker = Callable[[object], Bundle]

_maker: list[Callable[[], Maker]] = []


def shown_by(find: Callable[[], Maker]) -> None:
    """Set where to find what makes the HTML and the LaTeX of an object, when they are needed."""
    _maker[:] = [find]


def shown(thing: object) -> Bundle:
    """All that a notebook can show of an object, by media type."""
    return {"text/plain": repr(thing), **_maker[0]()(thing)}


class Shown:
    """An object that a notebook shows as more than a line of text."""

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return shown(self)
