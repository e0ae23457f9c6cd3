"""What a scalar of a YAML file means: the core schema of YAML 1.2, without exception."""

from __future__ import annotations

import math
import re

NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = frozenset((".nan", ".NaN", ".NAN"))
_STARTS = frozenset(
    "+-.0123456789"
)  # of everything that is not text; nothing and truth are words of their own
_LONGEST_INTEGER = 30  # digits; Python refuses to read whole numbers of thousands of digits
_PREFIX = "tag:yaml.org,2002:"

type Scalar = str | int | float | bool | None


class ScalarError(ValueError):
    """The scalar cannot be read; the text says why."""


def resolve(text: str, tag: str | None, *, plain: bool) -> Scalar:
    """Return the value of a scalar.

    Parameters
    ----------
    text
        The scalar as written, quotes and escapes taken away.
    tag
        An explicit tag, or None.
    plain
        Written without quotes and without a tag.

    Raises
    ------
    ScalarError
        If the tag is unknown, the text does not fit it, or the value is out of reach of a computer number.
    """
    plainly = text.isascii() and text.isprintable()
    if not plainly and (NOT_PRINTABLE.search(text) or "\x85" in text):
        raise ScalarError("this text holds an escaped control character")
    if tag is None and plain:
        return core_value(text)
    if tag in (None, "!", f"{_PREFIX}str"):
        return text
    value = core_value(text)
    wanted = {"null": type(None), "bool": bool, "int": int, "float": float}.get(
        str(tag).removeprefix(_PREFIX)
    )
    if wanted is None:
        raise ScalarError(f"tag '{tag}' is not supported")
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ScalarError(f"'{text}' does not fit its tag '{str(tag).replace(_PREFIX, '!!')}'")
    return value


def core_value(text: str) -> Scalar:
    """Return the value of a plain scalar in the core schema of YAML 1.2.

    Raises
    ------
    ScalarError
        If a number is too long or too large.
    """
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in _STARTS:
        return text
    for pattern, base in ((_INTEGER, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            if len(text) > _LONGEST_INTEGER:
                raise ScalarError("this number has too many digits")
            return int(text, base)
    if _FLOAT.fullmatch(text):
        value = float(text)
        if math.isinf(value):
            raise ScalarError("this number is too large")
        return value
    if _INFINITE.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    if text in _NOT_A_NUMBER:
        return math.nan
    return text
