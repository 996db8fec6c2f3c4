/** Defines a pipeline: its streams, and the sources and stages that write them. */
import { PIPELINE_NAME, PIPELINE_NAME_RULE } from "@fireworks/contracts";
import type { AnyOperator } from "@fireworks/streams";
import { DefinitionError, type DefinitionProblem } from "./stream/check.ts";
import type { StreamDefinition } from "./stream/define-stream.ts";

export interface Polled<T, P> {
	/** The next records, in their order; at most a few thousand. */
	readonly records: readonly T[];
	/** Where to continue. It is written in the same transaction as the records. */
	readonly position: P;
	/** Wait this long before the next poll. Default: poll again at once. */
	readonly waitMs?: number;
	/** There will be no more records. */
	readonly done?: boolean;
}

export interface PipelineSource<T = unknown, P = unknown> {
	readonly name: string;
	readonly output: StreamDefinition<T>;
	/** Names of earlier sources of the pipeline. It begins when they have written everything. */
	readonly after?: readonly string[];
	/**
	 * position: of the last poll whose records were written; undefined: none. After a failure it is
	 * called again with the same position, so it must not rely on what it remembers.
	 */
	poll(position: P | undefined, signal: AbortSignal): Promise<Polled<T, P>>;
}

/** Keeps the types of a source's records and positions together. */
export const defineSource = <T, P>(
	source: PipelineSource<T, P>,
): PipelineSource => source as unknown as PipelineSource;

export interface PipelineDefinition {
	readonly name: string;
	readonly streams: readonly StreamDefinition[];
	readonly sources: readonly PipelineSource[];
	/**
	 * Operators of packages/streams. A stage that is written by hand becomes one by
	 * `operator(stage, { inputs, output })`. They may read other pipelines' streams.
	 */
	readonly stages: readonly AnyOperator[];
}

/** Throws DefinitionError with every problem. */
export function definePipeline(
	options: Pick<PipelineDefinition, "name" | "streams"> &
		Partial<PipelineDefinition>,
): PipelineDefinition {
	const pipeline = { sources: [], stages: [], ...options };
	const { name, streams, sources, stages } = pipeline;
	const problems: DefinitionProblem[] = [];
	if (!PIPELINE_NAME.test(name))
		problems.push({
			at: "name",
			problem: `${JSON.stringify(name)} must be ${PIPELINE_NAME_RULE}, as it is also the name of a Deployment`,
		});
	for (const [kind, names] of Object.entries({
		streams: streams.map((s) => s.name),
		sources: sources.map((s) => s.name),
		stages: stages.map((s) => s.name),
	}))
		for (const [i, one] of names.entries())
			if (names.indexOf(one) !== i)
				problems.push({
					at: `${kind}.${one}`,
					problem: "the name occurs twice; state and position belong to a name",
				});
	for (const { at, output } of [
		...sources.map((s) => ({ at: `sources.${s.name}`, output: s.output.name })),
		...stages.map((s) => ({
			at: `stages.${s.name}`,
			output: s.graph.output.name,
		})),
	])
		if (!streams.some((stream) => stream.name === output))
			problems.push({
				at,
				problem: `it writes ${output}, which is not in streams: add it`,
			});
	for (const [i, { name, after = [] }] of sources.entries())
		for (const one of after)
			if (!sources.slice(0, i).some((source) => source.name === one))
				problems.push({
					at: `sources.${name}`,
					problem: `it begins after ${one}, which is not an earlier source: list that one before it`,
				});
	if (problems.length > 0)
		throw new DefinitionError(`pipeline ${JSON.stringify(name)}`, problems);
	made.add(pipeline);
	return pipeline;
}

const made = new WeakSet<object>();

/**
 * Whether this copy of the package made the pipeline. Errors of another copy's classes are not
 * recognized, so a runner with a copy of its own would take a refused record for a failure.
 */
export const isPipeline = (value: unknown): value is PipelineDefinition =>
	typeof value === "object" && value !== null && made.has(value);
