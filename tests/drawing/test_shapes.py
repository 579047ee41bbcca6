"""The shapes of a frame are those of its SVG: both, painted, are the same pixels."""

from html import escape

import pytest

import graphstep as gs
from examples import CONVNET, CONVNET_INPUTS, NEURON, NEURON_INPUTS
from graphstep.drawing.shapes import Box, Path, Scene, Text
from graphstep.look.fonts import folder
from graphstep.look.style import PALETTES

FIGURES = {
    "neuron": (NEURON, NEURON_INPUTS),
    "net": (CONVNET, CONVNET_INPUTS),
    "named, negative, not finite": ("q = log(x)**2; f = q - y*y", dict(x=-1, y=3)),
    "small arrays": ("f = l2(W @ x)", dict(W=[[0.1, 0.5], [-0.3, 0.8]], x=[0.2, 0.4])),
}


def paint(look, colours):
    fill = getattr(colours, look.fill) if look.fill else "none"
    stroke = getattr(colours, look.stroke) if look.stroke else "none"
    return (
        f'fill="{fill}" stroke="{stroke}" stroke-width="{look.width}" fill-opacity="{look.opacity}"'
    )


def flat(shapes: Scene, colours) -> str:
    """The scene as SVG without classes and groups."""
    out = []
    for shape in shapes.shapes:
        look = paint(shape.look, colours)
        match shape:
            case Path():
                d = " ".join(
                    name + " ".join(f"{x},{y}" for x, y in points) for name, points in shape.pieces
                )
                join = ' stroke-linejoin="round"' if not shape.kind else ""
                out.append(f'<path d="{d}" {look}{join}/>')
            case Box():
                out.append(
                    f'<rect x="{shape.x}" y="{shape.y}" width="{shape.width}" height="{shape.height}" rx="{shape.radius}" {look}/>'
                )
            case Text():
                runs, rise = [], 0.0
                for run in shape.runs:
                    style = f'font-size="{run.look.size}" font-weight="{"bold" if run.look.bold else "normal"}" font-style="{"italic" if run.look.italic else "normal"}"'
                    fill = getattr(colours, run.look.fill)
                    runs.append(
                        f'<tspan dy="{rise - run.rise}" fill="{fill}" {style}>{escape(run.text)}</tspan>'
                    )
                    rise = run.rise
                out.append(
                    f'<text xml:space="preserve" x="{shape.x}" y="{shape.y}" text-anchor="{shape.look.anchor}">{"".join(runs)}</text>'
                )
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {shapes.width} {shapes.height}" '
            f'width="{shapes.width}" height="{shapes.height}" font-family="DejaVu Sans">{"".join(out)}</svg>')  # fmt: skip


def pixels(svg):
    from io import BytesIO

    import numpy as np
    from PIL import Image
    from resvg_py import svg_to_bytes

    png = svg_to_bytes(svg_string=svg, background="white", skip_system_fonts=True,
                       font_files=[str(p) for p in folder().glob("DejaVuSans*.ttf")])  # fmt: skip
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "inputs"), FIGURES.values(), ids=FIGURES)
def test_the_scene_is_the_picture(text, inputs, theme):
    colours = getattr(PALETTES["default"], theme)
    s = gs.stepper(text, inputs=inputs, by="wire")
    for k in (len(s) // 2, len(s) - 1):
        found = s[k].shapes
        given, again = pixels(s[k].picture(theme)), pixels(flat(found, colours))
        assert given.shape == again.shape
        assert abs(given - again).max(axis=2).mean() < 0.05
    # without one of its texts it is another picture: the comparison can fail
    texts = [k for k, shape in enumerate(found.shapes) if isinstance(shape, Text)]
    for lost in texts[:: max(1, len(texts) // 4)]:
        less = found._replace(shapes=(*found.shapes[:lost], *found.shapes[lost + 1 :]))
        assert abs(given - pixels(flat(less, colours))).max() > 15


def test_the_theme_is_light_or_dark():
    s = gs.stepper("f = x", x=1)
    assert "prefers-color-scheme" not in s[0].picture()
    with pytest.raises(gs.GraphstepError, match="sepia"):
        s[0].picture("sepia")
