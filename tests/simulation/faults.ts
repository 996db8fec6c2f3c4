/**
 * The faults of a run. They are drawn from the seed, each kind with its own weight, so some seeds
 * are calm and some are wild.
 */
import type { RequestName } from "../../packages/streams/src/memory/network.ts";
import type { Random } from "../../packages/streams/src/memory/random.ts";
import type { Fate } from "./process.ts";

/** The steps of a transaction, where a fault does the most damage. */
const TRANSACTIONAL: ReadonlySet<RequestName> = new Set([
	"init-producer",
	"add-partitions",
	"produce",
	"end-transaction",
]);
const LATE_MS_MAX = 6_000;

/** How many of 100,000 requests meet each kind of fault; in a transaction, how many of 20,000. */
export interface Weights {
	readonly network: number;
	readonly crash: number;
	readonly pause: number;
}

export class Faults {
	readonly #random: Random;
	readonly #weights: Weights;
	#over = false;

	/** weights: drawn from the seed if absent. */
	constructor(random: Random, weights?: Weights) {
		this.#random = random;
		const weight = (max: number) =>
			random.oneIn(3) ? 0 : random.between(0, max);
		const drawn = {
			network: weight(4_000),
			crash: weight(1_000),
			pause: weight(1_000),
		};
		this.#weights = weights ?? drawn;
	}

	/** No new fault happens from now on; what is late still arrives. */
	end(): void {
		this.#over = true;
	}

	/** harm: crashes the process, or pauses it for a while. */
	fateOf(request: RequestName, harm: (how: "crash" | "pause") => void): Fate {
		const random = this.#random;
		const fate: Fate = {
			outMs: random.between(0, 3),
			backMs: random.between(0, 3),
		};
		if (this.#over) return fate;
		const { network, crash, pause } = this.#weights;
		const dice =
			random.next() * (TRANSACTIONAL.has(request) ? 20_000 : 100_000);
		if (dice < network) {
			switch (random.between(0, 3)) {
				case 0:
					return { ...fate, lost: "request" };
				case 1:
					return { ...fate, lost: "reply" };
				case 2:
					return { ...fate, outMs: random.between(50, LATE_MS_MAX) };
				default:
					return { ...fate, backMs: random.between(50, LATE_MS_MAX) };
			}
		}
		if (dice < network + crash) return this.#harmed(fate, () => harm("crash"));
		if (dice < network + crash + pause)
			return this.#harmed(fate, () => harm("pause"));
		return fate;
	}

	/** Harms the process before the broker sees the request, or after the broker has done it. */
	#harmed(fate: Fate, harm: () => void): Fate {
		if (this.#random.oneIn(2)) return { ...fate, onDone: harm };
		harm();
		return this.#random.oneIn(2) ? fate : { ...fate, lost: "request" };
	}
}

/**
 * How long a process is paused: mostly longer than the time-outs of its session and its
 * transactions.
 */
export const pauseMs = (random: Random): number => random.between(200, 9_000);

/** How long a crashed process stays away. */
export const downMs = (random: Random): number => random.between(10, 5_000);
