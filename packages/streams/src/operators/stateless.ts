/** Operators without state: map, filter, rekey, branch, merge. */
import type { StageRecord } from "../stage/define-stage.ts";
import type { StepContext } from "../stage/stage.ts";
import {
	decoderOf,
	encodeTo,
	type Operator,
	type OperatorGraph,
	recordTimes,
	type Stream,
	type StreamOutput,
} from "./operator.ts";

export type Stateless<V> = Operator<StageRecord<V>, never, StreamOutput>;

/** Where a value goes. key, timestamp: default to the record's. */
interface Mapped<R> {
	readonly value: R;
	readonly key?: string;
	readonly timestamp?: number;
}

interface Between<V, R> {
	readonly name: string;
	readonly input: Stream<V>;
	readonly output: Stream<R>;
}

export interface MapDefinition<V, R> extends Between<V, R> {
	/** One value, several or none for each record. A value with another key goes to its partition. */
	map(record: StageRecord<V>): Mapped<R> | readonly Mapped<R>[];
}

export const map = <V, R>(definition: MapDefinition<V, R>): Stateless<V> =>
	stateless(definition.name, "map", definition, (record) => {
		const mapped = definition.map(record);
		return (Array.isArray(mapped) ? mapped : [mapped]).map((one) =>
			outputOf(definition.output, record, one),
		);
	});

export interface FilterDefinition<V> extends Between<V, V> {
	keep(record: StageRecord<V>): boolean;
}

/** Passes on the records that are to be kept. The others are counted, as `filtered`. */
export const filter = <V>(definition: FilterDefinition<V>): Stateless<V> =>
	stateless(definition.name, "filter", definition, (record, context) => {
		if (definition.keep(record))
			return [outputOf(definition.output, record, record)];
		context.count("filtered");
		return [];
	});

export interface RekeyDefinition<V> extends Between<V, V> {
	/** The new key. */
	key(record: StageRecord<V>): string;
}

/** Gives each record another key, and so another partition: the first half of a group-by. */
export const rekey = <V>(definition: RekeyDefinition<V>): Stateless<V> =>
	stateless(definition.name, "rekey", definition, (record) => [
		outputOf(definition.output, record, {
			value: record.value,
			key: definition.key(record),
		}),
	]);

export interface BranchDefinition<V> {
	readonly name: string;
	readonly input: Stream<V>;
	/** A record goes to the first branch that takes it. */
	readonly branches: readonly {
		readonly to: Stream<V>;
		when(record: StageRecord<V>): boolean;
	}[];
	/** Where all others go. Default: they are counted, as `unmatched`. */
	readonly otherwise?: Stream<V>;
}

/** Divides a stream. */
export function branch<V>(definition: BranchDefinition<V>): Stateless<V> {
	const { name, input, branches, otherwise } = definition;
	const outputs = [
		...branches.map(({ to }) => to),
		...(otherwise === undefined ? [] : [otherwise]),
	];
	const [output, ...sideOutputs] = outputs;
	if (output === undefined)
		throw new Error(`the stage ${name} has no branches`);
	return stateless(
		name,
		"branch",
		{ input, output, sideOutputs },
		(record, context) => {
			const found = branches.find(({ when }) => when(record))?.to ?? otherwise;
			if (found !== undefined) return [outputOf(found, record, record)];
			context.count("unmatched");
			return [];
		},
	);
}

export interface MergeDefinition<V> {
	readonly name: string;
	/** They must have equally many partitions. */
	readonly inputs: readonly Stream<V>[];
	readonly output: Stream<V>;
}

/** Makes one stream of several. Records that wait at the same time are ordered by event time. */
export const merge = <V>({
	name,
	inputs,
	output,
}: MergeDefinition<V>): Stateless<V> => {
	const [input] = inputs;
	if (input === undefined) throw new Error(`the stage ${name} has no inputs`);
	return stateless(name, "merge", { input, inputs, output }, (record) => [
		outputOf(output, record, record),
	]);
};

/** An output for a record. */
export const outputOf = <R>(
	to: Stream<R>,
	from: { readonly key: string; readonly timestamp: number },
	{ value, key = from.key, timestamp = from.timestamp }: Mapped<R>,
): StreamOutput => ({ to: to as Stream<unknown>, key, value, timestamp });

/** A stage that gives outputs for each record, and remembers nothing. */
export function stateless<V>(
	name: string,
	operator: string,
	streams: {
		readonly input: Stream<V>;
		readonly inputs?: readonly Stream<V>[];
		readonly output: Stream<unknown> | Stream<never>;
		readonly sideOutputs?: readonly Stream<V>[];
		readonly tables?: readonly Stream<unknown>[];
	},
	outputs: (record: StageRecord<V>, context: StepContext) => StreamOutput[],
): Stateless<V> {
	const { input, inputs = [input], sideOutputs = [], tables = [] } = streams;
	const output = streams.output as Stream<unknown>;
	const decode = decoderOf(input);
	const decoders = new Map(inputs.map((one) => [one.name, decoderOf(one)]));
	const graph: OperatorGraph = {
		operator,
		inputs: inputs as readonly Stream<unknown>[],
		output,
		sideOutputs: sideOutputs as readonly Stream<unknown>[],
		tables,
	};
	return {
		name,
		...recordTimes(graph.inputs),
		graph,
		config: {},
		decode: (record) => (decoders.get(record.topic) ?? decode)(record),
		keyOf: ({ key }) => key,
		step: (_state, record, context) => ({ outputs: outputs(record, context) }),
		encodeOutput: encodeTo(output),
		state: {
			encode: () => {
				throw new Error(`the stage ${name} has no state`);
			},
			decode: (key) => {
				throw new Error(
					`the stage ${name} has no state, and the changelog has one of the key ${JSON.stringify(key)}: another stage has had this name`,
				);
			},
		},
	};
}
