/**
 * The ids of a stage's topics. They distinguish a topic from one that was deleted and created again
 * under the same name. Each position contains them, so states are never continued in another topic.
 * An id is absent where the broker has no ids (Kafka before 2.8) and in positions of older
 * versions; then only offsets can show a difference.
 */
import type { StageTopicIds, StageTopics } from "@fireworks/contracts";
import { StreamsError, type StreamsErrorCode } from "../errors.ts";
import type { Log } from "../log.ts";

/** The ids as they are now. */
export async function topicIdsOf(
	log: Log,
	{ inputs, output, changelog }: StageTopics,
): Promise<StageTopicIds> {
	const [first, ...others] = inputs;
	const idOf = async (name: string | undefined) =>
		name === undefined ? undefined : log.topicId(name);
	const [inputId, outputId, changelogId, ...ids] = await Promise.all(
		[first, output.name, changelog.name, ...others].map(idOf),
	);
	const known = others.flatMap((name, i) =>
		ids[i] === undefined ? [] : [[name, ids[i]] as const],
	);
	return {
		...(inputId === undefined ? {} : { input: inputId }),
		...(outputId === undefined ? {} : { output: outputId }),
		...(changelogId === undefined ? {} : { changelog: changelogId }),
		...(known.length === 0 ? {} : { inputs: Object.fromEntries(known) }),
	};
}

/**
 * Throws input-mismatch or topic-replaced if a topic's id differs from the one that the states
 * belong to.
 */
export function assertSameTopics(
	expected: StageTopicIds,
	found: StageTopicIds,
	topics: StageTopics,
): void {
	const output = topics.output.name;
	const changelog = topics.changelog.name;
	const same = (
		name: string,
		before: string | undefined,
		now: string | undefined,
		code: StreamsErrorCode,
		remedy: string,
	) => {
		if (before === undefined || now === undefined || before === now) return;
		throw new StreamsError(
			code,
			`the topic ${name} was deleted and made again: its id is ${now}, but the states in ${changelog} belong to ${before}. ${remedy}`,
		);
	};
	const [first, ...others] = topics.inputs;
	const asInput = (name: string, before?: string, now?: string) =>
		same(
			name,
			before,
			now,
			"input-mismatch",
			`To process the new topic from its start, delete ${output} and ${changelog} as well, or name other topics`,
		);
	asInput(first ?? "", expected.input, found.input);
	for (const name of others)
		asInput(name, expected.inputs?.[name], found.inputs?.[name]);
	same(
		output,
		expected.output,
		found.output,
		"topic-replaced",
		`What it held is lost. To process the input again, delete ${changelog} as well, or name another output topic`,
	);
	same(
		changelog,
		expected.changelog,
		found.changelog,
		"topic-replaced",
		`The states are lost. Bring the changelog back, or delete ${output} as well to process the input again`,
	);
}
