"""Plain data written as YAML, each value with a remark behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from wijksim.core.documents import KeyPath
from wijksim.core.scalars import NOT_PRINTABLE, core_value

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def to_yaml(data: Mapping[str, Any], remark: Callable[[KeyPath], str]) -> str:
    """Write nested mappings, lists and scalars as YAML.

    Parameters
    ----------
    data
        Mappings with text keys, lists, text, numbers and booleans.
    remark
        Gives the comment behind the value at a key path.
    """
    lines: list[str] = []
    _mapping(lines, data, (), remark, "")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Return a text as YAML writes it: bare if that reads as the same text, else in double quotes."""
    if _PLAIN.fullmatch(text) and core_value_is_text(text):
        return text
    escaped = json.dumps(text, ensure_ascii=False)
    return _BREAKS.sub(_escape, NOT_PRINTABLE.sub(_escape, escaped))


def core_value_is_text(text: str) -> bool:
    """Tell whether a bare word is read back as text."""
    try:
        return isinstance(core_value(text), str)
    except ValueError:
        return False


def _escape(match: re.Match[str]) -> str:
    number = ord(match.group())
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _mapping(
    lines: list[str],
    data: Mapping[str, Any],
    path: tuple[str | int, ...],
    remark: Callable[[KeyPath], str],
    pad: str,
) -> None:
    for key, value in data.items():
        _value(lines, f"{pad}{quoted(key)}:", value, (*path, key), remark)


def _value(
    lines: list[str], head: str, value: Any, path: tuple[str | int, ...], remark: Callable[[KeyPath], str]
) -> None:
    pad = " " * (len(head) - len(head.lstrip()) + 2)
    if isinstance(value, Mapping) and value:
        lines.append(head)
        _mapping(lines, value, path, remark, pad)
    elif isinstance(value, list) and value:
        lines.append(head)
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                start = len(lines)
                _mapping(lines, item, (*path, index), remark, f"{pad}  ")
                lines[start] = f"{pad}- {lines[start].lstrip()}"
            else:
                lines.append(_line(f"{pad}-", item, remark((*path, index))))
    else:
        lines.append(_line(head, value, remark(path)))


def _line(head: str, value: Any, remark: str) -> str:
    comment = " ".join(NOT_PRINTABLE.sub("?", remark).split())
    return f"{head} {_scalar(value)}  # {comment}"


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "{}" if value == {} else "[]" if value == [] else repr(value)
