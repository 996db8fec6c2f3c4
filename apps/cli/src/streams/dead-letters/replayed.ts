/**
 * Which dead letters were replayed: a compacted topic next to theirs, written in the transactions
 * of the replays. The key of a record is `<id of the dead letters' topic>/<partition>/<offset>`, so
 * it belongs to one letter, also after the topic was deleted and made again.
 */
import { catalogTopic } from "@fireworks/pipeline";
import type { OffsetRange, OutgoingRecord } from "@fireworks/streams";
import type { Kafka } from "../kafka.ts";
import { readRanges, wholeTopic } from "../read-range.ts";

export const replayedTopic = (deadLetter: string): string =>
	`${deadLetter}-replayed`;

/** Marks that are removed at once, at most. */
const REMOVED_MAX = 1_000;

export class Replayed {
	readonly topic: string;
	readonly #letters: string;
	/** The places of the letters that were replayed. */
	readonly #places = new Set<string>();
	/** Keys of letters that are gone. */
	readonly #gone: string[] = [];

	/** letters: the id of the dead letters' topic; empty on a broker without ids. */
	constructor(topic: string, letters: string) {
		this.topic = topic;
		this.#letters = letters;
	}

	has = (place: string): boolean => this.#places.has(place);

	/** Reads a mark. ranges: what the dead letters' topic holds. */
	take(
		key: string,
		value: Buffer | null,
		ranges: readonly OffsetRange[],
	): void {
		const [letters, partition, offset] = key.split("/");
		const place = `${partition}/${offset}`;
		if (value === null) {
			if (letters === this.#letters) this.#places.delete(place);
			return;
		}
		const range = ranges[Number(partition)];
		const held =
			letters === this.#letters &&
			range !== undefined &&
			Number(offset) >= range.low;
		if (held) this.#places.add(place);
		else this.#gone.push(key);
	}

	/** Marks a letter. at: ms since 1970. */
	mark(place: string, at: number): OutgoingRecord {
		return {
			partition: 0,
			key: `${this.#letters}/${place}`,
			value: JSON.stringify({ at: new Date(at).toISOString() }),
			timestamp: at,
		};
	}

	/** Removes marks whose letters are gone, so that the topic stays as small as theirs. */
	removals(at: number): OutgoingRecord[] {
		return this.#gone.splice(0, REMOVED_MAX).map((key) => ({
			partition: 0,
			key,
			value: null,
			timestamp: at,
		}));
	}
}

export const createReplayed = (kafka: Kafka): Promise<void> =>
	kafka.log.ensureTopics([
		{
			...catalogTopic(kafka.settings),
			name: replayedTopic(kafka.settings.topicDeadLetter),
		},
	]);

/** What was replayed until now; nothing if the topic does not exist. */
export async function readReplayed({
	log,
	admin,
	settings,
}: Kafka): Promise<Replayed> {
	const letters = settings.topicDeadLetter;
	const topic = replayedTopic(letters);
	const replayed = new Replayed(topic, (await log.topicId(letters)) ?? "");
	const ranges = (await admin.offsets(letters)) ?? [];
	for await (const records of readRanges(admin, await wholeTopic(admin, topic)))
		for (const { key, value } of records)
			replayed.take(String(key), value, ranges);
	return replayed;
}
