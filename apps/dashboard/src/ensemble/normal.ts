/** The standard normal distribution, for drawing. */
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

export const density = (z: number): number =>
	Math.exp((-z * z) / 2) / ROOT_TWO_PI;

/** The fraction of it beyond -2 or 2. */
export const BEYOND_TWO = 0.0455;
