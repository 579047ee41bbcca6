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
ENVIRONMENT = re.compile(r"\\begin\{((?:align|equation|gather|multline|alignat|eqnarray)\*?)\}")


@cache
def parser() -> MarkdownIt:
    """A parser of CommonMark with tables, struck text, formulas, notes and front matter."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.container import container_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    found = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    front_matter_plugin(found)
    dollarmath_plugin(found, allow_labels=False, allow_space=False, double_inline=True)
    found.block.ruler.before("fence", "bracket_formula", _block_formula, {"alt": ["paragraph"]})
    found.inline.ruler.before("escape", "bracket_formula", _inline_formula)
    footnote_plugin(found)
    found.disable("footnote_inline")
    container_plugin(found, "block", validate=lambda *_: True)
    rules = found.inline.ruler
    for name, rule in zip(rules.get_active_rules(), rules.getRules(), strict=True):
        rules.at(name, _noting(rule))
    return found


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
