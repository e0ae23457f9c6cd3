"""Compiled functions from disk, several times quicker than numba reads them itself.

numba keeps machine code of a function together with code for linking it into others, and at every start of a process
reads both, looks through both for names, and makes all of its own typing ready to compile. A run that finds two hundred
functions on disk compiles nothing and links nothing: it needs the machine code and where it begins. That is what is
read here; the rest is read when somebody asks for it. It reaches into parts of numba that may change, so any version
but those tried reads in its own way.
"""

from __future__ import annotations

import contextlib
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import _dynfunc
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys

TRIED = ("0.68",)
"""Versions of numba whose files are read here."""


def tried(version: str) -> bool:
    """Whether files of this version of numba are known to be read well."""
    return version.rpartition(".")[0] in TRIED


class _Code(JITCodeLibrary):
    """Machine code of a function, whose code for linking is read when a function being compiled calls it."""

    _shared_module: Any

    def __init__(self, codegen: Any, name: str, linking: bytes) -> None:
        super().__init__(codegen, name)
        self._linking = linking
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None:
            self._shared_module = llvm.parse_bitcode(self._linking)
        return self._shared_module


class _Reader(CompileResultCacheImpl):
    """Makes what was stored a function again."""

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        (name, kind, data), fndesc, env, signature, objectmode, lifted, notes, again, others = payload
        if kind != "object" or objectmode or again:
            return super().rebuild(target_context, payload)
        codegen = target_context.codegen()
        machine = codegen._engine._ee
        machine.add_object_file(llvm.ObjectFileRef.from_data(data[0]))
        machine.finalize_object()
        begins = machine.get_function_address(fndesc.llvm_cpython_wrapper_name)
        if not begins:
            raise RuntimeError(f"no machine code of {fndesc.qualname} in what is kept of it")
        library = _Code(codegen, name, data[1])
        entry = _dynfunc.make_function(
            fndesc.lookup_module(), fndesc.qualname, f"compiled {fndesc.qualname}", begins, env, (library,)
        )
        codegen.set_env(target_context.get_env_name(fndesc), env)
        for other in others:
            codegen.set_env(other.env_name, other)
        return CompileResult(
            target_context=target_context,
            typing_context=target_context.typing_context,
            library=library,
            environment=env,
            entry_point=entry,
            fndesc=fndesc,
            type_annotation=notes,
            signature=signature,
            objectmode=objectmode,
            lifted=lifted,
            typing_error=None,
            call_helper=None,
            metadata=None,
            reload_init=again,
            referenced_envs=others,
        )


class KeptCode(FunctionCache):
    """What is on disk of one function, in the files and under the keys of numba."""

    _impl_class = _Reader
    _target: tuple[str, ...] = ()

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Find the function for these types; None if it has yet to be compiled, which makes numba's typing ready."""
        if not KeptCode._target:
            rtsys.initialize(target_context)  # counts references to arrays, in every function
            KeptCode._target = target_context.codegen().magic_tuple()
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)

    def magic_tuple(self) -> tuple[str, ...]:
        """Name of the processor and what it can, asked once."""
        return self._target

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return super()._index_key(sig, self)


def keep(function: Any) -> None:
    """Let a function of ``numba.njit`` be kept on disk: beside its file, or where the user may write.

    Where neither can be written to, it is compiled in every process.
    """
    with contextlib.suppress(RuntimeError):  # numba's word for no place to keep it
        if tried(numba.__version__):
            function._cache = KeptCode(function.py_func)
        else:
            function.enable_caching()
