"""Logs: JSON lines on stdout, in the other services' format (pino). Payloads are never logged."""

import json
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from typing import Final

LEVELS: Final = {"trace": 10, "debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60}


class JsonLog:
    """Writes whole lines, from any thread."""

    def __init__(self, service: str, level: str) -> None:
        self._service = service
        self._least = LEVELS.get(level, LEVELS["info"])
        self._lock = threading.Lock()
        self._gone = False

    def debug(self, message: str, **fields: object) -> None:
        self._write("debug", message, fields)

    def info(self, message: str, **fields: object) -> None:
        self._write("info", message, fields)

    def warn(self, message: str, **fields: object) -> None:
        self._write("warn", message, fields)

    def error(self, message: str, **fields: object) -> None:
        self._write("error", message, fields)

    def fatal(self, message: str, error: BaseException | None = None, **fields: object) -> None:
        if error is not None:
            fields["err"] = {
                "type": type(error).__name__,
                "message": str(error),
                "stack": "".join(traceback.format_exception(error)),
            }
        self._write("fatal", message, fields)

    def _write(self, level: str, message: str, fields: dict[str, object]) -> None:
        if LEVELS[level] < self._least or self._gone:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"level": level, "time": now, "service": self._service, **fields, "msg": message}
        try:
            with self._lock:
                sys.stdout.write(json.dumps(line, default=str, separators=(",", ":")) + "\n")
                sys.stdout.flush()
        except BrokenPipeError:
            # The reader of the log is gone. The service goes on without a log.
            self._gone = True


class RateLimitedLog:
    """A rate limit: it lets the same message through only once in the given seconds.

    While a broker cannot be reached, librdkafka repeats the same message again and again.
    """

    def __init__(self, seconds: float = 10.0, messages_max: int = 200) -> None:
        self._seconds = seconds
        self._max = messages_max
        self._said: dict[str, float] = {}

    def allows(self, message: str) -> bool:
        now = time.monotonic()
        if now - self._said.get(message, -self._seconds) < self._seconds:
            return False
        if len(self._said) >= self._max:
            self._said.clear()
        self._said[message] = now
        return True
