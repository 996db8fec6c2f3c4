"""Lists the devices whose newest tick was refused (packages/streams/src/stage/refused-keys.ts).

One bad tick can leave a state behind that refuses all later ticks, for years. So such a device is
shown in the log, in the metrics and on `/refused`.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .errors import Refused
from .json_log import JsonLog

#: The most keys that are kept. Any further ones are only counted as dead letters.
_KEPT_MAX: Final = 1_000
#: The most keys that `/refused` lists. Keys refused for the longest time come first.
_LISTED_MAX: Final = 100
#: The first refusal is logged at once, later ones at most this often.
_LOG_EVERY_S: Final = 60.0
_EXAMPLES_MAX: Final = 5


@dataclass
class RefusedKey:
    key: str
    partition: int
    #: code, message and waits_for are those of the newest refusal.
    code: str
    message: str
    waits_for: str | None
    since: str
    records: int

    def shown(self) -> dict[str, object]:
        waits_for = {} if self.waits_for is None else {"waitsFor": self.waits_for}
        return {
            "key": self.key,
            "partition": self.partition,
            "code": self.code,
            "message": self.message,
            **waits_for,
            "since": self.since,
            "records": self.records,
        }


class RefusedKeys(Collector):
    """The refused keys. Thread-safe: all tasks use it, and so do requests for pages and metrics."""

    def __init__(self, log: JsonLog, registry: CollectorRegistry) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._keys: dict[str, RefusedKey] = {}
        self._counts: Counter[str] = Counter()
        self._examples: list[str] = []
        self._logged_at: float | None = None
        registry.register(self)

    def refused(self, key: str | None, partition: int, offset: int, reason: Refused) -> None:
        """Adds a refused record. key: None if it could not be read."""
        with self._lock:
            if key is not None:
                self._keep(key, partition, reason)
            waits = "" if reason.waits_for is None else f"; waits for {reason.waits_for}"
            self._counts[reason.code] += 1
            if len(self._examples) < _EXAMPLES_MAX:
                at = f"(partition {partition}, offset {offset}): {reason.code}"
                # The reason why a record is unreadable may quote it. Payloads are never logged.
                self._examples.append(f"a record {at}" if key is None else f"{key} {at}, {reason}{waits}")
            now = time.monotonic()
            if self._logged_at is None or now - self._logged_at >= _LOG_EVERY_S:
                self._logged_at = now
                self._say()

    def taken(self, key: str) -> None:
        """A record of the key was accepted: the key is no longer refused."""
        if self._keys:
            with self._lock:
                self._keys.pop(key, None)

    def forget_partition(self, partition: int) -> None:
        """Drops the keys of a partition that another owner has now."""
        with self._lock:
            self._keys = {key: one for key, one in self._keys.items() if one.partition != partition}

    def page(self) -> dict[str, object]:
        """The content of `/refused`."""
        with self._lock:
            listed = [one.shown() for one in list(self._keys.values())[:_LISTED_MAX]]
            return {"total": len(self._keys), "keys": listed}

    def collect(self) -> Iterator[Metric]:
        about = "Keys whose newest record was refused, by code"
        gauge = GaugeMetricFamily("fireworks_stage_refused_keys", about, labels=["code"])
        with self._lock:
            counts = Counter(one.code for one in self._keys.values())
        for code, keys in counts.items():
            gauge.add_metric([code], keys)
        yield gauge

    def _keep(self, key: str, partition: int, reason: Refused) -> None:
        known = self._keys.get(key)
        if known is None and len(self._keys) >= _KEPT_MAX:
            return
        since = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._keys[key] = RefusedKey(
            key,
            partition,
            reason.code,
            str(reason),
            reason.waits_for,
            known.since if known else since,
            known.records + 1 if known else 1,
        )

    def _say(self) -> None:
        self._log.warn(
            "records were refused and are in the dead-letter topic; said at most once a minute",
            stage="processor",
            records=dict(self._counts),
            refusedKeys=len(self._keys),
            examples=list(self._examples),
        )
        self._counts.clear()
        self._examples.clear()
