"""Reads the committed records of one partition from a given offset on.

A task reads its changelog with it first, then its input.
"""

from collections.abc import Callable
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from .errors import StreamsError
from .kafka_client import Config

_ASK_TIMEOUT_S: Final = 10.0


class OutOfRange(Exception):
    """The requested offset is not in the log: retention deleted it, or it never existed."""


class PartitionReader:
    """A consumer that is not a member of any group.

    Seeking it affects no other task, and it never waits for another task's records.
    """

    def __init__(self, client: Config, group: str) -> None:
        self._consumer = Consumer(
            {
                **client,
                # librdkafka requires a group for any consumer. This one never joins it, and
                # commits nothing.
                "group.id": group,
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                # An offset out of range is an error. Otherwise reading would go on elsewhere.
                "auto.offset.reset": "error",
                # Reports that the end of a partition was reached, past the markers that end
                # transactions.
                "enable.partition.eof": True,
                # How much is read ahead, and how soon fetching goes on after the queue was full
                # (by default after 1 s).
                "queued.min.messages": 20_000,
                "queued.max.messages.kbytes": 16_384,
                "fetch.queue.backoff.ms": 10,
            }
        )
        self._at = TopicPartition("", 0)
        #: The next offset to read: everything below it was read, or is not for us.
        self.next = 0

    def range(self, topic: str, partition: int) -> tuple[int, int]:
        """The offsets that the partition has now: the first one, and the one after the last."""
        low, high = self._consumer.get_watermark_offsets(TopicPartition(topic, partition), _ASK_TIMEOUT_S)
        return low, high

    def seek(self, topic: str, partition: int, offset: int) -> None:
        self._at = TopicPartition(topic, partition, offset)
        self._consumer.assign([self._at])
        self.next = offset

    def read(self, records_max: int, wait_s: float, stopped: Callable[[], bool] = lambda: False) -> list[Message]:
        """Returns the records that are there at once, or what comes within wait_s. Moves `next`.

        Raises OutOfRange and StreamsError.
        """
        messages = self._consumer.consume(1, wait_s)
        # A reader that was stopped meanwhile must not move `next`.
        if not messages or stopped():
            return []
        if records_max > 1:
            messages += self._consumer.consume(records_max - 1, 0)
        records = []
        for message in messages:
            error = message.error()
            if error is None:
                records.append(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                self.next = max(self.next, message.offset() or 0)
            elif error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE):
                raise OutOfRange(error.str())
            elif error.fatal() or not _passes(error):
                raise StreamsError("group-failed", f"{self._at.topic}/{self._at.partition}: {error.str()}")
        if records:
            self.next = max(self.next, (records[-1].offset() or 0) + 1)
        return records

    def lag(self) -> int:
        """The number of records not yet read, as of the last fetch."""
        try:
            _, high = self._consumer.get_watermark_offsets(self._at, cached=True)
        except KafkaException:
            return 0
        return max(0, high - self.next)

    def close(self) -> None:
        self._consumer.close()


def _passes(error: KafkaError) -> bool:
    """Whether librdkafka recovers by itself: an unreachable broker, a change of leaders."""
    return error.retriable() or error.code() in (
        KafkaError._TRANSPORT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._RESOLVE,
        KafkaError._TIMED_OUT,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
    )
