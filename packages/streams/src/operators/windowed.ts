/**
 * Aggregates by key and window of event time. Every valid record is in exactly its windows once; if
 * it comes too late for one of them it is reported late once.
 */
import type { z } from "zod";
import type { StageRecord } from "../stage/define-stage.ts";
import type { StepContext } from "../stage/stage.ts";
import { type Duration, durationMs } from "./duration.ts";
import { lateOutput, lateStream } from "./late.ts";
import {
	decoderOf,
	encodeTo,
	type Operator,
	type Stream,
	type StreamOutput,
	timestampOf,
} from "./operator.ts";
import { formatOf, type StateFormat } from "./state-format.ts";
import { describeWindow, type Span, type Window } from "./window.ts";
import { windowsState } from "./window-state.ts";
import {
	type Aggregate,
	addToSessions,
	addToTimeWindows,
	type OpenWindow,
} from "./window-store.ts";

export interface WindowedDefinition<V, A, R> {
	readonly name: string;
	readonly input: Stream<V>;
	readonly output: Stream<R>;
	readonly window: Window;
	/**
	 * How long a window waits, after its end, for records that are out of order. A longer grace
	 * loses fewer records, and gives results later. Default: 0.
	 */
	readonly grace?: Duration;
	/**
	 * final: one result for each window, when it closes. updates: a result whenever a record changes
	 * a window, and none when it closes. Default: final.
	 */
	readonly emit?: "final" | "updates";
	/** What an accumulator is. */
	readonly accumulator: z.ZodType<A> | StateFormat<A>;
	/** The accumulator of a window without records. */
	initial(key: string): A;
	/** The accumulator with one more record. It must not change the one it gets. */
	add(accumulator: A, record: StageRecord<V>): A;
	/** The accumulator of two sessions that have become one. Sessions need it. */
	merge?(earlier: A, later: A): A;
	result(accumulator: A, window: Span & { readonly key: string }): R;
	/** The topic for records that are too late. Default: they are only counted, as `late`. */
	readonly late?: string;
	/** The event time of a value, ms since 1970. Default: the input's own. */
	time?(value: V): number;
	/** See Stage. */
	readonly futureMaxMs?: number;
}

export function windowed<V, A, R>(
	definition: WindowedDefinition<V, A, R>,
): Operator<StageRecord<V>, readonly OpenWindow<A>[], StreamOutput> {
	const { name, input, output, window, emit = "final" } = definition;
	const { add, result, initial, futureMaxMs } = definition;
	const graceMs = durationMs(definition.grace ?? 0, `the grace of ${name}`);
	const merge = mergeOf(definition);
	const format = formatOf(definition.accumulator);
	const late =
		definition.late === undefined
			? undefined
			: lateStream(definition.late, input.schema);
	const resultOf = (
		key: string,
		{ start, end, value }: OpenWindow<A>,
		timestamp: number,
	): StreamOutput => ({
		to: output as Stream<unknown>,
		key,
		value: result(value, { key, start, end }),
		timestamp,
	});
	/**
	 * One timer is enough for a key: the one of the window that closes first. A session that has
	 * grown meanwhile is not due when its timer fires, and gets the next one.
	 */
	const scheduleFirst = (
		windows: readonly OpenWindow<A>[],
		context: StepContext,
	) => {
		const [first] = windows;
		if (first !== undefined) context.schedule(first.end + graceMs);
	};
	return {
		name,
		graph: {
			operator: "windowed",
			inputs: [input as Stream<unknown>],
			output: output as Stream<unknown>,
			sideOutputs: late === undefined ? [] : [late as Stream<unknown>],
		},
		config: { window: describeWindow(window), graceMs: String(graceMs), emit },
		decode: decoderOf(input, definition.time),
		timeOf: timestampOf,
		...(futureMaxMs === undefined ? {} : { futureMaxMs }),
		keyOf: ({ key }) => key,
		step: (windows = [], record, context) => {
			const { key, timestamp } = record;
			const { streamTime } = context;
			const aggregate: Aggregate<A> = {
				initial: () => initial(key),
				add: (value) => {
					const next = add(value, record);
					format.check(next);
					return next;
				},
				merge,
			};
			const openAfter = streamTime - graceMs;
			const added =
				window.kind === "session"
					? addToSessions(windows, window, timestamp, openAfter, aggregate)
					: addToTimeWindows(windows, window, timestamp, openAfter, aggregate);
			const outputs =
				emit === "updates"
					? added.changed.map((one) => resultOf(key, one, timestamp))
					: [];
			if (added.missed.length > 0) {
				context.count("late");
				if (late !== undefined)
					outputs.push(
						lateOutput(
							late,
							input.name,
							record,
							streamTime,
							added.missed,
						) as StreamOutput,
					);
			}
			if (added.changed.length === 0) return { outputs };
			if (added.windows[0]?.start !== windows[0]?.start)
				scheduleFirst(added.windows, context);
			return { state: added.windows, outputs };
		},
		onTimer: (windows = [], key, at, context) => {
			const open = windows.filter(({ end }) => end + graceMs > at);
			scheduleFirst(open, context);
			if (open.length === windows.length) return undefined;
			const outputs =
				emit === "final"
					? windows
							.filter(({ end }) => end + graceMs <= at)
							// The last ms of the window, so that the results of hours are in the day that has
							// the hours.
							.map((one) => resultOf(key, one, one.end - 1))
					: [];
			return { state: open.length === 0 ? null : open, outputs };
		},
		encodeOutput: encodeTo(output as Stream<unknown>),
		state: windowsState(window, format),
	};
}

function mergeOf<V, A, R>({
	name,
	window,
	merge,
}: WindowedDefinition<V, A, R>): (a: A, b: A) => A {
	if (merge !== undefined) return merge;
	if (window.kind === "session")
		throw new Error(
			`the stage ${name} has session windows and needs merge: a record between two sessions makes them one`,
		);
	return (a) => a;
}
