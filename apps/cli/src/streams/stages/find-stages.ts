/**
 * Which stages there are: the built-in processor and metronome, those of the pipelines' folders,
 * and, for programs whose source is elsewhere, those that have left a changelog. The position in a
 * changelog holds the ids of the stage's topics.
 */
import { positionSchema, processorTopics } from "@fireworks/contracts";
import type { OffsetRange } from "@fireworks/streams";
import type { Kafka } from "../kafka.ts";
import { replacedTopics } from "../reset/replaced-topics.ts";
import { changelogTails } from "./changelog-tail.ts";
import type { KnownStage } from "./known-stage.ts";
import { pipelineStages } from "./pipelines.ts";

export interface FoundStages {
	readonly stages: readonly KnownStage[];
	/** Pipelines that do not load, with the reason. */
	readonly problems: readonly string[];
}

const CHANGELOG = "-changelog";

export async function findStages(kafka: Kafka): Promise<FoundStages> {
	const { stages, problems } = await pipelineStages(kafka.env);
	const known = [...builtIn(kafka), ...stages];
	return { stages: [...known, ...(await others(kafka, known))], problems };
}

function builtIn({ settings }: Kafka): KnownStage[] {
	const { output, changelog } = processorTopics(settings);
	return [
		{
			name: "metronome",
			kind: "clock",
			from: "built in",
			part: "metronome",
			inputs: [],
			output: settings.topicMetronome,
			sideOutputs: [],
			changelog: settings.topicMetronomeChangelog,
			group: "",
			config: undefined,
			specs: [],
		},
		{
			name: "processor",
			kind: "stage",
			from: "built in",
			part: "processor",
			inputs: [settings.topicMetronome],
			output: output.name,
			sideOutputs: [],
			changelog: changelog.name,
			group: settings.processorGroup,
			config: { seed: settings.seed },
			specs: [output, changelog],
		},
	];
}

/** Stages that only their changelogs tell of. */
async function others(
	kafka: Kafka,
	known: readonly KnownStage[],
): Promise<KnownStage[]> {
	const claimed = new Set(known.map(({ changelog }) => changelog));
	const changelogs = new Map<string, readonly OffsetRange[]>();
	for (const topic of kafka.topics)
		if (topic.endsWith(CHANGELOG) && !claimed.has(topic))
			changelogs.set(topic, (await kafka.admin.offsets(topic)) ?? []);
	if (changelogs.size === 0) return [];
	const tails = await changelogTails(kafka, changelogs);
	const names = await namesById(kafka);
	return [...changelogs.keys()].flatMap((changelog) => {
		const position = positionSchema.safeParse(
			[...(tails.get(changelog)?.values() ?? [])][0],
		).data;
		if (position === undefined) return [];
		const { topicIds = {}, config, inputs = {} } = position;
		const input = names.get(topicIds.input ?? "");
		const output = names.get(topicIds.output ?? "");
		if (output === undefined) return [];
		const name = changelog.slice(0, -CHANGELOG.length);
		return {
			name,
			kind: "stage" as const,
			from: "changelog",
			part: undefined,
			// Without its first input nothing can be said of the others.
			inputs: input === undefined ? [] : [input, ...Object.keys(inputs)],
			output,
			sideOutputs: [],
			changelog,
			group: `fireworks-${name}`,
			config,
			specs: [],
		};
	});
}

/** Topics by their ids, also those that a reset has replaced. */
async function namesById(kafka: Kafka): Promise<ReadonlyMap<string, string>> {
	const names = new Map(await replacedTopics(kafka));
	for (const topic of kafka.topics) {
		const id = await kafka.log.topicId(topic);
		if (id !== undefined) names.set(id, topic);
	}
	return names;
}
