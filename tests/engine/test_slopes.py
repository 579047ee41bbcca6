"""Numeric slopes: across a point and on its two sides, and why there is none."""

import math
import random

import pytest

from graphstep.engine.slopes import (
    NOTHING,
    Measured,
    Sample,
    Slopes,
    agree,
    extrapolated,
    finest,
    measure,
)


def found_at(function, x, claim=0.5, kinks=()):
    """What is found for a function of one number, with kinks that it declares."""

    def probe(t):
        sides = bytes((t > kink) - (t < kink) + 1 for kink in kinks)
        try:
            value = function(t)
        except (ValueError, ZeroDivisionError):
            value = math.nan
        return Sample(value, sides, lambda: abs(value))

    return measure(probe, x, abs(x), claim)


SMOOTH = {
    "a line": (lambda x: 3 * x - 1, lambda x: 3.0),
    "a parabola": (lambda x: x * x, lambda x: 2 * x),
    "a cube": (lambda x: x**3, lambda x: 3 * x * x),
    "a wave": (math.sin, math.cos),
    "growth": (math.exp, math.exp),
}


@pytest.mark.parametrize("x", [-3.0, -1e-7, 0.0, 0.5, 1.0, 20.0])
@pytest.mark.parametrize(("function", "slope"), SMOOTH.values(), ids=SMOOTH)
def test_a_smooth_function_has_one_slope(function, slope, x):
    found = found_at(function, x)
    assert found.status == "slope"
    assert not found.slopes.bent
    low, high = found.slopes.ends
    assert low is high
    assert abs(low.slope - slope(x)) <= 1e-9 * max(abs(slope(x)), 1e-3) + low.noise


def corner(at, left, right):
    return lambda x: (x - at) * (left if x < at else right)


SIDES = [(0.0, 1.0), (1.0, 0.0), (-2.0, 3.0), (1.0, 1.01), (5.0, -5.0)]


@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize("at", [0.0, 1.0, -250.0, 1e-8])
@pytest.mark.parametrize(("left", "right"), SIDES)
def test_a_kink_has_the_slopes_of_its_two_sides(at, left, right, declared):
    found = found_at(corner(at, left, right), at, kinks=(at,) if declared else ())
    assert (found.status, found.declared) == ("slope", declared)
    assert found.slopes.bent
    assert found.slopes.below.slope == pytest.approx(left, rel=1e-6, abs=1e-6)
    assert found.slopes.above.slope == pytest.approx(right, rel=1e-6, abs=1e-6)
    assert [end.slope for end in found.slopes.ends] == sorted(
        side.slope for side in found.slopes[1:]
    )


@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize("off", [1e-9, 1e-8, 1e-6, 1e-4, 1e-2])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_kink_beside_a_point_does_not_change_its_slope(sign, off, declared):
    """On either side of the kink, whichever way it is approached."""
    found = found_at(corner(1.0, 2.0, 7.0), 1.0 + sign * off, kinks=(1.0,) if declared else ())
    assert found.status == "slope"
    assert not found.slopes.bent
    assert found.slopes.across.slope == pytest.approx(2.0 if sign < 0 else 7.0, rel=1e-4)


@pytest.mark.parametrize("waves", [30, 60, 100])
def test_a_slope_across_fast_waves_is_exact_to_twelve_digits(waves):
    """Central differences have errors in even powers of the step only."""
    found = found_at(lambda t: math.sin(waves * t), 1.0)
    assert found.slopes.across.slope == pytest.approx(waves * math.cos(waves), rel=1e-12)


@pytest.mark.parametrize("off", [1e-11, 1e-10, 1e-9, 1e-4])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_declared_kink_beside_a_curve_does_not_change_its_slope(sign, off):
    """Steps that cross it agree on a slope, too: no step crosses a kink that is known."""
    x = 1.0 + sign * off
    found = found_at(lambda t: math.sin(t) + corner(1.0, 2.0, 7.0)(t), x, kinks=(1.0,))
    assert found.status == "slope"
    assert not found.slopes.bent
    slope = math.cos(x) + (2.0 if sign < 0 else 7.0)
    assert found.slopes.across.slope == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("off", [1e-10, 1e-9, 1e-6])
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_second_kink_close_by_on_one_side_does_not_change_the_slopes(sign, off):
    """Large steps agree on a slope beyond it, and more precisely; only small ones see the first."""

    def twice_bent(x):
        t = sign * (x - 1.0)
        return -t if t < 0 else t if t < off else off + 3 * (t - off)

    slopes = found_at(twice_bent, 1.0).slopes
    found = [slopes.below.slope, slopes.above.slope]
    assert found == pytest.approx([-1.0, 1.0], abs=1e-3)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_declared_kink_nearer_than_any_step_is_here(sign):
    """It is looked for on both sides."""
    kink = 1.0 + sign * finest(1.0)
    assert found_at(corner(kink, 0.0, 1.0), 1.0, kinks=(kink,)).declared
    assert not found_at(
        corner(1.0 + sign * 1e-6, 0.0, 1.0), 1.0, kinks=(1.0 + sign * 1e-6,)
    ).declared


def noise(x):
    """A line under dust of the size 1e-3, the same at every call."""
    return x + 1e-3 * random.Random(x.hex()).random()


NO_SLOPE = {
    "outside of the domain": (math.log, -1.0, "undefined"),
    "a pole": (lambda x: 1 / x, 0.0, "undefined"),
    "the end of the domain": (math.sqrt, 0.0, "undefined"),
    "the end on the other side": (lambda x: math.sqrt(-x), 0.0, "undefined"),
    "a step": (lambda x: float(x >= 1), 1.0, "jump"),
    "a step the other way": (lambda x: float(x > 1), 1.0, "jump"),
    "a single point": (lambda x: float(x == 1), 1.0, "jump"),
    "dust": (noise, 1.0, "unmeasurable"),
    "vertical": (lambda x: math.copysign(math.sqrt(abs(x)), x), 0.0, "unmeasurable"),
}


@pytest.mark.parametrize(("function", "x", "status"), NO_SLOPE.values(), ids=NO_SLOPE)
def test_why_there_is_no_slope(function, x, status):
    found = found_at(function, x)
    known = found.slopes.across.noise < 1e-2 * abs(found.slopes.across.slope)
    assert found.status == status or (status == "unmeasurable" and not known)


@pytest.mark.parametrize(
    ("apart", "same"), [(0.0, True), (2.9, True), (-2.9, True), (3.3, False), (-3.3, False)]
)
def test_the_errors_of_two_slopes_add_up(apart, same):
    """Eight times 0.1 + 0.3 is 3.2; neither their difference nor one of them alone."""
    assert agree(Measured(1.0, 0.1, 1.0), Measured(1.0 + apart, 0.3, 1.0)) == same
    bent = Slopes(NOTHING.across, Measured(1.0, 0.1, 1.0), Measured(1.0 + apart, 0.3, 1.0)).bent
    assert bent != same


def test_an_unknown_error_agrees_with_nothing():
    assert not agree(Measured(1.0, math.inf, 1.0), Measured(1.0, 0.0, 1.0))
    assert not NOTHING.known


def test_extrapolation_and_its_error():
    steps = [0.1 / 1.6**k for k in range(7)]
    exact = extrapolated([2 + h * h for h in steps], steps, 0.0, 1.6**2)
    assert exact.slope == pytest.approx(2, abs=1e-13)
    rough = extrapolated([2 + h * h for h in steps], steps, 1e-6, 1.6**2)
    assert rough.noise >= 2e-5 > exact.noise
    assert extrapolated([], [], 0.0, 1.6).noise == math.inf
