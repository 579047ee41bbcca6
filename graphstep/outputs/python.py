"""Python: the run as a program of its own, flat NumPy forward and backward."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..figure.iterations import Shown


def whole(figure: Shown) -> str:
    """The program, of several iterations one after another.

    Raises GraphError and InputError as `Stepper.code` does.
    """
    return figure.program.text
