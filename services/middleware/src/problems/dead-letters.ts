/**
 * Reads the newest dead letters of the topic that the stream is computed from, to name devices
 * whose records are refused.
 *
 * The stream does not depend on it. If the topic is absent or cannot be read, the middleware works
 * without it, logs that once, and tries again.
 */
import { DEAD_LETTER_HEADERS } from "@fireworks/contracts";
import type { LogReader, LogRecord } from "@fireworks/streams";
import { type Clock, delay } from "@fireworks/time";
import { DEVICE_ID_CHARACTERS_MAX } from "../limits.ts";
import type { ReadableLog, ReaderLogger } from "../reader/readable-log.ts";
import type { Problems } from "./problems.ts";

/** Dead letters read of each partition, at the start. */
const NEWEST_DEAD_LETTERS = 1_000;
const RETRY_MS = 10_000;
const CODE_CHARACTERS_MAX = 64;

export interface DeadLettersOptions {
	log: ReadableLog;
	topic: string;
	/** The source topic. Dead letters of other topics do not concern this stream. */
	source: string;
	problems: Problems;
	clock: Clock;
	logger: ReaderLogger;
}

/** Reads until the signal is aborted. Never rejects. */
export async function readDeadLetters(
	options: DeadLettersOptions,
	signal: AbortSignal,
): Promise<void> {
	const { topic, clock, logger } = options;
	let said = false;
	while (!signal.aborted) {
		try {
			await readOnce(options, signal);
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			if (!said)
				logger.warn(
					{ topic, why },
					"dead letters cannot be read, so refused devices are not shown: trying again",
				);
			said = true;
		}
		await delay(clock, RETRY_MS, signal);
	}
}

async function readOnce(
	options: DeadLettersOptions,
	signal: AbortSignal,
): Promise<void> {
	const { log, topic } = options;
	const ranges = await log.offsets(topic);
	if (ranges === undefined || signal.aborted) return;
	const starts = ranges.map(({ low, high }) =>
		Math.max(low, high - NEWEST_DEAD_LETTERS),
	);
	const reader: LogReader = await log.read({
		topics: [topic],
		name: "fireworks-middleware-dead-letters",
		from: (_, partition) => starts[partition] ?? 0,
		onRecords: (_, __, records) => {
			if (!signal.aborted) take(options, records);
		},
	});
	const stop = () => void reader.close();
	signal.addEventListener("abort", stop, { once: true });
	try {
		if (signal.aborted) stop();
		await reader.ended;
	} finally {
		signal.removeEventListener("abort", stop);
		await reader.close();
	}
}

function take(
	{ source, problems }: DeadLettersOptions,
	records: readonly LogRecord[],
): void {
	for (const { key, headers, timestamp } of records) {
		if (headers[DEAD_LETTER_HEADERS.topic] !== source) continue;
		problems.refused({
			deviceId: (key?.toString("utf8") ?? "(no key)").slice(
				0,
				DEVICE_ID_CHARACTERS_MAX,
			),
			code: (headers[DEAD_LETTER_HEADERS.code] ?? "unknown").slice(
				0,
				CODE_CHARACTERS_MAX,
			),
			atMs: timestamp,
		});
	}
}
