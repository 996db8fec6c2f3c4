"""Finds variables with our prefix that are not settings.

Each is a misspelt setting, a setting of an earlier version, or another product's variable. The rule
and its vectors are those of packages/contracts/src/unknown-variables.ts. Only the name counts,
never the value.
"""

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

PREFIX: Final = "FIREWORKS_"
_GENERATED: Final[dict[str, Any]] = json.loads(files(__package__).joinpath("settings.json").read_text(encoding="utf-8"))
CATALOGUE: Final[dict[str, dict[str, Any]]] = _GENERATED["settings"]
#: Settings of earlier versions, each with what holds instead.
REMOVED: Final[dict[str, str]] = _GENERATED["removed"]


def unknown_variables(names: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The misspelt settings, each with the one probably meant, and other products' variables."""
    misspelt: dict[str, str] = {}
    foreign: list[str] = []
    for name in sorted(names):
        if not name.startswith(PREFIX) or name in CATALOGUE or name in REMOVED:
            continue
        meant = _meant_setting(name)
        if meant is None:
            foreign.append(name)
        else:
            misspelt[name] = meant
    return misspelt, foreign


def ignored_warnings(names: Iterable[str]) -> list[str]:
    """Log messages: which of these variables are ignored, and why."""
    given = sorted(names)
    warnings = [f"{name} is no longer a setting: {REMOVED[name]}" for name in given if name in REMOVED]
    _, foreign = unknown_variables(given)
    if foreign:
        are = "it is" if len(foreign) == 1 else "they are"
        warnings.append(
            f"{', '.join(foreign)}: not a setting of this project, so {are} ignored"
            " (docs/operate/settings.md lists the settings)"
        )
    return warnings


def _meant_setting(variable: str) -> str | None:
    given = variable.removeprefix(PREFIX).upper()
    best: tuple[int, str] | None = None
    for known in sorted(CATALOGUE):
        name = known.removeprefix(PREFIX)
        most = 1 if len(name) < 6 else 2 if len(name) < 16 else 3
        if _same_words(given, name):
            edits = 0
        elif abs(len(given) - len(name)) > most:
            continue
        else:
            edits = _edit_distance(given, name)
        if edits <= most and (best is None or edits < best[0]):
            best = (edits, known)
    return None if best is None else best[1]


def _same_words(given: str, name: str) -> bool:
    """Whether the words are those of a setting in any order. One may be missing if two are left."""
    words = [word for word in given.split("_") if word]
    left = name.split("_")
    for word in words:
        if word not in left:
            return False
        left.remove(word)
    return not left or (len(left) == 1 and len(words) >= 2)


def _edit_distance(a: str, b: str) -> int:
    """The number of insertions, deletions, substitutions and swaps of neighbours."""
    before_last: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            edits = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                edits = min(edits, before_last[j - 2] + 1)
            row.append(edits)
        before_last, last = last, row
    return last[len(b)]
