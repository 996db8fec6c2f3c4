/**
 * The clock: fence and restore, then tick after tick in transactions of whole ticks, until it is stopped or another one takes over.
 *
 * A transaction whose outcome is unknown is never repeated: the source is opened again, and the changelog says which tick was the last.
 */
import { type ClockPosition, clockPositionSchema } from "@fireworks/contracts";
import type { Logger } from "@fireworks/service-kit";
import {
	type Clock,
	type OutgoingRecord,
	type Source,
	StreamsError,
} from "@fireworks/streams";
import type { MetronomeMetrics } from "./metrics.ts";
import { type Intervals, Schedule } from "./schedule.ts";
import type { TickEncoder } from "./tick-encoder.ts";
import { unlessStopped } from "./unless-stopped.ts";

export interface MetronomeOptions {
	/** Opens the source anew: fences, and reads the position. */
	open(): Promise<Source>;
	topic: string;
	encoder: TickEncoder;
	intervals: Intervals;
	/** Records of a transaction, at most; one tick of all devices may be more. */
	transactionRecordsMax: number;
	clock: Clock;
	logger: Logger;
	metrics: MetronomeMetrics;
	signal: AbortSignal;
}

const BACKOFF_MS = { first: 100, max: 5_000 } as const;
/** With its broker away a connection takes long to close, and the process ends anyway. */
const CLOSE_MAX_MS = 1_000;
/** For a transaction under way when it is asked to stop; one that takes longer is left to the broker's time-out, as after a kill. */
const COMMIT_GRACE_MS = 2_000;

export class Metronome {
	readonly #options: MetronomeOptions;
	#ready = false;
	#trouble = "starting";
	/** In a row, without a tick committed between them. */
	#failures = 0;

	constructor(options: MetronomeOptions) {
		this.#options = options;
	}

	/** Why no ticks are written now; undefined where they are. */
	notReady(): string | undefined {
		return this.#ready ? undefined : this.#trouble;
	}

	/** Ticks until the signal is aborted. Throws StreamsError fenced where another metronome has taken over. */
	async run(): Promise<void> {
		const { clock, logger, signal, open } = this.#options;
		let source: Source | undefined;
		while (!signal.aborted) {
			try {
				if (source !== undefined) {
					const last = source;
					if (await unlessStopped(last.superseded(), signal, clock))
						throw new StreamsError(
							"fenced",
							"another metronome has taken over this stream",
						);
					source = undefined;
					await unlessStopped(
						last.close().catch(() => {}),
						signal,
						clock,
					);
				}
				const opening = open();
				try {
					source = await unlessStopped(opening, signal, clock);
				} catch (error) {
					// One that opens after all is of no use any more.
					opening.then((late) => late.close()).catch(() => {});
					throw error;
				}
				await this.#tick(source);
			} catch (error) {
				this.#ready = false;
				if (signal.aborted) break;
				if (isFinal(error, source !== undefined)) throw error;
				this.#trouble = (error as Error).message;
				const backoffMs = Math.min(
					BACKOFF_MS.first * 2 ** this.#failures++,
					BACKOFF_MS.max,
				);
				logger.warn(
					{ reason: this.#trouble, backoffMs },
					"trouble: the source is opened anew",
				);
				await clock.sleep(backoffMs, signal);
			}
		}
		const closed = source?.close().catch(() => {});
		await Promise.race([closed, clock.sleep(CLOSE_MAX_MS)]);
	}

	async #tick(source: Source): Promise<void> {
		const {
			clock,
			encoder,
			intervals,
			logger,
			metrics,
			signal,
			transactionRecordsMax,
		} = this.#options;
		const position = positionOf(source.position);
		const schedule = new Schedule(intervals, position, clock.now());
		logger.info(
			{ position, nextDueMs: schedule.nextDueMs, ...intervals },
			position === undefined ? "a new stream begins" : "the stream goes on",
		);
		if (schedule.nextDueMs - clock.now() > 10 * intervals.intervalMs) {
			logger.warn(
				{ waitMs: schedule.nextDueMs - clock.now() },
				"the wall clock stands before the last tick: no tick until it is reached",
			);
		}
		metrics.takeovers.inc();
		metrics.devices.set(encoder.size);
		this.#ready = true;
		const ticksMax = Math.max(
			1,
			Math.floor(transactionRecordsMax / encoder.size),
		);
		while (!signal.aborted) {
			const due = schedule.due(clock.now(), ticksMax);
			if (due === undefined) {
				await clock.sleep(schedule.nextDueMs - clock.now(), signal);
				continue;
			}
			if (due.skipped > 0) {
				metrics.skipped.inc(due.skipped);
				logger.warn(
					{ skipped: due.skipped, next: due.first },
					"missed ticks are beyond the catch-up bound: left out",
				);
			}
			await this.#write(source, schedule, due.first, due.count);
		}
	}

	async #write(
		source: Source,
		schedule: Schedule,
		first: number,
		count: number,
	): Promise<void> {
		const { clock, encoder, metrics, signal, topic } = this.#options;
		const records: OutgoingRecord[] = [];
		for (let n = first; n < first + count; n++)
			encoder.encode(n, schedule.timestampOf(n), records);
		const last = first + count - 1;
		const position: ClockPosition = schedule.positionAt(last);
		const started = clock.now();
		await unlessStopped(
			source.commit(new Map([[topic, records]]), position, started),
			signal,
			clock,
			COMMIT_GRACE_MS,
		);
		schedule.written(last);
		this.#failures = 0;
		metrics.transactionSeconds.observe((clock.now() - started) / 1_000);
		metrics.ticks.inc(count);
		metrics.records.inc(records.length);
		metrics.seq.set(last);
		metrics.lateness.set(
			(clock.now() - (position.epoch + last * position.intervalMs)) / 1_000,
		);
	}
}

/**
 * Whether trying again mends nothing. fenced: at the opening of a source a later one has come; while ticking it may be that our own
 * transaction has timed out, and the changelog tells at the next round (that error has no cause).
 */
const isFinal = (error: unknown, ticking: boolean): boolean =>
	error instanceof StreamsError &&
	(error.fatal ||
		(error.code === "fenced" && !(ticking && error.cause !== undefined)));

/** Throws changelog-unreadable where it is none. */
function positionOf(value: unknown): ClockPosition | undefined {
	if (value === undefined) return undefined;
	const position = clockPositionSchema.safeParse(value);
	if (position.success) return position.data;
	throw new StreamsError(
		"changelog-unreadable",
		`the position in the changelog is none of a metronome: ${JSON.stringify(value)}`,
		{ cause: position.error },
	);
}
