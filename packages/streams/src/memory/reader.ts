/** A reader on the memory broker. */
import { StreamsError } from "../errors.ts";
import type { LogReader, ReadOptions } from "../log.ts";
import { type Clock, untilAborted } from "../time.ts";
import type { FetchFrom, MemoryBroker } from "./broker.ts";
import type { Network } from "./network.ts";

const RETRY_MS = 50;
const FAILURES_MAX = 3;

/** Starts reading. */
export async function openMemoryReader(
	broker: MemoryBroker,
	network: Network,
	clock: Clock,
	options: ReadOptions,
): Promise<LogReader> {
	const positions = await network.request("offsets", () =>
		options.topics.flatMap((topic) =>
			broker.topics.partitions(topic).map((_, partition) => ({
				topic,
				partition,
				offset: options.from(topic, partition),
				uncommitted: options.uncommitted === true,
			})),
		),
	);
	const closing = new AbortController();
	const ended = readAll(positions, closing.signal);
	ended.catch(() => {});

	async function readAll(from: FetchFrom[], closed: AbortSignal) {
		const left = untilAborted(closed);
		let failures = 0;
		while (!closed.aborted) {
			try {
				const found = await Promise.race([
					network.request("fetch", () => broker.fetch(from)),
					left,
				]);
				failures = 0;
				for (const { topic, partition, records, nextOffset } of found ?? []) {
					const at = from.findIndex(
						(f) => f.topic === topic && f.partition === partition,
					);
					const wanted = records.filter(
						(r) => r.offset >= (from[at] as FetchFrom).offset,
					);
					if (closed.aborted) return;
					if (wanted.length > 0)
						await options.onRecords(topic, partition, wanted);
					options.onProgress?.(topic, partition, nextOffset);
					from[at] = { ...(from[at] as FetchFrom), offset: nextOffset };
				}
			} catch (error) {
				if (++failures >= FAILURES_MAX)
					throw new StreamsError(
						"group-failed",
						`the reader ${options.name} failed: ${(error as Error).message}`,
						{ cause: error },
					);
				await clock.sleep(RETRY_MS, closed);
			}
		}
	}

	return {
		ended,
		close: async () => {
			closing.abort();
			await ended.catch(() => {});
		},
	};
}
