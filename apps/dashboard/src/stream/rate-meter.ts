/** Events per second over the last few seconds, counted in buckets of half a second. */
const BUCKET_MS = 500;
const BUCKETS = 10;

export class RateMeter {
	readonly #counts = new Float64Array(BUCKETS);
	#bucket = Number.NaN;
	#sinceMs = Number.NaN;

	add(count: number, nowMs: number): void {
		this.#moveTo(nowMs);
		const i = this.#bucket % BUCKETS;
		this.#counts[i] = (this.#counts[i] as number) + count;
	}

	perSecond(nowMs: number): number {
		this.#moveTo(nowMs);
		const total = this.#counts.reduce((sum, count) => sum + count, 0);
		// The current bucket counts only for the part of it that has passed. So does a meter that
		// has just begun.
		const spanMs =
			(BUCKETS - 1) * BUCKET_MS + (nowMs - this.#bucket * BUCKET_MS);
		const livedMs = Math.max(1_000, nowMs - this.#sinceMs);
		return (total * 1_000) / Math.min(spanMs, livedMs);
	}

	#moveTo(nowMs: number): void {
		const bucket = Math.floor(nowMs / BUCKET_MS);
		if (Number.isNaN(this.#bucket)) {
			this.#bucket = bucket;
			this.#sinceMs = nowMs;
		}
		const steps = Math.min(BUCKETS, bucket - this.#bucket);
		for (let k = 1; k <= steps; k++)
			this.#counts[(this.#bucket + k) % BUCKETS] = 0;
		if (steps > 0) this.#bucket = bucket;
	}
}
