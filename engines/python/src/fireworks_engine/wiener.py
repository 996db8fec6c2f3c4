"""The Wiener step: record N-1 (in the state) and record N (the tick) give the next step of the device's path.

What is a tick and what becomes of it is the contract of all engines; services/processor/src/wiener-stage.ts is the same in TypeScript.
"""

import math
from collections.abc import Sequence

import numpy as np
import orjson
from confluent_kafka import Message, murmur2

from .changelog import State, encode_state
from .errors import Refused
from .noise import device_words, noises, parse_seed
from .tick import Tick, parse_tick
from .transaction import Transaction
from .verdict import verdict


class Batch:
    """Records of the input with what does not depend on states: each one's tick, or why it is none, and its noise."""

    def __init__(self, messages: Sequence[Message], seed: tuple[int, int], known: dict[str, State]) -> None:
        self.messages = messages
        self.ticks: list[Tick | Refused] = []
        words = []
        seqs = []
        for message in messages:
            try:
                tick = parse_tick(message.key(), message.value(), known)
            except Refused as refused:
                self.ticks.append(refused)
                words.append(0)
                seqs.append(0)
            else:
                self.ticks.append(tick)
                words.append(device_words(tick.device_id))
                seqs.append(tick.seq)
        self.noises: list[float] = noises(
            seed, np.array(words, dtype=np.uint64), np.array(seqs, dtype=np.uint64)
        ).tolist()


class WienerSteps:
    """A partition's states, and the steps that move them."""

    def __init__(self, seed: str, partition: int, partitions: int, states: dict[str, State]) -> None:
        self._seed = parse_seed(seed)
        self._partition = partition
        self._partitions = partitions
        self.states = states
        #: What the steps count, by event; the owner takes and clears it.
        self.events: dict[str, int] = {"repeat": 0, "gap": 0}

    def batch(self, messages: Sequence[Message]) -> Batch:
        return Batch(messages, self._seed, self.states)

    def apply(self, batch: Batch, start: int, transaction: Transaction, bytes_max: int) -> int:
        """Applies the batch's records from `start` on until the transaction is full, one record at least; returns where it stopped."""
        states = self.states
        changed: dict[str, None] = {}
        ticks, zs = batch.ticks, batch.noises
        i = start
        while i < len(ticks):
            if transaction.bytes >= bytes_max and i > start:
                break
            tick = ticks[i]
            i += 1
            if isinstance(tick, Refused):
                transaction.dead_letter(batch.messages[i - 1], tick)
                continue
            device_id = tick.device_id
            try:
                output = self._step(states.get(device_id), tick, zs[i - 1])
            except Refused as refused:
                transaction.dead_letter(batch.messages[i - 1], refused)
                continue
            if output is None:
                continue
            transaction.output(device_id, output, tick.timestamp)
            if device_id not in changed:
                changed[device_id] = None
                transaction.changed(device_id)
        for device_id in changed:
            transaction.changelog(b"s/" + device_id.encode(), encode_state(states[device_id]))
        return i

    def _step(self, previous: State | None, tick: Tick, z: float) -> bytes | None:
        """Moves the device's state and returns its record; None for a repeat. Raises Refused, and leaves the state as it was."""
        device_id, seq, timestamp, drift, volatility = tick
        if previous is None:
            # A device that has a state here is in the right partition: it was looked at when the state began.
            self._check_partition(device_id)
            dt = increment = value = 0.0
        else:
            last_seq, last_timestamp, last_value = previous
            what = verdict(last_seq, last_timestamp, seq, timestamp)
            if what == "repeat":
                self.events["repeat"] += 1
                return None
            if what != "apply":
                raise Refused(what, f"seq {seq} at {timestamp} after seq {last_seq} at {last_timestamp}")
            if seq > last_seq + 1:
                self.events["gap"] += 1
            # The order of operations is part of the contract between the engines.
            dt = (timestamp - last_timestamp) / 1000
            increment = drift * dt + volatility * math.sqrt(dt) * z
            value = last_value + increment
            if not (math.isfinite(increment) and math.isfinite(value)):
                raise Refused("not-finite", "the advance is not a finite number")
        self.states[device_id] = State(seq, timestamp, value)
        return orjson.dumps(
            {
                "deviceId": device_id,
                "seq": seq,
                "timestamp": timestamp,
                "dt": dt,
                "increment": increment,
                "value": value,
                "drift": drift,
                "volatility": volatility,
            }
        )

    def _check_partition(self, device_id: str) -> None:
        right = murmur2(device_id.encode(), self._partitions)
        if right != self._partition:
            raise Refused(
                "wrong-partition",
                f"the key belongs to partition {right} of {self._partitions}, not {self._partition}",
            )
