"""The settings follow the catalogue of packages/contracts. All problems are reported together."""

import json
from pathlib import Path

import pytest

from fireworks_engine.access import Access
from fireworks_engine.json_log import JsonLog
from fireworks_engine.kafka_client import client_config
from fireworks_engine.kafka_security import java_limits
from fireworks_engine.settings import HIDDEN, SettingsError, parse_settings
from fireworks_engine.unknown_variables import ignored_warnings, unknown_variables

from .vectors import FOLDER

QUIET = JsonLog("test", "fatal")


def problems(**environment: str) -> dict[str, tuple[str | None, str]]:
    with pytest.raises(SettingsError) as caught:
        parse_settings({f"FIREWORKS_{name}": value for name, value in environment.items()})
    return {p.name.removeprefix("FIREWORKS_"): (p.value, p.expected) for p in caught.value.problems}


def config(**environment: str) -> dict[str, object]:
    settings = parse_settings({f"FIREWORKS_{name}": value for name, value in environment.items()})
    return client_config(settings, QUIET, Access(settings))


def test_the_defaults() -> None:
    settings = parse_settings({"PATH": "/bin"})
    assert settings.texts("BROKERS") == ["127.0.0.1:9092"]
    assert settings.number("PARTITIONS") == 4
    assert settings.text("TOPIC_WIENER") == "wiener"
    assert config()["security.protocol"] == "PLAINTEXT"


def test_all_problems_at_a_time() -> None:
    found = problems(
        BROKERS="a:1, b",
        PARTITIONS="0",
        RETENTION_MS="\u0661",
        SEED="18446744073709551616",
        LOG_LEVEL="loud",
        TOPIC_WIENER="wiener\n",
        SEDE="hunter2",
    )
    assert found == {
        "BROKERS": ("a:1, b", "host:port, with an IPv6 address in brackets, separated by commas"),
        "PARTITIONS": ("0", "an integer from 1 to 1000"),
        "RETENTION_MS": ("\u0661", "an integer from -1 to 9007199254740991"),
        "SEED": ("18446744073709551616", "a decimal number from 0 to 2^64-1"),
        "LOG_LEVEL": ("loud", "one of trace, debug, info, warn, error, fatal"),
        "TOPIC_WIENER": ("wiener\n", "a topic name of 1 to 249 of a-z A-Z 0-9 . _ -"),
        "SEDE": (
            HIDDEN,
            "no such variable: did you mean FIREWORKS_SEED? (docs/operate/settings.md lists all settings)",
        ),
    }


def test_unknown_variables_are_judged_as_in_typescript() -> None:
    vectors = json.loads((FOLDER / "unknown-variables.json").read_text(encoding="utf-8"))
    misspelt, foreign = unknown_variables(vectors)
    assert misspelt == {name: meant for name, meant in vectors.items() if meant is not None}
    assert foreign == sorted(name for name, meant in vectors.items() if meant is None)


def test_another_products_variable_stops_nothing() -> None:
    assert parse_settings({"FIREWORKS_API_KEY": "fw_secret"}).text("SEED") == "0"
    (warning,) = ignored_warnings({"FIREWORKS_API_KEY": "fw_secret"})
    assert warning.startswith("FIREWORKS_API_KEY: ")
    assert "fw_secret" not in warning


def test_a_setting_of_an_earlier_version_stops_nothing_and_is_named() -> None:
    environment = {"FIREWORKS_PROCESSOR_TRANSACTION_RECORDS_MAX": "1"}
    assert parse_settings(environment).text("SEED") == "0"
    assert ignored_warnings(environment) == [
        "FIREWORKS_PROCESSOR_TRANSACTION_RECORDS_MAX is no longer a setting: it is fixed at 4000 records since 0.2"
    ]


def test_settings_of_other_parts_are_known_and_not_looked_at() -> None:
    assert parse_settings({"FIREWORKS_MIDDLEWARE_PORT": "none"}).text("SEED") == "0"


def test_half_a_security_is_none() -> None:
    assert set(problems(KAFKA_TLS_CA_FILE="/nowhere", KAFKA_TLS_KEY_FILE="/nowhere")) == {
        "KAFKA_TLS_CA_FILE",
        "KAFKA_TLS_KEY_FILE",
        "KAFKA_TLS_CERT_FILE",
    }
    assert problems(KAFKA_SASL_PASSWORD="hunter2")["KAFKA_SASL_PASSWORD"] == (
        HIDDEN,
        "nothing, or FIREWORKS_KAFKA_SASL_MECHANISM=plain or scram-sha-256 or scram-sha-512 as well",
    )
    assert set(problems(KAFKA_SASL_MECHANISM="plain")) == {"KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"}
    assert "KAFKA_SASL_MECHANISM" in problems(KAFKA_SASL_MECHANISM="aws-msk-iam", KAFKA_AWS_REGION="eu-west-1")
    assert "KAFKA_TLS_SERVER_NAME" in problems(KAFKA_TLS="true", KAFKA_TLS_SERVER_NAME="kafka")


def test_a_password_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    found = config(
        KAFKA_TLS="true",
        KAFKA_SASL_MECHANISM="scram-sha-512",
        KAFKA_SASL_USERNAME="fireworks",
        KAFKA_SASL_PASSWORD_FILE=str(file),
    )
    assert found["security.protocol"] == "SASL_SSL"
    assert found["sasl.mechanisms"] == "SCRAM-SHA-512"
    assert found["sasl.password"] == "hunter2"


def test_each_client_refuses_what_it_has_not_got() -> None:
    msk = {
        "FIREWORKS_KAFKA_TLS": "true",
        "FIREWORKS_KAFKA_SASL_MECHANISM": "aws-msk-iam",
        "FIREWORKS_KAFKA_AWS_REGION": "eu-central-1",
    }
    assert parse_settings(msk, client_limits=java_limits).text("KAFKA_SASL_MECHANISM") == "aws-msk-iam"
    with pytest.raises(SettingsError, match="the Python engine has no aws-msk-iam"):
        parse_settings(msk)
    with pytest.raises(SettingsError, match="Java's client checks a certificate"):
        named = {"FIREWORKS_KAFKA_TLS": "true", "FIREWORKS_KAFKA_TLS_SERVER_NAME": "kafka.example.org"}
        parse_settings(named, client_limits=java_limits)
