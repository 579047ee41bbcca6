"""What was recorded of a gate, as few lines: an expression, or the body of a function."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from textwrap import dedent
from typing import Any, NamedTuple

from .python_texts import Expr, name, text_of
from .recorded import Done, Recorder

LONGEST_LINE = 76  # characters of an expression that grows by what it is made of
LONGEST_PART = 46  # of one that stands in a line of the program; a longer one is a function


class Body(NamedTuple):
    """Lines, and what they return; `uses` are the arguments in it."""

    lines: tuple[str, ...]
    result: Expr
    uses: frozenset[str]

    @property
    def is_short(self) -> bool:
        """Whether it fits into a line of the program."""
        return not self.lines and len(text_of(self.result)) <= LONGEST_PART

    def placed(self, given: Mapping[str, Expr]) -> Expr:
        """The result, with expressions in place of arguments."""
        found: Expr = _replaced(self.result, given)
        return found


def body_of(recorder: Recorder, result: Any, taken: Collection[str] = ()) -> Body:
    """The body of what was recorded. Its names are none of those taken."""
    end: Any = recorder.tree(result)
    needed = _needed(recorder.done, end)
    uses = Counter(_names(end))
    for one in needed:
        uses.update(_names(one.tree))
    inside = _inside(recorder, needed, uses)
    lines = [_line(one, inside) for one in needed if one.name not in inside]
    last = lines[-1] if lines else None
    if isinstance(last, ast.Assign) and text_of(last.targets[0]) == text_of(end):
        end = lines.pop().value
    return _renamed(lines, _replaced(end, inside), recorder, {*taken})


def _line(one: Done, inside: Mapping[str, Expr]) -> Any:
    """What stands in a line of its own."""
    tree = _replaced(one.tree, inside)
    return ast.Assign([ast.Name(one.name, ast.Store())], tree) if one.name else tree


def _needed(done: list[Done], end: Expr) -> list[Done]:
    """What the result is made of, and all that is taken for granted."""
    wanted, found = set(_names(end)), list[Done]()
    for one in reversed(done):
        granted = isinstance(one.tree, ast.Assert)
        if granted or one.name in wanted or (one.into and one.into in wanted):
            wanted.update(_names(one.tree))
            found.append(one)
    return found[::-1]


def _inside(recorder: Recorder, needed: list[Done], uses: Counter[str]) -> dict[str, Expr]:
    """What is used once, and short enough to stand where it is used, by name."""
    trees: dict[str, Expr] = {}
    for one in needed:
        tree: Any = _replaced(one.tree, trees) if one.name and uses[one.name] == 1 else None
        fits = tree is not None and len(text_of(tree)) <= LONGEST_LINE
        if fits and recorder.changed.isdisjoint((one.name, *_names(tree))):
            trees[one.name] = tree
    return trees


def _renamed(lines: list[Any], result: Expr, recorder: Recorder, taken: set[str]) -> Body:
    """The body with short names for what it keeps."""
    made = {one.name for one in recorder.done if one.name}
    kept = [n for line in lines if isinstance(line, ast.Assign) for n in _names(line.targets[0])]
    letters = (n for k in range(1, len(kept) + len(taken) + 2) if (n := f"t{k}") not in taken)
    new = {old: name(next(letters)) for old in dict.fromkeys(kept) if old in made}
    texts = tuple(text_of(_replaced(line, new)) for line in lines)
    tree = _replaced(result, new)
    inside = {n for line in lines for n in _names(line)} | {*_names(result)}
    return Body(texts, tree, frozenset(inside - made))


def _names(tree: ast.AST) -> list[str]:
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


class _Replacer(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, Expr]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.AST:
        new = self.given.get(node.id)
        if isinstance(new, ast.Name):
            return ast.Name(new.id, node.ctx)
        return node if new is None else new


def _replaced(tree: Any, given: Mapping[str, Expr]) -> Any:
    """A copy of a tree with expressions in place of names."""
    return _Replacer(given).visit(_copied(tree))


def _copied(tree: Any) -> Any:
    if isinstance(tree, list):
        return [*map(_copied, tree)]
    if not isinstance(tree, ast.AST):
        return tree
    return type(tree)(**{key: _copied(value) for key, value in ast.iter_fields(tree)})


def source_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The lines of a function of the package that needs nothing else, without its types."""
    (tree,) = ast.parse(dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)
    tree.returns, tree.name = None, tree.name.removeprefix("_")
    for arg in tree.args.args:
        arg.annotation = None
    if ast.get_docstring(tree):
        tree.body = tree.body[1:]
    return tuple(ast.unparse(tree).splitlines())
