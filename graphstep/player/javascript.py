"""ES modules joined into one script, so that a page needs no server, and nobody a build step.

The modules are in one folder and use a small part of the language: each import is a line
`import { a, b } from "./name.js";`, each export precedes its declaration, and no string spans
several lines. Anything else is rejected, and so are two modules that declare the same name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from itertools import chain, pairwise, product
from string import ascii_letters
from typing import NamedTuple

IMPORT = re.compile(r'import \{ (\w+(?:, \w+)*) \} from "\./(\w+)\.js";')
EXPORT = re.compile(r"export (?=(?:async function|function|class|const) (\w+))")
DECLARED = re.compile(r"(?:async function|function|class|const|let|var)\*? (\w+)")
ALSO = re.compile(r", ([A-Z]\w*) = ")  # further constants of a line
MODULE_WORDS = re.compile(r"\b(?:import|export)\b")
COMMENT = re.compile(r"\s*(?://.*)?")
WORD = re.compile(r"[\w$]")
TOKEN = re.compile(
    r'"(?:\\.|[^"\\])*"'
    r"|'(?:\\.|[^'\\])*'"
    r"|`(?:[^`$\\]|\\.|\$(?!\{)|\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\})*`"  # with one inside
    r"|/\*.*?\*/|//.*"
    r"|(?:(?<=[(,=:\[!&|?{};] )|(?<=[(,=:\[!&|?{};]))/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/\w*"
    r"|dataset\.\w+|[\w$]+|\.\.\.|=>|\n|."  # those of a dataset are names of attributes
)
TEMPLATE = re.compile(r"`(?:[^`$\\]|\\.|\$(?!\{)|\$\{[^{}`]*\})*`")  # without one inside
INSERTED = re.compile(r"(?<=\$\{)([^{}`]*)(?=\})")
PARAMETERS = (
    "player", "event", "button", "watcher", "wire", "boxes", "quiet", "probe", "sentence",
    "selector", "child", "active", "change", "shape", "captions", "attached", "slotNames", "next",
    "product", "typed", "figures", "indexes", "second", "raised", "curve", "array", "table",
    "media", "meanings", "isScrolled", "index", "factor", "colour", "sides", "props", "inside",
    "form", "badge", "both", "limit", "line", "kind",
)  # fmt: skip
"""Names of parameters, none of which our modules use as one that browsers know."""
PROPERTIES = (
    "drawing", "stage", "panel", "questions", "playing", "curves", "scrubber", "answers",
    "outlines", "quizButton", "fitButton", "isShape", "wanted", "appears", "missed", "reached",
    "pinned", "chosen", "labelled", "heights", "isBeside", "said", "svg", "slips", "say", "parts",
    "marks", "hooks", "isNarrow", "isMoved", "numbers", "leave", "live", "owners", "dragged",
    "timer", "here",
)  # fmt: skip
"""Properties of our own records that neither data nor browsers have, and that no text names."""
BEFORE_OBJECT = frozenset((*"=(,:[?&|", "return", "const", "let"))
SHORT = (*ascii_letters, *map("".join, product(ascii_letters, repeat=2)))  # new names
RESERVED = ("do", "if", "in")  # words of the language as short as the new names
LET = ("const", "let")  # one is as good as the other here
OPENS, CLOSES = ("(", "[", "{"), (")", "]", "}")
BEGINS = (";", "{", "}", "\n")  # before a statement
LOOPS = ("for", "while", "if")  # words after whose parentheses a semicolon is a statement
OBJECT = "{}"  # a brace of an object, not of a block


class Module(NamedTuple):
    """A module without its import and export lines."""

    text: str
    imports: dict[str, tuple[str, ...]]
    """The names it takes from each other module."""
    exports: frozenset[str]
    declares: tuple[str, ...]


def joined(entry: str, read: Callable[[str], str]) -> str:
    """The script of a module and all that it imports, each module after those it needs.

    Raises ValueError with the module and the line or the names at fault, or CycleError.
    """
    modules = _reached(entry, read)
    for name, module in modules.items():
        for source, names in module.imports.items():
            _expect(modules[source].exports.issuperset(names), name, f"{source}: {names}")
    needs = {name: module.imports for name, module in modules.items()}
    order = [modules[name] for name in TopologicalSorter(needs).static_order()]
    declared = list(chain.from_iterable(module.declares for module in order))
    twice = sorted({name for name in declared if declared.count(name) > 1})
    _expect(not twice, entry, " ".join(twice))
    script = "\n".join(module.text for module in order)
    inner = DECLARED.findall(script)
    return shortened(script, {*declared, *inner, *PARAMETERS, *PROPERTIES} - modules[entry].exports)


def _reached(entry: str, read: Callable[[str], str]) -> dict[str, Module]:
    """A module and all that it imports, directly or not."""
    modules: dict[str, Module] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in modules:
            modules[name] = _module(name, read(name))
            waiting += modules[name].imports
    return modules


def _module(name: str, text: str) -> Module:
    """Parse a module line by line, and drop comments and indentation."""
    imports: dict[str, tuple[str, ...]] = {}
    lines = []
    for line in text.splitlines():
        if found := IMPORT.fullmatch(line):
            imports[found[2]] = (*imports.get(found[2], ()), *found[1].split(", "))
        elif not COMMENT.fullmatch(line):
            lines.append(_uncommented(line))
    return Module("\n".join(_plain(name, lines)), imports, *_names(lines))


def _uncommented(line: str) -> str:
    """A line without the comment at its end, if that does not begin inside of a text."""
    before, sign, _ = line.partition(" // ")
    whole = all(before.count(quote) % 2 == 0 for quote in "\"'`") and "/*" not in before
    return before.rstrip() if sign and whole else line


def _names(lines: list[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names that a module exports, and all that it declares."""
    exports = frozenset(found[1] for line in lines if (found := EXPORT.match(line)))
    plain = (EXPORT.sub("", line) for line in lines)
    heads = [(found[1], line) for line in plain if (found := DECLARED.match(line))]
    return exports, tuple(name for first, line in heads for name in (first, *ALSO.findall(line)))


def _plain(name: str, lines: list[str]) -> Iterator[str]:
    """The lines without `export`."""
    for line in lines:
        plain = EXPORT.sub("", line) if EXPORT.match(line) else line
        _expect(not MODULE_WORDS.search(plain) and plain.count("`") % 2 == 0, name, line)
        yield plain.lstrip()


# --- shorter


def shortened(script: str, names: Collection[str]) -> str:
    r"""A script without the spaces that only readers need, and with short names for some of these.

    A name that is, or may be, a property or part of a template stays, since others may use it. The
    rest are variables, each of them replaced everywhere by the same new one.

    >>> print(shortened("const all = (some, c) => { return some + c; };\nx.all(all(1, - -2));",
    ...     {"all", "some"}))
    let all=(a,c)=>{return a+c};x.all(all(1,- -2));
    """
    tokens = [t for t in _tokens(script) if t != " " and t[:2] not in ("//", "/*")]
    words = {token for token in tokens if WORD.match(token)}
    used = Counter(tokens)
    others = _in_templates(tokens) | (_properties(tokens) - {*PROPERTIES})
    own = (name for name in words & {*names} - others if len(name) > 2)
    often = sorted(own, key=lambda name: (-used[name], name))
    free = (name for name in SHORT if name not in words and name not in RESERVED)
    new = dict(zip(often, free, strict=False))
    needed = [*_needed([new.get(token, token) for token in tokens])]
    return "".join(_spaced([*_as_one(needed)]))


def _tokens(script: str) -> Iterator[str]:
    """All tokens; a template is cut at what is inserted into it."""
    for token in TOKEN.findall(script):
        if not TEMPLATE.fullmatch(token):
            yield token
            continue
        for k, part in enumerate(INSERTED.split(token)):
            yield from TOKEN.findall(part) if k % 2 else [part]


def _in_templates(tokens: Iterable[str]) -> set[str]:
    whole = (token for token in tokens if token[0] == "`" == token[-1])
    return {word for token in whole for word in re.findall(r"[\w$]+", token)}


def _properties(tokens: Iterable[str]) -> set[str]:
    """The names that are, or may be, those of properties."""
    found: set[str] = set()
    around, before = [""], ""
    for token, after in pairwise([*(t for t in tokens if t != "\n"), ""]):
        key = around[-1] == OBJECT and before in (OBJECT[0], ",")
        if before == "." or after == ":" or key:
            found.add(token)
        if token in "([{":
            around.append(OBJECT if token == "{" and before in BEFORE_OBJECT else token)
        elif token in ")]}":
            around.pop()
        before = token
    return found


def _needed(tokens: Sequence[str]) -> Iterator[str]:
    """Tokens without those that mean nothing.

    These are a comma or semicolon before a closing brace, unless it is all that a loop does, and
    the parentheses around a single parameter.
    """
    kept = [t for t, after in pairwise([*tokens, ""]) if (t, after) != ("\n", "}")]
    opened, is_loop = [""], False
    for k, token in enumerate(kept):
        before, after = kept[max(k - 1, 0)], kept[k + 1 : k + 2]
        if token == "(":
            opened.append(before)
        elif token == ")":
            is_loop = opened.pop() in LOOPS
        is_end = token in (",", ";") and after == ["}"] and not (before == ")" and is_loop)
        first = k - 2 if token == ")" else k
        if not is_end and not (token in ("(", ")") and _is_single(kept[max(first, 0) : first + 4])):
            yield token


def _as_one(tokens: Sequence[str]) -> Iterator[str]:
    """Tokens with declarations that follow each other as one; each ends with a semicolon."""
    kept = [t for before, t in pairwise(("", *tokens)) if (before, t) != (";", "\n")]
    declares, before = [False], ";"  # whether the statement does, at each level
    for token, after in pairwise((*kept, "")):
        if before in BEGINS:
            declares[-1] = token in LET or (before == "}" and declares[-1])
        if token in OPENS:
            declares.append(False)
        elif token in CLOSES:
            declares.pop()
        joins = token == ";" and declares[-1] and after in LET
        if not (before == "," and token in LET):
            yield "," if joins else token
        before = "," if joins else token


def _is_single(tokens: Sequence[str]) -> bool:
    """Whether a list of parameters begins here that has one name, and nothing else."""
    return "".join(tokens[::2]) == "()" and tokens[3:] == ["=>"] and bool(WORD.match(tokens[1]))


def _spaced(tokens: Sequence[str]) -> Iterator[str]:
    """Tokens with spaces between words and between equal signs, and the line breaks that matter.

    A constant is as good as a variable here, and shorter.
    """
    before = ";"
    for token, after in pairwise([*tokens, ""]):
        if token == "\n" and (before in "{([,;" or (before == "}" and after == "function")):
            continue
        if (WORD.match(before[-1]) and WORD.match(token)) or (before == token and token in "+-"):
            yield " "
        yield "let" if token == "const" else token
        before = token


def _expect(holds: bool, name: str, at_fault: str) -> None:
    if not holds:
        raise ValueError(f"{name}: {at_fault}")
