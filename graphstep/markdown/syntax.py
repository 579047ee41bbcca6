r"""The parser of Markdown: CommonMark, and what decks add to it.

Formulas stand between dollars, between \( and \) or \[ and \], or are an environment of LaTeX on
lines of their own. The rules for the last two take a time that grows with the text's length alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from ..base.errors import Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

BRACKETS = {"\\(": "\\)", "\\[": "\\]"}
COLONS, FENCE = re.compile(r":{3,}"), re.compile(r"(?P<run>`{3,}(?=[^`\n]*$)|~{3,})", re.MULTILINE)
OPENING = re.compile(rf"(?:(?:[-*+>]|\d{{1,9}}[.)])[ \t]+)*(?:{FENCE.pattern})", re.MULTILINE)
"""A fence, also as the first line of an item of a list."""
DASHES = (
    (re.compile(r"(?<![-<])---(?![->])"), "—"),
    (re.compile(r"(?<!\S)--(?!\S)|(?<=\w)--(?=\w)"), "–"),
    (re.compile(r"(?<![.\[])\.\.\.(?!\.)"), "…"),
    (re.compile(r"(?<=[^\W\d_]\.)~(?=\S)"), "\u00a0"),
)
"""Signs that are typed as others: dashes between words or spaces, dots, fixed spaces."""
ESCAPED_SIGNS = {"-": "<", ".": "["}  # in their place stands what no such sign begins after
IN_BRACES = re.compile(r"(\{[^{}\n]*\})")
ENVIRONMENT = re.compile(r"\\begin\{((?:align|equation|gather|multline|alignat|eqnarray)\*?)\}")


@cache
def parser() -> MarkdownIt:
    """A parser of CommonMark with tables, struck text, formulas, notes and front matter."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.attrs import attrs_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    found = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found.validateLink = _any_address  # type: ignore[method-assign]  # the library's own way
    front_matter_plugin(found)
    dollarmath_plugin(found, allow_labels=False, allow_space=False, double_inline=True)
    found.block.ruler.before("fence", "bracket_formula", _block_formula, {"alt": ["paragraph"]})
    found.inline.ruler.before("escape", "bracket_formula", _inline_formula)
    footnote_plugin(found)
    found.disable("footnote_inline")
    attrs_plugin(found, after=(), spans=True)
    found.core.ruler.before("text_join", "dashes", _with_dashes)  # before escaped signs are joined
    ends = ["paragraph", "reference", "blockquote", "list"]
    found.block.ruler.before("fence", "container", _container, {"alt": ends})
    rules = found.inline.ruler
    for name, rule in zip(rules.get_active_rules(), rules.getRules(), strict=True):
        rules.at(name, _noting(rule))
    return found


def with_dashes(text: str) -> str:
    """A text with dashes and ellipses that were typed as hyphens and dots.

    >>> with_dashes("5--6, a word -- and so on ..., but --code and i--")
    '5–6, a word – and so on …, but --code and i--'
    """
    for pattern, sign in DASHES:
        text = pattern.sub(sign, text)
    return text


def markup_in(text: str) -> str:
    """A text that is no plain one, for an error: what Markdown has in it; empty for a plain one.

    >>> markup_in("The loss $L_2$"), markup_in("2 * 3 and snake_case_name")
    ('The loss $L_2$', '')
    """
    [inline] = parser().parseInline(text)
    plain = all(token.type == "text" for token in inline.children or ())
    return "" if plain and "^[" not in text else text


def _with_dashes(state: Any) -> None:
    """Make dashes in all texts that are no program, formula, attribute or address."""
    for token in state.tokens:
        children = token.children or ()
        for before, child, after in zip(
            [None, *children], children, [*children[1:], None], strict=False
        ):
            if child.type == "text_special" and child.content == "\\ ":
                child.content = "\u00a0"
            elif child.type == "text":
                left, right = _edge(before, closes=-1), _edge(after, closes=1)
                made = "".join(
                    part if k % 2 else with_dashes(part)
                    for k, part in enumerate(IN_BRACES.split(f"{left}{child.content}{right}"))
                )
                child.content = made[len(left) : len(made) - len(right)]


def _edge(token: Any, closes: int) -> str:
    """What stands for the token beside a text, if no space is between them."""
    if token is None or token.type in ("softbreak", "hardbreak") or token.nesting == -closes:
        return ""
    return ESCAPED_SIGNS.get(token.content, "x") if token.type == "text_special" else "x"


def _any_address(url: str) -> bool:  # noqa: ARG001
    """Whether a text may be an address: any may, as `look.links.live` alone says what is live."""
    return True


def _noting(rule: Callable[[Any, bool], bool]) -> Callable[[Any, bool], bool]:
    """An inline rule that also notes the place of each token, which rules do not by themselves."""

    def noting(state: Any, silent: bool) -> bool:
        count, start = len(state.tokens), state.pos
        found = rule(state, silent)
        for token in state.tokens[count:]:
            token.meta.setdefault("span", Span(start, state.pos))
        return found

    return noting


def _next(state: Any, piece: str, start: int) -> int:
    """The next place of a piece in a text, or -1; known ones are not searched for again."""
    key = ("next", piece, state.src)
    first, at = state.env.get(key, (start + 1, start))  # what `find` has found from `first` on
    if not first <= start <= (len(state.src) if at < 0 else at):
        at = state.src.find(piece, start)
        state.env[key] = (start, at)
    return int(at)


def _inline_formula(state: Any, silent: bool) -> bool:
    r"""A formula between \( and \), or \[ and \], in a line of text."""
    opening = state.src[state.pos : state.pos + 2]
    end = _next(state, BRACKETS[opening], state.pos + 2) if opening in BRACKETS else -1
    if end < 0 or end >= state.posMax:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content, token.markup = state.src[state.pos + 2 : end], opening
    state.pos = end + 2
    return True


def _block_formula(state: Any, first: int, last: int, silent: bool) -> bool:
    r"""A formula on lines of its own: between \[ and \], or an environment of LaTeX."""
    start = state.bMarks[first] + state.tShift[first]
    found = ENVIRONMENT.match(state.src, start)
    if found is None and not state.src.startswith("\\[", start):
        return False
    closing = f"\\end{{{found[1]}}}" if found else "\\]"
    end, blank = _next(state, closing, start), _next(state, "\n\n", start)
    if end < 0 or -1 < blank < end:
        return False
    line = first + state.src.count("\n", start, end)
    after = end + len(closing)
    if line >= last or state.src[after : state.eMarks[line]].strip():
        return False
    if not silent:
        lines = state.getLines(first, line + 1, state.sCount[first], False).strip()
        token = state.push("math_block", "math", 0)
        token.content = lines if found else lines.removeprefix("\\[").removesuffix("\\]")
        token.map, token.markup = [first, line + 1], found[0] if found else "\\["
    state.line = line + 1
    return True


def _container(state: Any, first: int, last: int, silent: bool) -> bool:
    """A block between colons; those inside it may have as many colons as it has, or less."""
    found = COLONS.match(state.src, state.bMarks[first] + state.tShift[first], state.eMarks[first])
    if found is None or state.is_code_block(first):
        return False
    if silent:
        return True
    end = _end_of_container(state, first, last)
    parent, most = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", end
    token = state.push("container_block_open", "div", 1)
    token.markup, token.map = found[0], [first, end]
    token.info = state.src[found.end() : state.eMarks[first]]
    state.md.block.tokenize(state, first + 1, end)
    state.push("container_block_close", "div", -1)
    state.parentType, state.lineMax = parent, most
    state.line = min(end + 1, last)
    return True


def _end_of_container(state: Any, first: int, last: int) -> int:
    """The line that closes a container, or the one behind its parent where none does."""
    opened, fence = list[int](), ""
    for line in range(first, last):
        start, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
        if start < end and state.sCount[line] < state.blkIndent:
            return line
        if state.is_code_block(line) and line > first:
            continue
        mark = (FENCE if fence else OPENING).match(state.src, start, end)
        if fence or mark:  # colons in program text mean nothing
            closes = (
                mark and mark["run"].startswith(fence) and not state.src[mark.end() : end].strip()
            )
            fence = ("" if closes else fence) if fence else mark["run"] if mark else ""
        elif found := COLONS.match(state.src, start, end):
            count = found.end() - found.start()
            if line == first or state.src[found.end() : end].strip():
                opened.append(count)
            elif count >= opened[-1]:
                opened.pop()
                if not opened:
                    return line
    return last
