/**
 * The clock: fences earlier metronomes, restores its position, then writes tick after tick in
 * transactions of whole ticks. It ends when it is stopped or when another metronome takes over.
 *
 * A transaction with an unknown outcome is never repeated. Instead the source is opened again, and
 * the changelog shows which tick was the last.
 */
import { type ClockPosition, clockPositionSchema } from "@fireworks/contracts";
import type { Logger } from "@fireworks/service-kit";
import {
	type OutgoingRecord,
	type Source,
	StreamsError,
} from "@fireworks/streams";
import {
	backOffMs,
	type Clock,
	delay,
	unlessAborted,
	within,
} from "@fireworks/time";
import type { MetronomeMetrics } from "./metrics.ts";
import { type Intervals, Schedule } from "./schedule.ts";
import type { TickEncoder } from "./tick-encoder.ts";

export interface MetronomeOptions {
	/** Opens the source again: fences earlier writers, and reads the position. */
	open(): Promise<Source>;
	topic: string;
	encoder: TickEncoder;
	intervals: Intervals;
	/** Maximum number of records in a transaction; a single tick of all devices may exceed it. */
	transactionRecordsMax: number;
	clock: Clock;
	logger: Logger;
	metrics: MetronomeMetrics;
	signal: AbortSignal;
}

const BACK_OFF = { firstMs: 100, maxMs: 5_000 };
/**
 * Time limit for closing. While the broker is unreachable a connection takes long to close, and the
 * process ends anyway.
 */
const CLOSE_MAX_MS = 1_000;
/**
 * Time for a transaction in progress when the service is asked to stop. A transaction that takes
 * longer is left to the broker's time-out, as after a kill.
 */
const COMMIT_GRACE_MS = 2_000;

export class Metronome {
	readonly #options: MetronomeOptions;
	#ready = false;
	#failure = "starting";
	/**
	 * The last tick that this process committed. The changelog holds it as well, unless the
	 * changelog was deleted since.
	 */
	#written: ClockPosition | undefined;
	/** Consecutive failures, without a committed tick between them. */
	#failures = 0;

	constructor(options: MetronomeOptions) {
		this.#options = options;
	}

	/** Why no ticks are written now; undefined while they are written. */
	notReady(): string | undefined {
		return this.#ready ? undefined : this.#failure;
	}

	/**
	 * Writes ticks until the signal is aborted. Throws StreamsError fenced if another metronome has
	 * taken over.
	 */
	async run(): Promise<void> {
		const { clock, logger, signal, open } = this.#options;
		let source: Source | undefined;
		while (!signal.aborted) {
			try {
				if (source !== undefined) {
					const last = source;
					if (await unlessAborted(last.superseded(), signal, clock))
						throw new StreamsError(
							"fenced",
							"another metronome has taken over this stream",
						);
					source = undefined;
					await unlessAborted(
						last.close().catch(() => {}),
						signal,
						clock,
					);
				}
				const opening = open();
				try {
					source = await unlessAborted(opening, signal, clock);
				} catch (error) {
					// A source that opens too late is not needed any more.
					opening.then((late) => late.close()).catch(() => {});
					throw error;
				}
				await this.#tick(source);
			} catch (error) {
				this.#ready = false;
				if (signal.aborted) break;
				if (isUnrecoverable(error, source !== undefined)) throw error;
				this.#failure = (error as Error).message;
				const backoffMs = backOffMs(BACK_OFF, ++this.#failures);
				logger.warn(
					{ reason: this.#failure, backoffMs },
					"session failed: opening the source again",
				);
				await delay(clock, backoffMs, signal);
			}
		}
		if (source !== undefined) await within(source.close(), CLOSE_MAX_MS, clock);
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
		const position = positionOf(source.position) ?? this.#written;
		const schedule = new Schedule(intervals, position, clock.wallMs());
		logger.info(
			{ position, nextDueMs: schedule.nextDueMs, ...intervals },
			position === undefined ? "a new stream starts" : "the stream continues",
		);
		if (schedule.nextDueMs - clock.wallMs() > 10 * intervals.intervalMs) {
			logger.warn(
				{ waitMs: schedule.nextDueMs - clock.wallMs() },
				"the wall clock is behind the last tick: no tick is written until it is reached",
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
			const due = schedule.due(clock.wallMs(), ticksMax);
			if (due === undefined) {
				await delay(clock, schedule.nextDueMs - clock.wallMs(), signal);
				continue;
			}
			if (due.skipped > 0) {
				metrics.skipped.inc(due.skipped);
				logger.warn(
					{ skipped: due.skipped, next: due.first },
					"missed ticks are beyond the catch-up bound: skipped",
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
		const started = clock.wallMs();
		await unlessAborted(
			source.commit(new Map([[topic, records]]), position, started),
			signal,
			clock,
			COMMIT_GRACE_MS,
		);
		schedule.written(last);
		this.#written = position;
		this.#failures = 0;
		metrics.transactionSeconds.observe((clock.wallMs() - started) / 1_000);
		metrics.ticks.inc(count);
		metrics.records.inc(records.length);
		metrics.seq.set(last);
		metrics.lateness.set(
			(clock.wallMs() - (position.epoch + last * position.intervalMs)) / 1_000,
		);
	}
}

/**
 * Whether the error is unrecoverable. fenced while a source is being opened: a later metronome has
 * come. fenced while ticking, with a cause: perhaps only our own transaction has timed out. The
 * next round checks the changelog; if another metronome took over, that round throws fenced without
 * a cause.
 */
const isUnrecoverable = (error: unknown, ticking: boolean): boolean =>
	error instanceof StreamsError &&
	(error.fatal ||
		(error.code === "fenced" && !(ticking && error.cause !== undefined)));

/** Throws changelog-unreadable if the value is not a position. */
function positionOf(value: unknown): ClockPosition | undefined {
	if (value === undefined) return undefined;
	const position = clockPositionSchema.safeParse(value);
	if (position.success) return position.data;
	throw new StreamsError(
		"changelog-unreadable",
		`the position in the changelog was not written by a metronome: ${JSON.stringify(value)}`,
		{ cause: position.error },
	);
}
