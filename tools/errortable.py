"""Write docs/errors.md: every error, made by running an example of it. A test keeps it fresh.

The examples are in tools/errors.toml. Each runs in a new folder, with FILES in it.
"""

from __future__ import annotations

import os
import shlex
import sys
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, chdir, nullcontext, redirect_stderr, redirect_stdout
from errno import ENOENT
from functools import cache, partial
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest import mock
from zipfile import ZipFile

from traitlets import TraitError

from graphstep.base.errors import EngineError, GraphstepError
from graphstep.base.words import languages
from graphstep.cli import main as cli
from graphstep.look.layout_engines import _ADDED

HERE = Path(__file__).parent
TARGET = HERE.parent / "docs" / "errors.md"
EXAMPLES: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    (HERE / "errors.toml").read_text(encoding="utf-8")
)
"""Examples by theme and key, each under the name of its form."""
DECK = "talk.md"


def _svg(inside: str, size: str = 'width="4" height="3"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inside}</svg>'.encode()


def _packed(**parts: str) -> bytes:
    """A presentation with nothing but these parts."""
    out = BytesIO()
    with ZipFile(out, "w") as made:
        made.writestr("ppt/presentation.xml", "<p/>")
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def _without_titles() -> bytes:
    """A template whose layouts have no titles."""
    from pptx import Presentation

    made, out = Presentation(), BytesIO()
    for layout in made.slide_layouts:
        for holder in list(layout.placeholders):
            holder.element.getparent().remove(holder.element)
    made.save(out)
    return out.getvalue()


ELSEWHERE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="http://x/image" Target="http://example.org/a.png" '
    'TargetMode="External"/></Relationships>'
)
FILES: Mapping[str, bytes] = {
    "old.ppt": b"",
    "macros.pptm": b"",
    "text.pptx": b"a text",
    "empty.pptx": _packed(),
    "linked.pptx": _packed(**{"ppt/theme.xml.rels": ELSEWHERE}),
    "bare.pptx": _without_titles(),
    "bare.md": b"---\ntemplate: bare.pptx\n---\n\n# First slide\n",
    "broken.toml": b"[colors]\ntext = #102040\n",
    "number.toml": b"[colors]\ntext = 102040\n",
    "table.toml": b'colors = "blue"\n',
    "color.toml": b'[colors]\ntext = "navy"\n',
    "font.toml": b'[fonts]\ntext = "PT Sans, Arial"\n',
    "styled.toml": b'css = "own.css"\n',
    "own.css": b".gs-page { background: url(paper.png) }\n",
    "empty.md": b"",
    "short.md": b"# First slide\n\n```graphstep x=2 y=3\nf = x * y\n```\n",
    "net.gif": b"GIF89a\xff",
    "net.png": b"no picture",
    "net.svg": b"<net/>",
    "net.webp": b"",
    "outside.md": b"# First slide\n\n![a net](../net.png)\n",
    "photo.gif": b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
    "plain.svg": _svg("<g/>"),
    "sizeless.svg": _svg("<g/>", size=""),
    "outside.svg": _svg('<image href="photo.jpg"/>'),
    "script.svg": _svg("<script>start()</script>"),
    "entities.svg": b'<!DOCTYPE svg [<!ENTITY grey "#888">]>' + _svg("<g/>"),
    "packed.svg": b"\x1f\x8b\x08",
    "deep.svg": _svg("<g>" * 50 + "</g>" * 50),
    "loop.svg": _svg('<g id="net"><use href="#net"/></g>'),
    "shadow.svg": _svg("<filter><feTurbulence/></filter>"),
}
INTRODUCTION = """# Errors

Every error of graphstep in English and in Russian, made by running the example above it. A message
says what is wrong, where (with carets under the place in the text), and what to do instead.

- **On the command line** it is printed after `graphstep: ` on standard error, the exit status is 1,
  and no file is written. `--lang ru` chooses the language. Usage errors, such as an unknown option,
  have status 2.
- **In Python** it is a `graphstep.GraphstepError`: its `key` is the heading here, `line` and
  `column` give the place, and `message("ru")` is the message in another language.
- **In a deck** it begins with the file, and its language is that of the deck.

Messages of the system or of other programs are quoted unchanged. In the Python examples `gs` is
graphstep and `np` is NumPy.
"""
PARTS: Mapping[str, str] = {
    "place": "caret", "place_in_file": "html", "did_you_mean": "superfluous_input",
    "quoted": "bad_pattern", "of_shape": "shape.matmul", "of_number": "shape.matmul_number",
    "whole_number": "option_number", "plain_number": "option_number",
    "shape_of_number": "tangent_shape", "shape_of_array": "tangent_shape",
    "options_known": "option_unknown", "settings_known": "not_a_setting",
}  # fmt: skip
"""Sentences that are parts of messages, each with an error that contains it."""
INSTEAD: Mapping[str, tuple[str, str, str]] = {
    "options_none": ("option_unknown", "command", "graphstep 'f = relu(x, slope=2)' x=1"),
    "settings_none": (
        "not_a_setting", "command",
        "graphstep 'f = w * x' w=1 x=2 --update w --rule 'sgd(beta=0.9)'",
    ),
}  # fmt: skip
"""Parts that stand there in another case, with an example of their own."""


class Form(NamedTuple):
    """A kind of example: how it is run, and how it is shown."""

    run: Callable[[str], object]
    shown: str


def _command(line: str) -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        cli._status(shlex.split(line)[1:])


def _python(code: str) -> None:
    with redirect_stdout(StringIO()), mock.patch.dict(_ADDED, clear=True):
        exec(f"import numpy as np\nimport graphstep as gs\n{code}", {})


def _deck(text: str) -> None:
    Path(DECK).write_text(text, encoding="utf-8")
    _command(f"graphstep deck {DECK}")


FORMS: Mapping[str, Form] = {
    "command": Form(_command, "```console\n$ {}\n```"),
    "python": Form(_python, "```python\n{}\n```"),
    "deck": Form(_deck, "````markdown\n{}\n````"),
}


class Pretence(NamedTuple):
    """A failure that no example can cause by itself: how it is described, and what causes it."""

    told: str
    world: Callable[[], AbstractContextManager[object]] = nullcontext


def _cluster_of_nobody() -> AbstractContextManager[object]:
    client = mock.Mock(**{"wait_for_workers.side_effect": TimeoutError})
    return mock.patch("distributed.Client", return_value=client)


def _dying_processes() -> AbstractContextManager[object]:
    said = "A process in the process pool was terminated abruptly"
    pool = mock.Mock(**{"map.side_effect": BrokenProcessPool(said)})
    return mock.patch("concurrent.futures.ProcessPoolExecutor", return_value=pool)


def _without_memory(_: str) -> bytes:
    raise EngineError("engine_missing", engine="embedded", reason="Cannot allocate memory")


def _without_dot(_: str) -> bytes:
    raise EngineError("engine_missing", engine="dot", reason=os.strerror(ENOENT))


PRETENDED: Mapping[str, Pretence] = {
    "needs_extra": Pretence(
        "Typst is not installed", partial(mock.patch.dict, sys.modules, {"typst": None})
    ),
    "typst_failed": Pretence("Typst is given a page that graphstep does not write"),
    "front_long": Pretence(
        "front matter may have no character at all",
        partial(mock.patch, "graphstep.markdown.front_matter.MOST_FRONT_CHARACTERS", 0),
    ),
    "template_large": Pretence(
        "a template may have no byte at all",
        partial(mock.patch, "graphstep.markdown.templates.MOST_UNPACKED", 0),
    ),
    "picture_large": Pretence(
        "a picture may have no byte at all",
        partial(mock.patch, "graphstep.pictures.reading.MOST_BYTES", 0),
    ),
    "picture_pixels": Pretence(
        "a picture may have no pixel at all",
        partial(mock.patch, "graphstep.pictures.raster.MOST_PIXELS", 0),
    ),
    "picture_elements": Pretence(
        "a picture may have one element",
        partial(mock.patch, "graphstep.pictures.vector.MOST_ELEMENTS", 1),
    ),
    "picture_costly": Pretence(
        "no picture can be drawn within bounds",
        partial(mock.patch, "graphstep.pictures.vector.can_be_drawn", lambda _: False),
    ),
    "no_workers": Pretence("a cluster without workers", _cluster_of_nobody),
    "workers_failed": Pretence("processes die again and again", _dying_processes),
    "engine_missing": Pretence(
        "Graphviz is not installed", partial(mock.patch.dict, os.environ, {"PATH": ""})
    ),
    "no_engine": Pretence(
        "little memory, and Graphviz is not installed",
        partial(
            mock.patch,
            "graphstep.look.layout_engines.BUILT_IN",
            {"embedded": _without_memory, "dot": _without_dot},
        ),
    ),
    "engine_failed": Pretence(
        "Graphviz is given a text that it cannot read",
        partial(mock.patch, "graphstep.drawing.layout.dot", lambda *_: "digraph {"),
    ),
}


@cache
def messages(key: str, form: str, text: str) -> Mapping[str, str]:
    """The message of an example's error by language. Raises LookupError if it is another error."""
    world = PRETENDED[key].world() if key in PRETENDED else nullcontext()
    with TemporaryDirectory() as folder, chdir(folder), world:
        for name, content in FILES.items():
            Path(name).write_bytes(content)
        try:
            FORMS[form].run(text)
        except (GraphstepError, TraitError) as error:
            found = error.__cause__ if isinstance(error, TraitError) else error
            if isinstance(found, GraphstepError) and found.key == key:
                return {lang: found.message(lang) for lang in languages()}
            raise LookupError(key) from error
    raise LookupError(key)


def page() -> str:
    """The whole page."""
    return INTRODUCTION + "".join(map(_theme, EXAMPLES))


def _theme(name: str) -> str:
    sections = (
        _section(key, form, text)
        for key, example in EXAMPLES[name].items()
        for form, text in example.items()
    )
    return f"\n## {name}\n" + "".join(sections)


def _section(key: str, form: str, text: str) -> str:
    parts = [f"### `{key}`", FORMS[form].shown.format(text)]
    if key in PRETENDED:
        parts.append(f"Pretended here: {PRETENDED[key].told}.")
    parts += [f"```text\n{message}\n```" for message in messages(key, form, text).values()]
    return "\n" + "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
