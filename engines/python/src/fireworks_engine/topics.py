"""The topics: created where they are absent, held to what the processor needs where they are there (packages/contracts/src/topics.ts)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.cimpl import NewTopic

from .errors import StreamsError
from .settings import Settings

TIMEOUT_S: Final = 10.0
#: Asking once. A broker that is away is asked again by the next session; nothing else can be done meanwhile, not even stopping.
METADATA_TIMEOUT_S: Final = 3.0
SOURCE_BYTES_MAX: Final = 1_048_588
#: Record timestamps are event times: a broker must not refuse those ahead of its own clock.
_EVENT_TIME: Final = {"message.timestamp.after.max.ms": "9223372036854775807"}
#: The active segment is never compacted: with the standard 1 GB and 7 days a changelog would grow for days.
_SMALL_SEGMENTS: Final = {
    "segment.bytes": str(16 * 1024 * 1024),
    "segment.ms": "600000",
    "min.cleanable.dirty.ratio": "0.1",
    "delete.retention.ms": "3600000",
}


@dataclass(frozen=True)
class TopicSpec:
    name: str
    cleanup: str
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Topics:
    """What comes from partition p goes to partition p, so that all have equally many."""

    partitions: int
    replication_factor: int
    input: str
    output: TopicSpec
    changelog: TopicSpec
    dead_letter: TopicSpec


def processor_topics(settings: Settings) -> Topics:
    kept = {**_EVENT_TIME, "cleanup.policy": "delete", "retention.ms": str(settings.number("RETENTION_MS"))}
    return Topics(
        partitions=settings.number("PARTITIONS"),
        replication_factor=settings.number("REPLICATION_FACTOR"),
        input=settings.text("TOPIC_METRONOME"),
        output=TopicSpec(settings.text("TOPIC_WIENER"), "delete", kept),
        changelog=TopicSpec(
            settings.text("TOPIC_PROCESSOR_CHANGELOG"),
            "compact",
            {**_EVENT_TIME, "cleanup.policy": "compact", **_SMALL_SEGMENTS},
        ),
        # A dead letter holds a whole source record and headers: twice the source's limit.
        dead_letter=TopicSpec(
            settings.text("TOPIC_DEAD_LETTER"), "delete", {**kept, "max.message.bytes": str(2 * SOURCE_BYTES_MAX)}
        ),
    )


def prepare_topics(admin: AdminClient, topics: Topics) -> None:
    """Raises StreamsError topic-mismatch for what a restart would meet again, group-failed where the input is not there yet."""
    specs = (topics.output, topics.changelog, topics.dead_letter)
    there = _partitions(admin)
    absent = [spec for spec in specs if spec.name not in there]
    if absent:
        _create(admin, topics, absent)
        there = _until_there(admin, {spec.name for spec in absent})
    for spec in specs:
        _demand(spec.name, there[spec.name], topics.partitions, ", or name another topic")
    _check_cleanup(admin, specs)
    if topics.input not in there:
        raise StreamsError("group-failed", f"the topic {topics.input} is not there yet")
    _demand(topics.input, there[topics.input], topics.partitions, "")


def _partitions(admin: AdminClient) -> dict[str, int]:
    found = admin.list_topics(timeout=METADATA_TIMEOUT_S).topics
    return {name: len(topic.partitions) for name, topic in found.items() if topic.error is None}


def _create(admin: AdminClient, topics: Topics, specs: list[TopicSpec]) -> None:
    new = [NewTopic(s.name, topics.partitions, topics.replication_factor, config=dict(s.config)) for s in specs]
    for future in admin.create_topics(new, request_timeout=TIMEOUT_S).values():
        try:
            future.result(TIMEOUT_S)
        except KafkaException as error:
            # Somebody else made it meanwhile: the check that follows tells whether it is right.
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def _until_there(admin: AdminClient, names: set[str]) -> dict[str, int]:
    """A topic that was just made may not be known everywhere yet."""
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        there = _partitions(admin)
        if all(there.get(name) for name in names):
            return there
        if time.monotonic() > deadline:
            raise StreamsError("group-failed", f"not there {TIMEOUT_S:.0f} s after they were made: {sorted(names)}")
        time.sleep(0.05)


def _demand(name: str, found: int, wanted: int, otherwise: str) -> None:
    if found != wanted:
        raise StreamsError(
            "topic-mismatch",
            f"the topic {name} has {found} partitions, not {wanted}: set FIREWORKS_PARTITIONS to what it has{otherwise}",
        )


def _check_cleanup(admin: AdminClient, specs: tuple[TopicSpec, ...]) -> None:
    resources = [ConfigResource(ConfigResource.Type.TOPIC, spec.name) for spec in specs]
    answers = admin.describe_configs(resources, request_timeout=TIMEOUT_S)
    for spec, resource in zip(specs, resources, strict=True):
        found = answers[resource].result(TIMEOUT_S)["cleanup.policy"].value
        if found != spec.cleanup:
            raise StreamsError(
                "topic-mismatch",
                f"the topic {spec.name} has cleanup.policy={found}, not {spec.cleanup}:"
                " change it (kafka-configs --alter), or name another topic",
            )
