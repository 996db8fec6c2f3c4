"""The exit codes, for the supervisor that restarts us (packages/contracts/src/exit-codes.ts)."""

from typing import Final

OK: Final = 0
#: A failure that a restart may fix.
FAILURE: Final = 1
#: The settings or the existing topics are wrong. A restart does not help. (Only the metronome uses
#: 75, fenced.)
CONFIG: Final = 78
