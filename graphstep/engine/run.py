"""A run: the engine for a graph and its inputs, and every number that follows from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ..base.errors import GraphError, InputError, Span, beginning, nearest, short
from ..calculus.shapes import Shape, ShapeError, shape_said, shape_text
from ..calculus.values import bad_number, is_finite, nothing, plain_check, value_for
from ..gates.kinks import Mask, kinks_by_input
from ..graph.composites import unknown_in
from ..graph.graph import Graph
from ..graph.nodes import Node
from ..graph.slots import BACKWARD, Mode, Slot
from ..language.local_texts import Taken
from .instructions import Asked, Engine

if TYPE_CHECKING:
    from .array_engine import ArrayEngine
    from .scalar_engine import ScalarEngine

MOST_SHOWN = 60  # characters of the inputs in a repr
MOST_ENGINES = 16  # on arrays, of one graph, for different shapes of its inputs
SQUARE = re.compile(r"[ \t]*\[([^\[\]\n]+)\]")  # what stands in square brackets
MOST_ASKED = 16  # sets of names whose gradients are asked for, of one graph


class Recent:
    """The engine of a run, for the next one: most runs have inputs of the same shapes again."""

    def __init__(self, engine: Engine, inputs: Mapping[int, Any]) -> None:
        names = engine.graph.inputs
        self.engine, self.names, self.nodes = engine, names.keys(), tuple(names.values())
        self.are_plain = plain_check([getattr(inputs[i], "shape", ()) for i in self.nodes])

    def values(self, given: object) -> dict[int, Any] | None:
        """What `named_values` gives, if that is just what is given, in the same shapes; or None."""
        if type(given) is not dict or given.keys() != self.names:
            return None
        values = [given[name] for name in self.names]
        return dict(zip(self.nodes, values, strict=True)) if self.are_plain(values) else None


@dataclass(eq=False)
class Engines:
    """The engines of a graph, each made when it is first needed."""

    graph: Graph
    array_engines: dict[tuple[Shape, ...], ArrayEngine] = field(default_factory=dict)
    recent: Recent | None = None
    _asked: dict[tuple[str, ...], Asked] = field(default_factory=dict)

    @cached_property
    def on_floats(self) -> ScalarEngine:
        """The engine on floats."""
        from .scalar_engine import flatten

        return flatten(self.graph)

    @cached_property
    def unknown(self) -> Node | None:
        """The first node, also inside a group, of whose gate only the name is known."""
        return next(filter(None, map(unknown_in, self.graph.nodes)), None)

    @cached_property
    def needs_arrays(self) -> bool:
        """Whether a gate or constant needs arrays, even where all inputs are numbers."""
        return any(map(is_of_arrays, self.graph.nodes))

    def asked(self, names: tuple[str, ...]) -> Asked:
        """Some nodes, or all inputs. Raises InputError for a name that the graph does not have."""
        try:
            return self._asked[names]
        except (KeyError, TypeError):  # the first time, or what is no name, as `index` says
            index, graph = self.graph.index, self.graph
            found = Asked.of({n: index(n) for n in names} if names else graph.inputs)
        if len(self._asked) >= MOST_ASKED:
            self._asked.clear()
        self._asked[names] = found
        return found

    def on_arrays(self, values: Mapping[int, Any]) -> ArrayEngine:
        """The engine on arrays of these shapes; the last few are kept."""
        shapes = tuple([() if type(v) is float else v.shape for v in values.values()])
        found = self.array_engines.get(shapes)
        if found is None:  # another thread may clear them all at any time
            from .array_engine import ArrayEngine

            if len(self.array_engines) >= MOST_ENGINES:
                self.array_engines.clear()
            found = self.array_engines[shapes] = ArrayEngine(self.graph, values)
        return found


def is_of_arrays(node: Node) -> bool:
    """Whether a node is a gate or constant of arrays, even where all inputs are numbers."""
    return isinstance(node.value, tuple) or bool(node.gate and not node.gate.elementwise)


def engines(graph: Graph) -> Engines:
    """The engines of a graph, which it remembers."""
    found: Engines = graph.memory.get(Engines) or graph.memory.setdefault(Engines, Engines(graph))
    return found


def engine(graph: Graph, values: Mapping[int, Any]) -> Engine:
    """The engine for a graph and the values of its inputs, by node."""
    known = engines(graph)
    if not known.needs_arrays and all(type(value) is float for value in values.values()):
        return known.on_floats
    return known.on_arrays(values)


# --- what is given for the inputs


def named_values(graph: Graph, given: Mapping[str, object]) -> dict[int, Any]:
    """The value of each input by node: the given one, or else the default in the text.

    Raises InputError for a missing or superfluous input, one that is not finite numbers or has
    another shape than the graph was made for, and an unknown gate.
    """
    refuse_unknown(graph)
    for name in given:
        if name not in graph.inputs and name not in graph.unused:
            _refuse_joined(graph, name, given)
            inputs = (*graph.inputs, *graph.unused)
            near = nearest(name, set(inputs) - set(given))
            known = ", ".join(inputs) or "-"
            raise InputError("superfluous_input", name=name, near=near, known=known)
    found = {
        i: value_for(n, given[n]) if n in given else _default(graph, n, given)
        for n, i in graph.inputs.items()
    }
    _check_shapes(graph, found)
    return found


def _check_shapes(graph: Graph, found: Mapping[int, Any]) -> None:
    """Refuse inputs of other shapes than those for which a graph was made. Raises InputError."""
    for name, needed in graph.shapes.items():
        given = getattr(found.get(graph.inputs.get(name, -1)), "shape", ())
        if name in graph.inputs and given != needed:
            raise InputError("made_for_shape", name=name, given=given, needed=needed,
                             write=f'{{"{name}": {given}}}')  # fmt: skip


def refuse_unknown(graph: Graph) -> None:
    """Refuse numbers for a gate of which only the name is known."""
    node = engines(graph).unknown
    if node is not None:
        name = node.gate.name if node.gate else ""
        inside = graph.source[slice(*node.span)].removeprefix(name).strip()
        product: dict[str, Any] = {"write": f"{name}*{inside}"} if len(node.args) == 1 else {}
        raise InputError("unknown_computed", source=graph.source, span=node.span, name=name,
                         **product)  # fmt: skip


def _refuse_joined(graph: Graph, name: str, given: Mapping[str, object]) -> None:
    """Refuse a value for a name that the text joins with others, as in w0x0."""
    from ..language.foreign_names import NUMBERS

    for known, node in graph.inputs.items():
        parts = _joined(known, {*given, *NUMBERS}) if known not in given else ()
        if name in parts:
            span = graph.nodes[node].span
            raise InputError("joined_names", source=graph.source, span=span, name=known,
                             write="*".join(parts))  # fmt: skip


def unused_values(graph: Graph, given: Mapping[str, object]) -> dict[str, Any]:
    """The value of each input without a node, if it is given or has a default.

    Raises InputError.
    """
    found = {n: given.get(n, default) for n, default in graph.unused.items()}
    return {n: value_for(n, value) for n, value in found.items() if n in given or value is not None}


def merged(inputs: Mapping[str, object] | None, named: Mapping[str, object]) -> dict[str, object]:
    """Merge inputs given as a mapping and by keyword. Raises InputError."""
    if inputs is not None and not isinstance(inputs, Mapping):
        raise InputError("inputs_form", given=short(inputs))
    for name in inputs or ():
        if not isinstance(name, str):
            raise InputError("inputs_form", given=short(name))
        if name in named:
            raise InputError("input_twice", name=name)
    return {**(inputs or {}), **named}


def _default(graph: Graph, name: str, given: Mapping[str, object]) -> Any:
    """The default of an input. Raises InputError if it has none."""
    node = graph.nodes[graph.inputs[name]]
    if node.value is None:
        raise missing_input(graph, name, given)
    return value_for(name, node.value)


def missing_input(
    graph: Graph, name: str, given: Mapping[str, object], write: object = None, key: str = ""
) -> InputError:
    """The error for an input that is missing, with what to give for it, as in x=1.

    `key` is that of its words, if not what the name suggests.
    """
    usual, value = _expected(name)
    key = key or usual
    missing, span = missing_inputs(graph, given), graph.nodes[graph.inputs[name]].span
    gate = _called(graph, name, span) if key == "missing_gate" else {}
    return InputError(key, source=graph.source, span=span, name=name, names=", ".join(missing),
                      missing=missing, value=write or value, **gate)  # fmt: skip


def missing_inputs(graph: Graph, given: Collection[str]) -> list[str]:
    """The inputs that have a value neither among the given names nor in the text."""
    nodes = graph.nodes
    return [n for n, i in graph.inputs.items() if n not in given and nodes[i].value is None]


def _expected(name: str) -> tuple[str, float]:
    """The error for a missing input, and the value that its name suggests."""
    from ..language.foreign_names import CONSTANTS, INFINITE

    if name.lower() in INFINITE:
        return "missing_infinite", 1e9
    key = "missing_gate" if _gate_named(name) else "missing_e" if name == "e" else "missing_input"
    return key, CONSTANTS.get(name, 1)


def _gate_named(name: str) -> str:
    """The gate that a name of several letters may mean, as Sin in Sin[x]; empty if none."""
    from ..advice.similar_names import gate_named

    return gate_named(name) if len(name) > 1 else ""


def _called(graph: Graph, name: str, span: Span | None) -> dict[str, str]:
    """The gate that a missing name may mean, and its call: with what stands in square brackets."""
    gate = _gate_named(name)
    taken = SQUARE.match(graph.source or "", span.end) if span else None
    return {"gate": gate, "call": f"{gate}({taken[1].strip() if taken else 'x'})"}


def _joined(name: str, given: Collection[str]) -> tuple[str, ...]:
    """The given names that make up a name of the text, in order; empty if there are none.

    >>> _joined("w0x0", ["x0", "w0"]), _joined("w0", ["w0"])
    (('w0', 'x0'), ())
    """
    found: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(name) + 1):
        for part in given:
            if name.endswith(part, 0, end) and end - len(part) in found:
                found[end] = (*found[end - len(part)], part)
    parts = found.get(len(name), ())
    return parts if len(parts) > 1 else ()


# --- what follows


class Trouble(NamedTuple):
    """A number that is not finite, though all numbers it was made of are.

    `kind` and `item` are those of its slot, a wire's for "local"; `node` shows the warning.
    """

    node: int
    kind: str  # "value", "local" or "upstream"
    item: int
    number: float


class Run:
    """All numbers of one run: values, and on demand upstream, local and downstream gradients.

    Everything follows from the values, so a run never changes. Numbers are floats, or
    arrays where the graph has some; gradients are of the output, one number, with respect to a
    node, and have its shape. Arrays are not copied: read what you need before you change one in
    place.
    """

    numeric = True
    """Whether it has numbers: figures can be of symbols alone."""
    mode: Mode = BACKWARD
    """The way in which derivatives go through the graph."""
    outside = ""
    """The name of a loss outside of the graph, whose gradient arrives at the output, if any."""
    arrived: Any = None
    """That gradient, in the shape of the output."""

    def __init__(
        self,
        graph: Graph,
        inputs: Mapping[int, Any],
        unused: Mapping[str, Any] | None = None,
        known: Engine | None = None,
    ) -> None:
        self.graph, self.unused = graph, unused or {}
        self.engine = known or engine(graph, inputs)
        self.slots: list[Any] = self.engine.filled(inputs)
        self._locals: dict[int, Any] = {}
        self._kinks: dict[int, Mapping[int, tuple[Mask, ...]]] = {}
        self.engine.forward(self.slots)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        """Pickled and copied as its graph and inputs, and run again."""
        again = (type(self), self.graph, self.given, self.unused)
        return _run_again, (*again, self.arrived, self.outside)

    def __repr__(self) -> str:
        graph = self.graph
        inputs = (f"{name}={_brief(self.slots[i])}" for name, i in graph.inputs.items())
        given = beginning(", ".join(inputs), MOST_SHOWN)
        output = graph.nodes[graph.output].name or "value"
        return f"<{type(self).__name__} {output} = {_brief(self.value)} at {given}>"

    @property
    def given(self) -> dict[int, Any]:
        """The values of the inputs, by node."""
        return {i: self.slots[i] for i in self.graph.inputs.values()}

    @property
    def inputs(self) -> dict[str, Any]:
        """The values of the inputs, by name."""
        return {name: self.values[i] for name, i in self.graph.inputs.items()}

    def at(self, changed: Mapping[int, object]) -> Self:
        """The run of the same graph with other values for some inputs, given by node.

        Raises InputError for what is not finite numbers.
        """
        names = self.graph.ids
        now = {i: value_for(names[i], value) for i, value in changed.items()}
        return self.closing(type(self)(self.graph, {**self.given, **now}, self.unused))

    def closing(self, run: Self) -> Self:
        """Another run with the loss outside that this one has, if any, or in its mode."""
        return run if self.arrived is None else run.arriving(self.arrived, self.outside)

    def arriving(self, upstream: object, outside: str = "") -> Self:
        """The same run with gradients of a loss outside, of which the output's is given.

        Raises InputError for what is not finite numbers, ShapeError where they do not have the
        shape of the output.
        """
        given, value = value_for("upstream", upstream), self.value
        shape, needed = getattr(given, "shape", ()), getattr(value, "shape", ())
        if shape != needed:
            node = self.graph.nodes[self.engine.output]
            raise ShapeError("seed_shape", source=self.graph.source, span=node.span,
                             name=node.name or "f", given=shape_said(shape),
                             needed=shape_said(needed))  # fmt: skip
        made = object.__new__(type(self))
        shared = ("graph", "unused", "engine", "slots", "_locals", "_kinks", "values")
        made.__dict__.update(
            {name: self.__dict__[name] for name in shared if name in self.__dict__}
        )
        made.arrived, made.outside = given, outside
        return made

    @property
    def value(self) -> Any:
        """The value of the output: a float, or an array."""
        return self.engine.value(self.slots[self.engine.output])

    @property
    def end(self) -> float:
        """What gradients are of: the output, or the part of a loss outside that it makes up.

        To first order, which is all that gradients know of that loss.
        """
        if self.arrived is None:
            return self.value  # type: ignore[no-any-return]
        product = self.arrived * self.value
        return product if type(product) is float else float(product.sum())

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """The value of every node, in the order of `graph.nodes`: floats and arrays."""
        return self.engine.values(self.slots)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of every node; () for a number."""
        return tuple(getattr(value, "shape", ()) for value in self.values)

    @cached_property
    def upstreams(self) -> tuple[Any, ...]:
        """The upstream gradient of every node: the sum over the wires that leave it.

        Each has its node's shape. Raises GraphError where the output is not one number.
        """
        self.check_output()
        return self.engine.upstreams(self.slots, self.arrived)

    @property
    def derivatives(self) -> tuple[Any, ...]:
        """What the mode brings to every node: its upstream gradient, or its tangent."""
        return self.upstreams

    @property
    def gradients(self) -> dict[str, Any]:
        """The gradient of the output with respect to each input, by name; as `backward()`."""
        return self.backward()

    def backward(self, *names: str, upstream: object = None) -> dict[str, Any]:
        """The gradients of the inputs, by name; of only some, or of named nodes, when asked.

        Each has the shape of its variable. Only the wires on a path from the asked names to the
        output are walked. They begin with the gradient of the output: 1, or `upstream`, in the
        output's shape, which comes from whatever uses the output. Raises InputError for a name that
        the graph does not have, GraphError where the output is not one number and no upstream is
        given, ShapeError for one of another shape.

        >>> from graphstep.engine.computational_graph import parse
        >>> tape = parse("f = (x + y) * z").forward(x=-2, y=5, z=-4)
        >>> tape.backward()
        {'x': -4.0, 'y': -4.0, 'z': 3.0}
        >>> tape.backward("x", upstream=0.5)
        {'x': -2.0}
        """
        if upstream is not None:
            return self.arriving(upstream).backward(*names)
        self.check_output()
        if not names and type(self.slots[self.engine.output]) is float:  # all are: none changes
            every = {name: self.upstreams[i] for name, i in self.graph.inputs.items()}
            return every | self._zeros
        if not self.unused:
            asked = engines(self.graph).asked(names)
            return dict(zip(asked.named, self._asked(asked), strict=True))
        zeros = self._zeros
        unused = list(zeros)  # a list, so that any name can be asked for
        asked = engines(self.graph).asked(tuple(n for n in names if n not in unused))
        found = {**dict(zip(asked.named, self._asked(asked), strict=True)), **zeros}
        return {n: found[n] for n in names} if names else found

    def _asked(self, asked: Asked) -> list[Any]:
        """The gradients of some nodes."""
        return self.engine.gradients(self.slots, asked, self.arrived)

    @property
    def _zeros(self) -> dict[str, Any]:
        """The gradients of inputs that the output does not depend on."""
        return {name: 0.0 * abs(value) for name, value in self.unused.items()}

    def check_numbers(self) -> None:
        """Raise InputError where there are no numbers."""

    def check_output(self) -> None:
        """Raise GraphError where the output is an array whose gradient is not given."""
        shape = getattr(self.slots[self.engine.output], "shape", ())
        if shape and self.arrived is None:
            node = self.graph.nodes[self.engine.output]
            raise GraphError("not_a_scalar", source=self.graph.source, span=node.span,
                             name=node.name or "f", shape=shape_text(shape))  # fmt: skip

    def local(self, wire: int) -> Any:
        """The local gradient on a wire, by its index in `graph.wires`: d target / d source.

        A float between two numbers, else a `Jacobian` with a row for each element of the target
        and a column for each element of the source. Raises IndexError where there is no such wire,
        GraphError where the output is not one number.
        """
        if wire not in self._locals:
            if type(self.slots[self.engine.output]) is float:
                _ = self.upstreams  # so that the formulas have run
            self._locals[wire] = self.engine.local(self.slots, wire)
        return self._locals[wire]

    def downstream(self, wire: int) -> Any:
        """The downstream gradient on a wire: upstream of its gate pulled back through its local.

        Between numbers that is upstream times local. It has the shape of the wire's source.
        """
        source, target, _ = self.graph.wires[wire]
        if target in self.graph.beyond:
            return nothing(self.shapes[source])
        return self.pulled(wire, self.upstreams[target])

    def pulled(self, wire: int, upstream: Any) -> Any:
        """What any upstream gradient of the gate of a wire becomes at its source."""
        return self.engine.pulled(self.local(wire), upstream)

    @cached_property
    def at_work(self) -> Mapping[int, Taken]:
        """Each gate with the values that it takes and the one that it gives, by node."""
        values = self.values
        return {
            i: node.at_work(values, values[i])
            for i, node in enumerate(self.graph.nodes)
            if node.gate is not None
        }

    def kinks(self, wire: int) -> tuple[Mask, ...]:
        """Masks of where the gate that a wire enters has no derivative with respect to it."""
        _, target, position = self.graph.wires[wire]
        return self.kinks_of_gate(target).get(position, ())

    def kinks_of_gate(self, node: int) -> Mapping[int, tuple[Mask, ...]]:
        """The same for each input of a gate that has kinks, by position."""
        if node not in self._kinks:
            gate, _, taken, _, options = self.at_work[node]
            self._kinks[node] = kinks_by_input(gate, taken, options)
        return self._kinks[node]

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """The places where numbers stop being finite: overflow, division by zero, out of domain."""
        return (*begun(self), *_overflows(self))

    @cached_property
    def bad_locals(self) -> tuple[int, ...]:
        """The wires whose local gradients are not finite."""
        led = (w for w, wire in enumerate(self.graph.wires) if wire.target not in self.graph.beyond)
        return tuple(w for w in led if not is_finite(self.local(w)))

    @cached_property
    def trouble_at(self) -> Mapping[Slot, int]:
        """The place among `troubles` of the one that begins in a slot."""
        return {Slot(trouble.kind, trouble.item): k for k, trouble in enumerate(self.troubles)}


def begun(run: Run) -> list[Trouble]:
    """Values and local gradients that are not finite, though what they are made of is."""
    graph, values = run.graph, run.values
    finite = [is_finite(value) for value in values]
    found = [
        Trouble(i, "value", i, bad_number(values[i]))
        for i, node in enumerate(graph.nodes)
        if not finite[i] and all(finite[s] for s in node.sources)
    ]
    for w in run.bad_locals:
        target = graph.wires[w].target
        if finite[target]:
            found.append(Trouble(target, "local", w, bad_number(run.local(w))))
    return found


def _overflows(run: Run) -> list[Trouble]:
    """Gradients that exceed the largest float, though each of their factors is finite."""
    graph, upstreams, led = run.graph, run.upstreams, set(run.bad_locals)
    bad = {i for i, number in enumerate(upstreams) if not is_finite(number)}
    fed = {s for w, (s, t, _) in enumerate(graph.wires) if t in bad or w in led}
    return [Trouble(i, "upstream", i, bad_number(upstreams[i])) for i in sorted(bad - fed)]


def _run_again(
    kind: type[Run], graph: Graph, given: Mapping[int, Any], unused: Mapping[str, Any],
    arrived: object, outside: str,
) -> Run:  # fmt: skip
    """A run that was pickled."""
    run = kind(graph, given, unused)
    return run if arrived is None else run.arriving(arrived, outside)


def _brief(value: Any) -> str:
    """A number, without the sign of a zero, or the shape of an array."""
    shape = getattr(value, "shape", ())
    return f"array {shape_text(shape)}" if shape else f"{float(value) + 0.0:g}"
