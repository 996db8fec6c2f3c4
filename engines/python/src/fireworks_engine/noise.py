"""The noise of ticks, computed for a whole batch at once.

It is a pure function of (seed, DeviceID, seq): every engine gives the same bits (packages/wiener).
numpy applies one operation to all ticks of a batch, and rounds each result by itself. So the order
of operations, and with it every bit, is the same as for one tick after the other. Only numpy's
integers, + - * /, sqrt and comparisons are used: its log, exp and random numbers are its own, and
may give other bits.
"""

import hashlib
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .normal import inverse_normal

U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]

MASK: Final = np.uint64(0xFFFFFFFF)
SHIFT: Final = np.uint64(32)
MULTIPLIERS: Final = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL: Final = (0x9E3779B9, 0xBB67AE85)
ROUNDS: Final = 10


def philox(c0: U64, c1: U64, c2: U64, c3: U64, key: tuple[int, int]) -> tuple[U64, U64, U64, U64]:
    """Philox4x32-10 (Salmon et al., SC'11) of many counters.

    Each 32-bit word is in a uint64, so the product of two words fits.
    """
    k0, k1 = key
    for _ in range(ROUNDS):
        p0 = MULTIPLIERS[0] * c0
        p1 = MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (p1 >> SHIFT) ^ c1 ^ np.uint64(k0),
            p1 & MASK,
            (p0 >> SHIFT) ^ c3 ^ np.uint64(k1),
            p0 & MASK,
        )
        k0 = (k0 + WEYL[0]) & 0xFFFFFFFF
        k1 = (k1 + WEYL[1]) & 0xFFFFFFFF
    return c0, c1, c2, c3


@lru_cache(maxsize=1 << 18)
def device_words(device_id: str) -> int:
    """The first 8 bytes of SHA-256 of the DeviceID's UTF-8, big-endian."""
    return int.from_bytes(hashlib.sha256(device_id.encode()).digest()[:8], "big")


def parse_seed(text: str) -> tuple[int, int]:
    """The seed as Philox's key: its low and its high 32 bits."""
    seed = int(text)
    return seed & 0xFFFFFFFF, seed >> 32


def noises(seed: tuple[int, int], words: U64, seqs: U64) -> F64:
    """A standard normal number for each tick. words: device_words of each tick's device."""
    w0, w1, _, _ = philox(seqs & MASK, seqs >> SHIFT, words >> SHIFT, words & MASK, seed)
    # 52 bits choose one of 2^52 intervals of (0, 1); its middle is used: exact, and never 0 or 1.
    bits = ((w0 >> np.uint64(12)) << SHIFT) | w1
    return inverse_normal((bits.astype(np.float64) + 0.5) * 2.0**-52)
