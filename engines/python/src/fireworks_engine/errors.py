"""The engine's errors: a closed set of codes. A new session can recover from some of them."""

from typing import Final

#: "rejoin": drop all state, leave the group and join it again. "stop": unrecoverable, since the
#: same error would come back after a restart.
STREAMS_ERRORS: Final[dict[str, str]] = {
    "fenced": "rejoin",
    "outcome-unknown": "rejoin",
    "group-failed": "rejoin",
    "topic-absent": "rejoin",
    "topic-not-created": "rejoin",
    "topic-refused": "stop",
    "restore-timeout": "rejoin",
    "access-refused": "stop",
    "topic-mismatch": "stop",
    "config-mismatch": "stop",
    "input-mismatch": "stop",
    "topic-replaced": "stop",
    "output-without-position": "stop",
    "changelog-unreadable": "stop",
    "record-too-large": "stop",
    "stage-failed": "stop",
}


class StreamsError(Exception):
    """An error that ends a session. `code` is one of STREAMS_ERRORS."""

    def __init__(self, code: str, message: str) -> None:
        if code not in STREAMS_ERRORS:
            raise ValueError(f"no such code: {code}")
        super().__init__(message)
        self.code = code

    @property
    def fatal(self) -> bool:
        """Whether the error is unrecoverable: it would come back after a restart."""
        return STREAMS_ERRORS[self.code] == "stop"


class Refused(Exception):
    """A record is refused. It becomes a dead letter with this code; the state does not change."""

    def __init__(self, code: str, message: str, waits_for: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        #: What the device's next tick must have to be accepted, as text for people.
        self.waits_for = waits_for
