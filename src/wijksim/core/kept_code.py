"""Compiled functions from disk, many times quicker than numba reads them itself.

numba keeps machine code of a function together with its types and with code for linking it into others, and at every
start of a process reads all of them, looks through them for names, and makes all of its own typing ready to compile. A
run that finds two hundred functions on disk compiles nothing and links nothing: it needs the machine code and where it
begins. So that is what a file holds in plain sight; the rest lies in it as it was packed, and is unpacked when somebody
asks for it. All functions known when the first of them is wanted are read together, so that their machine code comes to
lie together: each by itself on pages of its own, a month that runs through all of them is a thirtieth slower. From then
on each stands ready for the types that it was kept for, as numba takes twice as long to find out at a first call what
it is called with. This reaches into parts of numba that may change, so any version but those tried keeps and reads in
its own way.

Functions of all files may call those that draw (:mod:`wijksim.core.mixing`), so what is kept of any is of one version
of its own file and one of that, and of the constants that it finds under the names it uses.
"""

from __future__ import annotations

import contextlib
import importlib
import pickle
from collections.abc import Callable, Iterable
from enum import EnumType
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, cast
from zlib import crc32

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import _dynfunc
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.codegen import CodeLibrary, JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher
from numba.core.environment import _rebuild_env
from numba.core.runtime import rtsys
from numba.core.serialize import dumps
from numba.core.typing import Signature

from wijksim.core.kinds import read, written

TRIED = ("0.68",)
"""Versions of numba whose functions are kept and read here."""

type _Names = tuple[tuple[str, ...], str, str, str, str]
"""Types of the arguments of a function in short (none if one has no short form), and what it and its way in are called.
"""

type _Parts = tuple[_Names, list[tuple[str, list[Any], str]], bytes]
"""Names of a function, what surrounds it and all else of it as it was packed."""

type Rest = Callable[[], tuple[bytes, Any, Signature]]
"""Code for linking, description and signature of a function, unpacked at the first call."""

SHARED = Path(__file__).with_name("mixing.py")
"""File whose functions may be called by compiled functions of other files."""

FORM = "ready"
"""Name of the form in which functions are kept: to be changed with it."""


def tried(version: str) -> bool:
    """Whether functions of this version of numba are known to be kept and read well."""
    return version.rpartition(".")[0] in TRIED


class _Code(JITCodeLibrary):
    """Machine code of a function, whose code for linking is read when a function being compiled calls it."""

    def __init__(self, codegen: Any, name: str, rest: Rest) -> None:
        CodeLibrary.__init__(self, codegen, name)  # without the empty module that a library is built up in
        self._linking_libraries: list[Any] = []
        self._final_module: Any = None
        self._shared_module: Any = None
        self._rest = rest
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None:
            self._shared_module = llvm.parse_bitcode(self._rest()[0])
        return self._shared_module


class _Description:
    """What numba knows about a function; types of its arguments are known without unpacking it."""

    def __init__(self, kinds: tuple[Any, ...], rest: Rest) -> None:
        self.argtypes, self._rest = kinds, rest

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rest()[1], name)


class _Signature(Signature):
    """Signature of a function; types of its arguments are known without unpacking it."""

    __slots__ = ("_rest",)

    def __init__(self, kinds: tuple[Any, ...], rest: Rest) -> None:
        super().__init__(None, kinds, None)
        self._rest = rest

    @property
    def return_type(self) -> Any:
        return self._rest()[2].return_type

    @property
    def pysig(self) -> Any:
        return self._rest()[2].pysig


class _Keeper(CompileResultCacheImpl):
    """Makes of a function what is stored, and makes what was stored a function again."""

    def reduce(self, compiled: Any) -> Any:
        whole = super().reduce(compiled)
        (name, kind, data), fndesc, env, signature, objectmode, lifted, _, again, others = whole
        if kind != "object" or objectmode or lifted or again:
            return whole
        machine, linking = data
        names = (
            _short(signature.args),
            name,
            fndesc.modname,
            fndesc.qualname,
            fndesc.llvm_cpython_wrapper_name,
        )
        # in what surrounds functions that were compiled into this one, only constants are ever looked up
        used = [env, *(one for one in others if one.consts and one is not env)]
        around = [(one.globals["__name__"], list(one.consts), one.env_name) for one in used]
        parts = pickle.dumps((names, around, machine, dumps((linking, fndesc, signature))))
        return FORM, KeptCode._target, crc32(parts), parts

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        """Name of the files: not that of numba's own, whose lists take long to read."""
        return f"{FORM}-{super().get_filename_base(fullname, abiflags)}"

    def made(self, target_context: Any, kinds: tuple[Any, ...], parts: _Parts) -> Any:
        """The function for arguments of these types, of which the machine code is in place."""
        (_, name, module, qualname, wrapper), around, packed = parts

        @cache
        def rest() -> tuple[bytes, Any, Signature]:
            return cast(tuple[bytes, Any, Signature], pickle.loads(packed))

        codegen = target_context.codegen()
        begins = codegen._engine._ee.get_function_address(wrapper)
        if not begins:
            raise RuntimeError(f"no machine code of {qualname} in what is kept of it")
        library, description = _Code(codegen, name, rest), _Description(kinds, rest)
        home, envs = importlib.import_module(module), [_rebuild_env(*one) for one in around]
        entry = _dynfunc.make_function(home, qualname, f"compiled {qualname}", begins, envs[0], (library,))
        for one in envs:
            codegen.set_env(one.env_name, one)
        return CompileResult(
            target_context=target_context,
            typing_context=target_context.typing_context,
            library=library,
            environment=envs[0],
            entry_point=entry,
            fndesc=description,
            type_annotation="",
            signature=_Signature(kinds, rest),
            objectmode=False,
            lifted=(),
            typing_error=None,
            call_helper=None,
            metadata=None,
            reload_init=[],
            referenced_envs=tuple(envs),
        )


def _short(kinds: Iterable[Any]) -> tuple[str, ...]:
    """Types of arguments in short; nothing if one of them has no short form."""
    try:
        return tuple(map(written, kinds))
    except ValueError:
        return ()


_long = cache(read)


def constants_of(function: Callable[..., Any]) -> list[str]:
    """What a function, and those it calls, find under the names they use: constants of other files may be among it."""
    found, waiting, seen = [], [function], set()
    while waiting:
        one = waiting.pop()
        code = one.__code__
        if code in seen:
            continue
        seen.add(code)
        for name in code.co_names:
            value = one.__globals__.get(name)
            if isinstance(value, Dispatcher):
                waiting.append(value.py_func)
            elif isinstance(value, EnumType):
                members: list[Any] = list(value)
                found.append(f"{name} {[(member.name, member.value) for member in members]}")
            elif isinstance(value, np.ndarray):
                found.append(f"{name} {value.dtype.str} {value.shape} {value.tobytes().hex()}")
            elif isinstance(value, int | float | complex | str | bytes | tuple | np.generic):
                found.append(f"{name} {value!r}")
    return found


@cache
def _shared_stamp() -> tuple[float, int]:
    """Which version there is of the file whose functions may be compiled into those of all others."""
    about = SHARED.stat()
    return about.st_mtime, about.st_size


class KeptCode(FunctionCache):
    """What is on disk of one function, in files of its own beside those of numba.

    Attributes
    ----------
    all
        Those of all functions so far.
    ahead
        Whether functions are made ready before they are called; without, those that are ready are those in use.
    """

    _impl_class = _Keeper
    _target = ""
    all: ClassVar[list[KeptCode]] = []
    ahead: ClassVar[bool] = True

    def __init__(self, function: Any) -> None:
        super().__init__(function.py_func)
        self._function = function
        self._placed: dict[str, _Parts] = {}  # functions of which the machine code is in place
        self._told = b""  # code and constants of the function, once anybody has asked
        KeptCode.all.append(self)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Find the function for these types; None if it has yet to be compiled, which makes numba's typing ready."""
        if not KeptCode._target:
            rtsys.initialize(target_context)  # counts references to arrays, in every function
            KeptCode._target = " ".join(map(str, target_context.codegen().magic_tuple()))
            _place_all(target_context, (self, self._index_key(sig, None)))
        key = self._index_key(sig, None)
        if key not in self._placed:
            with self._guard_against_spurious_io_errors():
                stored = self._read(key) if self._enabled else None
                if stored is None:
                    return None
                if stored[0] != FORM:
                    return self._impl.rebuild(target_context, stored)
                self._placed[key] = _place(target_context, pickle.loads(stored[-1]))
        return self._impl.made(target_context, tuple(sig), self._placed[key])

    def place(self, target_context: Any, seen: set[str]) -> None:
        """Put machine code of all that is on disk in its place, and remember by what names it is called there.

        Of a disk that several processors share there may be two of one name: the second is left where it is.
        """
        with self._guard_against_spurious_io_errors():
            for key in self._listed() if self._enabled else ():
                stored = self._read(key)
                if stored is None or stored[:2] != (FORM, KeptCode._target):
                    continue
                whole = pickle.loads(stored[-1])
                kinds, *_, wrapper = whole[0]
                fits = not kinds or key == self._index_key(tuple(map(_long, kinds)), None)
                if fits and wrapper not in seen:  # what does not was kept with other constants
                    seen.add(wrapper)
                    self._placed[key] = _place(target_context, whole, last=False)

    def make_ready(self, target_context: Any, but: tuple[KeptCode, str]) -> None:
        """Let the function be called with all types whose machine code is in place, but for what is asked for."""
        for key, parts in self._placed.items():
            kinds = tuple(map(_long, parts[0][0]))
            if kinds and (self, key) != but:
                made = self._impl.made(target_context, kinds, parts)
                target_context.insert_user_function(made.entry_point, made.fndesc, [made.library])
                self._function.add_overload(made)
                self._function._cache_hits[kinds] += 1

    def _listed(self) -> tuple[str, ...]:
        """Keys of the list of what is on disk; none if it is spoiled."""
        try:
            return tuple(self._cache_file._load_index())
        except OSError:
            raise
        except Exception:  # whatever bytes at random make of reading them
            self._forget()
            return ()

    def _read(self, key: str) -> Any:
        """What a file of this function holds; None where there is none, or it is spoiled and has to be written anew."""
        try:
            seal, stored = self._cache_file.load(key) or (None, None)
            if stored and stored[0] == FORM and crc32(stored[-1]) != stored[2]:
                raise ValueError("a byte of what is kept is another than was written")
        except OSError:
            raise
        except Exception:  # whatever bytes at random make of reading them
            self._forget()
            return None
        return stored if seal == self._seal(key) else None

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            self._cache_file.flush()

    def _save_overload(self, sig: Any, data: Any) -> None:
        if self._enabled and self._impl.check_cachable(data):
            self._impl.locator.ensure_cache_path()
            key = self._index_key(sig, None)
            self._cache_file.save(key, (self._seal(key), self._impl.reduce(data)))

    def _seal(self, key: str) -> tuple[str, Any]:
        """What a file belongs to: of processes that compile at the same time, one may list what another writes."""
        return key, self._cache_file._source_stamp

    def _index_key(self, sig: Any, codegen: Any) -> str:
        """Types, processor, code and constants of the function in a word: types themselves take long to read."""
        if not self._told:
            self._told = self._py_func.__code__.co_code + "\n".join(constants_of(self._py_func)).encode()
        told = "\n".join((FORM, self._target, *map(str, sig)))
        return blake2b(told.encode() + self._told, digest_size=16).hexdigest()


def _place(target_context: Any, whole: Any, *, last: bool = True) -> _Parts:
    """Put machine code in its place, for good if nothing else is to lie beside it."""
    names, around, data, packed = whole
    machine = target_context.codegen()._engine._ee
    machine.add_object_file(llvm.ObjectFileRef.from_data(data))
    if last:
        machine.finalize_object()
    return names, around, packed


def _place_all(target_context: Any, asked: tuple[KeptCode, str]) -> None:
    """Put machine code of all functions known so far in its place, together, and make all but one ready."""
    seen: set[str] = set()
    for one in KeptCode.all:
        one.place(target_context, seen)
    target_context.codegen()._engine._ee.finalize_object()
    for one in KeptCode.all if KeptCode.ahead else ():
        one.make_ready(target_context, asked)


def keep(function: Any) -> None:
    """Let a function of ``numba.njit`` be kept on disk: beside its file, or where the user may write.

    Where neither can be written to, it is compiled in every process. What a function closes over is no part of our
    keys, so one that closes over anything is kept in numba's way.
    """
    with contextlib.suppress(RuntimeError):  # numba's word for no place to keep it
        if tried(numba.__version__) and function.py_func.__closure__ is None:
            function._cache = KeptCode(function)
        else:
            function.enable_caching()
        files = function._cache._cache_file
        files._source_stamp = (files._source_stamp, _shared_stamp())
