"""What other tools write in decks, and graphstep would print as it stands: it is refused.

Each row is a form and the key of its sentence, which says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..base.errors import Span


class Form(NamedTuple):
    """A form that is no Markdown of ours: where it stands, and the key of the error."""

    pattern: re.Pattern[str]
    key: str


def _form(pattern: str, key: str) -> Form:
    return Form(re.compile(pattern), key)


MARKER = (
    r"(?:\((?:\d{1,3}|[a-z]|[ivx]{2,4})\)|[A-Za-zА-Яа-я]\)|[A-Za-z]\.|[ivxIVX]{2,4}[.)]|#\.|"
    r"\(@[\w-]*\)) "
)
"""What begins an item of a list in pandoc, and no item in CommonMark."""
BULLET = r"(?:[•●▪◦‣]|[–—] |-(?=[^\W\d_])|\d{1,3}[.)](?=[^\W\d_]))"
"""What begins an item where people write without a list, or forget the space."""

DECKSET = "slidenumbers|autoscale|build-lists"
REMARK = "class|layout|template|exclude|src|background-image|count"
"""What says in other tools how slides look, on lines before their text."""

WHOLE_PARAGRAPHS = (
    _form(r"::[\w-]+::", "other_slot"),
    _form(r"::[\w-]+[^\0]*", "other_component"),
    _form(rf"\[\.[\w-]+: .*\]|(?:\w+: .*\n)*(?:{DECKSET}): [^\0]*", "other_directive"),
    _form(r"={1,5} \S.*|#\+\w+[^\0]*|h[1-6]\. .*|\*{2,5} [^*]*|\[source,[^\0]*", "other_language"),
    _form(r"import .{1,200} from ['\"].*|export (?:const|default) [^\0]*", "other_component"),
    _form(rf"[•●▪◦‣].*|{BULLET}.*(?:\n{BULLET}.*)+", "other_list"),
    _form(r"-> ?\S.*<-", "other_attributes"),
    _form(r"<<< .*|FILE: \S+|--8<-- .*|@import .*|!{1,3}include\W.*", "other_include"),
    _form(r"@?\[\[?(?:toc|TOC)\]?\]", "other_contents"),
    _form(r"\.\. [\w-]+::[^\0]*|\([\w-]+\)=", "other_sphinx"),
    _form(r"%%[^\0]*", "other_comment"),
    _form(r"Table: +\S[^\0]*", "other_caption"),
    _form(r"@start[a-z]+\s[^\0]*", "other_diagram_text"),
    _form(r"#{1,6}[^\W\d_].*", "other_heading"),
    _form(r"\s*\$ ?(?:\([\w:.-]+\)|\{#[\w:.-]+\})", "other_equation_label"),
    _form(r"(?:[^\n]+\n)?[:~] +\S[^\0]*|\*\[[^\]\n]+\]: .*", "other_definition"),
    _form(r"% .*(?:\n% .*)*", "other_title_block"),
    _form(rf"(?:#\.|\(@[\w-]*\)) [^\0]*|{MARKER}.*(?:\n{MARKER}.*)+", "other_list"),
    _form(r"\|.*\| *(?:\n\|.*\| *)+", "other_table"),
    _form(r"\| .*(?:\n\| ?.*)*", "other_line_block"),
    _form(r"\+[-=:]{2,}[-=:+]*\+(?:\n[|+].*)*", "other_table"),
    _form(r"--|\?{3}|\+{3}|\|{3}|\^ +\S[^\0]*", "other_separator"),
    _form(rf"(?:{REMARK}): .*|name: [\w-]+", "other_slide_front"),
    _form(r"(?:!!!|\?{3}\+?|/{3,}) ?\w+[^\0]*|={3}[+!]? \"[^\0]*|[?!]> ?\S[^\0]*", "other_callout"),
)
"""Paragraphs that are nothing else; the first line of a text decides."""

LATEX = (
    "text(?:bf|it|tt|sc)|emph|underline|alert|begin|end|item|pause|(?:new|clear)page|(?:v|h)space|"
    "centering|includegraphics|footnote(?:mark|text)?|caption|cite|ref|label|href|url|color|textcolor|"
    "vfill|eqref|only|onslide|uncover"
)
"""Commands of LaTeX for texts, which are read in formulas alone."""

COMPONENT = r":[a-z][\w-]{0,40}(?:\[[^\[\]\n]{0,200}\])?\{[^{}\n]{0,200}\}"
STARS = r"\*\*[^*\s](?:[^*\n]{0,200}[^*\s])?\*\*(?!\w)|(?<!\w)\*\*[^*\n]{1,200}\*\*"
SPACED = (
    r"\$(?=[^$\n]{0,200}[\\^_=<>{}])(?: +[^$\n]{1,200}?|[^$\s][^$\n]{0,200}? +)\$(?!\d)|"
    r"\$(?: +[A-Za-z] *|[A-Za-z] +)\$(?!\d)"
)
UNREAD = (
    r"!\[[^\]\n]{0,200}\] ?\(|(?<![\w\])])\[[^\[\]\n]{1,200}\]"
    r"(?: \((?=https?:|mailto:)|\[[^\[\]\n]{1,200}\])"
)
"""Components of Slidev; bold words, formulas, links and pictures that CommonMark does not see."""

IN_TEXT = (
    _form(r"\{\{.{0,200}?\}\}|\{% ?.{0,200}?%\}", "other_shortcode"),
    _form(r"\{v-clicks?[^{}\n]{0,200}\}", "other_fragment"),
    _form(rf"(?<![\w:]){COMPONENT}", "other_component"),
    _form(r"^\[fit\] ", "other_directive"),
    _form(STARS, "other_stars"),
    _form(SPACED, "formula_spaces"),
    _form(UNREAD, "address_form"),
    _form(r"``[^`'\n]{1,200}''", "other_quotes"),
    _form(r"(?<=`)_(?!\w)", "other_sphinx"),
    _form(r"\{:{1,2}[\w./][^{}\n]{0,200}\}", "other_attributes"),
    _form(r"\{([=_^~+>-]{1,2})[^{}\n]{1,200}?(?:\1|<<|=)\}", "other_mark"),
    _form(r"\{[a-z][\w:+.-]{0,40}\} {2,}`|:[a-z][\w:+.-]{0,40}: {2,}`", "other_sphinx"),
    _form(r"\[\[[^\[\]\n]{0,200}[^\W\d_][^\[\]\n]{0,200}\]\]", "other_wikilink"),
    _form(r"(?:(?<=\s)|^)[@%] {3,}\)|(?<![\w@])@\[[^\]\n]{1,200}\]", "other_embed"),
    _form(r"(?<![\w|])\|\|[^\s|](?:[^|\n]{0,200}[^\s|])?\|\|(?![\w|])", "other_bars"),
    _form(r"%%[^%\n]{1,200}%%", "other_comment"),
    _form(r"^\[[-/<>!?*\"]\](?= )", "other_task"),
    _form(r"(?<=\s)\^[A-Za-z][\w-]{2,40}\s*\Z", "other_reference"),
    _form(r"(?<![\w@/.])@[A-Za-z][A-Za-z_:-]{1,40}(?:\d\d){1,2}[a-z]?(?![\w@])", "other_reference"),
    _form(r"(?<=[\])`$*_~])\{:?\s?(?:[.#=][\w-]|[\w-]{1,40}=)[^{}\n]{0,200}\}", "other_attributes"),
    _form(r"(?:(?<=\s)|^)\{:?\s?[.#][\w-][^{}\n]{0,200}\}", "other_attributes"),
    _form(r"(?:(?<=\s)|^)\{(?:-|[A-Za-z][\w-]{1,40}=[\"'\w][^{}\n]{0,200})\}", "other_attributes"),
    _form(r"^\.[a-z][\w.-]*\[", "other_attributes"),
    _form(r"!\[\[", "other_include"),
    _form(r"\[(?:-|[^@\[\]\n]{1,100} )?@[A-Za-z][^\[\]\n]{0,200}\](?!\()", "other_reference"),
    _form(rf"\\(?:{LATEX})(?![A-Za-z])|(?<![\w:\\/.])\\[A-Za-z]{{2,40}}", "other_latex"),
    _form(r"\[\^[^\]\s]{1,99}\]", "other_footnote"),
    _form(r"\^\[", "other_inline_footnote"),
    _form(r"^\[!\w+\]", "other_callout"),
    _form(r"(?<![\w@])@(?:fig|tbl|eq|sec|lst)-[\w-]+", "other_reference"),
    _form(
        r"(?<=\w)\^[^\s^]{1,40}\^(?!\w)|(?<=\w)~[^\s~]{1,40}~(?=[\w\s.,;]|$)|"
        r"(?<=\w)~\w{1,20}(?:\\ \w{1,20}){1,4}~",
        "other_script",
    ),
    _form(r"(?<![\w~/])~[^\s~/\d](?:[^~\n]{0,100}[^\s~])?~(?![\w~])", "other_tilde"),
    _form(r"==[^\s=](?:[^=\n]{0,200}[^\s=])?==", "other_mark"),
    _form(r"(?<![\w^])\^\^[^\s^](?:[^^\n]{0,200}[^\s^])?\^\^(?![\w^])", "other_mark"),
    _form(r"(?<![\w+])\+\+[^\s+](?:[^+\n]{0,200}[^\s+])?\+\+(?![\w+])", "other_mark"),
    _form(r"(?<![\w:]):[a-z][a-z0-9_+-]{1,30}:(?![\w:]| {2,}`)", "other_emoji"),
)
"""Pieces of text."""

WAITS = re.compile(
    r"(?<![\w-])(?:fragments?|fade-(?:in|out|up|down|left|right)|semi-fade-out|v-clicks?)(?![\w-])"
)
"""Classes by which something waits in other tools."""

DIRECTIVE = re.compile(
    r"\s*(?:\$\w+\s*:|(?:slide|element)\s+[\w-]+=|_?(?:class|paginate|header|footer|backgroundColor|backgroundImage|backgroundSize|color|theme|"
    r"style|size|math|headingDivider|transition|marp)\s*:|\.(?:slide|element)\s*:|(?:fit|pause|end_slide|"
    r"incremental_lists|column_layout|alignment|new_lines?|jump_to_middle|reset_layout|no_footer|skip_slide)\b|"
    r"(?:column|font_size|include|list_item_newlines|speaker_note)\s*:)"
)
"""A comment that is an order to another tool."""

SLIDE_FRONT = re.compile(
    r"(?:layout|class|background|transition|clicks|level|hide|zoom|image|name): *\S.*"
)
"""The first line of Slidev's front matter of a slide, which Markdown takes for a heading."""

RULED = re.compile(r"\s*-{2,}(?:\s+-{2,})+\s*")
"""The line over or under a table of pandoc, which Markdown takes for the beginning of a slide."""

IN_TURN = re.compile(r"\s*(\{[\d|,*-]*\|[\w|,*-]*\})\s*\n")
"""What Slidev has before a formula whose lines come one after another."""

ENDED = frozenset(
    ("magic-move", "monaco", "monaco-run", "monaco-diff", "twoslash", "+exec", "+exec_replace",
     "+line_numbers", "+render", "+image", "linenums")
)  # fmt: skip
"""Words after the language of a program that make something else of it in other tools."""

ANNOTATED = re.compile(r"(?:#|//|--|%|;) ?<\d{1,2}>\s*$", re.MULTILINE)
"""The number of a remark on a line of a program, as Quarto has it."""

DIAGRAMS = frozenset(
    ("mermaid", "plantuml", "puml", "vega", "vega-lite", "chart", "echarts", "dataview",
     "dataviewjs", "{mermaid}", "{dot}", "{graphviz}")
)  # fmt: skip
"""Languages of diagrams and of tables that are looked up: they would be printed as programs."""

FORMULAS = ("math", "{math}")
"""Languages of formulas, which GitHub and MyST have in fences."""

CELLS = frozenset(
    ("python", "r", "julia", "ojs", "js", "bash", "sql", "sh", "matlab", "octave", "c", "cpp",
     "rust", "go")
)  # fmt: skip
"""Languages in braces that programs of Quarto have; other names in braces are of Sphinx."""

DIRECTIVES = re.compile(r"\s*\{([a-zA-Z][\w:+.-]*)\}")
"""The name of a directive of Sphinx, as MyST has it in fences."""

EVALUATED = re.compile(
    r"\{(?:r|python|julia|ojs)\} .*|\$?= ?(?:this\.|dv\.).*|\$= .*|"
    r"r (?!(?:in|is|or|and|not|if|else|for)\b)[\w.(\"'-][^=]*"
)
"""A program in a text whose result other tools show."""

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "Marp": "marp paginate size header math headingDivider backgroundColor style",
        "Slidev": "layout mdc drawings highlighter clicks colorSchema transition exportFilename "
        "routerMode lineNumbers background src canvasWidth aspectRatio themeConfig titleTemplate",
        "Quarto": "format execute jupyter filters editor title-slide-attributes",
        "reveal-md": "revealOptions separator verticalSeparator highlightTheme css preprocessor",
        "R Markdown": "output header-includes knit",
        "pandoc": "colortheme fonttheme aspectratio classoption documentclass slide-level "
        "section-titles toc bibliography csl fontsize",
        "Obsidian": "tags aliases cssclass cssclasses",
        "MyST": "kernelspec jupytext myst exports short_title",
    }
)
TOOLS: Mapping[str, str] = MappingProxyType(
    {key: tool for tool, keys in KEYS.items() for key in keys.split()}
)
"""Keys of front matter by which the tool is recognised that a deck was written for."""


def found_in(text: str) -> tuple[str, Span] | None:
    """The key and the place of the first form in a text whose code and formulas are blank."""
    whole = text.strip()
    for form in WHOLE_PARAGRAPHS:
        if form.pattern.fullmatch(whole):
            return form.key, Span(0, len(text))
    hits = ((found.start(), found.end(), form.key) for form in IN_TEXT
            if (found := form.pattern.search(text)))  # fmt: skip
    start, end, key = min(hits, default=(0, 0, ""))
    return (key, Span(start, end)) if key else None


def blanked(content: str, spans: list[Span]) -> str:
    """A text with some of its pieces, and what a backslash escapes, replaced by spaces."""
    pieces, done = list[str](), 0
    for span in spans:
        if span.start >= done:  # links hold the tokens of their text
            pieces += content[done : span.start], " " * (span.end - span.start - 1)
            pieces += content[span.end - 1 : span.end]
        done = max(done, span.end)
    return ESCAPED.sub("  ", "".join(pieces) + content[done:])


ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
