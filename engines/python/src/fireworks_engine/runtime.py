"""What all parts of the running processor share, and its limits.

The TypeScript engine has the same in packages/streams/src/stage/runtime.ts.
"""

import os
import socket
import uuid
from dataclasses import dataclass, field

from .access import Access
from .changelog import Position
from .json_log import JsonLog
from .kafka_client import Config
from .metrics import Metrics
from .refused_keys import RefusedKeys
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
    refused: RefusedKeys
    seed: str
    group: str
    session_timeout_ms: int
    records_max: int
    bytes_max: int
    #: After this time the broker aborts an open transaction. Until then no reader gets past it.
    transaction_timeout_ms: int = 10_000
    #: The session ends if a partition is not running this long after its assignment.
    restore_timeout_s: float = 60.0
    #: The group's own offsets are committed at most this often.
    group_offset_interval_s: float = 5.0
    #: The ids of the topics when the session began. They are written into the positions.
    topic_ids: dict[str, str] = field(default_factory=dict)
    #: Identifies this process in barriers.
    owner: str = field(default_factory=_owner)

    @property
    def config(self) -> dict[str, str]:
        """What the states depend on apart from the records.

        A changelog that was written with another configuration is refused.
        """
        return {"seed": self.seed}

    def position(self, following: int) -> Position:
        return Position(following, self.topics.partitions, self.config, self.topic_ids)
