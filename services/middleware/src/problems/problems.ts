/**
 * Collects what is wrong with the stream's data. Nothing may be left out silently.
 *
 * - Records that make no event, or look wrong, are counted by reason, with the newest as an
 *   example.
 * - Devices whose records the previous stage refuses one after the other (dead letters) are named,
 *   until one of their records is accepted again. A single refusal is only counted.
 *
 * Bounds: REASONS_MAX reasons (one for each part of the mapping), DEVICES_MAX devices (the one that
 * has been unchanged longest makes room), NAMED_MAX devices in a frame, one log line per reason in
 * LOG_INTERVAL_MS. `version` rises at most once in CHANGE_MS, so clients are not flooded.
 */
import type { ProblemsFrame } from "@fireworks/contracts";
import type { Clock } from "@fireworks/time";
import { countUp } from "../counts.ts";
import {
	ChangeVersion,
	OTHER,
	ProblemLog,
	type ProblemLogger,
	REASONS_MAX,
	RecordProblems,
} from "./record-problems.ts";

export const DEVICES_MAX = 1_000;
export const NAMED_MAX = 20;
/** This many refusals in a row mean a refused device, not a bad record. */
const REFUSED_IN_A_ROW = 2;
/** A device whose last refusal is this old no longer counts as refused: it sends nothing now. */
export const REFUSED_KEPT_MS = 600_000;

export interface RefusedRecord {
	deviceId: string;
	code: string;
	/** Wall time of the refusal, ms since 1970. */
	atMs: number;
}

interface Refused extends RefusedRecord {
	sinceMs: number;
	count: number;
}

export interface ProblemsOptions {
	clock: Clock;
	logger: ProblemLogger;
	/** The newest accepted event time of a device. */
	acceptedMs(deviceId: string): number | undefined;
}

export class Problems {
	readonly #options: ProblemsOptions;
	readonly #log: ProblemLog;
	readonly #records: RecordProblems;
	readonly #change: ChangeVersion;
	readonly #refused = new Map<string, Refused>();
	/** Dead letters seen, by code. */
	readonly deadLetters = new Map<string, number>();

	constructor(options: ProblemsOptions) {
		this.#options = options;
		this.#log = new ProblemLog(options.clock, options.logger);
		this.#records = new RecordProblems(this.#log);
		this.#change = new ChangeVersion(options.clock);
	}

	/** Counts a record that is left out, or looks wrong. example: where to find it. */
	record(reason: string, example: string): void {
		this.#records.add(reason, example);
		this.#change.changed();
	}

	/** The previous stage refused a record of a device. */
	refused({ deviceId, code, atMs }: RefusedRecord): void {
		const known =
			this.deadLetters.has(code) || this.deadLetters.size < REASONS_MAX;
		countUp(this.deadLetters, known ? code : OTHER);
		const before = this.#refused.get(deviceId);
		this.#refused.delete(deviceId);
		if (this.#refused.size >= DEVICES_MAX)
			this.#refused.delete(this.#refused.keys().next().value as string);
		const { sinceMs = atMs, count = 0 } = before ?? {};
		const now = { deviceId, code, atMs, sinceMs, count: count + 1 };
		this.#refused.set(deviceId, now);
		this.#change.changed();
		if (now.count < REFUSED_IN_A_ROW) return;
		this.#log.warn(
			`refused/${code}`,
			{
				device: deviceId,
				code,
				count: now.count,
				since: new Date(sinceMs).toISOString(),
				newestAccepted: isoOf(this.#options.acceptedMs(deviceId)),
			},
			"a device is refused on every record: see the dead-letter topic",
		);
	}

	/** A new record of this device was accepted, so the device no longer counts as refused. */
	accepted(deviceId: string): void {
		if (this.#refused.delete(deviceId)) this.#change.changed();
	}

	/** Number of devices that are refused now. */
	refusedDevices(): number {
		return this.#current().length;
	}

	/** Records with a problem, by reason. */
	*counts(): Iterable<[string, number]> {
		for (const { reason, count } of this.#records.all()) yield [reason, count];
	}

	/** Rises when the problems have changed; 0: there was never a problem. Call it regularly. */
	version(): number {
		this.#forgetOld();
		return this.#change.now();
	}

	frame(): ProblemsFrame {
		const refused = this.#current();
		return {
			type: "problems",
			records: this.#records.all(),
			refused: refused
				.slice(-NAMED_MAX)
				.map(({ deviceId, code, count, sinceMs }) => ({
					deviceId,
					code,
					count,
					since: sinceMs,
					acceptedMs: this.#options.acceptedMs(deviceId) ?? null,
				})),
			refusedDevices: refused.length,
		};
	}

	#current(): Refused[] {
		return [...this.#refused.values()].filter(
			({ count }) => count >= REFUSED_IN_A_ROW,
		);
	}

	#forgetOld(): void {
		const from = this.#options.clock.wallMs() - REFUSED_KEPT_MS;
		for (const { deviceId, atMs } of this.#refused.values()) {
			if (atMs >= from) return;
			this.accepted(deviceId);
		}
	}
}

const isoOf = (ms: number | undefined): string | undefined =>
	ms === undefined ? undefined : new Date(ms).toISOString();
