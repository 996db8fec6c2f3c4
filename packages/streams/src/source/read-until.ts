/** Reads one partition of a changelog until a condition holds, bounded in time. */
import { StreamsError } from "../errors.ts";
import type { Log, LogRecord } from "../log.ts";
import type { Clock } from "../time.ts";

interface ReadUntilOptions {
	log: Log;
	changelogTopic: string;
	restoreTimeoutMs: number;
	signal: AbortSignal;
	clock: Clock;
}

/**
 * done: called with the records in order and the offset after them; returning true ends the
 * reading. Throws restore-timeout, and whatever done throws.
 */
export async function readUntil(
	{ log, changelogTopic, restoreTimeoutMs, signal, clock }: ReadUntilOptions,
	from: number,
	done: (records: readonly LogRecord[], next: number) => boolean,
	{ uncommitted = false, partition = 0 } = {},
): Promise<void> {
	const reached = Promise.withResolvers<void>();
	const ended = new AbortController();
	clock
		.sleep(restoreTimeoutMs, ended.signal)
		.then(() =>
			reached.reject(
				new StreamsError(
					"restore-timeout",
					`${changelogTopic} was not read to its barrier within ${restoreTimeoutMs} ms`,
				),
			),
		);
	const stop = () => reached.reject(signal.reason);
	signal.addEventListener("abort", stop, { once: true });
	reached.promise.catch(() => {});
	try {
		const reader = await log.read({
			name: `${changelogTopic}-reader`,
			topics: [changelogTopic],
			from: () => from,
			uncommitted,
			onRecords: (_topic, readPartition, records) => {
				if (readPartition !== partition) return;
				try {
					const last = records.at(-1);
					if (last !== undefined && done(records, last.offset + 1))
						reached.resolve();
				} catch (error) {
					reached.reject(error);
				}
			},
		});
		try {
			await Promise.race([reached.promise, reader.ended]);
		} finally {
			await reader.close();
		}
	} finally {
		ended.abort();
		signal.removeEventListener("abort", stop);
	}
}
