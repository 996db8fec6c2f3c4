/**
 * Joins two streams by key and time. A record of the left and one of the right are a pair if
 * `left - before <= right <= left + after`. Every pair is joined exactly once, whichever record
 * comes first.
 *
 * Records of both sides wait in the state until no partner can come any more. A record that is
 * behind the clock by more than the grace is late: it is joined with nothing, and reported once.
 */
import { z } from "zod";
import { DeadLetter } from "../errors.ts";
import type { StageRecord } from "../stage/define-stage.ts";
import type { StepContext } from "../stage/stage.ts";
import { type Duration, durationMs } from "./duration.ts";
import { insert, isBetween, markMatched, type Waiting } from "./join-buffer.ts";
import { lateOutput, lateStream } from "./late.ts";
import {
	decoderOf,
	encodeTo,
	type Operator,
	recordTimes,
	type Stream,
	type StreamOutput,
} from "./operator.ts";
import { formatOf } from "./state-format.ts";

export interface JoinStreamsDefinition<L, R, O> {
	readonly name: string;
	readonly left: Stream<L>;
	readonly right: Stream<R>;
	readonly output: Stream<O>;
	/** How far apart the two may be, in both directions or in each. */
	readonly within:
		| Duration
		| { readonly before: Duration; readonly after: Duration };
	/** How far behind the clock a record may be. Default: 0. */
	readonly grace?: Duration;
	/**
	 * inner: only pairs. left: also each record of the left that has found no partner, once its
	 * time has passed. Default: inner.
	 */
	readonly type?: "inner" | "left";
	/** right: undefined only in a left join. undefined as a result: no output. */
	join(left: L, right: R | undefined, key: string): O | undefined;
	/** The topic for records that are too late. Default: they are only counted, as `late`. */
	readonly late?: string;
	/**
	 * Number of records of one side and key that can wait. Another one becomes a dead letter
	 * (join-buffer-full). All of them are written whenever one changes. Default: 1,000.
	 */
	readonly waitingMax?: number;
	/** See Stage. */
	readonly futureMaxMs?: number;
}

/** A decoded record of either input. */
export type JoinStreamsInput<L, R> =
	| { readonly side: "left"; readonly record: StageRecord<L> }
	| { readonly side: "right"; readonly record: StageRecord<R> };

export interface JoinStreamsState<L, R> {
	readonly left: readonly Waiting<L>[];
	readonly right: readonly Waiting<R>[];
}

const WAITING_MAX = 1_000;
const stateSchema = z.tuple([
	z.array(z.tuple([z.int(), z.unknown(), z.boolean()])),
	z.array(z.tuple([z.int(), z.unknown()])),
]);

export function joinStreams<L, R, O>(
	definition: JoinStreamsDefinition<L, R, O>,
): Operator<JoinStreamsInput<L, R>, JoinStreamsState<L, R>, StreamOutput> {
	const { name, left, right, output, within, type = "inner" } = definition;
	const { join, waitingMax = WAITING_MAX, futureMaxMs } = definition;
	if (left.name === right.name)
		throw new Error(
			`the stage ${name} joins ${left.name} with itself: both sides would be the same records`,
		);
	const { before, after } =
		typeof within === "object" ? within : { before: within, after: within };
	const beforeMs = durationMs(before, `within.before of ${name}`);
	const afterMs = durationMs(after, `within.after of ${name}`);
	const graceMs = durationMs(definition.grace ?? 0, `the grace of ${name}`);
	const leftFormat = formatOf(left.schema);
	const rightFormat = formatOf(right.schema);
	const late =
		definition.late === undefined
			? undefined
			: lateStream<L | R>(
					definition.late,
					z.union([left.schema, right.schema]),
				);
	const to = output as Stream<unknown>;
	/** From this clock on no record that is in time can be a partner. */
	const leftEnd = (time: number) => time + afterMs + graceMs + 1;
	const rightEnd = (time: number) => time + beforeMs + graceMs + 1;
	/** One timer is enough for a key: the one of the record that expires first. */
	const scheduleFirst = (
		state: JoinStreamsState<L, R>,
		context: StepContext,
	) => {
		const [firstLeft] = state.left;
		const [firstRight] = state.right;
		const first = Math.min(
			firstLeft === undefined
				? Number.POSITIVE_INFINITY
				: leftEnd(firstLeft.time),
			firstRight === undefined
				? Number.POSITIVE_INFINITY
				: rightEnd(firstRight.time),
		);
		if (first < Number.POSITIVE_INFINITY) context.schedule(first);
	};
	const decodeLeft = decoderOf(left);
	const decodeRight = decoderOf(right);
	const pairs = (
		key: string,
		pair: (readonly [left: Waiting<L>, right: Waiting<R> | undefined])[],
	): StreamOutput[] =>
		pair.flatMap(([l, r]) => {
			const value = join(l.value, r?.value, key);
			const timestamp = Math.max(l.time, r?.time ?? l.time);
			return value === undefined ? [] : [{ to, key, value, timestamp }];
		});
	const full = (side: string, waiting: readonly unknown[]) => {
		if (waiting.length >= waitingMax)
			throw new DeadLetter(
				"join-buffer-full",
				`${waiting.length} records of the ${side} side wait for partners of this key: the most is waitingMax`,
			);
	};
	const inputs = [left, right] as Stream<unknown>[];
	return {
		name,
		...recordTimes(inputs),
		graph: {
			operator: "joinStreams",
			inputs,
			output: to,
			sideOutputs: late === undefined ? [] : [late as Stream<unknown>],
		},
		config: {
			left: left.name,
			right: right.name,
			within: `${beforeMs} ${afterMs}`,
			graceMs: String(graceMs),
			type,
		},
		decode: (record) =>
			record.topic === right.name
				? { side: "right", record: decodeRight(record) }
				: { side: "left", record: decodeLeft(record) },
		timeOf: ({ record }) => record.timestamp,
		...(futureMaxMs === undefined ? {} : { futureMaxMs }),
		keyOf: ({ record }) => record.key,
		step: (state = { left: [], right: [] }, one, context) => {
			const { key, timestamp: time } = one.record;
			const { streamTime } = context;
			if (time < streamTime - graceMs) {
				context.count("late");
				if (late === undefined) return { outputs: [] };
				const input = one.side === "left" ? left.name : right.name;
				return {
					outputs: [
						lateOutput<L | R>(
							late,
							input,
							one.record,
							streamTime,
							[],
						) as StreamOutput,
					],
				};
			}
			let next: JoinStreamsState<L, R>;
			let outputs: StreamOutput[];
			if (one.side === "left") {
				full("left", state.left);
				const from = time - beforeMs;
				const until = time + afterMs;
				const partners = state.right.filter((r) => isBetween(r, from, until));
				const { value } = one.record;
				const matched = partners.length > 0;
				leftFormat.check(value);
				next = {
					left: insert(state.left, { time, value, matched }),
					right: state.right,
				};
				outputs = pairs(
					key,
					partners.map((r) => [{ time, value, matched }, r]),
				);
			} else {
				full("right", state.right);
				const from = time - afterMs;
				const until = time + beforeMs;
				const partners = state.left.filter((l) => isBetween(l, from, until));
				const added = { time, value: one.record.value, matched: true };
				rightFormat.check(added.value);
				next = {
					left: markMatched(state.left, from, until),
					right: insert(state.right, added),
				};
				outputs = pairs(
					key,
					partners.map((l) => [l, added]),
				);
			}
			scheduleFirst(next, context);
			return { state: next, outputs };
		},
		onTimer: (state = { left: [], right: [] }, key, at, context) => {
			const next = {
				left: state.left.filter(({ time }) => leftEnd(time) > at),
				right: state.right.filter(({ time }) => rightEnd(time) > at),
			};
			scheduleFirst(next, context);
			const expired = state.left.length - next.left.length;
			const outputs =
				type === "left"
					? pairs(
							key,
							state.left
								.slice(0, expired)
								.filter(({ matched }) => !matched)
								.map((l) => [l, undefined]),
						)
					: [];
			const empty = next.left.length + next.right.length === 0;
			return { state: empty ? null : next, outputs };
		},
		encodeOutput: encodeTo(to),
		state: {
			encode: (state) =>
				JSON.stringify([
					state.left.map(({ time, value, matched }) => [time, value, matched]),
					state.right.map(({ time, value }) => [time, value]),
				]),
			decode: (_key, text) => {
				const [l, r] = stateSchema.parse(JSON.parse(text));
				return {
					left: l.map(([time, value, matched]) => ({
						time,
						value: leftFormat.fromJson(value),
						matched,
					})),
					right: r.map(([time, value]) => ({
						time,
						value: rightFormat.fromJson(value),
						matched: true,
					})),
				};
			},
		},
	};
}
