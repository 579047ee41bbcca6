"""How gradients go back through gates of arrays, as texts in the language.

Here are the gates whose rows say it in mathematics, such as "{g} · {y}ᵀ", or not at all. A text is
about `{g}`, the upstream gradient in the shape of the output, and what the gate takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from math import prod
from operator import sub
from types import MappingProxyType

from ..calculus.axes import inverse
from ..calculus.indexing import Key, read_index
from ..calculus.shapes import Shape, axes_of, axis_of
from ..language.local_texts import PLACES, Taken, over_copies, text_anywhere

MOST_LISTED = 20  # classes of labels that are written one by one
Pull = Callable[[Taken, int], str]
"""From a gate at work and the position of an input, whose shapes count and whose values do not."""


def in_shape(text: str, shape: Shape) -> str:
    """A text with its elements in another shape."""
    return f"reshape({text}, {listed(shape)})" if shape else f"sum({text})"


def listed(numbers: Sequence[object]) -> str:
    """Numbers with commas between them.

    >>> listed((2, 3))
    '2, 3'
    """
    return ", ".join(map(str, numbers))


def in_order(text: str, order: Sequence[int]) -> str:
    """A text with its axes in another order."""
    return text if [*order] == sorted(order) else f"permute({text}, {listed(order)})"


# --- moves


def _moved_back(taken: Taken, _: int) -> str:
    """The elements in the shape that they had."""
    same = taken.out_shape == taken.shape(0)
    return "{g}" if same else in_shape("{g}", taken.shape(0))


def _part_of_joined(taken: Taken, position: int) -> str:
    at = axis_of(taken.shape(0), taken.option("axis"))
    sizes = [shape[at] for shape in taken.shapes]
    first = sum(sizes[:position])
    return f"{{g}}[{':, ' * at}{first}:{first + sizes[position]}]"


def _part_of_stack(taken: Taken, position: int) -> str:
    at = axis_of(taken.out_shape, taken.option("axis"))
    return f"{{g}}[{':, ' * at}{position}]"


def _put_together(taken: Taken, _: int) -> str:
    """Parts of an array, joined along the axis that was cut."""
    shape = taken.shape(0)
    at = axis_of(shape, taken.option("axis"))
    back = (*range(1, at + 1), 0, *range(at + 1, len(shape) + 1))
    return in_shape(in_order("{g}", back), shape)


def _summed_back(taken: Taken, _: int) -> str:
    """Sums that run from the other end."""
    shape, axis = taken.shape(0), taken.option("axis")
    at = 0 if axis is None else axis_of(shape, axis)
    turned = f"[{':, ' * at}::-1]"
    along = f", axis={at}" if len(shape) > 1 and axis is not None else ""
    text = f"cumsum({{g}}{turned}{along}){turned}"
    return in_shape(text, shape) if axis is None and len(shape) != 1 else text


# --- indexes


def _of_key(taken: Taken, _: int) -> str:
    return scattered((int(taken.option("i")),), taken.shape(0), taken.out_shape)


def _of_slice(taken: Taken, _: int) -> str:
    i, j = (None if end is None else int(end) for end in taken.options)
    return scattered((slice(i, j),), taken.shape(0), taken.out_shape)


def _of_index(taken: Taken, _: int) -> str:
    return scattered(read_index(taken.option("at")), taken.shape(0), taken.out_shape)


def scattered(keys: Sequence[Key], shape: Shape, chosen: Shape) -> str:
    """The elements that an index chose, where they were, among zeros.

    >>> scattered((1,), (3, 2), (2,))
    'pad(reshape({g}, 1, 2), ((1, 1), (0, 0)))'
    >>> scattered((slice(None, None, -1),), (3,), (3,))
    '{g}[::-1]'
    """
    ranges = tuple(_places(keys, shape))
    counts = tuple(map(len, ranges))
    text = in_shape("{g}", counts) if counts != chosen else "{g}"
    if any(places.step < 0 for places in ranges):
        text += f"[{', '.join('::-1' if places.step < 0 else ':' for places in ranges)}]"
    ranges = tuple(places if places.step > 0 else places[::-1] for places in ranges)
    steps = tuple(places.step if len(places) > 1 else 1 for places in ranges)
    left = tuple(n - places[0] for places, n in zip(ranges, shape, strict=True))
    sizes = tuple(min(k * step, n) for k, step, n in zip(counts, steps, left, strict=True))
    if max(steps, default=1) > 1:
        text = _set_apart(text, counts, steps, sizes)
    around = zip((places[0] for places in ranges), map(sub, left, sizes), strict=True)
    return _with_zeros(text, tuple(around))


def _places(keys: Sequence[Key], shape: Shape) -> list[range]:
    """The places along each axis that an index chooses."""
    known = [key for key in keys if key is not None]
    at = known.index(...) if ... in known else len(known)
    left = [slice(None)] * (len(shape) - sum(key is not ... for key in known))
    each = [*known[:at], *left, *known[at + 1 :]]
    return [
        range(key % n, key % n + 1) if isinstance(key, int) else range(n)[key]
        for key, n in zip(each, shape, strict=True)
        if isinstance(key, int | slice)
    ]


def _set_apart(text: str, counts: Shape, steps: Sequence[int], sizes: Shape) -> str:
    """The elements with zeros behind each, as many as there are steps; cut to some sizes."""
    axes = tuple(zip(counts, steps, strict=True))
    apart = chain.from_iterable((count, 1) if step > 1 else (count,) for count, step in axes)
    zeros = chain.from_iterable(
        ((0, 0), (0, step - 1)) if step > 1 else ((0, 0),) for _, step in axes
    )
    wide = tuple(count * step for count, step in axes)
    text = in_shape(_with_zeros(in_shape(text, tuple(apart)), tuple(zeros)), wide)
    return text if wide == sizes else f"{text}[{', '.join(f':{size}' for size in sizes)}]"


def _with_zeros(text: str, around: tuple[tuple[int, int], ...]) -> str:
    if not any(map(any, around)):
        return text
    return f"pad({text}, {around[0] if len(around) == 1 else around})"


def _one_hot(labels: str, shape: Shape, count: int) -> str:
    """A row for each label, 1 at its class."""
    index = f"[{':, ' * len(shape)}None]" if shape else ""
    return f"equal({labels}{index}, {_classes(count)})"


def _classes(count: int) -> str:
    """The whole numbers from 0."""
    if count <= MOST_LISTED:
        return f"[{listed(range(count))}]"
    return f"(cumsum(broadcast_to(1, {count})) - 1)"


def _picked(taken: Taken, _: int) -> str:
    s, y = taken.shapes
    chosen = _one_hot("{y}", y, s[-1])
    if len(s) > 1:
        return f"{{g}}[:, None]*{chosen}"
    return _added_up(chosen, s, y)


def _taken_back(taken: Taken, _: int) -> str:
    x, i = taken.shapes
    return _added_up(_one_hot("{i}", i, x[0]), x, i)


def _added_up(chosen: str, x: Shape, i: Shape) -> str:
    """Rows added up where they were taken from, which may be several times from one place."""
    count, rest = x[0], x[1:]
    if not i:
        return f"{{g}}*{in_shape(chosen, (count, *(1 for _ in rest))) if rest else chosen}"
    if len(i) == 1 and len(rest) < 2:
        return f"{chosen}.T @ {{g}}"
    flat = in_shape(chosen, (prod(i), count))
    return in_shape(f"{flat}.T @ {in_shape('{g}', (prod(i), prod(rest)))}", x)


# --- products

OF_PRODUCT: Mapping[tuple[int, int], tuple[str, str]] = MappingProxyType(
    {
        (1, 1): ("{g}*{y}", "{g}*{x}"),
        (2, 1): ("outer({g}, {y})", "{x}.T @ {g}"),
        (1, 2): ("{g} @ {y}.T", "outer({x}, {g})"),
        (2, 2): ("{g} @ {y}.T", "{x}.T @ {g}"),
    }
)
"""The gradients of a product, by how many axes its factors have."""


def _of_product(taken: Taken, position: int) -> str:
    x, y = taken.shapes
    if max(len(x), len(y)) < 3:
        return OF_PRODUCT[len(x), len(y)][position]
    rows, columns = (x if len(x) > 1 else (1, *x)), (y if len(y) > 1 else (*y, 1))
    stack = taken.out_shape[: len(taken.out_shape) - (len(x) > 1) - (len(y) > 1)]
    arrived = (*stack, rows[-2], columns[-1])
    g = "{g}" if arrived == taken.out_shape else in_shape("{g}", arrived)
    if position == 0:
        text = over_copies(f"{g} @ {_turned('{y}', y)}", rows, (*stack, *rows[-2:]))
    else:
        turned = "reshape({x}, -1, 1)" if len(x) == 1 else _turned("{x}", x)
        text = over_copies(f"{turned} @ {g}", columns, (*stack, *columns[-2:]))
    own = (x, y)[position]
    return text if len(own) > 1 else in_shape(text, own)


def _turned(text: str, shape: Shape) -> str:
    """Matrices with rows and columns exchanged; a vector as a row."""
    if len(shape) == 1:
        return in_shape(text, (1, *shape))
    return f"{text}.T" if len(shape) == 2 else f"swapaxes({text}, -2, -1)"


def _of_outer(_: Taken, position: int) -> str:
    return ("{g} @ {y}", "{g}.T @ {x}")[position]


def _of_others(taken: Taken, _: int) -> str:
    """For each element, the product of the others: also right where some are 0."""
    shape = taken.shape(0)
    axes = axes_of(shape, taken.option("axis"))
    count = prod(shape[k] for k in axes)
    but_one = f"where(diag(broadcast_to(1, {count})), 1, {{}})"
    if len(shape) < 2:
        return f"{{g}}*prod({but_one.format('{x}')}, axis=1)" if shape else "{g}"
    order, sizes, count = _in_lines(shape, axes)
    rows = in_shape(in_order("{x}", order), (prod(shape) // count, 1, count))
    others = in_shape(f"prod({but_one.format(rows)}, axis=2)", sizes)
    return f"{PLACES['g'](taken)}*{in_order(others, inverse(order))}"


def _sorted_back(taken: Taken, _: int) -> str:
    """What arrived at the place of each element, which is the number of those before it."""
    shape = taken.shape(0)
    at = axis_of(shape, taken.option("axis"))
    order, sizes, count = _in_lines(shape, (at,))
    x, g = (
        in_shape(in_order(text, order), (prod(shape) // count, count)) for text in ("{x}", "{g}")
    )
    places = _classes(count)
    before = f"less({places}, reshape({places}, {count}, 1))"
    others, own = f"{x}[:, None]", f"{x}[:, :, None]"
    place = f"sum(less({others}, {own}) + equal({others}, {own})*{before}, axis=2)"
    text = f"sum(equal({place}[:, :, None], {places})*{g}[:, None], axis=2)"
    return in_order(in_shape(text, sizes), inverse(order))


def _of_the_middle(taken: Taken, _: int) -> str:
    """Half of what arrives to each end of the middle, and to equal elements a share of it."""
    shape = taken.shape(0)
    order, sizes, count = _in_lines(shape, axes_of(shape, taken.option("axis")))
    lines = prod(shape) // count
    x, g = in_shape(in_order("{x}", order), (lines, count)), in_shape("{g}", (lines, 1))
    masks = (f"equal({x}, sort({x})[:, {k}:{k + 1}])" for k in ((count - 1) // 2, count // 2))
    shares = " + ".join(f"{mask}/sum({mask}, 1, 1)" for mask in masks)
    return in_order(in_shape(f"{g}/2*({shares})", sizes), inverse(order))


def _in_lines(shape: Shape, axes: Sequence[int]) -> tuple[tuple[int, ...], Shape, int]:
    """An order of axes with some of them last, the sizes in it, and the elements along those."""
    order = (*(k for k in range(len(shape)) if k not in axes), *axes)
    return order, tuple(shape[k] for k in order), prod(shape[k] for k in axes)


def _of_trace(taken: Taken, _: int) -> str:
    count = taken.shape(0)[0]
    return f"diag(broadcast_to({{g}}, {count}))"


def _of_determinant(taken: Taken, position: int) -> str:
    """The cofactors; of a small matrix also where it has no inverse."""
    count = taken.shape(0)[0]
    small = {1: "reshape({g}, 1, 1)", 2: "{g}*([[0, 1], [-1, 0]] @ {x} @ [[0, -1], [1, 0]])"}
    return small.get(count) or text_anywhere(taken, position)


def _of_dropout(*_: object) -> str:
    return "dropout({g}{options})"


def _none(*_: object) -> str:
    return "0"


PULLS: Mapping[str, Pull] = MappingProxyType(
    {
        "matmul": _of_product, "outer": _of_outer, "trace": _of_trace, "det": _of_determinant,
        "dropout": _of_dropout,
        "reshape": _moved_back, "flatten": _moved_back, "expand_dims": _moved_back,
        "squeeze": _moved_back, "concat": _part_of_joined, "stack": _part_of_stack,
        "split": _put_together, "cumsum": _summed_back, "index": _of_key, "slice": _of_slice,
        "part": _of_index, "pick": _picked, "take": _taken_back, "size": _none,
        "sort": _sorted_back, "median": _of_the_middle, "prod": _of_others,
    }
)  # fmt: skip
"""The gradient with respect to what a gate takes, for each that does not say it in its row."""
