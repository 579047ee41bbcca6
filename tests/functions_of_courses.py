"""Functions as courses, tutorials and libraries write them, each from its mathematics."""

import math

import numpy as np
from real_functions import Case, arrays

X, W, B = arrays(1, (3, 4), (4, 5), (5,))
Y = np.array([0, 3, 1])
IMAGES, FILTERS, BIASES = arrays(2, (2, 3, 5, 5), (2, 3, 3, 3), (2,))
GAMMA, BETA = arrays(3, (4,), (4,))


# --- layers of a course


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1) @ w + b
    cache = (x, w, b)
    return out, cache


def relu_forward(x):
    out = np.maximum(0, x)
    return out, x


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param["mode"], bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    _n, d = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(d, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(d, dtype=x.dtype))
    if mode == "train":
        mu, var = x.mean(axis=0), x.var(axis=0)
        xhat = (x - mu) / np.sqrt(var + eps)
        out = gamma * xhat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, (x, gamma)


def layernorm_forward(x, gamma, beta, ln_param):
    mu = np.mean(x, axis=1, keepdims=True)
    var = np.var(x, axis=1, keepdims=True)
    return gamma * (x - mu) / np.sqrt(var + ln_param.get("eps", 1e-5)) + beta, None


def dropout_forward(x, dropout_param):
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask, out = None, None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    out = out.astype(x.dtype, copy=False)
    return out, (dropout_param, mask)


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    n, _c, h, width = x.shape
    f, _, hh, ww = w.shape
    rows, columns = 1 + (h + 2 * pad - hh) // stride, 1 + (width + 2 * pad - ww) // stride
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    out = np.zeros((n, f, rows, columns))
    for i in range(n):
        for k in range(f):
            for r in range(rows):
                for s in range(columns):
                    window = padded[
                        i, :, r * stride : r * stride + hh, s * stride : s * stride + ww
                    ]
                    out[i, k, r, s] = np.sum(window * w[k]) + b[k]
    return out, (x, w, b, conv_param)


def max_pool_forward_naive(x, pool_param):
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    n, c, h, w = x.shape
    rows, columns = (h - height) // stride + 1, (w - width) // stride + 1
    out = np.empty((n, c, rows, columns))
    for r in range(rows):
        for s in range(columns):
            a, b = r * stride, s * stride
            out[:, :, r, s] = np.max(x[:, :, a : a + height, b : b + width], axis=(2, 3))
    return out, x


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    n, c, h, w = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, c)
    out, cache = batchnorm_forward(flat, gamma, beta, bn_param)
    return out.reshape(n, h, w, c).transpose(0, 3, 1, 2), cache


def spatial_groupnorm_forward(x, gamma, beta, groups):
    n, c, h, w = x.shape
    grouped = np.reshape(x, (n, groups, c // groups, h, w))
    mean = np.mean(grouped, axis=(2, 3, 4), keepdims=True)
    var = np.var(grouped, axis=(2, 3, 4), keepdims=True)
    xhat = ((grouped - mean) / np.sqrt(var + 1e-5)).reshape(x.shape)
    return gamma[np.newaxis, :, None, None] * xhat + beta[None, :, None, None]


def groupnorm_with_axes(x, gamma):
    turned = np.transpose(x, (1, 0, 2, 3))
    return gamma * (turned - turned.mean((1, 2, 3), keepdims=True)).sum(axis=(1, 2, 3))


# --- losses


def svm_loss(x, y):
    n = x.shape[0]
    correct = x[np.arange(n), y]
    margins = np.maximum(0, x - correct[:, np.newaxis] + 1.0)
    margins[np.arange(n), y] = 0
    loss = np.sum(margins) / n
    num_pos = np.sum(margins > 0, axis=1)
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(n), y] -= num_pos
    dx /= n
    return loss, dx


def svm_loss_vectorized(W, X, y, reg):
    scores = X.dot(W)
    correct = scores[range(len(y)), list(y)].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[range(len(y)), list(y)] = 0
    return margins.sum() / X.shape[0] + reg * np.sum(W * W)


def svm_loss_naive(W, X, y):
    loss = 0.0
    for i in range(len(X)):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
    return loss


def softmax_loss(x, y):
    shifted = x - np.max(x, axis=1, keepdims=True)
    z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(z)
    probs = np.exp(log_probs)
    n = x.shape[0]
    loss = -np.sum(log_probs[np.arange(n), y]) / n
    dx = probs.copy()
    dx[np.arange(n), y] -= 1
    dx /= n
    return loss, dx


def softmax_loss_naive(W, X, y):
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        scores -= np.max(scores)
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss -= np.log(p[y[i]])
        for j in range(W.shape[1]):
            dW[:, j] += (p[j] - (j == y[i])) * X[i]
    return loss / len(X), dW


def two_layer_net_loss(X, y, W1, b1, W2, b2, reg):
    hidden = np.maximum(0, X @ W1 + b1)
    scores = hidden @ W2 + b2
    loss, dscores = softmax_loss(scores, y)
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    grads = {"W2": hidden.T.dot(dscores) + reg * W2, "b2": dscores.sum(axis=0)}
    dhidden = dscores.dot(W2.T)
    dhidden[hidden <= 0] = 0
    grads["W1"] = X.T.dot(dhidden) + reg * W1
    return loss, grads


def scores_of_labels(scores, y):
    return -np.log(scores[range(len(y)), y] ** 2).mean()


# --- recurrent nets


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_forward(x, h0, Wx, Wh, b):
    n, t, _d = x.shape
    h, cache, prev = np.zeros((n, t, h0.shape[1])), [], h0
    for step in range(t):
        prev, kept = rnn_step_forward(x[:, step, :], prev, Wx, Wh, b)
        h[:, step, :] = prev
        cache.append(kept)
    return h, cache


def sigmoid(x):
    pos, neg = x >= 0, x < 0
    z = np.zeros_like(x)
    z[pos] = np.exp(-x[pos])
    z[neg] = np.exp(x[neg])
    top = np.ones_like(x)
    top[neg] = z[neg]
    return top / (1 + z)


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    size = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i, f, o = sigmoid(a[:, :size]), sigmoid(a[:, size : 2 * size]), sigmoid(a[:, 2 * size : -size])
    g = np.tanh(a[:, 3 * size :])
    next_c = f * prev_c + i * g
    return o * np.tanh(next_c), next_c


def lstm_step_by_split(x, prev_h, prev_c, Wx, Wh, b):
    ai, af, ao, ag = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-a)) for a in (ai, af, ao))
    next_c = f * prev_c + i * np.tanh(ag)
    return {"h": o * np.tanh(next_c), "c": next_c}


def lstm_forward(x, h0, Wx, Wh, b):
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    prev, c = h0, np.zeros_like(h0)
    for t in range(x.shape[1]):
        prev, c = lstm_step_forward(x[:, t], prev, c, Wx, Wh, b)
        h[:, t] = prev
    return h


def gru_step(x, h, W, U):
    size = h.shape[-1]
    z = 1 / (1 + np.exp(-(x @ W[:, :size] + h @ U[:, :size])))
    r = 1 / (1 + np.exp(-(x @ W[:, size:-size] + h @ U[:, size : 2 * size])))
    new = np.tanh(x @ W[:, -size:] + (r * h) @ U[:, -size:])
    return (1 - z) * h + z * new


def word_embedding_forward(x, W):
    return W[x], (x, W)


def temporal_affine_forward(x, w, b):
    n, t, d = x.shape
    return x.reshape(n * t, d).dot(w).reshape(n, t, -1) + b, (x, w)


def temporal_softmax_loss(x, y, mask):
    n, t, v = x.shape
    flat, labels, masks = x.reshape(n * t, v), y.reshape(n * t), mask.reshape(n * t)
    probs = np.exp(flat - np.max(flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(masks * np.log(probs[np.arange(n * t), labels])) / n
    dflat = probs.copy()
    dflat[np.arange(n * t), labels] -= 1
    dflat *= masks[:, None]
    return loss, dflat.reshape(n, t, v)


def min_char_rnn(Wxh, Whh, Why, hprev, inputs, targets):
    xs, hs, ps, loss = {}, {}, {}, 0
    hs[-1] = np.copy(hprev)
    for t in range(len(inputs)):
        xs[t] = np.zeros((Wxh.shape[1], 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]))
        y = np.dot(Why, hs[t])
        ps[t] = np.exp(y) / np.sum(np.exp(y))
        loss += -np.log(ps[t][targets[t], 0])
    return loss, hs[len(inputs) - 1]


# --- another course: columns are examples


def linear_forward(A, W, b):
    return np.dot(W, A) + b, (A, W, b)


def relu_of(Z):
    return np.maximum(0, Z), Z


def propagate(w, b, X, Y):
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(np.dot(w.T, X) + b)))
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = 1 / m * np.dot(X, (A - Y).T)
    cost = np.squeeze(np.array(cost))
    return {"dw": dw, "db": np.sum(A - Y) / m}, cost


def compute_cost(AL, Y):
    m = Y.shape[1]
    cost = -(np.dot(Y, np.log(AL).T) + np.dot(1 - Y, np.log(1 - AL).T)) / m
    return np.squeeze(cost)


def cost_with_l2(A3, Y, W1, W2, lambd):
    m = Y.shape[1]
    return compute_cost(A3, Y) + lambd / (2 * m) * (np.sum(np.square(W1)) + np.sum(np.square(W2)))


def rnn_cell_forward(xt, a_prev, Wax, Waa, ba):
    a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)
    return a_next, (a_next, a_prev)


def lstm_cell_forward(xt, a_prev, c_prev, Wf, Wi, Wc, Wo):
    n_a = a_prev.shape[0]
    concat = np.zeros((n_a + xt.shape[0], xt.shape[1]))
    concat[:n_a, :] = a_prev
    concat[n_a:, :] = xt
    f, i, o = (1 / (1 + np.exp(-np.dot(V, concat))) for V in (Wf, Wi, Wo))
    c_next = f * c_prev + i * np.tanh(np.dot(Wc, concat))
    return o * np.tanh(c_next), c_next


def conv_single_step(a_slice, W, b):
    return np.sum(np.multiply(a_slice, W)) + float(b)


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), "constant", constant_values=(0, 0))


def pool_forward(A, size, mode):
    m, h, w, c = A.shape
    out = np.zeros((m, h - size + 1, w - size + 1, c))
    for i in range(m):
        for r in range(h - size + 1):
            for s in range(w - size + 1):
                for k in range(c):
                    piece = A[i, r : r + size, s : s + size, k]
                    out[i, r, s, k] = np.max(piece) if mode == "max" else np.mean(piece)
    return out


# --- a scalar engine's demos


def sanity(x):
    z = 2 * x + 2 + x
    q = np.maximum(z, 0) + z * x
    h = np.maximum(z * z, 0)
    return h + q + q * x


def more_ops(a, b):
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + np.maximum(b + a, 0)
    d += 3 * d + np.maximum(b - a, 0)
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def scalar_neuron(x1, x2, w1, w2, b):
    act = sum((wi * xi for wi, xi in zip((w1, w2), (x1, x2), strict=True)), b)
    return np.tanh(act)


def svm_demo_loss(x, w, b):
    scores = [sum((xi * wi for xi, wi in zip(row, w, strict=True)), b) for row in x]
    losses = [np.maximum(1 - yi * s, 0) for yi, s in zip((1, -1, 1), scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in w)


# --- transformers


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def layer_norm(x, g, b, eps=1e-5):
    mean, variance = np.mean(x, axis=-1, keepdims=True), np.var(x, axis=-1, keepdims=True)
    return g * ((x - mean) / np.sqrt(variance + eps)) + b


def attention(q, k, v, mask):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]) + mask) @ v


def mha(x, c_attn, c_proj, n_head):
    x = x @ c_attn
    qkv = np.split(x, 3, axis=-1)
    heads = [np.split(part, n_head, axis=-1) for part in qkv]
    causal = (1 - np.tri(x.shape[0], dtype=x.dtype)) * -1e10
    out = [attention(q, k, v, causal) for q, k, v in zip(*heads, strict=True)]
    return np.hstack(out) @ c_proj


def transformer_block(x, c_attn, c_proj, w1, w2, g, b):
    x = x + mha(layer_norm(x, g, b), c_attn, c_proj, 2)
    return x + gelu(layer_norm(x, g, b) @ w1) @ w2


def gpt2(inputs, wte, wpe, c_attn, c_proj):
    x = wte[inputs] + wpe[range(len(inputs))]
    return mha(x, c_attn, c_proj, 2) @ wte.T


def batched_attention(x, wq, wk, wv):
    q, k, v = x @ wq, x @ wk, x @ wv
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    mask = np.tril(np.ones((x.shape[1], x.shape[1])))
    scores = np.where(mask == 0, -1e9, scores)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True)) @ v


def attention_with_heads(x, w, heads):
    n, t, d = x.shape
    q = (x @ w).reshape(n, t, heads, d // heads).transpose(0, 2, 1, 3)
    att = q @ q.transpose(0, 1, 3, 2)
    att[:, :, ~np.tril(np.ones((t, t), dtype=bool))] = -1e9
    return (softmax(att) @ q).transpose(0, 2, 1, 3).reshape(n, t, d)


def positional(x, d):
    angles = np.arange(x.shape[0])[:, None] / 10000 ** (2 * (np.arange(d)[None] // 2) / d)
    table = np.zeros((x.shape[0], d))
    table[:, 0::2], table[:, 1::2] = np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])
    return np.tanh(x + table)


# --- functions of libraries


def library_sigmoid(z):
    return np.where(
        z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z)))
    )


def library_relu(z):
    return np.clip(z, 0, np.inf)


def hard_sigmoid(z):
    return np.clip(0.2 * z + 0.5, 0.0, 1.0)


def elu(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


def leaky_relu(z, alpha=0.3):
    _z = z.copy()
    _z[z < 0] = _z[z < 0] * alpha
    return _z


def softplus(z):
    return np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0)


def squared_error(y, y_pred):
    return 0.5 * np.linalg.norm(y_pred - y) ** 2


def cross_entropy(y, y_pred):
    eps = np.finfo(float).eps
    return -np.sum(y * np.log(y_pred + eps))


def vae_loss(y, y_pred, t_mean, t_log_var):
    y_pred = np.clip(y_pred, 1e-9, 1 - 1e-9)
    rec = -np.sum(y * np.log(y_pred) + (1 - y) * np.log(1 - y_pred), axis=1)
    kl = -0.5 * np.sum(1 + t_log_var - t_mean**2 - np.exp(t_log_var), axis=1)
    return np.mean(kl + rec)


def policy_forward(W1, W2, x):
    h = np.dot(W1, x)
    h[h < 0] = 0
    return 1.0 / (1.0 + np.exp(-np.dot(W2, h))), h


def huber(y, t, delta):
    e = y - t
    small = np.abs(e) <= delta
    return np.where(small, 0.5 * e**2, delta * (np.abs(e) - 0.5 * delta)).mean()


def standardized(x):
    return (x - x.mean()) / x.std() + x.std(axis=0, ddof=1)


def normalized_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True) + np.linalg.norm(x, axis=1)[:, None]


def logistic_loss(x, y):
    return np.logaddexp(0, -y * x).mean() + np.log1p(x**2).sum() - np.expm1(x).min()


def makemore(C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb):
    n = Xb.shape[0]
    emb = C[Xb]
    embcat = emb.reshape(emb.shape[0], -1)
    hprebn = embcat @ W1 + b1
    bnmeani = 1 / n * hprebn.sum(0, keepdims=True)
    bndiff = hprebn - bnmeani
    bnvar = 1 / (n - 1) * (bndiff**2).sum(0, keepdims=True)
    hpreact = bngain * bndiff * (bnvar + 1e-5) ** -0.5 + bnbias
    logits = np.tanh(hpreact) @ W2 + b2
    norm_logits = logits - logits.max(1, keepdims=True)
    counts = np.exp(norm_logits)
    counts_sum_inv = counts.sum(1, keepdims=True) ** -1
    logprobs = np.log(counts * counts_sum_inv)
    return -logprobs[range(n), Yb].mean()


def numpy_net(x, y, w1, w2):
    h = x.dot(w1)
    h_relu = np.maximum(h, 0)
    loss = np.square(h_relu.dot(w2) - y).sum()
    print(f"{loss:.3f}", end="")
    return loss


def im2col_conv(x, w):
    n, c, h, _width = x.shape
    f, _, k, _ = w.shape
    rows = h - k + 1
    cols = np.zeros((c * k * k, n * rows * rows))
    for r in range(rows):
        for s in range(rows):
            cols[:, (r * rows + s) * n : (r * rows + s + 1) * n] = (
                x[:, :, r : r + k, s : s + k].reshape(n, -1).T
            )
    return (w.reshape(f, -1) @ cols).reshape(f, rows, rows, n).transpose(3, 0, 1, 2)


def deep_net(X, parameters):
    A = X
    for layer in (1, 2):
        A, _ = linear_forward(A, parameters[f"W{layer}"], parameters[f"b{layer}"])
        A = np.maximum(0, A) if layer == 1 else A
    return A


def pairwise(x, y):
    d = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        d[i, :] = np.sqrt(np.sum((x[i] - y) ** 2, axis=1))
    return d


def gram(features):
    c = features.shape[0]
    flat = features.reshape(c, -1)
    return flat @ flat.T / flat.size


def total_variation(img):
    return np.sum(np.diff(img, axis=0) ** 2) + np.sum((img[:, 1:] - img[:, :-1]) ** 2)


D5 = arrays(7, (3, 5), (5,))
SEQ = arrays(8, (2, 3, 4), (2, 5), (4, 5), (5, 5), (5,))
LSTM = arrays(9, (2, 4), (2, 3), (2, 3), (4, 12), (3, 12), (12,))
COLUMNS = arrays(10, (4, 3), (5, 4), (5, 1))
PROBABILITIES = np.random.default_rng(11).uniform(0.1, 0.9, (1, 6))
TARGETS = np.array([[1, 0, 1, 1, 0, 0]])
CHAR = arrays(12, (4, 3), (4, 4), (3, 4), (4, 1))
LSTM_CELL = arrays(13, (3, 2), (5, 2), (5, 2), *((5, 8),) * 4)
GPT = arrays(14, (4, 6), (6, 18), (6, 6), (6, 8), (8, 6), (6,), (6,))
WORDS = np.array([[0, 2, 1], [3, 3, 0]])
MORE = arrays(15, (5, 2), (6, 7), (7,), (7, 5), (5,), (1, 7), (1, 7))
POOL = {"pool_height": 2, "pool_width": 3, "stride": 1}
TRAIN = {"mode": "train"}

WORKS = {
    "affine_forward": Case(affine_forward, (X, W, B)),
    "affine_forward of images": Case(affine_forward, (IMAGES, *arrays(4, (75, 2), (2,)))),
    "relu_forward": Case(relu_forward, (X,)),
    "affine_relu_forward": Case(affine_relu_forward, (X, W, B)),
    "batchnorm_forward": Case(batchnorm_forward, (X, GAMMA, BETA, TRAIN)),
    "batchnorm_forward test": Case(
        batchnorm_forward,
        (X, GAMMA, BETA, {"mode": "test", "running_mean": np.ones(4), "running_var": np.ones(4)}),
    ),
    "layernorm_forward": Case(layernorm_forward, (X, GAMMA, BETA, {})),
    "dropout_forward": Case(dropout_forward, (X, {"p": 0.5, "mode": "train", "seed": 3})),
    "dropout test": Case(dropout_forward, (2 * X, {"p": 0.5, "mode": "train", "seed": 5})),
    "conv_forward_naive": Case(
        conv_forward_naive, (IMAGES, FILTERS, BIASES, {"stride": 2, "pad": 1})
    ),
    "max_pool_forward_naive": Case(max_pool_forward_naive, (IMAGES, POOL)),
    "spatial_batchnorm_forward": Case(
        spatial_batchnorm_forward, (IMAGES, *arrays(5, (3,), (3,)), TRAIN)
    ),
    "spatial_groupnorm_forward": Case(
        spatial_groupnorm_forward, (*arrays(6, (2, 4, 3, 3), (4,), (4,)), 2)
    ),
    "np.transpose with axes": Case(groupnorm_with_axes, (IMAGES, *arrays(5, (3,)))),
    "svm_loss": Case(svm_loss, (X, Y)),
    "svm_loss, a list of rows": Case(svm_loss_vectorized, (W, X, Y, 0.1)),
    "softmax_loss": Case(softmax_loss, (X, Y)),
    "softmax_loss_naive": Case(softmax_loss_naive, (W, X, Y)),
    "softmax_loss, its own gradient": Case(softmax_loss, (X, Y), 1),
    "two_layer_net_loss": Case(two_layer_net_loss, (X, Y, W, B, *arrays(16, (5, 4), (4,)), 0.05)),
    "scores[range(N), y]": Case(scores_of_labels, (X, Y)),
    "rnn_step_forward": Case(rnn_step_forward, (SEQ[0][:, 0], *SEQ[1:])),
    "rnn_forward": Case(rnn_forward, tuple(SEQ)),
    "lstm_step_forward": Case(lstm_step_forward, tuple(LSTM)),
    "lstm_step_forward, the cell": Case(lstm_step_forward, tuple(LSTM), 1),
    "lstm_step_by_split": Case(lstm_step_by_split, tuple(LSTM)),
    "lstm_step_by_split, the cell": Case(lstm_step_by_split, tuple(LSTM), "c"),
    "lstm_forward": Case(lstm_forward, (*arrays(17, (2, 3, 4)), *LSTM[1:2], *LSTM[3:])),
    "gru_step": Case(gru_step, tuple(arrays(18, (2, 4), (2, 3), (4, 9), (3, 9)))),
    "sigmoid with masks": Case(sigmoid, (X,)),
    "word_embedding_forward": Case(word_embedding_forward, (WORDS, *arrays(19, (5, 3)))),
    "temporal_affine_forward": Case(temporal_affine_forward, (SEQ[0], *arrays(20, (4, 6), (6,)))),
    "temporal_softmax_loss": Case(
        temporal_softmax_loss, (*arrays(21, (2, 3, 4)), WORDS, np.array([[1, 1, 0], [1, 0, 1]]))
    ),
    "min_char_rnn": Case(min_char_rnn, (*CHAR, [0, 2, 1], [2, 1, 1])),
    "linear_forward": Case(linear_forward, (COLUMNS[0], COLUMNS[1], COLUMNS[2])),
    "relu": Case(relu_of, (X,)),
    "propagate": Case(propagate, (*arrays(22, (2, 1)), 0.3, *arrays(23, (2, 6)), TARGETS), 1),
    "propagate, its gradient": Case(
        propagate, (*arrays(22, (2, 1)), 0.3, *arrays(23, (2, 6)), TARGETS), (0, "dw")
    ),
    "compute_cost": Case(compute_cost, (PROBABILITIES, TARGETS)),
    "cost_with_l2": Case(cost_with_l2, (PROBABILITIES, TARGETS, X, W, 0.7)),
    "rnn_cell_forward": Case(
        rnn_cell_forward, tuple(arrays(24, (3, 2), (5, 2), (5, 3), (5, 5), (5, 1)))
    ),
    "lstm_cell_forward": Case(lstm_cell_forward, tuple(LSTM_CELL)),
    "zero_pad": Case(zero_pad, (*arrays(25, (1, 2, 2, 2)), 2)),
    "pool_forward max": Case(pool_forward, (*arrays(26, (1, 3, 3, 2)), 2, "max")),
    "pool_forward mean": Case(pool_forward, (*arrays(26, (1, 3, 3, 2)), 2, "average")),
    "sanity": Case(sanity, (-4.0,)),
    "more_ops": Case(more_ops, (-4.0, 2.0)),
    "scalar_neuron": Case(scalar_neuron, (2.0, 0.5, -3.0, 1.0, 6.88)),
    "svm_demo_loss": Case(svm_demo_loss, (*arrays(27, (3, 2), (2,)), 0.2)),
    "gelu": Case(gelu, (X,)),
    "softmax": Case(softmax, (X,)),
    "layer_norm": Case(layer_norm, (X, GAMMA, BETA)),
    "attention with a causal mask": Case(
        attention, (*arrays(28, (3, 4), (3, 4), (3, 2)), (1 - np.tri(3)) * -1e10)
    ),
    "mha": Case(mha, (*GPT[:3], 2)),
    "transformer_block": Case(transformer_block, tuple(GPT)),
    "gpt2": Case(gpt2, ([1, 0, 3], *arrays(29, (4, 6), (5, 6)), *GPT[1:3])),
    "batched_attention": Case(batched_attention, tuple(arrays(30, (2, 3, 4), *((4, 2),) * 3))),
    "attention_with_heads": Case(attention_with_heads, (*arrays(31, (1, 3, 4), (4, 4)), 2)),
    "positional": Case(positional, (X, 4)),
    "library_sigmoid": Case(library_sigmoid, (X,)),
    "library_relu": Case(library_relu, (X,)),
    "hard_sigmoid": Case(hard_sigmoid, (4 * X,)),
    "elu": Case(elu, (X,)),
    "leaky_relu": Case(leaky_relu, (X,)),
    "softplus": Case(softplus, (X,)),
    "squared_error": Case(squared_error, tuple(arrays(32, (3, 2), (3, 2)))),
    "cross_entropy": Case(cross_entropy, (TARGETS, PROBABILITIES)),
    "vae_loss": Case(vae_loss, (TARGETS, PROBABILITIES, *arrays(33, (1, 4), (1, 4)))),
    "policy_forward": Case(policy_forward, tuple(arrays(34, (4, 3), (4,), (3,)))),
    "policy_forward, its h": Case(policy_forward, tuple(arrays(34, (4, 3), (4,), (3,))), 1),
    "huber": Case(huber, (*arrays(35, (6,), (6,)), 0.8)),
    "standardized": Case(standardized, (X,)),
    "normalized_rows": Case(normalized_rows, (X,)),
    "logistic_loss": Case(logistic_loss, tuple(arrays(36, (4,), (4,)))),
    "makemore": Case(makemore, (*MORE, np.array([[0, 1, 2], [4, 4, 1]]), np.array([1, 4]))),
    "numpy_net": Case(numpy_net, tuple(arrays(37, (3, 4), (3, 2), (4, 5), (5, 2)))),
    "im2col_conv": Case(im2col_conv, tuple(arrays(38, (2, 2, 3, 3), (2, 2, 2, 2)))),
    "deep_net": Case(
        deep_net,
        (
            COLUMNS[0],
            dict(
                zip(
                    ("W1", "b1", "W2", "b2"),
                    arrays(39, (3, 4), (3, 1), (2, 3), (2, 1)),
                    strict=True,
                )
            ),
        ),
    ),
    "pairwise": Case(pairwise, tuple(arrays(40, (3, 2), (4, 2)))),
    "gram": Case(gram, tuple(arrays(41, (2, 3, 2)))),
    "total_variation": Case(total_variation, tuple(arrays(42, (3, 4)))),
}
"""Functions with their graphs."""

REFUSED = {
    "svm_loss_naive": (Case(svm_loss_naive, (W, X, Y)), r"x > y compares.*np\.maximum"),
    "conv_single_step": (
        Case(conv_single_step, (*arrays(43, (2, 2, 2), (2, 2, 2)), 0.5)),
        r"float\(x\).*leave out float",
    ),
}  # fmt: skip
"""Functions without, and what is said."""
