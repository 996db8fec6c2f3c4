"""A session: one membership of the group, with the tasks of its partitions. It ends by being stopped, or at the first trouble of any of its
tasks, and never mends itself: a new session begins with a new join (steps 5 and 6 of docs/exactly-once.md).

The group's consumer reads nothing: it only says whose a partition is. So a rebalance never moves what a task reads, and librdkafka's cooperative
protocol leaves the partitions that stay where they are alone.
"""

import queue
import threading
import time
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from .errors import StreamsError
from .json_log import Seldom
from .runtime import Runtime
from .task import Task

_POLL_S: Final = 0.1
_REBALANCE_TIMEOUT_MS: Final = 15_000
#: A transaction under way ends within its time-out; the group waits for it no longer than that.
_END_IN_ORDER_MAX_S: Final = 8.0
_CLEAN_UP_MAX_S: Final = 2.0


class Session:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._tasks: dict[int, Task] = {}
        self._troubles: queue.SimpleQueue[StreamsError] = queue.SimpleQueue()
        self._seldom = Seldom()
        self._told_group_at = time.monotonic()
        self._complaint: str | None = None
        self._stands_by = False
        self.joined = False

    def not_ready(self) -> str | None:
        """Why the processor does not work now."""
        if not self.joined:
            # Not ready, it would keep a rollout from one engine to the other waiting for ever: the others leave once it is ready.
            return None if self._stands_by else self._complaint or "joining the consumer group"
        for task in list(self._tasks.values()):
            if task.state != "running":
                return f"partition {task.partition} is {task.state}"
        return None

    def run(self, stop: threading.Event) -> None:
        """Works until it is told to stop; raises the StreamsError that ended it otherwise."""
        group = self._join()
        in_order = False
        try:
            while not stop.is_set():
                message = group.poll(_POLL_S)
                if message is not None and (error := message.error()) is not None:
                    self._group_error(error)
                if not self._troubles.empty():
                    raise self._troubles.get()
                self._watch()
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
        """A member that left lets the next one start at once. With a broker that is away that may take its time: it is left to itself then."""
        closing = threading.Thread(target=group.close, daemon=True)
        closing.start()
        closing.join(_CLEAN_UP_MAX_S)

    def _assigned(self, group: Consumer, partitions: list[TopicPartition]) -> None:
        # Paused: the tasks read for themselves.
        mine = [TopicPartition(p.topic, p.partition, 0) for p in partitions]
        group.incremental_assign(mine)
        group.pause(mine)
        self.joined = True
        self._complaint = None
        self._runtime.metrics.joins.inc()
        for p in partitions:
            self._tasks[p.partition] = Task(self._runtime, p.partition, self._trouble)
        self._runtime.log.info("joined the group", stage="processor", partitions=sorted(self._tasks))

    def _revoked(self, group: Consumer, partitions: list[TopicPartition]) -> None:
        self._end_tasks([p.partition for p in partitions], _END_IN_ORDER_MAX_S)
        group.incremental_unassign(partitions)

    def _lost(self, group: Consumer, partitions: list[TopicPartition]) -> None:
        """The group has given them away already: their tasks are fenced, or will be."""
        self._runtime.log.warn(
            "the group has given partitions away", stage="processor", partitions=[p.partition for p in partitions]
        )
        self._end_tasks([p.partition for p in partitions], _CLEAN_UP_MAX_S)
        group.incremental_unassign(partitions)

    def _end_tasks(self, partitions: list[int], within_s: float) -> None:
        """What has not ended by then comes to nothing: the next owner's fence sees to that."""
        tasks = [task for p in partitions if (task := self._tasks.pop(p, None)) is not None]
        for task in tasks:
            task.stop()
        deadline = time.monotonic() + within_s
        for task in tasks:
            task.ended(max(0.0, deadline - time.monotonic()))

    def _trouble(self, task: Task, error: BaseException) -> None:
        if isinstance(error, StreamsError):
            trouble = error
        else:
            trouble = StreamsError("outcome-unknown", f"partition {task.partition}: {error!r}")
        if self._troubles.empty():
            self._runtime.log.warn(
                "trouble: everything is dropped, the group will be joined anew",
                stage="processor",
                code=trouble.code,
                reason=str(trouble),
            )
        self._troubles.put(trouble)

    def _group_error(self, error: KafkaError) -> None:
        """librdkafka tries again by itself; what it cannot mend ends the session."""
        if error.fatal():
            raise StreamsError("group-failed", error.str())
        if error.code() == KafkaError._PARTITION_EOF:
            return
        reason = error.str()
        self._stands_by = error.code() == KafkaError.INCONSISTENT_GROUP_PROTOCOL
        if self._stands_by:
            reason = f"the group {self._runtime.group} still has members of another engine: waiting for them to leave"
        self._complaint = reason
        if self._seldom.says(reason):
            self._runtime.log.warn("the group does not work now", stage="processor", reason=reason)

    def _watch(self) -> None:
        for task in self._tasks.values():
            seconds = time.monotonic() - task.opened_at
            if task.state in ("assigned", "restoring") and seconds > self._runtime.restore_timeout_s:
                raise StreamsError(
                    "restore-timeout", f"partition {task.partition} is {task.state} after {seconds:.0f} s"
                )

    def _tell_group(self, group: Consumer, now: bool = False) -> None:
        """The group's own offsets, for the usual lag tools: outside of the transactions, and nothing relies on them."""
        since = time.monotonic() - self._told_group_at
        if not now and since < self._runtime.group_offset_interval_s:
            return
        self._told_group_at = time.monotonic()
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
