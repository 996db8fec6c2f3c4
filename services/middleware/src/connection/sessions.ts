/** All connections, and the regular look at each of them. */
import type { Clock } from "../clock.ts";
import type { Counts } from "../counts.ts";
import { countUp } from "../counts.ts";
import type { Hub } from "../fanout/hub.ts";
import { pingFrame } from "../frames/small-frames.ts";
import { SWEEP_MS } from "../limits.ts";
import type { Session } from "./session.ts";

export class Sessions {
	readonly #all = new Set<Session>();
	readonly #hub: Hub;
	readonly #clock: Clock;
	readonly #counts: Counts;
	readonly #everyMs: number;
	#cancel = () => {};

	constructor(hub: Hub, clock: Clock, counts: Counts, pingMs: number) {
		this.#hub = hub;
		this.#clock = clock;
		this.#counts = counts;
		this.#everyMs = Math.min(SWEEP_MS, pingMs / 20);
	}

	add(session: Session): void {
		this.#all.add(session);
	}

	remove(session: Session): void {
		session.client.ended();
		this.#all.delete(session);
	}

	[Symbol.iterator](): Iterator<Session> {
		return this.#all.values();
	}

	get size(): number {
		return this.#all.size;
	}

	/** Begins to look at everyone regularly, until stop(). */
	start(): void {
		this.#cancel = this.#clock.after(this.#everyMs, () => {
			this.sweep();
			this.start();
		});
	}

	stop(): void {
		this.#cancel();
	}

	sweep(): void {
		let frame: Buffer | undefined;
		const ping = () => {
			frame ??= pingFrame(this.#clock.wallMs());
			return frame;
		};
		for (const session of this.#all) {
			if (session.client.state === "closed") continue;
			if (session.sweep(ping)) countUp(this.#counts.closed, "silent");
		}
		this.#hub.sweep();
	}
}
