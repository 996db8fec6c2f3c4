"""Checks which Kafka security settings may be set together.

The client would ignore half a configuration (a user without a mechanism, a certificate without its
key), or the broker would reject it with an error that names neither setting. So it is an error at
the start, and so is a setting that the client does not support. The rules are those of
packages/contracts/src/kafka-security-rules.ts.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple


class _Needs(NamedTuple):
    all: tuple[str, ...]
    #: Two settings, of which one is needed: the secret, or a file that contains it.
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

#: Returns the text of the setting with this name. Empty if it is not set.
TextOf = Callable[[str], str]


def security_problems(text: TextOf) -> Iterator[tuple[str, str]]:
    """Each wrong setting, and what was expected."""
    if text("KAFKA_TLS") != "true":
        for name in filter(text, _TLS_DETAILS):
            yield name, "nothing, or FIREWORKS_KAFKA_TLS=true as well"
    for one, other in _PAIRS:
        if text(other) and not text(one):
            yield one, f"a file: FIREWORKS_{other} is of no use without it"
    yield from _sasl_problems(text, text("KAFKA_SASL_MECHANISM"))


def librdkafka_limits(text: TextOf) -> Iterator[tuple[str, str]]:
    """The settings that the Python engine's client does not support."""
    yield from _own_name(text, "librdkafka")
    if text("KAFKA_SASL_MECHANISM") == "aws-msk-iam":
        yield "KAFKA_SASL_MECHANISM", "another mechanism: the Python engine has no aws-msk-iam"


def java_limits(text: TextOf) -> Iterator[tuple[str, str]]:
    """The settings that the Spark engine's client does not support.

    aws-msk-iam is not checked here: the Spark engine itself checks that the library is there.
    """
    yield from _own_name(text, "Java's client")


def _own_name(text: TextOf, client: str) -> Iterator[tuple[str, str]]:
    if text("KAFKA_TLS") == "true" and text("KAFKA_TLS_SERVER_NAME"):
        yield "KAFKA_TLS_SERVER_NAME", f"nothing: {client} checks a certificate against the address it connects to"


def _sasl_problems(text: TextOf, mechanism: str) -> Iterator[tuple[str, str]]:
    needs = _MECHANISMS.get(mechanism, _Needs(()))
    if mechanism and mechanism not in _MECHANISMS:
        return  # An unknown mechanism is reported by the setting's own check.
    for name in filter(text, _SASL_DETAILS):
        if name not in needs.known:
            wanted = " or ".join(m for m, of in _MECHANISMS.items() if name in of.known)
            yield name, f"nothing, or FIREWORKS_KAFKA_SASL_MECHANISM={wanted} as well"
    for name in needs.all:
        if not text(name):
            yield name, f"a value: {mechanism} needs it"
    if needs.secret and not any(map(text, needs.secret)):
        yield needs.secret[0], f"a value, or FIREWORKS_{needs.secret[1]}: {mechanism} needs it"
