"""What a checkpoint can hold comes back as it was; what it may not name is refused."""

from __future__ import annotations

import collections
import datetime
import functools
import json
import operator
import os
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wijksim.runs.checkpoints.decode import Decoder
from wijksim.runs.checkpoints.encode import Encoder
from wijksim.runs.checkpoints.names import NotAllowedError, NotKeptError
from wijksim.state.codes import Activity

HERE = (__name__,)


class Code(IntEnum):
    ONE = 1
    TWO = 2


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: int


class Plain:
    """Ordinary, with a reference to itself and a bound method."""

    def __init__(self) -> None:
        self.me = self
        self.speak = self.hello
        self.both = (self, [self])

    def hello(self) -> str:
        return "hello"


class Own:
    """Leaves out of its state what follows from the rest."""

    def __init__(self) -> None:
        self.values = np.arange(4)
        self.view = self.values[:2]

    def __getstate__(self) -> dict[str, Any]:
        return {"values": self.values}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.values = state["values"]
        self.view = self.values[:2]


def shout(text: str) -> str:
    return text.upper()


def again(found: Any) -> Any:
    """There and back, over the text of a JSON file."""
    encoder = Encoder(HERE)
    root = encoder.value(found)
    text = json.dumps([root, encoder.nodes], allow_nan=False)
    root, nodes = json.loads(text)
    return Decoder(nodes, encoder.arrays(), HERE).value(root)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.integers(), st.text()), inner)
    ),
    max_leaves=20,
)


@given(plain)
@settings(max_examples=40)
def test_plain_data_comes_back(found: Any) -> None:
    # repr tells 0.0 from -0.0, True from 1, and is the same for two NaN
    assert repr(again(found)) == repr(found)


@given(
    hnp.arrays(
        hnp.boolean_dtypes() | hnp.integer_dtypes() | hnp.floating_dtypes(sizes=(32, 64)) | hnp.datetime64_dtypes(),
        hnp.array_shapes(min_dims=0, min_side=0),
    )
)  # fmt: skip
@settings(max_examples=40)
def test_arrays_come_back_bit_for_bit(found: np.ndarray) -> None:
    for one in (found, np.asfortranarray(found), found.T, found[..., ::2] if found.ndim else found):
        back = again([one, one])
        assert back[0] is back[1]
        assert (back[0].dtype, back[0].shape, back[0].tobytes()) == (one.dtype, one.shape, one.tobytes())
        assert back[0].flags.f_contiguous or not one.flags.f_contiguous


@pytest.mark.parametrize(
    "found",
    [
        {1, 2, 3},
        frozenset({"a"}),
        Code.TWO,
        {Code.ONE: Activity(1)},
        Pair(1, [Code.TWO]),
        Point(1.5, 2),
        datetime.date(2025, 1, 31),
        datetime.datetime(2025, 1, 31, 12, 30, 1, 5),
        datetime.timedelta(3, 4, 5),
        collections.deque([1, 2], maxlen=3),
        collections.defaultdict(list, {"a": [1]}),
        collections.Counter("aab"),
        collections.OrderedDict([("b", 1), ("a", 2)]),
        range(1, 9, 2),
        slice(None, 4),
        np.float64(0.1),
        np.int8(-3),
        np.bool_(True),
        np.dtype(np.float32),
        np.float32,
        int,
        Code,
        Plain,
        shout,
        2**64 - 1,
        (float("nan"), float("inf"), -0.0),
        np.array([None, "a", [1]], dtype=object),
    ],
    ids=lambda found: getattr(found, "__name__", repr(found)),
)
def test_each_kind_comes_back(found: Any) -> None:
    back = again(found)
    assert type(back) is type(found)
    assert repr(back) == repr(found)


def test_callables_made_of_plain_parts_come_back() -> None:
    assert again(operator.itemgetter("b", "a"))({"a": 1, "b": 2}) == (2, 1)
    assert again(functools.partial(shout, text="hey"))() == "HEY"


def test_cycles_shared_references_and_methods_come_back() -> None:
    back = again([plain := Plain(), plain])
    assert back[0] is back[1] is back[0].me is back[0].both[0] is back[0].both[1][0]
    assert back[0].speak.__self__ is back[0]
    assert back[0].speak() == "hello"
    circle: list[Any] = []
    circle.append((circle,))
    found = again(circle)
    assert found[0][0] is found


def test_a_class_decides_what_its_state_is() -> None:
    back = again(Own())
    back.values[0] = 7
    assert back.view[0] == 7


class Foreign(dict[str, int]):
    """A subclass of a container, whose state would be lost."""


@pytest.mark.parametrize("found", [lambda: 1, Foreign(), (n for n in ()), os.getcwd, np.zeros(2, "i4,f8")])
def test_what_cannot_be_kept_is_said_with_its_place(found: Any) -> None:
    holder = Plain()
    holder.inner = {"odd": found}  # type: ignore[attr-defined]
    with pytest.raises(NotKeptError, match=r"in Plain\.inner\.odd"):
        again(holder)


def test_a_local_class_cannot_be_kept() -> None:
    class Local:
        pass

    with pytest.raises(NotKeptError, match="Local"):
        again(Local())


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "posix:system",
        "builtins:eval",
        "subprocess:Popen",
        "wijksim.runs.run:json",
        "wijksim.runs.run:Path",
        "wijksim.runs.run:np.ndarray",
        "wijksim.runs.checkpoints.names:importlib.import_module",
        "wijksim.runs.run:nothing",
        "wijksim.nowhere:Thing",
        "wijksim.__main__:main",
        "wijksimilar:Thing",
        "functools:reduce",
        "nonsense",
    ],
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(NotAllowedError):
        Decoder([["named", name]], {}).value([0])


@pytest.mark.parametrize(
    "node",
    [
        ["made", [1], ["true"]],
        ["enum", [1], "ONE"],
        ["record", [1], []],
        ["object", "text", {}],
        ["method", [1], "hello"],
        ["unheard-of"],
    ],
)
def test_a_class_is_not_used_for_what_it_is_not(node: list[Any]) -> None:
    with pytest.raises(NotAllowedError):
        Decoder([node, ["named", f"{__name__}:Plain"]], {}, HERE).value([0])
