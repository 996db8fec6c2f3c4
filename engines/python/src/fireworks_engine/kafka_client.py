"""From the settings to the librdkafka configuration of all consumers, producers, admin clients."""

import logging
from pathlib import Path
from typing import Any, Final

from confluent_kafka import KafkaError

from .access import Access
from .json_log import JsonLog, RateLimitedLog
from .settings import Settings

CLIENT_ID: Final = "fireworks-processor"
_SASL: Final = {
    "plain": "PLAIN",
    "scram-sha-256": "SCRAM-SHA-256",
    "scram-sha-512": "SCRAM-SHA-512",
    "oauthbearer": "OAUTHBEARER",
}

Config = dict[str, Any]


def client_config(settings: Settings, log: JsonLog, access: Access) -> Config:
    """The shared configuration. parse_settings has checked that the settings fit together.

    access: gets the clients' errors.
    """
    limited = RateLimitedLog()

    def on_error(error: KafkaError) -> None:
        access.note(error)
        if limited.allows(str(error)):
            log.warn(str(error), librdkafka="client")

    return {
        "bootstrap.servers": ",".join(settings.texts("BROKERS")),
        "client.id": CLIENT_ID,
        "socket.nagle.disable": True,
        "reconnect.backoff.ms": 50,
        "reconnect.backoff.max.ms": 1_000,
        # Errors that matter come through error_cb and as exceptions. librdkafka's own log lines
        # would go to stderr, and are not JSON.
        "log_level": 0,
        "logger": _own_lines(log),
        "error_cb": on_error,
        **_security(settings),
    }


def _own_lines(log: JsonLog) -> logging.Logger:
    class ToOurs(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log.debug(record.getMessage(), librdkafka="line")

    logger = logging.Logger("librdkafka")
    logger.addHandler(ToOurs())
    return logger


def _security(settings: Settings) -> Config:
    text = settings.text
    tls = text("KAFKA_TLS") == "true"
    mechanism = text("KAFKA_SASL_MECHANISM")
    config: Config = {"security.protocol": ("SASL_" if mechanism else "") + ("SSL" if tls else "PLAINTEXT")}
    if tls:
        config |= _tls(settings)
    if mechanism:
        config["sasl.mechanisms"] = _SASL[mechanism]
    if mechanism == "oauthbearer":
        config |= {
            "sasl.oauthbearer.method": "oidc",
            "sasl.oauthbearer.token.endpoint.url": text("KAFKA_OAUTH_TOKEN_URL"),
            "sasl.oauthbearer.client.id": text("KAFKA_OAUTH_CLIENT_ID"),
            "sasl.oauthbearer.client.secret": _secret(settings, "KAFKA_OAUTH_CLIENT_SECRET"),
        }
        if text("KAFKA_OAUTH_SCOPE"):
            config["sasl.oauthbearer.scope"] = text("KAFKA_OAUTH_SCOPE")
    elif mechanism:
        config |= {
            "sasl.username": text("KAFKA_SASL_USERNAME"),
            "sasl.password": _secret(settings, "KAFKA_SASL_PASSWORD"),
        }
    return config


def _tls(settings: Settings) -> Config:
    files = {
        "ssl.ca.location": settings.text("KAFKA_TLS_CA_FILE"),
        "ssl.certificate.location": settings.text("KAFKA_TLS_CERT_FILE"),
        "ssl.key.location": settings.text("KAFKA_TLS_KEY_FILE"),
    }
    return {name: path for name, path in files.items() if path}


def _secret(settings: Settings, name: str) -> str:
    """The setting itself, or the content of the file in `<name>_FILE` without its last newline."""
    path = settings.text(f"{name}_FILE")
    if not path:
        return settings.text(name)
    return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
