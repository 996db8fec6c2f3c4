"""
The table of devices that the clock is joined to: from a file, or a number of similar devices.
services/metronome/src/devices.ts has the same.
"""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from .partition import partition_of

DEVICES_MAX = 100_000
CODE_POINTS_MAX = 128


class Device(NamedTuple):
    device_id: str
    drift: float
    volatility: float


class PreparedDevice(NamedTuple):
    """The parts of a device's records that are the same in every tick.

    A record's value is head + seq + ',"timestamp":' + time + tail.
    """

    partition: int
    key: bytes
    head: str
    tail: str


class DeviceTableError(Exception):
    """The file of devices is wrong. The message says what was expected."""


def numbered_devices(count: int) -> list[Device]:
    """Devices named `device-0001` and so on, with drift 0 and volatility 1."""
    return [Device(f"device-{i + 1:04}", 0, 1) for i in range(count)]


def devices_of_file(path: str) -> list[Device]:
    """The devices in a JSON file. Raises DeviceTableError."""
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeviceTableError(f"a readable JSON file: {error}") from error
    if not isinstance(rows, list) or not 1 <= len(rows) <= DEVICES_MAX:
        raise DeviceTableError(f"a list of 1 to {DEVICES_MAX} devices")
    devices = [_device(row, i) for i, row in enumerate(rows)]
    if len({d.device_id for d in devices}) != len(devices):
        raise DeviceTableError("every deviceId once")
    return devices


def _device(row: Any, index: int) -> Device:
    where = f"device {index}: "
    if not isinstance(row, dict):
        raise DeviceTableError(where + "an object")
    if unknown := row.keys() - {"deviceId", "drift", "volatility"}:
        raise DeviceTableError(where + f"no field {sorted(unknown)[0]}")
    device_id = row.get("deviceId")
    if not isinstance(device_id, str) or not 1 <= len(device_id) <= CODE_POINTS_MAX or any(map(_is_refused, device_id)):
        raise DeviceTableError(where + f"deviceId: 1 to {CODE_POINTS_MAX} characters, no control characters")
    return Device(device_id, _number(row.get("drift", 0), where + "drift"), _number(row.get("volatility", 1), where + "volatility", 0))


def _is_refused(c: str) -> bool:
    return ord(c) < 0x20 or ord(c) == 0x7F or 0xD800 <= ord(c) <= 0xDFFF


def _number(x: Any, name: str, low: float = -math.inf) -> float:
    if isinstance(x, bool) or not isinstance(x, int | float) or not math.isfinite(x) or x < low:
        raise DeviceTableError(f"{name}: a finite number" + (f" of at least {low}" if math.isfinite(low) else ""))
    return x


def prepare(devices: list[Device], partitions: int) -> list[PreparedDevice]:
    return [
        PreparedDevice(
            partition_of(key, partitions),
            key,
            f'{{"deviceId":{json.dumps(d.device_id, ensure_ascii=False)},"seq":',
            f',"drift":{json.dumps(d.drift)},"volatility":{json.dumps(d.volatility)}}}',
        )
        for d in devices
        for key in [d.device_id.encode()]
    ]
