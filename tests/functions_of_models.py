"""More functions as they are written: with an accuracy beside the loss, masks of -inf, parameters in
dicts and lists, numbers of a small engine."""

import math
from itertools import pairwise

import numpy as np
from real_functions import Case, arrays

X, W, B = arrays(51, (5, 4), (4, 3), (3,))
Y = np.array([0, 2, 1, 1, 0])


# --- losses with what is worked out beside them


def softmax_rows(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss_and_accuracy(X, W, b, y):
    probs = softmax_rows(X @ W + b)
    loss = -np.log(probs[np.arange(len(y)), y]).mean()
    acc = np.mean(np.argmax(probs, axis=1) == y)
    print(f"loss {float(loss):.3f}, accuracy {acc:.0%}")
    return loss, float(acc)


def one_hot_accuracy(X, W, Y):
    p = softmax_rows(np.dot(X, W))
    right = np.equal(np.argmax(p, 1), np.argmax(Y, 1))
    return {"accuracy": np.sum(right) / len(right), "cost": -np.sum(Y * np.log(p))}


def logistic_regression(w, b, X, t):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    predicted = (p > 0.5).astype(int)
    loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    return loss, np.mean(predicted == t)


def language_model(logits, y):
    nll = -np.log(softmax_rows(logits)[range(len(y)), y])
    perplexity = math.exp(float(nll.mean()))
    assert not np.isnan(nll).any()
    return nll.mean(), round(perplexity, 2), [*nll.tolist()]


def regression_with_history(x, y, w, steps):
    losses = []
    for _ in range(steps):
        residual = x @ w - y
        losses.append(float(np.mean(residual**2)))
        w = w - 0.1 * x.T @ residual / len(y)
    return np.mean((x @ w - y) ** 2), losses


def mean_of_losses(w, x, y):
    terms = [np.square(w * a - b) for a, b in zip(x, y, strict=True)]
    return np.mean(terms) + 0.5 * np.sum([w**2, np.abs(w)])


# --- masks of -inf


def causal_attention(q, k, v):
    scores = q @ k.T / math.sqrt(k.shape[-1])
    allowed = np.tril(np.ones(scores.shape, dtype=bool))
    return softmax_rows(np.where(allowed, scores, -np.inf)) @ v


def attention_with_added_mask(q, k, v, mask):
    return softmax_rows(q @ np.swapaxes(k, -2, -1) / np.sqrt(q.shape[-1]) + mask) @ v


def decoder_head(x, key, query, value):
    t = x.shape[1]
    wei = (x @ query) @ np.moveaxis(x @ key, 1, 2) * key.shape[1] ** -0.5
    wei[:, np.tril(np.ones((t, t))) == 0] = float("-inf")
    return softmax_rows(wei) @ (x @ value)


def two_masks(scores, lengths):
    t = scores.shape[-1]
    causal = np.triu(np.full((t, t), -np.inf), k=1)
    padding = np.where(np.arange(t) < lengths[:, None], 0.0, -np.inf)[:, None, :]
    return softmax_rows(scores + causal + padding)


def sampled_logits(logits, banned):
    masked = logits.copy()
    masked[banned] = -np.inf
    shifted = masked - np.max(masked)
    return shifted[:2] - np.log(np.sum(np.exp(shifted)))


# --- parameters in dicts and lists


class TwoLayerNet:
    def loss(self, params, X, y, reg=0.1):
        hidden = np.maximum(0, X.dot(params["W1"]) + params["b1"])
        probs = softmax_rows(hidden.dot(params["W2"]) + params["b2"])
        loss = -np.sum(np.log(probs[range(len(y)), y])) / len(y)
        return loss + reg * sum(np.sum(params[name] ** 2) for name in ("W1", "W2"))


def two_layer_net(params, X, y):
    return TwoLayerNet().loss(params, X, y)


class NetWithParams:
    """Weights in a dict of the object; scores for data without labels."""

    def __init__(self, seed, sizes, reg):
        w1, w2 = arrays(seed, (sizes[0], sizes[1]), (sizes[1], sizes[2]))
        self.params = {"W1": w1, "b1": np.zeros(sizes[1]), "W2": w2, "b2": np.ones(sizes[2])}
        self.reg, self.losses = reg, []

    def loss(self, X, y=None):
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden = np.maximum(0, X.dot(W1) + self.params["b1"])
        scores = hidden.dot(W2) + self.params["b2"]
        if y is None:
            return scores
        probs = softmax_rows(scores)
        loss = -np.log(probs[np.arange(len(X)), y]).mean()
        loss += self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        self.losses.append(loss)
        grads = {"b2": np.sum(probs, axis=0)}
        return loss, grads


class DeepNet:
    """Layers by number, with settings and means that are kept for each."""

    def __init__(self, seed, sizes):
        self.num_layers, self.params = len(sizes) - 1, {}
        for k, (rows, columns) in enumerate(pairwise(sizes), 1):
            (self.params[f"W{k}"],) = arrays(seed + k, (rows, columns))
            self.params[f"b{k}"] = np.zeros(columns)
        self.norms = [{"eps": 1e-5, "mean": np.zeros(n)} for n in sizes[1:-1]]

    def loss(self, X, y):
        out = X.reshape(X.shape[0], -1)
        for k in range(1, self.num_layers + 1):
            out = out @ self.params[f"W{k}"] + self.params[f"b{k}"]
            if k < self.num_layers:
                norm = self.norms[k - 1]
                mean = out.mean(axis=0)
                out = np.maximum(0, (out - mean) / np.sqrt(out.var(axis=0) + norm["eps"]))
                norm["mean"] = 0.9 * norm["mean"] + 0.1 * mean
        return np.mean((out - y) ** 2)


class Layer:
    def __init__(self, w, b):
        self.w, self.b, self.x = w, b, None

    def __call__(self, x):
        self.x = x
        return x @ self.w + self.b


class Stack:
    """Objects in a list, one of them by a name too."""

    def __init__(self, *layers):
        self.layers, self.head = [*layers], layers[-1]

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = np.tanh(layer(x))
        return np.sum(self.head(x) ** 2)


def deep_forward(X, layers):
    for i, (w, b) in enumerate(layers):
        X = X @ w + b
        if i + 1 < len(layers):
            X = np.tanh(X)
    return X


def transformer_mlp(x, c_fc, c_proj):
    h = x @ c_fc["w"] + c_fc["b"]
    return (h / (1 + np.exp(-1.702 * h))) @ c_proj["w"] + c_proj["b"]


# --- a scalar engine


def engine_sanity(x):
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    return y


def plain_sanity(x):
    z = 3 * x + 2
    return max(z * z, 0) + (max(z, 0) + z * x) * (1 + x)


def engine_operations(a, b):
    c = a + b
    d = a * b + b**3
    c += c + 1
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    g = e**2 / 2.0
    g += 10.0 / e**2
    g.backward()
    print(f"{g.data:.4f}")
    return g


def plain_operations(a, b):
    d = 4 * (3 * (a * b + b**3) + max(b + a, 0)) + max(b - a, 0)
    e = 2 * (a + b) + 1 - d
    return e**2 / 2 + 10 / e**2


def engine_neuron(x, w, b):
    o = sum((wi * xi for wi, xi in zip(w, x, strict=True)), b)
    e = (2 * o).exp()
    return (e - 1) / (e + 1) + o.tanh()


def engine_svm(x, y, w, b):
    scores = [sum((wi * xi for wi, xi in zip(w, row, strict=True)), b) for row in x]
    losses = [(1 + -yi * s).relu() for yi, s in zip(y, scores, strict=True)]
    loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in w)
    right = [(yi > 0) == (s.data > 0) for yi, s in zip(y, scores, strict=True)]
    return loss, sum(right) / len(right)


# --- newer models


def rms_norm(x, weight):
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-6) * weight


def swiglu(x, w1, w2, w3):
    gate = x @ w1
    return (gate / (1 + np.exp(-gate)) * (x @ w3)) @ w2


def rotary(x):
    t, d = x.shape
    angles = np.outer(np.arange(t), 100.0 ** (-np.arange(0, d, 2) / d))
    out = np.zeros_like(x)
    even, odd = x[:, 0::2], x[:, 1::2]
    out[:, 0::2] = even * np.cos(angles) - odd * np.sin(angles)
    out[:, 1::2] = even * np.sin(angles) + odd * np.cos(angles)
    return out


def grouped_queries(q, k, v):
    k, v = np.repeat(k, 2, axis=0), np.repeat(v, 2, axis=0)
    weights = softmax_rows(np.einsum("hqd,hkd->hqk", q, k))
    return np.einsum("hqk,hkd->hqd", weights, v, optimize=True)


def info_nce(a, b, temperature):
    a = a / np.linalg.norm(a, axis=1, keepdims=True)
    b = b / np.linalg.norm(b, axis=1, keepdims=True)
    logits = a @ b.T / temperature
    return -np.mean(np.log(np.diag(softmax_rows(logits))))


def label_smoothing(logits, y, eps):
    n, k = logits.shape
    target = np.full((n, k), eps / k)
    target[np.arange(n), y] += 1 - eps
    return -np.mean(np.sum(target * np.log(softmax_rows(logits)), axis=1))


def ppo(ratio, advantage, eps):
    clipped = np.clip(ratio, 1 - eps, 1 + eps)
    return -np.mean(np.minimum(ratio * advantage, clipped * advantage))


def gaussian_log_likelihood(x, mu, factor):
    cov = factor @ factor.T + np.eye(len(mu))
    d = x - mu
    return -0.5 * (d @ np.linalg.inv(cov) @ d + np.log(np.linalg.det(cov)) + np.trace(cov))


def skip_gram(center, context, noise):
    positive = 1 / (1 + np.exp(-context @ center))
    negative = 1 / (1 + np.exp(noise @ center))
    return -np.log(positive) - np.sum(np.log(negative))


# --- without a graph


def square_root(x):
    guess = x
    while abs(guess * guess - x) > 1e-9:
        guess = (guess + x / guess) / 2
    return guess


def hard_labels(scores):
    return np.sum(scores[np.argmax(scores, axis=0)] ** 2)


def least_squares(a, b):
    return np.sum(np.linalg.solve(a.T @ a, a.T @ b) ** 2)


# --- idioms of NumPy


def masks_of_signs(x):
    outside = (x > 0) & (x > 1) | (x < -1)
    return np.sum(x**2 * ~(x > 0)) + np.sum(np.where(outside, x, 3 * x))


def accumulated(x):
    acc = np.zeros(x.shape[1])
    for row in x:
        acc += row
        print(f"{acc.sum():.3f}", round(acc[0], 2))
    return {"loss": np.sum(acc**2), "mean": acc.mean()}


def in_a_larger_array(a):
    whole = np.zeros((6, 6))
    whole[:2, :3] = a[:2, :3]
    return np.sum(np.exp(whole)) + a.ravel(order="C") @ a.ravel()


def lists_of_numbers(a, b):
    return np.sum(np.array([a, b]) ** 2) + np.sum([a, a * b]) + np.max([a, b])


def with_settings(x, mode, train, times, seed, sizes):
    hidden, rest = divmod(times, 2)
    scale = 1.0 if seed is None else 0.5
    return scale * sizes["out"][0] * np.sum(x) ** hidden + rest if train and mode == "sum" else x


def remainder(x):
    return np.sum(x % 2.0)


def by_eigenvalues(x):
    return np.sum(np.sqrt(np.linalg.eigvalsh(x.T @ x)))


MLP = {
    name: a
    for name, a in zip(
        ("W1", "b1", "W2", "b2"), arrays(52, (4, 6), (6,), (6, 3), (3,)), strict=True
    )
}
LAYERS = [tuple(arrays(53, (4, 5), (5,))), tuple(arrays(54, (5, 2), (2,)))]
QKV = arrays(55, (3, 4), (3, 4), (3, 2))
POINTS = arrays(56, (4, 2))[0].tolist()
WORKS = {
    "loss_and_accuracy": Case(loss_and_accuracy, (X, W, B, Y)),
    "one_hot_accuracy": Case(one_hot_accuracy, (X, W, np.eye(3)[Y]), "cost"),
    "logistic_regression": Case(logistic_regression, (W[:, 0], 0.2, X, np.array([1.0, 0, 1, 1, 0]))),
    "language_model": Case(language_model, (X, np.array([0, 3, 1, 2, 2]))),
    "regression_with_history": Case(regression_with_history, (X, B.mean() + X[:, 1], W[:, 0], 3)),
    "mean_of_losses": Case(mean_of_losses, (0.7, [1.0, -2.0, 0.5], [0.3, 0.4, 1.0])),
    "causal_attention": Case(causal_attention, tuple(QKV)),
    "attention_with_added_mask": Case(
        attention_with_added_mask, (*QKV, np.triu(np.full((3, 3), -np.inf), 1))
    ),
    "decoder_head": Case(decoder_head, tuple(arrays(57, (2, 3, 4), (4, 2), (4, 2), (4, 2)))),
    "two_masks": Case(two_masks, (*arrays(58, (2, 3, 3)), np.array([3, 2]))),
    "sampled_logits": Case(sampled_logits, (X[:, 0], [3, 4])),
    "two_layer_net": Case(
        two_layer_net, (MLP, X, Y), None, {name: (0, name) for name in MLP}
    ),
    "self.params": Case(
        NetWithParams.loss, (NetWithParams(70, (4, 5, 3), 0.1), X, Y), (0,),
        {name: (0, "params", name) for name in ("W1", "b1", "W2", "b2")},
    ),
    "self.params, scores": Case(
        NetWithParams.loss, (NetWithParams(71, (4, 5, 3), 0.1), X), None,
        {name: (0, "params", name) for name in ("W1", "b1", "W2", "b2")},
    ),
    "layers by number": Case(
        DeepNet.loss, (DeepNet(72, (4, 5, 3)), X, *arrays(73, (5, 3))), None,
        {name: (0, "params", name) for name in ("W1", "b1", "W2", "b2")},
    ),
    "objects of layers": Case(
        Stack.__call__, (Stack(Layer(*arrays(74, (4, 3), (3,))), Layer(*arrays(75, (3, 2), (2,)))), X),
        None, {f"layers_{k}_{n}": (0, "layers", k, n) for k in (0, 1) for n in "wb"},
    ),
    "deep_forward": Case(
        deep_forward, (X, LAYERS), None,
        {f"layers_{i}_{j}": (1, i, j) for i in (0, 1) for j in (0, 1)},
    ),
    "transformer_mlp": Case(
        transformer_mlp,
        (X, dict(zip("wb", arrays(59, (4, 5), (5,)), strict=True)),
         dict(zip("wb", arrays(60, (5, 4), (4,)), strict=True))),
        None,
        {"w": (1, "w"), "b": (1, "b"), "c_proj_w": (2, "w"), "c_proj_b": (2, "b")},
    ),
    "engine_sanity": Case(engine_sanity, (-4.0,), plain=plain_sanity),
    "engine_operations": Case(
        engine_operations, (-4.0, 2.0),
        plain=plain_operations,
    ),
    "engine_neuron": Case(
        engine_neuron, ([2.0, 0.5], [-3.0, 1.0], 6.88),
        plain=lambda x, w, b: 2 * np.tanh(np.dot(x, w) + b),
    ),
    "engine_svm": Case(
        engine_svm, (POINTS, [1, -1, -1, 1], [0.4, -0.9], 0.1),
        plain=lambda x, y, w, b: np.maximum(1 - np.array(y) * (np.array(x) @ w + b), 0).mean()
        + 1e-4 * np.dot(w, w),
    ),
    "rms_norm": Case(rms_norm, (X, *arrays(61, (4,)))),
    "swiglu": Case(swiglu, (X, *arrays(62, (4, 6), (6, 4), (4, 6)))),
    "rotary": Case(rotary, (X,)),
    "grouped_queries": Case(grouped_queries, tuple(arrays(63, (4, 3, 2), (2, 3, 2), (2, 3, 2)))),
    "info_nce": Case(info_nce, (*arrays(64, (3, 4), (3, 4)), 0.5)),
    "label_smoothing": Case(label_smoothing, (X, Y, 0.1)),
    "ppo": Case(ppo, (np.array([0.7, 1.1, 1.5]), np.array([1.0, -2.0, 0.5]), 0.2)),
    "gaussian_log_likelihood": Case(gaussian_log_likelihood, tuple(arrays(65, (3,), (3,), (3, 3)))),
    "masks_of_signs": Case(masks_of_signs, (X,)),
    "accumulated": Case(accumulated, (X,)),
    "in_a_larger_array": Case(in_a_larger_array, (X,)),
    "lists_of_numbers": Case(lists_of_numbers, (0.7, -1.5)),
    "with_settings": Case(with_settings, (X, "sum", True, 5, None, {"out": [3, 4]})),
    "least_squares": Case(least_squares, (X, Y * 1.0)),
    "skip_gram": Case(skip_gram, tuple(arrays(66, (4,), (4,), (3, 4)))),
}  # fmt: skip
"""Functions with their graphs."""

REFUSED = {
    "square_root": (Case(square_root, (2.0,)), r"x > y compares.*no branches"),
    "hard_labels": (Case(hard_labels, (X,)), r"np\.argmax compares.*chooses"),
    "remainder": (Case(remainder, (X,)), r"no gate for x % y\. Write x - y \* np\.floor"),
    "by eigenvalues": (Case(by_eigenvalues, (X,)), r"no gate for np\.linalg\.eigvalsh"),
}
"""Functions without, and what is said."""
