"""Pictures that would take all memory or time are drawn by another process, which is stopped."""

import sys

import pytest

from graphstep.pictures import trial
from graphstep.pictures.trial import can_be_drawn

RECT = '<rect width="90" height="90" fill="red" %s/>'


def svg(inside):
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">{inside}</svg>'
    return text.encode()


def test_a_shadow_and_a_hatching_can_be_drawn():
    assert can_be_drawn(svg(
        '<filter id="f"><feGaussianBlur stdDeviation="3"/></filter><pattern id="p" width="5" height="5" '
        'patternUnits="userSpaceOnUse"><path d="M0 0L5 5"/></pattern>'
        + RECT % 'filter="url(#f)"' + RECT % 'fill-opacity=".5"' + '<rect width="50" height="50" fill="url(#p)"/>'
    ))  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is bounded on Linux")
def test_a_pattern_that_needs_all_memory_cannot():
    size = 'width="100000" height="100000" patternUnits="userSpaceOnUse"'
    assert not can_be_drawn(svg(
        f'<pattern id="p" {size}>{RECT % ""}</pattern><rect width="90" height="90" fill="url(#p)"/>'
    ))  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of time for processes")
def test_a_filter_that_takes_for_ever_cannot(monkeypatch):
    monkeypatch.setattr(trial, "MOST_SECONDS", 0.2)
    monkeypatch.setattr(trial, "PATIENCE", 5)
    noise = '<filter id="f"><feTurbulence baseFrequency=".05" numOctaves="1000000"/></filter>'
    assert not can_be_drawn(svg(noise + RECT % 'filter="url(#f)"'))


def test_a_crash_harms_nobody():
    deep = "<g>" * 5000 + RECT % "" + "</g>" * 5000
    assert not can_be_drawn(svg(deep))
