"""Every sentence that a reader sees: whole sentences with named gaps, a TOML file per language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from os import listdir
from os.path import dirname, join

FOLDER = join(dirname(__file__), "words")


@cache
def languages() -> tuple[str, ...]:
    """All languages, in alphabetical order: each has a file."""
    files = listdir(FOLDER)
    return tuple(sorted(f.removesuffix(".toml") for f in files if f.endswith(".toml")))


def known_language(lang: str) -> str:
    """The language itself if it is known, else English."""
    return lang if lang in languages() else "en"


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """All sentences of a language, under dotted keys.

    Raises LookupError for an unknown language.
    """
    import tomllib

    if lang not in languages():
        raise LookupError(lang)
    with open(join(FOLDER, f"{lang}.toml"), "rb") as file:
        return dict(_flat(tomllib.load(file)))


def say(key: str, lang: str = "en", /, **values: object) -> str:
    """The sentence of a key, with its gaps filled in.

    >>> say("error.place", line=1, column=3)
    'line 1, column 3'
    """
    return sentences(lang)[key].format(**values)


def with_mark(number: str, lang: str) -> str:
    """A number with the decimal mark of a language in place of its point.

    >>> with_mark("2.5", "en"), with_mark("2.5", "ru")
    ('2.5', '2,5')
    """
    return number.replace(".", say("number.mark", lang))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
