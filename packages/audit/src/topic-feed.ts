/**
 * Partitions of some topics as streams, each from an offset up to an end. A stream reads only as
 * much as is consumed.
 *
 * It reads with a group member instead of the port's plain reader, because a batch of a member says
 * how far it reaches. If a partition ends in aborted records or transaction markers, a reader that
 * only sees records would wait at its end forever.
 */
import { randomUUID } from "node:crypto";
import type {
	GroupBatch,
	GroupMember,
	Log,
	LogRecord,
} from "@fireworks/streams";
import { CouldNotTell } from "./could-not-tell.ts";

/** From this offset up to, but not including, `end`. */
export interface FeedRange {
	readonly topic: string;
	readonly partition: number;
	readonly from: number;
	readonly end: number;
}

export interface TopicFeed {
	/** The committed records of a partition, in batches. Can be read once. */
	stream(topic: string, partition: number): AsyncIterable<readonly LogRecord[]>;
	close(): Promise<void>;
}

const SESSION_TIMEOUT_MS = 30_000;
/** How many batches of a partition may wait to be taken. Each is at most what one fetch brings. */
const BATCHES_WAITING_MAX = 2;

/**
 * Starts reading. The topics must have the same number of partitions. signal: ends all streams with
 * its reason.
 */
export async function openTopicFeed(
	log: Log,
	ranges: readonly FeedRange[],
	signal: AbortSignal,
): Promise<TopicFeed> {
	const topics = [...new Set(ranges.map((r) => r.topic))];
	const member = log.member({
		groupId: `fireworks-audit-${randomUUID()}`,
		topics,
		sessionTimeoutMs: SESSION_TIMEOUT_MS,
	});
	const lanes = new Map(
		ranges.map((range) => [
			laneId(range.topic, range.partition),
			new Lane(member, range),
		]),
	);
	const failAll = (error: unknown) => {
		for (const lane of lanes.values()) lane.fail(error);
	};
	const aborted = () => failAll(signal.reason);
	signal.addEventListener("abort", aborted, { once: true });
	member.failed.catch(failAll);
	const close = async () => {
		signal.removeEventListener("abort", aborted);
		await member.leave();
	};
	try {
		signal.throwIfAborted();
		await member.start({
			onAssigned: (partitions) => {
				for (const topic of topics)
					for (const partition of partitions) {
						const lane = lanes.get(laneId(topic, partition));
						if (lane === undefined) member.pause(topic, partition);
						else lane.begin();
					}
			},
			onRebalancing: () => {},
			onBatch: async (batch) =>
				lanes.get(laneId(batch.topic, batch.partition))?.take(batch),
		});
	} catch (error) {
		await close().catch(() => {});
		throw error;
	}
	return {
		stream: (topic, partition) => {
			const lane = lanes.get(laneId(topic, partition));
			if (lane === undefined)
				throw new Error(`no range of ${topic}/${partition}`);
			return lane.batches();
		},
		close,
	};
}

const laneId = (topic: string, partition: number) => `${topic}/${partition}`;

/**
 * One partition: holds batches that were fetched and not taken yet, and pauses when it has enough.
 */
class Lane {
	readonly #member: GroupMember;
	readonly #range: FeedRange;
	readonly #waiting: (readonly LogRecord[])[] = [];
	#next: number;
	#failure: { error: unknown } | undefined;
	#wake = Promise.withResolvers<void>();

	constructor(member: GroupMember, range: FeedRange) {
		this.#member = member;
		this.#range = range;
		this.#next = range.from;
	}

	get #complete(): boolean {
		return this.#next >= this.#range.end;
	}

	/** Called after each join, because reading has then started again at another position. */
	begin(): void {
		const { topic, partition } = this.#range;
		this.#member.seek(topic, partition, this.#next);
		this.#throttle();
	}

	take(batch: GroupBatch): void {
		const { topic, partition, end } = this.#range;
		if (this.#complete || batch.nextOffset <= this.#next) {
			this.#throttle();
			return;
		}
		if (batch.fetchedOffset > this.#next) {
			const lost = `${topic}/${partition} from ${this.#next} to ${batch.fetchedOffset}`;
			this.fail(
				new CouldNotTell(`retention removed ${lost} while it was read`),
			);
			return;
		}
		const records = batch.records.filter(
			({ offset }) => offset >= this.#next && offset < end,
		);
		this.#next = batch.nextOffset;
		if (records.length > 0) this.#waiting.push(records);
		this.#throttle();
		this.#wake.resolve();
	}

	fail(error: unknown): void {
		this.#failure ??= { error };
		this.#wake.resolve();
	}

	async *batches(): AsyncGenerator<readonly LogRecord[]> {
		for (;;) {
			if (this.#failure !== undefined) throw this.#failure.error;
			const records = this.#waiting.shift();
			if (records !== undefined) {
				this.#throttle();
				yield records;
			} else if (this.#complete) {
				return;
			} else {
				await this.#wake.promise;
				this.#wake = Promise.withResolvers();
			}
		}
	}

	#throttle(): void {
		const { topic, partition } = this.#range;
		if (this.#complete || this.#waiting.length >= BATCHES_WAITING_MAX)
			this.#member.pause(topic, partition);
		else this.#member.resume(topic, partition);
	}
}
