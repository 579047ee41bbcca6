"""The table of local gradients by index: one row a gate.

A form is a formula of a gate's row in which parts of arrays have indexes: k and l of an element of
the output, i and j of one of the input. [k = i] is 1 where it holds, and else 0; over(r, ...) is
a sum over r.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MARGIN = "[{s}[i] - {s}[{y}] + 1 > 0]"
MARGINS = "[{s}[i, j] - {s}[i, {y}[i]] + 1 > 0]"
"""That a score counts in the hinge loss; of a batch."""


def _maxout(of_x: int, of_w: int) -> tuple[str, ...]:
    """The forms of the greater of two pieces, by the dimensions of the data and of a weight."""
    row, last = ("k, ", "j") if of_x == 2 else ("", "i")
    column = "" if of_w == 1 else "l" if of_x == 2 else "k"
    at, of = (f", {column}", f"[{column}]") if column else ("", "")
    one, two = (f"over(r, {{x}}[{row}r]*{{w{n}}}[r{at}]) + {{b{n}}}{of}" for n in "12")
    first, second = f"[{one} > {two}]", f"[{one} < {two}]"
    same = "[k = i]*" if of_x == 2 else ""
    weights = [f"{x}*{{x}}[{row}i]" for x in (first, second)]
    forms = [weights[0], first, weights[1], second]
    if column:
        forms = [f"[{column} = {'j' if k % 2 == 0 else 'i'}]*{x}" for k, x in enumerate(forms)]
    return f"{same}({first}*{{w1}}[{last}{at}] + {second}*{{w2}}[{last}{at}])", *forms


def _centred(row: str, column: str) -> str:
    """An element of a batch without the mean of its column."""
    return f"({{x}}[{row}, {column}] - over(s, {{x}}[s, {column}])/{{n}})"


def _variance(column: str) -> str:
    return f"(over(r, {_centred('r', column)}**2)/{{n}} + {{eps}})"


def _batchnorm(of_gamma: int) -> tuple[str, str, str]:
    """The forms of batch norm, by the dimensions of its scale."""
    of, same = ("[j]", "[l = i]*") if of_gamma else ("", "")
    inner = (
        f"[k = i] - 1/{{n}} - {_centred('k', 'j')}*{_centred('i', 'j')}/({{n}}*{_variance('j')})"
    )
    return (
        f"[l = j]*({{gamma}}{of}/sqrt{_variance('j')})*({inner})",
        f"{same}({_centred('k', 'l')}/sqrt{_variance('l')})",
        "[l = i]" if of_gamma else "1",
    )


WINDOW = "[{s}*k <= i]*[i < {s}*k + {w}]*[{s}*l <= j]*[j < {s}*l + {w}]"
"""That an element is in a window of some width, which moves in steps."""

Forms = Mapping[tuple[int, ...], tuple[str, ...]]
FORMS: Mapping[str, Forms] = MappingProxyType(
    {
        "matmul": {
            (1, 1): ("{y}[i]", "{x}[i]"),
            (2, 1): ("[k = i]*{y}[j]", "{x}[k, i]"),
            (1, 2): ("{y}[i, k]", "[k = j]*{x}[i]"),
            (2, 2): ("[k = i]*{y}[j, l]", "{x}[k, i]*[l = j]"),
        },
        "outer": {(1, 1): ("[k = i]*{y}[l]", "[l = i]*{x}[k]")},
        "transpose": {(1,): ("[k = i]",), (2,): ("[k = j]*[l = i]",)},
        "index": {(1,): ("[i = {at}]",), (2,): ("[i = {at}]*[k = j]",)},
        "pick": {
            (1, 0): ("[i = {y}]", ""),
            (2, 1): ("[k = i]*[j = {y}[k]]", ""),
        },
        "take": {
            (1, 0): ("[i = {i}]", ""),
            (1, 1): ("[i = {i}[k]]", ""),
            (2, 0): ("[i = {i}]*[k = j]", ""),
            (2, 1): ("[i = {i}[k]]*[l = j]", ""),
        },
        "diag": {(1,): ("[k = l]*[k = i]",), (2,): ("[k = i]*[k = j]",)},
        "trace": {(2,): ("[i = j]",)},
        "det": {(2,): ("{out}*inv({x})[j, i]",)},
        "inv": {(2,): ("-{out}[k, i]*{out}[j, l]",)},
        "size": {(1,): ("0",), (2,): ("0",)},
        "dropout": {
            (1,): ("[k = i]*([{out}[k] != 0]/{keep})",),
            (2,): ("[k = i]*[l = j]*([{out}[k, l] != 0]/{keep})",),
        },
        "maxout": {dimensions: _maxout(*dimensions[:2]) for dimensions in
                   ((1, 1, 0, 1, 0), (2, 1, 0, 1, 0), (1, 2, 1, 2, 1), (2, 2, 1, 2, 1))},
        "hinge": {
            (1, 0): (f"{MARGIN} - [i = {{y}}]*over(r, {MARGIN.replace('i]', 'r]')})", ""),
            (2, 1): (f"({MARGINS} - [j = {{y}}[i]]*over(r, {MARGINS.replace('j]', 'r]')}))/{{n}}",
                     ""),
        },
        "batchnorm": {(2, 1, 1): _batchnorm(1), (2, 0, 0): _batchnorm(0)},
        "avgpool2d": {(2,): (f"{WINDOW}/{{all}}",)},
        "maxpool2d": {(2,): (f"{WINDOW}*[{{x}}[i, j] = {{out}}[k, l]]",)},
        "cumsum": {
            (1,): ("[i <= k]",),
            (1, 0): ("[i <= k]",),
            (2, 0): ("[i <= k]*[l = j]",),
            (2, 1): ("[k = i]*[j <= l]",),
        },
        "sort": {
            (1, 0): ("[{x}[i] = {out}[k]]",),
            (2, 0): ("[{x}[i, j] = {out}[k, l]]*[l = j]",),
            (2, 1): ("[k = i]*[{x}[i, j] = {out}[k, l]]",),
        },
        "softmax": {
            (1, 0): ("{out}[k]*([k = i] - {out}[i])",),
            (2, 0): ("[l = j]*{out}[k, l]*([k = i] - {out}[i, l])",),
            (2, 1): ("[k = i]*{out}[k, l]*([l = j] - {out}[k, j])",),
        },
        "log_softmax": {
            (1, 0): ("[k = i] - softmax({x})[i]",),
            (2, 1): ("[k = i]*([l = j] - softmax({x})[k, j])",),
        },
    }
)  # fmt: skip
"""One row a gate: the form for each input, by the dimensions of all inputs and the axis, if any.

Gates that work element by element, and those whose output is one number, need no row: their forms
follow from the texts of their local gradients. Those that move elements are in `moves`.
"""
