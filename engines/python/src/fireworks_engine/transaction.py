"""A transactional producer: one identity, one transaction after the other.

After the first error it must not be used again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from .errors import Refused, StreamsError
from .kafka_client import Config
from .topics import SOURCE_BYTES_MAX, Topics

#: A partition's batch stays below a broker's default limit. A larger record is sent alone, up to
#: the limit of a dead letter.
_BATCH_BYTES: Final = 900_000
_MESSAGE_BYTES_MAX: Final = 2 * SOURCE_BYTES_MAX + 100_000
#: How much longer than a transaction's time-out we wait for its outcome. Later none will come.
_BEYOND_TIMEOUT_S: Final = 2.0
ERROR_MESSAGE_CHARACTERS_MAX: Final = 1_000
#: Estimated bytes of a record in the log without key and value; of a dead letter's headers at most.
_RECORD_OVERHEAD: Final = 40
_HEADERS_BYTES: Final = 5_000
#: Estimated bytes of a state in the changelog, with its overhead.
_STATE_BYTES: Final = 140

_CODES: Final = {
    KafkaError._FENCED: "fenced",
    KafkaError.PRODUCER_FENCED: "fenced",
    KafkaError.INVALID_PRODUCER_EPOCH: "fenced",
    KafkaError.INVALID_PRODUCER_ID_MAPPING: "fenced",
    # A broker answers this to the end of a transaction while it is raising the producer's epoch.
    KafkaError.UNKNOWN: "fenced",
    KafkaError.MSG_SIZE_TOO_LARGE: "record-too-large",
    KafkaError.RECORD_LIST_TOO_LARGE: "record-too-large",
    KafkaError.INVALID_MSG_SIZE: "record-too-large",
}


class TransactionalProducer:
    """A producer with a transactional id. Only the newest holder of it can write: see `fence`."""

    def __init__(self, client: Config, identity: str, topics: Topics, timeout_ms: int, records_max: int) -> None:
        self._identity = identity
        self._topics = topics
        self._timeout_s = timeout_ms / 1_000 + _BEYOND_TIMEOUT_S
        self._producer = Producer(
            {
                **client,
                "transactional.id": identity,
                "transaction.timeout.ms": timeout_ms,
                "linger.ms": 5,
                "batch.size": _BATCH_BYTES,
                "message.max.bytes": _MESSAGE_BYTES_MAX,
                # Room for the outputs and states of a whole transaction.
                "queue.buffering.max.messages": 2 * records_max + 1_000,
            }
        )

    def fence(self) -> None:
        """Fences every earlier holder, and aborts its open transaction."""
        with self._errors("the take-over"):
            self._producer.init_transactions(self._timeout_s)

    @contextmanager
    def transaction(self, partition: int) -> Iterator["Transaction"]:
        """Commits at the end of the block.

        After any error it is unknown whether it has committed: drop the producer.
        """
        with self._errors("the transaction"):
            self._producer.begin_transaction()
            yield Transaction(self._producer, self._topics, partition)
            self._producer.commit_transaction(self._timeout_s)

    def close(self) -> None:
        """Drops all unsent records.

        The next holder aborts an open transaction, or the broker does at its time-out.
        """
        self._producer.purge(blocking=False)

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except (KafkaException, BufferError) as error:
            found = error.args[0] if error.args and isinstance(error.args[0], KafkaError) else None
            code = "outcome-unknown" if found is None else _CODES.get(found.code(), "outcome-unknown")
            detail = str(error) if found is None else found.str()
            raise StreamsError(code, f"{what} of {self._identity} failed: {detail}") from error


class Transaction:
    """One transaction. All its records have the same partition number."""

    def __init__(self, producer: Producer, topics: Topics, partition: int) -> None:
        self._producer = producer
        self._topics = topics
        self._partition = partition
        #: Estimated bytes so far.
        self.bytes = 0
        self.outputs = 0
        self.dead_letters: list[str] = []

    def output(self, key: str, value: bytes, timestamp: int) -> None:
        # librdkafka takes 0 as "now". So the first millisecond of 1970 becomes the second one. The
        # value has the true time.
        self._produce(self._topics.output.name, value, key, timestamp or 1)
        self.bytes += _RECORD_OVERHEAD + len(key) + len(value)
        self.outputs += 1

    def changed(self, key: str) -> None:
        """Counts the bytes of a state that `changelog` will write at the end."""
        self.bytes += _STATE_BYTES + len(key)

    def changelog(self, key: bytes, value: str | None) -> None:
        self._produce(self._topics.changelog.name, value, key, _now_ms())

    def barrier(self, key: bytes, value: str) -> "Appended":
        """Writes a record. Its offset is known after the commit."""
        appended = Appended()
        self._producer.produce(
            self._topics.changelog.name,
            value,
            key,
            self._partition,
            on_delivery=appended.delivered,
            timestamp=_now_ms(),
        )
        return appended

    def dead_letter(self, message: Message, reason: Refused) -> None:
        """Writes a refused record to the dead-letter topic, with the wall time as its timestamp.

        The record's own timestamp may be anything, and a broker deletes records that look a week
        old.
        """
        key, value = message.key(), message.value()
        text = str(reason)[:ERROR_MESSAGE_CHARACTERS_MAX].encode("utf-8", "replace")
        headers: list[tuple[str, str | bytes | None]] = [
            ("error-code", reason.code.encode()),
            ("error-message", text),
            ("source-topic", self._topics.input.encode()),
            ("source-partition", str(message.partition()).encode()),
            ("source-offset", str(message.offset()).encode()),
        ]
        self._produce(self._topics.dead_letter.name, value, key, _now_ms(), headers)
        self.bytes += _HEADERS_BYTES + len(key or b"") + len(value or b"")
        self.dead_letters.append(reason.code)

    def _produce(
        self,
        topic: str,
        value: bytes | str | None,
        key: bytes | str | None,
        timestamp: int,
        headers: list[tuple[str, str | bytes | None]] | None = None,
    ) -> None:
        if headers is None:
            self._producer.produce(topic, value, key, self._partition, timestamp=timestamp)
        else:
            self._producer.produce(topic, value, key, self._partition, timestamp=timestamp, headers=headers)


class Appended:
    """The offset of a written record. None until it is delivered."""

    def __init__(self) -> None:
        self.offset: int | None = None

    def delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            self.offset = message.offset()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
