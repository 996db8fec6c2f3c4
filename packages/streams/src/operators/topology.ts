/**
 * Several stages as one graph: checked before anything runs, and described as data. Streams connect
 * the stages: what one writes another reads, through the log.
 */
import { checkGraph } from "./check-graph.ts";
import {
	type AnyOperator,
	readsOf,
	type Stream,
	writesOf,
} from "./operator.ts";

export interface TopologyOptions {
	/** The streams that come from outside: another program writes them. */
	readonly sources: readonly Stream<unknown>[];
	/** Names of streams that may be read before the stage that writes them: a declared cycle. */
	readonly cycles?: readonly string[];
}

export interface Topology {
	/** Each stage after those it reads from. */
	readonly stages: readonly AnyOperator[];
	readonly sources: readonly Stream<unknown>[];
}

/** A topology as data, for `fireworks stages` and pictures. */
export interface TopologyDescription {
	readonly sources: readonly string[];
	/** Streams that no stage of the topology reads. */
	readonly sinks: readonly string[];
	readonly stages: readonly {
		readonly name: string;
		readonly operator: string;
		readonly inputs: readonly string[];
		/** Tables that every task reads whole. */
		readonly tables: readonly string[];
		readonly output: string;
		readonly sideOutputs: readonly string[];
		readonly config: Readonly<Record<string, string>>;
	}[];
}

/** Throws one error that lists every problem. */
export function defineTopology(
	stages: readonly AnyOperator[],
	{ sources, cycles = [] }: TopologyOptions,
): Topology {
	const { problems, order } = checkGraph(stages, sources, cycles);
	if (problems.length > 0)
		throw new Error(
			`the topology has ${problems.length} ${problems.length === 1 ? "problem" : "problems"}:\n${problems.map((problem) => `- ${problem}`).join("\n")}`,
		);
	return { stages: order, sources };
}

const names = (streams: readonly Stream<unknown>[]): string[] =>
	streams.map(({ name }) => name);

export function describeTopology({
	stages,
	sources,
}: Topology): TopologyDescription {
	const read = new Set(stages.flatMap((stage) => names(readsOf(stage))));
	return {
		sources: names(sources),
		sinks: stages
			.flatMap((stage) => names(writesOf(stage)))
			.filter((name) => !read.has(name)),
		stages: stages.map(({ name, graph, config }) => ({
			name,
			operator: graph.operator,
			inputs: names(graph.inputs),
			tables: names(graph.tables ?? []),
			output: graph.output.name,
			sideOutputs: names(graph.sideOutputs),
			config,
		})),
	};
}

/** The topology as a Mermaid flowchart. */
export function topologyPicture(topology: Topology): string {
	const lines = topology.stages.flatMap((stage, i) => [
		`  s${i}["${stage.name} (${stage.graph.operator})"]`,
		...names(readsOf(stage)).map((name) => `  ${idOf(name)} --> s${i}`),
		...names(writesOf(stage)).map((name) => `  s${i} --> ${idOf(name)}`),
	]);
	const streams = new Set([
		...names(topology.sources),
		...topology.stages.flatMap((stage) => [
			...names(readsOf(stage)),
			...names(writesOf(stage)),
		]),
	]);
	return [
		"flowchart LR",
		...[...streams].map((name) => `  ${idOf(name)}[("${name}")]`),
		...lines,
	].join("\n");
}

/** A name that Mermaid does not take for a keyword such as `end`. */
const idOf = (name: string): string =>
	`t_${name.replaceAll(/[^A-Za-z0-9]/g, (c) => `_${c.charCodeAt(0)}_`)}`;
