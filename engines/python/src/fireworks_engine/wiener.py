"""The Wiener step: record N-1 (the state) and record N (the tick) give the next step of a path.

What counts as a tick, and what happens to it, is a contract of all engines. The TypeScript engine
has the same in services/processor/src/wiener-stage.ts.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import orjson
from confluent_kafka import Message, murmur2

from .changelog import State, encode_state
from .errors import Refused
from .noise import device_words, noises, parse_seed
from .refused_keys import RefusedKeys
from .tick import Tick, parse_tick
from .transaction import Transaction
from .verdict import verdict


class Batch:
    """Records of the input, with everything that does not depend on states.

    That is each record's tick and its noise, or the reason why it is not a tick.
    """

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
    """A partition's states, and the steps that change them."""

    def __init__(
        self, seed: str, partition: int, partitions: int, states: dict[str, State], refused: RefusedKeys | None = None
    ) -> None:
        self._seed = parse_seed(seed)
        self._partition = partition
        self._partitions = partitions
        self.states = states
        self._refused = refused
        #: The number of each event in the steps. The owner reads and clears it.
        self.events: dict[str, int] = {"repeat": 0, "gap": 0}

    def batch(self, messages: Sequence[Message]) -> Batch:
        return Batch(messages, self._seed, self.states)

    def apply(self, batch: Batch, start: int, transaction: Transaction, bytes_max: int) -> int:
        """Applies the batch's records from `start` on until the transaction is full.

        It applies at least one record, and returns the index of the first one not applied.
        """
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
                self._note(None, batch.messages[i - 1], tick)
                continue
            device_id = tick.device_id
            try:
                output = self._step(states.get(device_id), tick, zs[i - 1])
            except Refused as refused:
                transaction.dead_letter(batch.messages[i - 1], refused)
                self._note(device_id, batch.messages[i - 1], refused)
                continue
            if output is None:
                continue
            if self._refused is not None:
                self._refused.taken(device_id)
            transaction.output(device_id, output, tick.timestamp)
            if device_id not in changed:
                changed[device_id] = None
                transaction.changed(device_id)
        for device_id in changed:
            transaction.changelog(b"s/" + device_id.encode(), encode_state(states[device_id]))
        return i

    def _step(self, previous: State | None, tick: Tick, z: float) -> bytes | None:
        """Changes the device's state and returns its record; None for a repeat.

        Raises Refused, and then the state does not change.
        """
        device_id, seq, timestamp, drift, volatility = tick
        if previous is None:
            # Checked only for a device's first tick. A device with a state here has passed it.
            self._check_partition(device_id)
            dt = increment = value = 0.0
        else:
            last_seq, last_timestamp, last_value = previous
            what = verdict(last_seq, last_timestamp, seq, timestamp)
            if what == "repeat":
                self.events["repeat"] += 1
                return None
            if what != "apply":
                message = f"seq {seq} at {timestamp} after seq {last_seq} at {last_timestamp}"
                raise Refused(what, message, _waits_for(what, previous))
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

    def _note(self, device_id: str | None, message: Message, reason: Refused) -> None:
        if self._refused is not None:
            self._refused.refused(device_id, self._partition, message.offset() or 0, reason)

    def _check_partition(self, device_id: str) -> None:
        right = murmur2(device_id.encode(), self._partitions)
        if right != self._partition:
            raise Refused(
                "wrong-partition",
                f"the key belongs to partition {right} of {self._partitions}, not {self._partition}",
            )


def _waits_for(what: str, previous: State) -> str:
    """What the device's next tick must have."""
    if what == "clock-restarted":
        return f"a seq above {previous.seq}"
    try:
        time = datetime.fromtimestamp(previous.timestamp / 1_000, UTC).isoformat(timespec="milliseconds")
    except (OverflowError, OSError, ValueError):
        return f"a time after {previous.timestamp}"
    return f"a time after {time.replace('+00:00', 'Z')}"
