"""How a task takes over its partition: steps 1 to 3 of docs/how-it-works/exactly-once.md.

It fences the earlier owner, restores the states from the changelog, and finds the input offset to
go on from.
"""

import json
import uuid
from collections.abc import Callable
from typing import Final

from .changelog import BARRIER_KEY, POSITION_KEY, ChangelogRestore, Position, State, encode_barrier, encode_position
from .errors import StreamsError
from .reader import PartitionReader
from .runtime import Runtime
from .topic_ids import assert_same_topics
from .transaction import TransactionalProducer

_READ_RECORDS: Final = 10_000
_READ_WAIT_S: Final = 0.1


class TakeOver:
    """The take-over of one partition.

    stopped: checked between the steps. When it returns True, the take-over ends with StreamsError
    fenced.
    """

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
        """Fences the earlier owners: from here on none of them can write, whatever its engine."""
        self._go_on()
        self._producer.fence()
        barrier_id, offset = self._write_barrier()
        self._runtime.metrics.restore_target.labels(self._partition).set(offset)
        return ChangelogRestore(self._partition, barrier_id, offset)

    def restore(self, restore: ChangelogRestore) -> dict[str, State]:
        """Reads the changelog from its start to our own barrier, which exists for certain."""
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
        """The input offset to go on from: the changelog's position, checked against the log."""
        topics, config = self._runtime.topics, self._runtime.config
        if position is None:
            return self._first_position()
        found = _described(position.partitions, position.config)
        wanted = _described(topics.partitions, config)
        if found != wanted:
            raise StreamsError(
                "config-mismatch",
                f"the states in {topics.changelog.name} were made with {found}, this stage runs with {wanted}:"
                " set it as it was, reset the stage (`fireworks reset processor --from earliest`),"
                " or name other output and changelog topics",
            )
        assert_same_topics(position.topic_ids, self._runtime.topic_ids, topics)
        return self.start_at(position.next)

    def start_at(self, position: int) -> int:
        """The position, or the input's start if retention has deleted records after the position.

        Such a loss is logged and counted.
        """
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
        # First prove that we are still the owner. A successor may have taken over without our
        # knowledge. Then records that it processed, and retention deleted, would look lost here.
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
        """The earliest input offset, for a partition without a position.

        It is written before any output. So output without a position always comes from elsewhere.
        """
        topics = self._runtime.topics
        _, output_end = self._reader.range(topics.output.name, self._partition)
        if output_end > 0:
            # A successor that has fenced us meanwhile may have written these records. Then the
            # topics are right, and this fails with fenced.
            self._write_barrier()
            raise StreamsError(
                "output-without-position",
                f"{topics.output.name}/{self._partition} has records, but {topics.changelog.name} has no position:"
                " processing the input again would write them twice. Restore the changelog, or set another output topic",
            )
        low, _ = self._reader.range(topics.input, self._partition)
        with self._producer.transaction(self._partition) as transaction:
            transaction.changelog(POSITION_KEY, encode_position(self._runtime.position(low)))
        return low

    def _write_barrier(self) -> tuple[str, int]:
        """Writes a barrier. The first one completes the take-over.

        A later one proves that we still own the partition: it fails with fenced otherwise.
        """
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
