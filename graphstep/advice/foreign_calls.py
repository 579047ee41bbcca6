"""A call of another library as it stands in a text: its inputs and options, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from ..language.foreign_names import OPTION_NAMES
from ..language.pieces import bracketed, split

LIBRARIES = (
    "linalg|np|numpy|math|cmath|torch|F|nn|tf|jnp|jax|sp|scipy|sympy|keras|K|cp|special|stats"
)
OPTION = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)", re.DOTALL)
WHOLE = re.compile(r"-?\d+")
ARRAYS = frozenset("xyzuvw")
"""Names of inputs that are arrays."""
TRUTHS: Mapping[str, str] = MappingProxyType({"True": "1", "False": "0"})


class ExampleError(Exception):
    """No text means a call, whatever its inputs are: another way as an example, if there is one."""

    def __init__(self, name: str, example: str) -> None:
        self.name, self.example = name, example
        super().__init__(name)


@dataclass(frozen=True)
class Call:
    """A call as it stands in a text: a module with its point, a name, inputs; what follows it."""

    module: str
    name: str
    given: Mapping[str, str]
    names: frozenset[str] = frozenset()
    """The names of options as they stand there, such as dim for axis."""
    part: str = ""
    """The index behind it, or `.values`."""
    method: bool = False

    def __getitem__(self, name: Any) -> str:
        """An input or option; empty if it is not given, or None."""
        text = self.given.get(name, "")
        return "" if text == "None" else TRUTHS.get(text, text)

    def options(self, *names: str) -> str:
        """Options with their names, as they follow the inputs of a gate."""
        return "".join(f", {name}={self[name]}" for name in names if self[name])

    def whole(self, name: str) -> int | None:
        """A whole number that is written out; None for all else."""
        return int(self[name]) if WHOLE.fullmatch(self[name]) else None

    @property
    def arrays(self) -> list[str]:
        """The arrays that it takes, those of lists one by one."""
        taken = [text for name, text in self.given.items() if name in ARRAYS]
        return [item for text in taken for item in (items_of(text) or [text])]

    @property
    def in_other_letters(self) -> Call:
        """The call with matrices for vectors, and the other way round."""
        given = {name: other_letters(text) if name in ARRAYS else text
                 for name, text in self.given.items()}  # fmt: skip
        return replace(self, given=given)

    def is_from(self, *modules: str) -> bool:
        """Whether the function is called with the name of one of these modules."""
        return any(module in self.module.split(".") for module in modules)


class Row(NamedTuple):
    """A function elsewhere: its inputs in order, and what a call of it is here; "" for itself."""

    order: tuple[str, ...]
    meant: Callable[[Call], str]
    of_several: bool = False
    """Whether it gives several results, of which the index behind it chooses one."""
    limit: Callable[[Call], str] = lambda _: ""
    """For which arrays alone that holds, as a key of the words; "" for all of which it is read."""


def given(texts: Iterable[str], order: Sequence[str]) -> dict[str, str]:
    """The inputs and options of a call, by name; those without one have their place in `order`."""
    found, names = {}, iter(order)
    for text in texts:
        option = OPTION.fullmatch(text)
        name = option[1] if option else next(names, f"+{text}")
        known = (name, SAME.get(name, ""), OPTION_NAMES.get(name, ""))
        key = next((each for each in known if each in order), name)
        found[key] = (option[2] if option else text).strip()
    return found


SAME: Mapping[str, str] = MappingProxyType(
    {
        "input": "x", "a": "x", "tensor": "x", "input_tensor": "x", "params": "x",
        "other": "y", "target": "y", "indices": "i", "weight": "w", "negative_slope": "slope",
        "alpha": "slope", "p": "ord", "approximate": "kind",
        **{name: name.split("_")[-1] for name in ("a_min", "a_max")},
        "clip_value_min": "min", "clip_value_max": "max", "y_true": "t", "y_pred": "p",
    }
)  # fmt: skip
"""Other names of inputs."""

HARMLESS: frozenset[str] = frozenset(("dtype", "device", "out", "name", "inplace"))
"""Options that change nothing of what gates give."""


def items_of(text: str) -> list[str]:
    """What stands in a list or tuple; empty if a text is none."""
    is_list = text[:1] in ("[", "(") and text[-1:] in ("]", ")")
    return list(split(text[1:-1])) if is_list else []


NAMES = re.compile(r"(?<![\w.'\"])[^\W\d]\w*(?![\w('\"])(?!\.\w)")
"""Names that are no functions, modules or words."""


def is_vector(text: str) -> bool:
    """Whether all names are written as those of vectors are: in small letters.

    >>> is_vector("v"), is_vector("2*exp(v)"), is_vector("exp(X)"), is_vector("X @ v")
    (True, True, False, False)
    """
    names = NAMES.findall(text)
    return bool(names) and all(name[0].islower() for name in names)


def other_letters(text: str) -> str:
    """A text with its names in small letters for capital ones, and the other way round.

    >>> other_letters("np.exp(v) + [X, 1]")
    'np.exp(V) + [x, 1]'
    """
    return NAMES.sub(lambda m: m[0][0].swapcase() + m[0][1:], text)


NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def is_number(text: str) -> bool:
    """Whether a text is a number that is written out."""
    return NUMBER.fullmatch(text) is not None


def stacked(text: str) -> str:
    """A list that is more than numbers as an array of its items; empty for any other text.

    >>> stacked("[x, y]"), stacked("[[x, 1], [2, y]]"), stacked("[1, 2]")
    ('stack(x, y)', 'stack(stack(x, 1), stack(2, y))', '')
    """
    items = items_of(text) if text.startswith("[") else []
    if not items or all(map(_is_known, items)):
        return ""
    rows = [stacked(item) or item for item in items]
    return f"stack({', '.join(rows)})" if len(rows) > 1 else f"{bracketed(rows[0])}[None]"


def _is_known(text: str) -> bool:
    """Whether a text is a number, or a list of numbers."""
    return is_number(text) or (text.startswith("[") and all(map(_is_known, items_of(text))))


def array_of(text: str) -> str:
    """What a function of one array takes: a list of nodes as an array."""
    return stacked(text) or text
