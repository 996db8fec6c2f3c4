"""Reads one partition from a given offset, committed records only: the changelog of a task first, then its input."""

from collections.abc import Callable
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from .errors import StreamsError
from .kafka_client import Config

_ASK_TIMEOUT_S: Final = 10.0


class OutOfRange(Exception):
    """The offset that was asked for is not in the log: retention was faster, or it never was there."""


class PartitionReader:
    """A consumer of its own, not a member of any group: seeking it touches nobody else, and it waits for nobody else's records."""

    def __init__(self, client: Config, group: str) -> None:
        self._consumer = Consumer(
            {
                **client,
                # Wanted by librdkafka for any consumer; nothing is joined or committed under it.
                "group.id": group,
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                # An offset out of range is said, instead of an answer from somewhere else.
                "auto.offset.reset": "error",
                # Tells where a partition was read to its end, past what ends transactions there.
                "enable.partition.eof": True,
                # How much is read ahead, and how soon it is looked at again once it was enough: 1 s where nothing is said.
                "queued.min.messages": 20_000,
                "queued.max.messages.kbytes": 16_384,
                "fetch.queue.backoff.ms": 10,
            }
        )
        self._at = TopicPartition("", 0)
        #: Everything below it was read, or is not for us.
        self.next = 0

    def range(self, topic: str, partition: int) -> tuple[int, int]:
        """The offsets that the partition holds now: from the first up to, not including, the second."""
        low, high = self._consumer.get_watermark_offsets(TopicPartition(topic, partition), _ASK_TIMEOUT_S)
        return low, high

    def seek(self, topic: str, partition: int, offset: int) -> None:
        self._at = TopicPartition(topic, partition, offset)
        self._consumer.assign([self._at])
        self.next = offset

    def read(self, records_max: int, wait_s: float, stopped: Callable[[], bool] = lambda: False) -> list[Message]:
        """What is there, at once, or what comes within the time; moves `next`. Raises OutOfRange, StreamsError."""
        messages = self._consumer.consume(1, wait_s)
        # One that was closed meanwhile must not move on.
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
        """Records not yet read, as far as the last fetch knows."""
        try:
            _, high = self._consumer.get_watermark_offsets(self._at, cached=True)
        except KafkaException:
            return 0
        return max(0, high - self.next)

    def close(self) -> None:
        self._consumer.close()


def _passes(error: KafkaError) -> bool:
    """What librdkafka mends by itself: a broker that is away, a partition between two leaders."""
    return error.retriable() or error.code() in (
        KafkaError._TRANSPORT,
        KafkaError._ALL_BROKERS_DOWN,
        KafkaError._RESOLVE,
        KafkaError._TIMED_OUT,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
    )
