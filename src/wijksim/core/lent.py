"""Arrays are lent to compiled functions, which is half the work of handing them over.

numba makes an owner for every array that it is handed, which holds on to it until the function is through: so that the
function may give back parts of it, or keep it where Python does not know of it. A function that takes arrays and
numbers and gives back numbers only needs none of that: whoever calls it holds the arrays as long as it runs. Those of
this package get their arrays so, by a way of their own (:mod:`wijksim.core.way_in`), which saves a month some three
thousand owners; all others, and those that give back arrays, get them as ever.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import boxing, cgutils  # noqa: F401  (what numba makes of arrays is known before ours takes its place)
from numba.core.cpu import CPUContext
from numba.core.pythonapi import _boxers
from numba.np.numpy_support import as_dtype

from wijksim.core.way_in import WayIn, passable

_OURS = "wijksim."
_wrap = CPUContext.create_cpython_wrapper


def has_arrays(kind: Any) -> bool:
    """Whether anything of this type is, or may hold, an array."""
    if isinstance(kind, types.BaseAnonymousTuple):
        return any(map(has_arrays, kind.types))
    return not (isinstance(kind, types.Number | types.Boolean) or kind == types.none)


def _wrapped(context: Any, library: Any, fndesc: Any, *others: Any, **named: Any) -> None:
    """Make what Python calls: the way in to a function."""
    ours = fndesc.modname.startswith(_OURS) and all(map(passable, fndesc.argtypes))
    if not ours or has_arrays(fndesc.restype):
        _wrap(context, library, fndesc, *others, **named)
        return
    module = context.create_module("way in")
    kind = context.call_conv.get_function_type(fndesc.restype, fndesc.argtypes)
    function = ir.Function(module, kind, fndesc.llvm_func_name)
    WayIn(context, module, function, fndesc, *others, **named).build()
    library.add_ir_module(module)


def _given_back(kind: Any, value: Any, c: Any) -> Any:
    """Make an array of Python of what a function gives back.

    numba has its class in the machine code as text, and looks up what that text is, in Python, each time. Here it lies
    where constants of the function lie.
    """
    builder, constants, integer = c.builder, c.env_manager, ir.IntType(32)
    dtype, its_class = [
        constants.read_const(constants.add_const(one)) for one in (as_dtype(kind.dtype), kind.box_type)
    ]
    signature = ir.FunctionType(
        c.pyapi.pyobj, [c.pyapi.voidptr, c.pyapi.pyobj, integer, integer, c.pyapi.pyobj]
    )
    give = c.pyapi._get_function(signature, name="NRT_adapt_ndarray_to_python_acqref")
    place = builder.bitcast(cgutils.alloca_once_value(builder, value), c.pyapi.voidptr)
    made = builder.call(give, [place, its_class, integer(kind.ndim), integer(int(kind.mutable)), dtype])
    c.context.nrt.decref(builder, kind, value)  # the array has taken over what was counted for the function
    return made


def lend() -> None:
    """Lend arrays to the functions of this package that are compiled from now on."""
    CPUContext.create_cpython_wrapper = _wrapped
    _boxers.functions[types.Array] = _given_back
