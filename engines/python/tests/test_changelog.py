"""The changelog as both engines write it, and records that no engine writes."""

import json

import pytest

from fireworks_engine.changelog import (
    ChangelogRestore,
    Position,
    State,
    encode_barrier,
    encode_position,
    encode_state,
)
from fireworks_engine.errors import StreamsError

MINE = encode_barrier("mine", "here").encode()


def code_of(restore: ChangelogRestore, offset: int, key: bytes | None, value: bytes) -> str:
    with pytest.raises(StreamsError) as caught:
        restore.take(offset, key, value)
    return caught.value.code


def test_what_is_written_is_read_again() -> None:
    restore = ChangelogRestore(0, "mine", 9)
    state = State(2**53 - 1, 8_640_000_000_000_000, -1.2574871252612883e-7)
    position = Position(7, 4, {"seed": "0"})
    assert restore.take(0, b"barrier", encode_barrier("another", "there").encode()) is False
    assert restore.take(1, "s/\u03c0".encode(), encode_state(state).encode()) is False
    assert restore.take(2, b"s/gone", encode_state(state).encode()) is False
    assert restore.take(3, b"position", encode_position(position).encode()) is False
    assert restore.take(5, b"s/gone", None) is False
    assert restore.take(9, b"barrier", MINE) is True
    assert (restore.states, restore.position, restore.count) == ({"\u03c0": state}, position, 5)


def test_what_the_typescript_engine_writes() -> None:
    restore = ChangelogRestore(0, "mine", 9)
    restore.take(0, b"s/a", b'{"seq":17,"timestamp":1767225617000,"value":1e+21}')
    restore.take(1, b"s/b", b'{"seq":0,"timestamp":0,"value":0}')
    restore.take(2, b"position", b'{"next":"12","partitions":4,"config":{"seed":"0"}}')
    assert restore.states == {"a": State(17, 1_767_225_617_000, 1e21), "b": State(0, 0, 0.0)}
    assert restore.position == Position(12, 4, {"seed": "0"})
    assert json.loads(encode_position(restore.position)) == {"next": "12", "partitions": 4, "config": {"seed": "0"}}


def test_the_ids_of_the_topics_are_kept() -> None:
    restore = ChangelogRestore(0, "mine", 9)
    text = b'{"next":"12","partitions":4,"config":{},"topicIds":{"input":"00ff","changelog":"01"}}'
    restore.take(0, b"position", text)
    assert restore.position == Position(12, 4, {}, {"input": "00ff", "changelog": "01"})
    assert encode_position(restore.position).encode() == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"unknown", b"1"),
        (None, b"1"),
        (b"s/a", b"not JSON"),
        (b"s/a", b'{"seq":-1,"timestamp":0,"value":0}'),
        (b"s/a", b'{"seq":1,"timestamp":0.5,"value":0}'),
        (b"s/a", b'{"seq":1,"timestamp":0,"value":"0"}'),
        (b"s/a", b'{"seq":1,"timestamp":0,"value":true}'),
        (b"s/\xff", b'{"seq":1,"timestamp":0,"value":0}'),
        (b"position", b"{}"),
        (b"position", b'{"next":1,"partitions":4,"config":{}}'),
        (b"position", b'{"next":"1","partitions":0,"config":{}}'),
        (b"position", b'{"next":"1","partitions":4,"config":{"seed":0}}'),
    ],
)
def test_what_no_engine_writes_is_unreadable(key: bytes | None, value: bytes) -> None:
    assert code_of(ChangelogRestore(0, "mine", 9), 3, key, value) == "changelog-unreadable"


def test_another_owner_after_our_barrier_means_fenced() -> None:
    assert code_of(ChangelogRestore(0, "mine", 9), 9, b"barrier", encode_barrier("other", "x").encode()) == "fenced"
    assert code_of(ChangelogRestore(0, "mine", 9), 11, b"position", b"{}") == "fenced"
    with pytest.raises(StreamsError, match="has replaced ours"):
        ChangelogRestore(0, "mine", 9).passed(10)
    ChangelogRestore(0, "mine", 9).passed(9)
