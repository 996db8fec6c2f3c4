"""The processor's metrics, with the names and meanings of packages/streams/src/stage/metrics.ts."""

from contextlib import suppress

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(f"fireworks_stage_{name}", about, labels, registry=registry)

        def gauge(name: str, about: str) -> Gauge:
            return Gauge(f"fireworks_stage_{name}", about, ["partition"], registry=registry)

        def histogram(name: str, about: str, *buckets: float) -> Histogram:
            return Histogram(f"fireworks_stage_{name}", about, buckets=buckets, registry=registry)

        self.inputs = counter("input_records_total", "Input records processed")
        self.outputs = counter("output_records_total", "Output records committed")
        self.dead_letters = counter("dead_letters_total", "Records refused, by code", "code")
        self.events = counter("events_total", "What the stage's step counts", "event")
        self.transactions = counter("transactions_total", "Transactions committed")
        self.failures = counter("failures_total", "Failed sessions, by code", "code")
        self.joins = counter("joins_total", "Joins of the consumer group")
        self.lost = counter(
            "records_lost_to_retention_total", "Input records that were deleted before they were processed"
        )
        self.lag = gauge("lag_records", "Input records not yet processed")
        self.keys = gauge("state_keys", "Keys with a state")
        self.restored = gauge("restored_records", "Changelog records read by the restore under way, or by the last one")
        self.restore_target = gauge(
            "restore_target_offset", "Changelog offset of the barrier that the restore reads to"
        )
        self.running = gauge("running", "1 where the partition is processed here")
        self.delay = gauge(
            "event_time_delay_seconds",
            "Wall time at the last commit minus the record timestamp of the last input in it",
        )
        self.restore_seconds = histogram(
            "restore_seconds", "Time from assigned to running", 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
        )
        self.transaction_seconds = histogram(
            "transaction_seconds",
            "Time of a transaction",
            *(0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 5, 10),
        )

    def forget_partition(self, partition: int) -> None:
        """Removes the metrics of a partition that another owner has now.

        Otherwise its last lag would be shown forever.
        """
        self.running.labels(partition).set(0)
        for gauge in (self.lag, self.keys, self.restored, self.restore_target, self.delay):
            with suppress(KeyError):  # It was never set for this partition.
                gauge.remove(partition)
