"""The graph that runs and can be rewritten; `parse` and `GraphBuilder`, which make one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

from ..base.errors import GraphError, short
from ..base.notebook import Shown
from ..calculus.shapes import Shape
from ..graph.builder import Builder, Handle
from ..graph.composites import holds_several
from ..graph.graph import Graph, multidigraph
from ..graph.named_nodes import Constants
from ..graph.parser import parse_nodes
from ..rewriting import expansion, grouping, outputs
from ..rewriting.order import Rewritten
from .run import Recent, engines, merged, named_values, unused_values
from .tape import Tape

if TYPE_CHECKING:
    import networkx as nx

    from ..derivatives.gradient_graph import Derivative
    from ..derivatives.opening import Shapes


class ComputationalGraph(Shown, Graph):
    """A graph that can run, be rewritten, and be shown by networkx.

    Equal texts give equal graphs. `names` has every name that a user may use for a node, aliases
    included.
    """

    @property
    def nx(self) -> nx.MultiDiGraph:
        """The graph as a new networkx.MultiDiGraph; an edge's key is the argument position.

        Nodes have `gate` (None for inputs and constants), `name`, `constants` (the numbers inside
        the gate by position), `value` (of a constant, or an input's default) and `span`.
        """
        return multidigraph(self)

    def forward(self, inputs: Mapping[str, object] | None = None, /, **named: object) -> Tape:
        """Run the graph on numbers for its inputs, given by name.

        Inputs are numbers, arrays or nested lists. Raises InputError for a missing or superfluous
        input, or one that is not finite numbers, and ShapeError at the first gate whose inputs do
        not fit. Arithmetic never raises: see `Tape.troubles`.

        >>> from graphstep.engine.computational_graph import parse
        >>> parse("f = (x + y) * z").forward(x=-2, y=5, z=-4).value
        -12.0
        """
        known = engines(self).recent
        again = known.values(inputs) if known is not None and not named else None
        if known is not None and again is not None:
            return Tape(self, again, known=known.engine)
        return self._first(merged(inputs, named))

    def _first(self, given: Mapping[str, object]) -> Tape:
        """The run of what is given, and its engine kept for the next one."""
        graph = self._as_made.taking(given)
        values, unused = named_values(graph, given), unused_values(graph, given)
        if self._has_groups:
            graph = graph._fitted({i: getattr(v, "shape", ()) for i, v in values.items()})
            places = graph.loose[1] if graph.loose else range(len(graph.nodes))
            values = {places[i]: value for i, value in values.items()}
        tape = Tape(graph, values, unused)
        known, more = engines(self), self._has_groups or self.unused or self.shapes
        if graph is self and not more and not (known.recent and known.recent.engine is tape.engine):
            known.recent = Recent(tape.engine, values)
        return tape

    @cached_property
    def _has_groups(self) -> bool:
        """Whether any of the nodes is a group of several outputs, or has one inside."""
        return any(holds_several(node.gate) for node in self.nodes)

    @property
    def _as_made(self) -> ComputationalGraph:
        """The graph itself, or the one of which it was made for inputs of certain shapes."""
        return self if self.loose is None else cast(ComputationalGraph, self.loose[0])

    def _fitted(self, shapes: Mapping[int, Shape]) -> ComputationalGraph:
        """The graph for inputs of these shapes: groups give outputs of different shapes too."""
        last, found = cast(
            tuple[object, ComputationalGraph], self.memory.get(outputs.fitted, (None, self))
        )
        if last != shapes:
            to = outputs.fitted(self.nodes, shapes)
            new = tuple(i for i in to.new if i is not None)
            changed = to.nodes != self.nodes
            found = replace(self._rewritten(to), loose=(self, new)) if changed else self
            self.memory[outputs.fitted] = shapes, found
        return found

    def _node_as_made(self, node: int) -> int:
        """Where a node is in the graph of which this one was made for inputs of certain shapes."""
        places = self.loose[1] if self.loose else ()
        return bisect_left(places, node) if places and 0 <= node <= places[-1] else node

    def target(self, name: str) -> ComputationalGraph:
        """The same graph, whose output is a named node: gradients are of that one.

        All values are still computed; what the node does not depend on has the gradient 0. Raises
        InputError for a name that the graph does not have, GraphError for an input.

        >>> g = parse("q = x + y; f = q * z").target("q")
        >>> g.forward(x=-2, y=5, z=-4).gradients
        {'x': 1.0, 'y': 1.0, 'z': 0.0}
        """
        node = self.index(name)
        if self.nodes[node].gate is None:
            known = [one.name for one in self.nodes if one.gate is not None and one.name]
            raise GraphError("target_input", name=name, known=", ".join(known) or "-")
        if self.loose:
            return self._as_made.target(name)
        end = self.output if self.whole is None else self.whole
        return replace(self, output=node, whole=None if node == end else end)

    def gradient(
        self, name: str, *, shapes: Shapes | None = None, upstream: str | None = None
    ) -> ComputationalGraph:
        """The gradient of the output with respect to an input or named node, as a graph.

        It has the same inputs, and is made of the same gates, by the local gradients that they
        state: it can be read as text, run, drawn, stepped through, and differentiated again.
        Where there are arrays, `shapes` has the shape of each input by name, () for a number, and
        the graph holds for these. The gradient has the shape of its variable. Of an output that
        is an array, `upstream` names a new input: the gradient that arrives there. Raises
        InputError for an unknown name and for shapes that are missing or wrong, ShapeError where
        they do not fit, GraphError for an output that is an array and for gates whose gradients
        are not written in gates.

        >>> slope = parse("f = x**3").gradient("x")
        >>> slope.source, slope.gradient("x").forward(x=2).value
        ('dx = 3*(x**2)', 12.0)
        >>> parse("f = l2(W @ x)").gradient("x", shapes={"W": (2, 3), "x": (3,)}).source
        'dx = W.T @ (2*(W @ x))'
        """
        from ..derivatives import gradient_graph

        return self._derived(gradient_graph.gradient(self, name, shapes, upstream))

    def directional(
        self,
        directions: Mapping[str, str] | None = None,
        /,
        *,
        shapes: Shapes | None = None,
        **named: str,
    ) -> ComputationalGraph:
        """The derivative of the output along a direction, as a graph.

        Each input that takes part is given with the name of a new input, its part of the direction,
        in its shape. The gradients of this graph are the Hessian times the direction. Takes
        `shapes` and raises as `gradient` does.

        >>> along = parse("f = x*x*y").directional(x="u", y="v")
        >>> along.forward(x=2, y=3, u=1, v=0).gradients
        {'y': 4.0, 'x': 6.0, 'u': 12.0, 'v': 4.0}
        """
        from ..derivatives import gradient_graph

        given = {**(directions or {}), **named}
        return self._derived(gradient_graph.directional(self, given, shapes))

    def _derived(self, found: Derivative) -> ComputationalGraph:
        """The graph of a derivative; inputs that are not in it may still be given."""
        values = {name: self.nodes[i].value for name, i in self.inputs.items()}
        known = {**self.unused, **values, **dict.fromkeys(found.added)}
        names = found.written.names
        unused = {name: value for name, value in known.items() if name not in names}
        return ComputationalGraph(*found.written, unused=unused, shapes=found.shapes)

    def expand(self, what: str | int) -> ComputationalGraph:
        """A new graph in which composite gates are replaced by what they are made of.

        `what` is the name of a gate ("sigmoid": all of them), or of a node, or a node's index.
        Raises GraphError where nothing of that kind has an expansion.

        >>> [n.gate.name for n in parse("f = sigmoid(x)").expand("sigmoid").nodes if n.gate]
        ['neg', 'exp', 'add', 'div']
        """
        if self.loose:
            at = self._node_as_made(what) if type(what) is int else what
            return self._as_made.expand(at)
        at = self.names.get(str(what), what if type(what) is int else -1)
        named = {grouping.group_at(self.nodes, at)} if 0 <= at < len(self.nodes) else set()
        wanted = {
            i
            for i, node in enumerate(self.nodes)
            if node.gate is not None and expansion.can_be_expanded(node.gate)
            if what in (i, node.name, node.gate.name) or i in named
        }
        if not wanted:
            if around := expansion.group_around(self.nodes, str(what)):
                raise GraphError("expand_inside", what=short(what), around=around)
            raise GraphError("nothing_to_expand", what=short(what))
        return self._rewritten(expansion.expand(self.nodes, wanted))

    def group(
        self, nodes: Iterable[str | int], name: str, *, spelled: bool = False
    ) -> ComputationalGraph:
        """A new graph in which some gates, given by name or index, become one gate called `name`.

        Its local gradients come from the backward pass inside it. In formulas it is a call of its
        name; if `spelled`, the formula of what is inside. Where several of its values are used
        outside, it gives all of them as one array, and an index gate for each takes it out; once
        shapes are known and differ, they are one vector, whose parts are taken out and shaped. With
        an output of an earlier group, all of that group is inside.
        Raises GraphError where one is not a gate, or where what the group computes
        comes back into it through gates outside.

        >>> g = parse("a = x*y; b = x + y; f = sin(a)*b").group(["a", "b"], "both")
        >>> [n.gate.name for n in g.nodes if n.gate]
        ['both', 'index', 'index', 'sin', 'mul']
        """
        inside = {node if isinstance(node, int) else self.index(node) for node in nodes}
        if not isinstance(name, str) or not name.isidentifier():
            raise GraphError("gate_name", gate=name)
        if not inside <= set(range(len(self.nodes))):
            raise GraphError("group_of_gates")
        if self.loose:
            inside = {self._node_as_made(i) for i in inside}
            return self._as_made.group(inside, name, spelled=spelled)
        ends = {self.output} if self.whole is None else {self.output, self.whole}
        return self._rewritten(grouping.group(self.nodes, ends, inside, name, spelled, self.names))

    def group_known(self) -> ComputationalGraph:
        """A new graph in which known composites become one gate: 1/(1 + exp(-x)) a sigmoid.

        >>> g = parse("f = 1/(1 + exp(-(w*x + b)))").group_known()
        >>> [n.gate.name for n in g.nodes if n.gate]
        ['mul', 'add', 'sigmoid']
        """
        graph = self._as_made
        while (found := expansion.find_composite(graph.nodes, graph.output)) is not None:
            gate, inside = found
            to = grouping.replaced(graph.nodes, inside, gate, [max(inside)])
            graph = graph._rewritten(to)
        return graph

    def _rewritten(self, to: Rewritten) -> ComputationalGraph:
        """The graph of rewritten nodes, with the names of those that are there now."""
        names = {name: new for name, i in self.names.items() if (new := to.new[i]) is not None}
        inner = {node.name: i for i, node in enumerate(to.nodes) if node.name is not None}
        names = {**to.names, **inner, **names}
        output = to.new[self.output]
        assert output is not None  # the last node of a group stands for it
        whole = None if self.whole is None else to.new[self.whole]
        return ComputationalGraph(
            to.nodes, output, names, self.source, self.unused, whole=whole, shapes=self.shapes,
            read=self.constants or self.read,
        )  # fmt: skip


def parse(text: str, *, constants: Constants = "inside") -> ComputationalGraph:
    """The computational graph of a text.

    Statements are separated by line breaks or `;`; a name on the left names a node, and the last
    statement is the output. A name without a definition is an input; one defined as a bare number
    is an input with that default. Numbers beside an operator go inside its gate (`*-1`), or become
    nodes with `constants="nodes"`. Raises ParseError, with the place in the text, for anything
    else.

    >>> [node.name or node.gate.name for node in parse("f = (x + y) * z").nodes]
    ['x', 'y', 'add', 'z', 'f']
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")  # Windows writes it before a text
    nodes, output, names = parse_nodes(text, constants)
    return ComputationalGraph(nodes, output, names, text, constants=constants)


class GraphBuilder(Builder):
    """A graph made node by node instead of from a text; its `source` is written afterwards.

    >>> b = GraphBuilder()
    >>> x, y = b.input("x"), b.input("y", 3.0)
    >>> g = b.graph(b.gate("max", b.gate("mul", x, y), 0, name="f"))
    >>> g.source
    'y = 3.0; f = max(x*y, 0)'
    >>> g == parse(g.source)
    True
    """

    def graph(self, output: Handle) -> ComputationalGraph:
        """The graph whose output is a gate; nodes that do not reach it are left out.

        Raises GraphError for an output that is an input or constant, or from another builder.
        """
        return ComputationalGraph(*self.written(output))
