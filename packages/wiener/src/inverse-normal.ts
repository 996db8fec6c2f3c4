// biome-ignore-all lint/correctness/noPrecisionLoss: the coefficients keep the digits of the paper, so that they can be compared with it
/**
 * The quantile function of the standard normal distribution: PPND16 of Wichura, "Algorithm AS 241:
 * the percentage points of the normal distribution", Applied Statistics 37 (1988). About 16 digits,
 * from rational functions, one logarithm and one square root.
 */
import { portableLog } from "./portable-log.ts";

/** A polynomial of degree 7, highest power first. */
type Coefficients = readonly [
	number,
	number,
	number,
	number,
	number,
	number,
	number,
	number,
];

/** Up to this |p - 0.5| is the central region, which needs no logarithm. */
const CENTRAL_HALF_WIDTH = 0.425;
// biome-ignore format: a polynomial a line
const CENTRAL_TOP: Coefficients = [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080];
// biome-ignore format: a polynomial a line
const CENTRAL_BOTTOM: Coefficients = [5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0];

// biome-ignore format: a polynomial a line
const MIDDLE_TOP: Coefficients = [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734];
// biome-ignore format: a polynomial a line
const MIDDLE_BOTTOM: Coefficients = [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0];

/** From this sqrt(-log tail) on is the far tail: about one draw in 36 thousand million. */
const TAIL_FROM = 5;
// biome-ignore format: a polynomial a line
const TAIL_TOP: Coefficients = [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720];
// biome-ignore format: a polynomial a line
const TAIL_BOTTOM: Coefficients = [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0];

/**
 * Evaluates by Horner's rule. All engines must use the same order of operations, because another
 * order rounds differently.
 */
function polynomial(c: Coefficients, r: number): number {
	return (
		((((((c[0] * r + c[1]) * r + c[2]) * r + c[3]) * r + c[4]) * r + c[5]) * r +
			c[6]) *
			r +
		c[7]
	);
}

/**
 * The x below which a standard normal lies with probability p.
 *
 * @param p strictly between 0 and 1; for other values the result is meaningless, never an error
 */
export function inverseNormal(p: number): number {
	const q = p - 0.5;
	if (q >= -CENTRAL_HALF_WIDTH && q <= CENTRAL_HALF_WIDTH) {
		const r = 0.180625 - q * q;
		return (q * polynomial(CENTRAL_TOP, r)) / polynomial(CENTRAL_BOTTOM, r);
	}
	// Math.sqrt is safe: every engine uses the machine's square root, which IEEE 754 defines to the
	// bit.
	const root = Math.sqrt(-portableLog(q < 0 ? p : 1 - p));
	const size =
		root <= TAIL_FROM
			? polynomial(MIDDLE_TOP, root - 1.6) /
				polynomial(MIDDLE_BOTTOM, root - 1.6)
			: polynomial(TAIL_TOP, root - TAIL_FROM) /
				polynomial(TAIL_BOTTOM, root - TAIL_FROM);
	return q < 0 ? -size : size;
}
