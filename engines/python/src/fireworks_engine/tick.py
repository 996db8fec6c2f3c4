"""Decides which bytes are a tick, exactly as packages/contracts/src/tick.ts does.

vectors/tick-vectors.jsonl checks that.
"""

import json
import math
import sys
from collections.abc import Container
from typing import Any, Final, NamedTuple, NoReturn

import orjson

from .deep_json import parse_deep_object
from .errors import Refused

DEVICE_ID_CODE_POINTS_MAX: Final = 128
SEQ_MAX: Final = 2**53 - 1
#: The last millisecond that a JavaScript Date can represent.
TIMESTAMP_MAX: Final = 8_640_000_000_000_000
FLOAT_MAX: Final = sys.float_info.max


class Tick(NamedTuple):
    """One tick of one device's clock. No number in it is -0.

    timestamp: ms since 1970; drift: 1/s; volatility: 1/sqrt(s).
    """

    device_id: str
    seq: int
    timestamp: int
    drift: float
    volatility: float


def parse_tick(key: bytes | None, value: bytes | None, known: Container[str] = ()) -> Tick:
    """The tick in a record. known: DeviceIDs that were accepted before and need no new check.

    Raises Refused with the first of these codes that applies: no-value, bad-encoding, bad-json,
    bad-field, bad-key.
    """
    if not value:
        raise Refused("no-value", "the record has no value")
    try:
        fields = orjson.loads(value)
    except orjson.JSONDecodeError:
        # orjson refuses more than JSON.parse does: lone surrogates, and numbers beyond a double.
        # So the slow parser decides.
        fields = _parse_slowly(value)
    if type(fields) is not dict:
        raise Refused("bad-json", "the value is not a JSON object")
    get = fields.get
    device_id = get("deviceId")
    if type(device_id) is not str or device_id not in known:
        device_id = _device_id(device_id)
    tick = Tick(
        device_id,
        _integer("seq", get("seq"), SEQ_MAX),
        _integer("timestamp", get("timestamp"), TIMESTAMP_MAX),
        _finite("drift", get("drift"), -FLOAT_MAX),
        _finite("volatility", get("volatility"), 0.0),
    )
    if key != device_id.encode():
        raise Refused("bad-key", "the record's key is not its deviceId")
    return tick


def _parse_slowly(value: bytes) -> Any:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("bad-encoding", "the value is not UTF-8") from error
    if text.startswith("\ufeff"):
        raise Refused("bad-encoding", "the value begins with a byte order mark")
    try:
        # Integers are doubles, as in JavaScript: one of 400 digits is infinite.
        try:
            return json.loads(text, parse_int=float, parse_constant=_no_constant)
        except RecursionError:
            return parse_deep_object(text)
    except ValueError as error:
        raise Refused("bad-json", str(error)) from error


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _device_id(x: Any) -> str:
    # Not isprintable, which refuses characters that the contract allows.
    if (
        type(x) is not str
        or not 1 <= len(x) <= DEVICE_ID_CODE_POINTS_MAX
        or any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in x)
    ):
        raise Refused(
            "bad-field",
            f"deviceId: a string of 1 to {DEVICE_ID_CODE_POINTS_MAX} code points"
            " without control characters or lone surrogates",
        )
    return x


def _integer(name: str, x: Any, high: int) -> int:
    # type() instead of isinstance, because True is an int in Python.
    if type(x) is int and 0 <= x <= high:
        return x
    if type(x) is float and 0 <= x <= high and x == math.floor(x):
        return int(x)
    raise Refused("bad-field", f"{name}: an integer from 0 to {high}")


def _finite(name: str, x: Any, low: float) -> float:
    if type(x) is float or type(x) is int:
        number = float(x)
        if low <= number <= FLOAT_MAX:
            return number + 0.0  # -0 + 0 is 0
    raise Refused("bad-field", f"{name}: a finite number from {low} to {FLOAT_MAX}")
