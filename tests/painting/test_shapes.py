"""The shapes of a frame are those of its SVG: both, painted, are the same pixels."""

import re
from html import escape
from xml.etree import ElementTree

import pytest

import graphstep as gs
from examples import CONVNET, CONVNET_INPUTS, NEURON, NEURON_INPUTS, SVG
from graphstep.look.fonts import folder
from graphstep.look.style import PAGES, PALETTES
from graphstep.painting.elements import Line
from graphstep.painting.shapes import Box, Path, Scene, Text, _shapes_of

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


def again(shapes: Scene, colours) -> str:
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


def pixels(svg, page=PAGES["light"]):
    from io import BytesIO

    import numpy as np
    from PIL import Image
    from resvg_py import svg_to_bytes

    png = svg_to_bytes(svg_string=svg, background=page, skip_system_fonts=True,
                       font_files=[str(p) for p in folder().glob("DejaVuSans*.ttf")])  # fmt: skip
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "inputs"), FIGURES.values(), ids=FIGURES)
def test_the_scene_is_the_picture(text, inputs, theme):
    colours = getattr(PALETTES["default"], theme)
    s = gs.stepper(text, inputs=inputs, by="wire")
    for k in (len(s) // 2, len(s) - 1):
        found = s[k].shapes
        given, drawn = (
            pixels(svg, PAGES[theme]) for svg in (s[k].picture(theme), again(found, colours))
        )
        assert given.shape == drawn.shape
        # names and their numbers may move together by a part of a letter: the next test but one
        ink = abs(given - given[0, 0]).max(axis=2).sum()
        assert abs(given - drawn).max(axis=2).sum() < 0.1 * ink
    # without one of its texts it is another picture: the comparison can fail
    texts = [k for k, shape in enumerate(found.shapes) if isinstance(shape, Text)]
    for lost in texts[:: max(1, len(texts) // 4)]:
        less = found._replace(shapes=(*found.shapes[:lost], *found.shapes[lost + 1 :]))
        assert abs(given - pixels(again(less, colours), PAGES[theme])).max() > 15


def test_the_theme_is_light_or_dark():
    s = gs.stepper("f = x", x=1)
    assert "prefers-color-scheme" not in s[0].picture()
    with pytest.raises(gs.GraphstepError, match="sepia"):
        s[0].picture("sepia")


TELLING = {"fill-opacity": "1", "fill": "none", "stroke": "none", "stroke-width": "1", "font-size": "12",
           "text-anchor": "start", "font-weight": "normal", "font-style": "normal"}  # fmt: skip


def seen(element, inherited=TELLING, at=(0.0, 0.0)):
    """Each element of an SVG that is painted, with its properties as every program finds them."""
    for child in element:
        own = {**inherited, **{name: child.get(name) for name in TELLING if child.get(name)}}
        moved = re.fullmatch(r"translate\((\S+) (\S+)\)", child.get("transform", ""))
        place = (float(moved[1]), float(moved[2])) if moved else at
        if child.tag == SVG + "g":
            yield from seen(child, own, place)
        elif child.tag in (SVG + "path", SVG + "rect", SVG + "text"):
            yield child, own, place


def apart(shapes):
    """Shapes with a shape of its own for each part of a text."""
    for shape in shapes:
        runs = [run for run in getattr(shape, "runs", ()) if run.text.strip()]
        for k, run in enumerate(runs):
            anchor = shape.look.anchor if len(runs) == 1 else ("start" if k else "end")
            yield shape._replace(
                runs=(run,),
                look=run.look._replace(anchor=anchor),
                y=shape.y - run.rise,
                kind=shape.kind if len(runs) == 1 else "",
            )
        if not runs:
            yield shape


def told(look, colours):
    """The same properties of a look."""
    return {
        "fill-opacity": f"{look.opacity:g}",
        "fill": getattr(colours, look.fill) if look.fill else "none",
        "stroke": getattr(colours, look.stroke) if look.stroke else "none",
        "stroke-width": f"{look.width:g}",
        "font-size": f"{look.size:.6g}",
        "text-anchor": look.anchor,
        "font-weight": "bold" if look.bold else "normal",
        "font-style": "italic" if look.italic else "normal",
    }


def sort_of(shape, colours):
    """What tells elements apart that are in different groups of a file; in a group, order counts."""
    look = told(shape.look, colours)
    if isinstance(shape, Text):
        return "text", shape.runs[0].text.strip(), look["fill"], round(shape.y, 1)
    if isinstance(shape, Path):
        return "path", look["fill"], look["stroke"], *shape.pieces[0][1][0]
    return "rect", look["fill"], look["stroke"], shape.x, shape.y


def sort_of_element(found):
    """The same of an element of a file."""
    element, look, (dx, dy) = found
    kind = element.tag.removeprefix(SVG)
    if kind == "text":
        return kind, element.text, look["fill"], round(float(element.get("y")) + dy, 1)
    x, y = (element.get("x"), element.get("y")) if kind == "rect" else begin(element)
    return kind, look["fill"], look["stroke"], float(x) + dx, float(y) + dy


def absolute(path):
    """The commands of a path of a file, with points that are not relative."""
    x = y = 0.0
    for name, told_numbers in re.findall(r"([MlhvcZz])([^MlhvcZz]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", told_numbers)]
        count = {"M": 2, "l": 2, "h": 1, "v": 1, "c": 6, "z": 0}[name]
        for k in range(0, len(numbers), count or 1):
            given = numbers[k : k + count]
            if name in "hv":
                given = [*given, 0.0] if name == "h" else [0.0, *given]
            start = (0.0, 0.0) if name == "M" else (x, y)
            points = [(start[0] + a, start[1] + b) for a, b in zip(given[::2], given[1::2], strict=True)]  # fmt: skip
            x, y = points[-1]
            yield "L" if name in "hv" else name.upper(), points
        if name == "z":
            yield "Z", []


def begin(element):
    """Where a path of a file begins."""
    return re.match(r"M(-?[\d.]+) ?(-?[\d.]+)", element.get("d")).groups()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "inputs"), FIGURES.values(), ids=FIGURES)
def test_files_look_as_their_shapes(text, inputs, theme):
    """Element by element, in every frame: place, colours, lines, fonts and texts."""
    colours = getattr(PALETTES["default"], theme)
    for frame in gs.stepper(text, inputs=inputs, by="wire", forward=True):
        elements = sorted(seen(ElementTree.fromstring(frame.picture(theme))), key=sort_of_element)
        shapes = sorted(apart(frame.shapes.shapes), key=lambda shape: sort_of(shape, colours))
        assert len(elements) == len(shapes)
        for (element, properties, (dx, dy)), shape in zip(elements, shapes, strict=True):
            said = told(shape.look, colours)
            properties["stroke-width"] = f"{float(properties['stroke-width']):g}"
            if not isinstance(shape, Text):
                properties |= {n: said[n] for n in said if n.startswith(("font", "text"))}
            if isinstance(shape, Text) or not shape.look.stroke:
                properties["stroke-width"] = said["stroke-width"]
            assert said == properties, (shape, ElementTree.tostring(element))
            if isinstance(shape, Path):
                for (name, points), (same, told_points) in zip(
                    shape.pieces, absolute(element.get("d")), strict=True
                ):
                    assert name == same
                    there = [(x + dx, y + dy) for x, y in told_points]
                    assert sum(points, ()) == pytest.approx(sum(there, ()))
                continue
            assert shape.y == pytest.approx(float(element.get("y")) + dy)
            if shape.look.anchor == "middle" or not isinstance(shape, Text):
                assert shape.x == pytest.approx(float(element.get("x")) + dx)
            if isinstance(shape, Text):
                assert shape.runs[0].text.strip() == element.text


def test_paths_are_told_in_absolute_coordinates():
    line = Line("MHVZMLHVCC", (1, 2, 4, 6, 10, 10, 11, 12, 20, 30, *range(12)), "w")
    (found,) = _shapes_of((line,), (0.0, 100.0))
    assert found.pieces == (
        ("M", ((1, 102),)), ("L", ((4, 102),)), ("L", ((4, 106),)), ("Z", ()),
        ("M", ((10, 110),)), ("L", ((11, 112),)), ("L", ((20, 112),)), ("L", ((20, 130),)),
        ("C", ((0, 101), (2, 103), (4, 105))), ("C", ((6, 107), (8, 109), (10, 111))),
    )  # fmt: skip
