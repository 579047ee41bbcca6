"""Expressions, numbers and pictures that several tests use."""

import io
import shutil
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

import graphstep as gs
from graphstep.stepping import Stepper

NEURON = "f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
NEURON_INPUTS = dict(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
SVG = "{http://www.w3.org/2000/svg}"  # before each tag, as ElementTree has it
PATTERNS = "f = (x*y + max(z, w)) * 2"
PATTERNS_INPUTS = dict(x=3, y=-4, z=2, w=-1)
LAYOUT_ENGINES = pytest.mark.parametrize(
    "engine",
    [
        "embedded",
        pytest.param("dot", marks=pytest.mark.skipif(not shutil.which("dot"), reason="no dot")),
    ],
)


def array(*shape, seed=1):
    return np.random.default_rng((seed, *shape)).standard_normal(shape)


CONVNET = """
    c = relu(conv2d(image, k) + bias)   # 8x8 -> 6x6
    p = maxpool2d(c)                    # 3x3
    s = W @ flatten(p) + b
    L = cross_entropy(s, y)
"""
CONVNET_INPUTS = dict(image=array(8, 8), k=array(3, 3), bias=0.1, W=array(4, 9), b=array(4), y=2)


def stepped(text, values=None, **options) -> Stepper:
    graph = gs.parse(text)
    values = values or dict.fromkeys("xyzw", 1.5)
    return gs.stepper(graph, inputs={n: values[n] for n in graph.inputs}, **options)


def neuron(**options) -> Stepper:
    return gs.stepper(NEURON, **NEURON_INPUTS, **options)


def png(width=1, height=1):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def first(**options) -> Stepper:
    """The first figure of the lecture."""
    return gs.stepper("q = x + y; f = q * z", x=-2, y=5, z=-4, **options)


def image_of(data):
    """The picture in the bytes of a file."""
    return Image.open(io.BytesIO(data))
