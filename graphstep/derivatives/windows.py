"""What gates of images, whose rows have no expansion, are made of, for the shapes at hand.

A convolution becomes one matrix product: the elements under each tap of the filters, in all
windows, are the rows of a matrix. Of pools they are the inputs of `max`, or of a mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from ..calculus.shapes import Shape
from ..calculus.windows import Margins, margins
from ..language.local_texts import Taken
from .pulls import in_order, in_shape, listed

LOWEST = "-1e308"
"""What stands around an image whose greatest elements are taken."""


def _taps(size: Sequence[int], of: Taken) -> list[str]:
    """For each place in a window, the elements of `image` there, in all windows."""
    stride = of.option("stride") or of.option("size")
    dilation = of.option("dilation") or 1
    rows, columns = (
        [_every(first * dilation, count, stride) for first in range(length)]
        for length, count in zip(size, of.out_shape[-2:], strict=True)
    )
    return [f"image[..., {row}, {column}]" for row in rows for column in columns]


def _every(first: int, count: int, step: int) -> str:
    """So many elements from the first one on, some steps apart."""
    last = first + (count - 1) * step + 1
    return f"{first}:{last}" + f":{step}" * (step > 1)


def _joined(gate: str, parts: Sequence[str], axis: int) -> str:
    return f"{gate}({listed(parts)}, axis={axis})" if len(parts) > 1 else parts[0]


def _framed(text: str, axes: int, pad: Margins) -> str:
    """An array with zeros around its last two axes."""
    around = (*(((0, 0),) * (axes - 2)), *pad)
    return f"pad({text}, {around})" if any(map(any, pad)) else text


def _convolution(taken: Taken) -> str:
    x, w = taken.shapes[:2]
    groups, alone = int(taken.option("groups")), len(w) == 2
    lead = x[:-2] if alone else x[:-3]
    filters, *_, height, width = (1, *w) if alone else w
    channels = 1 if alone else w[1]
    count = height * width * channels
    split = (groups,) if groups > 1 else ()
    image = (*lead, *split, channels, *x[-2:])
    framed = _framed(in_shape("x", image), len(image), margins(taken.option("pad")))
    columns = _joined("concat", _taps((height, width), taken), len(image) - 3)
    weights = "w" if alone else in_order("w", (0, 2, 3, 1))
    rows = in_shape(weights, (*split, filters // groups, count))
    places = taken.out_shape[-2] * taken.out_shape[-1]
    product = f"{rows} @ {in_shape(columns, (*lead, *split, count, places))}"
    return f"image = {framed}; {in_shape(product, taken.out_shape)}"


def _greatest(taken: Taken) -> str:
    shape, pad = taken.shape(0), margins(taken.option("pad"))
    image = _framed("x", len(shape), pad)
    if image != "x":
        ones = _framed(f"broadcast_to(1, {listed(shape)})", len(shape), pad)
        image = f"where({ones}, {image}, {LOWEST})"
    taps = _taps((taken.option("size"),) * 2, taken)
    return f"image = {image}; " + (f"max({listed(taps)})" if len(taps) > 1 else taps[0])


def _average(taken: Taken) -> str:
    image = _framed("x", len(taken.shape(0)), margins(taken.option("pad")))
    taps = _taps((taken.option("size"),) * 2, taken)
    found = f"mean({_joined('stack', taps, 0)}, axis=0)" if len(taps) > 1 else taps[0]
    return f"image = {image}; {found}"


def _normalized(taken: Taken) -> str:
    x, gamma, beta = taken.shapes
    rows = f"rows = reshape(x, {x[0]}, {taken.option('groups')}, -1)"
    normal = f"(rows - mean(rows, 2, 1))/sqrt(var(rows, 2, 1) + {taken.option('eps')!r})"
    scale, shift = (_by_channel(name, own, x) for name, own in (("gamma", gamma), ("beta", beta)))
    return f"{rows}; {in_shape(normal, x)}*{scale} + {shift}"


def _by_channel(name: str, own: Shape, x: Shape) -> str:
    return in_shape(name, (*own, *(1 for _ in x[2:]))) if own and len(x) > 2 else name


WINDOWS: Mapping[str, Callable[[Taken], str]] = MappingProxyType(
    {
        "conv2d": _convolution, "maxpool2d": _greatest, "avgpool2d": _average,
        "group_norm": _normalized,
    }
)  # fmt: skip
"""The text that each is made of, over the names of its inputs."""
