/**
 * Runs a source: polls it, and writes its records and its position in one transaction. Replicas of
 * a runner share the sources by waiting: the newest owner writes, and one that was fenced stands by
 * until it is asked to stop.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { TopicSettings, TopicSpec } from "@fireworks/contracts";
import {
	catalogTopic,
	deadLetterOfInput,
	type PipelineSource,
	recordDecoder,
	stringifyLossless,
	toOutgoing,
	topicOf,
	validatorOfZod,
} from "@fireworks/pipeline";
import type { Logger } from "@fireworks/service-kit";
import {
	type Log,
	type OutgoingRecord,
	openSource,
	type Source,
	StreamsError,
	systemClock,
} from "@fireworks/streams";
import type { RunnerMetrics } from "./metrics.ts";

export interface RunSourceOptions {
	source: PipelineSource;
	log: Log;
	settings: TopicSettings;
	deadLetter: TopicSpec;
	logger: Logger;
	metrics: RunnerMetrics;
	signal: AbortSignal;
	/** Resolves when it may begin. */
	begin: Promise<unknown>;
}

export interface RunningSource {
	/** Resolves when it has written everything. */
	readonly finished: Promise<void>;
	/** Resolves when the source has stopped in order; rejects with an unrecoverable error. */
	readonly ended: Promise<void>;
	/** Why it does not write now; undefined while it works, waits, or has written everything. */
	notReady(): string | undefined;
}

const TRANSACTION_TIMEOUT_MS = 10_000;
const RESTORE_TIMEOUT_MS = 30_000;
const BACKOFF_MS = { first: 100, max: 5_000 } as const;
/** One that stands by asks this often whether the owner is still alive. */
const STAND_BY_MS = 2_000;

export function runSource(options: RunSourceOptions): RunningSource {
	let waiting: string | undefined = "starting";
	const { source, log, settings, logger, metrics, signal } = options;
	const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
	const changelog: TopicSpec = {
		...catalogTopic(settings),
		name: `${source.name}-changelog`,
	};
	const open = async (): Promise<Source> => {
		await log.ensureTopics([
			topicOf(source.output.description, settings),
			changelog,
			options.deadLetter,
		]);
		return openSource({
			log,
			transactionalId: `source-${source.name}`,
			changelogTopic: changelog.name,
			owner,
			transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
			restoreTimeoutMs: RESTORE_TIMEOUT_MS,
			signal,
		});
	};

	const finished = Promise.withResolvers<void>();
	const work = async (): Promise<void> => {
		let failures = 0;
		waiting = undefined;
		await Promise.race([options.begin, untilAborted(signal)]);
		if (!signal.aborted) waiting = "starting";
		while (!signal.aborted) {
			let opened: Source | undefined;
			try {
				opened = await open();
				waiting = undefined;
				await write(options, opened, finished.resolve, () => {
					failures = 0;
				});
				return;
			} catch (error) {
				if (signal.aborted) return;
				const failure =
					error instanceof StreamsError
						? error
						: new StreamsError("stage-failed", (error as Error).message, {
								cause: error,
							});
				if (failure.fatal) throw failure;
				metrics.sourceFailures.inc({ source: source.name, code: failure.code });
				if (
					failure.code === "fenced" &&
					(await opened?.superseded().catch(() => false)) !== false
				) {
					logger.info(
						{ source: source.name },
						"another replica writes this source: standing by",
					);
					waiting = undefined;
					await untilSilent(log, changelog.name, signal);
					continue;
				}
				waiting = `${failure.code}: ${failure.message}`;
				const backoffMs = Math.min(
					BACKOFF_MS.first * 2 ** failures++,
					BACKOFF_MS.max,
				);
				logger.warn(
					{ source: source.name, reason: waiting, backoffMs },
					"the source failed: opening it again",
				);
				await systemClock.sleep(backoffMs, signal);
			} finally {
				await opened?.close().catch(() => {});
			}
		}
	};
	return {
		ended: work(),
		finished: finished.promise,
		notReady: () => waiting,
	};
}

/** The owner writes its position with every transaction; this long without one, and it is gone. */
const SILENT_MS = 15_000;

/** Waits until the source's changelog has not grown for a while. */
async function untilSilent(
	log: Log,
	changelog: string,
	signal: AbortSignal,
): Promise<void> {
	let high = -1;
	let since = systemClock.now();
	while (!signal.aborted) {
		const now = (await log.offsets(changelog).catch(() => undefined))?.[0]
			?.high;
		if (now !== undefined && now !== high) {
			high = now;
			since = systemClock.now();
		}
		if (systemClock.now() - since > SILENT_MS) return;
		await systemClock.sleep(STAND_BY_MS, signal);
	}
}

/** Idle sources write their position this often, so that a replica that stands by sees them. */
const SIGN_OF_LIFE_MS = 5_000;

async function write(
	options: RunSourceOptions,
	opened: Source,
	onFinished: () => void,
	onCommit: () => void,
): Promise<void> {
	const { source, settings, deadLetter, logger, metrics, signal } = options;
	const { name, output } = source;
	const decoder = recordDecoder(output.description, {
		validate: validatorOfZod(output.schema),
	});
	const outgoing = toOutgoing(settings.partitions);
	let position = opened.position;
	let row = 0;
	const commit = async (
		records: OutgoingRecord[],
		refused: OutgoingRecord[],
		next: unknown,
	) => {
		const all = new Map([
			...(records.length > 0 ? [[output.name, records] as const] : []),
			...(refused.length > 0 ? [[deadLetter.name, refused] as const] : []),
		]);
		await opened.commit(all, next as object, systemClock.now());
		position = next;
		metrics.sourceRecords.inc({ source: name }, records.length);
		metrics.sourceRefused.inc({ source: name }, refused.length);
		onCommit();
	};
	for (;;) {
		if (signal.aborted) return;
		const polled = await source.poll(position, signal);
		const records: OutgoingRecord[] = [];
		const refused: OutgoingRecord[] = [];
		for (const value of polled.records) {
			const { record, refusal } = decoder.json(value, systemClock.now());
			row++;
			if (record === undefined) {
				refused.push(
					deadLetterOfInput(
						{
							code: refusal.code,
							message: refusal.message,
							source: `source:${name}`,
							stream: output.name,
							value: stringifyLossless(value) ?? null,
							partition: row % deadLetter.partitions,
						},
						systemClock.now(),
					),
				);
				continue;
			}
			records.push(outgoing(record, stringifyLossless(value), row));
		}
		const moved = records.length + refused.length > 0;
		if (moved) await commit(records, refused, polled.position);
		if (polled.done === true) {
			if (!moved) await commit([], [], polled.position);
			logger.info({ source: name }, "the source has written everything");
			onFinished();
			return untilAborted(signal);
		}
		const until = systemClock.now() + (polled.waitMs ?? 0);
		while (systemClock.now() < until && !signal.aborted) {
			const left = until - systemClock.now();
			await systemClock.sleep(Math.min(left, SIGN_OF_LIFE_MS), signal);
			if (left > SIGN_OF_LIFE_MS) await commit([], [], polled.position);
		}
	}
}

export const untilAborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});
