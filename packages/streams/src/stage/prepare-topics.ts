/**
 * The topics of a stage at the start of a session. The inputs are checked first; only then are the
 * topics that the stage writes created, so that a stage with a wrong input leaves nothing behind.
 */
import type {
	StageTopicIds,
	StageTopicSpec,
	StageTopics,
	TopicSpec,
} from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { Log } from "../log.ts";
import { assertSameTopics, topicIdsOf } from "./topic-ids.ts";

export interface PreparedTopics {
	/** Number of partitions of each input and of the changelog. */
	readonly partitions: number;
	/** Number of partitions of each topic that the stage writes. */
	readonly counts: ReadonlyMap<string, number>;
	readonly topicIds: StageTopicIds;
}

/** Before the first session. */
export const UNPREPARED: PreparedTopics = {
	partitions: 0,
	counts: new Map(),
	topicIds: {},
};

/**
 * Throws topic-absent, topic-mismatch, output-without-position, and what creating topics throws.
 * before: an earlier session's result; its topics must not have been replaced since.
 */
export async function prepareTopics(
	log: Log,
	topics: StageTopics,
	before: PreparedTopics,
): Promise<PreparedTopics> {
	const partitions = await partitionsOfInputs(log, topics.inputs);
	const specs = await specsOf(log, topics, partitions);
	await log.ensureTopics(specs);
	const topicIds = await topicIdsOf(log, topics);
	assertSameTopics(before.topicIds, topicIds, topics);
	await assertChangelogKept(log, topics);
	return {
		partitions,
		counts: new Map(specs.map((spec) => [spec.name, spec.partitions])),
		topicIds,
	};
}

async function partitionsOfInputs(
	log: Log,
	inputs: readonly string[],
): Promise<number> {
	const counts = await Promise.all(
		inputs.map(async (name) => {
			const found = await log.offsets(name);
			if (found === undefined)
				throw new StreamsError(
					"topic-absent",
					`the input topic ${name} is not there yet: it is created by the part that writes it, which has to run`,
				);
			return { name, partitions: found.length };
		}),
	);
	const [first] = counts;
	if (first === undefined) throw new Error("a stage needs an input");
	const other = counts.find(
		({ partitions }) => partitions !== first.partitions,
	);
	if (other === undefined) return first.partitions;
	throw new StreamsError(
		"topic-mismatch",
		`the inputs must have equally many partitions, because partition p of all of them is processed together: ${first.name} has ${first.partitions}, ${other.name} has ${other.partitions}. Copy one of them to a topic with as many as the other (a stage without state does that), and read the copy`,
	);
}

const written = (topics: StageTopics): readonly StageTopicSpec[] => [
	topics.output,
	topics.changelog,
	topics.deadLetter,
	...(topics.sideOutputs ?? []),
];

async function specsOf(
	log: Log,
	topics: StageTopics,
	partitions: number,
): Promise<TopicSpec[]> {
	const wanted = topics.changelog.partitions ?? partitions;
	if (wanted !== partitions)
		throw await mismatch(log, topics, partitions, wanted);
	return Promise.all(
		written(topics).map(async ({ timestamps: _, ...spec }) => ({
			...spec,
			partitions:
				spec.partitions ??
				(spec.name === topics.changelog.name
					? partitions
					: ((await log.offsets(spec.name))?.length ?? partitions)),
		})),
	);
}

/** Says which way out there is: only where all topics agree does another setting help. */
async function mismatch(
	log: Log,
	topics: StageTopics,
	partitions: number,
	wanted: number,
): Promise<StreamsError> {
	const [input] = topics.inputs;
	for (const { name } of written(topics)) {
		const has = (await log.offsets(name))?.length ?? partitions;
		if (has === partitions) continue;
		return new StreamsError(
			"topic-mismatch",
			`the input ${input} has ${partitions} partitions, but ${name} has ${has}: delete the one that holds nothing of value and let it be created again, or name other topics`,
		);
	}
	return new StreamsError(
		"topic-mismatch",
		`the input ${input} has ${partitions} partitions, not ${wanted}: set FIREWORKS_PARTITIONS=${partitions}`,
	);
}

/**
 * Every writer of the output has written its position to the changelog before. So an output with
 * records and a changelog that never had one do not belong together. The output is looked at first:
 * what another process writes meanwhile is then never taken for foreign.
 */
async function assertChangelogKept(
	log: Log,
	{ output, changelog }: StageTopics,
): Promise<void> {
	// An output that retention has emptied was still written once.
	const used = (await log.offsets(output.name))?.find(({ high }) => high > 0);
	if (used === undefined) return;
	const kept = (await log.offsets(changelog.name))?.some(
		({ high }) => high > 0,
	);
	if (!kept)
		throw outputWithoutPosition(output.name, used.partition, changelog.name);
}

export const outputWithoutPosition = (
	output: string,
	partition: number,
	changelog: string,
): StreamsError =>
	new StreamsError(
		"output-without-position",
		`${output}/${partition} has records, but ${changelog} has no position: processing again would double them. Bring the changelog back, or name another output topic`,
	);
