/**
 * A stage with two inputs, a clock and timers, made to be checked: each output says all that the
 * stage knew, and numbers the steps of its key. Its table sets the version of a key; each event
 * sets a timer.
 */
import type { Stage } from "../../packages/streams/src/stage/stage.ts";

export interface TimedInput {
	readonly key: string;
	readonly isTable: boolean;
	/** The version of the table, or the number of the event. */
	readonly id: number;
	readonly at: number;
}

export interface TimedState {
	readonly steps: number;
	/** The newest version of the table for the key. */
	readonly version: number;
}

export interface TimedOutput extends TimedState {
	readonly key: string;
	readonly what: "table" | "event" | "timer";
	/** The version, the event's number, or the timer's time. */
	readonly id: number;
	readonly clock: number;
}

/** A timer fires this long after its event. */
export const TIMER_MS = 700;

export const timedStage: Stage<TimedInput, TimedState, TimedOutput> = {
	name: "timed",
	decode: ({ topic, key, value, timestamp }) => ({
		key: String(key),
		isTable: topic === "table",
		id: Number(String(value)),
		at: timestamp,
	}),
	keyOf: ({ key }) => key,
	timeOf: ({ at }) => at,
	step: (state, { key, isTable, id, at }, context) => {
		const { steps, version } = state ?? { steps: 0, version: 0 };
		const next = { steps: steps + 1, version: isTable ? id : version };
		if (!isTable) context.schedule(at + TIMER_MS);
		const what = isTable ? "table" : "event";
		return {
			state: next,
			outputs: [{ key, what, id, clock: context.streamTime, ...next }],
		};
	},
	onTimer: (state, key, at, { streamTime }) => {
		const { steps, version } = state ?? { steps: 0, version: 0 };
		const next = { steps: steps + 1, version };
		return {
			state: next,
			outputs: [{ key, what: "timer", id: at, clock: streamTime, ...next }],
		};
	},
	encodeOutput: (output) => ({
		key: output.key,
		value: JSON.stringify(output),
		timestamp: output.clock,
	}),
	state: { encode: JSON.stringify, decode: (_, text) => JSON.parse(text) },
	config: {},
	sameKey: true,
};
