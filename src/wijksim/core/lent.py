"""Arrays are lent to compiled functions, which is half the work of handing them over.

numba makes an owner for every array that it is handed, which holds on to it until the function is through: so that the
function may give back parts of it, or keep it where Python does not know of it. A function that gives back numbers
only needs none of that: whoever calls it holds the arrays as long as it runs. Those of this package get their arrays
so, by a way of their own (:mod:`wijksim.core.way_in`), which saves a month some three thousand owners; all others, and
those that give back arrays, get them as ever.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import boxing, cgutils
from numba.core.cpu import CPUContext
from numba.core.pythonapi import NativeValue, _boxers, _unboxers
from numba.np.numpy_support import as_dtype

from wijksim.core.way_in import WayIn, passable

_OURS = "wijksim."
_lent: ContextVar[bool] = ContextVar(
    "lent", default=False
)  # whether what is being wrapped has its arrays lent
_handed_over = boxing.unbox_array
_wrap = CPUContext.create_cpython_wrapper


def has_arrays(kind: Any) -> bool:
    """Whether anything of this type is, or may hold, an array."""
    if isinstance(kind, types.BaseAnonymousTuple):
        return any(map(has_arrays, kind.types))
    return not (isinstance(kind, types.Number | types.Boolean) or kind == types.none)


def _wrapped(context: Any, library: Any, fndesc: Any, *others: Any, **named: Any) -> None:
    """Make what Python calls: the way in to a function."""
    ours = fndesc.modname.startswith(_OURS) and not has_arrays(fndesc.restype)
    if ours and all(map(passable, fndesc.argtypes)):
        module = context.create_module("way in")
        kind = context.call_conv.get_function_type(fndesc.restype, fndesc.argtypes)
        WayIn(
            context, module, ir.Function(module, kind, fndesc.llvm_func_name), fndesc, *others, **named
        ).build()
        library.add_ir_module(module)
        return
    before = _lent.set(ours)
    try:
        _wrap(context, library, fndesc, *others, **named)
    finally:
        _lent.reset(before)


def _taken(kind: Any, obj: Any, c: Any) -> Any:
    """Read where an array lies and how long it is; with an owner unless it is lent."""
    if not _lent.get():
        return _handed_over(kind, obj, c)
    builder = c.builder
    array = c.context.make_array(kind)(c.context, builder)
    place = array._getpointer()
    # the very function that numba has for targets that do not count references
    signature = ir.FunctionType(ir.IntType(32), [c.pyapi.pyobj, c.pyapi.voidptr])
    read = c.pyapi._get_function(signature, name="numba_adapt_ndarray")
    error = builder.call(read, (obj, builder.bitcast(place, c.pyapi.voidptr)))
    width = array.itemsize.type(as_dtype(kind.dtype).itemsize)
    failed = builder.or_(
        cgutils.is_not_null(builder, error), builder.icmp_unsigned("!=", array.itemsize, width)
    )
    with builder.if_then(failed, likely=False):
        c.pyapi.err_set_string("PyExc_TypeError", "what was handed over is no array of the type compiled for")
    return NativeValue(builder.load(place), is_error=failed)


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
    _unboxers.functions[types.Array] = _taken
    _boxers.functions[types.Array] = _given_back
