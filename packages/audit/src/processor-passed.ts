/**
 * Waits until the processor has passed given ends of its input. Its changelog holds its position,
 * which is written together with the outputs.
 */
import { POSITION_KEY, positionSchema } from "@fireworks/contracts";
import type { Log, LogRecord, OffsetRange } from "@fireworks/streams";
import { CouldNotTell } from "./could-not-tell.ts";
import { lastCommitted } from "./last-committed.ts";

export interface PassedOptions {
	log: Log;
	changelogTopic: string;
	inputTopic: string;
	/** The input's ranges; their `high` are the ends. */
	input: readonly OffsetRange[];
	waitMs: number;
	signal: AbortSignal;
}

/** Throws CouldNotTell if the processor does not pass all ends in time. */
export async function processorPassed(options: PassedOptions): Promise<void> {
	const { log, changelogTopic, input, waitMs, signal } = options;
	// The last committed records are the targets, not the ends. If only aborted records follow
	// them, the position would stay before the end forever.
	const targets = await lastCommitted(
		{ log, topic: options.inputTopic, signal },
		input,
	);
	const positions = new Map<number, number>();
	const missing = () =>
		[...targets].flatMap(([partition, target]) => {
			const position = positions.get(partition) ?? 0;
			return position > target ? [] : [{ partition, position, target }];
		});
	if (missing().length === 0) return;
	const passed = Promise.withResolvers<void>();
	const stop = () => passed.reject(signal.reason);
	signal.addEventListener("abort", stop, { once: true });
	const timer = setTimeout(() => {
		const behind = missing().map(
			({ partition, position, target }) =>
				`partition ${partition} stands at ${position}, not past ${target}`,
		);
		passed.reject(
			new CouldNotTell(
				`the processor has not passed the metronome's end within ${waitMs} ms: ${behind.join("; ")}`,
			),
		);
	}, waitMs);
	try {
		if ((await log.offsets(changelogTopic)) === undefined)
			throw new CouldNotTell(`there is no topic ${changelogTopic}`);
		const reader = await log.read({
			name: "fireworks-audit",
			topics: [changelogTopic],
			from: () => 0,
			onRecords: (_topic, partition, records) => {
				const position = newestPosition(records);
				if (position === undefined) return;
				positions.set(partition, position);
				if (missing().length === 0) passed.resolve();
			},
		});
		try {
			await Promise.race([passed.promise, reader.ended]);
		} finally {
			await reader.close();
		}
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", stop);
		passed.promise.catch(() => {});
	}
}

function newestPosition(records: readonly LogRecord[]): number | undefined {
	const record = records.findLast(({ key }) => String(key) === POSITION_KEY);
	if (record === undefined || record.value === null) return undefined;
	try {
		const position = positionSchema.parse(JSON.parse(String(record.value)));
		return Number(position.next);
	} catch (cause) {
		throw new CouldNotTell(
			`the changelog's partition ${record.partition} has at offset ${record.offset} no position`,
			{ cause },
		);
	}
}
