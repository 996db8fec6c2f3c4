/** The topics of a stage. The output may have another number of partitions than the inputs. */
import {
	type StageTopicSpec,
	type StageTopics,
	stageTopics,
	type TopicSettings,
	type TopicSpec,
} from "@fireworks/contracts";
import { type StreamDefinition, topicOf } from "@fireworks/pipeline";
import type { AnyOperator } from "@fireworks/streams";

/**
 * streams: of the pipeline. Another output, such as late records, is kept by append time.
 */
export function topicsOfStage(
	{ name, graph }: AnyOperator,
	streams: readonly StreamDefinition[],
	settings: TopicSettings,
): StageTopics {
	const topics = (output: string) =>
		stageTopics(settings, {
			inputs: graph.inputs.map((input) => input.name),
			output,
			changelog: `${name}-changelog`,
			deadLetter: settings.topicDeadLetter,
		});
	const specOf = (output: string): StageTopicSpec => {
		const found = streams.find((stream) => stream.name === output);
		return found === undefined
			? { ...anyPartitions(topics(output).output), timestamps: "append" }
			: {
					...anyPartitions(topicOf(found.description, settings)),
					timestamps: found.description.retention.by,
				};
	};
	const { inputs, changelog, deadLetter } = topics(graph.output.name);
	return {
		inputs,
		changelog: anyPartitions(changelog),
		deadLetter,
		output: specOf(graph.output.name),
		sideOutputs: graph.sideOutputs.map((one) => specOf(one.name)),
	};
}

/** As many as the topic has, or as the inputs have if it does not exist. */
const anyPartitions = ({ partitions: _, ...spec }: TopicSpec): StageTopicSpec =>
	spec;

export const groupOf = (stage: string): string => `fireworks-${stage}`;
