"""Which of the Kafka security settings may stand beside which: packages/contracts/src/kafka-security-rules.ts.

Half a configuration (a user without a mechanism, a certificate without its key) would be ignored by the client, or fail at the broker with
an error that names neither: so it is an error at the start. What a client has not got is one as well.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple


class _Needs(NamedTuple):
    all: tuple[str, ...]
    #: One of the two: the secret, or the file of it.
    secret: tuple[str, str] | tuple[()] = ()
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.all, *self.secret, *self.optional)


_TLS_DETAILS: Final = ("KAFKA_TLS_CA_FILE", "KAFKA_TLS_CERT_FILE", "KAFKA_TLS_KEY_FILE", "KAFKA_TLS_SERVER_NAME")
_PAIRS: Final = (("KAFKA_TLS_CERT_FILE", "KAFKA_TLS_KEY_FILE"), ("KAFKA_TLS_KEY_FILE", "KAFKA_TLS_CERT_FILE"))
_USER: Final = _Needs(("KAFKA_SASL_USERNAME",), ("KAFKA_SASL_PASSWORD", "KAFKA_SASL_PASSWORD_FILE"))
_MECHANISMS: Final = {
    "plain": _USER,
    "scram-sha-256": _USER,
    "scram-sha-512": _USER,
    "oauthbearer": _Needs(
        ("KAFKA_OAUTH_TOKEN_URL", "KAFKA_OAUTH_CLIENT_ID"),
        ("KAFKA_OAUTH_CLIENT_SECRET", "KAFKA_OAUTH_CLIENT_SECRET_FILE"),
        ("KAFKA_OAUTH_SCOPE",),
    ),
    "aws-msk-iam": _Needs(("KAFKA_AWS_REGION",)),
}
_SASL_DETAILS: Final = tuple(dict.fromkeys(name for needs in _MECHANISMS.values() for name in needs.known))

#: The text of a setting by its name; empty where it is absent.
TextOf = Callable[[str], str]


def security_problems(text: TextOf) -> Iterator[tuple[str, str]]:
    """Each setting that is wrong, and what it should be."""
    if text("KAFKA_TLS") != "true":
        for name in filter(text, _TLS_DETAILS):
            yield name, "nothing, or FIREWORKS_KAFKA_TLS=true beside it"
    for one, other in _PAIRS:
        if text(other) and not text(one):
            yield one, f"a file: FIREWORKS_{other} is of no use without it"
    yield from _sasl_problems(text, text("KAFKA_SASL_MECHANISM"))


def librdkafka_limits(text: TextOf) -> Iterator[tuple[str, str]]:
    """Of the Python engine."""
    yield from _own_name(text, "librdkafka")
    if text("KAFKA_SASL_MECHANISM") == "aws-msk-iam":
        yield "KAFKA_SASL_MECHANISM", "another mechanism: the Python engine has no aws-msk-iam"


def java_limits(text: TextOf) -> Iterator[tuple[str, str]]:
    """Of the Spark engine; for aws-msk-iam it looks whether the library is there."""
    yield from _own_name(text, "Java's client")


def _own_name(text: TextOf, client: str) -> Iterator[tuple[str, str]]:
    if text("KAFKA_TLS") == "true" and text("KAFKA_TLS_SERVER_NAME"):
        yield "KAFKA_TLS_SERVER_NAME", f"nothing: {client} holds a certificate against the address it connects to"


def _sasl_problems(text: TextOf, mechanism: str) -> Iterator[tuple[str, str]]:
    needs = _MECHANISMS.get(mechanism, _Needs(()))
    if mechanism and mechanism not in _MECHANISMS:
        return  # told already
    for name in filter(text, _SASL_DETAILS):
        if name not in needs.known:
            wanted = " or ".join(m for m, of in _MECHANISMS.items() if name in of.known)
            yield name, f"nothing, or FIREWORKS_KAFKA_SASL_MECHANISM={wanted} beside it"
    for name in needs.all:
        if not text(name):
            yield name, f"a value: {mechanism} needs it"
    if needs.secret and not any(map(text, needs.secret)):
        yield needs.secret[0], f"a value, or FIREWORKS_{needs.secret[1]}: {mechanism} needs it"
