"""Other notations: of mathematics, LaTeX, Python, NumPy and MATLAB, and what to write instead.

A row is tried only after an error, where its pattern covers the place; what it writes is advised
only if it can then be read. Rows that are more special come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import e, factorial
from types import MappingProxyType
from typing import Any, NamedTuple
from unicodedata import normalize, numeric

from ..base.errors import Span
from ..base.signs import typed
from ..gates import GATES
from ..gates.rules import Rule
from ..language.calls import gate_name
from ..language.foreign_names import OPTION_NAMES
from ..language.pieces import FRACTIONS, RAISED, bracketed, inside, is_operand, pattern, split
from ..language.row_texts import read, to_text
from . import elsewhere
from .foreign_calls import LIBRARIES, stacked
from .similar_names import gate_for, gate_like, is_foreign

Written = str | Callable[[re.Match[str]], str] | None
"""A template, or a function of the match; None if the place has another error, and no more."""
MOST_FACTORIAL = 20
MOST_ONES = 16  # elements of a list of ones that is written out

MODULE = rf"(?P<module>(?:{LIBRARIES})\.(?:⟨n⟩\.)*)"
CALLED = r"(?P<name>⟨n⟩)(?P<all>⟨g⟩)(?![ \t]*\()"
SET = r"(?P<set>(?!\(\s*\))⟨g⟩)"  # of a layer
PART_OF = r"(?P<part>\.values\b|\[\d+\])?"
SAME_SIZE = r"(?=\([^\n]*['\"](?i:same)['\"])"
ROWS_CHOSEN = "⟨n⟩|⟨l⟩"
INPUT = r"((?:[^(),\n]|⟨g⟩|⟨l⟩)+?)"  # of a call
LIBRARY = rf"(?:\b(?:{LIBRARIES})\.(?:⟨n⟩\.)*)?\b"
SIZES = r"([-\d., ]+|\([-\d., ]+\)(?:,[-\d. ]+)?)"
GELU = rf"{LIBRARY}gelu\((⟨o⟩),\s*approximate\s*=\s*['\"]"
BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
NESTED = r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}"
POWER = rf"(?:\s*(?:\^|\*\*)\s*(?:\{{[^{{}}]*\}}|-?⟨o⟩)|[{RAISED}]+)"
BEGINS = r"(?:^|(?<=[;\n]))[ \t]*"
PART = r"((?:[^()\[\];,\n=?:]|[<>=!]=|⟨g⟩|⟨l⟩)+?)"  # of a choice
SUMMED = r"((?:[^()\[\];,\n=<>!&|]|⟨g⟩|⟨l⟩)+?)"  # of a comparison
SIGN = r"([<>=!]=|[<>])"
FACTORS = r"((?:(?<=[=(,;\n])[ \t]*-[ \t]*)?⟨o⟩(?:[ \t]*(?:\*\*[ \t]*-?|[*/@][ \t]*)⟨o⟩)*)"
FACTOR = r"(-?⟨o⟩(?:[ \t]*\*\*[ \t]*-?⟨o⟩)?)"
JOINED = r"\b(concat(?:enate)?|cat|stack)\([(\[]([^\[\]()\n]+)[)\]]"  # of a list or tuple
STARTS = r"(?:^|(?<=[=(\[,;\n]))"
STOPS = r"(?=[ \t]*(?:[)\];,\n#]|$))"
QUOTES = "\"“”«»'‘’"
PRODUCT = rf"⟨o⟩{POWER}?(?:[ \t]*[*·][ \t]*⟨o⟩{POWER}?|[ \t]+\\?⟨o⟩{POWER}?)*"
SUM = r"(?:\\sum|\bsum|∑|Σ)_\{?(\w)(?:=\w+)?\}?(?:\^\{?\w+\}?)?"
OVER_INDEX = r"(?:\\prod|\\max|\\min|∏|Π)" + SUM[SUM.index("_") :]
LOOP = r"\s+for\s+(⟨n⟩)\s+in\s+range⟨g⟩"
HEADING = r"(⟨n⟩)[ \t]*\([\w \t,]*\)"
ENDS = r"[ \t]*(?=$|[;\n])"

RELATIONS = MappingProxyType({"le": "<=", "ge": ">=", "ne": "!="})


class Notation(NamedTuple):
    """A row: the key of its error, where it is found, and what to write."""

    key: str
    found: re.Pattern[str]
    write: Written

    def written(self, match: re.Match[str]) -> str | None:
        """What to write for a match, empty if the piece has to go; None if there is nothing."""
        if callable(self.write):
            return self.write(match) or None
        return None if self.write is None else match.expand(self.write)

    def limit(self, match: re.Match[str]) -> str:
        """For which arrays alone that holds, as a key of the words; empty for all."""
        if self.write is elsewhere.columns_beside:
            return elsewhere.limit_of(split(match[1]))
        return elsewhere.limit(match) if self.write is elsewhere.written else ""


def _call(name: str) -> Callable[[re.Match[str]], str]:
    """A call of a gate with the first group of a match."""
    return lambda m: f"{name}({inside(m[1])})"


def _powers(text: str) -> str:
    """Raised signs as they are written on the line."""
    return typed(normalize("NFKC", text))


def _raised(m: re.Match[str]) -> str:
    base, power = m[1], _powers(m[2])
    if power.startswith("-") and _is_function(base):
        return ""  # sin⁻¹ is the inverse function
    if power == "-1" and _is_matrix(base):
        return f"inv({base})"
    return f"exp({power})" if base == "e" else f"{bracketed(base)}**{bracketed_power(power)}"


NUMBERS = re.compile(r"[\d. ()-]+")


def _is_matrix(text: str) -> bool:
    """Whether a name is written as those of matrices are: one capital letter."""
    return re.fullmatch(r"[A-Z]\d*", text) is not None


def bracketed_power(text: str) -> str:
    """An exponent, in brackets unless it is one operand, or the negative of one."""
    return text if is_operand(text.removeprefix("-")) else f"({text})"


def _caret(m: re.Match[str]) -> str:
    power = m[2].strip()
    power = power[1:-1] if power.startswith("{") else power
    if m[1] == "e" or (m[1] == "E" and not NUMBERS.fullmatch(power)):
        return f"exp({inside(power)})"
    if power.strip("() ") == "-1" and _is_matrix(m[1]):
        return f"inv({m[1]})"
    inverse = power.startswith("-") and _is_function(m[1])
    return "" if inverse else f"{m[1]}**{bracketed_power(power.strip())}"


def _power_of_call(m: re.Match[str]) -> str:
    """sin²(x) and sin^2(x) as sin(x)**2; only of what is a function."""
    power = _powers(m[2].strip(" ^*{}"))
    if not _is_function(m[1]):
        return ""
    if power.startswith("-"):  # the inverse function
        return f"arc{m[1]}({inside(m[3])})"
    return f"{m[1]}({inside(m[3])})**{power}"


def _space_call(m: re.Match[str]) -> str:
    return f"{m[1]}({inside(m[2])})" if _is_function(m[1]) else ""


def _loss_layer(m: re.Match[str]) -> str:
    """A loss of PyTorch with its settings, as the function that does the same."""
    name, inputs = LOSS_LAYERS.get(m[1], ""), [*split(m[3][1:-1]), *split(m[2][1:-1])]
    return f"F.{name}({', '.join(inputs)})" if name else ""


def _layer(m: re.Match[str]) -> str:
    """A layer with its settings, and what it takes, as one call."""
    gate = gate_like(m["name"])
    return f"{gate}({m['all'][1:-1]}, {m['set'][1:-1]})" if gate else ""


LOSS_LAYERS: Mapping[str, str] = MappingProxyType(
    {
        "CrossEntropyLoss": "cross_entropy", "NLLLoss": "nll_loss", "KLDivLoss": "kl_div",
        "BCELoss": "binary_cross_entropy", "MSELoss": "mse_loss", "L1Loss": "l1_loss",
        "BCEWithLogitsLoss": "binary_cross_entropy_with_logits", "HuberLoss": "huber_loss",
        "SmoothL1Loss": "smooth_l1_loss",
    }
)  # fmt: skip
"""The functions of PyTorch's classes of losses."""


def _clipped(m: re.Match[str]) -> str:
    return f"clip({m[1]}, {m[2]}, {m[3]})"


def _log_of_base(m: re.Match[str]) -> str:
    """log_a(x) and log(x, a): a quotient, but for the bases that have a gate."""
    base, x = m["base"].strip(), inside(m["x"])
    if base in ("2", "10"):
        return f"log{base}({x})"
    return f"(log({x})/log({base}))" if "=" not in base + x else ""


def _product_of_vectors(m: re.Match[str]) -> str:
    """An inner product, as ⟨x, y⟩ or (x, y)."""
    return f"({bracketed(m[1].strip())} @ {bracketed(m[2].strip())})"


def _positive_part(m: re.Match[str]) -> str:
    return f"max(0, {inside(m[1])})"


def _of_function(m: re.Match[str]) -> str:
    """ln|x| as a call."""
    return f"{m[1]}(abs({inside(m[2])}))" if _is_function(m[1]) else ""


def _norm_of_order(m: re.Match[str]) -> str:
    """‖x‖_1, ‖x‖_∞ and the like; |x|_1 is the same."""
    x, order = inside(m[1]), normalize("NFKC", m[2])
    found = {"1": f"sum(abs({x}))", "2": f"norm({x})", "F": f"norm({x})", "∞": f"max(abs({x}))"}
    return found.get(order.replace("inf", "∞").replace(r"\\∞ty", "∞"), "")


def _is_function(name: str) -> bool:
    return bool(gate_like(name)) or is_foreign(name)


def _module(m: re.Match[str]) -> str:
    return m[1] if m[1] != "e" else f"{e:.15g}"


def _method(m: re.Match[str]) -> str:
    """A method as a call: x.sum(axis=0) as sum(x, axis=0)."""
    if m[2] in ("t", "transpose") and not m[3].strip():
        return f"{m[1]}.T"
    if m[1] in LIBRARIES.split("|") and m[3].strip():
        return ""  # F.foo(x, y) is a function of a module, never foo(F, x, y)
    return f"{m[2]}({', '.join([inside(m[1]), *split(m[3])])})"


def _fraction(m: re.Match[str]) -> str:
    """½ between what stands before and after it: 1½ is a number, all else a product."""
    before, half, after = m[1] or "", numeric(m[2]), m[3]
    if re.fullmatch(r"\d+", before):
        half, before = int(before) + half, ""
    return f"{before}{'*' if before else ''}{half:.15g}{'*' if after else ''}"


def _latex_fraction(m: re.Match[str]) -> str:
    return f"({bracketed(m[1].strip())}/{bracketed(m[2].strip())})"


def _sum_of_names(m: re.Match[str]) -> str:
    return f"({' + '.join(split(m[1]))})"


def _products(m: re.Match[str]) -> str:
    pairs = list(zip(split(m[1]), split(m[2]), strict=False))
    return f"({' + '.join(f'{bracketed(a)}*{bracketed(b)}' for a, b in pairs)})"


def _joined(m: re.Match[str]) -> str:
    """A list of nodes as a vector; around a single one, the brackets only group."""
    items = list(split(m[1]))
    if all(re.fullmatch(r"[-+\d.eE]+", item) for item in items):
        return ""
    if len(items) > 1 or "[" in m[1] or m[1].rstrip().endswith(","):
        return stacked(m[0])
    return f"({m[1].strip()})"


def _sums(m: re.Match[str]) -> str:
    """A sum over an index: its terms without the index."""
    index = m[1]
    terms = re.sub(rf"_{index}(?![^\W{RAISED}])|\[{index}\]", "", m[2]).strip()
    return f"sum({terms})"


def _over_index(m: re.Match[str]) -> str:
    """A product, maximum or minimum over an index."""
    gate = next((name for name in ("max", "min") if name in m[0][:4]), "prod")
    return f"{gate}{_sums(m).removeprefix('sum')}"


def _mask(m: re.Match[str]) -> str:
    """The function that is 1 where a condition holds."""
    return f"({(m[1] or m[2]).strip()})"


def _comprehension(m: re.Match[str]) -> str:
    terms = re.sub(rf"\[{m[3]}\]", "", m[2]).strip()
    return f"{m[1]}({terms})"


def _choice(m: re.Match[str]) -> str:
    """`x if mask else y` as a gate."""
    return _where(m[2], m[1], m[3])


def _where(*inputs: str) -> str:
    return f"where({', '.join(text.strip() for text in inputs)})"


def _both(m: re.Match[str]) -> str:
    """`x and y`: for masks a product, else what Python chooses."""
    if _is_mask(m[1]) and _is_mask(m[2]):
        return f"{bracketed(m[1].strip())}*{bracketed(m[2].strip())}"
    return _where(m[1], m[2], m[1])


def _either(m: re.Match[str]) -> str:
    """`x or y`: for masks the greater one, else what Python chooses."""
    if _is_mask(m[1]) and _is_mask(m[2]):
        return f"max({inside(m[1])}, {inside(m[2])})"
    return _where(m[1], m[1], m[2])


def _is_mask(text: str) -> bool:
    return re.search("[<>]|[=!]=", text) is not None


def _chained(m: re.Match[str]) -> str:
    """A chain of comparisons as the product of two masks."""
    low, first, middle, second, high = (part.strip() for part in m.groups())
    return f"({low} {first} {middle})*({middle} {second} {high})"


def _remainder(m: re.Match[str]) -> str:
    """What a division leaves, with the sign of the divisor, as in Python."""
    return f"({m[1].strip()} - {m[2]}*floor({m[1].strip()}/{m[2]}))"


def _axes_exchanged(m: re.Match[str]) -> str:
    """Two axes are exchanged; several, or some in brackets, are all axes in order."""
    axes = list(split(m[2]))
    name = "swapaxes" if len(axes) == 2 else "permute"
    return f"{name}({m[1]}, {m[2].strip()})" if "=" not in m[2] else ""


def _tiled(m: re.Match[str]) -> str:
    """Copies along the last axis, as in NumPy."""
    copies = [m[1]] * int(m[2])
    return f"concat({', '.join(copies)}, axis=-1)" if len(copies) > 1 else ""


def _one_hot(m: re.Match[str]) -> str:
    """Labels as rows with a one: each label compared with all classes."""
    classes = ", ".join(map(str, range(int(m[2]))))
    return f"equal({m[1]}[..., None], [{classes}])" if int(m[2]) else ""


def _listed_numbers(m: re.Match[str]) -> str:
    """A short array of known numbers as a list: arange(3), eye(2), ones((2, 2))."""
    found = [float(text) for text in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", m[2])]
    if any(abs(x) > MOST_ONES for x in found):
        return ""
    try:
        numbers = MAKERS[m[1]](*(int(x) if x.is_integer() else x for x in found))
    except (TypeError, ValueError, ZeroDivisionError):  # they take other numbers
        return ""
    text = str(numbers)
    return text if 0 < len(re.findall(r"\d[\d.]*", text)) <= MOST_ONES else ""


def _eye(count: int) -> list[list[int]]:
    return [[int(i == j) for j in range(count)] for i in range(count)]


def _evenly(first: float, last: float, count: int) -> list[float]:
    return [first + (last - first) * k / (count - 1) for k in range(count)]


def _repeated(number: float, *sizes: int) -> list[Any]:
    first, *others = sizes
    return [_repeated(number, *others) if others else number for _ in range(first)]


MAKERS: Mapping[str, Callable[..., list[Any]]] = MappingProxyType(
    {
        "arange": lambda *ends: [*range(*ends)], "eye": _eye, "identity": _eye,
        "linspace": _evenly, "full": lambda count, number: _repeated(number, count),
        "ones": lambda *sizes: _repeated(1, *sizes), "zeros": lambda *sizes: _repeated(0, *sizes),
    }
)  # fmt: skip
"""Arrays of known numbers, as libraries make them."""


def _weighted(m: re.Match[str]) -> str:
    return f"(sum({bracketed(m[1].strip())}*{bracketed(m[2].strip())})/sum({inside(m[2])}))"


def _reduced(m: re.Match[str]) -> str:
    """A loss with a reduction: all have the mean, over the labels or over the elements."""
    call = f"{m[1]}({m[2]}, {m[3]})"
    counted = m[3] if m[1].startswith(("cross", "nll")) else m[2]
    return {"mean": call, "sum": f"({call}*size({counted}))"}.get(m[4], "")


def _flipped(m: re.Match[str]) -> str:
    return f"{m[1]}[{':, ' * int(m[2])}::-1]"


def _rounded(m: re.Match[str]) -> str:
    """A number rounded to some digits."""
    scale = 10 ** int(m[2])
    return f"(round({scale}*{bracketed(m[1].strip())})/{scale})"


def _factorial(m: re.Match[str]) -> str:
    return str(factorial(int(m[1]))) if int(m[1]) <= MOST_FACTORIAL else ""


def _option(m: re.Match[str]) -> str:
    known, value = OPTION_NAMES.get(m[1]), m[2] or ""
    return f"{known}={value}" if known else value if known == "" else ""


def _without_inputs(m: re.Match[str]) -> str:
    return f"{m[1]} = {m[2].strip()}"


def _decimal(m: re.Match[str]) -> str:
    return m[0].replace(",", ".")


def _quotient(m: re.Match[str]) -> str:
    return f"{float(m[1]) / float(m[2])!r}" if float(m[2]) else ""


def _thousands(m: re.Match[str]) -> str:
    return re.sub(r"\D", "", m[0])


def _indexed_call(m: re.Match[str]) -> str:
    return f"{m[1]}({m[2]})" if _is_function(m[1]) else ""


def _beside(m: re.Match[str]) -> str:
    """A product of what stands side by side; two numbers, or 1__0, are none."""
    if re.fullmatch(r"[\d.]+|[\d.]+_.*", m[1] + m[2]):
        return ""
    after = re.sub(r"^π(?=[^\W\d_])", "π*", m[2])  # 2πx is 2*π*x
    return f"{m[1]}*{after}"


def _below(m: re.Match[str]) -> str:
    """What stands below a line: 1/2x is 1/(2*x), but 1/2(x - y)² and 1/2 x are halves."""
    before, spaces, rest = m[1] or "", m[3], m[4]
    if before and (spaces or rest.startswith("(")):
        return f"{before}/{m[2]}*{rest}"
    return f"{before}/({m[2]}*{rest})"


def _cases(m: re.Match[str]) -> str:
    """Cases of LaTeX: each value with its condition, the last one for all the rest."""
    found = [row.partition("&") for row in re.split(r"\\\\", m[1]) if row.strip()]
    values = [inside(value.strip().rstrip(",")) for value, _, _ in found]
    conditions = [
        re.sub(r"^\s*\\?(?:text\{)?(?:if|если|при)\}?", "", c).strip() for _, _, c in found
    ]
    text = values[-1] if len(found) > 1 else ""
    for value, condition in zip(values[-2::-1], conditions[-2::-1], strict=True):
        text = f"where({condition}, {value}, {text})"
    return text


def _new_name(m: re.Match[str]) -> str:
    return f"{m[1]}2 = {m[1]} {m[2]} {bracketed(m[3].strip())}"


def _subscript(m: re.Match[str]) -> str:
    return f"{m[1]}_" + re.sub(r"\W", "", m[2])


def _reduced_divergence(m: re.Match[str]) -> str:
    """kl_div(l, p, reduction="sum"), or one of PyTorch's others, in terms of the mean."""
    mean = f"kl_div({m[1]}, {m[2]})"
    ways = {"mean": mean, "sum": f"{mean}*size({m[1]})",
            "batchmean": f"{mean}*size({m[1]})/size({m[1]}, 0)",
            "none": f"({bracketed(m[2])}*(log({m[2]}) - {bracketed(m[1])}))"}  # fmt: skip
    return ways.get(m[3], "")


def _derivative(m: re.Match[str]) -> str:
    """The derivative of a gate of one number: sigmoid'(x) as (1 - sigmoid(x))*sigmoid(x)."""
    gate, inner = GATES.get(gate_name(m[1])) or GATES.get(gate_for(m[1])), inside(m[2])
    if gate is None or not gate.elementwise or len(gate.params) != 1:
        return ""
    rule = gate.rule(0)
    if not isinstance(rule, Rule):
        return f"{gate.name}{m[2]}" if rule == "out" else f"{rule}*{bracketed(inner)}**0"
    text = rule.text.replace("[", "(").replace("]", ")").replace("π", "pi")
    return f"({to_text(read(text), dict.fromkeys(gate.params, inner))})"


def _transposed(m: re.Match[str]) -> str:
    return f"{m[1]}.T"


ROWS: tuple[tuple[str, str, Written], ...] = (
    # what surrounds an expression
    ("leave_out", rf"{BEGINS}(?:>>>|\.\.\.|In \[\d+\]:|Out\[\d+\]:)[ \t]*", ""),
    ("leave_out", r"`{3}\w*", ""),
    ("heading", rf"{BEGINS}(⟨n⟩)\[[\w ,]*_\][ \t]*:?=", r"\1 ="),
    ("leave_out", rf"{BEGINS}(?:import|from)\s[^;\n]*(?:[;\n]|$)", ""),
    ("leave_out", rf"{BEGINS}(?:let|var|const|double|float)\s+(?=⟨n⟩\s*=)", ""),
    ("leave_out", r"\\(?:left|right|big|Big|,|;|!|:|quad|displaystyle)\s*", ""),
    ("written", r"\$\$?\s*([^$]+?)\s*\$\$?", r"\1"),
    ("written", r"\\[\(\[]\s*(.+?)\s*\\[\)\]]", r"\1"),
    ("written", r"`+([^`]+)`+", r"\1"),
    ("written", rf"{GELU}tanh['\"]\)", r"gelu_tanh(\1)"),
    ("written", rf"{LIBRARY}kl_div\({INPUT},\s*{INPUT},\s*reduction\s*=\s*['\"](\w+)['\"]\)",
     _reduced_divergence),
    ("written", rf"{LIBRARY}cross_entropy\({INPUT},\s*{INPUT},\s*label_smoothing\s*=\s*(⟨o⟩)\)",
     r"smooth_cross_entropy(\1, \2, \3)"),
    ("written", rf"{LIBRARY}(\w*(?:loss|cross_entropy|with_logits|nll|mse|huber))"
     rf"\({INPUT},\s*{INPUT},\s*reduction\s*=\s*['\"](\w+)['\"]\)", _reduced),
    ("written", rf"{LIBRARY}smooth_l1(?:_loss)?\({INPUT},\s*{INPUT},\s*beta\s*=\s*(⟨o⟩)\)",
     r"(huber(\1, \2, \3)/\3)"),
    ("pad_same", rf"{MODULE}?\b(?P<name>conv2d){SAME_SIZE}(?P<all>⟨g⟩)", elsewhere.written),
    ("written", r"\bnp\.c_\[([^\[\]\n]+)\]", elsewhere.columns_beside),
    ("written", r"\bnp\.r_\[([^\[\]\n]+)\]", r"concat(\1)"),
    ("written", r"(⟨b⟩)\.(?:reshape|view)\(\(?(?:\1\.(?:shape\[0\]|size\(0\))|len\(\1\)), ?-1\)?\)",
     r"flatten(\1, 1)"),
    ("transpose", r"(⟨b⟩)\.(?:mT|H)\b", r"swapaxes(\1, -1, -2)"),
    ("written", r"\bnn\.Linear⟨g⟩[ \t]*(⟨g⟩)", lambda m: f"({inside(m[1])} @ W.T + b)"),
    ("library", rf"\b{MODULE}{CALLED}{PART_OF}", elsewhere.written),
    ("library", rf"\b{MODULE}(?P<name>⟨n⟩)(?P<set>⟨g⟩)[ \t]*(?P<all>⟨g⟩)", elsewhere.written),
    ("library", r"\bnn\.(⟨n⟩)(⟨g⟩)[ \t]*(⟨g⟩)", _loss_layer),
    ("library", rf"\b{MODULE}(?P<name>⟨n⟩){SET}[ \t]*(?P<all>⟨g⟩)", _layer),
    ("method", rf"(?P<self>⟨o⟩)\.{CALLED}{PART_OF}", elsewhere.written),
    ("written", rf"(?<![.\w]){CALLED}{PART_OF}", elsewhere.written),
    ("leave_out", r",\s*inplace\s*=\s*(?:True|False)\b", ""),
    ("leave_out", r"(?<=[,(])\s*\b(?:bias|weight|delta|input|target|other)\s*=(?!=)\s*", ""),
    ("written", rf"(⟨b⟩)\[\s*{LIBRARY}a?range⟨g⟩\s*,\s*(⟨n⟩|⟨l⟩)\s*\]", r"pick(\1, \2)"),
    ("written", rf"{LIBRARY}norm\({INPUT},\s*(?:ord\s*=\s*)?1\)", r"sum(abs(\1))"),
    ("written", rf"{LIBRARY}norm\({INPUT},\s*(?:ord\s*=\s*)?{LIBRARY}inf\)", r"max(abs(\1))"),
    ("written", rf"{LIBRARY}norm\({INPUT},\s*(?:ord\s*=\s*)?2\)", r"norm(\1)"),
    ("written", rf"{LIBRARY}norm\({INPUT},\s*(?:axis|dim)\s*=\s*(-?\d)\)",
     r"sqrt(sum(square(\1), axis=\2))"),
    ("written", rf"{LIBRARY}average\({INPUT},\s*weights\s*=\s*{INPUT}\)", _weighted),
    ("written", rf"{LIBRARY}heaviside\({INPUT},\s*(⟨o⟩)\)", r"((\1 > 0) + \2*(\1 == 0))"),
    ("written", rf"{LIBRARY}index_select\((⟨b⟩),\s*0,\s*(⟨n⟩|⟨l⟩)\)", r"\1[\2]"),
    ("written", rf"{LIBRARY}flip\((⟨b⟩),\s*(?:(?:axis|dims?)\s*=\s*)?(\d)\)", _flipped),
    ("written", rf"{LIBRARY}(arange|eye|identity|linspace|full|ones|zeros)\({SIZES}\)",
     _listed_numbers),
    ("written", rf"\bmedian\({INPUT},\s*{INPUT},\s*{INPUT}\)",
     r"max(min(\1, \2), min(max(\1, \2), \3))"),
    ("written", r"\bsum\((⟨n⟩)\[(\1\b[^\[\]]*)\]\)", r"sum(where(\2, \1, 0))"),
    ("written", r"\bLog\[([^\[\],\n]+),([^\[\],\n]+)\]", r"log(\2, \1)"),
    ("written", r"\bClip\[([^\[\],\n]+),\s*\{([^{},\n]+),([^{},\n]+)\}\]", _clipped),
    ("mathematica", r"\b(?:Sum|Product|Piecewise)\[[^\[\]\n]*\]", None),
    ("bracket_kind", r"(⟨n⟩)\[([^\[\]\n]+)\]", _indexed_call),
    ("written", rf"(⟨b⟩)\[\s*({ROWS_CHOSEN})\s*,\s*({ROWS_CHOSEN})\s*\]", r"pick(\1[\2], \3)"),
    ("written", r"(⟨b⟩)\[\s*:\s*,\s*(⟨n⟩)\s*\]", lambda m: elsewhere.columns(m[1], m[2])),
    ("written", r"(⟨b⟩)\[\s*:\s*,\s*(⟨l⟩)\s*\]", r"swapaxes(swapaxes(\1, 0, 1)[\2], 0, 1)"),
    ("written", rf"(⟨b⟩)\[\s*:\s*,\s*({ROWS_CHOSEN})\s*,\s*:\s*\]",
     r"permute(permute(\1, 1, 0, 2)[\2], 1, 0, 2)"),
    ("written", rf"(⟨b⟩)\[\s*:\s*,\s*:\s*,\s*({ROWS_CHOSEN})\s*\]",
     r"permute(permute(\1, 2, 1, 0)[\2], 2, 1, 0)"),
    ("written", rf"(⟨b⟩)\[\s*\.\.\.\s*,\s*({ROWS_CHOSEN})\s*\]",
     r"einsum('ij->ji', einsum('ij->ji', \1)[\2])"),
    ("written", r"(⟨b⟩)\[\s*(-?\d+)\s*,\s*(⟨n⟩|⟨l⟩)\s*\]", r"\1[\2][\3]"),
    ("written", rf"(⟨b⟩)\[\s*({ROWS_CHOSEN})\s*,\s*([-\d:, ]+?)\s*\]", r"\1[:, \3][\2]"),
    ("written", r"(⟨o⟩)\.shape\[(-?\d)\]", r"size(\1, \2)"),
    ("written", r"(⟨o⟩)\.size(?![\w(])", r"size(\1)"),
    ("written", rf"{GELU}none['\"]\)", r"gelu(\1)"),
    ("string", rf"(?<![\w)\]{QUOTES}])[{QUOTES}]+([^{QUOTES}\n]+)[{QUOTES}]+", r"\1"),
    # statements
    ("heading", rf"{BEGINS}def\s+(⟨n⟩)\s*⟨g⟩[^:\n]*:\s*(?:return\s+)?([^\n;]+)", r"\1 = \2"),
    ("heading", rf"{BEGINS}(⟨n⟩)\s*=\s*lambda\b[^:\n]*:\s*", r"\1 = "),
    ("heading", r"\blambda\b[^:\n]*:\s*", ""),
    ("arrow", r"(?:⟨n⟩|⟨g⟩)[ \t]*(?:[-=]>|[→⇒↦])[ \t]*", ""),
    ("heading", rf"{BEGINS}{HEADING}[ \t]*(?::=|<-)(?!=)([^;\n#]*)", _without_inputs),
    ("result", rf"{BEGINS}return\s+(⟨n⟩){ENDS}", r"\1"),
    ("result", rf"{BEGINS}return\s+([^;\n#]+)", r"f = \1"),
    ("derivative", rf"{BEGINS}[d∂]\s*(\w+)\s*/\s*[d∂]\s*(\w+)\s*=", r"d\1_d\2 ="),
    ("assign_sign", rf"{BEGINS}(⟨n⟩)[ \t]*(?:<-|:=|←|≔|==)", r"\1 ="),
    ("assign_sign", r"(⟨o⟩)[ \t]*<-[ \t]*(⟨o⟩)", r"\1 < -\2"),
    ("colon", rf"{BEGINS}(⟨n⟩)[ \t]*:[ \t]*\w+[ \t]*=", r"\1 ="),
    ("derivative", rf"{BEGINS}(⟨n⟩)['’′][ \t]*=", r"d\1 ="),
    ("colon", rf"{BEGINS}(⟨n⟩)[ \t]*:", r"\1 ="),
    ("new_name", rf"{BEGINS}(⟨n⟩)[ \t]*(\*\*|[-+*/@])=[ \t]*([^;\n#]+)", _new_name),
    ("comma", rf"(⟨o⟩),{ENDS}", r"\1"),
    # choices
    ("condition", r"(⟨o⟩) if \1 >=? 0(?:\.0)? else 0(?:\.0)?(?![\w.])", r"relu(\1)"),
    ("condition", r"(⟨o⟩) if \1 >=? 0(?:\.0)? else (⟨d⟩)\s*\*\s*\1", r"leaky_relu(\1, \2)"),
    ("condition", r"(⟨o⟩) if \1 >=? (⟨o⟩) else \2", r"max(\1, \2)"),
    ("condition", r"(⟨o⟩) if \1 <=? (⟨o⟩) else \2", r"min(\1, \2)"),
    ("condition", rf"{STARTS}{PART}[ \t]+if[ \t]+{PART}[ \t]+else[ \t]+{PART}{STOPS}", _choice),
    ("condition", rf"{STARTS}{PART}\?{PART}:{PART}{STOPS}", lambda m: _where(*m.groups())),
    ("condition", rf"{STARTS}{PART}[ \t]+and[ \t]+{PART}{STOPS}", _both),
    ("condition", rf"{STARTS}{PART}[ \t]+or[ \t]+{PART}{STOPS}", _either),
    ("condition", rf"\bnot[ \t]+{PART}{STOPS}", lambda m: f"({bracketed(m[1].strip())} == 0)"),
    ("condition", r"(⟨g⟩)[ \t]*&[ \t]*(⟨g⟩)", _both),
    ("condition", r"(⟨g⟩)[ \t]*\|[ \t]*(⟨g⟩)", _either),
    ("condition", r"[~¬][ \t]*(⟨o⟩)", r"(\1 == 0)"),
    ("comparison", rf"{STARTS}{SUMMED}{SIGN}{SUMMED}{SIGN}{SUMMED}{STOPS}", _chained),
    # sums
    ("sum_sign", rf"(?:\\sum|[∑Σ])[ \t]*(?=\w+_(\w)\b)({PRODUCT})", _sums),
    ("sum_sign", rf"{SUM}[ \t]+({PRODUCT})", _sums),
    ("sum_sign", rf"{OVER_INDEX}[ \t]+({PRODUCT})", _over_index),
    ("sum_sign", rf"[∑Σ][ \t]*(⟨g⟩(?![ \t]*[\^²])|{PRODUCT})", _call("sum")),
    ("loop", rf"\b(sum|max|min|mean)\(\[?\s*([^;\n]+?){LOOP}\s*\]?\)", _comprehension),
    # LaTeX
    ("written", r"\\begin\s*\{cases\}(.+?)\\end\s*\{cases\}", _cases),
    ("written", r"\\[dt]?frac\s*(\d)\s*(\w)", r"(\1/\2)"),
    ("written", rf"\\sqrt\s*\[3\]\s*{BRACED}", r"cbrt(\1)"),
    ("written", rf"\\sqrt\s*\[(\w)\]\s*{BRACED}", r"((\2)**(1/\1))"),
    ("written", r"\\(hat|bar|tilde)\s*\{?(\w)\}?", r"\2_\1"),
    ("written", r"\\langle\s*(.+?)\\rangle", r"⟨\1⟩"),
    ("written", r"\\lVert\s*(.+?)\s*\\rVert", r"‖\1‖"),
    ("written", r"\\(le|ge|ne)q?(?![A-Za-z])", lambda m: RELATIONS[m[1]]),
    ("written", r"\\lfloor\s*(.+?)\s*\\rfloor(?![A-Za-z])", _call("floor")),
    ("written", r"\\lceil\s*(.+?)\s*\\rceil(?![A-Za-z])", _call("ceil")),
    ("written", r"\\math(?:bf|bb|1)?\s*\{1\}\s*(?:_\{([^{}]+)\}|\[([^\[\]]+)\])", _mask),
    ("no_operator", rf"{FACTOR}[ \t]*\\(?:b?mod(?![A-Za-z])|%)[ \t]*{FACTOR}", _remainder),
    ("prime", r"\\([A-Za-z]+)['’′]\s*(⟨g⟩)", _derivative),
    ("written", rf"\\[dt]?frac\s*{BRACED}\s*{BRACED}", _latex_fraction),
    ("written", rf"\\sqrt\s*{BRACED}", r"sqrt(\1)"),
    ("written", r"\\(?:math\w+|operatorname|text\w*|vec|bm|boldsymbol|pmb)\s*\{(\w+)\}", r"\1"),
    ("written", r"\\\|\s*(.+?)\s*\\\|", r"‖\1‖"),
    ("written", r"\\l?vert\s*(.+?)\s*\\r?vert", r"|\1|"),
    ("written", r"\\(?:cdot|times|ast|odot)(?![A-Za-z])\s*", "*"),
    ("written", r"\\(?:div|over)(?![A-Za-z])\s*", "/"),
    ("written", r"(⟨o⟩)\s*\^\s*\{?\s*\\top\s*\}?", _transposed),
    ("written", rf"(?<!\w)([^\W\d]\w*?)_{BRACED}", _subscript),
    ("written", r"\\([A-Za-z]+)", r"\1"),
    # bars, angles and roots
    ("written", r"\|([^|\n]+[-+*/·][ \t]*)\|([^|\n]+)\|\|", r"abs(\1abs(\2))"),
    ("written", r"⌊([^⌊⌋\n]+)⌋", _call("floor")),
    ("written", r"⌈([^⌈⌉\n]+)⌉", _call("ceil")),
    ("written", r"[<⟨]\s*([^<>⟨⟩|,\n]+),\s*([^<>⟨⟩|,\n]+)[>⟩]", _product_of_vectors),
    ("written", r"(?<![\w)\].*@/(,])\((⟨n⟩),\s*(⟨n⟩)\)", _product_of_vectors),
    ("written", r"[\[(]([^\[\]\n]+)[\])](?:_\+|₊)", _positive_part),
    ("written", r"(⟨n⟩)[ \t]*\|([^|\n]+)\|", _of_function),
    ("written", r"[‖∥]([^‖∥\n]+)[‖∥]_?\{?([12₁₂F∞]|inf|\\infty)\}?", _norm_of_order),
    ("written", r"\|\|([^|\n]+)\|\|_?\{?([12₁₂F∞]|inf|\\infty)\}?", _norm_of_order),
    ("written", r"\|([^|\n]+)\|_?\{?([12₁₂F∞]|inf|\\infty)\}?", _norm_of_order),
    ("written", r"[‖∥]([^‖∥\n]+)[‖∥][₂]?(?:_2)?", _call("norm")),
    ("written", r"\|\|([^|\n]+)\|\|(?:_2)?", _call("norm")),
    ("written", r"\|([^|\n]+)\|", _call("abs")),
    ("root", r"√\s*(⟨o⟩)", _call("sqrt")),
    ("written", r"∛\s*(⟨o⟩)", _call("cbrt")),
    # powers
    ("function_power", rf"(⟨n⟩)([{RAISED}]+)\s*(⟨o⟩)", _power_of_call),
    ("function_power", r"(⟨n⟩)((?:\^|\*\*)[ \t]*\{?-?\d\}?)\s*(⟨g⟩|(?<=[\s}])⟨n⟩)", _power_of_call),
    ("transpose", r"(⟨o⟩)\s*\^\s*\{?[T⊤]\}?(?!\w)", _transposed),
    ("transpose", r"(⟨o⟩)⊤", _transposed),
    ("caret", rf"(⟨o⟩)\s*\^\s*({NESTED}|-?⟨o⟩)", _caret),
    ("caret", r"\.\^", "**"),
    ("superscript", rf"(⟨o⟩)([{RAISED}]+)", _raised),
    ("written", r"\*{3,}", "**"),
    # Python and NumPy
    ("library", rf"\b(?:(?:{LIBRARIES})\.)?(?:⟨n⟩\.)*([^\W\d]\w*)\(\)[ \t]*(⟨g⟩)", r"\1\2"),
    ("library", rf"\b(?:{LIBRARIES})(?:\.⟨n⟩)*\.(⟨n⟩(?:⟨g⟩)?)(?![ \t]*\()", _module),
    ("method", r"(⟨o⟩)\.(⟨n⟩)\(((?:[^()\n]|⟨g⟩)*)\)", _method),
    ("written", r"\.([*/])", r"\1"),
    ("written", r"(⟨o⟩)(?<![\d.])\.((?!T\b)[A-Za-z])(?![\w(.])", r"(\1 @ \2)"),
    ("leave_out", r"\.[ \t]*(?=$|[;\n])", ""),
    ("list_numbers", r"(?<=[\[,])\s*(-?⟨d⟩)[ \t]*/[ \t]*(⟨d⟩)(?=\s*[,\]])", _quotient),
    ("list_numbers", rf"{JOINED}((?:,[^()\n]*)?)\)", r"\1(\2\3)"),
    ("list_numbers", r"\b(max|min)\(\[([^\[\]\n]+)\]\)", r"\1(\2)"),
    ("list_numbers", r"\bsum\(\[([^\[\]\n]+)\]\)", _sum_of_names),
    ("list_numbers", r"\[([^\[\]\n]+)\]\s*@\s*\[([^\[\]\n]+)\]", _products),
    ("list_numbers", r"(?<![\w)\].])\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]", _joined),
    ("written", r"\btranspose\((⟨o⟩),\s*((?:⟨g⟩|[-\d, ]+)+)\)", _axes_exchanged),
    ("written", r"\btile\((⟨o⟩),\s*(\d)\)", _tiled),
    ("written", r"\bone_hot\((⟨o⟩),\s*(?:num_classes\s*=\s*)?(\d{1,2})\)", _one_hot),
    ("written", rf"\blog\((?P<x>{INPUT}),\s*(?P<base>{INPUT})\)", _log_of_base),
    ("written", r"\blog_\{?(?P<base>\d+|[^\W\d_])\}?[ \t]*(?P<x>⟨g⟩|(?<=[\s}])⟨o⟩)", _log_of_base),
    ("written", rf"\bround\({INPUT},\s*([1-9])\)", _rounded),
    ("written", r"\bTrue\b", "1"),
    ("written", r"\bFalse\b", "0"),
    ("option_elsewhere", r"\b(⟨n⟩)\s*=\s*(-?⟨d⟩)?", _option),
    # signs
    ("prime", r"(⟨n⟩)['’′](⟨g⟩)", _derivative),
    ("prime", r"(⟨n⟩)['’′](⟨n⟩)", r"\1.T @ \2"),
    ("prime", r"(⟨o⟩)['’′](?!\()", _transposed),
    ("semicolon", r"\(([^()\n]*;[^()\n]*)\)", lambda m: f"({m[1].replace(';', ',')})"),
    ("comma", r"(?<!\()\b(\d+),(\d+)\b|\b(\d+),(\d+)\b(?!\))", _decimal),
    ("written", r"\b\d{1,3}(?:[ '’_]\d{3})+\b", _thousands),
    ("bracket_kind", r"\(([^()\[\]\n]*)\]", r"(\1)"),
    ("bracket_kind", r"\[([^()\[\]\n]*)\)", r"[\1]"),
    ("brace", r"(?<!\w)\{([^{},\n]*(?:,[^{},\n]*)+)\}", lambda m: stacked(f"[{m[1]}]")),
    ("brace", r"\{([^{}\n]*)\}", r"(\1)"),
    ("written", rf"(⟨o⟩)?[ \t]*([{FRACTIONS}])(?=[ \t]*(⟨o⟩|[‖∥|√∑\\])?)", _fraction),
    ("written", r"\b(\d{1,2})!", _factorial),
    ("written", r"\b(\d+(?:\.\d+)?)%(?=\s*(?:$|[-+*/);,]))", lambda m: f"{float(m[1]) / 100:.15g}"),
    ("written", r"[！-～]+", lambda m: normalize("NFKC", m[0])),
    ("written", r"(⟨o⟩)\s*⊗\s*(⟨o⟩)", r"outer(\1, \2)"),
    ("floor", rf"{FACTORS}[ \t]*//[ \t]*{FACTOR}", lambda m: f"floor({m[1].strip()}/{m[2]})"),
    ("no_operator", rf"{FACTORS}[ \t]*%[ \t]*{FACTOR}", _remainder),
    ("division_sign", "÷", "/"),
    ("division_sign", r"(⟨o⟩)[ \t]*:[ \t]*(⟨o⟩)", r"\1/\2"),
    ("written", "[∘●]", "*"),
    ("dash", "[–—]", "-"),
    # functions and products without brackets and signs
    ("call_brackets", rf"\b(⟨n⟩)[ \t]+((?:⟨d⟩[ \t]*)?⟨o⟩{POWER}?)", _space_call),
    ("product_matrix", r"(⟨o⟩)(?:(?<=\.T)|(?<=ᵀ))[ \t]*(⟨o⟩)", r"\1 @ \2"),
    ("product_matrix", r"\b(inv⟨g⟩)[ \t]*(⟨o⟩)", r"\1 @ \2"),
    ("product_matrix", r"\b([A-Z])[ \t]+([A-Za-z]\w*)\b", r"\1 @ \2"),
    ("product_below", rf"((?<![\w.)\]])⟨d⟩)?[ \t]*/[ \t]*(⟨d⟩)([ \t]*)(⟨o⟩{POWER}?)", _below),
    ("product", r"(⟨o⟩)[ \t]*(⟨o⟩)", _beside),
)  # fmt: skip


@cache
def notations() -> tuple[Notation, ...]:
    """The table, with its patterns compiled."""
    return tuple(Notation(key, pattern(found), write) for key, found, write in ROWS)


def found(text: str, span: Span) -> Iterator[tuple[Notation, re.Match[str]]]:
    """The rows that meet a place of a text, with the piece that each one found.

    Calls are looked for in calls, too.
    """
    for row in notations():
        match = row.found.search(text)
        while match and match.start() <= max(span.start, span.end - 1):
            if match.end() >= span.start and match.end() > match.start():
                yield row, match
            after = match.start() if row.write is elsewhere.written else match.end()
            match = row.found.search(text, max(after, match.start() + 1))
