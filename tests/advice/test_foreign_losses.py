"""Losses of Keras and PyTorch: functions of Keras are of each row, classes of the batch."""

import pytest
from advised_texts import check, followed, rows

LOSSES = r"""
f = keras.losses.mse(X, U) | ((X-U)**2).mean(-1)
f = tf.keras.losses.mean_squared_error(X, U) | ((X-U)**2).mean(-1)
f = keras.losses.MeanSquaredError()(X, U) | ((X-U)**2).mean()
f = keras.losses.mae(X, U) | abs(X-U).mean(-1)
f = keras.losses.MeanAbsoluteError()(X, U) | abs(X-U).mean()
f = keras.losses.hinge(U, X) | np.maximum(0, 1-U*X).mean(-1)
f = keras.losses.SquaredHinge()(U, X) | (np.maximum(0, 1-U*X)**2).mean()
f = keras.losses.kl_divergence(P, sigmoid(X)) | (P*np.log(P/sig(X))).sum(-1)
f = keras.losses.KLDivergence()(P, sigmoid(X)) | (P*np.log(P/sig(X))).sum(-1).mean()
f = keras.losses.log_cosh(X, U) | np.log(np.cosh(U-X)).mean(-1)
f = keras.losses.LogCosh()(X, U) | np.log(np.cosh(U-X)).mean()
f = keras.losses.huber(X, U) | np.where(abs(U-X) <= 1, (U-X)**2/2, abs(U-X)-0.5).mean(-1)
f = keras.losses.Huber()(X, U) | np.where(abs(U-X) <= 1, (U-X)**2/2, abs(U-X)-0.5).mean()
f = keras.losses.poisson(X, P) | (P-X*np.log(P)).mean(-1)
f = keras.losses.cosine_similarity(X, U) | -(X*U).sum(-1)/np.sqrt((X**2).sum(-1)*(U**2).sum(-1))
f = keras.losses.binary_crossentropy(P, sigmoid(U)) | -(P*np.log(sig(U))+(1-P)*np.log(1-sig(U))).mean(-1)
f = keras.losses.BinaryCrossentropy()(P, sigmoid(U)) | -(P*np.log(sig(U))+(1-P)*np.log(1-sig(U))).mean()
f = keras.losses.BinaryCrossentropy(from_logits=True)(P, U) | -(P*np.log(sig(U))+(1-P)*np.log(1-sig(U))).mean()
f = keras.losses.binary_crossentropy(P, U, from_logits=True) | -(P*np.log(sig(U))+(1-P)*np.log(1-sig(U))).mean(-1)
f = keras.losses.categorical_crossentropy(P, softmax(X)) | -(P*np.log(soft(X))).sum(-1)
f = keras.losses.CategoricalCrossentropy()(P, softmax(X)) | -(P*np.log(soft(X))).sum(-1).mean()
f = keras.losses.CategoricalCrossentropy(from_logits=True)(P, X) | -(P*np.log(soft(X))).sum(-1).mean()
f = keras.losses.sparse_categorical_crossentropy(i, softmax(X)) | -np.log(soft(X))[[0,1],i]
f = keras.losses.SparseCategoricalCrossentropy()(i, softmax(X)) | -np.log(soft(X))[[0,1],i].mean()
f = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(i, X) | -np.log(soft(X))[[0,1],i].mean()
f = keras.losses.mse(y_true=X, y_pred=U) | ((X-U)**2).mean(-1)
f = nn.CrossEntropyLoss(label_smoothing=0.1)(X, i) | -0.9*np.log(soft(X))[[0,1],i].mean() - 0.1*np.log(soft(X)).mean()
f = nn.CrossEntropyLoss(weight=v)(X, i) | -(v[i]*np.log(soft(X))[[0,1],i]).sum()/v[i].sum()
f = nn.CrossEntropyLoss(reduction='sum')(X, i) | -np.log(soft(X))[[0,1],i].sum()
f = nn.HuberLoss(delta=2)(v, u) | np.where(abs(v-u) < 2, (v-u)**2/2, 2*abs(v-u)-2).mean()
f = nn.KLDivLoss(reduction='batchmean')(X, P) | (P*(np.log(P)-X)).sum()/2
f = nn.KLDivLoss()(X, P) | (P*(np.log(P)-X)).mean()
f = nn.MSELoss()(X, U) | ((X-U)**2).mean()
f = nn.MaxPool2d(2)(I) | I[:4,:4].reshape(2,2,2,2).max((1,3))
f = nn.AvgPool2d(2)(I) | I[:4,:4].reshape(2,2,2,2).mean((1,3))
f = nn.BatchNorm1d(3)(S.T) | (S.T-S.T.mean(0))/np.sqrt(S.T.var(0)+1e-5)
f = nn.BatchNorm2d(2)(I4) | (I4-I4.mean((0,2,3),keepdims=True))/np.sqrt(I4.var((0,2,3),keepdims=True)+1e-5)
f = nn.LayerNorm(3)(X) | ln(X)
f = nn.Hardtanh(-2, 2)(3*u) | np.clip(3*u,-2,2)
f = nn.Embedding(3, 2)(i) | W[i]
f = F.hardtanh(3*u, -2, 2) | np.clip(3*u,-2,2)
f = F.softshrink(v, 1.5) | np.sign(v)*np.maximum(abs(v)-1.5,0)
f = F.hardshrink(v, 1.5) | v*(abs(v)>1.5)
f = F.pairwise_distance(X, U) | np.sqrt(((X-U)**2).sum(-1))
f = F.triplet_margin_loss(X, U, P) | np.maximum(0, np.sqrt(((X-U)**2).sum(-1))-np.sqrt(((X-P)**2).sum(-1))+1).mean()
f = torch.median(X) | np.sort(X, None)[2]
f = torch.median(X, dim=0) | X.min(0)
f = torch.nanmedian(u) | np.sort(u)[1]
f = scipy.stats.zscore(X) | (X-X.mean(0))/X.std(0)
f = scipy.stats.gmean(X) | np.exp(np.log(X).mean(0))
f = np.cross(A @ X, A @ U) | np.cross(A@X, A@U)
"""


@pytest.mark.parametrize(("text", "meaning"), list(rows(LOSSES)))
def test_what_is_advised_is_what_the_library_computes(text, meaning):
    check(text, meaning)


def test_the_weights_of_a_layer_are_inputs():
    graph, _ = followed("f = nn.Conv2d(2, 3, kernel_size=3, stride=2, padding=1)(I4)")
    assert graph.source == "f = conv2d(I4, w, b, stride=2, pad=1)"
    assert [*graph.inputs] == ["I4", "w", "b"]
