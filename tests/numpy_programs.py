"""Random small NumPy programs with aliases, views and in-place operators, as text.

Each statement is run while the program is drawn, so that the next one can be made to fit.
"""

from __future__ import annotations

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

MOST = 1e3  # of a number in a program
PARAMETERS = "x, y, w, s"


class Program:
    """The statements so far, and what NumPy's arrays hold after them."""

    def __init__(self, draw, given):
        self.draw, self.lines = draw, []
        names = PARAMETERS.split(", ")
        self.scope = {name: np.copy(v, order="K") for name, v in zip(names, given, strict=True)}
        self.scope["s"] = float(self.scope["s"])

    def pick(self, *options):
        return self.draw(st.sampled_from(options))

    def arrays(self):
        return [name for name, value in self.scope.items() if np.ndim(value)]

    def array(self, fits=lambda array: True):
        """The name of an array of which this is true."""
        return self.pick(*[name for name in self.arrays() if fits(self.scope[name])] or ["x"])

    def number(self):
        return self.pick("0.5", "1.5", "2", "-1", "s")

    def fresh(self):
        """A new name, or sometimes an old one."""
        return self.pick(*(f"a{len(self.lines)}",) * 3, *self.arrays())

    def run(self, line):
        """Keep a line if NumPy takes it and the numbers stay small."""
        tried = {name: np.copy(v, order="K") for name, v in self.scope.items()}
        with np.errstate(all="ignore"):
            try:
                exec(line, {"np": np, "len": len, "range": range, "tuple": tuple}, dict(tried))
                exec(line, {"np": np, "len": len, "range": range}, self.scope)
            except (ValueError, IndexError, TypeError):
                return
        self.lines.append(line)

    def fine(self):
        numbers = [np.asarray(value) for value in self.scope.values()]
        return all((np.abs(array) < MOST).all() for array in numbers)


def operand(p, shape):
    """What can be repeated to a shape: numbers, arrays, and results of functions of arrays."""
    name = p.array(lambda a: a.ndim <= len(shape) and shape[len(shape) - a.ndim :] == a.shape)
    anything = p.array()
    return p.pick(
        p.number(), name, f"np.sin({name})", f"{anything}.sum()", f"0.5 * {anything}.mean()",
        f"{anything}.max()", f"np.tanh({name}) * {p.number()}", f"{name}.copy()",
    )  # fmt: skip


def index(p, name):
    rows = p.scope[name].shape[0]
    i = p.draw(st.integers(-rows, rows - 1))
    j = p.draw(st.integers(1, rows))
    return p.pick(f"{i}", f"{i}", f"{j - 1}:", f":{j}", f"{j - 1}:{j + 1}", ":")


def place(p):
    """A part of an array, to be written."""
    name = p.array()
    part = f"{name}[{index(p, name)}]"
    if p.scope[name].ndim > 1:
        rows, columns = p.scope[name].shape[:2]
        i, j = p.draw(st.integers(0, rows - 1)), p.draw(st.integers(-columns, columns - 1))
        part = p.pick(part, f"{name}[{i}, {j}]", f"{name}[{i}][{j}]", f"{name}.T[{j}]")
    return p.pick(part, part, f"{name}[...]")


def shape_of(p, expression):
    return np.shape(eval(expression, {"np": np}, p.scope))


def calculation(p):
    name = p.array()
    other = operand(p, p.scope[name].shape)
    return f"{p.fresh()} = " + p.pick(
        f"{name} * {other}", f"{name} - {other}", f"np.cos({name})", f"{name} @ {p.array()}",
    )  # fmt: skip


def alias(p):
    return f"{p.fresh()} = {p.array()}"


def view(p):
    name = p.array()
    size, rows = p.scope[name].size, p.scope[name].shape[0]
    return f"{p.fresh()} = " + p.pick(
        f"{name}[{index(p, name)}]", f"{name}[{index(p, name)}]", f"{name}.T", f"{name}[...]",
        f"{name}.reshape(-1)", f"{name}.reshape({size // rows}, {rows})", f"{name}.ravel()",
        f"np.transpose({name})", f"np.reshape({name}, (1, {size}))",
        f"{name}.T.reshape(-1)",
    )  # fmt: skip


def copied(p):
    name = p.array()
    return f"{p.fresh()} = " + p.pick(
        f"{name}.copy()", f"+{name}", f"{name}.flatten()", f"np.copy({name})", f"{name}.T.copy()",
        f"np.concatenate([{name}])", f"np.concatenate([{name}, {p.array()}])", f"abs({name})",
    )  # fmt: skip


def in_place(p):
    name = p.pick(p.array(), place(p))
    value = operand(p, shape_of(p, name))
    return p.pick(
        f"{name} += {value}", f"{name} -= {value}", f"{name} *= {value}", f"{name} /= 2",
        f"{name} **= 2", f"{name} -= {p.array()}.max()", f"{name} *= np.sin({name})",
    )  # fmt: skip


def assignment(p):
    part = place(p)
    return f"{part} = {operand(p, shape_of(p, part))}"


def swap(p):
    name = p.array()
    i, j = (p.draw(st.integers(0, p.scope[name].shape[0] - 1)) for _ in range(2))
    return f"{name}[{i}], {name}[{j}] = {name}[{j}], {name}[{i}]"


def out(p):
    name = p.array()
    same = p.array(lambda a: a.shape == p.scope[name].shape)
    return p.pick(f"np.sin({same}, out={name})", f"np.add({same}, {p.number()}, {name})",
                  f"np.multiply({same}, {name}, out={name})")  # fmt: skip


def number(p):
    new = f"n{len(p.lines)}"
    name = p.array()
    return p.pick(
        f"{new} = {name}.sum(); s = {new}; {new} += 1",
        f"{new} = s; {new} *= 2; s = s + 0.1 * {new}",
        f"{new} = {name}[0]; {new} -= 1", f"s += {name}.mean()",
    )  # fmt: skip


def loop(p):
    name = p.array()
    return p.pick(f"for i in range(len({name})): {name}[i] *= 0.5 * i",
                  f"for r in {name}: {name}[0] = r",
                  f"for i in range(1, len({name})): {name}[i] = {name}[i - 1] + s")  # fmt: skip


def fresh_array(p):
    """An array without traced values, in which some are written: all of it, a part, or a mask."""
    name = p.array()
    new, value = f"a{len(p.lines)}", operand(p, p.scope[name].shape)
    rows = p.scope[name].shape[0]
    start = p.pick(f"np.zeros({name}.shape)", f"np.ones_like({name})", f"np.full({name}.shape, 2.0)",
                   f"np.array({name})", f"np.arange({name}.size * 1.0).reshape({name}.shape)")  # fmt: skip
    return f"{new} = {start}; " + p.pick(
        f"{new}[...] = {value}", f"{new}[{p.draw(st.integers(0, rows - 1))}] = {name}[0]",
        f"{new} += {value}", f"{new}[{name} > 0.1] = {p.number()}",
        f"{new}[:] = [" + ", ".join(f"{name}[{i}] * s" for i in range(rows)) + "]", f"{new}[::2] = {name}[::2]",
    )  # fmt: skip


def masked(p):
    """What a mask of traced numbers chooses, read and written."""
    name = p.array()
    other = p.array(lambda a: a.shape == p.scope[name].shape)
    mask = p.pick(
        f"{name} > 0.1", f"({other} < 0.3) & ({name} > -0.5)", f"~({name} >= {p.number()})"
    )
    return p.pick(
        f"{name}[{mask}] = {p.number()}", f"{name}[{mask}] *= 0.5",
        f"{name}[{mask}] = np.sin({other}[{mask}]) + {p.number()}",
        f"{p.fresh()} = np.where({mask}, {name}, {p.number()})",
        f"n{len(p.lines)} = {name}[{mask}].sum()",
    )  # fmt: skip


def chosen_elements(p):
    """Lists, steps and new axes as indexes, read and written."""
    name = p.array()
    rows, ndim = p.scope[name].shape[0], p.scope[name].ndim
    k = p.draw(st.integers(-rows, rows - 1))
    key = p.pick(f"[{k}, 0]", "::-1", "::2", "None", f"np.array([[{k}], [0]])",
                 *["..., 0", ":, None", ":, ::-1", "..., [0, -1]"] * (ndim > 1))  # fmt: skip
    return p.pick(f"{p.fresh()} = {name}[{key}]", f"{name}[{key}] = {p.number()}",
                  f"{name}[{key}] *= 1.5")  # fmt: skip


def moved(p):
    """Functions that move elements, some of which give views, and functions along axes."""
    name = p.array()
    ndim, new = p.scope[name].ndim, p.fresh()
    return f"{new} = " + p.pick(
        f"np.pad({name}, 1)", f"np.flip({name})", f"{name}.swapaxes(0, -1)", f"np.vstack([{name}, {name}])",
        f"np.hstack([{name}, {name}])", f"np.stack([{name}, {name}], axis=-1)", f"{name}.T.ravel('F')",
        f"np.split({name}, {p.scope[name].shape[0]})[-1]", f"{name}.var(axis=0)", f"np.std({name} + 1)",
        f"{name}.astype(float)", f"np.squeeze({name})", f"np.cumsum({name}, axis=0)", f"np.tile({name}, 2)",
        f"{name}.clip(-0.5, 0.5)", f"{name}.transpose({tuple(range(ndim))[::-1]})",
        f"{name}.sum(axis={tuple(range(ndim))[-2:]}, keepdims=True)", f"np.broadcast_to({name}, (2, *{name}.shape))",
    )  # fmt: skip


STATEMENTS = (calculation, alias, view, view, copied, in_place, in_place, in_place, assignment,
              swap, out, number, loop, fresh_array, fresh_array, masked, chosen_elements, moved)  # fmt: skip

matrices = st.sampled_from([(2, 3), (3, 2), (2, 2), (1, 3), (3, 1), (2, 1, 2)])
seeds = st.integers(0, 2**32 - 1)


@st.composite
def numpy_programs(draw):
    """The text of a function, and arguments for it: three arrays and a number."""
    rng = np.random.default_rng(draw(seeds))
    shape = draw(matrices)
    given = [rng.uniform(-1, 1, size) for size in (shape, shape, shape[-1:])]
    given = [np.asfortranarray(a) if draw(st.integers(0, 4)) == 0 else a for a in given]
    given.append(rng.uniform(0.5, 1.5))
    p = Program(draw, given)
    for _ in range(draw(st.integers(2, 9))):
        p.run(draw(st.sampled_from(STATEMENTS))(p))
    assume(p.fine())
    seen = [f"{k + 1.5} * np.sum({name} * {name} + np.sin({name}))"
            for k, name in enumerate(n for n, v in p.scope.items() if n not in ("i", "r"))]  # fmt: skip
    body = "\n".join(f"    {line}" for line in p.lines)
    return f"def program({PARAMETERS}):\n{body}\n    return {' + '.join(seen)}", given
