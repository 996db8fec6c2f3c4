"""The metronome's parts that work without Spark: a key's partition, and the table of devices."""

import json
import tempfile
import unittest
from pathlib import Path

from fireworks_metronome.device_table import Device, DeviceTableError, devices_of_file, numbered_devices, prepare
from fireworks_metronome.partition import partition_of

VECTORS = Path(__file__).resolve().parents[4] / "packages/contracts/vectors/tick-vectors.jsonl"


class PartitionTest(unittest.TestCase):
    def test_vectors(self) -> None:
        vectors = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
        keyed = [v for v in vectors if v["key"] is not None]
        self.assertGreater(len(keyed), 50)
        for v in keyed:
            self.assertEqual(partition_of(bytes.fromhex(v["key"]), 4), v["partition"], v)


class TableTest(unittest.TestCase):
    def file(self, text: str) -> list[Device]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "devices.json")
            path.write_text(text, encoding="utf-8")
            return devices_of_file(str(path))

    def test_numbered(self) -> None:
        self.assertEqual(numbered_devices(2), [Device("device-0001", 0, 1), Device("device-0002", 0, 1)])

    def test_file(self) -> None:
        self.assertEqual(self.file('[{"deviceId":"é","drift":0.5},{"deviceId":"b","volatility":0}]'), [Device("é", 0.5, 1), Device("b", 0, 0)])

    def test_refused(self) -> None:
        bad = ("", "{}", "[]", "[1]", '[{"deviceId":""}]', '[{"deviceId":"a"},{"deviceId":"a"}]', '[{"deviceId":"a","volatility":-1}]')
        for text in (*bad, '[{"deviceId":"a","drift":NaN}]', '[{"deviceId":"a","drift":true}]', '[{"deviceId":"a","speed":1}]', '[{"deviceId":"\\u0000"}]'):
            with self.assertRaises(DeviceTableError, msg=text):
                self.file(text)

    def test_value_is_a_tick(self) -> None:
        (device,) = prepare([Device('a"π', -0.5, 1)], 4)
        tick = json.loads(f'{device.head}7,"timestamp":8{device.tail}')
        self.assertEqual(tick, {"deviceId": 'a"π', "seq": 7, "timestamp": 8, "drift": -0.5, "volatility": 1})
        self.assertEqual(device.key.decode(), 'a"π')


if __name__ == "__main__":
    unittest.main()
