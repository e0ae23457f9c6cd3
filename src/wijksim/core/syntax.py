"""What the parser of YAML refuses, in plain words and at the place where people look for it."""

from __future__ import annotations

from typing import Final

import yaml

from wijksim.core.errors import Problem

_COLON: Final = "a ':' is not expected here (wrong indentation, or text that needs quotes)"
_PLAIN_WORDS: Final = {
    "found character that cannot start any token": "this character cannot start a value "
    "(a tab may not indent; text that starts with % @ ` needs quotes)",
    "found character '\\t' that cannot start any token": "a tab may not indent, use spaces",
    "mapping values are not allowed here": _COLON,
    "mapping values are not allowed in this context": _COLON,
    "found unexpected ':'": "a space is missing after this ':'",
    "did not find expected key": "a key is expected here (check the indentation)",
    "could not find expected ':'": "a ':' is missing after this key",
    "did not find expected ',' or ']'": "a ',' or ']' is missing",
    "did not find expected ',' or '}'": "a ',' or '}' is missing",
    "found unexpected end of stream": "a quote is not closed",
    "did not find expected node content": "a value is expected here",
    "did not find expected '-' indicator": "an item '- ...' is expected here (check the indentation)",
}


def place(text: str, index: int) -> tuple[int, int]:
    """Return line and column of a character, counted from 1."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def syntax_problem(name: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """Return what the parser says of the text of a file as a problem."""
    mark = error.problem_mark or error.context_mark
    reason = error.problem or error.context or "the parser gives no reason"
    # The parser notices an unclosed quote or bracket at the end of the file; people look for where it opens.
    if error.context_mark is not None and mark is not None and mark.line >= text.rstrip().count("\n") + 1:
        mark = error.context_mark
    line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
    lines = text.splitlines()
    if 0 < line <= len(lines) and "cannot start any token" in reason and "\t" in lines[line - 1][:column]:
        reason = "found character '\\t' that cannot start any token"
    return Problem(name, line, column, f"not valid YAML: {_PLAIN_WORDS.get(reason, reason)}")
