"""Expressions as people write them: accepted as meant, or refused with a text that works."""

import math

import numpy as np
import pytest
from advised_texts import followed, rows, run, sig, soft

import graphstep as gs
from graphstep.advice import advised
from graphstep.base.errors import Span

INPUTS = {
    "x": 0.3, "y": 0.7, "z": 1.2, "w": -0.4, "b": 0.1, "t": 0.6, "n": 2.0, "a": 0.9, "ε": 0.01,
    "f": 1.5, "y_hat": 0.8, "x1": 0.2, "x_1": 0.4, "x_2": 0.5, "alpha": 0.3, "w0": 1.1, "x0": 0.6,
    "w1": -0.2, "f1": 4.0, "temp": 2.0, "class_": 0.5, "u1": 3.0, "T": 1.0,
    "X": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
    "Y": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]),
    "U": np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]]),
    "W": np.array([[1.0, -2.0], [0.5, 4.0], [5.0, 6.0]]),
    "v": np.array([1.0, 2.0, 3.0]), "u": np.array([-1.0, 0.5, 2.0]), "i": np.array([0, 2]),
}  # fmt: skip


MEANT = """
f(x,y) = x*y                          | x*y
f = F.softmax(X, dim=1)               | soft(X)
f = cross(v, v)                       | np.cross(v, v)
f = sum(X, 0)                         | X.sum(0)
f = sum(sort(X))                      | X.sum()
f = sum(dropout(X, 0.5))              | 2*(1 + 5 + 6)
f = sum(batch_norm(X))                | 0
f = x^2                               | x**2
f = x² + y²                           | x**2 + y**2
f = √(x)                              | np.sqrt(x)
f = x·y                               | x*y
f = x ÷ y                             | x/y
f = −x                                | -x
f = ∑ X                               | X.sum()
f = \\|x\\|                           | abs(x)
f = ‖X‖                               | np.linalg.norm(X)
f = \\|\\|W.T v\\|\\|^2               | np.linalg.norm(W.T @ v)**2
f = exp x                             | np.exp(x)
f = log10(x)                          | np.log10(x)
f = log2(x)                           | np.log2(x)
f = log₂(x)                           | np.log2(x)
f = log_2(x)                          | np.log2(x)
f = log(x, 2)                         | np.log2(x)
f = expm1(x)                          | np.expm1(x)
f = np.exp(x)                         | np.exp(x)
f = math.exp(x)                       | np.exp(x)
f = math.sin(x)                       | np.sin(x)
f = torch.sigmoid(x)                  | sig(x)
f = torch.relu(x)                     | max(x, 0)
f = F.relu(x)                         | max(x, 0)
f = nn.ReLU()(x)                      | max(x, 0)
f = sum(F.softmax(X, dim=1)[0]*v)     | (soft(X)[0]*v).sum()
f = x**0.5                            | x**0.5
f = pi * x                            | np.pi*x
f = π * x                             | np.pi*x
f = 2*pi*x                            | 2*np.pi*x
f = np.pi*x                           | np.pi*x
f = tan(x)                            | np.tan(x)
f = sinh(x)                           | np.sinh(x)
f = cosh(x)                           | np.cosh(x)
f = 1/cosh(x)                         | 1/np.cosh(x)
f = 2**expm1(x)                       | 2**np.expm1(x)
f = silu(x)                           | x*sig(x)
f = relu6(x)                          | min(max(x, 0), 6)
f = prelu(-x, 0.2)                    | -0.2*x
f = leakyrelu(-x)                     | -0.1*x
f = ReLU(x)                           | max(x, 0)
f = LSE(X)                            | np.log(np.exp(X).sum())
f = L2(v)                             | (v**2).sum()
f = ELU(-x)                           | np.expm1(-x)
f = Sigmoid(x)                        | sig(x)
f = σ(w*x+b)                          | sig(w*x + b)
f = logistic(x)                       | sig(x)
f = \\sigma(x)                        | sig(x)
f = abs(x)                            | x
f = clip(x, 0, 1)                     | np.clip(x, 0, 1)
f = np.clip(x, 0.5, 1)                | 0.5
f = where(x > 0, x, 0)                | max(x, 0)
f = np.where(x > y, x, y)             | max(x, y)
f = x // 2                            | x//2
f = max(x, y, z)                      | max(x, y, z)
f = max(x, 0)                         | x
f = maximum(x, y)                     | max(x, y)
f = np.maximum(0, x)                  | x
f = x if x > 0 else 0.1*x             | x
f = x if x > 0 else 0                 | x
f = x if x > y else y                 | max(x, y)
f = x if x < y else y                 | min(x, y)
f = sum(X @ Y)                        | (X @ Y).sum()
f = sum(X^T U)                        | (X.T @ U).sum()
f = sum(Xᵀ U)                         | (X.T @ U).sum()
f = sum(Xᵀ @ U)                       | (X.T @ U).sum()
f = sum(X^⊤ @ U)                      | (X.T @ U).sum()
f = sum(X' @ Y')                      | (X.T @ Y.T).sum()
f = \\sum_{i=1}^{n} (v_i - u_i)^2      | ((v - u)**2).sum()
f = x√(2π) exp(-x²/2)                 | x*np.sqrt(2*np.pi)*np.exp(-x**2/2)
f = x‖v‖² + ½ x²                      | x*(v @ v) + x**2/2
f = 2\\sin x                          | 2*np.sin(x)
f = ∑ v*u                             | (v*u).sum()
f = Σ v*u                             | (v*u).sum()
f = ∑(v)*x                            | v.sum()*x
f = sum_i (v_i - u_i)^2               | ((v - u)**2).sum()
f = sum(X' @ U)                       | (X.T @ U).sum()
f = sum(X.transpose() @ U)            | (X.T @ U).sum()
f = sum(X.t() @ U)                    | (X.T @ U).sum()
f = X.sum()                           | X.sum()
f = X.sum(axis=0).sum()               | X.sum()
f = X.mean(axis=0)[1]                 | X.mean(axis=0)[1]
f = X.max()                           | X.max()
f = (x*y).sum()                       | x*y
f = x.pow(2)                          | x**2
f = x.item()                          | x
f = X.reshape(3, 2)[2][0]             | X.reshape(3, 2)[2, 0]
f = X.reshape((3, 2))[2][0]           | X.reshape(3, 2)[2, 0]
f = sum(X[:,0])                       | X[:, 0].sum()
f = sum(X[0,:])                       | X[0].sum()
f = X[0][1]                           | X[0, 1]
f = X[0, 1]                           | X[0, 1]
f = sum(X[:, 1:3])                    | X[:, 1:3].sum()
f = sum(X[[0,1]])                     | X.sum()
f = sum(X[0,:]*v)                     | (X[0]*v).sum()
f = sum(X[..., None])                 | X.sum()
f = sum(X[:, None]*v)                 | (X[:, None]*v).sum()
f = sum(v[:, np.newaxis] * v)         | np.outer(v, v).sum()
f = sum(X[::2])                       | X[0].sum()
f = sum(v[::-1]*u)                    | (v[::-1]*u).sum()
f = sum(X[1, ::2]*[1, 2])             | X[1, 0] + 2*X[1, 2]
f = sum(embedding(Y, i)*U[:, :2])     | (Y[[0, 2]]*U[:, :2]).sum()
f = sum(Y[i, :]*U[:, :2])             | (Y[[0, 2]]*U[:, :2]).sum()
f = sum(Y[[0, 2]]*U[:, :2])           | (Y[[0, 2]]*U[:, :2]).sum()
f = sum(v[[2, 0, 2]])                 | 7
f = sum(Y[i]*U[:, :2])                | (Y[[0, 2]]*U[:, :2]).sum()
f = -mean(log(softmax(X)[arange(2), i])) | -np.log(soft(X)[[0, 1], [0, 2]]).mean()
f = -np.mean(np.log(softmax(X)[np.arange(len(X)), i])) | -np.log(soft(X)[[0, 1], [0, 2]]).mean()
f = sum(X[range(n), i])               | X[0, 0] + X[1, 2]
f = X[torch.arange(X.shape[0]), [2, 1]][0] | 3
f = -log(v[i]/6)[1]                   | -np.log(0.5)
f = sum(einsum('ij,jk->ik', X, Y))    | (X @ Y).sum()
f = np.einsum('ij,ij->', X, X)*x      | (X**2).sum()*x
f = torch.einsum('ij,j->i', X, v)[1]  | (X @ v)[1]
f = x*einsum('ij->j', X)[0]           | x*X.sum(0)[0]
f = std(X)                            | X.std()
f = X.var(axis=0)[1]                  | X.var(0)[1]
f = np.std(X, axis=1, keepdims=True)[0][0] | X[0].std()
f = prod(v)                           | 6
f = v.prod()                          | 6
f = cumsum(v)[1]                      | 3
f = sum(X, axis=(0, 1))*x             | X.sum()*x
f = mean(X, dim=(0, 1))               | X.mean()
f = sum(X, axis=[0, 1])               | X.sum()
f = var(X)                            | X.var()
f = norm(X, 2)                        | np.linalg.norm(X)
f = np.linalg.norm(v)                 | np.linalg.norm(v)
f = norm(X)**2                        | (X**2).sum()
f = dot(v, v)                         | v @ v
f = v.dot(v)                          | v @ v
f = inner(v, v)                       | v @ v
f = softmax(X, axis=1)[0][1]          | soft(X)[0, 1]
f = softmax(X, dim=0)[0][1]           | soft(X, 0)[0, 1]
f = softmax(X, dim=-1)[0][1]          | soft(X)[0, 1]
f = sum(X, 0)[1]                      | X.sum(0)[1]
f = sum(X, axis=(0,1))                | X.sum()
f = sum(X, dim=0, keepdim=True)[0][1] | X.sum(0)[1]
f = leaky_relu(-x, negative_slope=0.2)| -0.2*x
f = elu(-x, alpha=2.0)                | 2*np.expm1(-x)
f = sum(maxpool2d(X, kernel_size=2))  | 5
f = nll_loss(log_softmax(X), i)       | -np.log(soft(X)[[0, 1], i]).mean()
f = binary_cross_entropy(sigmoid(x), t) | -(t*np.log(sig(x)) + (1 - t)*np.log(1 - sig(x)))
f = mse_loss(x, y)                    | (x - y)**2
f = torch.nn.functional.mse_loss(x, y)| (x - y)**2
f = smooth_l1(x, y)                   | 0.5*(x - y)**2
f = sum(dropout(X, 0))                | X.sum()
f = sum(concat(X, X))                 | 2*X.sum()
f = np.concatenate([X, X])[3][1]      | 5
f = np.concatenate((X, X), axis=1)[1][4] | 5
f = torch.cat([X, X], dim=0)[3][1]    | 5
f = sum(vstack(X, X))                 | 2*X.sum()
f = sum(X.flatten()*[1, 2, 3, 4, 5, 6]) | (X.ravel()*np.arange(1, 7)).sum()
f = sum(ravel(X))                     | X.sum()
f = sum(transpose(X) @ U)             | (X.T @ U).sum()
f = sum(permute(X,1,0) @ U)           | (X.T @ U).sum()
f = sum(tile(X, 2)[1])                | 30
f = sum(one_hot(i, 3)[1]*v)           | 3
f = F.one_hot(i, num_classes=3)[0, 0] | 1
f = trace(X @ Y)                      | np.trace(X @ Y)
f = tr(X @ Y)                         | np.trace(X @ Y)
f = det(X @ Y)                        | np.linalg.det(X @ Y)
f = sum(np.linalg.inv(X @ Y))         | np.linalg.inv(X @ Y).sum()
f = cross(v, u)[0]                    | 2*2 - 3*0.5
f = sum(layernorm(X, v, v))           | sum(v.sum() + ((r - r.mean())/np.sqrt(r.var() + 1e-5)) @ v for r in X)
f = sum(batch_norm(X)**2)             | 6*2.25/(2.25 + 1e-5)
f = F.softmax(X, dim=1)[0, 0]         | soft(X)[0, 0]
f = selu(x)                           | 1.0507009873554805*x
f = leakyrelu(x)                      | x
f = sign(x)                           | 1
f = round(x)                          | 0
f = sum(X^T @ U)                      | (X.T @ U).sum()
f = sum(X^T U)                        | (X.T @ U).sum()
f = sum(X[:, None])                   | X.sum()
f = prod(X)                           | X.prod()
f = sum(X, 0)[1]                      | 7
f = sum(stack(X, X))                  | 2*X.sum()
f = sum(expand_dims(X, 0))            | X.sum()
f = sum(pad(X,1))                     | X.sum()
f = sum(W @ X[0][:2])                 | (W @ X[0, :2]).sum()
x = 3; y = 4; f = x*y                 | x*y
f = sum(X.transpose(1, 0) @ U)        | (X.T @ U).sum()
f = sum(np.transpose(X, (1, 0)) @ U)  | (X.T @ U).sum()
f = sum(X.permute(1, 0) @ U)          | (X.T @ U).sum()
f = sum(np.swapaxes(X, 0, 1) @ U)     | (X.T @ U).sum()
f = sum(np.stack([X, U])[1])          | U.sum()
f = torch.stack((v, u), dim=1)[2, 0]  | 3
f = sum(np.pad(X, ((0, 0), (1, 0)))[:, 1]) | 5
f = sum(X.unsqueeze(1)[:, 0, 1])      | 7
f = sum(np.expand_dims(X, 0)*U)       | (X*U).sum()
f = X[:1].squeeze()[2]                | 3
f = sum(np.broadcast_to(v, (4, 3)))   | 24
f = sum(np.split(X, 3, axis=1)[1])    | 7
f = sum(torch.chunk(X, 3, dim=1)[1])  | 7
f = sum(X * ones(3))                  | X.sum()
f = sum_i x_i * w_i                   | x*w
f = ∑_{i=1}^{n} v_i                   | v.sum()
f = Σ v                               | v.sum()
f = Σ(v)                              | v.sum()
f = -\\sum_i v_i \\log v_i            | -(v*np.log(v)).sum()
f = x / (y + ε)                       | x/(y + 0.01)
f = w₀·x₀ + w₁·x₁                     | w0*x0 + w1*x1
f = (x + y)(x - y)                    | x**2 - y**2
f = x(y + z)                          | x*(y + z)
f = u1(x)                             | u1*x
loss = (y_hat - y)**2                 | (0.8 - y)**2
L = 1/2 * (y - t)**2                  | (y - t)**2/2
L = -(t*log(y) + (1-t)*log(1-y))      | -(t*np.log(y) + (1 - t)*np.log(1 - y))
L = -t·ln y                           | -t*np.log(y)
f <- x*y                              | x*y
f := x*y                              | x*y
f == x*y                              | x*y
f: x*y                                | x*y
f: float = x*y                        | x*y
def f(x, y): return x*y               | x*y
f = lambda x: x*y                     | x*y
f = x*y; return f                     | x*y
return x*y                            | x*y
p = 3; q = 4; f = p*q                 | 12
x*y                                   | x*y
print(x*y)                            | x*y
let f = x*y                           | x*y
>>> f = x*y                           | x*y
$x^2$                                 | x**2
`f = x*y`                             | x*y
f = "x*y"                             | x*y
f = sum([x, y, z])                    | x + y + z
f = max([x, y])                       | max(x, y)
f = [x, y] @ [z, w]                   | x*z + y*w
f = sum([x, y] * [1, 2])              | x + 2*y
f = [x + y]*z                         | (x + y)*z
f = sum([1/2, 3] * [1, 2])            | 6.5
f = x*y,                              | x*y
f = x*y.                              | x*y
f = 5! * x                            | 120*x
f = x'                                | x
dy/dx = 2*x                           | 2*x
y' = 2*x                              | 2*x
f = sigmoid'(x)                       | sig(x)*(1 - sig(x))
f = 2*tanh'(x + y)                    | 2*(1 - np.tanh(x + y)**2)
f = exp'(x)                           | np.exp(x)
f = relu'(x)*z                        | z
f = \\|\\|W v.T[:2]\\|\\|^2           | np.linalg.norm(W @ v[:2])**2
f = sum(X^T U)                        | (X.T @ U).sum()
f = sum(embedding(W, i))              | W[i].sum()
f = sum(cross(v, u)*v + cross(v, u))  | np.cross(v, u).sum()
f = sum(tile(X, 2))                   | 2*X.sum()
f = sum(one_hot(i, 3))                | 2
f = sum(W @ X[0][:2])                 | (W @ X[0, :2]).sum()
f = sum(batch_norm(X)*U)              | ((X - X.mean(0))/np.sqrt(X.var(0) + 1e-5)*U).sum()
f = relu(x, 2)                        | x
f = sqrt(x + y, 3)*2                  | 2*np.sqrt(x + y)
f = x → y                             | y
f = x -> x**2                         | x**2
f = x ↦ x² + 1                        | x**2 + 1
f = (x, y) => x*y                     | x*y
f = kl_div(log_softmax(X), softmax(U)) | (soft(U)*(np.log(soft(U)) - np.log(soft(X)))).mean()
f = F.kl_div(log_softmax(X), [[1, 0, 0], [0, 0.5, 0.5]], reduction='batchmean') | -(np.log(soft(X))[0, 0] + np.log(soft(X))[1, 1:].sum()/2 + np.log(2))/2
f = kl_div(X, softmax(U), reduction=\"sum\") | (soft(U)*(np.log(soft(U)) - X)).sum()
f = sum(u*kl_div(v, v/6, reduction='none')) | (u*(v/6)*(np.log(v/6) - v)).sum()
f = F.cross_entropy(U, [2, 0], label_smoothing=0.1) | 0.9*-(np.log(soft(U))[[0, 1], [2, 0]]).mean() - 0.1*np.log(soft(U)).mean()
f = F.cross_entropy(U, [2, 0], reduction='sum') | -np.log(soft(U))[[0, 1], [2, 0]].sum()
f = F.cross_entropy(U, [2, 0], weight=u) | -(u[[2, 0]]*np.log(soft(U))[[0, 1], [2, 0]]).sum()/u[[2, 0]].sum()
f = x*mse_loss(X, U, reduction='sum') | x*((X - U)**2).sum()
f = F.relu(x - 3, inplace=True) + x   | np.maximum(x - 3, 0) + x
f = F.mse_loss(input=X, target=U)     | ((X - U)**2).mean()
f = F.smooth_l1_loss(v, u, beta=0.5)  | np.where(abs(v - u) < 0.5, (v - u)**2, abs(v - u) - 0.25).mean()
f = F.huber_loss(v, u, delta=2)       | np.where(abs(v - u) < 2, (v - u)**2/2, 2*abs(v - u) - 2).mean()
f = torch.std(X)*x                    | X.std(ddof=1)*x
f = x/X.var(dim=(0, 1), keepdim=True)[0, 0] | x/X.var(ddof=1)
f = (X + U).std(dim=1)[0]             | (X + U).std(1, ddof=1)[0]
f = np.var(X, axis=0, ddof=1)[1]      | X.var(0, ddof=1)[1]
f = torch.std(X, 1, unbiased=False)[1] | X.std(1)[1]
f = sum(X.std(axis=0))                | X.std(0).sum()
f = sum(torch.clamp(X, min=0.5, max=1) + x) | (np.clip(X, 0.5, 1) + x).sum()
f = sum(np.clip(v, None, 2)*u)        | (np.minimum(v, 2)*u).sum()
f = 2*sum(X.clip(min=1))              | 2*np.maximum(X, 1).sum()
f = np.clip(x, a_min=0, a_max=1)      | np.clip(x, 0, 1)
f = x ** y ** z                       | x**y**z
f = x ^ y ^ z                         | x**y**z
f = 1e3x                              | 1e3*x
f = 1,5*x                             | 1.5*x
f = exp(0,5*x)                        | np.exp(0.5*x)
f = 1 000 * x                         | 1000*x
f += x                                | 1.5 + x
f = x; f = f*2                        | 2*x
x = x + 1                             | x + 1
f = sin²(x)                           | np.sin(x)**2
f = sin² x                            | np.sin(x)**2
f = sin^2(x)                          | np.sin(x)**2
f = sin^2 x                           | np.sin(x)**2
f = cos²x + sin²x                     | 1
f = sin x                             | np.sin(x)
f = sin 2x                            | np.sin(2*x)
f = sin(2x)                           | np.sin(2*x)
f = ln x                              | np.log(x)
f = lg x                              | np.log10(x)
f = tg(x)                             | np.tan(x)
f = ctg x                             | 1/np.tan(x)
f = sh(x) + ch(x) + th(x)             | np.exp(x) + np.tanh(x)
f = 2**x                              | 2**x
f = 2ˣ                                | 2**x
f = eˣ                                | np.exp(x)
f = e^x                               | np.exp(x)
f = e^(-x)                            | np.exp(-x)
f = e^{-x}                            | np.exp(-x)
f = 2*e^{x+1}                         | 2*np.exp(x + 1)
f = e**x                              | np.exp(x)
f = 1/(1 + e^(-x))                    | sig(x)
f = xⁿ                                | x**n
f = x⁻¹                               | 1/x
f = x^-1                              | 1/x
f = x^(1/2)                           | np.sqrt(x)
f = -x^2                              | -x**2
f = x***2                             | x**2
f = x.^2                              | x**2
f = cbrt(-x)                          | np.cbrt(-x)
f = ∛x                                | np.cbrt(x)
f = 3√x                               | 3*np.sqrt(x)
f = √(x² + y²)                        | np.hypot(x, y)
f = x**(1/3)                          | np.cbrt(x)
f = hypot(x, y)                       | np.hypot(x, y)
f = np.average(v, weights=u)          | (v*u).sum()/u.sum()
f = np.average(X, axis=0)[1]          | X.mean(0)[1]
f = F.l1_loss(v, u)                   | abs(v - u).mean()
f = np.linalg.norm(v, 1)              | abs(v).sum()
f = np.linalg.norm(u, np.inf)         | 2
f = linalg.norm(v)                    | np.linalg.norm(v)
f = norm(v, ord=2)                    | np.linalg.norm(v)
f = norm(X, axis=1)[0]                | np.linalg.norm(X[0])
f = round(z/7, 2)                     | 0.17
f = np.heaviside(x - 0.3, 0.5)        | 0.5
f = sum(np.eye(2) @ X)                | X.sum()
f = sum(arange(3)*v)                  | 8
f = sum(np.arange(1, 4)*v)            | 14
f = sum(np.linspace(0, 1, 3)*v)       | 4
f = sum(np.full(3, 2)*v)              | 12
f = sum(np.ones((2, 3))*X)            | X.sum()
f = sum(torch.zeros(2, 3) + X)        | X.sum()
f = sum(np.flip(X, axis=1)*U)         | (X[:, ::-1]*U).sum()
f = sum(np.flipud(X)*U)               | (X[::-1]*U).sum()
f = sum(np.diff(X)*W.T[:, :2])        | (np.diff(X)*W.T[:, :2]).sum()
f = v.shape[0]*x                      | 3*x
f = X.size*x                          | 6*x
f = len(X)*x                          | 2*x
f = sum(sort(X)*U)                    | (np.sort(X)*U).sum()
f = sum(np.sort(v)[::-1]*u)           | (np.sort(v)[::-1]*u).sum()
f = sum(np.sort(X, axis=0)*U)         | (np.sort(X, 0)*U).sum()
f = sum(sorted(u)*v)                  | (np.sort(u)*v).sum()
f = median(X)                         | np.median(X)
f = np.median(X, axis=1)[0]           | 2
f = X.median()                        | np.median(X)
f = median(x, y, z)                   | y
f = sum(v[v > 1])                     | 5
f = sum(X[:, [0, 2]]*Y[:2])           | (X[:, [0, 2]]*Y[:2]).sum()
f = sum(X[:, i]*Y[:2])                | (X[:, [0, 2]]*Y[:2]).sum()
f = sum(X[0, [0, 2]]*[1, 2])          | 7
f = sum(np.hstack([v, u])[2:4])       | 2
f = any(v > 2)                        | 1
f = all(v > 2)                        | 0
f = sum(torch.masked_fill(X, X > 2, 0)) | 3
f = sum(torch.index_select(Y, 0, i))  | Y[[0, 2]].sum()
f = sin(2π x)                         | np.sin(2*np.pi*x)
area(r) = pi*r**2; f = area(x) + area(y) | np.pi*(x**2 + y**2)
pi = 3; f = pi*x                      | 3*x
f = exp(-x**2/2)/sqrt(2*pi)           | np.exp(-x**2/2)/np.sqrt(2*np.pi)
f = sum(X ⊙ X)                        | (X*X).sum()
f = sum(X .* X)                       | (X*X).sum()
f = x ∗ y ∕ z                         | x*y/z
f = sum(v ⊗ u)                        | np.outer(v, u).sum()
f = sum(matmul(X, Y))                 | (X @ Y).sum()
f = sum(np.dot(X, Y))                 | (X @ Y).sum()
f = add(x, y)                         | x + y
f = multiply(x, y)                    | x*y
f = (x + y) z                         | (x + y)*z
f = x y                               | x*y
f = 2x + 3y                           | 2*x + 3*y
f = 1/2x                              | 1/(2*x)
f = ½x                                | x/2
f = ½ (x - y)²                        | (x - y)**2/2
f = ½‖v‖²                             | v @ v/2
f = 1½ * x                            | 1.5*x
f = x½                                | x/2
f = x₁ * x                            | 0.2*x
f = \\|x - y\\| + 1                   | abs(x - y) + 1
f = ‖v‖²                              | v @ v
f = ‖v‖₂                              | np.linalg.norm(v)
f = mean((y - t)**2)                  | (y - t)**2
f = sum(X**2, axis=1)[0]              | (X[0]**2).sum()
f = logsumexp(X)                      | np.log(np.exp(X).sum())
f = sum(maxpool2d(X))                 | 5
f = sum(max_pool2d(X))                | 5
f = sum(conv(X, X))                   | (X*X).sum()
f = sum(batch_norm(X, 1, 0)*U)        | ((X - X.mean(0))/np.sqrt(X.var(0) + 1e-5)*U).sum()
f = layer_norm(X, 2, 1)[0][0]         | 2*(X[0, 0] - 2)/np.sqrt(X[0].var() + 1e-5) + 1
f = max(0, 1 - y*x)                   | 1 - y*x
f = max(0; t)                         | t
f = max{x, y}                         | max(x, y)
f = max[x, y]                         | max(x, y)
f = (x + y]*z                         | (x + y)*z
f = {x + y}*z                         | (x + y)*z
f = KL(x, y)                          | x*np.log(x/y)
f = True * x                          | x
f = 50% * x                           | x/2
f = sum(v[k] for k in range(3))       | v.sum()
f = sum(v[k]*u[k] for k in range(len(v))) | (v*u).sum()
f = \\frac{x + y}{2}                  | (x + y)/2
f = \\frac{1}{1 + e^{-x}}             | sig(x)
f = \\sqrt{x^2 + y^2}                 | np.hypot(x, y)
f = x \\cdot y                        | x*y
f = \\ln(x) + \\sin x                 | np.log(x) + np.sin(x)
f = \\left( x + y \\right)^2          | (x + y)**2
f = \\alpha x                         | 0.3*x
f = \\\\|v\\\\|                       | np.linalg.norm(v)
f = x_{1} + x_{2}                     | 0.9
f = \\mathrm{ReLU}(x)                 | x
f = сos(x)                            | np.cos(x)
f = sin（x）＋y                        | np.sin(x) + y
f = class*x                           | 0.5*x
f = sotfmax(X)[0][1]                  | soft(X)[0, 1]
f = softmx(X)[0][1]                   | soft(X)[0, 1]
a = x*y; b = a + 1; c = a*b           | x*y*(x*y + 1)
f = x if x > y else 2*y               | 2*y
f = (x if y > x else z)*3             | 3*x
f = x if x >= y else 2*y              | 2*y
f = sum(X @ Y) if x else 0            | (X @ Y).sum()
f = sum(where(X > 2, X, 0)) if w < 0 else x | 18
f = x ? y : z                         | y
f = w > 0 ? y : z                     | z
f = x > 0                             | 1
f = 2*x + 1 > y                       | 1
f = (x > y)*z + (x < y)*w             | w
f = x ≤ y                             | 1
f = x≥y                               | 0
f = x ≠ y                             | 1
f = x == y                            | 0
f = x != y                            | 1
f = x<-1                              | 0
f = sum(X > 2)                        | 4
f = sum((X > 2)*X)                    | 18
f = 0 < x < 1                         | 1
f = 2 + (0 < x <= z)                  | 3
f = not x                             | 0
f = not x > y                         | 1
f = x > 0 and y > 1                   | 0
f = x > 0 or y > 1                    | 1
f = x and y                           | y
f = x or y                            | x
f = (x > 0) & (y > 1)                 | 0
f = (x > 0) \\| (y > 1)                | 1
f = ~(x > y)*z                        | z
f = where(x > y, x, 2*y)              | 2*y
f = sum(np.where(X > 2, X, -1))       | 16
f = x % 2                             | x
f = -w % y                            | 0.4
f = w % y*2                           | 0.6
f = -z // y                           | -2
f = z*2 // y                          | 3
f = 7*x**2 // 0.5                     | 1
f = sign(w)                           | -1
f = np.sign(w)*x                      | -x
f = round(y)                          | 1
f = np.round(y)                       | 1
f = z.round()                         | 1
f = ceil(x)                           | 1
f = math.floor(w)                     | -1
f = trunc(-z)                         | -1
f = heaviside(w, 0)                   | 0
f = clamp(z, 0, 1)                    | 1
f = torch.clamp(z, 0, 1)              | 1
f = z.clip(0, 1)                      | 1
f = asin(x)                           | np.arcsin(x)
f = arcsin(x)                         | np.arcsin(x)
f = np.arccos(x)                      | np.arccos(x)
f = atan(x)                           | np.arctan(x)
f = np.arctan(x)                      | np.arctan(x)
f = arctg x                           | np.arctan(x)
f = sin⁻¹(x)                          | np.arcsin(x)
f = sin^-1(x)                         | np.arcsin(x)
f = tan^{-1} x                        | np.arctan(x)
f = arctan2(y, x)                     | np.arctan2(y, x)
f = math.atan2(y, x)                  | np.arctan2(y, x)
f = artanh(x)                         | np.arctanh(x)
f = np.arcsinh(x)                     | np.arcsinh(x)
f = np.log1p(x)                       | np.log1p(x)
f = np.logaddexp(x, y)                | np.logaddexp(x, y)
f = cbrt(x)                           | np.cbrt(x)
f = erf(x)                            | erf(x)
f = math.erf(x)                       | erf(x)
f = gelu(x)                           | x*(1 + erf(x/np.sqrt(2)))/2
f = F.gelu(x, approximate="tanh")     | x/2*(1 + np.tanh(np.sqrt(2/np.pi)*(x + 0.044715*x**3)))
f = gelu(x, approximate='none')       | x*(1 + erf(x/np.sqrt(2)))/2
f = mish(x)                           | x*np.tanh(np.log1p(np.exp(x)))
f = F.silu(x)                         | x*sig(x)
f = selu(-x)                          | 1.0507009873554805*1.6732632423543772*np.expm1(-x)
f = hardsigmoid(x)                    | x/6 + 0.5
f = hardtanh(3*y)                     | 1
f = prelu(x, 0.2)                     | x
f = sum(softmax(X, axis=1))           | 2
f = sum(softmax(X, dim=1))            | 2
f = sum(X, dim=0)[1]                  | X.sum(0)[1]
f = sum(X, 0)[0]                      | 5
f = sum(dropout(X, 0))                | X.sum()
f = sum(X.flatten())                  | X.sum()
f = sum(transpose(X))                 | X.sum()
f = sum(permute(X,1,0))               | X.sum()
f = sum(X.*X)                         | (X*X).sum()
f = "x"                               | x
f = 5!                                | 120
f = f1(x)                             | f1*x
f = subtract(x, y)                    | x - y
f = np.add(x, y)                      | x + y
f = divide(x, y)                      | x/y
"""


@pytest.mark.parametrize(("text", "meaning"), list(rows(MEANT)))
def test_what_is_advised_is_what_was_meant(text, meaning):
    graph, _ = followed(text)
    names = {**INPUTS, "np": np, "sig": sig, "soft": soft, "erf": math.erf}
    assert run(graph, INPUTS).value == pytest.approx(eval(meaning, names), rel=1e-12)


def test_most_of_the_table_needs_advice():
    counts = [followed(row.values[0])[1] for row in rows(MEANT)]
    assert sum(count > 0 for count in counts) > 200


# --- what has a meaning for other shapes only

MISFITS = [
    ("f = ||W x||^2", "W*x", "np.linalg.norm(W*x)**2"),
    ("f = sum(X.T @ Y)", "X @ Y", "(X @ Y).sum()"),
    ("f = sum(X^T Y)", "X @ Y", "(X @ Y).sum()"),
    ("f = sum(W @ X[0])", "W.T @ X[0]", "(W.T @ X[0]).sum()"),
    ("f = sum(embedding(X, i))", "pick(X, i)", "X[0, 0] + X[1, 2]"),
    ("f = sum((X + U) @ X)", "(X + U) @ X.T", "((X + U) @ X.T).sum()"),
    ("f = sum((X @ Y).T @ v)", "", ""),
    ("f = sum(stack(X, X, X) @ v[:2])", "", ""),
]


@pytest.mark.parametrize(("text", "write", "meaning"), MISFITS)
def test_where_shapes_do_not_fit_the_message_has_a_product_that_fits(text, write, meaning):
    graph, _ = followed(text)
    with pytest.raises(gs.ShapeError) as caught:
        run(graph, INPUTS)
    assert write in str(caught.value)
    assert ("write" in caught.value.values) == (bool(write) and "pick" not in write)
    if write:
        start, end = caught.value.span
        changed = gs.parse(graph.source[:start] + write + graph.source[end:])
        names = {**INPUTS, "np": np}
        assert run(changed, INPUTS).value == pytest.approx(eval(meaning, names), rel=1e-12)


# --- what has no text of its own

NO_GATE = ("argsort", "argmax", "gamma")
EXAMPLE = ("cumprod", "tile", "one_hot", "roll", "tril", "topk", "percentile")
REFUSED = [
    *((f"f = {name}(x)", "gate_custom") for name in NO_GATE),
    *((f"f = {name}(X, X)", "gate_example") for name in EXAMPLE),
    ("f = x < y < z < w", "comparison"), ("f = x if y", "condition"), ("f = x % ", "no_operator"),
    ("f = for i in x: i", "loop"), ("f = x & y", "character"),
    ("f = → y", "arrow"), ("f = x!", "factorial"),
    ("f = ∞ * x", "infinity"), ("f = ∂x", "derivative"), ("f = None", "reserved"),
    ("f = x is y", "reserved"), ("f = mean(X[X > 0])", "index_form"),
    ("f = add(x)", "arity"), ("f = u(x, y)", "unknown_gate"), ("f = (x + y", "not_closed"),
    ("f = x + y)", "not_open"), ("f = x = y", "assignment"), ("2 = x", "assignment"),
    ("f = x ± y", "character"), ("f = x.shape", "attribute"), ("f = 1.5.2", "product"),
    ("f = relu(x, alpha=0.1)", "option_unknown"),
    ("f = np.percentile(x, 30)", "gate_example"), ("f = torch.cumprod(X, X)", "gate_example"),
    ("f = x.topk(2)", "gate_example"), ("f = F.l1_loss(x, y, reduction=z)", "gate_example"),
    ("f = F.cross_entropy(s, y, size_average=0)", "attribute"),
    ("f = np.foo(x)", "attribute"), ("f = x.backward()", "attribute"),
    ("f = max x, y", "call_brackets"), ("import numpy as np", "leave_out"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key"), REFUSED)
def test_what_has_no_other_text_is_told_as_what_it_is(text, key):
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert caught.value.key == key
    advised = caught.value.values.get("write")
    assert (advised is None) == (key not in ("call_brackets", "leave_out"))


@pytest.mark.parametrize("text", ["e^x", "e^{x}", "e^(x)", "eˣ"])
def test_a_power_of_e_is_advised_as_exp_at_once(text):
    """Not as e**x, in which e would be an input."""
    with pytest.raises(gs.ParseError, match=r" exp\(x\)"):
        gs.parse(f"f = {text}")


def test_advice_that_does_not_work_is_not_given(monkeypatch):
    """With every trial failing, the plain error remains."""
    with pytest.raises(gs.ParseError) as caught:
        gs.parse("f = x^2")
    assert caught.value.values["write"] == "x**2"
    error = gs.ParseError("caret", source="f = x^2", span=gs.errors.Span(5, 6))
    assert advised.advised(error, lambda _: error) is error
    assert "as in x**2" in str(error)


@pytest.mark.parametrize("known", [{}, {"source": "f = x^2"}, {"span": Span(5, 6)}])
def test_an_error_without_a_text_or_a_place_in_it_stays_as_it_is(known):
    error = gs.ParseError("caret", **known)
    assert advised.advised(error, lambda _: None) is error


def test_long_texts_are_refused_at_once():
    text = "f = " + "x + " * 2000 + "x^2"
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(text)
    assert caught.value.key == "caret"
    assert "write" not in caught.value.values


def test_a_tangle_of_brackets_costs_no_more_than_its_length():
    import time

    start = time.process_time()
    for text in (
        "f = " + "(x " * 900,
        "f = " + "sin(" * 400 + "^",
        "x'" * 1500,
        "[" * 7 + "a " * 1500,
    ):
        with pytest.raises(gs.ParseError):
            gs.parse(text)
    assert time.process_time() - start < 5
