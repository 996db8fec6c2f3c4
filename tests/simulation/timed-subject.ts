/** What a timed simulation runs and checks: a stage, the records that it gets, and its checker. */
import type { LogRecord } from "../../packages/streams/src/log.ts";
import type { Random } from "../../packages/streams/src/memory/random.ts";
import type { Stage } from "../../packages/streams/src/stage/stage.ts";

/** A record that the simulation writes. */
export interface Given {
	readonly topic: string;
	readonly key: string;
	readonly id: number;
	/** Event time, ms since 1970. */
	readonly at: number;
}

/** Checks what is committed, at every moment. */
export interface Checker {
	/** Number of committed records so far. */
	readonly outputs: number;
	/** Notes an input record. */
	wrote(given: Given): void;
	/** Checks a committed record of an output. Throws Violation. */
	output(record: LogRecord): void;
	/** What the outputs do not contain yet. */
	behind(): string[];
}

export interface Subject {
	// biome-ignore lint/suspicious/noExplicitAny: only the parts of one stage fit each other.
	readonly stage: Stage<any, any, any>;
	readonly inputs: readonly string[];
	readonly sideOutputs: readonly string[];
	/** Where the next record goes: an input, or the broadcast table. */
	topicOf(random: Random): string;
	checker(): Checker;
}
