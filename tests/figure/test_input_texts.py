"""Inputs as they are written on a command line: numbers in other notations, and what to write."""

import random
import re
from collections import Counter

import numpy as np
import pytest

import graphstep as gs
from graphstep.base.words import languages
from graphstep.figure.input_texts import inputs

TAKEN = {
    "2": 2, "−2": -2, "1e-3": 0.001, "3/4": 0.75, "-1/2": -0.5, "2**0.5": 2**0.5, "10**3": 1000,
    "sqrt(2)": 2**0.5, "(1 + 2)*3": 9, "[1, 2]": [1, 2], "[1,2]": [1, 2],
    "4.0·10⁻⁵": 4e-5, "−10⁷": -1e7, "10²": 100,  # as figures print them
}  # fmt: skip
ADVISED = {
    "pi": 3.141592653589793, "π": 3.141592653589793, "2*pi": 6.283185307179586,
    "-pi/2": -1.5707963267948966, "np.pi": 3.141592653589793, "e": 2.718281828459045,
    "√2": 2**0.5, "½": 0.5, "2^3": 8, "50%": 0.5, "5!": 120, "1 000": 1000,
    "1 2 3": [1, 2, 3], "1,2,3": [1, 2, 3], "(1, 2)": [1, 2], "1; 2": [1, 2], "{1, 2}": [1, 2],
}  # fmt: skip
REFUSED = ["two", "x", "2*x", "1/0", "0x10", "f(2)", "[1, x]", "1..2", "--", "exp"]


@pytest.mark.parametrize("text", TAKEN)
def test_numbers_as_they_are_written(text):
    assert list(
        inputs([f"x={text}"], 0)["x"] if "[" in text else [inputs([f"x={text}"], 0)["x"]]
    ) == (TAKEN[text] if "[" in text else [TAKEN[text]])


def told(text, lang="en"):
    with pytest.raises(gs.InputError) as caught:
        inputs([f"x={text}"], 0)
    return caught.value.message(lang)


@pytest.mark.parametrize("text", ADVISED)
def test_what_is_advised_is_read_as_what_was_meant(text):
    for lang in languages():
        write = re.search(r"x=(\S+(?: [^a-zа-я]+)?)\.$", told(text, lang))[1]
        found = inputs([f"x={write}"], 0)["x"]
        assert (found if isinstance(found, float) else list(found)) == ADVISED[text]


@pytest.mark.parametrize("text", ["1,5", "-3,14"])
def test_a_comma_is_a_decimal_or_a_list(text):
    number, listed = re.findall(r"x=(\[.*\]|[-\d.]+)(?= or|\.$)", told(text))
    whole, part = text.split(",")
    assert inputs([f"x={number}"], 0)["x"] == float(f"{whole}.{part}")
    assert list(inputs([f"x={listed}"], 0)["x"]) == [float(whole), float(part)]


@pytest.mark.parametrize("text", REFUSED)
def test_what_means_no_number_gets_no_number(text):
    assert not re.search(r"x=\S", told(text))


def test_fractions_in_lists():
    with pytest.raises(gs.ParseError, match=r"Write 0\.5"):
        inputs(["x=[1/2, 3/4]"], 0)


def test_broken_arrays_are_errors_of_graphstep(tmp_path):
    """Whatever stands in the bytes of a .npy file: a value, or an error."""
    draw = random.Random(1)
    file = tmp_path / "x.npy"
    np.save(file, np.ones((2, 3)))
    good = file.read_bytes()
    swaps = (
        b"True, 3",
        b"2, 10**9",
        b"-1, 3",
        b"2.0, 3",
        b"None,",
        b"'a',3",
        b"[], 3",
        b"9" * 18,
        b"",
        b"\\",
        b"(" * 50,
    )
    broken = [good.replace(b"2, 3", swap) for swap in swaps]
    broken += [
        good.replace(b"<f8", kind)
        for kind in (b"<U8", b"|O ", b"<c8", b"<m8", b"?", b"f8,f8", b"<f2", b"V9")
    ]
    for _ in range(600):
        data = bytearray(good)
        for _ in range(draw.choice((1, 1, 2, 5))):
            data[draw.randrange(draw.choice((12, len(data))))] = draw.choice(
                b"0(){}[],:'T\0\xff \n9"
            )
        broken.append(bytes(data[: draw.choice((len(data), draw.randrange(len(data))))]))
    counted = Counter()
    for data in broken:
        file.write_bytes(data)
        try:
            inputs([f"x=@{file}"], 0)
        except gs.GraphstepError as error:
            counted[error.key] += 1
            assert len(str(error)) < 600
    assert counted["cannot_read"] > 200


def test_a_pipe_or_a_device_is_called_that():
    with pytest.raises(gs.GraphstepError, match="/dev/zero: a pipe or a device, not a file"):
        inputs(["x=@/dev/zero"], 0)
