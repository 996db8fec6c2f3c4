/** Limits what is in progress: requests, and the bytes of their bodies. */
import { BODIES_BYTES_MAX, REQUESTS_MAX } from "../limits.ts";

/** The place of one request. */
export interface Place {
	/** The bytes of its body are known now. */
	shrink(bytes: number): void;
	release(): void;
}

export class Admission {
	#requests = 0;
	#bytes = 0;
	#idle = Promise.withResolvers<void>();

	constructor() {
		this.#idle.resolve();
	}

	get requests(): number {
		return this.#requests;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** Reserves a place for a body of at most this many bytes; undefined: too many wait already. */
	take(bytes: number): Place | undefined {
		if (this.#requests >= REQUESTS_MAX) return undefined;
		if (this.#bytes + bytes > BODIES_BYTES_MAX) return undefined;
		if (this.#requests++ === 0) this.#idle = Promise.withResolvers();
		this.#bytes += bytes;
		let held = bytes;
		let released = false;
		return {
			shrink: (to) => {
				this.#bytes -= held - to;
				held = to;
			},
			release: () => {
				if (released) return;
				released = true;
				this.#bytes -= held;
				if (--this.#requests === 0) this.#idle.resolve();
			},
		};
	}

	/** Resolves when no request is in progress. */
	idle(): Promise<void> {
		return this.#idle.promise;
	}
}
