/** Reads both topics of Idempotency-Keys into the book, for as long as the service runs. */
import type { Logger } from "@fireworks/service-kit";
import { type Clock, type Log, StreamsError } from "@fireworks/streams";
import { aborted, backOffMs } from "@fireworks/time";
import { BACK_OFF } from "../limits.ts";
import type { KeyBook } from "./key-book.ts";
import { CLAIMS_TOPIC, REQUESTS_TOPIC } from "./topics.ts";

/** Reads until the signal is aborted; rejects with an unrecoverable error. */
export async function readKeys(
	log: Log,
	book: KeyBook,
	logger: Pick<Logger, "warn">,
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	const next = new Map<string, number>();
	const stopped = aborted(signal);
	for (let failures = 1; !signal.aborted; failures++) {
		try {
			const reader = await log.read({
				name: "fireworks-ingest-keys",
				topics: [REQUESTS_TOPIC, CLAIMS_TOPIC],
				from: (topic) => next.get(topic) ?? 0,
				onRecords: (topic, _partition, all) => {
					// A reader that begins again may deliver what was read already.
					const from = next.get(topic) ?? 0;
					const records = all.filter(({ offset }) => offset >= from);
					const last = records.at(-1);
					if (last === undefined) return;
					next.set(topic, last.offset + 1);
					failures = 1;
					if (topic === REQUESTS_TOPIC) book.takeRequests(records);
					else book.takeClaims(records);
				},
			});
			try {
				await Promise.race([reader.ended, stopped]);
			} finally {
				await reader.close();
			}
		} catch (error) {
			if (error instanceof StreamsError && error.fatal) throw error;
			logger.warn({ err: error }, "reading the idempotency keys again");
			await clock.sleep(backOffMs(BACK_OFF, failures), signal);
		}
	}
}
