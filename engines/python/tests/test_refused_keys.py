"""Devices whose every tick is refused are shown, counted, and logged at a bounded rate."""

import json

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from fireworks_engine.changelog import ChangelogRestore, encode_barrier
from fireworks_engine.errors import Refused
from fireworks_engine.json_log import JsonLog
from fireworks_engine.refused_keys import RefusedKeys


def test_a_key_is_shown_until_a_record_of_it_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    registry = CollectorRegistry()
    keys = RefusedKeys(JsonLog("processor", "info"), registry)
    for offset in range(3):
        keys.refused("a", 1, offset, Refused("time-not-increasing", "seq 1 after 2", "a time after 2036"))
    keys.refused(None, 1, 9, Refused("bad-json", "the payload"))
    shown = keys.page()
    assert shown["total"] == 1
    assert shown["keys"] == [
        {
            "key": "a",
            "partition": 1,
            "code": "time-not-increasing",
            "message": "seq 1 after 2",
            "waitsFor": "a time after 2036",
            "since": shown["keys"][0]["since"],  # type: ignore[index]
            "records": 3,
        }
    ]
    assert b'fireworks_stage_refused_keys{code="time-not-increasing"} 1.0' in generate_latest(registry)
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert line["examples"] == [
        "a (partition 1, offset 0): time-not-increasing, seq 1 after 2; waits for a time after 2036"
    ]
    keys.taken("a")
    assert keys.page() == {"total": 0, "keys": []}


def test_a_partition_that_is_anothers_is_forgotten() -> None:
    keys = RefusedKeys(JsonLog("processor", "fatal"), CollectorRegistry())
    keys.refused("a", 1, 0, Refused("x", "y"))
    keys.refused("b", 2, 0, Refused("x", "y"))
    keys.forget_partition(1)
    assert keys.page()["total"] == 1


def test_a_reset_in_the_changelog_is_read_over() -> None:
    restore = ChangelogRestore(0, "mine", 9)
    restore.take(0, b"s/a", b'{"seq":17,"timestamp":1,"value":1}')
    restore.take(1, b"s/a", None)
    restore.take(2, b"reset/a", b'{"at":["12"]}')
    assert restore.take(9, b"barrier", encode_barrier("mine", "here").encode()) is True
    assert restore.states == {}
