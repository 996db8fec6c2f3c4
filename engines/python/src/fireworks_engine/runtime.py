"""What all parts of the running processor share, and its bounds (packages/streams/src/stage/runtime.ts)."""

import os
import socket
import uuid
from dataclasses import dataclass, field

from .access import Access
from .changelog import Position
from .json_log import JsonLog
from .kafka_client import Config
from .metrics import Metrics
from .topics import Topics


def _owner() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{str(uuid.uuid4())[:8]}"


@dataclass(frozen=True)
class Runtime:
    client: Config
    access: Access
    topics: Topics
    log: JsonLog
    metrics: Metrics
    seed: str
    group: str
    session_timeout_ms: int
    records_max: int
    bytes_max: int
    #: After so long the broker aborts an open transaction, and what waits behind it can be read.
    transaction_timeout_ms: int = 10_000
    #: A partition must be running so long after its assignment, or the session ends.
    restore_timeout_s: float = 60.0
    #: The group's own offset is committed at most so often.
    group_offset_interval_s: float = 5.0
    #: This process, for whoever reads a barrier.
    owner: str = field(default_factory=_owner)

    @property
    def config(self) -> dict[str, str]:
        """What the states depend on beside the records: the changelog of another configuration is refused."""
        return {"seed": self.seed}

    def position(self, following: int) -> Position:
        return Position(following, self.topics.partitions, self.config)
