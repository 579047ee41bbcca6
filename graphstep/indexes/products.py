"""Local gradients by index of sums of products: einsum("ij,jk->ik", x, y)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.local_texts import Taken
from ..language.pieces import indexes_of


def product_form(taken: Taken, position: int, out: Sequence[str], into: Sequence[str]) -> str:
    """The form of one array, over indexes of the output and of itself: ∂q_kl/∂x_ij = 1{k=i} y_jl.

    Empty where others are summed among themselves.
    """
    found = re.search(r'"(.*)"', taken.gate.text)
    if found is None:
        return ""
    arrays, result = indexes_of(found[1])
    own = arrays[position]
    letters = {**dict(zip(own, into, strict=True)), **dict(zip(result, out, strict=True))}
    same = dict(zip(own, into, strict=True))
    factors = [f"[{letters[x]} = {same[x]}]" for x in result if x in own]
    for k, (indexes, name) in enumerate(zip(arrays, taken.gate.params, strict=True)):
        if k != position:
            if not {*indexes} <= letters.keys():
                return ""
            factors.append(f"{{{name}}}[{', '.join(letters[x] for x in indexes)}]")
    return "*".join(factors) or "1"
