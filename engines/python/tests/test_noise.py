"""The noise is right to the bit: the known answers of Random123, and the contract's vectors."""

import struct

import numpy as np
import pytest

from fireworks_engine.noise import device_words, noises, parse_seed, philox
from fireworks_engine.normal import inverse_normal

from .vectors import vectors


def bits(x: float) -> str:
    return struct.pack(">d", x).hex()


def u64(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.uint64)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_known_answers(counter: tuple[int, ...], key: tuple[int, int], expected: str) -> None:
    words = philox(*(u64(c) for c in counter), key)
    assert " ".join(f"{int(w[0]):08x}" for w in words) == expected


def test_normal_vectors_at_once_and_one_by_one() -> None:
    lines = vectors("normal-vectors.jsonl")
    assert len(lines) > 300
    p = (np.array([int(line["u"]) for line in lines], dtype=np.float64) + 0.5) * 2.0**-52
    expected = [line["noise"] for line in lines]
    assert [bits(z) for z in inverse_normal(p)] == expected
    assert [bits(inverse_normal(p[i : i + 1])[0]) for i in range(len(lines))] == expected


def test_wiener_vectors_noise() -> None:
    lines = vectors("wiener-vectors.jsonl")
    assert len(lines) > 300
    for seed in {line["seed"] for line in lines}:
        mine = [line for line in lines if line["seed"] == seed]
        z = noises(
            parse_seed(seed),
            u64(*(device_words(line["tick"]["deviceId"]) for line in mine)),
            u64(*(line["tick"]["seq"] for line in mine)),
        )
        assert [bits(x) for x in z] == [line["noise"] for line in mine]
