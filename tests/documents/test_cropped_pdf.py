"""Cropped pages: as large as the figure, and transparent or dark."""

import re

import pytest

import graphstep as gs
from examples import first
from graphstep.documents import cropped_pdf as crop


def test_a_cropped_page_is_as_large_as_its_figure(poppler, pages, pixels):
    s = first()
    size = s[0].shapes
    data = crop.whole(s)
    info = poppler(data, "pdfinfo", "-l", "99")
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
    assert len(sizes) == len(s)
    for wide, high in sizes:
        assert float(wide) == pytest.approx(size.width, abs=0.01)
        assert float(high) == pytest.approx(size.height, abs=0.01)
    assert "−12" in pages(data)[0]
    assert "Forward" not in pages(data)[0]
    dark = pixels(crop.whole(first(style=gs.Style(theme="dark"))), 1)
    assert dark[1, 1].tolist() == [13, 17, 23]


def test_a_page_is_no_larger_than_readers_show(poppler):
    s = gs.stepper("f = x" + " + x" * 70, x=1, style=gs.Style(digits=14)).showing((0,))
    assert s[0].shapes.width > 14400
    wide, high = re.search(
        r"Page size: +([\d.]+) x ([\d.]+)", poppler(crop.whole(s), "pdfinfo")
    ).groups()
    assert float(wide) == pytest.approx(14400, abs=0.1)
    assert float(high) == pytest.approx(s[0].shapes.height * 14400 / s[0].shapes.width, abs=0.1)
