/** ms before the next try: 100, 200, 400 and so on up to 5,000. attempt: from 0. */
export const backOffMs = (attempt: number): number =>
	Math.min(5_000, 100 * 2 ** Math.min(attempt, 10));
