"""The way from Python into a compiled function that gives back numbers: short, as a month takes it five hundred times.

The one that numba makes asks a function of its own for each array, wants to know whether that went well, and lets go of
what it never held: some three hundred bytes of machine code an array, more than the functions themselves have. A month
runs through all of it once, and by the next it has left the caches. Here a way in reads where an array lies and how
long it is, as the dispatcher has made sure that it is one of this type before it comes here.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.callwrapper import PyCallWrapper
from numba.np.numpy_support import as_dtype

_WORD = 8  # bytes
_NUMBER = object.__basicsize__  # where the number lies in a float
_ITEMS = tuple.__basicsize__  # where the items of a tuple begin
_LENGTH = object.__basicsize__  # where it is told how many these are
# where NumPy has, behind the head of an object, the memory of an array, how long and how far apart rows are; another
# word in between holds the number of dimensions (ndarraytypes.h, which promises not to change it)
_MEMORY, _SHAPE, _STRIDES = (object.__basicsize__ + _WORD * word for word in (0, 2, 3))


def passable(kind: Any) -> bool:
    """Whether what is of this type can come this way: arrays, numbers, and tuples of these."""
    if isinstance(kind, types.BaseAnonymousTuple):
        return all(map(passable, kind.types))
    if type(kind) is types.Array:
        return bool(kind.ndim)
    return isinstance(kind, types.Number | types.Boolean)


class WayIn(PyCallWrapper):  # type: ignore[misc]
    """What Python calls."""

    def build_wrapper(self, api: Any, builder: Any, closure: Any, args: Any, kws: Any) -> None:
        """Read what was handed over, call the function, and make a number of Python of what it gives back."""
        del closure
        self._api, self._builder = api, builder
        self._failed = builder.append_basic_block("failed")
        with builder.goto_block(self._failed):
            builder.ret(api.get_null_object())
        kinds = self.fndesc.argtypes
        # the dispatcher looks at as many as there should be, whether or not they are there, and at none with a name
        length = self._word(args, _LENGTH, cgutils.intp_t)
        other = builder.icmp_unsigned("!=", length, length.type(len(kinds)))
        with cgutils.if_unlikely(builder, builder.or_(other, cgutils.is_not_null(builder, kws))):
            told = f"{self.fndesc.qualname} takes {len(kinds)} arguments, by position"
            api.err_set_string("PyExc_TypeError", told)
            builder.branch(self._failed)
        given = [self._read(kind, self._item(args, number)) for number, kind in enumerate(kinds)]
        called = self.context.call_conv.call_function
        status, result = called(builder, self.func, self.fndesc.restype, kinds, given, attrs=("noinline",))
        with builder.if_then(status.is_ok, likely=True):
            with builder.if_then(status.is_none):
                api.return_none()
            builder.ret(api.from_native_return(self._simplified_return_type(), result, None))
        self.context.call_conv.raise_error(builder, api, status)
        builder.ret(api.get_null_object())

    def _word(self, where: Any, offset: int, kind: Any) -> Any:
        """What lies so many bytes behind a pointer."""
        builder = self._builder
        place = builder.gep(builder.bitcast(where, cgutils.voidptr_t), [cgutils.intp_t(offset)])
        return builder.load(builder.bitcast(place, kind.as_pointer()))

    def _item(self, items: Any, number: int) -> Any:
        """One of a tuple, which is held as long as that is."""
        return self._word(items, _ITEMS + _WORD * number, self._api.pyobj)

    def _read(self, kind: Any, obj: Any) -> Any:
        """What a function is handed of an object of Python."""
        if isinstance(kind, types.BaseAnonymousTuple):
            found = [self._read(one, self._item(obj, number)) for number, one in enumerate(kind.types)]
            return self.context.make_tuple(self._builder, kind, found)
        if isinstance(kind, types.Array):
            return self._array(kind, obj)
        if kind == types.float64:
            return self._word(obj, _NUMBER, ir.DoubleType())
        if kind == types.int64:
            return self._whole(obj)
        native = self._api.to_native_value(kind, obj)
        with cgutils.if_unlikely(self._builder, native.is_error):
            self._builder.branch(self._failed)
        return native.value

    def _whole(self, obj: Any) -> Any:
        """A whole number, of whatever kind: the only value that may be a sign of failure is looked at twice."""
        builder, found = self._builder, self._api.long_as_longlong(obj)
        looks_so = builder.icmp_signed("==", found, found.type(-1))
        with cgutils.if_unlikely(builder, looks_so), cgutils.if_unlikely(builder, self._api.c_api_error()):
            builder.branch(self._failed)
        return found

    def _array(self, kind: Any, obj: Any) -> Any:
        """Where an array lies and how long it is; it has no owner, as it is lent."""
        builder, context = self._builder, self.context
        array = context.make_array(kind)(context, builder)
        shape, strides = [self._word(obj, place, cgutils.voidptr_t) for place in (_SHAPE, _STRIDES)]
        lengths, steps = [
            [self._word(where, _WORD * axis, cgutils.intp_t) for axis in range(kind.ndim)]
            for where in (shape, strides)
        ]
        items = cgutils.intp_t(1)
        for length in lengths:
            items = builder.mul(items, length)
        array.data = builder.bitcast(self._word(obj, _MEMORY, cgutils.voidptr_t), array.data.type)
        array.shape, array.strides = cgutils.pack_array(builder, lengths), cgutils.pack_array(builder, steps)
        array.nitems = items
        array.itemsize = cgutils.intp_t(as_dtype(kind.dtype).itemsize)
        array.meminfo, array.parent = (
            cgutils.get_null_value(one.type) for one in (array.meminfo, array.parent)
        )
        return array._getvalue()
