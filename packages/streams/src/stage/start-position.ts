/**
 * Step 3: finds the input offsets at which a partition starts. They come from the changelog and are
 * checked against the log as it is now.
 */

import type { StagePosition, StageTopics } from "@fireworks/contracts";
import { positionSchema } from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { LogRecord, OffsetRange } from "../log.ts";
import { unreadable } from "./changelog.ts";
import {
	outputWithoutPosition,
	type PreparedTopics,
} from "./prepare-topics.ts";
import type { Stage } from "./stage.ts";
import { assertSameTopics } from "./topic-ids.ts";

type Config = Stage<unknown, unknown, unknown>["config"];

/** How far a task has come. */
export interface Position {
	/** The next offset of each input, in the order of the stage's inputs. */
	readonly nexts: readonly number[];
	/** The event-time clock; undefined: the stage has none, or it has seen no record yet. */
	readonly clock: number | undefined;
}

/** A partition's position in the form that the changelog holds. */
export function positionValue(
	{ nexts, clock }: Position,
	topics: StageTopics,
	config: Config,
	{ partitions, topicIds }: PreparedTopics,
): StagePosition {
	const [, ...others] = topics.inputs;
	return {
		next: String(nexts[0]),
		partitions,
		config,
		...(Object.keys(topicIds).length === 0 ? {} : { topicIds }),
		...(others.length === 0
			? {}
			: {
					inputs: Object.fromEntries(
						others.map((name, i) => [name, String(nexts[i + 1])]),
					),
				}),
		...(clock === undefined ? {} : { clock }),
	};
}

/**
 * Reads a position. Throws config-mismatch if the states were made with other partitions, other
 * inputs or another configuration, and input-mismatch or topic-replaced if they belong to other
 * topics.
 */
export function readPosition(
	{ value, record }: { value: unknown; record: LogRecord },
	topics: StageTopics,
	stageConfig: Config,
	prepared: PreparedTopics,
): Position {
	const parsed = positionSchema.safeParse(value);
	if (!parsed.success) throw unreadable(record, parsed.error);
	const position = parsed.data;
	const [, ...others] = topics.inputs;
	const found = describe(
		position.partitions,
		position.config,
		Object.keys(position.inputs ?? {}),
	);
	const wanted = describe(prepared.partitions, stageConfig, others);
	if (found !== wanted)
		throw new StreamsError(
			"config-mismatch",
			`the states in ${topics.changelog.name} were made with ${found}, this stage runs with ${wanted}: set it as it was, reset the stage (\`fireworks reset STAGE --from earliest\`), or name other output and changelog topics`,
		);
	assertSameTopics(position.topicIds ?? {}, prepared.topicIds, topics);
	return {
		nexts: [
			position.next,
			...others.map((name) => position.inputs?.[name] as string),
		].map(Number),
		clock: position.clock,
	};
}

/**
 * Where to continue: at the position, or at the input's start if retention has deleted past the
 * position. lost: how many records that costs. Throws input-mismatch if the position lies past the
 * input's end.
 */
export function startAt(
	position: number,
	input: OffsetRange,
	topic: string,
): { next: number; lost: number } {
	if (position > input.high) {
		throw new StreamsError(
			"input-mismatch",
			`the position ${position} lies past the end ${input.high} of ${topic}/${input.partition}: that is another topic than the states were made from. Bring the old topic back, or name other output and changelog topics to process this one from its start`,
		);
	}
	const next = Math.max(position, input.low);
	return { next, lost: next - position };
}

/**
 * Checks that the output's partition is untouched. Without a position it must be, because the first
 * position is written before any output. Only for stages whose outputs stay in their partition; the
 * check of prepare-topics.ts is for all.
 */
export function assertUntouched(
	output: OffsetRange,
	topics: StageTopics,
): void {
	// An output that retention has emptied was still written once.
	if (output.high > 0)
		throw outputWithoutPosition(
			topics.output.name,
			output.partition,
			topics.changelog.name,
		);
}

const describe = (
	partitions: number,
	config: Config,
	furtherInputs: readonly string[],
): string =>
	JSON.stringify({
		partitions,
		config: Object.fromEntries(
			Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)),
		),
		...(furtherInputs.length === 0
			? {}
			: { furtherInputs: furtherInputs.toSorted() }),
	});
