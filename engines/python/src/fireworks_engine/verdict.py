"""What becomes of a tick after its device's last applied one: packages/contracts/src/verdict.ts."""

from typing import Literal

Verdict = Literal["apply", "repeat", "clock-restarted", "time-not-increasing"]


def verdict(last_seq: int, last_timestamp: int, seq: int, timestamp: int) -> Verdict:
    """Both seq and time must rise; a device's first tick is always applied and is not asked here."""
    later = timestamp > last_timestamp
    if seq <= last_seq:
        return "clock-restarted" if later else "repeat"
    return "apply" if later else "time-not-increasing"
