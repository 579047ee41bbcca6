"""Theme files of decks: TOML with colours and fonts, and CSS, which is vetted as it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

from ..base.errors import GraphstepError, InputError, Span, one_of, placed, readable
from ..base.files import read_text
from ..figure.options import check_known
from ..look.style import PAGES
from ..slides.design import COLOUR, Design, Fonts
from .source_places import Files, SourceText

MOST_CHARACTERS = 100_000  # of a theme or of its CSS
ENDING = ".toml"
EXAMPLES = {"colors": 'text = "#102040"', "fonts": 'text = "PT Sans"'}
INKS: Mapping[str, str] = MappingProxyType(
    {"text": "ink", "muted": "muted", "accent": "accent", "value": "value", "gradient": "gradient",
     "warning": "warning"}
)  # fmt: skip
"""What theme files call the colours of texts and figures, and what `Colours` does."""
FAMILY = re.compile(r"[^\W_][\w .+-]{0,60}")
ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
OUTSIDE = re.compile(
    r"@\s*import|@\s*namespace|url\s*\(|src\s*\(|image(?:-set)?\s*\(|</|<!--|expression\s*\(|"
    r"-moz-binding|behavior\s*:", re.IGNORECASE,
)  # fmt: skip
"""What makes CSS load something, or end the element that it is in."""


def read_theme(name: str, files: Files) -> Design:
    """The design in a file beside a deck. Raises GraphstepError, with its place in that file."""
    text = _opened(name, files)
    try:
        return _design(text, _parsed(text), files)
    except GraphstepError as error:
        error.file = error.file or name
        raise


def _opened(name: str, files: Files) -> SourceText:
    with readable(name):
        return SourceText(read_text(files.find(name), MOST_CHARACTERS), name)


def _parsed(text: SourceText) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text.source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        last = len(text.lines) if "end of document" in str(error) else 1
        line = min(int(found[1]) if found else last, len(text.lines)) - 1
        said = str(error).partition(" (at")[0]
        raise GraphstepError("theme_toml", source=text.source, span=text.line(line),
                             reason=said) from error  # fmt: skip


def _design(text: SourceText, given: dict[str, Any], files: Files) -> Design:
    """The design that a table describes."""
    fields = dict[str, Any]()
    for key, value in given.items():
        with placed(text.source, _place(text, "", key)):
            check_known(key, tuple(READERS), ())
            READERS[key](text, value, fields)
    if "css" in fields:
        fields["css"] = read_css(fields["css"], files)
    return Design(**fields, file=text.name)


def _place(text: SourceText, table: str, key: str) -> Span:
    """The place of a key in a table, or of the table."""
    now = ""
    for k, line in enumerate(text.lines):
        head = re.fullmatch(r"\s*\[\s*([^\]]*?)\s*\]\s*(?:#.*)?", line)
        now = head[1].strip("\"'") if head else now
        found = re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line)
        if (head and not table and now == key) or (found and now == table):
            return text.line(k)
    return text.line(0)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise GraphstepError("theme_text", given=value)
    return value


def _base(_: SourceText, value: object, fields: dict[str, Any]) -> None:
    one_of("base", _text(value), PAGES)
    fields["theme"] = value


def _css(_: SourceText, value: object, fields: dict[str, Any]) -> None:
    fields["css"] = _text(value)


def _colours(text: SourceText, value: object, fields: dict[str, Any]) -> None:
    """The table of colours."""
    found = _read(text, "colors", value, ("page", *INKS), _colour)
    fields["page"] = found.pop("page", "")
    fields["colours"] = tuple((INKS[key], colour) for key, colour in found.items())


def _colour(value: object) -> str:
    colour = _text(value).lower()
    if re.fullmatch("#[0-9a-f]{3}", colour):
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    if not COLOUR.fullmatch(colour):
        raise GraphstepError("theme_colour", given=value)
    return colour


def _fonts(text: SourceText, value: object, fields: dict[str, Any]) -> None:
    """The table of fonts."""
    fields["fonts"] = Fonts(**_read(text, "fonts", value, Fonts._fields, _family))


def _family(value: object) -> str:
    family = _text(value)
    if not FAMILY.fullmatch(family):
        raise GraphstepError("theme_font", given=value)
    return family


def _read(
    text: SourceText, table: str, value: object, known: Collection[str],
    read: Callable[[object], str],
) -> dict[str, str]:  # fmt: skip
    """The values of a table, each read by a function."""
    if not isinstance(value, dict):
        raise GraphstepError("theme_table", table=table, example=EXAMPLES[table])
    found = dict[str, str]()
    for key, given in value.items():
        with placed(text.source, _place(text, table, key)):
            check_known(key, known, found)
            found[key] = read(given)
    return found


READERS: Mapping[str, Callable[[SourceText, object, dict[str, Any]], None]] = MappingProxyType(
    {"base": _base, "colors": _colours, "fonts": _fonts, "css": _css}
)
"""The keys of a theme file."""


def read_css(name: str, files: Files) -> str:
    """The CSS in a file, which can load nothing. Raises GraphstepError, with its place there."""
    text = _opened(name, files)
    plain, starts = _without_escapes(text.source)
    if found := OUTSIDE.search(plain):
        start, end = starts[found.start()], starts[found.end() - 1] + 1
        error = InputError("css_outside", text=text.source[start:end])
        error.moved(text.source, Span(start, end), name)
        raise error
    return text.source


def _without_escapes(css: str) -> tuple[str, list[int]]:
    """CSS with its escapes read, so that nothing hides in them, and where each letter was."""
    made, starts, done = list[str](), list[int](), 0
    for found in ESCAPE.finditer(css):
        made += css[done : found.start()]
        starts += range(done, found.start())
        code = int(found[1], 16) if found[1] else 0
        made.append(chr(code) if 0 < code < 0x110000 else found[2] or "\ufffd")
        starts.append(found.start())
        done = found.end()
    made += css[done:]
    starts += range(done, len(css))
    return "".join(made), starts
