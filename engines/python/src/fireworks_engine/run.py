"""Runs the processor: one session after another, until a stop or an unrecoverable error."""

import threading
import time
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from .errors import StreamsError
from .runtime import Runtime
from .session import Session
from .topic_ids import TopicWatch, assert_same_topics, topic_ids_of
from .topics import prepare_topics

_BACKOFF_FIRST_S: Final = 0.1
_BACKOFF_MAX_S: Final = 5.0
#: After a session of at least this length the back-off starts from the beginning again.
_GOOD_SESSION_S: Final = 10.0
#: Restart the process after this many consecutive failures of sessions that had joined. An
#: unreachable broker does not count.
_FAILURES_MAX: Final = 20


class Processor:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._session: Session | None = None
        self._waiting: str | None = "starting"
        self._joined_failures = 0

    def not_ready(self) -> str | None:
        """Why the processor is not working now. None if it is."""
        session = self._session
        return self._waiting or (None if session is None else session.not_ready())

    def not_live(self) -> str | None:
        """Why the process should be restarted. None while it can still recover by itself."""
        if self._joined_failures <= _FAILURES_MAX:
            return None
        return f"{self._joined_failures} failures in a row, the last: {self._waiting}"

    def run(self, stop: threading.Event) -> None:
        """Returns after an orderly stop. Raises a fatal StreamsError."""
        failures = 0
        while not stop.is_set():
            started = time.monotonic()
            try:
                self._one_session(stop)
                return
            except StreamsError as error:
                failure = error
            except KafkaException as error:
                failure = StreamsError("group-failed", error.args[0].str())
            if not failure.fatal and (refusal := self._runtime.access.refusal()) is not None:
                failure = StreamsError("access-refused", refusal)
            if failure.fatal:
                raise failure
            if time.monotonic() - started > _GOOD_SESSION_S:
                failures = 0
            joined = self._session is not None and self._session.joined
            self._joined_failures = self._joined_failures + 1 if joined else 0
            backoff_s = min(_BACKOFF_FIRST_S * 2**failures, _BACKOFF_MAX_S)
            failures += 1
            self._waiting = f"{failure.code}: {failure}"
            self._runtime.metrics.failures.labels(failure.code).inc()
            self._runtime.log.warn(
                "not working: trying again",
                stage="processor",
                code=failure.code,
                reason=str(failure),
                backoffMs=round(backoff_s * 1_000),
            )
            stop.wait(backoff_s)

    def _one_session(self, stop: threading.Event) -> None:
        self._waiting = "preparing the topics"
        self._session = None
        admin = AdminClient(self._runtime.client)
        try:
            prepare_topics(admin, self._runtime.topics)
            ids = topic_ids_of(admin, self._runtime.topics)
            # A topic may have been replaced since an earlier session of this process.
            assert_same_topics(self._runtime.topic_ids, ids, self._runtime.topics)
            self._runtime.topic_ids.update(ids)
        finally:
            # Only this call runs error_cb, which reports the admin client's errors.
            admin.poll(0)
        watch = TopicWatch(admin, self._runtime.topics, self._runtime.topic_ids)
        self._session = Session(self._runtime, watch)
        self._waiting = None
        self._session.run(stop)
