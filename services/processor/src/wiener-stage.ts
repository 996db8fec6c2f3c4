/**
 * The Wiener step as a stage: record N-1 (in the state) and record N (the tick) give the next step
 * of the device's path.
 *
 * All engines share one contract for ticks and their results (packages/contracts); the mathematics
 * is in packages/wiener. To use your own step instead: docs/build/bring-your-own-stream.md.
 */
import {
	deviceState,
	encodeWiener,
	parseTick,
	partitionOf,
	Refused,
	showTime,
	type Tick,
	verdict,
	type WienerRecord,
} from "@fireworks/contracts";
import {
	DeadLetter,
	type LogRecord,
	type Stage,
	type StepContext,
	type StepResult,
} from "@fireworks/streams";
import {
	advance,
	type DeviceWords,
	deviceWords,
	noise,
	parseSeed,
} from "@fireworks/wiener";

/**
 * A device's last applied tick and the value of its path there. words: computed at the device's
 * first tick in this process, and not in the changelog. Without them a million devices are restored
 * in half the time.
 */
export interface WienerState {
	readonly seq: number;
	readonly timestamp: number;
	readonly value: number;
	readonly words: DeviceWords | undefined;
}

/** Creates the stage. seed: the seed of the noise, a decimal number from 0 to 2^64-1. */
export function wienerStage(
	seed: string,
): Stage<Tick, WienerState, WienerRecord> {
	const parsedSeed = parseSeed(seed);

	const step = (
		previous: WienerState | undefined,
		tick: Tick,
		context: StepContext,
	): StepResult<WienerState, WienerRecord> | undefined => {
		// A device with a state is in the right partition: that was checked when the state was
		// created.
		if (previous === undefined) checkPartition(tick, context);
		const what = verdict(previous, tick);
		if (what === "repeat") {
			context.count("repeat");
			return undefined;
		}
		if (what !== "apply")
			throw new DeadLetter(
				what,
				refusal(previous, tick),
				waitsFor(what, previous),
			);
		if (previous !== undefined && tick.seq > previous.seq + 1)
			context.count("gap");
		const words = previous?.words ?? deviceWords(tick.deviceId);
		const moved = advance(
			previous,
			tick,
			previous === undefined ? 0 : noise(parsedSeed, words, tick.seq),
		);
		if (moved === undefined)
			throw new DeadLetter("not-finite", "the advance is not a finite number");
		const { deviceId, seq, timestamp, drift, volatility } = tick;
		const { dt, increment, value } = moved;
		return {
			state: { seq, timestamp, value, words },
			outputs: [
				{ deviceId, seq, timestamp, dt, increment, value, drift, volatility },
			],
		};
	};

	return {
		name: "processor",
		decode,
		keyOf: (tick) => tick.deviceId,
		step,
		encodeOutput: (record) => ({
			key: record.deviceId,
			value: encodeWiener(JSON.stringify(record.deviceId), record),
			timestamp: record.timestamp,
		}),
		state: {
			encode: ({ seq, timestamp, value }) =>
				`{"seq":${seq},"timestamp":${timestamp},"value":${value}}`,
			decode: (_deviceId, text) => {
				const { seq, timestamp, value } = deviceState(JSON.parse(text));
				return { seq, timestamp, value, words: undefined };
			},
		},
		config: { seed },
		sameKey: true,
	};
}

function decode(record: LogRecord): Tick {
	try {
		return parseTick(record.key, record.value);
	} catch (error) {
		if (error instanceof Refused)
			throw new DeadLetter(error.code, error.message);
		throw error;
	}
}

function checkPartition(
	tick: Tick,
	{ partition, partitions }: StepContext,
): void {
	const right = partitionOf(Buffer.from(tick.deviceId), partitions);
	if (right !== partition)
		throw new DeadLetter(
			"wrong-partition",
			`the key belongs to partition ${right} of ${partitions}, not ${partition}`,
		);
}

/** What the device's next tick must have. */
const waitsFor = (
	what: "clock-restarted" | "time-not-increasing",
	previous: WienerState | undefined,
): string | undefined => {
	if (previous === undefined) return undefined;
	if (what === "clock-restarted") return `a seq above ${previous.seq}`;
	return `a time after ${showTime(previous.timestamp)}`;
};

const refusal = (previous: WienerState | undefined, tick: Tick): string =>
	`seq ${tick.seq} at ${tick.timestamp} after seq ${previous?.seq} at ${previous?.timestamp}`;
