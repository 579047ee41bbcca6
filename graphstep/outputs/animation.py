"""GIF and animated PNG: all frames one after the other, each for as long as it takes to read."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from . import png

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

LEAST, LETTER, MOST = 1500, 40, 8000  # milliseconds: a frame at least, a letter, at most
PAUSE = 2000  # on the last one, before it begins anew


def gif(stepper: Figure) -> bytes:
    """All frames as GIF, in at most 256 colours."""
    pictures = [picture.convert("RGB").quantize(dither=0) for picture in _pictures(stepper)]
    return _film(stepper, pictures, "GIF", optimize=False)


def apng(stepper: Figure) -> bytes:
    """All frames as animated PNG, which is sharp and in all colours."""
    return _film(stepper, _pictures(stepper), "PNG")


def _pictures(stepper: Figure) -> list[Any]:
    from PIL import Image

    return [Image.open(BytesIO(page())) for page in png.pages(stepper)]


def _film(stepper: Figure, pictures: list[Any], form: str, **options: object) -> bytes:
    times = [_time(frame) for frame in stepper.frames]
    times[-1] += PAUSE
    made = BytesIO()
    pictures[0].save(
        made, form, save_all=True, append_images=pictures[1:], duration=times, loop=0, **options
    )
    return made.getvalue()


def _time(frame: Frame) -> int:
    """How long a frame is shown, in milliseconds."""
    return min(LEAST + LETTER * len(frame.caption + frame.legend), MOST)
