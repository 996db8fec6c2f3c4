/** How long to wait before a part that ended is started again. */
export const BACK_OFF = {
	/** Short, so that one crash costs little: the services come back within seconds. */
	firstMs: 200,
	factor: 2,
	maxMs: 10_000,
	/** A part that was ready for so long has recovered: its next end counts as the first. */
	resetAfterMs: 10_000,
} as const;

/** failures: how many times it has ended in a row, at least 1. Milliseconds. */
export const backOffMs = (failures: number): number =>
	Math.min(
		BACK_OFF.firstMs * BACK_OFF.factor ** (failures - 1),
		BACK_OFF.maxMs,
	);
