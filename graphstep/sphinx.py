"""A Sphinx extension, `graphstep.sphinx`: figures that step, and formulas.

It has the directive `graphstep`, for reStructuredText and MyST, and renders formulas as MathML with
`html_math_renderer = "graphstep"`. Pages load nothing from other sites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import blake2s
from itertools import chain
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.logging import getLogger

from . import __version__
from .base.errors import GraphstepError, OutputError, Span, excerpt, placed
from .base.files import write
from .base.folders import file_in
from .base.words import known_language
from .figure.frame_choice import chosen_frames, noted_frames
from .figure.input_texts import each_input
from .figure.options import (
    FENCE_OPTIONS,
    OPTIONS,
    OptionLine,
    complete,
    graph,
    keywords,
    read_line,
)
from .formulas.mathml import mathml
from .latex_input.reader import latex_to_tree
from .look.fonts import MATHEMATICS, folder
from .look.png import png
from .look.typst import typeset
from .outputs import text
from .painting.svg import escape
from .player.assets import classic, colours, player
from .player.page import figure_element
from .player.payload import title
from .player.questions import check
from .stepping import stepper

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    from .stepping import Stepper

DIRECTIVE_OPTIONS = (*FENCE_OPTIONS, "theme", "quiz")
WORD_OPTIONS = ("inputs", "with")  # options whose texts are inputs and options themselves
FONT_FILE = "STIXTwoMath.woff2"


class graphstep_figure(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """A figure: `html` for pages that run scripts, `stills` as SVG, `said` as text."""


class DocumentText(NamedTuple):
    """A text made of lines of a document, with the number of each line."""

    source: str
    lines: tuple[int, ...]

    def line(self, error: GraphstepError, otherwise: int) -> int:
        """The line of the document that an error is about; `otherwise` if it is about no line."""
        if error.source != self.source or error.line is None or not self.lines:
            return otherwise
        return self.lines[min(error.line, len(self.lines)) - 1]


class Directive(SphinxDirective):  # type: ignore[misc]
    """`.. graphstep:: f = x * y`, with `:inputs: x=2 y=3`, and the options of a fence in decks.

    The expression is on the line or in the body. `:steps:` chooses the frames that are shown where
    nothing can step, such as on paper; a figure that steps opens at the first of them.
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "name": directives.unchanged,
        **dict.fromkeys((*WORD_OPTIONS, *DIRECTIVE_OPTIONS), directives.unchanged),
    }

    def run(self) -> list[nodes.Node]:
        """The figure, or the error at its line."""
        expression, words = self._expression(), self._words()
        try:
            found = self._figures(expression.source, words.source)
        except GraphstepError as error:
            source, here = self.get_source_info()
            line = expression.line(error, words.line(error, here))
            return [self._report(error, source, line)]
        for node in found:
            self.set_source_info(node)
        self.add_name(found[0])
        return [*found]

    def _block(self) -> list[str]:
        """The lines of the whole directive; older MyST does not give those before the body."""
        lines = _stripped(self.block_text.splitlines())
        whole = lines and self.name in lines[0]
        return lines if whole else [""] * (1 + self.content_offset) + lines

    def _expression(self) -> DocumentText:
        """The text on the line of the directive and in its body."""
        _, here = self.get_source_info()
        head = self.arguments[0].splitlines() if self.arguments else []
        body, block = _stripped(self.content), self._block()
        found = (k for k in range(1, len(block)) if block[k : k + len(body)] == body)
        lines = (
            range(here, here + len(head)),
            range(start := here + next(found, 0), start + len(body)),
        )
        return DocumentText("\n".join([*head, *self.content]), tuple(chain(*lines)))

    def _words(self) -> DocumentText:
        """The options as they are written in a fence, one per line."""
        _, here = self.get_source_info()
        shown = {name: _worded(name, value or "") for name, value in self.options.items()}
        shown.pop("name", None)
        block = self._block()
        begin = {line.lstrip(":").partition(":")[0]: k for k, line in reversed([*enumerate(block)])}
        return DocumentText(
            "\n".join(shown.values()), tuple(here + begin.get(name, 0) for name in shown)
        )

    def _figures(self, expression: str, words: str) -> list[graphstep_figure]:
        line = read_line(words, DIRECTIVE_OPTIONS, find=self._file)
        options = complete({"lang": known_language(self.config.language)}, line.options)
        numbers = self._inputs(words, line, options["seed"])
        made = stepper(graph(expression, options), inputs=numbers, **keywords(options))
        if options["quiz"]:
            with placed(words, line.spans["quiz"]):
                check(made)
        with placed(words, line.spans.get("steps", Span(0, 0))):
            frames = chosen_frames(options["steps"] or ("0" if options["quiz"] else "last"), made)
        with placed(words, line.spans.get("captions", Span(0, 0))):
            options["captions"] = noted_frames(options["captions"], made, frames)
        with placed(words, line.spans.get("iterations", Span(0, 0))):
            if options["quiz"] and options["iterations"] > 1:
                raise GraphstepError("one_iteration", name="quiz")
            found = made.iterations(options["iterations"])
        number = partial(self.env.new_serialno, "graphstep")
        return [_node(each, frames, options, number() + 1) for each in found]

    def _inputs(self, words: str, line: OptionLine, seed: int) -> dict[str, Any]:
        reading, found = each_input((word.text for word in line.inputs), seed, self._file), {}
        for word in line.inputs:
            try:
                name, found[name] = next(reading)
            except GraphstepError as error:
                error.moved(words, word.span)
                raise
        return found

    def _file(self, name: str) -> Path:
        """The path of an array that is named relative to the page, which then depends on it."""
        here = Path(self.env.doc2path(self.env.docname)).parent
        confined = self.config.graphstep_confined
        path = file_in(here, name, Path(self.env.srcdir) if confined else None)
        self.env.note_dependency(str(path))
        return path

    def _report(self, error: GraphstepError, source: str, line: int) -> nodes.Node:
        """The error as a Sphinx report at its line, with a caret under its place."""
        place = excerpt(error.source, error.span) if error.source and error.span else ""
        error.source = error.span = None
        shown = [nodes.literal_block(place, place, language="none")] if place else []
        report: nodes.Node = self.state_machine.reporter.error(
            error.message(), *shown, source=source, line=line
        )
        return report


def _stripped(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines]


def _worded(name: str, value: str) -> str:
    """An option of the directive as it is written in a fence."""
    value = " ".join(value.split())
    if name in WORD_OPTIONS:
        return value
    return f"--{name}={quote(value)}" if value or not OPTIONS[name].flag else f"--{name}"


def _node(
    made: Stepper, frames: tuple[int, ...], options: Mapping[str, Any], number: int
) -> graphstep_figure:
    """The node of a figure, with all that any kind of document shows of it, as text."""
    inside = figure_element(
        made, options["quiz"], f"figure={number}", frames[0] if options["steps"] else 0,
        [made[k] for k in frames],
    )  # fmt: skip
    captions = [made[k].caption if k in options["captions"] else "" for k in frames]
    return graphstep_figure(
        html=f"<style>{colours(made)}</style>{inside}",
        stills=list(zip([made[k].picture() for k in frames], captions, strict=True)),
        said=text.whole(made),
        title=title(made),
    )


# --- pages


def _visit(self: HTML5Translator, node: graphstep_figure) -> None:
    self.body.append(f"{self.starttag(node, 'div')}{node['html']}</div>\n")
    raise nodes.SkipNode


def _inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(_formula(node, display=False))
    raise nodes.SkipNode


def _block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(_formula(node, display=True))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({node["number"]})</span>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _formula(node: nodes.Element, display: bool) -> str:
    """A formula as MathML; one that cannot be read is reported, and shown as it is written."""
    source = node.astext().strip()
    try:
        return mathml(latex_to_tree(source, display), display)
    except GraphstepError as error:
        getLogger(__name__).warning("%s", error, location=node)
        return f"<code>{escape(source)}</code>"


def _files(app: Sphinx) -> None:
    """Write the files that all pages share."""
    if not _steps(app):
        return
    static = Path(app.outdir) / "_static"
    begin = "document.querySelectorAll('.graphstep-figure').forEach(start);"
    write(static / "graphstep.js", f"(() => {{\n{classic()}\n{begin}\n}})();\n")
    write(static / "graphstep.css", player() + "\n")
    face = f'@font-face{{font-family:"{MATHEMATICS}";src:url({FONT_FILE}) format("woff2")}}'
    write(static / "graphstep-math.css", f'{face}\nmath{{font-family:"{MATHEMATICS}",math}}\n')
    write(static / FONT_FILE, (folder() / FONT_FILE).read_bytes())


def _page(
    app: Sphinx, _name: str, _template: str, _context: Any, tree: nodes.document | None
) -> None:
    """Link the files that a page needs."""
    if tree is None or not _steps(app):
        return
    if next(tree.findall(graphstep_figure), None) is not None:
        app.add_js_file("graphstep.js", loading_method="defer")
        app.add_css_file("graphstep.css")
    formulas = any(True for kind in (nodes.math, nodes.math_block) for _ in tree.findall(kind))
    if formulas and getattr(app.builder, "math_renderer_name", "") == "graphstep":
        app.add_css_file("graphstep-math.css")


def _steps(app: Sphinx) -> bool:
    """Whether scripts run in what is built: in pages, but not in books."""
    return app.builder.format == "html" and not getattr(app.builder, "embedded", False)


# --- other documents


def _pdf(svg: str) -> bytes:
    page = '#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("figure.svg")'
    return typeset(page, "pdf", {"figure.svg": svg.encode()})[0]


def _png(svg: str) -> bytes:
    return png(svg, 2.0, "white")


STILLS: Mapping[str, tuple[str, Callable[[str], bytes]]] = MappingProxyType(
    {
        "application/pdf": (".pdf", _pdf),
        "image/svg+xml": (".svg", str.encode),
        "image/png": (".png", _png),
    }
)
"""The kinds of pictures: their ending, and how they are made from SVG."""


def _still(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Replace figures by pictures, or by text, where scripts do not run."""
    if _steps(app):
        return
    for node in list(tree.findall(graphstep_figure)):
        try:
            node.replace_self(_pictures(app, node, name) or _said(node))
        except ImportError:
            error = OutputError("needs_extra", what=__name__, extra="slides")
            getLogger(__name__).warning("%s", error, location=node)
            node.replace_self(_said(node))


def _said(node: graphstep_figure) -> list[nodes.Node]:
    return [nodes.literal_block(node["said"], node["said"], language="none")]


def _pictures(app: Sphinx, node: graphstep_figure, name: str) -> list[nodes.Node]:
    """The frames as images, each with its caption; none if the builder shows no pictures."""
    kind = next((kind for kind in app.builder.supported_image_types if kind in STILLS), None)
    if kind is None:
        return []
    ending, make = STILLS[kind]
    found: list[nodes.Node] = []
    for svg, caption in node["stills"]:
        key = blake2s(svg.encode(), digest_size=10).hexdigest()
        path = write(Path(app.doctreedir) / "images" / f"graphstep-{key}{ending}", make(svg))
        app.env.images.add_file(name, str(path))
        found.append(nodes.image(uri=str(path), candidates={kind: str(path)}, alt=node["title"]))
        if caption:
            found.append(nodes.paragraph(caption, caption))
    return found


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the math renderer; called by Sphinx."""
    app.add_node(graphstep_figure, html=(_visit, None))
    app.add_directive("graphstep", Directive)
    app.add_html_math_renderer("graphstep", (_inline, None), (_block, None))
    app.add_config_value("graphstep_confined", False, "env", bool)
    app.connect("builder-inited", _files)
    app.connect("html-page-context", _page)
    app.connect("doctree-resolved", _still)
    made_of = __version__ + classic() + player()  # the content of all that Sphinx caches
    return {
        "version": __version__,
        "env_version": int.from_bytes(blake2s(made_of.encode(), digest_size=6).digest()),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
