"""Calls of NumPy, PyTorch, JAX, TensorFlow and SciPy: what is advised has their values and gradients."""

import re

import numpy as np
import pytest
from advised_texts import check, rows

import graphstep as gs
from graphstep.base.words import languages

CALLS = r"""
f = conv2d(I, K, padding='same') | conv(I,K,pad=1)
f = F.conv2d(I4, K4, padding='same') | conv(I4,K4,pad=1)
f = conv2d(I, K, padding=1) | conv(I,K,pad=1)
f = conv2d(I, K, padding='valid') | conv(I,K)
f = glu(S) | S[:,:2]*sig(S[:,2:])
f = F.glu(S, dim=1) | S[:,:2]*sig(S[:,2:])
f = np.interp(x, v, u) | np.interp(x,v,u)
f = np.insert(v, 1, x) | np.insert(v,1,x)
f = block_diag(A, B) | np.block([[A,np.zeros((2,2))],[np.zeros((2,2)),B]])
f = fmod(-z, y) | np.fmod(-z,y)
f = np.fmod(z, y) | np.fmod(z,y)
f = weighted_mean(v, u) | (v*u).sum()/u.sum()
f = tf.reduce_sum(X, axis=1) | X.sum(1)
f = tf.reduce_mean(X) | X.mean()
f = tf.reduce_max(X, axis=0) | X.max(0)
f = tf.reduce_logsumexp(X) | lse(X)
f = tf.reduce_prod(v) | v.prod()
f = F.layer_norm(X, (3,)) | ln(X)
f = F.layer_norm(X, (3,), v, u) | ln(X,v,u)
f = F.layer_norm(X, X.shape[1:]) | ln(X)
f = F.layer_norm(X, [3], weight=v, bias=u) | ln(X,v,u)
f = X[[0, 1], [1, 0]] | X[[0,1],[1,0]]
f = Y[[0, 2], [1, 0]] | Y[[0,2],[1,0]]
f = F.cross_entropy(U, i, ignore_index=-100) | -np.log(soft(U)[[0,1],i]).mean()
f = X[:, n] | X[:,2]
f = I3[:, i, :] | I3[:,i,:]
f = I3[:, :, i] | I3[:,:,i]
f = X[..., i] | X[...,i]
f = X[..., [0, 2]] | X[...,[0,2]]
f = vstack([v, u]) | np.vstack([v,u])
f = np.vstack((v, u)) | np.vstack([v,u])
f = np.vstack((X, U)) | np.vstack([X,U])
f = np.vstack((X, v)) | np.vstack([X,v])
f = np.hstack((v, u)) | np.hstack([v,u])
f = np.hstack((X, U)) | np.hstack([X,U])
f = math.log(x, y) | np.log(x)/np.log(y)
f = torch.nn.functional.relu(x) | max(x,0)
f = torch.nn.functional.softmax(v, dim=0) | soft(v)
f = X.dot(v) | X@v
f = np.dot(v, u) | v@u
f = np.matmul(X, Y) | X@Y
f = inner(X, U) | np.inner(X,U)
f = np.inner(v, u) | v@u
f = np.tensordot(X, Y, axes=([1], [0])) | X@Y
f = F.batch_norm(X, v, u**2, v, u, training=False) | (X-v)/np.sqrt(u**2+1e-5)*v+u
f = X @ Y.sum(axis=1) | X@Y.sum(1)
f = (X @ Y).sum() | (X@Y).sum()
f = np.sum(X, axis=1, keepdims=True) | X.sum(1,keepdims=True)
f = np.sum(X**2) | (X**2).sum()
f = np.mean((v - u)**2) | ((v-u)**2).mean()
f = ((v - u)**2).mean() | ((v-u)**2).mean()
f = np.square(v - u).sum() | ((v-u)**2).sum()
f = torch.sum((v - u)**2) | ((v-u)**2).sum()
f = torch.mean(torch.abs(v - u)) | abs(v-u).mean()
f = (v - u).abs().mean() | abs(v-u).mean()
f = (v - u).pow(2).sum() | ((v-u)**2).sum()
f = (v - u).square().mean().sqrt() | np.sqrt(((v-u)**2).mean())
f = np.max(X) | X.max()
f = X.max(dim=1).values | X.max(1)
f = X.max(dim=1)[0] | X.max(1)
f = torch.max(X, dim=1)[0] | X.max(1)
f = X.min(axis=0) | X.min(0)
f = np.amax(X, axis=1) | X.max(1)
f = torch.amax(X, dim=1) | X.max(1)
f = torch.logsumexp(X, dim=1) | lse(X,1)
f = scipy.special.logsumexp(v) | lse(v)
f = scipy.special.expit(x) | sig(x)
f = special.expit(x) | sig(x)
f = jax.nn.softmax(v) | soft(v)
f = jax.nn.relu(x) | max(x,0)
f = jax.nn.gelu(x) | x/2*(1 + np.tanh(np.sqrt(2/np.pi)*(x + 0.044715*x**3)))
f = jax.nn.sigmoid(x) | sig(x)
f = jnp.tanh(x) | np.tanh(x)
f = jnp.where(x > 0, x, 0.) | max(x,0)
f = jax.nn.log_softmax(v)[0] | np.log(soft(v))[0]
f = jax.nn.one_hot(i, 3) | np.eye(3)[i]
f = jax.nn.logsumexp(v) | lse(v)
f = jax.lax.rsqrt(x) | x**-0.5
f = tf.nn.relu(x) | max(x,0)
f = tf.nn.softmax(v) | soft(v)
f = tf.nn.sigmoid(x) | sig(x)
f = tf.matmul(X, Y) | X@Y
f = tf.reduce_sum(X) | X.sum()
f = tf.reduce_sum(X, 1) | X.sum(1)
f = tf.reduce_mean(tf.square(v - u)) | ((v-u)**2).mean()
f = tf.reduce_min(X, axis=1, keepdims=True) | X.min(1,keepdims=True)
f = tf.transpose(X) | X.T
f = tf.concat([X, U], axis=0) | np.concatenate([X,U])
f = tf.concat([X, U], 1) | np.concatenate([X,U],1)
f = tf.stack([v, u]) | np.stack([v,u])
f = tf.math.log(x) | np.log(x)
f = tf.exp(-x) | np.exp(-x)
f = tf.maximum(x, 0.) | max(x,0)
f = tf.clip_by_value(x, 0, 1) | np.clip(x,0,1)
f = tf.squared_difference(v, u) | (v-u)**2
f = tf.math.squared_difference(v, u) | (v-u)**2
f = tf.expand_dims(v, 0) | v[None]
f = tf.reshape(X, [3, 2]) | X.reshape(3,2)
f = tf.reshape(X, [-1]) | X.ravel()
f = tf.gather(Y, i) | Y[i]
f = tf.nn.bias_add(X, v) | X+v
f = tf.tensordot(X, Y, axes=1) | X@Y
f = np.tensordot(X, Y, axes=1) | X@Y
f = np.tensordot(X, Y, 1) | X@Y
f = np.tensordot(v, u, axes=0) | np.outer(v,u)
f = np.tensordot(X, U, axes=2) | (X*U).sum()
f = np.tensordot(X, U, axes=([1], [1])) | X@U.T
f = tf.nn.l2_loss(v) | (v**2).sum()/2
f = tf.multiply(x, y) | x*y
f = tf.pow(x, 2) | x**2
f = tf.cast(x > 0, tf.float32) | 1.0
f = K.mean(v) | v.mean()
f = keras.activations.relu(x) | max(x,0)
f = tf.keras.activations.swish(x) | x*sig(x)
f = tf.keras.losses.mse(v, u) | ((v-u)**2).mean()
f = torch.matmul(X, Y) | X@Y
f = torch.mm(X, Y) | X@Y
f = X.mm(Y) | X@Y
f = X.matmul(Y) | X@Y
f = torch.bmm(A[None], B[None]) | (A@B)[None]
f = torch.addmm(b, A, B) | b + A@B
f = torch.einsum("ij,kj->ik", X, U) | X@U.T
f = np.einsum("ij,ij->i", X, U) | (X*U).sum(1)
f = np.einsum("i,i", v, u) | v@u
f = torch.dot(v, u) | v@u
f = torch.outer(v, u) | np.outer(v,u)
f = np.outer(v, u) | np.outer(v,u)
f = torch.norm(v) | np.linalg.norm(v)
f = v.norm() | np.linalg.norm(v)
f = v.norm(p=2) | np.linalg.norm(v)
f = torch.norm(v, p=1) | abs(v).sum()
f = torch.linalg.norm(X) | np.linalg.norm(X)
f = torch.linalg.vector_norm(v) | np.linalg.norm(v)
f = np.linalg.norm(X, axis=1, keepdims=True) | np.linalg.norm(X,axis=1,keepdims=True)
f = v / np.linalg.norm(v) | v/np.linalg.norm(v)
f = F.normalize(X, dim=1) | X/np.linalg.norm(X,axis=1,keepdims=True)
f = F.cosine_similarity(v, u, dim=0) | v@u/np.linalg.norm(v)/np.linalg.norm(u)
f = F.linear(X, W.T[:, :3], b) | X@W.T[:, :3].T + b
f = F.linear(X, U) | X@U.T
f = F.dropout(X, p=0.0) | X
f = F.elu(-x) | np.expm1(-x)
f = F.leaky_relu(-x, 0.2) | -0.2*x
f = F.leaky_relu(-x) | -0.01*x
f = F.softplus(x) | np.log1p(np.exp(x))
f = F.softplus(x, beta=2) | np.log1p(np.exp(2*x))/2
f = F.logsigmoid(x) | np.log(sig(x))
f = F.log_softmax(X, dim=-1) | np.log(soft(X))
f = F.nll_loss(F.log_softmax(X, dim=1), i) | -np.log(soft(X))[[0,1],i].mean()
f = F.cross_entropy(X, i) | -np.log(soft(X))[[0,1],i].mean()
f = nn.CrossEntropyLoss()(X, i) | -np.log(soft(X))[[0,1],i].mean()
f = nn.MSELoss()(v, u) | ((v-u)**2).mean()
f = nn.MSELoss(reduction='sum')(v, u) | ((v-u)**2).sum()
f = nn.Softmax(dim=1)(X) | soft(X)
f = nn.LeakyReLU(0.2)(-x) | -0.2*x
f = nn.Sigmoid()(x) | sig(x)
f = F.binary_cross_entropy(torch.sigmoid(x), t) | -(t*np.log(sig(x))+(1-t)*np.log(1-sig(x)))
f = F.binary_cross_entropy_with_logits(x, t) | -(t*np.log(sig(x))+(1-t)*np.log(1-sig(x)))
f = F.max_pool2d(I, 2) | I[:4,:4].reshape(2,2,2,2).max((1,3))
f = F.max_pool2d(I4, kernel_size=2, stride=2) | pooled(I4[:, :, :4], np.max)
f = F.avg_pool2d(I4, 2) | pooled(I4[:, :, :4], np.mean)
f = F.adaptive_avg_pool2d(I4, 1) | I4.mean((2,3),keepdims=True)
f = F.conv2d(I4, K4) | conv(I4,K4)
f = F.conv2d(I4, K4, bb) | conv(I4,K4,b=bb)
f = F.conv2d(I4, K4, bias=bb, stride=2, padding=1) | conv(I4,K4,2,1,b=bb)
f = F.conv2d(I4, K4, stride=1, padding=1, dilation=2) | conv(I4,K4,1,1,2)
f = F.conv2d(I4, K4, None, 1, 1) | conv(I4,K4,1,1)
f = tf.nn.conv2d(I, K, strides=1, padding='SAME') | conv(I,K,1,1)
f = scipy.signal.convolve2d(I, K, mode='valid') | conv(I,K[::-1,::-1])
f = np.convolve(v, u, mode='valid') | np.convolve(v,u,'valid')
f = F.conv1d(I3, K3) | np.stack([np.einsum("nck,fck->nf", I3[:, :, s:s+3], K3) for s in range(5)], -1)
f = F.batch_norm(X, None, None, training=True) | (X-X.mean(0))/np.sqrt(X.var(0)+1e-5)
f = F.group_norm(I4, 2) | groups_normal(I4)
f = F.instance_norm(I4) | groups_normal(I4)
f = F.scaled_dot_product_attention(Q, KK, V) | soft(Q@KK.T/np.sqrt(3))@V
f = softmax(Q @ KK.T / np.sqrt(Q.shape[-1])) @ V | soft(Q@KK.T/np.sqrt(3))@V
f = F.embedding(i, Y) | Y[i]
f = F.pad(X, (1, 1)) | np.pad(X,((0,0),(1,1)))
f = F.pad(X, (1, 1, 2, 0)) | np.pad(X,((2,0),(1,1)))
f = np.pad(X, 1) | np.pad(X,1)
f = np.pad(X, ((0,0),(1,1)), mode='constant') | np.pad(X,((0,0),(1,1)))
f = np.concatenate([X, U], axis=-1) | np.concatenate([X,U],-1)
f = np.c_[v, u] | np.c_[v,u]
f = np.r_[v, u] | np.r_[v,u]
f = np.column_stack((v, u)) | np.column_stack((v,u))
f = torch.flatten(X) | X.ravel()
f = torch.flatten(I4, start_dim=1) | I4.reshape(2,-1)
f = I4.flatten(1) | I4.reshape(2,-1)
f = I4.view(2, -1) | I4.reshape(2,-1)
f = I4.reshape(I4.shape[0], -1) | I4.reshape(2,-1)
f = I4.view(I4.size(0), -1) | I4.reshape(2,-1)
f = X.view(-1) | X.ravel()
f = np.transpose(X) | X.T
f = X.transpose(0, 1) | X.T
f = X.permute(1, 0) | X.T
f = X.mean() | X.mean()
f = X.std() | X.std()
f = X.var(0, unbiased=False) | X.var(0)
f = np.var(X, axis=0) | X.var(0)
f = (X - X.mean(0)) / X.std(0) | (X-X.mean(0))/X.std(0)
f = (X - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=1, keepdims=True) + 1e-5) | ln(X)
f = np.exp(v) / np.exp(v).sum() | soft(v)
f = np.exp(v - v.max()) / np.sum(np.exp(v - v.max())) | soft(v)
f = np.exp(X) / np.sum(np.exp(X), axis=1, keepdims=True) | soft(X)
f = -np.log(P[np.arange(2), i]).mean() | -np.log(P[[0,1],i]).mean()
f = -P[range(2), i].log().mean() | -np.log(P[[0,1],i]).mean()
f = P[[0, 1], [2, 0]] | P[[0,1],[2,0]]
f = X[0] | X[0]
f = X[-1] | X[-1]
f = X[0:1] | X[:1]
f = X[:, -1] | X[:,-1]
f = X[:, 1:] | X[:,1:]
f = X[..., 0] | X[...,0]
f = X[1, 2] | X[1,2]
f = v[1:] - v[:-1] | np.diff(v)
f = np.diff(v) | np.diff(v)
f = np.cumsum(v) | np.cumsum(v)
f = np.cumprod(v) | np.cumprod(v)
f = torch.cumsum(X, dim=1) | X.cumsum(1)
f = np.trace(A) | np.trace(A)
f = np.linalg.det(A) | np.linalg.det(A)
f = np.linalg.inv(A) @ d | np.linalg.inv(A)@d
f = np.linalg.solve(A, d) | np.linalg.solve(A,d)
f = np.diag(A) | np.diag(A)
f = np.triu(A) | np.triu(A)
f = np.tril(A) | np.tril(A)
f = np.kron(v, u) | np.kron(v,u)
f = np.roll(v, 1) | np.roll(v,1)
f = np.repeat(v, 2) | np.repeat(v,2)
f = np.tile(v, 2) | np.tile(v,2)
f = np.sign(x) | 1
f = np.floor(x) | 0
f = np.power(x, 2) | x**2
f = math.pow(x, y) | x**y
f = x.exp() | np.exp(x)
f = x.log() | np.log(x)
f = x.sigmoid() | sig(x)
f = x.tanh() | np.tanh(x)
f = x.relu() | max(x,0)
f = x.sqrt() | np.sqrt(x)
f = torch.log1p(x) | np.log1p(x)
f = torch.where(x > 0, x, y) | x
f = torch.pow(x, 2) | x**2
f = torch.exp(x).log() | x
f = torch.clamp(x, 0) | max(x,0)
f = x.clamp(min=0) | max(x,0)
f = torch.relu_(x) | max(x,0)
f = torch.sigmoid(X @ v + b) | sig(X@v+b)
f = (1 / (1 + np.exp(-x))) | sig(x)
f = 1. / (1. + np.exp(-x)) | sig(x)
f = (x > 0).float() * x | x
f = (x > 0).astype(float) * x | x
f = np.maximum(0, 1 - t*(w*x + b)) | np.maximum(0, 1 - t*(w*x + b))
f = lam * np.sum(W**2) | lam*(W**2).sum()
f = 0.5 * lam * np.sum(W * W) | lam*(W**2).sum()/2
f = np.interp(z, v, u) | np.interp(z,v,u)
f = np.interp(d, v, u) | np.interp(d,v,u)
f = np.triu(X) | np.triu(X)
f = nn.Softmax(dim=0)(X) | soft(X,0)
f = nn.ELU(2.0)(-x) | 2*np.expm1(-x)
"""


@pytest.mark.parametrize(("text", "meaning"), list(rows(CALLS)))
def test_what_is_advised_is_what_the_library_computes(text, meaning):
    check(text, meaning)


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("f = np.percentile(X, 30)", "0.7*sort(x)[2] + 0.3*sort(x)[3]"),
        ("f = np.roll(X, 1)", "reshape(concat(flatten(x)[-1:], flatten(x)[:-1]), 2, 3)"),
        ("f = F.one_hot(i)", "equal(y[..., None], [0, 1, 2])"),
        ("f = torch.split(X, 2, dim=1)", "x[0:2]"),
        ("f = X.max(dim=1)[1]", "max(x)"),
        ("f = meshgrid(v, u)", "0*y[:, None] + x"),
        ("f = np.pad(X, 1, mode='edge')", "concat(x[:1], x, x[-1:])"),
    ],
)
def test_what_no_text_can_do_for_all_inputs_has_an_example(text, example):
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert caught.value.key == "gate_example"
    assert caught.value.values["example"] == example
    gs.parse(f"f = {example}")


@pytest.mark.parametrize(
    "text",
    [
        "f = np.argmax(X)",
        "f = np.percentile(X, 30)",
        "f = np.roll(X, 1)",
        "f = torch.foo(X)",
        "f = np.linalg.norm(X, 2)",
        "f = np.linalg.norm(X, 'nuc')",
        "f = keras.losses.foo(t, p)",
        "f = np.gradient(v)",
        "f = log_cosh(x, y)",
    ],
)
def test_nothing_is_advised_that_would_be_another_function(text):
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert "write" not in caught.value.values


@pytest.mark.parametrize(
    "text", ["f = take(X, i)", "f = max(X, 0)", "f = leaky_relu(x)", "f = std(X)"]
)
def test_a_gate_of_the_language_is_not_taken_for_that_of_a_library(text):
    """Though there is an error beside it, for which advice is looked for."""
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(f"{text} + z^2")
    assert caught.value.values["write"] == "z**2"


def test_names_of_gates_in_another_form_are_named_where_a_value_is_missing():
    with pytest.raises(gs.InputError, match=r"sin is also a gate, .* as in sin\(x\)"):
        gs.parse("f = Sin[x]").forward(x=1.0)


@pytest.mark.parametrize(
    "text",
    ["f = Sum[x, {i, 1, 3}]", "f = Sum[x^2, {i, 1, 3}] + 1", "f = Piecewise[{{x, x > 0}}, y]"],
)
def test_calls_of_mathematica_with_curly_brackets_are_named_as_such(text):
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert caught.value.key == "mathematica"
    assert text[slice(*caught.value.span)].endswith("]")
    for lang in languages():
        first = caught.value.message(lang).splitlines()[0]
        for write in ("sum(v)", "prod(v)", "where(x > 0, x, 0)"):
            assert write in first
            gs.parse(f"f = {write}")


@pytest.mark.parametrize(
    ("text", "write", "value"),
    [
        ("f = Total[v]", "sum(v)", 5.0),
        ("f = Total[v] + Ramp[x]", "sum(v)", None),
        ("f = trace(Inverse[A])", "inv(A)", 0.75),
        ("f = Ramp[x]", "relu(x)", 2.0),
        ("f = Sqrt[x]", "sqrt(x)", 2**0.5),
        ("f = LogisticSigmoid[x]", "sigmoid(x)", 1 / (1 + np.exp(-2))),
        ("f = Exp - x", "exp(x)", None),
    ],
)
def test_what_stands_in_square_brackets_is_in_the_call_that_is_named(text, write, value):
    given = {"v": [2.0, 3.0], "x": 2.0, "A": [[2.0, 0.0], [1.0, 4.0]]}
    graph = gs.parse(text)
    with pytest.raises(gs.InputError) as caught:
        graph.forward({name: given[name] for name in graph.inputs if name in given})
    for lang in languages():
        assert f" {write}." in caught.value.message(lang).splitlines()[0]
    start, end = caught.value.span
    if value is not None:
        name = text[start:end]
        text = re.sub(rf"{name}\[\w+\]", write, text)
        assert gs.parse(text).forward({n: given[n] for n in gs.parse(text).inputs}).value == value
