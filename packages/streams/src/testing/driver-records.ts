/** What goes into a test driver and what comes out of it. */
import type { StreamsLogger } from "../kafka/logger.ts";

export interface TestDriverOptions {
	/**
	 * Number of partitions of the inputs. Default: 4, as in a real system, so that a test cannot
	 * hide that records of different keys are in different partitions.
	 */
	partitions?: number;
	/** Number of partitions of the outputs and side outputs. Default: as many as the inputs. */
	outputPartitions?: number;
	/** Number of partitions of the broadcast table. Default: as many as the inputs. */
	tablePartitions?: number;
	/** Names of the additional topics that outputs name. Default: those of an operator, or none. */
	sideOutputs?: readonly string[];
	/** Names of the main topics, for tests that depend on them. Default of the output: output. */
	input?: string;
	output?: string;
	/** Names of the inputs of a stage. Default: those of an operator, or only `input`. */
	inputs?: readonly string[];
	logger?: StreamsLogger;
}

/** An input record. */
export interface TestInput {
	readonly key: string | Buffer | null;
	/** Text and bytes are written as they are, null as no value, everything else as JSON. */
	readonly value: unknown;
	/** Event time, ms since 1970. Default: the virtual time, which begins at 2026-01-01T00:00:00Z. */
	readonly timestamp?: number;
	/** Default: chosen by the key as Kafka's default partitioner does; 0 without a key. */
	readonly partition?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** An input, or the broadcast table's topic. Default: the stage's first input. */
	readonly topic?: string;
}

/** An output record. */
export interface TestOutput {
	readonly topic: string;
	readonly partition: number;
	readonly key: string | null;
	/** The value as text. */
	readonly value: string | null;
	/** The value as JSON; undefined if it is not JSON. */
	readonly json: unknown;
	/** Event time, ms since 1970. */
	readonly timestamp: number;
	readonly headers: Readonly<Record<string, string>>;
}

/** A refused record, with the key and value of the source record. */
export interface TestDeadLetter extends TestOutput {
	/** The code of the stage's DeadLetter. */
	readonly code: string;
	readonly message: string;
}

const UNITS_MS: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};
/** A value as the driver writes it. */
export const bytesOf = (value: unknown): string | Buffer | null =>
	value === null || typeof value === "string" || Buffer.isBuffer(value)
		? value
		: JSON.stringify(value);

/**
 * The records in runs that are either all of the broadcast table, or none of them. name: its topic,
 * if there is one. At least one run.
 */
export function runsOf(
	records: readonly TestInput[],
	name: string | undefined,
): TestInput[][] {
	if (name === undefined) return [[...records]];
	const runs: TestInput[][] = [[]];
	for (const [i, record] of records.entries()) {
		const before = records[i - 1] ?? record;
		if ((record.topic === name) !== (before.topic === name)) runs.push([]);
		runs.at(-1)?.push(record);
	}
	return runs;
}

/** Text as JSON; undefined if it is not JSON. */
export function jsonOf(text: string | null): unknown {
	if (text === null) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A number of ms, or a text such as "2d", in ms. */
export function msOf(time: number | string): number {
	if (typeof time === "number") return time;
	const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(time) ?? [];
	if (count === undefined || unit === undefined)
		throw new Error(
			`${JSON.stringify(time)} is no time: write a number and ms, s, m, h or d`,
		);
	return Number(count) * (UNITS_MS[unit] as number);
}
