"""Topics that were deleted and created again are recognized by their ids."""

import pytest

from fireworks_engine.errors import StreamsError
from fireworks_engine.settings import parse_settings
from fireworks_engine.topic_ids import assert_same_topics
from fireworks_engine.topics import processor_topics

TOPICS = processor_topics(parse_settings({"FIREWORKS_BROKERS": "127.0.0.1:9092"}))
IDS = {"input": "a", "output": "b", "changelog": "c"}


@pytest.mark.parametrize("expected", [{}, {"input": "a"}, IDS])
@pytest.mark.parametrize("found", [{}, {"output": "b"}, IDS])
def test_the_same_topics_or_ones_without_ids_are_gone_on_with(expected: dict[str, str], found: dict[str, str]) -> None:
    assert_same_topics(expected, found, TOPICS)


@pytest.mark.parametrize(
    ("which", "name", "code"),
    [
        ("input", "metronome", "input-mismatch"),
        ("output", "wiener", "topic-replaced"),
        ("changelog", "processor-changelog", "topic-replaced"),
    ],
)
def test_another_topic_is_refused(which: str, name: str, code: str) -> None:
    with pytest.raises(StreamsError, match=f"the topic {name} was deleted and made again") as caught:
        assert_same_topics(IDS, {**IDS, which: "new"}, TOPICS)
    assert caught.value.code == code
    assert caught.value.fatal
