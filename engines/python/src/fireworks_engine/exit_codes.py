"""How the process ends, for whoever restarts it (packages/contracts/src/exit-codes.ts)."""

from typing import Final

OK: Final = 0
#: A failure that a restart may mend.
FAILURE: Final = 1
#: The settings, or the topics as they stand, are wrong: a restart mends nothing. (75, fenced, is the metronome's only.)
CONFIG: Final = 78
