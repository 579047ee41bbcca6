"""Widths of texts, and lines that fit."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphstep.look.text_widths import shorten, shorten_apart, width, wrap


def test_widths():
    assert width("8", 10) == pytest.approx(6.96)
    assert width("漢", 10) == 10
    assert width("", 10) == 0


@given(text=st.text(max_size=80), limit=st.floats(40, 400))
def test_wrapped_lines_fit(text, limit):
    for line in wrap(text, 10, limit):
        assert width(line, 10) <= limit + 0.1
    assert width(shorten(text, 10, limit), 10) <= limit


def test_a_long_word_is_broken_and_none_of_it_lost():
    words = "the value of " + "w" * 500 + " is 3"
    lines = wrap(words, 10, 200)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert max(width(line, 10) for line in lines) <= 200


alphabets = st.sampled_from(["ab", "ab_1", "mi…2", "Жщ漢", "a"])


@st.composite
def like_texts(draw):
    """Texts that have beginnings and ends in common, some of them short."""
    letters = draw(alphabets)
    begin, end = (draw(st.text(letters, max_size=40)) for _ in range(2))
    middles = draw(st.lists(st.text(letters, max_size=30), min_size=1, max_size=30))
    return dict.fromkeys((begin + middle + end for middle in middles), draw(st.floats(8, 14)))


@given(texts=like_texts())
@example(texts={"ЖЖщ漢漢漢漢щ": 8.658203125})  # fits by less than a hundredth of an em
def test_different_texts_are_shortened_to_different_ones(texts):
    shown = shorten_apart(texts)
    assert shown.keys() == texts.keys()
    assert len(set(shown.values())) == len(texts)
    for text, limit in texts.items():
        assert width(shown[text], 100) <= 100 * limit + 0.1
        assert shown[text] == text or width(text, 100) > 100 * limit


def test_many_texts_that_differ_in_far_places_stay_different():
    bits = [f"{k:08b}".replace("0", "a" * 40).replace("1", "b" * 40) for k in range(256)]
    shown = shorten_apart(dict.fromkeys(bits, 10.0))
    assert len(set(shown.values())) == 256
    names = {f"weights_of_layer_{k}_of_the_encoder": 10.0 for k in range(12)}
    assert all(f"{k}_of" in shown for k, shown in enumerate(shorten_apart(names).values()))
