/**
 * One partition of a changelog: what is written to it, and what a task gets by reading it up to the
 * task's own barrier.
 */
import {
	BARRIER_KEY,
	type Barrier,
	barrierSchema,
	POSITION_KEY,
	RESET_PREFIX,
	type Resets,
	resetsSchema,
	STATE_PREFIX,
	TIMER_PREFIX,
} from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { LogRecord, OutgoingRecord } from "../log.ts";

export const stateRecord = (
	partition: number,
	key: string,
	text: string | null,
	timestamp: number,
): OutgoingRecord => ({
	partition,
	key: STATE_PREFIX + key,
	value: text,
	timestamp,
});

export const timersRecord = (
	partition: number,
	key: string,
	text: string | null,
	timestamp: number,
): OutgoingRecord => ({
	partition,
	key: TIMER_PREFIX + key,
	value: text,
	timestamp,
});

export const positionRecord = (
	partition: number,
	position: object,
	timestamp: number,
): OutgoingRecord => ({
	partition,
	key: POSITION_KEY,
	value: JSON.stringify(position),
	timestamp,
});

export const barrierRecord = (
	partition: number,
	barrier: Barrier,
	timestamp: number,
): OutgoingRecord => ({
	partition,
	key: BARRIER_KEY,
	value: JSON.stringify(barrier),
	timestamp,
});

/** The parsed JSON of a record; undefined if it was deleted. Throws changelog-unreadable. */
function json(record: LogRecord): unknown {
	try {
		return JSON.parse(String(record.value));
	} catch (error) {
		throw unreadable(record, error);
	}
}

export const unreadable = (record: LogRecord, cause: unknown): StreamsError =>
	new StreamsError(
		"changelog-unreadable",
		`the changelog ${record.topic}/${record.partition} has at offset ${record.offset} a record that this stage cannot read, with the key ${JSON.stringify(String(record.key))}: ${(cause as Error).message}. Run the version of the stage that wrote it; or name other output and changelog topics, to process the input again from its start`,
		{ cause },
	);

/** Throws changelog-unreadable. */
export function resetsIn(record: LogRecord): Resets {
	const resets = resetsSchema.safeParse(json(record));
	if (!resets.success) throw unreadable(record, resets.error);
	return resets.data;
}

/** Receives a state as it is in the changelog; null: it was deleted. */
export type StateSink = (
	key: string,
	text: string | null,
	record: LogRecord,
) => void;

/** Receives a key's timers as they are in the changelog; null: it has none. */
export type TimerSink = StateSink;

/** Receives the value under a key's `reset/`. */
export type ResetSink = (key: string, resets: Resets) => void;

const PREFIX_BYTES = Buffer.from(STATE_PREFIX);
const isStateKey = (key: Buffer): boolean =>
	key.length >= PREFIX_BYTES.length &&
	PREFIX_BYTES.every((byte, i) => key[i] === byte);

/** Receives a changelog's records in order, up to the task's own barrier. */
export class ChangelogRestore {
	readonly #barrierId: string;
	readonly #barrierOffset: number;
	readonly #onState: StateSink;
	readonly #onReset: ResetSink;
	readonly #onTimers: TimerSink;
	#position: { value: unknown; record: LogRecord } | undefined;
	#count = 0;

	/**
	 * barrierOffset: where the task's own barrier was appended. Nothing after it belongs to the
	 * restore.
	 */
	constructor(
		barrierId: string,
		barrierOffset: number,
		onState: StateSink,
		onReset: ResetSink = () => {},
		onTimers: TimerSink = (_key, _text, record) => {
			throw unreadable(record, new Error("the stage has no timers"));
		},
	) {
		this.#barrierId = barrierId;
		this.#barrierOffset = barrierOffset;
		this.#onState = onState;
		this.#onReset = onReset;
		this.#onTimers = onTimers;
	}

	/** The value under `position`, and the record that holds it; undefined: none. */
	get position(): { value: unknown; record: LogRecord } | undefined {
		return this.#position;
	}

	/** Number of records received. */
	get count(): number {
		return this.#count;
	}

	get barrierOffset(): number {
		return this.#barrierOffset;
	}

	/**
	 * Takes the records that were read up to nextOffset. Returns true when the task's own barrier
	 * is reached and everything is restored. Throws fenced if another owner's barrier comes after
	 * it.
	 */
	take(records: readonly LogRecord[], nextOffset: number): boolean {
		for (const record of records) {
			if (record.offset >= this.#barrierOffset) return this.#end(record);
			this.#count++;
			if (record.key !== null && isStateKey(record.key)) {
				// Decode only these bytes: a substring of a longer string would keep all of it in
				// memory.
				const key = record.key.toString("utf8", STATE_PREFIX.length);
				const text = record.value === null ? null : record.value.toString();
				this.#onState(key, text, record);
				continue;
			}
			const key = String(record.key);
			if (key === POSITION_KEY) {
				this.#position =
					record.value === null ? undefined : { value: json(record), record };
			} else if (key.startsWith(TIMER_PREFIX)) {
				this.#onTimers(
					key.slice(TIMER_PREFIX.length),
					record.value === null ? null : String(record.value),
					record,
				);
			} else if (key.startsWith(RESET_PREFIX)) {
				if (record.value !== null)
					this.#onReset(key.slice(RESET_PREFIX.length), resetsIn(record));
			} else if (key !== BARRIER_KEY) {
				throw unreadable(record, new Error("no stage writes this key"));
			}
		}
		if (nextOffset > this.#barrierOffset)
			throw new StreamsError(
				"fenced",
				"a later owner's barrier has replaced ours",
			);
		return false;
	}

	#end(record: LogRecord): true {
		const barrier =
			String(record.key) === BARRIER_KEY
				? barrierSchema.safeParse(json(record)).data
				: undefined;
		if (barrier?.id !== this.#barrierId) {
			throw new StreamsError(
				"fenced",
				`another owner (${barrier?.owner ?? "unknown"}) has written after our barrier`,
			);
		}
		return true;
	}
}
