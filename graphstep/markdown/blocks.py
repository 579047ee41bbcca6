"""From tokens of Markdown to blocks of a slide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..base.errors import GraphstepError, Span, beginning, placed
from ..figure.options import read_frames
from ..slides.deck import (
    Block,
    Code,
    Display,
    Formula,
    Heading,
    Inline,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    plain,
)
from .figure_fences import is_figure
from .moments import InLists, OnSteps, Pause, Written
from .other_tools import DIAGRAMS, DIRECTIVE, FENCE, PICTURE, WIDTH, blanked, found_in
from .pictures import read_picture
from .source_places import Files, LocatedText, SourceText

if TYPE_CHECKING:
    from markdown_it.token import Token

CLOSING = re.compile(r"[\s>]*(`{3,}|~{3,}|:{3,})\s*")
CONTAINER = re.compile(r"\s*\{?\s*\.?([\w-]+)[\s=]*([^{}]*?)\}?\s*:*\s*")
NOTES, BESIDE, PAUSE, CLOSED = "notes", "beside", ". . .", "container_block_close"
ON_SLIDES = (NOTES, BESIDE)
"""Containers that stand nowhere else."""


class Blocks:
    """A walk over the tokens of a text."""

    def __init__(self, text: SourceText, tokens: Iterator[Token], files: Files) -> None:
        self.text, self.tokens, self.files = text, tokens, files
        self.referred: list[int] = []  # footnotes, in the order in which the slide refers to them

    def block(self, token: Token) -> Iterator[Written]:
        """The blocks that begin with a token; everything up to its closing token is consumed."""
        handler = HANDLERS.get(token.type)
        if handler is not None:
            yield from handler(self, token)

    def inside(self, end: str) -> tuple[Block, ...]:
        """The blocks up to a closing token. Raises GraphstepError for what has moments there."""
        found: list[Block] = []
        for token in self._until(end):
            for block in self.block(token):
                if isinstance(block, Pause | InLists | OnSteps):
                    self.refuse("only_on_slide", token)
                else:
                    found.append(block)
        return tuple(found)

    def notes(self, token: Token) -> str:
        """A container of notes as plain text."""
        self._check_closed(token, (token.map or [0, 0])[1])
        return plain_text(self.inside(CLOSED))

    def contents(self, token: Token) -> Iterator[Token]:
        """The tokens in a container. Raises GraphstepError if it is not closed."""
        self._check_closed(token, (token.map or [0, 0])[1])
        yield from self._until(CLOSED)

    def container(self, token: Token) -> tuple[str, str]:
        """The name of a container, and what follows it. Raises GraphstepError for an unknown one.

        A name may be a word, a class or a key: `notes`, `{.notes}`, `{step=w0}`.
        """
        found = CONTAINER.fullmatch(token.info)
        name, rest = found.group(1, 2) if found else ("", "")
        if name not in (*ON_SLIDES, *CONTAINERS):
            known = ", ".join((*ON_SLIDES, *CONTAINERS))
            self.refuse("unknown_block", token, name=token.info.strip(), known=known)
        return name, rest.strip("\"' ")

    def heading(self, token: Token) -> tuple[Inline, ...]:
        """The parts of a heading."""
        return self._parts(next(self._until("heading_close")), token)

    def refuse(self, key: str, token: Token, **values: object) -> None:
        """Raise an error that points to a token's first line."""
        line = self.text.line((token.map or [0])[0])
        raise GraphstepError(key, source=self.text.source, span=line, **values)

    def check_fence(self, token: Token) -> None:
        """Raise GraphstepError for a fence that is not closed: it swallows the slides after it."""
        self._check_closed(token, (token.map or [0, 0])[1] - 1)

    def _check_closed(self, token: Token, last: int) -> None:
        lines = self.text.lines
        line = lines[last] if last < len(lines) else ""
        found = CLOSING.fullmatch(line)
        if not found or not found.group(1).startswith(token.markup) or last == token.map[0]:  # type: ignore[index]
            self.refuse("not_closed_block", token, end=token.markup)

    def _until(self, end: str) -> Iterator[Token]:
        for token in self.tokens:
            if token.type == end:
                return
            yield token

    def _paragraph(self, token: Token) -> Iterator[Written]:
        inner, *_ = self._until("paragraph_close")
        if inner.content.strip() == PAUSE:
            yield Pause()
            return
        parts = self._parts(inner, token)
        if len(parts) == 1 and isinstance(parts[0], Picture):
            yield parts[0]
        elif len(parts) == 1 and isinstance(parts[0], Formula) and inner.content.startswith("$$"):
            yield Display(parts[0])
        elif parts:
            yield Paragraph(parts)

    def _heading(self, token: Token) -> Iterator[Block]:
        yield Heading(self.heading(token), max(2, int(token.tag[1:])))

    def _list(self, token: Token) -> Iterator[Block]:
        end = token.type.replace("open", "close")
        items = tuple(_with_box(self.inside("list_item_close")) for _ in self._until(end))
        start = token.attrs.get("start", 1) if token.type == "ordered_list_open" else None
        yield Items(items, start if start is None else int(start))

    def _quote(self, _: Token) -> Iterator[Block]:
        yield Quote(self.inside("blockquote_close"))

    def _code(self, token: Token) -> Iterator[Block]:
        if is_figure(token):
            self.refuse("only_on_slide", token)
        if token.type == "fence":
            self.check_fence(token)
            self._check_info(token)
        yield Code(token.content.removesuffix("\n"), next(iter(token.info.split()), ""))

    def _check_info(self, token: Token) -> None:
        """Refuse orders to other tools in the first line of a fence."""
        if found := FENCE.search(token.info):
            self.refuse("other_fence", token, text=beginning(found[0], 60))
        if (language := token.info.strip()) in DIAGRAMS:
            self.refuse("other_diagram", token, text=language)

    def _container(self, token: Token) -> Iterator[Written]:
        name, rest = self.container(token)
        if name in ON_SLIDES:
            self.refuse("only_on_slide", token)
        self._check_closed(token, (token.map or [0, 0])[1])
        yield from CONTAINERS[name](self, token, rest)

    def _in_lists(self, token: Token, _: str) -> Iterator[Written]:
        one_by_one = self.container(token)[0] == "incremental"
        blocks = (block for each in self._until(CLOSED) for block in self.block(each))
        yield InLists(tuple(blocks), one_by_one)

    def _on_steps(self, token: Token, steps: str) -> Iterator[Written]:
        """A text on steps, with the notes in it."""
        blocks, notes = list[Block](), list[str]()
        line = self.text.line((token.map or [0])[0])
        with placed(self.text.source, line):
            steps = read_frames(steps)
        for each in self._until(CLOSED):
            if each.type == "container_block_open" and self.container(each)[0] == NOTES:
                notes.append(self.notes(each))
            elif each.type == "html_block":
                notes.append(self.comments(each))
            else:
                for block in self.block(each):
                    if isinstance(block, Pause | InLists | OnSteps):
                        self.refuse("only_on_slide", each)
                    else:
                        blocks.append(block)
        yield OnSteps(tuple(blocks), steps, line, "\n\n".join(filter(None, notes)))

    def _display(self, token: Token) -> Iterator[Block]:
        first = (token.map or [0])[0]
        yield Display(self._formula(token.content, self.text.locate(token.content, first), 0))

    def _table(self, _: Token) -> Iterator[Block]:
        rows: list[list[tuple[Inline, ...]]] = []
        aligns, line, column = [], None, 0
        for token in self._until("table_close"):
            if token.type == "tr_open":
                rows.append([])
                line, column = token, 0
            elif token.type == "th_open":
                style = str(token.attrGet("style") or "left")
                aligns.append(style.removeprefix("text-align:"))
            elif token.type == "inline" and line is not None:
                rows[-1].append(self._parts(token, line, column))
                found = self.text.lines[line.map[0]].find(token.content, column)  # type: ignore[index]
                column = max(column, found + len(token.content))
        yield Table(tuple(map(tuple, rows)), tuple(aligns))

    def comments(self, token: Token) -> str:
        """The comments of HTML, which are notes. Raises GraphstepError for any other HTML."""
        found, rest = _comments(token.content)
        self._refuse_html(rest, token)
        for comment in found:
            if DIRECTIVE.match(comment):
                text = f"<!--{comment}-->"
                self.refuse("other_directive", token, text=beginning(" ".join(text.split()), 60))
        return "\n\n".join(filter(None, (comment.strip() for comment in found)))

    def _html(self, token: Token) -> Iterator[Block]:
        self._refuse_html(_comments(token.content)[1], token)
        yield from ()

    def _refuse_html(self, rest: str, token: Token) -> None:
        """Refuse what a token has besides comments."""
        at = len(rest) - len(rest.lstrip())
        if rest.strip():
            located = self.text.locate(token.content, (token.map or [0])[0])
            self._refuse("html", located, Span(at, len(rest.rstrip())))

    # --- text

    def _parts(self, inline: Token, block: Token, column: int = 0) -> tuple[Inline, ...]:
        """The parts of an inline text."""
        located = self.text.locate(inline.content, (block.map or [0])[0], column)
        self._check_forms(inline, located)
        line = _InlineParts()
        for token in inline.children or ():
            if token.type in STYLE_CHANGES:
                name, change = STYLE_CHANGES[token.type]
                line.look[name] += change
            elif token.type in TOKEN_TEXTS:
                line.add(TOKEN_TEXTS[token.type] or token.content, code=token.type == "code_inline")
            elif token.type == "text":
                line.add(line.after_width(token.content), code=False)
            elif token.type in ("link_open", "link_close"):
                line.link = str(token.attrGet("href") or "")
            else:
                line.parts.extend(self._part(token, located))
        if inline.content.startswith("$$") and isinstance(next(iter(line.parts), None), Run):
            self._refuse("formula_open", located, Span(0, 2))
        return tuple(line.parts)

    def _check_forms(self, inline: Token, located: LocatedText) -> None:
        """Refuse what other tools write in texts, since it would be printed as it stands."""
        tokens = [token for token in inline.children or () if token.type in NO_TEXT]
        spans = [_with_width(inline.content, token.meta["span"]) for token in tokens]
        if found := found_in(blanked(inline.content, spans)):
            key, span = found
            text = beginning(inline.content[span.start : span.end], 60)
            self._refuse(key, located, span, text=text)

    def _part(self, token: Token, located: LocatedText) -> Iterator[Inline]:
        """A formula, a picture, or nothing for a comment."""
        span = token.meta["span"]
        if token.type == "image":
            try:
                alt = "".join(child.content for child in token.children or ())
                if PICTURE.match(alt):
                    self._refuse("other_picture", located, span, text=beginning(alt, 60))
                yield read_picture(str(token.attrGet("src")), alt, self.files)
            except GraphstepError as error:
                error.moved(self.text.source, located.span(span))
                raise
        elif token.type == "footnote_ref":
            self.referred.append(token.meta["id"])
            yield Run(superscript(len(self.referred)))
        elif token.type.startswith("math"):
            yield self._formula(token.content, located, span.start + len(token.markup))
        elif _comments(token.content)[1].strip():
            self._refuse("html", located, span)

    def _formula(self, source: str, located: LocatedText, start: int) -> Formula:
        """A formula that begins at `start` in a text."""
        from ..formulas.from_latex import latex_to_tree

        try:
            return Formula(latex_to_tree(source.strip()), source.strip())
        except GraphstepError as error:
            start += len(source) - len(source.lstrip())
            inner = error.span or Span(0, len(source.strip()))
            within = Span(start + inner.start, start + inner.end)
            error.moved(self.text.source, located.span(within))
            raise

    def _refuse(self, key: str, located: LocatedText, span: Span, **values: object) -> None:
        raise GraphstepError(key, source=self.text.source, span=located.span(span), **values)


def _with_width(content: str, span: Span) -> Span:
    """The place of what is no text, with the width after it if it is that of a picture."""
    found = WIDTH.match(content, span.end) if content.startswith("!", span.start) else None
    return Span(span.start, found.end()) if found else span


def _with_box(item: tuple[Block, ...]) -> tuple[Block, ...]:
    """An item with the box of a task in place of its brackets."""
    first = item[0] if item else None
    if not isinstance(first, Paragraph) or not isinstance(first.parts[0], Run):
        return item
    start, rest = first.parts[0].text[:4], first.parts[0].text[4:]
    if start not in BOXES:
        return item
    boxed = first.parts[0]._replace(text=BOXES[start] + rest)
    return (Paragraph((boxed, *first.parts[1:])), *item[1:])


def superscript(number: int) -> str:
    """A whole number as a mark of a footnote."""
    return str(number).translate(SUPERSCRIPTS)


SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _comments(html: str) -> tuple[list[str], str]:
    """The comments of HTML, and the HTML with spaces in place of them."""
    found, pieces, done = list[str](), list[str](), 0
    while (start := html.find("<!--", done)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        found.append(html[start + 4 : end])
        pieces += html[done:start], " " * (end + 3 - start)
        done = end + 3
    return found, "".join(pieces) + html[done:]


class _InlineParts:
    """Parts of a text in the making, and the look of the text to come."""

    def __init__(self) -> None:
        self.parts: list[Inline] = []
        self.look = {"bold": 0, "italic": 0, "struck": 0}
        self.link = ""

    def after_width(self, text: str) -> str:
        """A text without the width that it begins with, which the picture before it gets."""
        found = WIDTH.match(text)
        last = self.parts[-1] if self.parts else None
        if found is None or not isinstance(last, Picture):
            return text
        self.parts[-1] = last._replace(width=int(found[1]) / 100)
        return text[found.end() :]

    def add(self, text: str, code: bool) -> None:
        """Add text, joined to the last part if it looks the same."""
        look = {name: count > 0 for name, count in self.look.items()}
        run = Run(text, code=code, link=self.link, **look)
        last = self.parts[-1] if self.parts else None
        if isinstance(last, Run) and last._replace(text=text) == run:
            self.parts[-1] = run._replace(text=last.text + text)
        elif text:
            self.parts.append(run)


STYLE_CHANGES: Mapping[str, tuple[str, int]] = MappingProxyType(
    {f"{tag}_{end}": (look, change)
     for tag, look in (("strong", "bold"), ("em", "italic"), ("s", "struck"))
     for end, change in (("open", 1), ("close", -1))}
)  # fmt: skip
TOKEN_TEXTS = MappingProxyType({"code_inline": "", "softbreak": " ", "hardbreak": "\n"})
NO_TEXT = frozenset(("code_inline", "math_inline", "math_inline_double", "image", "link_open",
                     "html_inline", "footnote_ref"))  # fmt: skip
"""Tokens whose source is not text."""
BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
HANDLERS: Mapping[str, Callable[[Blocks, Token], Iterator[Written]]] = MappingProxyType(
    {
        "paragraph_open": Blocks._paragraph,
        "heading_open": Blocks._heading,
        "bullet_list_open": Blocks._list,
        "ordered_list_open": Blocks._list,
        "blockquote_open": Blocks._quote,
        "fence": Blocks._code,
        "code_block": Blocks._code,
        "container_block_open": Blocks._container,
        "math_block": Blocks._display,
        "table_open": Blocks._table,
        "html_block": Blocks._html,
    }
)
"""Handlers of the tokens that begin a block."""
CONTAINERS: Mapping[str, Callable[[Blocks, Token, str], Iterator[Written]]] = MappingProxyType(
    {
        "step": Blocks._on_steps,
        "incremental": Blocks._in_lists,
        "nonincremental": Blocks._in_lists,
    }
)
"""Handlers of containers besides notes, which are no block."""


def plain_text(blocks: tuple[Block, ...]) -> str:
    """Blocks as plain text, for notes."""
    return "\n\n".join(filter(None, map(_plain_block, blocks)))


def _plain_block(block: Block) -> str:
    if isinstance(block, Items):
        signs = ("-" if block.start is None else f"{block.start + k}."
                 for k in range(len(block.items)))  # fmt: skip
        return "\n".join(map(_item, signs, block.items))
    if isinstance(block, Table):
        return "\n".join(" | ".join(map(plain, row)) for row in block.rows)
    if isinstance(block, Paragraph | Heading):
        return plain(block.parts)
    return plain_text(block.blocks) if isinstance(block, Quote) else _other(block)


def _item(sign: str, blocks: tuple[Block, ...]) -> str:
    lines = "\n".join(filter(None, map(_plain_block, blocks)))
    return f"{sign} " + lines.replace("\n", "\n" + " " * (len(sign) + 1))


def _other(block: Block) -> str:
    if isinstance(block, Display):
        return block.formula.source
    return (
        block.alt if isinstance(block, Picture) else block.text if isinstance(block, Code) else ""
    )
