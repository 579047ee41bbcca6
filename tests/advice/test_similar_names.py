"""What a name means: true slips are found, and no function is taken for another one."""

import math
import statistics

import numpy as np
import pytest

from graphstep.advice.similar_names import folded, gate_like
from graphstep.gates import ALIASES, GATES
from graphstep.language.foreign_names import COMPOSITES

FORMS = {
    "ReLU": "relu", "Relu": "relu", "LSE": "logsumexp", "L2": "l2", "L1": "l1", "ELU": "elu",
    "LReLU": "leaky_relu", "LeakyReLU": "leaky_relu", "Σ": "sum", "σ": "sigmoid",
    "MaxPool2d": "maxpool2d", "max_pool2d": "maxpool2d", "BatchNorm": "batchnorm", "conv": "conv2d",
    "CrossEntropy": "cross_entropy", "softmax_loss": "cross_entropy", "hinge_loss": "hinge",
    "Dot": "matmul", "SOFTMAX": "softmax", "logSoftmax": "log_softmax", "сos": "cos",
}  # fmt: skip
SLIPS = {
    "sigmod": "sigmoid", "simgoid": "sigmoid", "sotfmax": "softmax", "softmx": "softmax",
    "softmaxx": "softmax", "epx": "exp", "expp": "exp", "lgo": "log", "sqtr": "sqrt",
    "conv2dd": "conv2d", "taanh": "tanh", "recipocal": "reciprocal", "logsumxep": "logsumexp", "dropuot": "dropout",
}  # fmt: skip
OTHERS = """
    tan/tanh arctan/tanh sign/sin log10/log huber/outer cosh/cos sinh/sin gelu/elu
    selu/elu celu/elu binary_cross_entropy/cross_entropy logit/log sinc/sin relu6/relu
    exp2/exp expm1/exp log1p/log cot/cos sec/exp softmin/softmax conv1d/conv2d
    maxpool1d/maxpool2d mix/min mae/max ln/l1 f1/l1 l3/l2 summary/sum abs2/abs squared/square
"""


@pytest.mark.parametrize("name", FORMS)
def test_other_forms_of_a_name(name):
    assert gate_like(name) == FORMS[name]


def test_every_symbol_that_is_a_name_leads_to_its_gate():
    symbols = [(gate.symbol, name) for name, gate in GATES.items() if gate.symbol.isidentifier()]
    assert len(symbols) > 20
    for symbol, name in symbols:
        assert GATES[gate_like(symbol)].symbol == symbol or gate_like(symbol) == name


@pytest.mark.parametrize("name", SLIPS)
def test_slips_of_the_pen(name):
    assert gate_like(name) == SLIPS[name]


@pytest.mark.parametrize("pair", OTHERS.split())
def test_no_guess_across_meanings(pair):
    name, other = pair.split("/")
    assert gate_like(name) in ("", name, ALIASES.get(name))
    assert gate_like(name) != other


def test_functions_of_libraries_are_not_taken_for_slips():
    """Every name of NumPy and of Python's mathematics is a gate in another form, or no gate."""
    libraries = (np, np.linalg, np.random, np.fft, math, statistics)
    names = {name for library in libraries for name in dir(library) if not name.startswith("_")}
    assert len(names) > 400
    known = {folded(name) for name in [*GATES, *ALIASES, *COMPOSITES]}
    wrong = {name: gate_like(name) for name in names if gate_like(name)}
    assert not {name: gate for name, gate in wrong.items() if folded(name) not in known}


def test_gates_of_ones_own_are_found_too():
    import graphstep as gs

    def cube(x):
        return x**3

    for name in ("cubic_root_like", "arccotx"):
        gs.gate(cube, local=[lambda x: 3 * x**2], name=name)
    try:
        assert gate_like("Cubic_Root_Like") == "cubic_root_like"
        assert gate_like("cubic_rot_like") == "cubic_root_like"
        assert gate_like("arcoctx") == "arccotx"
        assert gate_like("arccot") == ""  # another function, not a slip
    finally:
        for name in ("cubic_root_like", "arccotx"):
            dict.pop(GATES, name)
