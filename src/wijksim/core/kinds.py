"""Types of numba in short, for lists of functions and for what is kept of each."""

from __future__ import annotations

import ast
from typing import Any

import numba
import numpy as np
from numba import types


def written(kind: Any) -> str:
    """A type of numba in short: ``f8``, ``i4[1]`` (an array), ``r.i4[1]`` (one that may only be read), ``(f8, i8)``.

    Raises
    ------
    ValueError
        For types that have no short form.
    """
    if isinstance(kind, types.Array) and kind.layout == "C" and kind.aligned:
        return f"{'' if kind.mutable else 'r.'}{_scalar(kind.dtype)}[{kind.ndim}]"
    if isinstance(kind, types.BaseAnonymousTuple):
        return f"({', '.join(map(written, kind.types))},)"
    return _scalar(kind)


def _scalar(kind: Any) -> str:
    if isinstance(kind, types.Number | types.Boolean):
        dtype = numba.np.numpy_support.as_dtype(kind)
        return f"{dtype.kind}{dtype.itemsize}"
    raise ValueError(f"{kind} has no short form")


def read(text: str) -> Any:
    """The type of numba that was written; ValueError if there is none."""
    return _type(ast.parse(text, mode="eval").body)


def _type(node: ast.expr) -> Any:
    match node:
        case ast.Tuple(elts):
            return types.Tuple(tuple(map(_type, elts)))
        case ast.Subscript(ast.Name(name), ast.Constant(int(ndim))):
            return types.Array(_type(ast.Name(name)), ndim, "C")
        case ast.Subscript(ast.Attribute(ast.Name("r"), name), ast.Constant(int(ndim))):
            return types.Array(_type(ast.Name(name)), ndim, "C", readonly=True)
        case ast.Name(name):
            return numba.from_dtype(np.dtype(name))
    raise ValueError(f"no type: {ast.unparse(node)}")
