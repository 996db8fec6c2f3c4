"""Parses JSON that is nested deeper than Python's parsers allow.

JSON.parse of the TypeScript engine has no such limit, and a tick may have further fields that no
engine reads. Only such texts come here, so speed does not matter. Instead of recursion it keeps a
stack of the open brackets.
"""

import re
from collections.abc import Callable
from json import decoder
from typing import Final

#: Takes the index after the opening quote. Returns the text, and the index after the closing quote.
#: It belongs to Python's own parser; typeshed does not have it.
scanstring: Final[Callable[[str, int, bool], tuple[str, int]]] = decoder.scanstring  # type: ignore[attr-defined]

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}
#: A placeholder for an array or object inside the outermost object.
NESTED: Final = object()


def parse_deep_object(text: str) -> dict[str, object] | None:
    """The fields of the outermost object. A nested array or object is NESTED.

    Returns None for JSON that is not an object. Raises ValueError for invalid JSON.
    """
    fields: dict[str, object] = {}
    closers: list[str] = []
    key = ""
    at = _skip(text, 0)
    is_object = text[at : at + 1] == "{"
    while True:
        # A value is expected here.
        opener = text[at : at + 1]
        if opener in ("{", "["):
            if is_object and len(closers) == 1:
                fields[key] = NESTED
            closers.append("}" if opener == "{" else "]")
            at = _skip(text, at + 1)
            if text[at : at + 1] != closers[-1]:
                if opener == "{":
                    name, at = _key(text, at)
                    key = name if len(closers) == 1 else key
                continue
        else:
            value, at = _scalar(text, at)
            if is_object and len(closers) == 1:
                fields[key] = value
        # After a value: closing brackets, then the end or a comma.
        at = _skip(text, at)
        while closers and text[at : at + 1] == closers[-1]:
            closers.pop()
            at = _skip(text, at + 1)
        if not closers:
            if at != len(text):
                raise ValueError(f"something after the end, at {at}")
            return fields if is_object else None
        if text[at : at + 1] != ",":
            raise ValueError(f"no comma or {closers[-1]} at {at}")
        at = _skip(text, at + 1)
        if closers[-1] == "}":
            name, at = _key(text, at)
            key = name if len(closers) == 1 else key


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _key(text: str, at: int) -> tuple[str, int]:
    """A field's name, and the index where its value begins."""
    if text[at : at + 1] != '"':
        raise ValueError(f"no name at {at}")
    name, at = scanstring(text, at + 1, True)
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise ValueError(f"no colon at {at}")
    return name, _skip(text, at + 1)


def _scalar(text: str, at: int) -> tuple[object, int]:
    if text[at : at + 1] == '"':
        return scanstring(text, at + 1, True)
    number = _NUMBER.match(text, at)
    if number is not None:
        return float(number[0]), number.end()
    for word, value in _WORDS.items():
        if text.startswith(word, at):
            return value, at + len(word)
    raise ValueError(f"no value at {at}")
