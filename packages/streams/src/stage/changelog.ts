/** A partition of a changelog: what is written to it, and what reading it up to one's own barrier gives. */
import {
	BARRIER_KEY,
	type Barrier,
	barrierSchema,
	POSITION_KEY,
	STATE_PREFIX,
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

/** The text of a record, or undefined where it was deleted. Throws changelog-unreadable. */
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
		`the changelog's partition ${record.partition} has at offset ${record.offset} what no engine writes: ${(cause as Error).message}`,
		{ cause },
	);

/** Takes a state as it stands in the changelog; null: it was deleted. */
export type StateSink = (
	key: string,
	text: string | null,
	record: LogRecord,
) => void;

const PREFIX_BYTES = Buffer.from(STATE_PREFIX);
const isStateKey = (key: Buffer): boolean =>
	key.length >= PREFIX_BYTES.length &&
	PREFIX_BYTES.every((byte, i) => key[i] === byte);

/** Takes a changelog's records in their order, up to one's own barrier. */
export class ChangelogRestore {
	readonly #barrierId: string;
	readonly #barrierOffset: number;
	readonly #onState: StateSink;
	#position: { value: unknown; record: LogRecord } | undefined;
	#count = 0;

	/** barrierOffset: where one's own barrier was appended; nothing after it belongs to the restore. */
	constructor(barrierId: string, barrierOffset: number, onState: StateSink) {
		this.#barrierId = barrierId;
		this.#barrierOffset = barrierOffset;
		this.#onState = onState;
	}

	/** What stands under `position`, and the record it stands in; undefined: nothing. */
	get position(): { value: unknown; record: LogRecord } | undefined {
		return this.#position;
	}

	/** Records taken. */
	get count(): number {
		return this.#count;
	}

	get barrierOffset(): number {
		return this.#barrierOffset;
	}

	/**
	 * Takes the records read up to nextOffset. True: one's own barrier was reached, all is restored.
	 * Throws fenced where another owner's barrier came after one's own.
	 */
	take(records: readonly LogRecord[], nextOffset: number): boolean {
		for (const record of records) {
			if (record.offset >= this.#barrierOffset) return this.#end(record);
			this.#count++;
			if (record.key !== null && isStateKey(record.key)) {
				// Read off the bytes: a part of a longer text would keep the whole of it in memory.
				const key = record.key.toString("utf8", STATE_PREFIX.length);
				const text = record.value === null ? null : record.value.toString();
				this.#onState(key, text, record);
				continue;
			}
			const key = String(record.key);
			if (key === POSITION_KEY) {
				this.#position =
					record.value === null ? undefined : { value: json(record), record };
			} else if (key !== BARRIER_KEY) {
				throw unreadable(record, new Error(`the key ${JSON.stringify(key)}`));
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
