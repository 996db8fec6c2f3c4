"""A task: processes one partition in its own thread, from the fence to the last transaction.

Each task has its own producer (the partition's identity) and its own reader. So it never waits for
another partition, and the group cannot change what it reads. After any failure the outcome is
unknown: the task ends, and its session with it.
"""

import threading
import time
from collections.abc import Callable
from typing import Final, Literal

from confluent_kafka import Message

from .changelog import POSITION_KEY, encode_position
from .errors import StreamsError
from .reader import OutOfRange, PartitionReader
from .runtime import Runtime
from .take_over import TakeOver
from .transaction import Transaction, TransactionalProducer
from .wiener import WienerSteps

TaskState = Literal["assigned", "restoring", "running", "closed"]
_READ_WAIT_S: Final = 0.1


class Task:
    def __init__(self, runtime: Runtime, partition: int, on_failure: Callable[["Task", BaseException], None]) -> None:
        self.partition = partition
        self.state: TaskState = "assigned"
        self.opened_at = time.monotonic()
        #: The next input offset. None until the task is running.
        self.next: int | None = None
        self._runtime = runtime
        self._on_failure = on_failure
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, name=f"task-{partition}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Asks the task to end after the transaction in progress."""
        self._stop.set()

    def ended(self, timeout_s: float) -> bool:
        """Waits at most this long for the task's end. Returns whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _live(self) -> None:
        runtime = self._runtime
        reader: PartitionReader | None = None
        producer: TransactionalProducer | None = None
        try:
            identity = f"{runtime.topics.output.name}-{self.partition}"
            producer = TransactionalProducer(
                runtime.client, identity, runtime.topics, runtime.transaction_timeout_ms, runtime.records_max
            )
            reader = PartitionReader(runtime.client, runtime.group)
            self._work(producer, reader)
        except BaseException as error:
            # After a stop an error is expected and not reported: the partition has a new owner.
            if not self._stop.is_set():
                self._on_failure(self, error)
        finally:
            self.state = "closed"
            runtime.metrics.forget_partition(self.partition)
            runtime.refused.forget_partition(self.partition)
            if producer is not None:
                producer.close()
            if reader is not None:
                reader.close()

    def _work(self, producer: TransactionalProducer, reader: PartitionReader) -> None:
        runtime = self._runtime
        topic = runtime.topics.input
        take_over = TakeOver(runtime, self.partition, producer, reader, self._stop.is_set)
        restore = take_over.fence()
        self.state = "restoring"
        states = take_over.restore(restore)
        reader.seek(topic, self.partition, take_over.input_offset(restore.position))
        steps = WienerSteps(runtime.seed, self.partition, runtime.topics.partitions, states, runtime.refused)
        self.next = reader.next
        self.state = "running"
        self._say_running(len(states), restore.count)
        while not self._stop.is_set():
            try:
                messages = reader.read(runtime.records_max, _READ_WAIT_S, self._stop.is_set)
            except OutOfRange:
                reader.seek(topic, self.partition, take_over.start_at(self.next))
                messages = []
            if messages:
                self._process(messages, steps, producer)
            # After the last record there may be markers that end transactions. They need no
            # transaction of ours.
            self.next = reader.next
            runtime.metrics.lag.labels(self.partition).set(reader.lag())

    def _say_running(self, keys: int, restored: int) -> None:
        metrics = self._runtime.metrics
        seconds = time.monotonic() - self.opened_at
        metrics.running.labels(self.partition).set(1)
        metrics.restore_seconds.observe(seconds)
        metrics.keys.labels(self.partition).set(keys)
        self._runtime.log.info(
            "the partition is running",
            stage="processor",
            partition=self.partition,
            next=self.next,
            keys=keys,
            restored=restored,
            seconds=round(seconds, 3),
        )

    def _process(self, messages: list[Message], steps: WienerSteps, producer: TransactionalProducer) -> None:
        """Processes the records in transactions of bounded size. bytes_max may end one early."""
        runtime = self._runtime
        try:
            batch = steps.batch(messages)
        except Exception as error:
            raise self._failed(messages[0], error) from error
        done = 0
        while done < len(messages):
            started = time.monotonic()
            with producer.transaction(self.partition) as transaction:
                before = done
                try:
                    done = steps.apply(batch, done, transaction, runtime.bytes_max)
                except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                    raise self._failed(messages[before], error) from error
                following = (messages[done - 1].offset() or 0) + 1
                transaction.changelog(POSITION_KEY, encode_position(runtime.position(following)))
            self.next = following
            self._measure(done - before, transaction, steps, messages[done - 1], time.monotonic() - started)
            if self._stop.is_set():
                return

    def _failed(self, message: Message, error: BaseException) -> StreamsError:
        at = f"{self._runtime.topics.input}/{self.partition} from {message.offset()} on"
        return StreamsError("stage-failed", f"the step threw for a record of {at}: {error!r}")

    def _measure(
        self, inputs: int, transaction: Transaction, steps: WienerSteps, last: Message, seconds: float
    ) -> None:
        metrics = self._runtime.metrics
        metrics.transactions.inc()
        metrics.inputs.inc(inputs)
        metrics.outputs.inc(transaction.outputs)
        for code in transaction.dead_letters:
            metrics.dead_letters.labels(code).inc()
        metrics.transaction_seconds.observe(seconds)
        for event, n in steps.events.items():
            if n > 0:
                metrics.events.labels(event).inc(n)
                steps.events[event] = 0
        metrics.keys.labels(self.partition).set(len(steps.states))
        metrics.delay.labels(self.partition).set(time.time() - last.timestamp()[1] / 1_000)
