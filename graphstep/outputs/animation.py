"""GIF and animated PNG: all frames in turn, each for as long as it takes to read."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from . import png

if TYPE_CHECKING:
    from ..figure.figure import Figure, Frame

LEAST, A_LETTER, MOST = 1500, 40, 8000  # milliseconds: a frame at least, a letter, at most
PAUSE = 2000  # milliseconds on the last frame, before the first one comes again


def gif(figure: Figure) -> bytes:
    """All frames as GIF, with at most 256 colours each."""
    pictures = [picture.convert("RGB").quantize(dither=0) for picture in _pictures(figure)]
    return _film(figure, pictures, "GIF", optimize=False)


def apng(figure: Figure) -> bytes:
    """All frames as animated PNG, sharp and in full colour."""
    return _film(figure, _pictures(figure), "PNG")


def _pictures(figure: Figure) -> list[Any]:
    from PIL import Image

    return [Image.open(BytesIO(page())) for page in png.pages(figure)]


def _film(figure: Figure, pictures: list[Any], form: str, **options: object) -> bytes:
    times = [_time(frame) for frame in figure.frames]
    times[-1] += PAUSE
    made = BytesIO()
    pictures[0].save(
        made, form, save_all=True, append_images=pictures[1:], duration=times, loop=0, **options
    )
    return made.getvalue()


def _time(frame: Frame) -> int:
    """How long a frame is shown, in milliseconds."""
    return min(LEAST + A_LETTER * len(frame.caption + frame.legend), MOST)
