"""A file handed out looks the same in every program that opens it: compared as pixels."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest
from browsing import BROWSER
from PIL import Image

import graphstep as gs
from graphstep.look.png import png

THEMES = ["auto", "dark"]
EDGE = 3  # pixels: where the page ends in the middle of one, programs round differently
NEAR = 3  # pixels, in which ink counts as being in the same place
BAND = 32  # pixels on each side of the squares whose colours are compared


def figure(theme):
    """Names before numbers, raised and lowered symbols, arrays, a heat map, a warning, outlines."""
    s = gs.stepper(
        "q = W @ x + b**2; g = q * 0.1; f = sum(g) / 1e6 + log(c) * sum(M) + y*y",
        W=[[0.1, 0.2], [-3, 4]], x=[1.0, 2], b=[1, 2.0], c=0, y=3, M=np.eye(6) - 0.5,
        style=gs.Style(theme=theme),
    )  # fmt: skip
    return s[len(s) - 3]


@cache  # each file is compared with several programs
def ours(svg):
    return Image.open(io.BytesIO(png(svg))).convert("RGB")


def cairo(svg, tmp_path):
    cairosvg = pytest.importorskip("cairosvg")
    return cairosvg.svg2png(bytestring=svg.encode())


def office(svg, tmp_path):
    run("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
        "png", "--outdir", tmp_path, tmp_path / "f.svg")  # fmt: skip
    return (tmp_path / "f.png").read_bytes()


def inkscape(svg, tmp_path):
    run("inkscape", "--export-type=png", f"--export-filename={tmp_path}/f.png", tmp_path / "f.svg")
    return (tmp_path / "f.png").read_bytes()


def firefox(svg, tmp_path):
    (tmp_path / "profile").mkdir()
    wide, high = size(svg)
    run("firefox-esr", "--headless", "--no-remote", "--profile", tmp_path / "profile",
        f"--window-size={wide},{high}", "--screenshot", tmp_path / "f.png", f"file://{tmp_path}/f.svg")  # fmt: skip
    return (tmp_path / "f.png").read_bytes()


def run(program, *options):
    if shutil.which(program) is None:
        pytest.skip(f"needs {program}")
    subprocess.run([program, *options], check=True, capture_output=True, timeout=120)


def size(svg):
    return tuple(int(-(-float(n) // 1)) for n in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())  # fmt: skip


def unlike(one, other):
    """The share of ink with none near it in the other picture, and the largest change of colour."""
    within = (EDGE, EDGE, one.width - EDGE, one.height - EDGE)
    one, other = one.crop(within), other.crop(within)
    page = np.array(one.getpixel((0, 0)))
    inks = [abs(np.asarray(image).astype(int) - page).max(axis=2) > 90 for image in (one, other)]
    near = [beside(beside(ink).T).T for ink in inks]
    lost = max((a & ~b).sum() / a.sum() for a, b in (inks[0:1] + near[1:2], inks[1:2] + near[0:1]))
    coarse = [np.asarray(i.resize((i.width // BAND, i.height // BAND), Image.BOX)).astype(int) for i in (one, other)]  # fmt: skip
    return lost, abs(coarse[0] - coarse[1]).max()


def beside(ink):
    """Where there is ink, or at most NEAR rows above or below."""
    found = ink.copy()
    for k in range(1, NEAR + 1):
        found[k:] |= ink[:-k]
        found[:-k] |= ink[k:]
    return found


def the_same(svg, drawn):
    seen = drawn if isinstance(drawn, Image.Image) else Image.open(io.BytesIO(drawn))
    lost, changed = unlike(ours(svg), seen.convert("RGB"))
    assert lost < 0.01, lost
    assert changed < 25, changed


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("program", [cairo, office, inkscape, firefox], ids=lambda p: p.__name__)
def test_it_looks_the_same_in(program, theme, tmp_path):
    svg = figure(theme).svg()
    (tmp_path / "f.svg").write_text(svg, encoding="utf-8")
    the_same(svg, program(svg, tmp_path))


@BROWSER[0]
@BROWSER[1]
@pytest.mark.parametrize("theme", THEMES)
def test_it_looks_the_same_in_a_browser_of_any_theme(page, theme):
    svg = figure(theme).svg()
    wide, high = size(svg)
    page.set_viewport_size({"width": wide, "height": high})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_content(f"<body style='margin:0'>{svg}</body>")
        the_same(svg, page.screenshot())
    page.emulate_media(color_scheme="light")


def test_the_comparison_sees_a_moved_text_and_another_colour():
    svg = figure("auto").svg()
    assert unlike(ours(svg), ours(svg)) == (0, 0)
    moved = svg.replace('text-anchor="end"', 'text-anchor="middle"')
    black = svg.replace('fill="none"', 'fill="#000000"')
    dark = figure("dark").svg()
    for other in (moved, black, dark):
        assert other != svg
        with pytest.raises(AssertionError):
            the_same(svg, ours(other))
