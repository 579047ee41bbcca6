"""What to write for NumPy's functions without a gate, as far as it gives the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_CENTRED = "(x - np.mean(x, axis=0, keepdims=True)) ** 2"

INSTEAD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "np.log2": ("np.log(x) / np.log(2)",),
        "np.log10": ("np.log(x) / np.log(10)",),
        "np.exp2": ("2**x",),
        "np.sinh": ("(np.exp(x) - np.exp(-x)) / 2",),
        "np.cosh": ("(np.exp(x) + np.exp(-x)) / 2",),
        "np.expm1": ("np.exp(x) - 1",),
        "np.log1p": ("np.log(1 + x)",),
        "np.hypot": ("np.sqrt(x**2 + y**2)",),
        "np.logaddexp": ("np.log(np.exp(x) + np.exp(y))",),
        "np.logaddexp2": ("np.log(2**x + 2**y) / np.log(2)",),
        "np.fmax": ("np.maximum(x, y)",),
        "np.fmin": ("np.minimum(x, y)",),
        "np.positive": ("1 * x",),
        "np.conjugate": ("1 * x",),
        "np.real": ("1 * x",),
        "np.degrees": ("x * (180 / np.pi)",),
        "np.rad2deg": ("x * (180 / np.pi)",),
        "np.radians": ("x * (np.pi / 180)",),
        "np.deg2rad": ("x * (np.pi / 180)",),
        "np.add.reduce": ("np.sum(x, axis=0)",),
        "np.maximum.reduce": ("np.max(x, axis=0)",),
        "np.minimum.reduce": ("np.min(x, axis=0)",),
        "np.multiply.outer": ("np.outer(x, y)", "x * y"),
        "np.vecdot": ("np.sum(x * y, axis=-1)",),
        "np.var": (
            "np.mean((x - np.mean(x)) ** 2)",
            f"np.mean({_CENTRED}, axis=0)",
            f"np.mean({_CENTRED}, axis=0, keepdims=True)",
        ),
        "np.std": (
            "np.sqrt(np.mean((x - np.mean(x)) ** 2))",
            f"np.sqrt(np.mean({_CENTRED}, axis=0))",
            f"np.sqrt(np.mean({_CENTRED}, axis=0, keepdims=True))",
        ),
        "np.ptp": ("np.max(x) - np.min(x)", "np.max(x, axis=0) - np.min(x, axis=0)"),
        "np.average": ("np.mean(x)", "np.mean(x, axis=0)"),
        "np.prod": ("math.prod(x)", "math.prod(x.ravel())"),
        "np.cumsum": ("np.tril(np.ones((len(x), len(x)))) @ x",),
        "np.diff": ("x[1:] - x[:-1]", "(x.T[1:] - x.T[:-1]).T"),
        "np.flip": ("np.eye(len(x))[::-1] @ x",),
        "np.trace": ("np.sum(x * np.eye(len(x)))",),
        "np.diag": ("np.sum(x * np.eye(len(x)), axis=1)", "x * np.eye(len(x))"),
        "np.diagonal": ("np.sum(x * np.eye(len(x)), axis=1)",),
        "np.einsum": (
            "x @ y", "x.T @ y", "x @ y.T", "x.T @ y.T", "np.outer(x, y)", "x * y", "np.sum(x * y)",
            "np.sum(x * y, axis=1)", "np.sum(x * y, axis=0)", "np.sum(x)", "np.sum(x, axis=1)",
            "np.sum(x, axis=0)", "np.sum(x @ y)", "x.T", "np.sum(x * np.eye(len(x)))",
        ),
        "np.tensordot": ("x @ y", "np.sum(x * y)"),
        "np.inner": ("x @ y", "x @ y.T", "x * y"),
        "np.vdot": ("x.ravel() @ y.ravel()", "x * y"),
        "np.linalg.matmul": ("x @ y",),
        "np.linalg.outer": ("np.outer(x, y)",),
        "np.linalg.vector_norm": ("np.linalg.norm(x)", "np.sqrt(np.sum(x**2, axis=0))"),
        "np.linalg.matrix_norm": ("np.linalg.norm(x)",),
        "np.vstack": ("np.stack([x, y])", "np.concatenate([x, y])"),
        "np.hstack": (
            "np.concatenate([x, y])", "np.concatenate([x, y], axis=1)", "np.stack([x, y])",
            "np.concatenate([x, np.stack([y])])", "np.concatenate([np.stack([x]), y])",
        ),
        "np.column_stack": ("np.stack([x, y]).T", "np.concatenate([x, y], axis=1)"),
        "np.append": (
            "np.concatenate([x, y])", "np.concatenate([x, np.stack([y])])",
            "np.concatenate([x.ravel(), y.ravel()])", "np.concatenate([x, y], axis=1)",
        ),
        "np.broadcast_to": ("x + np.zeros({shape})",),
        "np.swapaxes": ("x.T",),
        "np.where": (
            "mask * x + (1 - mask) * y", "np.array(mask) * x + (1 - np.array(mask)) * y",
        ),
        "np.linalg.matrix_transpose": ("x.T",),
        "x.shape = y": ("x = x.reshape(y)",),
        "x.flat = y": ("x[:] = y",),
        "x.flat": ("x.ravel()",),
        "x.fill": ("x[:] = y",),
        "x.item": ("1 * x", "x.ravel()[0]"),
        "np.copyto": ("x[:] = y",),
        "expit": ("gs.GATES['sigmoid'].forward(x)",),
        "log_expit": ("-gs.GATES['softplus'].forward(-x)",),
    }
)  # fmt: skip
"""What to write for a function without a gate: for some, several forms of which one may fit."""
