"""The noise of a tick, as the contract has it (packages/contracts/vectors hold it to the bit)."""

import math
import struct

MASK = 0xFFFFFFFF


def philox(counter, key):
    """Philox4x32-10. counter: four u32, key: two u32; returns four u32."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for r in range(10):
        if r:
            k0 = (k0 + 0x9E3779B9) & MASK
            k1 = (k1 + 0xBB67AE85) & MASK
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
    return c0, c1, c2, c3


def portable_log(x):
    """Natural logarithm of a positive normal double, in the operations of fdlibm's e_log.c."""
    b = struct.unpack(">Q", struct.pack(">d", x))[0]
    hx = b >> 32
    lx = b & MASK
    k = (hx >> 20) - 1023
    hx &= 0xFFFFF
    i = (hx + 0x95F64) & 0x100000
    x = struct.unpack(">d", struct.pack(">Q", ((hx | (i ^ 0x3FF00000)) << 32) | lx))[0]
    k += i >> 20
    f = x - 1.0
    ln2_hi = 6.93147180369123816490e-01
    ln2_lo = 1.90821492927058770002e-10
    if (0xFFFFF & (2 + hx)) < 3:
        if f == 0:
            return 0.0 if k == 0 else k * ln2_hi + k * ln2_lo
        r = f * f * (0.5 - 0.33333333333333333 * f)
        return f - r if k == 0 else k * ln2_hi - ((r - k * ln2_lo) - f)
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    i = (hx - 0x6147A) | (0x6B851 - hx)
    t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    t2 = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    r = t2 + t1
    if i > 0:
        h = 0.5 * f * f
        return f - (h - s * (h + r)) if k == 0 else k * ln2_hi - ((h - (s * (h + r) + k * ln2_lo)) - f)
    return f - s * (f - r) if k == 0 else k * ln2_hi - ((s * (f - r) - k * ln2_lo) - f)


def polynomial(coefficients, r):
    """Horner's rule, highest power first: ((a*r + b)*r + c)..."""
    v = coefficients[0]
    for c in coefficients[1:]:
        v = v * r + c
    return v


CENTRAL = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)
MIDDLE = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0),
)
TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)


def inverse_normal(p):
    """Quantile of the standard normal at p in (0, 1), PPND16."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(CENTRAL[0], r) / polynomial(CENTRAL[1], r)
    r = math.sqrt(-portable_log(p if q < 0 else 1 - p))
    if r <= 5:
        r -= 1.6
        v = polynomial(MIDDLE[0], r) / polynomial(MIDDLE[1], r)
    else:
        r -= 5
        v = polynomial(TAIL[0], r) / polynomial(TAIL[1], r)
    return -v if q < 0 else v


def noise(seed, words, seq):
    """Standard normal of one tick. words: the first 8 bytes of SHA-256 of the DeviceID, as two u32."""
    counter = (seq & MASK, seq >> 32, *words)
    w = philox(counter, (seed & MASK, seed >> 32))
    u = (((w[0] >> 12) << 32 | w[1]) + 0.5) * 2.0 ** -52
    return inverse_normal(u)
