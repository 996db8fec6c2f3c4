"""Kafka, or who gives the tokens for it, does not let us in (packages/streams/src/kafka/security/access-refused.ts).

librdkafka goes on trying, and says so by its error callback alone; whoever restarts us meets the same until somebody changes something.
"""

import json
import re
import time
from typing import Final

from confluent_kafka import KafkaError

from .settings import Settings

_REFUSED: Final = (
    KafkaError._AUTHENTICATION,
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.UNSUPPORTED_SASL_MECHANISM,
    KafkaError.ILLEGAL_SASL_STATE,
)
#: Of librdkafka's text for a token that it did not get; the number is the token server's answer.
_TOKEN: Final = "OIDC token"
_CLIENT_ERROR: Final = re.compile(r"\(4\d\d\)")
#: A client that is refused tries again each second, and says so: what is older is over (a user that was made meanwhile, a token that was renewed).
_FRESH_S: Final = 15.0


class Access:
    """Takes the clients' errors, and knows those that nothing but a change of settings, certificates or users mends."""

    def __init__(self, settings: Settings) -> None:
        self._brokers = ",".join(settings.texts("BROKERS"))
        self._identity = _identity(settings)
        self._noted: tuple[str, float] | None = None

    def refusal(self) -> str | None:
        """Why Kafka does not let us in now; None where it does, or is away."""
        if self._noted is None or time.monotonic() - self._noted[1] > _FRESH_S:
            return None
        return self._noted[0]

    def note(self, error: KafkaError) -> None:
        if _TOKEN in error.str() and not _CLIENT_ERROR.search(error.str()):
            return  # The token server is away, which passes.
        if error.code() in _REFUSED:
            self._refused(f"Kafka at {self._brokers} refused {self._identity}: {error.str()}")
        # A broker that goes away in the middle of a handshake is an error of TLS, too.
        elif error.code() == KafkaError._SSL and "certificate" in error.str():
            self._refused(f"the TLS connection to Kafka at {self._brokers} failed: {error.str()}")

    def _refused(self, why: str) -> None:
        self._noted = (why, time.monotonic())


def _identity(settings: Settings) -> str:
    """How we present ourselves; nothing secret."""
    match settings.text("KAFKA_SASL_MECHANISM"):
        case "":
            return "a client without SASL"
        case "oauthbearer":
            return f"the client {json.dumps(settings.text('KAFKA_OAUTH_CLIENT_ID'))} (SASL OAUTHBEARER)"
        case mechanism:
            return f"the user {json.dumps(settings.text('KAFKA_SASL_USERNAME'))} (SASL {mechanism.upper()})"
