"""Decides what happens to a tick after its device's last applied one.

The rule is that of packages/contracts/src/verdict.ts.
"""

from typing import Literal

Verdict = Literal["apply", "repeat", "clock-restarted", "time-not-increasing"]


def verdict(last_seq: int, last_timestamp: int, seq: int, timestamp: int) -> Verdict:
    """Both seq and time must rise. A device's first tick is always applied, without this check."""
    later = timestamp > last_timestamp
    if seq <= last_seq:
        return "clock-restarted" if later else "repeat"
    return "apply" if later else "time-not-increasing"
