/** The topics of a stage under test. */
import type { TopicSpec } from "@fireworks/contracts";
import type { AnyOperator, OperatorGraph } from "../operators/operator.ts";
import type { TestDriverOptions } from "./driver-records.ts";

export function driverTopics(
	options: TestDriverOptions,
	stage: Pick<AnyOperator, "broadcast">,
) {
	const { partitions = 4, output = "output" } = options;
	const { outputPartitions = partitions, tablePartitions = partitions } =
		options;
	const graph = graphOf(stage);
	const {
		inputs = options.input === undefined
			? (graph?.inputs.map(({ name }) => name) ?? ["input"])
			: [options.input],
		sideOutputs = graph?.sideOutputs.map(({ name }) => name) ?? [],
	} = options;
	const table = stage.broadcast?.topic;
	const spec = (
		name: string,
		count = partitions,
		cleanup: "delete" | "compact" = "delete",
	): TopicSpec => ({
		name,
		partitions: count,
		replicationFactor: 1,
		cleanup,
		config: { "max.message.bytes": "2097176" },
	});
	return {
		inputs: inputs.map((name) => spec(name)),
		tables:
			table === undefined ? [] : [spec(table, tablePartitions, "compact")],
		output: spec(output, outputPartitions),
		sideOutputs: sideOutputs.map((name) => spec(name, outputPartitions)),
		changelog: spec(`${output}-changelog`, partitions, "compact"),
		deadLetter: spec("dead-letter"),
	};
}

/** Operators know their streams; other stages do not. */
const graphOf = (stage: object): OperatorGraph | undefined =>
	(stage as Partial<AnyOperator>).graph;
