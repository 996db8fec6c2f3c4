/**
 * The record that a dead letter was made of. The letter has its key and value; the headers and the
 * timestamp are only in the source topic, as long as that holds the record.
 */
import {
	DEAD_LETTER_HEADERS,
	EVENT_TIME_HEADER,
	partitionOf,
} from "@fireworks/contracts";
import type { LogRecord, OutgoingRecord } from "@fireworks/streams";
import type { Fetched } from "@fireworks/streams/admin";
import type { Kafka } from "../kafka.ts";
import { type Letter, placeOf } from "./letter.ts";

/** Tells that a record is a replay, and of which letter: `<topic>/<partition>/<offset>`. */
const REPLAYED_FROM_HEADER = "replayed-from";

const OWN_HEADERS: ReadonlySet<string> = new Set(
	Object.values(DEAD_LETTER_HEADERS),
);

export class Originals {
	readonly #kafka: Kafka;
	/** The last fetch of each partition: letters of one time lie next to each other. */
	readonly #fetched = new Map<string, Fetched & { from: number }>();
	readonly #ranges = new Map<string, ReadonlyMap<number, number>>();

	constructor(kafka: Kafka) {
		this.#kafka = kafka;
	}

	/** The record to write again. now: its timestamp if the original one is not known. */
	async of(letter: Letter, now: number): Promise<OutgoingRecord> {
		const { record, code, source, partition = 0 } = letter;
		const found = await this.#find(letter);
		const headers = Object.entries(
			found?.headers ?? withoutOwn(record.headers),
		).filter(([name]) => name !== REPLAYED_FROM_HEADER);
		const partitions = (await this.#lows(source)).size;
		return {
			// A record in the wrong partition would be refused there again.
			partition:
				code === "wrong-partition" && record.key !== null
					? partitionOf(record.key, partitions)
					: partition,
			key: record.key,
			value: record.value,
			timestamp: found?.timestamp ?? eventTime(headers) ?? now,
			headers: {
				...Object.fromEntries(headers),
				[REPLAYED_FROM_HEADER]: `${record.topic}/${placeOf(letter)}`,
			},
		};
	}

	/** The start of each partition. */
	async #lows(topic: string): Promise<ReadonlyMap<number, number>> {
		let lows = this.#ranges.get(topic);
		if (lows === undefined) {
			const ranges = (await this.#kafka.admin.offsets(topic)) ?? [];
			lows = new Map(ranges.map(({ partition, low }) => [partition, low]));
			this.#ranges.set(topic, lows);
		}
		return lows;
	}

	/** undefined: the source topic does not hold it any more. */
	async #find(letter: Letter): Promise<LogRecord | undefined> {
		const { record, source, partition = 0, offset } = letter;
		const low = (await this.#lows(source)).get(partition);
		if (offset === undefined || low === undefined || offset < low)
			return undefined;
		const id = `${source}/${partition}`;
		let fetched = this.#fetched.get(id);
		if (
			fetched === undefined ||
			offset < fetched.from ||
			offset >= fetched.nextOffset
		) {
			const [answer] = await this.#kafka.admin
				.fetch([{ topic: source, partition, offset }], 0)
				// Retention may pass the record at any moment, and a topic that was made again may
				// be shorter.
				.catch(() => []);
			if (answer === undefined) return undefined;
			fetched = { ...answer, from: offset };
			this.#fetched.set(id, fetched);
		}
		const found = fetched.records.find((one) => one.offset === offset);
		// Of a topic that was made again, it is another record.
		return found !== undefined &&
			equal(found.key, record.key) &&
			equal(found.value, record.value)
			? found
			: undefined;
	}
}

const equal = (a: Buffer | null, b: Buffer | null): boolean =>
	a === null || b === null ? a === b : a.equals(b);

const withoutOwn = (
	headers: LogRecord["headers"],
): Readonly<Record<string, string>> =>
	Object.fromEntries(
		Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name)),
	);

const eventTime = (
	headers: readonly (readonly [string, string])[],
): number | undefined => {
	const text = headers.find(([name]) => name === EVENT_TIME_HEADER)?.[1];
	return text !== undefined && /^\d{1,15}$/.test(text)
		? Number(text)
		: undefined;
};
