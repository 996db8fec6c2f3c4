"""The quantile function of the standard normal distribution.

PPND16 of Wichura, "Algorithm AS 241", Applied Statistics 37 (1988).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
#: A polynomial's coefficients, highest power first.
Coefficients = tuple[float, ...]

# fmt: off
CENTRAL: Final[tuple[Coefficients, Coefficients]] = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080),  # noqa: E501
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),  # noqa: E501
)
MIDDLE: Final[tuple[Coefficients, Coefficients]] = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734),  # noqa: E501
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0),  # noqa: E501
)
TAIL: Final[tuple[Coefficients, Coefficients]] = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720),  # noqa: E501
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),  # noqa: E501
)
# fmt: on
#: Up to this |p - 0.5|, p is in the centre, where no logarithm is needed.
CENTRAL_HALF_WIDTH: Final = 0.425
#: Above this sqrt(-log tail), p is in the far tail.
TAIL_FROM: Final = 5.0


def inverse_normal(p: F64) -> F64:
    """The x with P(X < x) = p for a standard normal X. p: strictly between 0 and 1."""
    q = p - 0.5
    r = 0.180625 - q * q
    z = q * _polynomial(CENTRAL[0], r) / _polynomial(CENTRAL[1], r)
    outside = np.nonzero(np.abs(q) > CENTRAL_HALF_WIDTH)[0]
    if outside.size > 0:
        far, side = p[outside], q[outside]
        root = np.sqrt(-_log_of_tail(np.where(side < 0, far, 1 - far)))
        size = _ratio(MIDDLE, root - 1.6)
        furthest = root > TAIL_FROM
        if furthest.any():
            size = np.where(furthest, _ratio(TAIL, root - TAIL_FROM), size)
        z[outside] = np.where(side < 0, -size, size)
    return z


def _ratio(of: tuple[Coefficients, Coefficients], r: F64) -> F64:
    return _polynomial(of[0], r) / _polynomial(of[1], r)


def _polynomial(coefficients: Coefficients, r: F64) -> F64:
    """Horner's rule. The order of operations is part of the contract between the engines."""
    v = coefficients[0] * r + coefficients[1]
    for c in coefficients[2:]:
        v *= r
        v += c
    return v


LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10


def _log_of_tail(x: F64) -> F64:
    """log(x) for 0 < x <= 0.075, with the operations of fdlibm 5.3's e_log.c.

    numpy's log may differ in the last bit. fdlibm's branch for 2^0 is left out: these x never reach
    it.
    """
    bits = x.view(np.int64)
    mantissa = (bits >> 32) & 0xFFFFF
    carry = (mantissa + 0x95F64) & 0x100000
    k = ((bits >> 52) - 1023 + (carry >> 20)).astype(np.float64)
    low = bits & 0xFFFFFFFF
    # x = 2^k * (1 + f) with sqrt(1/2) < 1 + f < sqrt(2)
    f = (((mantissa | (carry ^ 0x3FF00000)) << 32) | low).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    r = even + odd
    h = 0.5 * f * f
    upper = k * LN2_HIGH - ((h - (s * (h + r) + k * LN2_LOW)) - f)
    lower = k * LN2_HIGH - ((s * (f - r) - k * LN2_LOW) - f)
    log = np.where(_is_upper(mantissa), upper, lower)
    # |f| < 2^-20: a short series, as the long one would lose digits in f - f.
    short = (0xFFFFF & (2 + mantissa)) < 3
    if short.any():
        r = f * f * (0.5 - 0.33333333333333333 * f)
        log = np.where(short, k * LN2_HIGH - ((r - k * LN2_LOW) - f), log)
    return log


def _is_upper(mantissa: I64) -> NDArray[np.bool_]:
    return ((mantissa - 0x6147A) | (0x6B851 - mantissa)) > 0
