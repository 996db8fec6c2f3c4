"""The test vectors that every engine must match: the same files that vitest reads."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "packages/contracts/vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    with (FOLDER / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
