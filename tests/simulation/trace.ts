/**
 * What happened in a run, for people who have to understand a seed: the last lines, and a
 * fingerprint of all lines.
 */
import type { StreamsLogger } from "../../packages/streams/src/kafka/logger.ts";
import type { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";

const LINES_KEPT = 400;

export class Trace {
	readonly #time: VirtualTime;
	readonly #startMs: number;
	readonly #lines: string[] = [];
	/** How often each kind of event has happened. */
	readonly counts: Record<string, number> = {};
	#fingerprint = 0;

	constructor(time: VirtualTime) {
		this.#time = time;
		this.#startMs = time.now();
	}

	get lines(): readonly string[] {
		return this.#lines.slice(-LINES_KEPT);
	}

	get fingerprint(): number {
		return this.#fingerprint;
	}

	add(what: string): void {
		const line = `${this.#time.now() - this.#startMs} ms ${what}`;
		for (let i = 0; i < line.length; i++)
			this.#fingerprint =
				(Math.imul(this.#fingerprint, 31) + line.charCodeAt(i)) | 0;
		this.#lines.push(line);
		if (this.#lines.length >= 2 * LINES_KEPT) this.#lines.splice(0, LINES_KEPT);
	}

	count(what: string): void {
		this.counts[what] = (this.counts[what] ?? 0) + 1;
	}

	logger(name: string): StreamsLogger {
		const at = (fields: object, message: string) => {
			const { reason, code, partition, next, partitions } = fields as Record<
				string,
				unknown
			>;
			if (code !== undefined) this.count(`failure ${code}`);
			const details = { code, partition, next, partitions, reason };
			this.add(`${name}: ${message} ${JSON.stringify(details)}`);
		};
		return { debug() {}, info: at, warn: at, error: at };
	}
}
