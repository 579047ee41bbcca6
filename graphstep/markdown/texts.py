"""From the inline tokens of Markdown to the parts of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..base.errors import GraphstepError, Span, beginning
from ..formulas.tree import Marked
from ..latex_input.macros import MOST_MACROS, Macro, definitions
from ..pictures.reading import read_picture
from ..pictures.sizes import KEYS, Side, read_order, sized
from ..slides.deck import Formula, Inline, Picture, Run
from .attributes import (
    AT_END,
    BRACES,
    SIDES,
    SPANS,
    Attributes,
    SpanLook,
    known_list,
    read_attributes,
)
from .other_tools import DIRECTIVE, EVALUATED, WAITS, blanked, found_in
from .source_places import Files, LocatedText, SourceText

if TYPE_CHECKING:
    from markdown_it.token import Token


class Texts:
    """Reads texts; `referred` and `sides` are what the slide so far has besides its blocks."""

    def __init__(self, text: SourceText, files: Files) -> None:
        self.text, self.files = text, files
        self.referred: list[int] = []  # footnotes, in the order in which the slide refers to them
        self.sides: list[Side] = []  # pictures beside all of the slide

    def parts(self, inline: Token, block: Token, column: int = 0) -> tuple[Inline, ...]:
        """The parts of an inline text without attributes."""
        located = self.text.locate(inline.content, (block.map or [0])[0], column)
        self._check_forms(_blank(inline), located)
        return self._line(inline, located).parts_so_far

    def parts_and_classes(
        self, inline: Token, block: Token, known: Iterable[str]
    ) -> tuple[tuple[Inline, ...], tuple[str, ...]]:
        """The parts of a text, and the classes at its end or of its only picture."""
        located = self.text.locate(inline.content, (block.map or [0])[0])
        blank = _blank(inline)
        found = AT_END.search(blank)
        attributes = read_attributes(found[1]) if found else None
        if found is None or attributes is None:
            self._check_forms(blank, located)
            line = self._line(inline, located)
        else:
            span = Span(found.start(), len(found[0].rstrip()) + found.start())
            self._check_known(attributes, known, (), located, span)
            self._check_forms(blank[: found.start()], located)
            line = self._line(inline, located).without_end(found[0])
        if line.classes and sum(isinstance(part, Picture) for part in line.parts) != len(
            line.parts
        ):
            span = Span(0, len(inline.content))
            self._check_known(Attributes(line.classes), (), KEYS, located, span)
        return line.parts_so_far, line.classes + (attributes.classes if attributes else ())

    def _check_known(
        self, found: Attributes, classes: Iterable[str], keys: Iterable[str],
        located: LocatedText, span: Span,
    ) -> None:  # fmt: skip
        """Refuse an attribute that means nothing here."""
        if text := found.unknown(classes, keys):
            known = known_list(classes, keys)
            if WAITS.search(" ".join(found.classes)):
                self.refuse("other_fragment", located, span, text=text)
            self.refuse("unknown_attribute", located, span, text=text, known=known)

    def _line(self, inline: Token, located: LocatedText) -> _InlineParts:
        """The parts of a text whose forms were checked."""
        line = _InlineParts()
        for token in inline.children or ():
            if token.type in STYLE_CHANGES:
                name, change = STYLE_CHANGES[token.type]
                line.look[name] += change
            elif token.type in TOKEN_TEXTS:
                self._check_evaluated(token, located)
                line.add(TOKEN_TEXTS[token.type] or token.content, code=token.type == "code_inline")
            elif token.type == "text":
                line.add(line.after_attributes(token.content), code=False)
            elif token.type in ("link_open", "link_close"):
                line.link = str(token.attrGet("href") or "")
            elif token.type in ("span_open", "span_close"):
                self._span(token, located, line)
            elif token.type == "image":
                line.parts.extend(self._picture(token, located, line))
            else:
                line.parts.extend(map(line.coloured, self._part(token, located)))
        if inline.content.startswith("$$") and isinstance(next(iter(line.parts), None), Run):
            self.refuse("formula_open", located, Span(0, 2))
        return line

    def _check_evaluated(self, token: Token, located: LocatedText) -> None:
        """Refuse a program whose result other tools show, since it would be shown itself."""
        if token.type == "code_inline" and EVALUATED.fullmatch(token.content):
            self.refuse("other_inline_code", located, token.meta["span"], text=token.content)

    def _span(self, token: Token, located: LocatedText, line: _InlineParts) -> None:
        """Begin or end words between brackets, in the look of their classes."""
        if token.type == "span_close":
            line.spans.pop()
            return
        given = {key: str(value) for key, value in token.attrs.items() if key != "id"}
        classes = tuple(given.pop("class", "").split())
        _, end = span = token.meta["span"]
        where = Span(located.content.rindex("{", *span), end)
        self._check_known(Attributes(classes, given), SPANS, (), located, where)
        looks = (SPANS[name] for name in classes)
        line.spans.append(reduce(lambda around, look: look.within(around), looks, line.spans[-1]))

    def _check_forms(self, blank: str, located: LocatedText) -> None:
        """Refuse what other tools write in texts, since it would be printed as it stands."""
        if found := found_in(blank):
            key, span = found
            text = beginning(located.content[span.start : span.end], 60)
            self.refuse(key, located, span, text=text, write=UNSPACED.sub(r"\1 ", text))

    def _picture(self, token: Token, located: LocatedText, line: _InlineParts) -> Iterator[Inline]:
        """A picture in the size that it asks for, unless it is beside all of the slide."""
        span, attributes = token.meta["span"], Attributes()
        if found := _attributes_after(located.content, span):
            attributes, end = found
            self._check_known(attributes, SIDES, KEYS, located, Span(span.end, end))
            span, line.skipped = Span(span.start, end), end - span.end
            line.classes += attributes.classes
        try:
            alt = "".join(child.content for child in token.children or ())
            order = read_order(alt)
            picture = read_picture(str(token.attrGet("src")), order.alt, self.files)
            picture = sized(picture, {**order.sizes, **attributes.values})
        except GraphstepError as error:
            error.moved(self.text.source, located.span(span))
            raise
        if order.background:
            self.sides.append(Side(picture, order.side, order.share, located.span(span)))
        else:
            yield picture

    def _part(self, token: Token, located: LocatedText) -> Iterator[Inline]:
        """A formula, the mark of a footnote, or nothing for a comment."""
        span = token.meta["span"]
        if token.type == "footnote_ref":
            self.referred.append(token.meta["id"])
            yield Run(superscript(len(self.referred)))
        elif token.type.startswith("math"):
            start, content = span.start + len(token.markup), token.content
            if content[:1] == content[-1:] == "`" and len(content) > 2:  # so GitHub writes them
                start, content = start + 1, content[1:-1]
            found = self.formula(content, located, start, _is_display(token, located))
            yield from [found] if found else []
        elif comments_in(token.content)[1].strip():
            self.refuse("html", located, span)
        elif DIRECTIVE.match(token.content.removeprefix("<!--")):
            text = beginning(" ".join(token.content.split()), 60)
            self.refuse("other_directive", located, span, text=text)

    def formula(
        self, source: str, located: LocatedText, start: int, display: bool = True
    ) -> Formula | None:
        """A formula that begins at `start` in a text; None for one that only defines macros."""
        from ..latex_input.reader import latex_to_tree

        try:
            written, found = definitions(source.strip())
            self._define(found)
            if found and not written.strip():
                return None
            return Formula(latex_to_tree(written, display, self.text.macros), source.strip())
        except GraphstepError as error:
            start += len(source) - len(source.lstrip())
            inner = error.span or Span(0, len(source.strip()))
            within = Span(start + inner.start, start + inner.end)
            error.moved(self.text.source, located.span(within))
            raise

    def _define(self, macros: Mapping[str, Macro]) -> None:
        """Let macros hold from here on."""
        self.text.macros.update(macros)
        if len(self.text.macros) > MOST_MACROS:
            raise GraphstepError("macros_many", most=MOST_MACROS)

    def refuse(self, key: str, located: LocatedText, span: Span, **values: object) -> None:
        """Raise an error that points to a part of a text."""
        raise GraphstepError(key, source=self.text.source, span=located.span(span), **values)


def _is_display(token: Token, located: LocatedText) -> bool:
    """Whether a formula between two dollars is all of its paragraph."""
    whole = located.content.strip()
    return whole.startswith("$$") and whole == located.content[slice(*token.meta["span"])]


def _blank(inline: Token) -> str:
    """The content of a text without what is no text."""
    children = inline.children or ()
    tokens = [token for token in children if token.type in NO_TEXT or token.type in STYLE_CHANGES]
    spans = [token.meta["span"] for token in tokens]
    held = [Span(inline.content.rindex("{", *span), span[1]) for span in
            (token.meta["span"] for token in children if token.type == "span_open")]  # fmt: skip
    ends = [_attributes_after(inline.content, span) if token.type == "image" else None
            for token, span in zip(tokens, spans, strict=True)]  # fmt: skip
    wide = [Span(s.start, e[1]) if e else s for s, e in zip(spans, ends, strict=True)]
    return blanked(inline.content, sorted([*wide, *held]))


def _attributes_after(content: str, span: Span) -> tuple[Attributes, int] | None:
    """The attributes right after a part of a text, and where they end."""
    found = BRACES.match(content, span.end)
    attributes = read_attributes(found[1]) if found else None
    return (attributes, found.end()) if found and attributes else None


def superscript(number: int) -> str:
    """A whole number as a mark of a footnote."""
    return str(number).translate(SUPERSCRIPTS)


SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def comments_in(html: str) -> tuple[list[str], str]:
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
        self.spans = [SpanLook()]  # looks of words between brackets
        self.classes: tuple[str, ...] = ()  # of its pictures
        self.skipped = 0  # letters of attributes, at the beginning of the text to come

    @property
    def parts_so_far(self) -> tuple[Inline, ...]:
        """The parts."""
        return tuple(self.parts)

    def after_attributes(self, text: str) -> str:
        """A text without the attributes of the picture before it."""
        skipped, self.skipped = self.skipped, 0
        return text[skipped:]

    def without_end(self, end: str) -> _InlineParts:
        """The parts without the attributes at their end."""
        last = self.parts.pop()
        if isinstance(last, Run):
            text = last.text.rstrip()[: -len(end.rstrip())].rstrip()
            self.parts += [last._replace(text=text)] if text else []
        return self

    def coloured(self, part: Inline) -> Inline:
        """A formula in the colour of the words around it."""
        colour = self.spans[-1].colour
        return (
            part._replace(tree=Marked(part.tree, colour))
            if colour and isinstance(part, Formula)
            else part
        )

    def add(self, text: str, code: bool) -> None:
        """Add text, joined to the last part if it looks the same."""
        bold, italic, struck = (count > 0 for count in self.look.values())
        run = Run(text, bold, italic, code, struck, self.link, *self.spans[-1])
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
UNSPACED = re.compile(r"^(#+)")
"""The signs of a heading, after which a space is missing."""
TOKEN_TEXTS = MappingProxyType({"code_inline": "", "softbreak": " ", "hardbreak": "\n"})
NO_TEXT = frozenset(("code_inline", "math_inline", "math_inline_double", "image", "link_open",
                     "html_inline", "footnote_ref"))  # fmt: skip
"""Tokens whose source is not text."""
