"""What is advised for a call of NumPy has its value for arrays of 0 to 3 axes, or is an error.

How many axes an array has is not known when a text is read. Letters are those of mathematics: small
ones are numbers and vectors, capital ones matrices and arrays of more axes. Where letters decide, or
a text holds for few axes, the message says so, and only then may it be something else.
"""

import re

import numpy as np
import pytest

import graphstep as gs
from graphstep.errors import GraphstepError

RNG = np.random.default_rng(3)
SHAPES = {"v": (3,), "u": (3,), "X": (2, 3), "U": (2, 3), "A": (3, 3), "B": (3, 3), "T": (2, 3, 4),
          "S": (2, 3, 4), "C": (3, 3, 3), "D": (3, 3, 3), "m": (3, 3), "k": (3, 3), "V": (3,), "Q": (3,)}  # fmt: skip
LIMITS = {"vectors": (1, 1), "matrices": (2, 3), "two_axes": (0, 2)}
"""The numbers of axes for which a text is, if the message says so."""
VALUES = {
    "x": 0.3, "y": 0.7, "i": np.array([0, 2]), "j": np.array([1, 0]), "n": 1, "q": np.array([[0, 1], [1, 0]]),
    **{name: RNG.uniform(0.2, 2, shape) for name, shape in SHAPES.items()},
}  # fmt: skip
ONE = """
np.sum(_) np.sum(_,0) np.mean(_,axis=0) np.prod(_,axis=-1) np.cumsum(_) np.cumprod(_) np.diff(_)
np.diff(_,axis=0) np.diff(_,axis=1) np.std(_) np.std(_,axis=0,ddof=1) np.median(_,axis=0)
np.percentile(_,50) np.quantile(_,0.5,axis=0) np.percentile(_,100) np.max(_,0) np.amax(_,axis=-1)
np.ptp(_) np.ptp(_,axis=0) np.average(_,axis=0) np.any(_>1) np.any(_>1,axis=0) np.any(_,0)
np.all(_>0.5,axis=-1) np.count_nonzero(_>1,axis=0) np.nanmedian(_) np.trapezoid(_)
np.linalg.norm(_) np.linalg.norm(_,1) np.linalg.norm(_,2) np.linalg.norm(_,np.inf)
np.linalg.norm(_,axis=0) np.linalg.norm(_,3) np.linalg.norm(_,'nuc') np.linalg.norm(_,'fro')
np.linalg.norm(_,1,axis=0) np.linalg.norm(_,ord=1) np.linalg.norm(_,ord=-1) np.linalg.norm(_,0)
np.linalg.norm(_,ord=2,axis=-1) np.linalg.norm(_,axis=1,keepdims=True)
np.transpose(_) np.transpose(_,(1,0)) np.transpose(_,(2,0,1)) np.swapaxes(_,0,1) np.flip(_,0)
np.flipud(_) np.fliplr(_) np.roll(_,1) np.roll(_,1,axis=0) np.roll(_,-1,axis=1) np.repeat(_,2)
np.tile(_,2) np.ravel(_) np.expand_dims(_,-1) np.sort(_) np.sort(_,axis=0) np.sort(_,axis=None)
np.tril(_) np.triu(_) np.trace(_) np.delete(_,1) np.delete(_,0) np.delete(_,1,axis=0)
np.insert(_,1,3.0) np.insert(_,0,3.0) np.append(_,1.0) np.clip(_,None,1) np.round(_,1)
np.heaviside(_-1,0.5) np.pad(_,1) np.pad(_,((1,0),(0,1))) np.pad(_,1,constant_values=2)
np.pad(_,2,mode='edge') np.pad(_,2,mode='reflect') np.pad(_,2,'symmetric') np.pad(_,2,mode='wrap')
np.take(_,[0,1]) np.take(_,[0,1],axis=0) np.take(_,[0,1],axis=1) np.take(_,i) np.take(_,i,axis=1)
np.split(_,3,axis=1)[0] np.hsplit(_,3)[0] np.vsplit(_,3)[1] np.linalg.matrix_power(_,2)
_.sum(0) _.mean(axis=-1) _.std() _.max(0) _.T _.transpose(1,0) _.cumprod() _.ravel() _.take([0,1])
_.repeat(2) len(_)*_ _.shape[-1]*_ _.size*_ np.einsum('ij->ji',_) np.einsum('ij->',_)
_[:,0] _[...,0] _[:,None] _[:,::-1] _[i] _[:,i] _[:,n] _[i,:] _[0,i] _[:,[0,2]] _[[0,1],[1,0]]
_[i,j] _[1,[0,2]] _[[0,2],1] _[[0,2],0:2] _[:,:,0] _[0,:,1] _[i][:,0] _[i,0]
_[:,i,:] _[:,:,i] _[...,i] _[:,[0,2],:] _[:,:,[0,2]] _[...,[0,2]] _[:,n,:] _[...,n] _[:,q,:]
_[:,:,q] _[...,q]
"""
TWO = """
np.dot(_,$) np.inner(_,$) np.tensordot(_,$) np.tensordot(_,$,1) np.tensordot(_,$,axes=1)
np.tensordot(_,$,axes=([1],[0])) np.tensordot(_,$,axes=([0,1],[0,1])) np.tensordot(_,$,[[1],[1]])
np.linalg.multi_dot([_,$]) np.linalg.multi_dot([_,$,_]) np.outer(_,$) np.matmul(_,$) np.vdot(_,$) np.kron(_,$) np.cross(_,$) np.tensordot(_,$,axes=0)
np.tensordot(_,$,axes=([0],[0])) np.floor_divide(_,$) np.mod(_,$) np.fmod(_,$) np.logaddexp2(_,$)
np.copysign(_,$-1) np.hypot(_,$) np.where(_>$,_,$) np.concatenate([_,$])
np.concatenate((_,$),axis=1) np.concatenate([_,$],axis=-1) np.concatenate([_,$],axis=None)
np.stack([_,$]) np.stack([_,$],axis=-1) np.vstack([_,$]) np.hstack([_,$]) np.hstack((_,$))
np.column_stack([_,$]) np.append(_,$) np.append(_,$,axis=0) np.c_[_,$] np.r_[_,$]
np.block([[_,$],[$,_]]) np.average(_,weights=$) np.linalg.solve(_,$) np.heaviside(_-1,$)
np.einsum('ij,jk->ik',_,$) np.einsum('ij,ij->',_,$) np.einsum('i,i->',_,$)
np.convolve(_,$,'valid') np.correlate(_,$,'valid') np.interp(_,[0,1,2],$) np.meshgrid(_,$)[0]
np.meshgrid(_,$)[1] np.array([_,$]) np.array([_,$]).sum() np.sum([_,$]) np.sum([_,$],axis=0)
np.max([_,$]) np.mean([_,$],axis=0) np.std([_,$]) np.array([[_,$],[$,1]]) np.logical_and(_>1,$>1)
_[:,None]*$ _[:,None]-$[None,:] _.dot($) _@$
"""
PAIRS = ("xy", "vu", "XU", "AB", "TS", "CD", "Av", "vA", "Xv", "Tv", "vC", "AC", "CA", "Cv")
OTHER_LETTERS = ("mk", "VQ", "mv", "vm", "AV", "mV", "Am")
"""Matrices in small letters, and vectors in capital ones."""
FEW = {"np.vstack([_,$])": "xy"}
"""Numbers as rows."""


def filled(call, one, other="?"):
    words = {"_": one, "$": other}
    kept = call.replace("r_[", "r·[").replace("c_[", "c·[")
    for name in ("_divide", "_stack", "_power", "_and", "_values", "_nonzero", "_dims"):
        kept = kept.replace(name, "·" + name[1:])
    return "".join(words.get(sign, sign) for sign in kept).replace("·", "_")


def texts():
    """The calls with one letter and with two, for all shapes."""
    for call in ONE.split():
        yield call, [filled(call, one) for one in "xvXATCmV"]
    for call in TWO.split():
        pairs = [pair for pair in (*PAIRS, *OTHER_LETTERS) if FEW.get(call) != pair]
        yield call, [filled(call, *pair) for pair in pairs]


def theirs(text):
    """NumPy's value; None where it refuses these shapes."""
    with np.errstate(all="ignore"):
        try:
            found = np.asarray(eval(text, {"np": np, **VALUES}), float)
        except (TypeError, ValueError, IndexError, AttributeError, np.linalg.LinAlgError):
            return None
    return found if np.isfinite(found).all() else None


def fits(limit, names):
    """Whether arrays are those for which a text is, as the message says."""
    small = [name for name in names if name in SHAPES]
    if limit == "letters":
        return all(len(SHAPES[name]) == 1 if name.islower() else len(SHAPES[name]) > 1
                   for name in small)  # fmt: skip
    least, most = LIMITS[limit]
    return all(least <= len(SHAPES[name]) <= most for name in small)


def ours(text):
    """The value of a text, of what is advised for it if need be.

    None for an error, or if the message says that the text is for other arrays.
    """
    text = f"f = {text}"
    for _ in range(8):
        try:
            graph = gs.parse(text)
            return np.asarray(graph.forward({n: VALUES[n] for n in graph.inputs}).value)
        except gs.ParseError as error:
            if "write" not in error.values:
                return None
            told = error.values.get("limit")
            if told and not fits(told, {*re.findall(r"\b\w\b", error.values["write"])}):
                return None
            start, end = error.span
            text = text[:start] + error.values["write"] + text[end:]
        except GraphstepError:
            return None
    raise AssertionError(text)


CALLS = dict(texts())


@pytest.mark.parametrize("call", CALLS)
def test_a_call_has_numpys_value_or_is_an_error(call):
    for text in CALLS[call]:
        expected, found = theirs(text), ours(text)
        if expected is not None and found is not None:
            assert found.shape == expected.shape, text
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=text)


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("np.roll(m, 1)", "For vectors write concat(m[-1:], m[:-1]); matrices have capital letters.",
         "Для векторов пишите concat(m[-1:], m[:-1]); матрицы обозначают прописными буквами."),
        ("np.exp(np.delete(m, 0))", "For vectors write exp(m[1:]); matrices have capital letters.",
         "Для векторов пишите exp(m[1:]); матрицы обозначают прописными буквами."),
        ("np.linalg.norm(m, 2)", "For vectors write norm(m); matrices have capital letters.",
         "Для векторов пишите norm(m); матрицы обозначают прописными буквами."),
        ("np.vstack([M, K])", "For matrices write concat(M, K, axis=0); vectors have small letters.",
         "Для матриц пишите concat(M, K, axis=0); векторы обозначают строчными буквами."),
        ("np.c_[M, k]", "Where small letters are vectors, and capital ones matrices, write concat(M, "
         "k[:, None], axis=-1).",
         "Если строчные буквы — векторы, а прописные — матрицы, пишите concat(M, k[:, None], "
         "axis=-1)."),
        ("A.dot(B)", "For vectors and matrices write A @ B; for arrays of more axes, a sum with "
         "einsum.", "Для векторов и матриц пишите A @ B, для массивов с большим числом осей — сумму "
         "с einsum."),
        ("np.dot(X, v)", "Write X @ v.", "Пишите X @ v."),
        ("np.sum(M, axis=0)", "Write sum(M, axis=0).", "Пишите sum(M, axis=0)."),
    ],
)  # fmt: skip
def test_the_message_says_for_which_arrays_a_text_is(text, english, russian):
    with pytest.raises(gs.ParseError) as caught:
        gs.parse(f"f = {text}")
    for lang, sentence in (("en", english), ("ru", russian)):
        first = caught.value.message(lang).splitlines()[0]
        assert first.endswith(f" {sentence}"), first


def test_most_calls_have_a_text_where_numpy_has_a_value():
    """Otherwise the law above would hold for errors alone."""
    both = [(theirs(t), ours(t)) for found in CALLS.values() for t in found]
    known = [value for value, _ in both if value is not None]
    right = [mine for value, mine in both if value is not None and mine is not None]
    assert len(right) > 0.75 * len(known) > 300
