"""Reads and checks the settings from the environment, once, at the start.

All problems are reported together. Names, defaults and checks are in settings.json, which
`pnpm run docs` generates from packages/contracts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import exit_codes
from .kafka_security import TextOf, librdkafka_limits, security_problems
from .unknown_variables import CATALOGUE, PREFIX, unknown_variables

#: Shown instead of the value of a secret or of a misspelt variable. The latter may be a secret with
#: a typing error in its name.
HIDDEN: Final = "(not shown)"
#: Checks that a pattern cannot express (`rule` in the catalogue).
RULES: Final[dict[str, Callable[[str], bool]]] = {"SEED": lambda text: int(text) < 2**64}

#: The settings that the processor reads. Those of the Kafka client (TLS, SASL) are added below.
_NAMES: Final = (
    "BROKERS",
    "HOST",
    "LOG_LEVEL",
    "STOP_GRACE_MS",
    "PARTITIONS",
    "REPLICATION_FACTOR",
    "RETENTION_MS",
    "TOPIC_CONFIGS",
    "TOPIC_METRONOME",
    "TOPIC_WIENER",
    "TOPIC_PROCESSOR_CHANGELOG",
    "TOPIC_METRONOME_CHANGELOG",
    "TOPIC_DEAD_LETTER",
    "SEED",
    "PROCESSOR_PORT",
    "PROCESSOR_GROUP",
    "PROCESSOR_SESSION_TIMEOUT_MS",
)
_KAFKA: Final = re.compile(r"FIREWORKS_(KAFKA_(TLS|SASL|OAUTH|AWS)(_|$).*)")
NAMES: Final = (*_NAMES, *(m[1] for m in map(_KAFKA.fullmatch, CATALOGUE) if m))


@dataclass(frozen=True)
class Problem:
    """One wrong setting. value: None if it is not set."""

    name: str
    value: str | None
    expected: str


class SettingsError(Exception):
    """The settings are wrong. `problems` has all the problems."""

    exit_code: Final = exit_codes.CONFIG

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.name}={p.value!r}: expected {p.expected}" for p in problems))
        self.problems = problems


class Settings:
    """The checked settings. Their names have no prefix here."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def text(self, name: str) -> str:
        """A text or a choice. Empty if this version of the contracts has no such setting."""
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
    """The named settings, checked.

    client_limits: finds the Kafka settings that the engine's client does not support.
    Raises SettingsError with all problems: wrong values, settings that contradict each other, and
    misspelt settings.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}

    def text(name: str) -> str:
        return environment.get(PREFIX + name, str(CATALOGUE[PREFIX + name]["default"]))

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
    misspelt, _ = unknown_variables(environment)
    problems.extend(
        Problem(name, HIDDEN, f"no such variable: did you mean {meant}? (docs/operate/settings.md lists all settings)")
        for name, meant in misspelt.items()
    )
    if problems:
        raise SettingsError(problems)
    return Settings(values)


def _checked(name: str, check: dict[str, Any], text: str) -> tuple[Any, str | None]:
    """The value, and what was expected if the text is invalid (None otherwise)."""
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
    # In Python \d matches the digits of any script, and $ also matches before a last newline.
    return re.search(javascript.replace(r"\d", "[0-9]").replace("$", r"\Z"), text) is not None
