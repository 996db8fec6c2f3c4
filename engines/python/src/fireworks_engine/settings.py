"""From the environment to the settings, once, at the start: all problems at a time.

Names, standards and checks are settings.json, made from packages/contracts by `pnpm docs`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from . import exit_codes
from .kafka_security import TextOf, librdkafka_limits, security_problems

PREFIX: Final = "FIREWORKS_"
CATALOGUE: Final[dict[str, dict[str, Any]]] = json.loads(
    files(__package__).joinpath("settings.json").read_text(encoding="utf-8")
)
#: Stands for a secret's value, and for that of a variable that nobody knows: it may be a secret with a typing error in its name.
HIDDEN: Final = "(not shown)"
#: What is more than a pattern (`rule` in the catalogue).
RULES: Final[dict[str, Callable[[str], bool]]] = {"SEED": lambda text: int(text) < 2**64}

#: What the processor reads; the Kafka client's own (TLS, SASL) are added below.
_NAMES: Final = (
    "BROKERS",
    "HOST",
    "LOG_LEVEL",
    "STOP_GRACE_MS",
    "PARTITIONS",
    "REPLICATION_FACTOR",
    "RETENTION_MS",
    "TOPIC_METRONOME",
    "TOPIC_WIENER",
    "TOPIC_PROCESSOR_CHANGELOG",
    "TOPIC_METRONOME_CHANGELOG",
    "TOPIC_DEAD_LETTER",
    "SEED",
    "PROCESSOR_PORT",
    "PROCESSOR_GROUP",
    "PROCESSOR_SESSION_TIMEOUT_MS",
    "PROCESSOR_TRANSACTION_RECORDS_MAX",
    "PROCESSOR_TRANSACTION_BYTES_MAX",
)
_KAFKA: Final = re.compile(r"FIREWORKS_(KAFKA_(TLS|SASL|OAUTH|AWS)(_|$).*)")
NAMES: Final = (*_NAMES, *(m[1] for m in map(_KAFKA.fullmatch, CATALOGUE) if m))


@dataclass(frozen=True)
class Problem:
    """One wrong setting. value: None where it is absent."""

    name: str
    value: str | None
    expected: str


class SettingsError(Exception):
    """The settings are wrong; `problems` has every one of them."""

    exit_code: Final = exit_codes.CONFIG

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.name}={p.value!r}: expected {p.expected}" for p in problems))
        self.problems = problems


class Settings:
    """The checked settings, by their names without the prefix."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def text(self, name: str) -> str:
        """A text or a choice; empty where this version of the contracts has no such setting."""
        return str(self._values.get(name, ""))

    def number(self, name: str) -> int:
        return int(self._values[name])

    def texts(self, name: str) -> list[str]:
        return list(self._values[name])


def parse_settings(
    environment: Mapping[str, str],
    names: tuple[str, ...] = NAMES,
    client_limits: Callable[[TextOf], Iterator[tuple[str, str]]] = librdkafka_limits,
) -> Settings:
    """The named settings. client_limits: of the Kafka settings, what its user's client has not got.

    Raises SettingsError with all problems: wrong values, what does not fit together, and variables that no part has.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}

    def text(name: str) -> str:
        return environment.get(PREFIX + name, str(CATALOGUE[PREFIX + name]["standard"]))

    def wrong(name: str, expected: str) -> None:
        given = environment.get(PREFIX + name)
        secret = CATALOGUE[PREFIX + name].get("use") == "secret"
        problems.append(Problem(PREFIX + name, HIDDEN if given and secret else given, expected))

    for name in names:
        check = CATALOGUE[PREFIX + name]
        values[name], expected = _checked(name, check, text(name))
        if expected is not None:
            wrong(name, expected)
        if check.get("use") == "file" and text(name) and (why := _unreadable(text(name))) is not None:
            wrong(name, f"a file that can be read: {why}")
        if check.get("use") == "secret" and text(name) and environment.get(f"{PREFIX}{name}_FILE"):
            wrong(f"{name}_FILE", f"nothing: {PREFIX}{name} is set as well")
    for name, expected in (*security_problems(text), *client_limits(text)):
        wrong(name, expected)
    problems.extend(
        Problem(name, HIDDEN, "no such variable: no part has this setting (docs/settings.md lists them all)")
        for name in environment
        if name.startswith(PREFIX) and name not in CATALOGUE
    )
    if problems:
        raise SettingsError(problems)
    return Settings(values)


def _checked(name: str, check: dict[str, Any], text: str) -> tuple[Any, str | None]:
    """The value, and what was expected where it is none."""
    match check["kind"]:
        case "any":
            return text, None
        case "choice":
            return text, None if text in check[
                "choices"
            ] else f"one of {', '.join(choice or 'nothing' for choice in check['choices'])}"
        case "integer":
            low, high = check["low"], check["high"]
            if re.fullmatch(r"-?[0-9]{1,16}", text) and low <= int(text) <= high:
                return int(text), None
            return None, f"an integer from {low} to {high}"
        case "text":
            rule = RULES.get(name)
            ok = _matches(check["pattern"], text) and (rule is None or rule(text))
            return text, None if ok else check["expected"]
        case "list":
            parts = [part.strip() for part in text.split(",")]
            ok = all(_matches(check["pattern"], part) for part in parts)
            return parts, None if ok else f"{check['expected']}, separated by commas"
    raise ValueError(f"{name}: this engine cannot check a setting of kind {check['kind']}")


def _unreadable(path: str) -> str | None:
    try:
        with Path(path).open("rb"):
            return None
    except OSError as error:
        return error.strerror or str(error)


def _matches(javascript: str, text: str) -> bool:
    # To Python \d is any script's digit, and $ also stands before a last newline.
    return re.search(javascript.replace(r"\d", "[0-9]").replace("$", r"\Z"), text) is not None
