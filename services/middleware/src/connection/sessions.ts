/** All connections, and the regular check of each of them. */
import type { Clock } from "@fireworks/time";
import type { Counts } from "../counts.ts";
import { countUp } from "../counts.ts";
import { pingFrame } from "../frames/small-frames.ts";
import { SWEEP_MS } from "../limits.ts";
import type { Session } from "./session.ts";

/** A frame that every client is sent whenever it has changed. */
export interface Notice {
	/** Rises with each change; 0: there is nothing to send. Called regularly. */
	version(): number;
	frame(): Buffer;
}

export interface SessionsOptions {
	clock: Clock;
	counts: Counts;
	notice: Notice;
	pingMs: number;
	/** Called at each regular check: does what else is due. */
	onSweep?: () => void;
}

export class Sessions {
	readonly #all = new Set<Session>();
	readonly #clock: Clock;
	readonly #counts: Counts;
	readonly #notice: Notice;
	readonly #onSweep: () => void;
	readonly #everyMs: number;
	#cancel = () => {};

	constructor(options: SessionsOptions) {
		const { clock, counts, notice, pingMs } = options;
		this.#clock = clock;
		this.#counts = counts;
		this.#notice = notice;
		this.#onSweep = options.onSweep ?? (() => {});
		this.#everyMs = Math.min(SWEEP_MS, pingMs / 20);
	}

	add(session: Session): void {
		this.#all.add(session);
	}

	/** Sends the notice now, and not at the next regular check. */
	notify(session: Session): void {
		session.sendNotice(this.#notice.version(), () => this.#notice.frame());
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

	/** Starts the regular checks, which run until stop(). */
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
		const version = this.#notice.version();
		let notice: Buffer | undefined;
		const noticeNow = () => {
			notice ??= this.#notice.frame();
			return notice;
		};
		for (const session of this.#all) {
			if (session.client.state === "closed") continue;
			session.sendNotice(version, noticeNow);
			if (session.sweep(ping)) countUp(this.#counts.closed, "silent");
		}
		this.#onSweep();
	}
}
