/**
 * Audits one device: its paths, one after another. Each reset (`fireworks reset`) ends a path, and
 * the next tick begins another. Nearly all devices have one path.
 *
 * A tick's path follows from its offset and the offsets of the resets. A record does not name its
 * path, but a path's first record has the value 0 and no step, which shows that the next path has
 * begun.
 */
import type { Tick } from "@fireworks/contracts";
import { isCut, type PartitionContext } from "./context.ts";
import type { DeadLetterAudit } from "./dead-letter-audit.ts";
import { PathAudit } from "./path-audit.ts";
import type { Found } from "./path-record.ts";
import type { LogRecord } from "./types.ts";

export class DeviceAudit {
	readonly #deviceId: string;
	readonly #context: PartitionContext;
	readonly #deadLetters: DeadLetterAudit;
	/**
	 * The input offsets, ascending, from which paths begin. Only those that the input still holds.
	 */
	readonly #resets: readonly number[];
	/**
	 * How many resets were before the start of the input. The last path of these is the first one
	 * here.
	 */
	readonly #resetsBefore: number;
	readonly #paths: PathAudit[] = [];
	/** The path of the newest record. */
	#recordPath = 0;
	#hasRecords = false;
	/**
	 * For each path whose records have not begun: its first ticks, by which its first record is
	 * recognised. Only used with resets.
	 */
	readonly #firstTicks = new Map<number, Set<string>>();

	constructor(
		deviceId: string,
		context: PartitionContext,
		deadLetters: DeadLetterAudit,
	) {
		this.#deviceId = deviceId;
		this.#context = context;
		this.#deadLetters = deadLetters;
		const resets = context.resets.get(deviceId) ?? [];
		const start = context.range.start.metronome;
		this.#resets = resets.filter((at) => at >= start);
		this.#resetsBefore = resets.length - this.#resets.length;
		context.counts.resets += this.#resets.length;
		this.#path(0);
	}

	/** A tick of this device, in the right partition. record: its source. */
	tick(tick: Tick, record: LogRecord): void {
		const index = this.#pathOfTick(record.offset);
		// All ticks of earlier paths have been read.
		for (let i = this.#paths.length - 1; i < index; i++)
			this.#path(i).endTicks();
		if (this.#hasResets && index >= this.#recordPath)
			this.#remember(index, tick);
		this.#path(index).tick(tick, record);
	}

	/** A record of `wiener` with this device's key. */
	record(found: Found): void {
		if (isFirstRecord(found)) this.#pathBegins(found);
		this.#hasRecords = true;
		this.#path(this.#recordPath).record(found);
	}

	/** See PathAudit. */
	isUndecided(tickOffset: number): boolean {
		return this.#path(this.#pathOfTick(tickOffset)).isUndecided(tickOffset);
	}

	endTicks(): void {
		for (const path of this.#paths) path.endTicks();
	}

	endRecords(): void {
		for (const path of this.#paths) path.endRecords();
	}

	finish(): void {
		for (const path of this.#paths) path.finish();
		const refusal = this.#paths.at(-1)?.refusal;
		if (refusal !== undefined)
			this.#context.refusedDevices.add({
				deviceId: this.#deviceId,
				...refusal,
			});
	}

	#pathOfTick(offset: number): number {
		let index = 0;
		for (const at of this.#resets) if (at <= offset) index++;
		return index;
	}

	get #hasResets(): boolean {
		return this.#resets.length + this.#resetsBefore > 0;
	}

	#remember(index: number, tick: Tick): void {
		const known = this.#firstTicks.get(index) ?? new Set();
		if (known.size < this.#context.limits.baselinePerDeviceMax)
			known.add(identity(tick));
		this.#firstTicks.set(index, known);
	}

	/** Finds out which path this first record of a path belongs to. */
	#pathBegins(found: Found): void {
		if (!this.#hasResets) return;
		const index = this.#pathOfFirstRecord(found);
		// The records so far belong to a path whose ticks were removed.
		if (index === 0) this.#path(0).forgetRecords();
		for (let i = this.#recordPath; i < index; i++) this.#firstTicks.delete(i);
		this.#recordPath = index;
	}

	#pathOfFirstRecord(found: Found): number {
		for (const [index, known] of this.#firstTicks)
			if (index >= this.#recordPath && known.has(identity(found))) return index;
		// Its tick was not read yet, or was removed. Removed ticks are older than all remaining
		// ones.
		const isOldest =
			this.#recordPath === 0 &&
			(this.#resetsBefore > 0 ||
				(!this.#hasRecords && this.#context.range.start.wiener === 0));
		return isOldest ? 0 : Math.min(this.#recordPath + 1, this.#resets.length);
	}

	/** The path with this index; creates it and all earlier ones if needed. */
	#path(index: number): PathAudit {
		const { ended } = this.#context;
		while (this.#paths.length <= index) {
			const first = this.#paths.length === 0;
			const path = new PathAudit(
				this.#deviceId,
				first ? this.#context : laterContext(this.#context),
				this.#deadLetters,
				first && isCut(this.#context.range),
			);
			if (ended.wiener) path.endRecords();
			this.#paths.push(path);
		}
		return this.#paths[index] as PathAudit;
	}
}

const identity = ({ seq, timestamp }: { seq: number; timestamp: number }) =>
	`${seq}/${timestamp}`;

const isFirstRecord = ({ dt, increment, value }: Found): boolean =>
	dt === 0 && increment === 0 && value === 0;

/**
 * The context for a later path. Where that path begins says nothing about where the logs begin, so
 * it does not update `newestBeginning`.
 */
const laterContext = (context: PartitionContext): PartitionContext => {
	const { newestBeginning } = context;
	return {
		...context,
		newestBeginning: {
			get tickOffset() {
				return newestBeginning.tickOffset;
			},
			set tickOffset(_) {},
			get recordOffset() {
				return newestBeginning.recordOffset;
			},
			set recordOffset(_) {},
		},
	};
};
