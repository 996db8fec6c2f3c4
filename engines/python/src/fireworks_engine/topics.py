"""Creates the processor's topics that are missing, and checks those that exist.

The TypeScript engine has the same in packages/contracts/src/topics.ts.
"""

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
#: The time-out of one metadata request. It is short because it blocks everything, even a stop. If
#: the broker cannot be reached, the next session tries again.
METADATA_TIMEOUT_S: Final = 3.0
SOURCE_BYTES_MAX: Final = 1_048_588
#: Record timestamps are event times: a broker must not refuse those that are ahead of its clock.
_EVENT_TIME: Final = {"message.timestamp.after.max.ms": "9223372036854775807"}
#: Kafka never compacts the active segment. With its defaults of 1 GB and 7 days a changelog would
#: grow for days.
_SMALL_SEGMENTS: Final = {
    "segment.bytes": str(16 * 1024 * 1024),
    "segment.ms": "600000",
    "min.cleanable.dirty.ratio": "0.1",
    "delete.retention.ms": "3600000",
}


#: Refusals that would come back at every later attempt.
_UNRECOVERABLE: Final = (
    KafkaError.TOPIC_EXCEPTION,
    KafkaError.UNSUPPORTED_VERSION,
    KafkaError.INVALID_PARTITIONS,
    KafkaError.INVALID_CONFIG,
    KafkaError.INVALID_REQUEST,
    KafkaError.POLICY_VIOLATION,
)


@dataclass(frozen=True)
class TopicSpec:
    name: str
    cleanup: str
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Topics:
    """The processor's topics. All have the same number of partitions, as p's output goes to p."""

    partitions: int
    replication_factor: int
    input: str
    output: TopicSpec
    changelog: TopicSpec
    dead_letter: TopicSpec


def processor_topics(settings: Settings) -> Topics:
    own = settings.text("TOPIC_CONFIGS") == "own"

    def config(cleanup: str, more: Mapping[str, str]) -> dict[str, str]:
        """The topic's settings. cleanup.policy is always set: without it the topic is useless."""
        return {"cleanup.policy": cleanup, **(more if own else {})}

    kept = {**_EVENT_TIME, "retention.ms": str(settings.number("RETENTION_MS"))}
    return Topics(
        partitions=settings.number("PARTITIONS"),
        replication_factor=settings.number("REPLICATION_FACTOR"),
        input=settings.text("TOPIC_METRONOME"),
        output=TopicSpec(settings.text("TOPIC_WIENER"), "delete", config("delete", kept)),
        changelog=TopicSpec(
            settings.text("TOPIC_PROCESSOR_CHANGELOG"),
            "compact",
            config("compact", {**_EVENT_TIME, **_SMALL_SEGMENTS}),
        ),
        # A dead letter contains a whole source record and headers. So its limit is twice the
        # source's.
        dead_letter=TopicSpec(
            settings.text("TOPIC_DEAD_LETTER"),
            "delete",
            config("delete", {**kept, "max.message.bytes": str(2 * SOURCE_BYTES_MAX)}),
        ),
    )


def prepare_topics(admin: AdminClient, topics: Topics) -> None:
    """Creates missing topics and checks all of them.

    Raises StreamsError: topic-mismatch or topic-refused, which a restart does not fix; topic-absent
    if the input does not exist yet.
    """
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
        raise StreamsError("topic-absent", f"the topic {topics.input} is not there yet")
    _demand(topics.input, there[topics.input], topics.partitions, "")


def _partitions(admin: AdminClient) -> dict[str, int]:
    found = admin.list_topics(timeout=METADATA_TIMEOUT_S).topics
    return {name: len(topic.partitions) for name, topic in found.items() if topic.error is None}


def _create(admin: AdminClient, topics: Topics, specs: list[TopicSpec]) -> None:
    new = [NewTopic(s.name, topics.partitions, topics.replication_factor, config=dict(s.config)) for s in specs]
    # First validate all of them, then create them. Otherwise a refused changelog would leave the
    # output behind, which looks like a silent stream to readers.
    for validate_only in (True, False):
        refused = _refused(admin, new, validate_only)
        if refused:
            raise _refusal(refused, topics.replication_factor)


def _refused(admin: AdminClient, new: list[NewTopic], validate_only: bool) -> dict[str, KafkaError]:
    refused: dict[str, KafkaError] = {}
    answers = admin.create_topics(new, request_timeout=TIMEOUT_S, validate_only=validate_only)
    for name, future in answers.items():
        try:
            future.result(TIMEOUT_S)
        except KafkaException as error:
            # An error of the client: the broker has not answered.
            if error.args[0].code() < 0:
                raise
            # Another process has created it meanwhile. The check that follows decides whether it
            # is right.
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                refused[name] = error.args[0]
    return refused


def _refusal(refused: dict[str, KafkaError], replicas: int) -> StreamsError:
    """The error, with the broker's own message (packages/streams/src/kafka/create-topics.ts)."""
    sentences = []
    for name, error in refused.items():
        words = error.str() or "the broker gives no reason"
        sentence = f"Kafka refused to create the topic {name} ({error.name()}): {words}"
        sentences.append(sentence + ("" if words.endswith((".", "!", "?")) else ".") + _advice(error, replicas))
    unrecoverable = any(error.code() in _UNRECOVERABLE for error in refused.values())
    return StreamsError("topic-refused" if unrecoverable else "topic-not-created", " ".join(sentences))


def _advice(error: KafkaError, replicas: int) -> str:
    if error.code() == KafkaError.INVALID_REPLICATION_FACTOR:
        return f" Set FIREWORKS_REPLICATION_FACTOR (now {replicas}) to at most the number of brokers, or start more brokers."
    if error.code() in (KafkaError.INVALID_CONFIG, KafkaError.POLICY_VIOLATION):
        return " Create the topic by hand, or set FIREWORKS_TOPIC_CONFIGS=cluster to leave its settings to the cluster."
    return ""


def _until_there(admin: AdminClient, names: set[str]) -> dict[str, int]:
    """Waits until new topics are known: the brokers do not know them at once."""
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        there = _partitions(admin)
        if all(there.get(name) for name in names):
            return there
        if time.monotonic() > deadline:
            raise StreamsError("topic-absent", f"not there {TIMEOUT_S:.0f} s after they were made: {sorted(names)}")
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
