"""Losses of Keras, TensorFlow and PyTorch: of rows or of a batch, with the labels first or last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ..language.pieces import bracketed, fill
from .foreign_calls import Call, Row

KERAS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("mse", "mean_squared_error"), "mean(square({p} - {t}), axis=-1)"),
        **dict.fromkeys(("mae", "mean_absolute_error"), "mean(abs({p} - {t}), axis=-1)"),
        "hinge": "mean(max(0, 1 - {t}*{p}), axis=-1)",
        "squared_hinge": "mean(square(max(0, 1 - {t}*{p})), axis=-1)",
        **dict.fromkeys(("kl_divergence", "kld"), "sum({t}*log({t}/{p}), axis=-1)"),
        "log_cosh": "mean(log(cosh({p} - {t})), axis=-1)",
        "huber": "mean(where(abs({p} - {t}) <= 1, square({p} - {t})/2, "
                 "abs({p} - {t}) - 0.5), axis=-1)",
        "poisson": "mean({p} - {t}*log({p}), axis=-1)",
        "cosine_similarity": "-sum({t}*{p}, axis=-1)"
        "/sqrt(sum(square({t}), axis=-1)*sum(square({p}), axis=-1))",
        "binary_crossentropy": "-mean({t}*log({p}) + (1 - {t})*log(1 - {p}), axis=-1)",
        "categorical_crossentropy": "-sum({t}*log({p}), axis=-1)",
        "sparse_categorical_crossentropy": "-log(pick({p}, {t}))",
    }
)  # fmt: skip
"""Losses of each row, along the last axis, as functions of Keras have them."""

LOGITS: Mapping[str, str] = MappingProxyType(
    {
        "binary_crossentropy": "mean(softplus({p}) - {t}*{p}, axis=-1)",
        "categorical_crossentropy": "-sum({t}*log_softmax({p}), axis=-1)",
        "sparse_categorical_crossentropy": "-pick(log_softmax({p}), {t})",
    }
)
"""The same, of scores instead of probabilities."""

BATCH: Mapping[str, str] = MappingProxyType(
    {
        "mse": "mse({p}, {t})", "mean_squared_error": "mse({p}, {t})",
        "binary_crossentropy": "binary_cross_entropy({p}, {t})", "huber": "huber({p}, {t})",
    }
)  # fmt: skip
"""Their means over a batch that have a gate; as classes of Keras have them."""

BATCH_LOGITS: Mapping[str, str] = MappingProxyType(
    {
        "binary_crossentropy": "bce_with_logits({p}, {t})",
        "categorical_crossentropy": "soft_cross_entropy({p}, {t})",
        "sparse_categorical_crossentropy": "cross_entropy({p}, {t})",
    }
)


def _of_keras(name: str) -> Callable[[Call], str]:
    """A function of Keras gives the loss of each row, its class the mean of these."""

    def meant(call: Call) -> str:
        if not call.is_from("keras", "losses") or call.is_from("backend"):
            return ""
        is_class, of_scores = call.name[:1].isupper(), call["from_logits"] == "1"
        formula = (BATCH_LOGITS if of_scores else BATCH).get(name, "") if is_class else ""
        if not formula:
            rows = LOGITS if of_scores and name in LOGITS else KERAS
            formula = f"mean({rows[name]})" if is_class else rows[name]
        return fill(formula, {"t": call["t"], "p": call["p"]})

    return meant


def _cosine(call: Call) -> str:
    x, y, axis = call["x"], call["y"], call["axis"] or ("1" if call.module else "")
    if call.is_from("keras", "losses"):
        return _of_keras("cosine_similarity")(replace(call, given={"t": x, "p": y}))
    if not axis:
        return f"{bracketed(x)} @ {bracketed(y)}/(norm({x})*norm({y}))"
    squares = "*".join(f"sum(square({each}), axis={axis})" for each in (x, y))
    return f"sum({bracketed(x)}*{bracketed(y)}, axis={axis})/sqrt({squares})"


def _of_logits(call: Call) -> str:
    """TensorFlow's losses of each row, or of each element, with the labels first."""
    x, t = call["logits"], call["labels"]
    if not x or not t:
        return ""
    if "sigmoid" in call.name:
        return f"softplus({x}) - {bracketed(t)}*{bracketed(x)}"
    if "sparse" in call.name:
        return f"-pick(log_softmax({x}), {t})"
    return f"-sum({bracketed(t)}*log_softmax({x}), -1)"


def _cross_entropy(call: Call) -> str:
    """PyTorch's with labels that do not count."""
    x, y, left_out = call["x"], call["y"], call["ignore_index"]
    if not left_out:
        return ""
    counted = f"({y} != {left_out})"
    labels = f"max({y}, 0)" if left_out.startswith("-") else y
    return f"-sum({counted}*pick(log_softmax({x}), {labels}))/sum({counted})"


LABELS = ("labels", "logits")
KERAS_ORDER = ("t", "p", "from_logits")

LOSSES: Mapping[str, Row] = MappingProxyType(
    {
        **{name: Row(KERAS_ORDER, _of_keras(name)) for name in KERAS},
        "cosine_similarity": Row(("x", "y", "axis"), _cosine),
        "sigmoid_cross_entropy_with_logits": Row(LABELS, _of_logits),
        "softmax_cross_entropy_with_logits": Row(LABELS, _of_logits),
        "sparse_softmax_cross_entropy_with_logits": Row(LABELS, _of_logits),
        "cross_entropy": Row(("x", "y", "ignore_index"), _cross_entropy),
    }
)
"""Losses elsewhere, by their names."""
