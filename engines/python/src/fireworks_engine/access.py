"""Detects that Kafka, or the token server, rejects our credentials or certificate.

librdkafka keeps trying, and reports this only to its error callback. A restart does not help: the
settings, certificates or users have to change. The TypeScript engine has the same in
packages/streams/src/kafka/security/access-refused.ts.
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
#: Part of librdkafka's message for a token that it did not get.
_TOKEN: Final = "OIDC token"
#: The HTTP status of the token server's answer, in that message.
_CLIENT_ERROR: Final = re.compile(r"\(4\d\d\)")
#: A refusal counts for this long. A refused client tries again, and reports it, each second. So an
#: older refusal is over: the user was created meanwhile, or the token was renewed.
_FRESH_S: Final = 15.0


class Access:
    """Collects the clients' errors. It keeps those that only a change of settings, certificates or
    users can fix.
    """

    def __init__(self, settings: Settings) -> None:
        self._brokers = ",".join(settings.texts("BROKERS"))
        self._identity = _identity(settings)
        self._noted: tuple[str, float] | None = None

    def refusal(self) -> str | None:
        """Why Kafka rejects us now. None if it accepts us, or cannot be reached."""
        if self._noted is None or time.monotonic() - self._noted[1] > _FRESH_S:
            return None
        return self._noted[0]

    def note(self, error: KafkaError) -> None:
        if _TOKEN in error.str() and not _CLIENT_ERROR.search(error.str()):
            return  # The token server cannot be reached, which is temporary.
        if error.code() in _REFUSED:
            self._refused(f"Kafka at {self._brokers} refused {self._identity}: {error.str()}")
        # Only certificate errors count: a connection that is lost during the handshake is reported
        # as a TLS error as well.
        elif error.code() == KafkaError._SSL and "certificate" in error.str():
            self._refused(f"the TLS connection to Kafka at {self._brokers} failed: {error.str()}")

    def _refused(self, why: str) -> None:
        self._noted = (why, time.monotonic())


def _identity(settings: Settings) -> str:
    """How we identify ourselves to Kafka, without secrets."""
    match settings.text("KAFKA_SASL_MECHANISM"):
        case "":
            return "a client without SASL"
        case "oauthbearer":
            return f"the client {json.dumps(settings.text('KAFKA_OAUTH_CLIENT_ID'))} (SASL OAUTHBEARER)"
        case mechanism:
            return f"the user {json.dumps(settings.text('KAFKA_SASL_USERNAME'))} (SASL {mechanism.upper()})"
