"""One partition of the changelog: its records, and how a task restores its states from them.

Keys: `s/<DeviceID>` holds a device's state, `position` the next input offset, `barrier` the owner
that took over. The TypeScript engine reads and writes the same records.
"""

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeGuard

import orjson

from .errors import StreamsError
from .tick import SEQ_MAX

STATE_PREFIX: Final = b"s/"
POSITION_KEY: Final = b"position"
BARRIER_KEY: Final = b"barrier"
#: Records of a key's resets (`fireworks reset`), kept for audits.
RESET_PREFIX: Final = b"reset/"


class State(NamedTuple):
    """A device's last applied tick, and the value of its path at that tick."""

    seq: int
    timestamp: int
    value: float


class Position(NamedTuple):
    """The record under `position`: the next input offset, and the configuration of the states.

    The states are valid only for this number of partitions, this config and these topics.
    """

    next: int
    partitions: int
    config: dict[str, str]
    #: The ids of the topics that the states belong to. Empty in positions of older versions.
    topic_ids: Mapping[str, str] = MappingProxyType({})


def encode_state(state: State) -> str:
    seq, timestamp, value = state
    return f'{{"seq":{seq},"timestamp":{timestamp},"value":{value!r}}}'


def encode_position(position: Position) -> str:
    fields: dict[str, Any] = {
        "next": str(position.next),
        "partitions": position.partitions,
        "config": position.config,
    }
    if position.topic_ids:
        fields["topicIds"] = dict(position.topic_ids)
    return json.dumps(fields, separators=(",", ":"))


def encode_barrier(barrier_id: str, owner: str) -> str:
    return json.dumps({"id": barrier_id, "owner": owner}, separators=(",", ":"))


class ChangelogRestore:
    """Restores the states from a changelog's records, given in their order, up to our barrier."""

    def __init__(self, partition: int, barrier_id: str, barrier_offset: int) -> None:
        self._partition = partition
        self._barrier_id = barrier_id
        #: The offset of our own barrier. No record after it belongs to the restore.
        self.barrier_offset = barrier_offset
        self.states: dict[str, State] = {}
        self.position: Position | None = None
        #: Records taken.
        self.count = 0

    def take(self, offset: int, key: bytes | None, value: bytes | None) -> bool:
        """Returns True once our own barrier is reached.

        Raises StreamsError: fenced if another owner has written a barrier after ours,
        changelog-unreadable if the record is invalid.
        """
        if offset >= self.barrier_offset:
            self._end(offset, key, value)
            return True
        self.count += 1
        if key is not None and key.startswith(STATE_PREFIX):
            device_id = self._text(offset, key[len(STATE_PREFIX) :])
            if value is None:
                self.states.pop(device_id, None)
            else:
                self.states[device_id] = self._state(offset, value)
        elif key == POSITION_KEY:
            self.position = None if value is None else self._position(offset, value)
        elif key != BARRIER_KEY and not (key is not None and key.startswith(RESET_PREFIX)):
            raise self._unreadable(offset, f"the key {key!r}")
        return False

    def passed(self, next_offset: int) -> None:
        """Everything below next_offset was read. Raises fenced if our barrier should have come."""
        if next_offset > self.barrier_offset:
            raise StreamsError("fenced", "a later owner's barrier has replaced ours")

    def _end(self, offset: int, key: bytes | None, value: bytes | None) -> None:
        barrier = self._json(offset, value) if key == BARRIER_KEY and value is not None else None
        found = barrier if isinstance(barrier, dict) else {}
        if found.get("id") != self._barrier_id:
            raise StreamsError(
                "fenced", f"another owner ({found.get('owner', 'unknown')}) has written after our barrier"
            )

    def _state(self, offset: int, value: bytes) -> State:
        fields = self._json(offset, value)
        if isinstance(fields, dict):
            seq, timestamp, at = (fields.get(name) for name in State._fields)
            if (
                _whole(seq)
                and _whole(timestamp)
                and isinstance(at, int | float)
                and at is not True
                and at is not False
                and math.isfinite(at)
            ):
                return State(int(seq), int(timestamp), float(at))
        raise self._unreadable(offset, "an invalid state")

    def _position(self, offset: int, value: bytes) -> Position:
        fields = self._json(offset, value)
        if isinstance(fields, dict):
            following, partitions, config = (fields.get(name) for name in ("next", "partitions", "config"))
            ids = fields.get("topicIds", {})
            if (
                isinstance(following, str)
                and 1 <= len(following) <= 19
                and following.isascii()
                and following.isdigit()
                and _whole(partitions)
                and partitions >= 1
                and isinstance(config, dict)
                and all(isinstance(text, str) for text in config.values())
                and isinstance(ids, dict)
                and all(isinstance(ids.get(which, ""), str) for which in ("input", "output", "changelog"))
            ):
                return Position(int(following), int(partitions), config, ids)
        raise self._unreadable(offset, "an invalid position")

    def _json(self, offset: int, value: bytes) -> Any:
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise self._unreadable(offset, str(error)) from error

    def _text(self, offset: int, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._unreadable(offset, str(error)) from error

    def _unreadable(self, offset: int, why: str) -> StreamsError:
        return StreamsError(
            "changelog-unreadable",
            f"the changelog's partition {self._partition} has an invalid record at offset {offset}: {why}",
        )


def _whole(x: Any) -> TypeGuard[float]:
    if type(x) is float and x != math.floor(x):
        return False
    return type(x) in (int, float) and 0 <= x <= SEQ_MAX
