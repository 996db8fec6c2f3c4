"""How a task takes its partition over, steps 1 to 3 of docs/exactly-once.md: fence the earlier owner, restore the states from the
changelog, and find where the input goes on.
"""

import json
import uuid
from collections.abc import Callable
from typing import Final

from .changelog import BARRIER_KEY, POSITION_KEY, ChangelogRestore, Position, State, encode_barrier, encode_position
from .errors import StreamsError
from .reader import PartitionReader
from .runtime import Runtime
from .transaction import TransactionalProducer

_READ_RECORDS: Final = 10_000
_READ_WAIT_S: Final = 0.1


class TakeOver:
    """stopped: asked between its steps; what was under way then comes to nothing, by StreamsError fenced."""

    def __init__(
        self,
        runtime: Runtime,
        partition: int,
        producer: TransactionalProducer,
        reader: PartitionReader,
        stopped: Callable[[], bool],
    ) -> None:
        self._runtime = runtime
        self._partition = partition
        self._producer = producer
        self._reader = reader
        self._stopped = stopped

    def fence(self) -> ChangelogRestore:
        """From here on no earlier owner can write: not one of this engine, nor a TypeScript one."""
        self._go_on()
        self._producer.fence()
        barrier_id, offset = self._write_barrier()
        self._runtime.metrics.restore_target.labels(self._partition).set(offset)
        return ChangelogRestore(self._partition, barrier_id, offset)

    def restore(self, restore: ChangelogRestore) -> dict[str, State]:
        """Reads the changelog from its start to our own barrier: a target that exists for certain."""
        topic = self._runtime.topics.changelog.name
        reader = self._reader
        reader.seek(topic, self._partition, reader.range(topic, self._partition)[0])
        shown = self._runtime.metrics.restored.labels(self._partition)
        while True:
            self._go_on()
            for message in reader.read(_READ_RECORDS, _READ_WAIT_S):
                if restore.take(message.offset() or 0, message.key(), message.value()):
                    shown.set(restore.count)
                    return restore.states
            shown.set(restore.count)
            restore.passed(reader.next)

    def input_offset(self, position: Position | None) -> int:
        """Where the input goes on: from the changelog's position, held against the log as it is now."""
        topics, config = self._runtime.topics, self._runtime.config
        if position is None:
            return self._first_position()
        found = _described(position.partitions, position.config)
        wanted = _described(topics.partitions, config)
        if found != wanted:
            raise StreamsError(
                "config-mismatch",
                f"the states in {topics.changelog.name} were made with {found}, this stage runs with {wanted}:"
                " set it as it was, or name other output and changelog topics",
            )
        return self.start_at(position.next)

    def start_at(self, position: int) -> int:
        """A position, or the input's start where retention has overtaken it; that is said and counted."""
        topic = self._runtime.topics.input
        low, high = self._reader.range(topic, self._partition)
        if position > high:
            raise StreamsError(
                "input-mismatch",
                f"the position {position} lies past the end {high} of {topic}/{self._partition}:"
                " that is another topic than the states were made from",
            )
        if position >= low:
            return position
        # To one that was overtaken unawares, what its successor has processed and retention has deleted looks lost as well.
        self._write_barrier()
        self._runtime.metrics.lost.inc(low - position)
        self._runtime.log.error(
            "input records were deleted by retention before they were processed",
            stage="processor",
            partition=self._partition,
            position=position,
            next=low,
            lost=low - position,
        )
        return low

    def _first_position(self) -> int:
        """The earliest input; it is written before any output, so that an output without a position is always foreign."""
        topics = self._runtime.topics
        _, output_end = self._reader.range(topics.output.name, self._partition)
        if output_end > 0:
            # Records there may be the work of a successor that has fenced us meanwhile: that is no fault of the topics.
            self._write_barrier()
            raise StreamsError(
                "output-without-position",
                f"{topics.output.name}/{self._partition} has records, but {topics.changelog.name} has no position:"
                " processing anew would double them. Bring the changelog back, or name another output topic",
            )
        low, _ = self._reader.range(topics.input, self._partition)
        with self._producer.transaction(self._partition) as transaction:
            transaction.changelog(POSITION_KEY, encode_position(self._runtime.position(low)))
        return low

    def _write_barrier(self) -> tuple[str, int]:
        """The first one completes the take-over; any later one proves that nobody else has: it is fenced otherwise."""
        self._go_on()
        barrier_id = str(uuid.uuid4())
        with self._producer.transaction(self._partition) as transaction:
            appended = transaction.barrier(BARRIER_KEY, encode_barrier(barrier_id, self._runtime.owner))
        if appended.offset is None:
            raise StreamsError("outcome-unknown", "the barrier was not written")
        return barrier_id, appended.offset

    def _go_on(self) -> None:
        if self._stopped():
            raise StreamsError("fenced", "the partition was taken away")


def _described(partitions: int, config: dict[str, str]) -> str:
    return json.dumps({"partitions": partitions, "config": dict(sorted(config.items()))}, separators=(",", ":"))
