"""The kinds of steps and the ways of stepping: one row each, which everything else follows.

A row is names: of slots (`steps.SLOTS`), of parts of a caption (`captions.CAPTION`), of lines of a
legend (`captions.LEGEND`), of groups of formulas (`equations.FORMULAS`), and of sentences in the
words. It imports no other module, so that the command line gets its choices at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, NamedTuple


class Each(NamedTuple):
    """A sentence or line for each wire that a step is about: its key in the words."""

    key: str


class Kind(NamedTuple):
    """A kind of step: what it is about, what becomes visible, and what the caption says.

    `wires` are those it is about: one that enters the node, all that enter it ("in"), all that
    leave it ("out"), or none; with fewer than `least` wires there is no such step. `each` are the
    slots shown for each wire, followed by `shows`; both are computed from `uses`. A step with
    `turn` ends its node's turn in the backward pass. `why` is a key of the words, `why_after` the
    key if other gates have to come first: those that `after` names.
    """

    caption: tuple[str | Each, ...]
    why: str
    shows: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    wires: Literal["", "one", "in", "out"] = ""
    least: int = 0
    each: tuple[str, ...] = ()
    turn: bool = False
    after: Literal["", "sources", "users"] = ""
    why_after: str = ""
    legend: tuple[str | Each, ...] = ()
    formulas: tuple[str, ...] = ()
    marks: frozenset[Literal["new", "node"]] = frozenset(("new", "node"))
    """What is highlighted in the figure besides the wires: the new slots, the node."""

    @property
    def multiplies(self) -> bool:
        """Whether local gradients are multiplied by upstream ones."""
        return any(isinstance(line, Each) for line in self.legend)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        # the whole forward pass
        "all": Kind(
            ("all",), why="all", shows=("values",), formulas=("expression",), marks=frozenset(),
        ),
        # the inputs, then one gate of the forward pass
        "given": Kind(("given",), why="given", shows=("leaves",), marks=frozenset(("new",))),
        "value": Kind(
            ("value",), shows=("value",), uses=("sources",), formulas=("value",),
            why="value", why_after="value_after", after="sources",
        ),
        # the local gradients of all wires into a gate, in the forward pass
        "known": Kind(
            ("known", Each("known_input")),
            wires="in", least=1, each=("local",), uses=("factors",), formulas=("local",),
            why="known", why_after="known", after="sources",
        ),
        "seed": Kind(
            ("seed", "beyond"), why="seed", shows=("upstream",), uses=("value",),
            legend=("head",), formulas=("seed",),
        ),
        # all wires into a gate
        "gate": Kind(
            ("gate", Each("gate_input"), "reasons", "nickname"),
            wires="in", least=1, each=("local", "arrives"), uses=("gradients", "factors"),
            legend=("head", Each("wire")), formulas=("wires",),
            why="first", why_after="after", after="users", turn=True,
        ),
        # half a wire
        "local": Kind(
            (Each("local"),), wires="one", each=("local",), uses=("factors",),
            legend=("head",), formulas=("local",),
            why="first", why_after="after", after="users", turn=True,
        ),
        "downstream": Kind(
            (Each("downstream"), "reasons"),
            wires="one", each=("arrives",), uses=("gradients", "local"),
            legend=("head", Each("wire")), formulas=("wires",),
            why="wire", why_after="wire", after="users", turn=True,
        ),
        # both halves at once
        "product": Kind(
            (Each("product"), "reasons"),
            wires="one", each=("local", "arrives"), uses=("gradients", "factors"),
            legend=("head", Each("wire")), formulas=("wires",),
            why="first", why_after="after", after="users", turn=True,
        ),
        # what several wires bring back to a node
        "sum": Kind(
            ("sum",), wires="out", least=2, shows=("upstream",), uses=("downstream",),
            legend=("sum",), formulas=("sum",), why="first", why_after="after", after="users",
        ),
        # everything that comes back to a value: each wire that leaves it, and their sum
        "back": Kind(
            ("uses", Each("back"), "reason", "together"),
            wires="out", least=1, each=("local", "downstream"), shows=("upstream",),
            uses=("gradients", "factors"),
            legend=("head", Each("back"), "sum"), formulas=("wires", "sum"),
            why="back", why_after="back", after="users", turn=True,
        ),
        # forward mode: the tangents of the inputs, then those of one gate after the other
        "begin": Kind(
            ("begin",), why="begin", shows=("leaf_tangents",), formulas=("begin",),
            marks=frozenset(("new",)),
        ),
        "push": Kind(
            ("value", Each("push_input"), "kinks", "pushed"),
            wires="in", least=1, each=("local",), shows=("value", "tangent"),
            uses=("sources", "source_tangents"), formulas=("value", "push"),
            legend=("push_head", Each("push"), "pushed"),
            why="push", why_after="push_after", after="sources",
        ),
        # after it: how many passes both modes take
        "passes": Kind(
            ("passes",), why="passes", legend=("passes",), formulas=("passes",),
            marks=frozenset(),
        ),
        # after the backward pass: the new value of an input
        "update": Kind(
            ("update",), shows=("next",), uses=("value", "upstream"), formulas=("update",),
            why="update",
        ),
    }
)  # fmt: skip

FORWARD: Mapping[bool, tuple[str, ...]] = MappingProxyType(
    {False: ("all", "seed"), True: ("given", "value", "seed")}
)
"""The kinds before the backward pass, without and with the steps of the forward pass."""
LOCAL_FIRST: Mapping[bool, tuple[str, ...]] = MappingProxyType(
    {False: ("all", "known", "seed"), True: ("given", "value", "known", "seed")}
)
"""The same where local gradients belong to the forward pass."""

TANGENTS = ("given", "begin", "push", "passes")
"""The kinds of forward mode: at the inputs, gate by gate, and after the last gate."""

AFTERWARDS = ("update",)
"""The kinds after the backward pass, for each input that is updated."""

By = Literal["gate", "wire", "product", "value", "local"]
WAYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "gate": ("sum", "gate"),
        "wire": ("sum", "local", "downstream"),
        "product": ("sum", "product"),
        "value": ("back",),
        "local": ("sum", "downstream"),
    }
)
"""The ways of stepping: the kinds of steps in the backward turn of one node.

Kinds about one wire come last, wire by wire. `By` lists the same names for type checkers.
"""


def usual(unknown: Collection[int]) -> By:
    """The way where none is chosen; the local gradients of unknown gates are known at once."""
    return "local" if unknown else "gate"


def before(by: str, forward: bool) -> tuple[str, ...]:
    """The kinds before the backward pass; local gradients come there if no later step has them."""
    later = any("local" in KINDS[kind].each for kind in WAYS[by])
    return (FORWARD if later else LOCAL_FIRST)[forward]


def method_of(teller: object, part: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a part that a row names, which a subclass may redefine, or a function."""
    return getattr(teller, part.__name__, None) or partial(part, teller)
