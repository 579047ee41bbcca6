"""Every error has an example that was run; on the command line it is one message, never a traceback."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import errortable  # noqa: E402

ROWS = [
    (key, form, text)
    for theme in errortable.EXAMPLES.values()
    for key, example in theme.items()
    for form, text in example.items()
]


def keys():
    words = tomllib.loads((ROOT / "graphstep" / "words" / "en.toml").read_text(encoding="utf-8"))
    errors = words["error"]
    shapes = errors.pop("shape")
    return {*errors, *(f"shape.{key}" for key in shapes)}


def test_every_error_has_an_example():
    shown = [key for key, *_ in ROWS]
    assert len(shown) == len(set(shown))
    assert {*shown, *errortable.PARTS} == keys()
    assert not set(shown) & set(errortable.PARTS)
    assert set(errortable.PRETENDED) <= set(shown)


def test_the_page_of_errors_is_fresh():
    assert errortable.TARGET.read_text(encoding="utf-8") == errortable.page(), "make pictures"


@pytest.mark.parametrize(("key", "form", "text"), ROWS, ids=[key for key, *_ in ROWS])
def test_messages_read_well(key, form, text):
    """One sentence or more in each language, and carets, if any, under the place that is told."""
    for lang, message in errortable.messages(key, form, text).items():
        first, *excerpt = message.splitlines()
        assert first.endswith(".")
        assert not re.search(r"  |\.\.$| object at |Error\(|Path\(", first)
        assert lang != "ru" or re.search("[а-яё]{3}", first)
        if not excerpt:
            continue
        line, carets = excerpt
        assert re.fullmatch(r" {4,}\^+", carets)
        assert len(carets) <= len(line) + 1
        if form == "deck":
            row, column = map(int, re.findall(r"\d+", first)[:2])
            assert text.splitlines()[row - 1] == line[4:]
            assert carets.index("^") == 3 + column
