"""What is reported when Kafka rejects our credentials or certificate."""

import time

import pytest
from confluent_kafka import KafkaError

from fireworks_engine.access import Access
from fireworks_engine.settings import parse_settings

SCRAM = {
    "FIREWORKS_BROKERS": "a:1,b:2",
    "FIREWORKS_KAFKA_TLS": "true",
    "FIREWORKS_KAFKA_SASL_MECHANISM": "scram-sha-512",
    "FIREWORKS_KAFKA_SASL_USERNAME": "u",
    "FIREWORKS_KAFKA_SASL_PASSWORD": "p",
}


def refusal(code: int, reason: str) -> str | None:
    access = Access(parse_settings(SCRAM))
    access.note(KafkaError(code, reason))
    return access.refusal()


def test_a_refused_user_is_named_with_the_brokers() -> None:
    message = refusal(KafkaError._AUTHENTICATION, "SASL authentication error")
    assert message == 'Kafka at a:1,b:2 refused the user "u" (SASL SCRAM-SHA-512): SASL authentication error'


def test_a_refusal_that_is_not_repeated_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access(parse_settings(SCRAM))
    access.note(KafkaError(KafkaError._AUTHENTICATION, "no such user yet"))
    assert access.refusal() is not None
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert access.refusal() is None


def test_a_certificate_that_does_not_hold() -> None:
    message = refusal(KafkaError._SSL, "SSL handshake failed: certificate verify failed")
    assert message == "the TLS connection to Kafka at a:1,b:2 failed: SSL handshake failed: certificate verify failed"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (KafkaError._SSL, "SSL handshake failed: Disconnected"),
        (KafkaError._ALL_BROKERS_DOWN, "2/2 brokers are down"),
        (KafkaError._TRANSPORT, "Connect to a:1 failed"),
        (KafkaError._AUTHENTICATION, 'Failed to retrieve OIDC token from "http://t": Couldn\'t connect to server (-1)'),
    ],
)
def test_an_unreachable_broker_is_not_a_refusal(code: int, reason: str) -> None:
    assert refusal(code, reason) is None
