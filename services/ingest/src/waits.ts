/** A wait with a bound that leaves no timer behind. */

/**
 * Settles like the promise, or like `late` after this many ms. The promise itself continues without
 * its caller.
 */
export async function inTime<T>(
	promise: Promise<T>,
	ms: number,
	late: () => T,
): Promise<T> {
	const over = Promise.withResolvers<T>();
	const timer = setTimeout(() => {
		try {
			over.resolve(late());
		} catch (error) {
			over.reject(error);
		}
	}, ms);
	try {
		return await Promise.race([promise, over.promise]);
	} finally {
		clearTimeout(timer);
	}
}
