"""The parser without recursion accepts what Python's own parser accepts, and nothing else."""

import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fireworks_engine.deep_json import NESTED, parse_deep_object

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-9, 9)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
DOCUMENT = st.dictionaries(st.sampled_from(["seq", "x", ""]), JSON, max_size=3) | JSON


def refuse(_: str) -> Any:
    raise ValueError


def usual(text: str) -> object:
    try:
        found = json.loads(text, parse_int=float, parse_constant=refuse)
    except ValueError:
        return "refused"
    if not isinstance(found, dict):
        return None
    return {k: NESTED if isinstance(v, dict | list) else v for k, v in found.items()}


def deep(text: str) -> object:
    try:
        return parse_deep_object(text)
    except ValueError:
        return "refused"


@given(DOCUMENT, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_whole_documents(document: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    assert deep(text) == usual(text)


@given(DOCUMENT, st.data())
def test_documents_with_a_piece_put_in_or_cut_out(document: object, data: st.DataObject) -> None:
    text = json.dumps(document)
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(
        st.sampled_from(
            ["", ",", "]", "}", "{", "[", ":", '"', "0", "-", ".", "e", "\\", "tru", "\n", " ", "NaN", "\u0661"]
        )
    )
    cut = data.draw(st.integers(0, 2))
    text = text[:at] + piece + text[at + cut :]
    assert deep(text) == usual(text)


def test_numbers_are_doubles() -> None:
    found = parse_deep_object('{"a":1e400,"b":17,"a":-0}')
    assert found == {"a": 0.0, "b": 17.0}
    assert found is not None and math.copysign(1, float(str(found["a"]))) == -1
