"""The front matter of a deck: its title and the like, and options for all of its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base.errors import GraphstepError, Span, beginning, placed
from ..base.words import known_language
from ..figure.options import LOOKS, OPTIONS, check_known, choice, truth
from ..latex_input.macros import MOST_MACROS, Macro, macro
from ..look.style import PAGES
from ..pictures.reading import picture_named
from ..slides.deck import MOST_FOOTER, NUMBERINGS, OUTLINES, SIZES, Meta
from ..slides.design import Design
from .other_tools import TOOLS
from .source_places import Files, SourceText
from .syntax import markup_in, with_dashes
from .templates import read_template
from .themes import ENDING, read_theme

FIGURE_OPTIONS = ("by", "forward", "constants", "group", *LOOKS, "captions", "engine", "seed")
"""Options of figures that front matter can set."""


def _text(_: str, text: str) -> str:
    if found := markup_in(" ".join(text.split())):
        raise GraphstepError("front_markup", text=beginning(found, 60))
    return with_dashes(" ".join(text.split()))


def _footer(name: str, text: str) -> str:
    text = _text(name, text)
    if len(text) > MOST_FOOTER:
        raise GraphstepError("footer_long", count=len(text), most=MOST_FOOTER)
    return text


def _language(name: str, text: str) -> str:
    """A language, perhaps with its country, as in ru-RU."""
    return str(OPTIONS["lang"].read(name, COUNTRY.sub("", text)))


COUNTRY = re.compile(r"(?<=^[a-z]{2})[-_][A-Z]{2}$")
META = MappingProxyType(
    {
        "title": _text,
        "subtitle": _text,
        "author": _text,
        "institute": _text,
        "date": _text,
        "lang": _language,
        "theme": choice(lambda: PAGES),
        "aspect": choice(lambda: SIZES),
        "footer": _footer,
        "numbering": choice(lambda: NUMBERINGS),
        "outline": choice(lambda: OUTLINES),
    }
)
"""Facts about a deck that are texts."""
FILES: Mapping[str, Callable[[str, Files], Any]] = MappingProxyType(
    {
        "logo": lambda name, files: picture_named(name, "", files),
        "template": read_template,
    }
)
"""Facts about a deck that are in files beside it."""
INCREMENTAL = "incremental"
"""Whether all lists come item by item."""
LOST = re.compile(r"[ \t]+#[1-9]")
MACROS = "macros"
"""Commands of formulas, each with its LaTeX."""
KEYS = (*META, *FILES, INCREMENTAL, MACROS, *FIGURE_OPTIONS)
MOST_FRONT_CHARACTERS = 10_000  # a list of aliases of one text is as long as their product
MOST_QUOTED = 200  # characters of a line that is shown again, as it can be read


class FrontMatter(NamedTuple):
    """FrontMatter matter as it was read: facts about the deck, and options of its figures."""

    meta: Meta = Meta()
    options: Mapping[str, Any] = MappingProxyType({})
    incremental: bool = False
    macros: Mapping[str, Macro] = MappingProxyType({})


def read_front_matter(text: SourceText, content: str, line: int, files: Files) -> FrontMatter:
    """Read front matter that begins in a line, and the files that it names.

    Raises GraphstepError for what is not known, and for a file that cannot be shown.
    """
    found: dict[str, Any] = {}
    if len(content) > MOST_FRONT_CHARACTERS:
        raise GraphstepError(
            "front_long", source=text.source, span=text.line(line), count=len(content),
            most=MOST_FRONT_CHARACTERS,
        )  # fmt: skip
    root = _composed(text, content, text.starts[line])
    for key, key_span, value, span in _entries(text, root, text.starts[line]):
        with placed(text.source, key_span):
            if key in TOOLS:
                known = ", ".join(KEYS)
                raise GraphstepError("other_tool", name=key, tool=TOOLS[key], known=known)
            check_known(key, KEYS, found)
        with placed(text.source, span):
            found[key] = _value(key, value, files)
    incremental = found.pop(INCREMENTAL, False)
    meta = {key: value for key, value in found.items() if key not in FIGURE_OPTIONS}
    if isinstance(design := meta.get("theme"), Design):
        meta |= {"theme": design.theme, "design": design}
    options = {key: value for key, value in found.items() if key in FIGURE_OPTIONS}
    macros = _macros(text, root, text.starts[line])
    return FrontMatter(Meta(**meta), options, incremental, macros)


def _value(key: str, text: str, files: Files) -> Any:
    """The value of a key, whose text was written."""
    if key == "theme" and text.endswith(ENDING):
        return read_theme(text, files)
    if key in FILES:
        return FILES[key](text, files)
    if key == INCREMENTAL:
        return truth(key, text)
    return (META[key] if key in META else OPTIONS[key].read)(key, text)


def _macros(text: SourceText, root: Any, start: int) -> Mapping[str, Macro]:
    """The macros of front matter, each in a line of its own below the key."""
    import yaml

    found: dict[str, Macro] = {}
    for _, value in (pair for pair in (root.value if root else ()) if pair[0].value == MACROS):
        whole = Span(start + value.start_mark.index, start + value.end_mark.index)
        lines = value.value if isinstance(value, yaml.MappingNode) else ()
        if not lines or len(lines) > MOST_MACROS:
            key = "macros_many" if lines else "macros_form"
            raise GraphstepError(key, source=text.source, span=whole, most=MOST_MACROS)
        for name, body in lines:
            at = Span(start + name.start_mark.index, start + body.end_mark.index)
            with placed(text.source, at):
                plain = all(isinstance(node, yaml.ScalarNode) for node in (name, body))
                if not plain or LOST.match(text.source, at.end):  # YAML takes it as a comment
                    raise GraphstepError("macros_form")
                command = name.value.removeprefix("\\")
                found[command] = macro(command, body.value)
    return found


def _entries(text: SourceText, root: Any, start: int) -> Iterator[tuple[str, Span, str, Span]]:
    """Keys and values as they are written, each with its place."""
    import yaml

    def span(node: Any) -> Span:
        return Span(start + node.start_mark.index, start + node.end_mark.index)

    if not isinstance(root, yaml.MappingNode):
        if root is not None:
            raise GraphstepError("front_form", source=text.source, span=span(root))
        return
    for key, value in root.value:
        if isinstance(key, yaml.ScalarNode) and key.value == MACROS:
            continue
        parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for part in (key, *parts):
            if not isinstance(part, yaml.ScalarNode):
                raise GraphstepError("front_value", source=text.source, span=span(part))
        yield key.value, span(key), ", ".join(part.value for part in parts), span(value)


def _composed(text: SourceText, content: str, start: int) -> Any:
    """The nodes of YAML, with no types guessed, so that `no` and 16:9 stay texts."""
    import yaml

    try:
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        at = start + (mark.index if mark else getattr(error, "position", 0))
        why = getattr(error, "problem", None) or type(error).__name__
        raise GraphstepError(
            "front_yaml", source=text.source, span=Span(at, at + 1), reason=why,
            example=_quoted(text.source, at),
        ) from error  # fmt: skip


def _quoted(source: str, at: int) -> str:
    """The line of a place with its value in quotation marks, as YAML reads it."""
    line = source[source.rfind("\n", 0, at) + 1 :].partition("\n")[0]
    found = re.fullmatch(r"([a-z]+): *(.*\S) *", line)
    if not found or len(line) > MOST_QUOTED:
        return 'title: "A: B"'
    key, value = found.groups()
    begun = re.fullmatch(r"([\"'])((?:(?!\1).)*)\1?", value)  # quoted, with or without an end
    value = begun[2] if begun else value
    if '"' not in value and "\\" not in value:
        return f'{key}: "{value}"'
    doubled = value.replace("'", "''")
    return f"{key}: '{doubled}'"


def language(content: str) -> str:
    """The language that front matter asks for, found without parsing it; English if none."""
    found = re.search("^lang: *[\"']?([a-z]+)", content, re.MULTILINE)
    return known_language(found[1]) if found else "en"
