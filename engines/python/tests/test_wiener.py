"""The contract's vectors through the processor's own steps, byte for byte and bit for bit."""

import json
import math
import struct
from typing import Any

import pytest
from confluent_kafka import Message, murmur2
from hypothesis import given
from hypothesis import strategies as st

from fireworks_engine.errors import Refused
from fireworks_engine.tick import parse_tick
from fireworks_engine.transaction import Transaction
from fireworks_engine.wiener import WienerSteps

from .vectors import vectors

TICKS = vectors("tick-vectors.jsonl")
NO_BOUND = 1 << 60


class Written(Transaction):
    """A transaction that keeps its records in memory."""

    def __init__(self) -> None:
        self.bytes = 0
        self.outputs = 0
        self.dead_letters = []
        self.records: list[tuple[str, bytes]] = []
        self.states: dict[bytes, str | None] = {}

    def output(self, key: str, value: bytes, timestamp: int) -> None:
        self.records.append((key, value))
        self.bytes += len(value)

    def changelog(self, key: bytes, value: str | None) -> None:
        self.states[key] = value

    def dead_letter(self, message: Message, reason: Refused) -> None:
        self.dead_letters.append(reason.code)


def unhex(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def message(key: bytes | None, value: bytes | None, offset: int = 0) -> Message:
    return Message(topic="metronome", partition=0, offset=offset, key=key, value=value)


def test_tick_vectors_in_the_order_of_one_stream_in_batches_of_any_size() -> None:
    assert len(TICKS) == 57
    for size in (1, 7, 57):
        # With a single partition no key is in the wrong one.
        steps = WienerSteps("0", 0, 1, {})
        outcomes = []
        for first in range(0, len(TICKS), size):
            lines = TICKS[first : first + size]
            batch = steps.batch([message(unhex(line["key"]), unhex(line["value"])) for line in lines])
            for i in range(len(lines)):
                written, repeats = Written(), steps.events["repeat"]
                # One record at a time, whatever the size of the batch.
                assert steps.apply(batch, i, _full(written), 0) == i + 1
                if steps.events["repeat"] > repeats:
                    outcomes.append("repeat")
                else:
                    outcomes.append(written.dead_letters[0] if written.dead_letters else "apply")
                assert len(written.records) == (outcomes[-1] == "apply")
        assert outcomes == [line["outcome"] for line in TICKS]


def _full(written: Written) -> Written:
    written.bytes = 1
    return written


def test_partitions_of_the_vectors() -> None:
    for line in TICKS:
        if line["key"] is not None:
            assert murmur2(bytes.fromhex(line["key"]), 4) == line["partition"]


def test_a_key_in_another_partition_is_refused_before_it_has_a_state() -> None:
    key = b"device-0001"
    right = murmur2(key, 4)
    value = json.dumps({"deviceId": key.decode(), "seq": 1, "timestamp": 1, "drift": 0, "volatility": 1}).encode()
    for partition in range(4):
        steps, written = WienerSteps("0", partition, 4, {}), Written()
        steps.apply(steps.batch([message(key, value)]), 0, written, NO_BOUND)
        assert written.dead_letters == ([] if partition == right else ["wrong-partition"])
        assert len(steps.states) == (partition == right)


def bits(x: float) -> str:
    return struct.pack(">d", x).hex()


def test_wiener_vectors() -> None:
    lines = vectors("wiener-vectors.jsonl")
    for seed in {line["seed"] for line in lines}:
        mine = [line for line in lines if line["seed"] == seed]
        steps, written = WienerSteps(seed, 0, 1, {}), Written()
        batch = steps.batch(
            [message(line["tick"]["deviceId"].encode(), json.dumps(line["tick"]).encode()) for line in mine]
        )
        assert steps.apply(batch, 0, written, NO_BOUND) == len(mine)
        records = [json.loads(value) for _, value in written.records]
        assert [{k: bits(r[k]) for k in ("dt", "increment", "value")} for r in records] == [
            {k: bits(line["record"][k]) for k in ("dt", "increment", "value")} for line in mine
        ]
        for record, line in zip(records, mine, strict=True):
            assert {k: bits(record[k]) for k in line["bits"]} == line["bits"]
            assert {k: record[k] for k in line["tick"]} == line["tick"]
        # The changelog gets the last state of each device.
        last = {r["deviceId"]: r for r in records}
        assert {k: json.loads(v or "") for k, v in written.states.items()} == {
            f"s/{name}".encode(): {k: r[k] for k in ("seq", "timestamp", "value")} for name, r in last.items()
        }


def test_a_transaction_is_cut_by_its_bytes_and_goes_on() -> None:
    steps = WienerSteps("0", 0, 1, {})
    values = [{"deviceId": "d", "seq": n, "timestamp": n, "drift": 0, "volatility": 1} for n in range(10)]
    batch = steps.batch([message(b"d", json.dumps(v).encode()) for v in values])
    done, seqs = 0, []
    while done < 10:
        written = Written()
        done = steps.apply(batch, done, written, 250)
        assert 1 <= len(written.records) <= 3
        seqs += [json.loads(value)["seq"] for _, value in written.records]
    assert seqs == list(range(10))


def outcome(value: bytes) -> tuple[Any, ...] | str:
    try:
        return tuple(parse_tick(b"d", value))
    except Refused as refused:
        return refused.code


def reference(value: bytes) -> tuple[Any, ...] | str:
    """parse_tick of the reference program, for values of the device d.

    It uses the slow parser, and every number is a double.
    """
    fields = json.loads(value, parse_int=float, parse_constant=lambda _: math.nan)
    seq, timestamp, drift, volatility = (fields.get(k) for k in ("seq", "timestamp", "drift", "volatility"))
    for x, high in ((seq, 2**53 - 1), (timestamp, 8.64e15)):
        if not isinstance(x, float) or not math.isfinite(x) or not 0 <= x <= high or x != math.floor(x):
            return "bad-field"
    for x, low in ((drift, -math.inf), (volatility, 0)):
        if not isinstance(x, float) or not math.isfinite(x) or x < low:
            return "bad-field"
    return ("d", int(seq), int(timestamp), drift, volatility)


NUMBER = st.one_of(
    st.integers(-(2**80), 2**80).map(str),
    st.integers(2**53 - 5, 2**53 + 5).map(str),
    st.integers(2**63 - 2, 2**64 + 2).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(
        ["-0", "-0.0", "1e400", "-1e400", "1E2", "17.0", "0.1e1", "1e-400", "9" * 400, "true", "null", '"1"']
    ),
    st.from_regex(r"\A-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?\Z"),
)


@given(NUMBER, NUMBER, NUMBER, NUMBER)
def test_every_number_is_what_a_double_makes_of_it(seq: str, timestamp: str, drift: str, volatility: str) -> None:
    value = f'{{"deviceId":"d","seq":{seq},"timestamp":{timestamp},"drift":{drift},"volatility":{volatility}}}'.encode()
    assert outcome(value) == reference(value)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (b'"x":"\\ud800"', "apply"),  # a lone surrogate in a field that no engine reads
        (b'"x":1e999', "apply"),
        (b'"x":NaN', "bad-json"),
        (b'"seq":2,"seq":3', 3),  # of two fields the last one counts, as in JSON.parse
        (b'"x":"\xff"', "bad-encoding"),
        (b'"x":"\xed\xa0\x80"', "bad-encoding"),
        (b'"x":"\n"', "bad-json"),
        (b'"x":[1,]', "bad-json"),
        (b'"x":' + b"[" * 100_000 + b"]" * 100_000, "apply"),
        (b'"x":' + b'{"seq":' * 5_000 + b"7" + b"}" * 5_000, "apply"),
        (b'"x":' + b"[" * 100_000 + b"]" * 99_999, "bad-json"),
        ('"x":\u0661'.encode(), "bad-json"),  # a digit of another script
    ],
)
def test_what_the_fast_parser_sees_otherwise(extra: bytes, expected: object) -> None:
    value = b'{"deviceId":"d","seq":1,"timestamp":1,"drift":0,"volatility":1,' + extra + b"}"
    found = outcome(value)
    if isinstance(found, tuple):
        assert expected == ("apply" if found[1] == 1 else found[1])
    else:
        assert found == expected
