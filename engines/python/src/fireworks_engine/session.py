"""A session: one membership of the consumer group, with the tasks of its partitions.

It ends when it is stopped, or at the first failure of any of its tasks. It never repairs itself:
the next session joins the group again (steps 5 and 6 of docs/how-it-works/exactly-once.md).

The group's consumer reads no records. It only learns which partitions are ours. So a rebalance
never changes what a task reads, and librdkafka's cooperative protocol does not interrupt the
partitions that stay with us.
"""

import queue
import threading
import time
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from .errors import StreamsError
from .json_log import RateLimitedLog
from .runtime import Runtime
from .task import Task
from .topic_ids import TopicWatch

_POLL_S: Final = 0.1
_REBALANCE_TIMEOUT_MS: Final = 15_000
#: How long the group waits for a transaction in progress. It ends within its own time-out.
_END_IN_ORDER_MAX_S: Final = 8.0
_CLEAN_UP_MAX_S: Final = 2.0


class Session:
    def __init__(self, runtime: Runtime, topics: TopicWatch) -> None:
        self._runtime = runtime
        self._topics = topics
        self._tasks: dict[int, Task] = {}
        self._failures: queue.SimpleQueue[StreamsError] = queue.SimpleQueue()
        self._limited = RateLimitedLog()
        self._reported_to_group_at = time.monotonic()
        self._complaint: str | None = None
        self._stands_by = False
        self.joined = False

    def not_ready(self) -> str | None:
        """Why the session is not working now. None if it is."""
        if not self.joined:
            # While it stands by it counts as ready. Otherwise a rollout from one engine to the
            # other would wait forever: the old members leave only once this one is ready.
            return None if self._stands_by else self._complaint or "joining the consumer group"
        for task in list(self._tasks.values()):
            if task.state != "running":
                return f"partition {task.partition} is {task.state}"
        return None

    def run(self, stop: threading.Event) -> None:
        """Works until it is stopped. Raises the StreamsError that ended it otherwise."""
        group = self._join()
        in_order = False
        try:
            while not stop.is_set():
                message = group.poll(_POLL_S)
                if message is not None and (error := message.error()) is not None:
                    self._group_error(error)
                if not self._failures.empty():
                    raise self._failures.get()
                self._watch()
                self._topics.look()
                self._tell_group(group)
            in_order = True
        finally:
            self._end_tasks(list(self._tasks), _END_IN_ORDER_MAX_S if in_order else _CLEAN_UP_MAX_S)
            if in_order:
                self._tell_group(group, now=True)
            self._leave(group)

    def _join(self) -> Consumer:
        runtime = self._runtime
        group = Consumer(
            {
                **runtime.client,
                "group.id": runtime.group,
                "enable.auto.commit": False,
                "auto.offset.reset": "earliest",
                "session.timeout.ms": runtime.session_timeout_ms,
                "heartbeat.interval.ms": runtime.session_timeout_ms // 6,
                "max.poll.interval.ms": max(_REBALANCE_TIMEOUT_MS, runtime.session_timeout_ms),
                "partition.assignment.strategy": "cooperative-sticky",
            }
        )
        group.subscribe([runtime.topics.input], on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost)
        return group

    def _leave(self, group: Consumer) -> None:
        """Leaves the group, so that the next member can start at once.

        With an unreachable broker that may take long. Then it goes on in the background.
        """
        closing = threading.Thread(target=group.close, daemon=True)
        closing.start()
        closing.join(_CLEAN_UP_MAX_S)

    def _assigned(self, group: Consumer, partitions: list[TopicPartition]) -> None:
        # Paused, because the tasks read with their own consumers.
        mine = [TopicPartition(p.topic, p.partition, 0) for p in partitions]
        group.incremental_assign(mine)
        group.pause(mine)
        self.joined = True
        self._complaint = None
        self._runtime.metrics.joins.inc()
        for p in partitions:
            self._tasks[p.partition] = Task(self._runtime, p.partition, self._failure)
        self._runtime.log.info("joined the group", stage="processor", partitions=sorted(self._tasks))

    def _revoked(self, group: Consumer, partitions: list[TopicPartition]) -> None:
        self._end_tasks([p.partition for p in partitions], _END_IN_ORDER_MAX_S)
        group.incremental_unassign(partitions)

    def _lost(self, group: Consumer, partitions: list[TopicPartition]) -> None:
        """The group has already given the partitions away. Their tasks are fenced, or will be."""
        self._runtime.log.warn(
            "the group has given partitions away", stage="processor", partitions=[p.partition for p in partitions]
        )
        self._end_tasks([p.partition for p in partitions], _CLEAN_UP_MAX_S)
        group.incremental_unassign(partitions)

    def _end_tasks(self, partitions: list[int], within_s: float) -> None:
        """Stops the tasks and waits for their end.

        The next owner's fence discards the work of a task that has not ended by then.
        """
        tasks = [task for p in partitions if (task := self._tasks.pop(p, None)) is not None]
        for task in tasks:
            task.stop()
        deadline = time.monotonic() + within_s
        for task in tasks:
            task.ended(max(0.0, deadline - time.monotonic()))

    def _failure(self, task: Task, error: BaseException) -> None:
        if isinstance(error, StreamsError):
            failure = error
        else:
            failure = StreamsError("outcome-unknown", f"partition {task.partition}: {error!r}")
        if self._failures.empty():
            self._runtime.log.warn(
                "session failed: the stage stops, as a restart would meet the same"
                if failure.fatal
                else "session failed: dropping all state and rejoining the group",
                stage="processor",
                code=failure.code,
                reason=str(failure),
            )
        self._failures.put(failure)

    def _group_error(self, error: KafkaError) -> None:
        """Ends the session at a fatal error. After any other librdkafka tries again by itself."""
        if error.fatal():
            raise StreamsError("group-failed", error.str())
        if error.code() == KafkaError._PARTITION_EOF:
            return
        reason = error.str()
        self._stands_by = error.code() == KafkaError.INCONSISTENT_GROUP_PROTOCOL
        if self._stands_by:
            reason = f"the group {self._runtime.group} still has members of another engine: waiting for them to leave"
        self._complaint = reason
        if self._limited.allows(reason):
            self._runtime.log.warn("the group does not work now", stage="processor", reason=reason)

    def _watch(self) -> None:
        for task in self._tasks.values():
            seconds = time.monotonic() - task.opened_at
            if task.state in ("assigned", "restoring") and seconds > self._runtime.restore_timeout_s:
                raise StreamsError(
                    "restore-timeout", f"partition {task.partition} is {task.state} after {seconds:.0f} s"
                )

    def _tell_group(self, group: Consumer, now: bool = False) -> None:
        """Commits the group's own offsets, for the usual lag tools.

        This happens outside of the transactions, and nothing relies on it.
        """
        since = time.monotonic() - self._reported_to_group_at
        if not now and since < self._runtime.group_offset_interval_s:
            return
        self._reported_to_group_at = time.monotonic()
        offsets = [
            TopicPartition(self._runtime.topics.input, task.partition, task.next)
            for task in self._tasks.values()
            if task.next is not None
        ]
        if not offsets:
            return
        try:
            group.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:
            self._runtime.log.debug("the group's offsets were not committed", error=str(error))
