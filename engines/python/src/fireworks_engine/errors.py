"""What can go wrong: a closed set of codes, and for each whether a new session may mend it or the process had better stop."""

from typing import Final

#: "rejoin": drop everything, leave the group, join anew. "stop": a restart would meet the same again.
STREAMS_ERRORS: Final[dict[str, str]] = {
    "fenced": "rejoin",
    "outcome-unknown": "rejoin",
    "group-failed": "rejoin",
    "restore-timeout": "rejoin",
    "access-refused": "stop",
    "topic-mismatch": "stop",
    "config-mismatch": "stop",
    "input-mismatch": "stop",
    "output-without-position": "stop",
    "changelog-unreadable": "stop",
    "record-too-large": "stop",
    "stage-failed": "stop",
}


class StreamsError(Exception):
    """Ends a session; `code` is one of STREAMS_ERRORS."""

    def __init__(self, code: str, message: str) -> None:
        if code not in STREAMS_ERRORS:
            raise ValueError(f"no such code: {code}")
        super().__init__(message)
        self.code = code

    @property
    def fatal(self) -> bool:
        """Whether a restart would meet the same again."""
        return STREAMS_ERRORS[self.code] == "stop"


class Refused(Exception):
    """A record that becomes a dead letter under this code; the state stays as it was."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
