"""The ids of the processor's topics. They reveal a topic that was deleted and created again.

The position contains them, so states are never used with another topic of the same name
(packages/streams/src/stage/topic-ids.ts). A broker before Kafka 2.8 has no ids, nor has a position
of an older version. Then only the offsets can reveal another topic.
"""

import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from .errors import StreamsError
from .topics import TIMEOUT_S, Topics

#: Ids of 32 hexadecimal digits, under `input`, `output` and `changelog`.
TopicIds = dict[str, str]
#: How often the ids are checked.
_INTERVAL_S: Final = 2.0
#: librdkafka gives the two halves of an id as signed numbers. Modulo this they are unsigned.
_UNSIGNED: Final = 2**64


def topic_ids_of(admin: AdminClient, topics: Topics) -> TopicIds:
    """The current ids. Raises KafkaException if the broker does not answer."""
    return _taken(_asked(admin, topics), topics)


def assert_same_topics(expected: Mapping[str, str], found: Mapping[str, str], topics: Topics) -> None:
    """Raises input-mismatch or topic-replaced if a topic's id is not the one of the states."""
    for which, name in _names(topics).items():
        before, now = expected.get(which), found.get(which)
        if before is None or now is None or before == now:
            continue
        raise StreamsError(
            "input-mismatch" if which == "input" else "topic-replaced",
            f"the topic {name} was deleted and made again: its id is {now}, but the states in"
            f" {topics.changelog.name} belong to {before}. {_remedy(which, topics)}",
        )


class TopicWatch:
    """Checks the topics' ids at intervals, without waiting.

    Neither the broker nor the clients report that a topic was deleted and created again.
    """

    def __init__(self, admin: AdminClient, topics: Topics, expected: Mapping[str, str]) -> None:
        self._admin = admin
        self._topics = topics
        self._expected = dict(expected)
        self._asked_at = time.monotonic()
        self._answers: dict[str, Future[Any]] | None = None

    def look(self) -> None:
        """Requests the ids at intervals, and checks them once they are there.

        Raises what assert_same_topics raises.
        """
        self._admin.poll(0)
        if self._answers is None:
            if time.monotonic() - self._asked_at >= _INTERVAL_S:
                self._asked_at = time.monotonic()
                self._answers = _asked(self._admin, self._topics)
        elif all(answer.done() for answer in self._answers.values()):
            answers, self._answers = self._answers, None
            try:
                found = _taken(answers, self._topics)
            except KafkaException:
                return  # The broker cannot be reached: try again at the next interval.
            assert_same_topics(self._expected, found, self._topics)


def _names(topics: Topics) -> dict[str, str]:
    return {"input": topics.input, "output": topics.output.name, "changelog": topics.changelog.name}


def _asked(admin: AdminClient, topics: Topics) -> dict[str, Future[Any]]:
    asked = TopicCollection(list(_names(topics).values()))
    answers: dict[str, Future[Any]] = admin.describe_topics(asked, request_timeout=TIMEOUT_S)
    return answers


def _taken(answers: dict[str, Future[Any]], topics: Topics) -> TopicIds:
    ids: TopicIds = {}
    for which, name in _names(topics).items():
        try:
            found = answers[name].result(TIMEOUT_S).topic_id
        except KafkaException as error:
            if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                continue
            raise
        high, low = found.get_most_significant_bits() % _UNSIGNED, found.get_least_significant_bits() % _UNSIGNED
        if high or low:
            ids[which] = f"{high:016x}{low:016x}"
    return ids


def _remedy(which: str, topics: Topics) -> str:
    output, changelog = topics.output.name, topics.changelog.name
    if which == "input":
        return f"To process the new topic from its start, delete {output} and {changelog} as well, or name other topics"
    if which == "output":
        return (
            f"Its records are lost. To process the input again, delete {changelog} as well,"
            " or name another output topic"
        )
    return f"The states are lost. Restore the changelog, or delete {output} as well to process the input again"
