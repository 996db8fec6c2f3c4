// biome-ignore-all lint/correctness/noPrecisionLoss: the coefficients keep the digits of fdlibm, so that they can be compared with it
/**
 * The natural logarithm with the operations of fdlibm 5.3 (`e_log.c`, Sun Microsystems 1993).
 *
 * We do not use `Math.log`, because its last bit may differ between V8, the JVM and glibc. If the
 * noise differs in one bit, the path cannot be recomputed elsewhere. This code uses only + - * /,
 * which IEEE 754 defines to the bit.
 */

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

const L1 = 6.66666666666673513e-1;
const L2 = 3.999999999940941908e-1;
const L3 = 2.857142874366239149e-1;
const L4 = 2.222219843214978396e-1;
const L5 = 1.818357216161805012e-1;
const L6 = 1.531383769920937332e-1;
const L7 = 1.479819860511658591e-1;

/**
 * Reads and writes the two halves of a double. Each call names the byte order, so the result is the
 * same on every machine.
 */
const halves = new DataView(new ArrayBuffer(8));

/**
 * log(x), within one unit in the last place.
 *
 * @param x a positive, normal, finite double (2^-1022 <= x); other values give a meaningless
 * number, never an error
 */
export function portableLog(x: number): number {
	halves.setFloat64(0, x, true);
	const bits = halves.getInt32(4, true);
	// x = 2^k * (1 + f) with sqrt(1/2) < 1 + f < sqrt(2).
	const mantissa = bits & 0xfffff;
	const carry = (mantissa + 0x95f64) & 0x100000;
	halves.setInt32(4, mantissa | (carry ^ 0x3ff00000), true);
	const f = halves.getFloat64(0, true) - 1;
	const k = (bits >> 20) - 1023 + (carry >> 20);

	if ((0xfffff & (2 + mantissa)) < 3) {
		// |f| < 2^-20: use a short series, because the long one would lose digits to f - f.
		if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
		const r = f * f * (0.5 - 0.33333333333333333 * f);
		return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
	}

	const s = f / (2 + f);
	const z = s * s;
	const w = z * z;
	const odd = w * (L2 + w * (L4 + w * L6));
	const even = z * (L1 + w * (L3 + w * (L5 + w * L7)));
	const r = even + odd;
	if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
		const h = 0.5 * f * f;
		return k === 0
			? f - (h - s * (h + r))
			: k * LN2_HIGH - (h - (s * (h + r) + k * LN2_LOW) - f);
	}
	return k === 0
		? f - s * (f - r)
		: k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}
