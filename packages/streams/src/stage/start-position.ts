/** Step 3: from what the changelog says to the input offset a partition begins at, held against the log as it is now. */

import type { StageTopics } from "@fireworks/contracts";
import { positionSchema } from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { LogRecord, OffsetRange } from "../log.ts";
import { unreadable } from "./changelog.ts";
import type { Stage } from "./stage.ts";

type Config = Stage<unknown, unknown, unknown>["config"];

/** The position of a partition as the changelog holds it. */
export const positionValue = (
	next: number,
	topics: StageTopics,
	config: Config,
) => ({
	next: String(next),
	partitions: topics.changelog.partitions,
	config,
});

/** The next input offset in a position. Throws config-mismatch where the states were made under other partitions or configuration. */
export function nextOfPosition(
	{ value, record }: { value: unknown; record: LogRecord },
	topics: StageTopics,
	stageConfig: Config,
): number {
	const position = positionSchema.safeParse(value);
	if (!position.success) throw unreadable(record, position.error);
	const { next, partitions, config } = position.data;
	const found = describe(partitions, config);
	const wanted = describe(topics.changelog.partitions, stageConfig);
	if (found === wanted) return Number(next);
	throw new StreamsError(
		"config-mismatch",
		`the states in ${topics.changelog.name} were made with ${found}, this stage runs with ${wanted}: set it as it was, or name other output and changelog topics`,
	);
}

/**
 * Where to go on: the position, or the input's start where retention has overtaken it; lost: how many records that costs.
 * Throws input-mismatch where the position lies past the input's end.
 */
export function startAt(
	position: number,
	input: OffsetRange,
	topic: string,
): { next: number; lost: number } {
	if (position > input.high) {
		throw new StreamsError(
			"input-mismatch",
			`the position ${position} lies past the end ${input.high} of ${topic}/${input.partition}: that is another topic than the states were made from`,
		);
	}
	const next = Math.max(position, input.low);
	return { next, lost: next - position };
}

/** Without a position the output must be untouched: the first position is written before any output. */
export function assertUntouched(
	output: OffsetRange,
	topics: StageTopics,
): void {
	// Also what retention has emptied was written once.
	if (output.high === 0) return;
	throw new StreamsError(
		"output-without-position",
		`${topics.output.name}/${output.partition} has records, but ${topics.changelog.name} has no position: processing anew would double them. Bring the changelog back, or name another output topic`,
	);
}

const describe = (partitions: number, config: Config): string =>
	JSON.stringify({
		partitions,
		config: Object.fromEntries(
			Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)),
		),
	});
