"""From tokens of Markdown to blocks of a slide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..base.errors import GraphstepError, Span, beginning, placed
from ..figure.options import read_frames
from ..pictures.sizes import percent, row
from ..slides.deck import (
    Block,
    Code,
    Columns,
    Display,
    FigureBlock,
    Formula,
    Heading,
    Inline,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    inner,
    plain,
)
from .attributes import (
    CLASSES,
    TITLE_CLASSES,
    Container,
    known_list,
    read_container,
    read_info,
    style_of,
    styled,
)
from .figure_fences import LANGUAGE, fence_of, is_figure
from .moments import (
    InColumns,
    InLists,
    InTurn,
    OnSteps,
    Pause,
    Written,
    always,
    has_figure,
    has_moments,
)
from .other_tools import (
    ANNOTATED,
    CELLS,
    DIAGRAMS,
    DIRECTIVE,
    DIRECTIVES,
    ENDED,
    FORMULAS,
    IN_TURN,
    WAITS,
)
from .source_places import Files, LocatedText, SourceText
from .texts import Texts, comments_in

if TYPE_CHECKING:
    from markdown_it.token import Token

CLOSING = re.compile(r"[\s>]*(`{3,}|~{3,}|:{3,})\s*")
NOTES, BESIDE, COLUMN, STEP = "notes", "beside", "column", "step"
ON_SLIDES = (NOTES, BESIDE)
"""Containers that stand nowhere else."""
PAUSE, CLOSED = ". . .", "container_block_close"
MakeFigures = Callable[["Token"], list[FigureBlock]]
MakeContainer = Callable[["Blocks", "Token", Container], Iterator[Written]]


class Blocks:
    """A walk over the tokens of a text."""

    def __init__(self, text: SourceText, tokens: Iterator[Token], files: Files) -> None:
        self.text, self.tokens, self.files = text, tokens, files
        self.texts = Texts(text, files)
        self.figures: MakeFigures | None = None  # of fences in columns, where they may be

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
                if has_moments(block):
                    self.refuse("only_on_slide", token)
                found += always(block)
        return tuple(found)

    def written(self) -> tuple[Written, ...]:
        """What stands in a container, with its moments."""
        return tuple(block for token in self._until(CLOSED) for block in self.block(token))

    def notes(self, token: Token) -> str:
        """A container of notes as plain text."""
        self._check_closed(token, (token.map or [0, 0])[1])
        return plain_text(self.inside(CLOSED))

    def contents(self, token: Token) -> Iterator[Token]:
        """The tokens in a container. Raises GraphstepError if it is not closed."""
        self._check_closed(token, (token.map or [0, 0])[1])
        yield from self._until(CLOSED)

    def title(self, token: Token) -> tuple[Inline, ...]:
        """The parts of a heading that is a slide's title."""
        return self._heading_parts(token, TITLE_CLASSES)[0]

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
        text, *_ = self._until("paragraph_close")
        if text.content.strip() == PAUSE:
            yield Pause()
            return
        parts, classes = self.texts.parts_and_classes(text, token, CLASSES)
        if len(parts) == 1 and isinstance(parts[0], Formula) and text.content.startswith("$$"):
            blocks: tuple[Block, ...] = (Display(parts[0]),)
        elif any(isinstance(part, Picture) for part in parts) and not _words(parts):
            blocks = tuple(map(row, _rows(parts)))
        else:
            blocks = (Paragraph(parts),) if parts else ()
        yield from styled(blocks, classes)

    def _heading(self, token: Token) -> Iterator[Block]:
        parts, classes = self._heading_parts(token, (*CLASSES, *TITLE_CLASSES))
        yield from styled((Heading(parts, max(2, int(token.tag[1:]))),), classes)

    def _heading_parts(
        self, token: Token, known: Iterable[str]
    ) -> tuple[tuple[Inline, ...], tuple[str, ...]]:
        return self.texts.parts_and_classes(next(self._until("heading_close")), token, known)

    def _list(self, token: Token) -> Iterator[Block]:
        end = token.type.replace("open", "close")
        items = tuple(_with_box(self.inside("list_item_close")) for _ in self._until(end))
        start = token.attrs.get("start", 1) if token.type == "ordered_list_open" else None
        yield Items(items, start if start is None else int(start))

    def _quote(self, _: Token) -> Iterator[Block]:
        yield Quote(self.inside("blockquote_close"))

    def _code(self, token: Token) -> Iterator[Written]:
        if is_figure(token):
            self.refuse("only_on_slide", token)
        text = token.content.removesuffix("\n")
        if token.type != "fence":
            yield Code(text)
            return
        self.check_fence(token)
        language, *others = token.info.split() or [""]
        if language in FORMULAS and not others:
            yield from self._formula(token.content, self.text.locate(text, token.map[0] + 1))  # type: ignore[index]
            return
        if fault := _fault(token, language, others):
            self.refuse(fault[0], token, **fault[1])
        with placed(self.text.source, self.text.line((token.map or [0])[0])):
            found = read_info(token.info, text.count("\n") + 1)
        if found is None:
            self.refuse("other_fence", token, text=beginning(token.info.strip(), 60))
        elif found.turns:
            turns = (Code(text, found.language, found.first, lines) for lines in found.turns)
            yield InTurn(tuple(turns))
        else:
            yield Code(text, *found[:3])

    # --- containers

    def container(self, token: Token) -> Container:
        """The container that a token begins. Raises GraphstepError for an unknown one."""
        if DIRECTIVES.match(token.info):
            self.refuse("other_sphinx", token, text=beginning(token.info.strip(), 60))
        found = read_container(token.info, (*ON_SLIDES, *CONTAINERS))
        if found is None or (found.rest and found.name not in (STEP, BESIDE)):
            if name := WAITS.search(token.info):
                self.refuse("other_fragment", token, text=name[0])
            self.refuse("unknown_block", token, name=token.info.strip(), known=_known_blocks())
        assert found
        keys = ("width",) if found.name == COLUMN else ()
        if unknown := found.others.unknown(CLASSES, keys):
            self.refuse("unknown_attribute", token, text=unknown, known=known_list(CLASSES, keys))
        return found

    def _container(self, token: Token) -> Iterator[Written]:
        found = self.container(token)
        if found.name in ON_SLIDES:
            self.refuse("only_on_slide", token)
        self._check_closed(token, (token.map or [0, 0])[1])
        made = tuple(CONTAINERS[found.name](self, token, found))
        style = style_of((found.name, *found.others.classes))
        yield from (InColumns((made,), style),) if style else made

    def _whole(self, _: Token, __: Container) -> Iterator[Written]:
        yield from self.written()

    def _columns(self, token: Token, _: Container) -> Iterator[Written]:
        """Columns, which share what of the width none of them asks for."""
        inside, given = list[tuple[Written, ...]](), list[float]()
        for each in self._until(CLOSED):
            column = self.container(each) if each.type == "container_block_open" else None
            if column is None or column.name != COLUMN:
                self.refuse("between_columns", each)
            else:
                width = column.others.values.get("width", "")
                if width and not percent(width):
                    self.refuse("column_width", each, text=width)
                given.append(percent(width))
                inside.append(self._column(each, column))
        shares = _shares(given)
        if min(shares, default=0.0) <= 0 or sum(shares) > 1.001:
            self.refuse("columns_width" if inside else "between_columns", token)
        yield InColumns(tuple(inside), Columns((), shares))

    def _column(self, token: Token, column: Container) -> tuple[Written, ...]:
        self._check_closed(token, (token.map or [0, 0])[1])
        style, found = style_of(column.others.classes), list[Written]()
        for each in self._until(CLOSED):
            found += self.figures(each) if self.figures and is_figure(each) else self.block(each)
            if sum(map(has_figure, found)) > 1:
                self.refuse("columns_figures", each)
        return (InColumns((tuple(found),), style),) if style else tuple(found)

    def _stray(self, token: Token, _: Container) -> Iterator[Written]:
        self.refuse("stray_column", token)
        yield from ()

    def _in_lists(self, _: Token, found: Container) -> Iterator[Written]:
        yield InLists(self.written(), found.name == "incremental")

    def _on_steps(self, token: Token, found: Container) -> Iterator[Written]:
        """A text on steps, with the notes in it."""
        blocks, notes = list[Block](), list[str]()
        line = self.text.line((token.map or [0])[0])
        with placed(self.text.source, line):
            steps = read_frames(found.rest)
        for each in self._until(CLOSED):
            if each.type == "container_block_open" and self.container(each).name == NOTES:
                notes.append(self.notes(each))
            elif each.type == "html_block":
                notes.append(self.comments(each))
            else:
                for block in self.block(each):
                    if has_moments(block):
                        self.refuse("only_on_slide", each)
                    blocks += always(block)
        yield OnSteps(tuple(blocks), steps, line, "\n\n".join(filter(None, notes)))

    def _display(self, token: Token) -> Iterator[Block]:
        first = (token.map or [0])[0]
        located = self.text.locate(token.content, first)
        if turns := IN_TURN.match(token.content):
            self.texts.refuse("other_fragment", located, Span(*turns.span(1)), text=turns[1])
        yield from self._formula(token.content, located)

    def _formula(self, content: str, located: LocatedText) -> Iterator[Display]:
        """A formula on lines of its own; nothing for one that only defines macros."""
        if found := self.texts.formula(content, located, 0):
            yield Display(found)

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
                rows[-1].append(self.texts.parts(token, line, column))
                found = self.text.lines[line.map[0]].find(token.content, column)  # type: ignore[index]
                column = max(column, found + len(token.content))
        yield Table(tuple(map(tuple, rows)), tuple(aligns))

    def comments(self, token: Token) -> str:
        """The comments of HTML, which are notes. Raises GraphstepError for any other HTML."""
        found, rest = comments_in(token.content)
        self._refuse_html(rest, token)
        for comment in found:
            if DIRECTIVE.match(comment):
                text = f"<!--{comment}-->"
                self.refuse("other_directive", token, text=beginning(" ".join(text.split()), 60))
        return "\n\n".join(filter(None, (comment.strip() for comment in found)))

    def _html(self, token: Token) -> Iterator[Block]:
        self._refuse_html(comments_in(token.content)[1], token)
        yield from ()

    def _refuse_html(self, rest: str, token: Token) -> None:
        """Refuse what a token has besides comments."""
        at = len(rest) - len(rest.lstrip())
        if rest.strip():
            located = self.text.locate(token.content, (token.map or [0])[0])
            self.texts.refuse("html", located, Span(at, len(rest.rstrip())))


def _known_blocks() -> str:
    """The names of containers, for a sentence."""
    return ", ".join((*ON_SLIDES, *CONTAINERS))


def _fault(token: Token, language: str, others: list[str]) -> tuple[str, dict[str, str]] | None:
    """The error of a fence that is no program in other tools, with its values."""
    text = beginning(token.info.strip(), 60)
    if language in DIAGRAMS:
        return "other_diagram", {"text": language.strip("{}")}
    if language.strip("{}") == LANGUAGE:
        return "sphinx_figure", {"write": fence_of(token)}
    if (name := DIRECTIVES.fullmatch(language)) and name[1] not in CELLS:
        return "other_sphinx", {"text": text}
    if found := ANNOTATED.search(token.content):
        return "other_annotation", {"text": found[0].strip()}
    return None if ENDED.isdisjoint(others) else ("other_fence", {"text": text})


def _words(parts: tuple[Inline, ...]) -> bool:
    """Whether a text has more than pictures and spaces."""
    return any(
        not isinstance(part, Picture) and (not isinstance(part, Run) or part.text.strip())
        for part in parts
    )


def _rows(parts: tuple[Inline, ...]) -> Iterator[list[Picture]]:
    """The pictures of each line, which a line break ends."""
    found = list[Picture]()
    for part in parts:
        if isinstance(part, Picture):
            found.append(part)
        elif found and isinstance(part, Run) and "\n" in part.text:
            yield found
            found = []
    if found:
        yield found


def _shares(given: list[float]) -> tuple[float, ...]:
    """The parts of columns, of which some have none of their own."""
    open_ = given.count(0.0)
    rest = (1 - sum(given)) / open_ if open_ else 0.0
    return tuple(part or rest for part in given)


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
CONTAINERS: Mapping[str, MakeContainer] = MappingProxyType(
    {
        "columns": Blocks._columns,
        COLUMN: Blocks._stray,
        STEP: Blocks._on_steps,
        "incremental": Blocks._in_lists,
        "nonincremental": Blocks._in_lists,
        **dict.fromkeys(CLASSES, Blocks._whole),
    }
)
"""What becomes of each kind of container besides notes."""


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
    return "\n\n".join(filter(None, map(plain_text, inner(block)))) or _other(block)


def _item(sign: str, blocks: tuple[Block, ...]) -> str:
    lines = "\n".join(filter(None, map(_plain_block, blocks)))
    return f"{sign} " + lines.replace("\n", "\n" + " " * (len(sign) + 1))


def _other(block: Block) -> str:
    if isinstance(block, Display):
        return block.formula.source
    return (
        block.alt if isinstance(block, Picture) else block.text if isinstance(block, Code) else ""
    )
