/**
 * Checks a stream while it runs. It gets every committed record of `metronome` and `wiener`,
 * partition by partition in offset order. It notices at once when a tick or a record is duplicated,
 * missing, out of order, torn, or differs in a bit from the recomputed one.
 *
 * It is independent of the audit and the processor, so one mistake cannot hide in all three.
 */
import {
	parseTick,
	parseWiener,
	partitionOf,
	Refused,
	type Tick,
	verdict,
	type WienerRecord,
} from "@fireworks/contracts";
import type { LogRecord } from "@fireworks/streams";
import { advance, deviceWords, noise, parseSeed } from "@fireworks/wiener";
import { TickOrder } from "./tick-order.ts";

const PROBLEMS_KEPT = 20;

export interface CheckerOptions {
	metronome: string;
	wiener: string;
	partitions: number;
	seed: string;
	/**
	 * The metronome's own devices: their ticks must be complete, each number exactly once. Ticks of
	 * other devices are only judged and recomputed.
	 */
	devices: readonly string[];
}

interface Device {
	last: { seq: number; timestamp: number; value: number } | undefined;
	/**
	 * The records that ticks must lead to, and the records that arrived, each in order. One of the
	 * two lists is always empty.
	 */
	readonly expected: WienerRecord[];
	readonly found: { record: WienerRecord; where: string }[];
	lastFoundSeq: number;
}

export class StreamChecker {
	/** The first findings, each naming the record. */
	readonly problems: string[] = [];
	readonly counts = { ticks: 0, records: 0, refused: 0, repeats: 0 };
	readonly #options: CheckerOptions;
	readonly #own: ReadonlySet<string>;
	readonly #seed: ReturnType<typeof parseSeed>;
	readonly #devices = new Map<string, Device>();
	readonly #orders = new Map<number, TickOrder>();

	constructor(options: CheckerOptions) {
		this.#options = options;
		this.#own = new Set(options.devices);
		this.#seed = parseSeed(options.seed);
		for (const deviceId of options.devices) {
			const partition = partitionOf(Buffer.from(deviceId), options.partitions);
			const order = this.#orders.get(partition) ?? new TickOrder();
			order.devices++;
			this.#orders.set(partition, order);
		}
	}

	/**
	 * The number of ticks without a record, plus records without a tick. 0: everything read so far
	 * agrees.
	 */
	get outstanding(): number {
		let n = 0;
		for (const { expected, found } of this.#devices.values())
			n += expected.length + found.length;
		return n;
	}

	/** Partitions that have devices of the metronome. */
	get partitions(): number[] {
		return [...this.#orders.keys()];
	}

	take(topic: string, record: LogRecord): void {
		if (topic === this.#options.metronome) this.#tick(record);
		else if (topic === this.#options.wiener) this.#record(record);
	}

	#tick(record: LogRecord): void {
		const where = `${this.#options.metronome}/${record.partition} at ${record.offset}`;
		let tick: Tick;
		try {
			tick = parseTick(record.key, record.value);
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			this.counts.refused++;
			return;
		}
		const { deviceId, seq, timestamp, drift, volatility } = tick;
		if (this.#misplaced(deviceId, record)) {
			this.counts.refused++;
			return;
		}
		const device = this.#device(deviceId);
		const named = `${where}: tick ${seq} of ${deviceId}`;
		const outcome = verdict(device.last, tick);
		if (this.#own.has(deviceId)) {
			const due = (device.last?.seq ?? -1) + 1;
			if (outcome !== "apply") this.#problem(`${named} is a ${outcome}`);
			else if (seq !== due) this.#problem(`${named} comes where ${due} is due`);
			const torn = this.#orders.get(record.partition)?.take(seq);
			if (torn !== undefined) this.#problem(`${named}: ${torn}`);
		}
		if (outcome === "repeat") this.counts.repeats++;
		else if (outcome !== "apply") this.counts.refused++;
		if (outcome !== "apply") return;
		this.counts.ticks++;
		const z = noise(this.#seed, deviceWords(deviceId), seq);
		const step = advance(device.last, tick, z);
		if (step === undefined) {
			this.counts.refused++;
			return;
		}
		device.last = { seq, timestamp, value: step.value };
		device.expected.push({
			deviceId,
			seq,
			timestamp,
			...step,
			drift,
			volatility,
		});
		this.#match(device);
	}

	#record(record: LogRecord): void {
		const where = `${this.#options.wiener}/${record.partition} at ${record.offset}`;
		this.counts.records++;
		const found = parseWiener(record.value);
		if (found === undefined || String(record.key) !== found.deviceId) {
			this.#problem(`${where}: no Wiener record of its key`);
			return;
		}
		const named = `${where}: record ${found.seq} of ${found.deviceId}`;
		if (this.#misplaced(found.deviceId, record)) {
			this.#problem(`${named} lies in the wrong partition`);
			return;
		}
		if (record.timestamp !== found.timestamp)
			this.#problem(`${named} has the record timestamp ${record.timestamp}`);
		const device = this.#device(found.deviceId);
		if (found.seq <= device.lastFoundSeq) {
			this.#problem(
				`${named} is doubled or out of order: ${device.lastFoundSeq} came before`,
			);
			return;
		}
		device.lastFoundSeq = found.seq;
		device.found.push({ record: found, where: named });
		this.#match(device);
	}

	#match({ expected, found }: Device): void {
		for (;;) {
			const due = expected[0];
			const come = found[0];
			if (due === undefined || come === undefined) return;
			if (come.record.seq < due.seq) {
				this.#problem(`${come.where} has no tick; ${due.seq} is due`);
				found.shift();
				continue;
			}
			expected.shift();
			if (come.record.seq > due.seq) {
				this.#problem(`${come.where} comes where ${due.seq} is due: a gap`);
				continue;
			}
			found.shift();
			for (const field of FIELDS) {
				if (come.record[field] !== due[field])
					this.#problem(
						`${come.where}: ${field} is ${come.record[field]}, recomputed ${due[field]}`,
					);
			}
		}
	}

	#misplaced(deviceId: string, { partition }: LogRecord): boolean {
		const { partitions } = this.#options;
		return partitionOf(Buffer.from(deviceId), partitions) !== partition;
	}

	#device(deviceId: string): Device {
		let device = this.#devices.get(deviceId);
		if (device === undefined) {
			device = { last: undefined, expected: [], found: [], lastFoundSeq: -1 };
			this.#devices.set(deviceId, device);
		}
		return device;
	}

	#problem(text: string): void {
		if (this.problems.length < PROBLEMS_KEPT) this.problems.push(text);
	}
}

const FIELDS = [
	"timestamp",
	"dt",
	"increment",
	"value",
	"drift",
	"volatility",
] as const;
