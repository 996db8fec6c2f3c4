"""Runs the processor: one session after another, until it is stopped or a restart would not help."""

import threading
import time
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from .errors import StreamsError
from .runtime import Runtime
from .session import Session
from .topics import prepare_topics

_BACKOFF_FIRST_S: Final = 0.1
_BACKOFF_MAX_S: Final = 5.0
#: A session that lived so long has been a good one: the back-off starts anew.
_GOOD_SESSION_S: Final = 10.0
#: Troubles in a row of sessions that had joined, after which the process had better be restarted; a broker that is away is none.
_TROUBLES_MAX: Final = 20


class Processor:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._session: Session | None = None
        self._waiting: str | None = "starting"
        self._joined_troubles = 0

    def not_ready(self) -> str | None:
        """Why it does not work now; None where it does."""
        session = self._session
        return self._waiting or (None if session is None else session.not_ready())

    def not_live(self) -> str | None:
        """Why a restart of the process would help; None where it would not."""
        if self._joined_troubles <= _TROUBLES_MAX:
            return None
        return f"{self._joined_troubles} troubles in a row, the last: {self._waiting}"

    def run(self, stop: threading.Event) -> None:
        """Returns once it has stopped in order; raises a fatal StreamsError."""
        troubles = 0
        while not stop.is_set():
            started = time.monotonic()
            try:
                self._one_session(stop)
                return
            except StreamsError as error:
                trouble = error
            except KafkaException as error:
                trouble = StreamsError("group-failed", error.args[0].str())
            if not trouble.fatal and (refusal := self._runtime.access.refusal()) is not None:
                trouble = StreamsError("access-refused", refusal)
            if trouble.fatal:
                raise trouble
            if time.monotonic() - started > _GOOD_SESSION_S:
                troubles = 0
            joined = self._session is not None and self._session.joined
            self._joined_troubles = self._joined_troubles + 1 if joined else 0
            backoff_s = min(_BACKOFF_FIRST_S * 2**troubles, _BACKOFF_MAX_S)
            troubles += 1
            self._waiting = f"{trouble.code}: {trouble}"
            self._runtime.metrics.troubles.labels(trouble.code).inc()
            self._runtime.log.warn(
                "not working: trying again",
                stage="processor",
                code=trouble.code,
                reason=str(trouble),
                backoffMs=round(backoff_s * 1_000),
            )
            stop.wait(backoff_s)

    def _one_session(self, stop: threading.Event) -> None:
        self._waiting = "preparing the topics"
        self._session = None
        admin = AdminClient(self._runtime.client)
        try:
            prepare_topics(admin, self._runtime.topics)
        finally:
            # Its errors are told by error_cb, which is called from here alone.
            admin.poll(0)
        self._session = Session(self._runtime)
        self._waiting = None
        self._session.run(stop)
