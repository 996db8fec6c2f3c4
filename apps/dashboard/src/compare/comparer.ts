/**
 * Checks whether two engines produce the same values for the same ticks.
 *
 * A record is compared once, when the later of the two engines delivers it. It is compared with the
 * points that the page still holds of the other engine (stream/ring.ts), so nothing is stored
 * twice. Both engines deliver the records of one device in order of time. A record at or before the
 * last compared one is a repeat. Equal means that the parsed doubles are equal bit by bit, except
 * that -0 = 0.
 */
import type { ClientEvents } from "@fireworks/client";
import type { LiveStore } from "../stream/live-store.ts";
import type { Ring } from "../stream/ring.ts";
import { EngineSide } from "./engine-side.ts";

/** 0: the page's own stream; 1: the stream that it is compared with. */
export type Which = 0 | 1;

const FIELDS = ["timestamp", "dt", "increment", "value"] as const;

/** The first record that differs, and the field in which it differs. */
export interface Difference {
	deviceId: string;
	seq: number;
	field: (typeof FIELDS)[number];
	/** The values of the two engines. */
	values: readonly [number, number];
}

type Columns = ClientEvents["events"]["columns"];

export class Comparer {
	readonly sides: readonly [EngineSide, EngineSide];
	/** Records that both engines delivered. */
	compared = 0;
	different = 0;
	first: Difference | undefined;
	/** For each device of side 0, the time of the last record compared. */
	readonly #comparedMs: number[] = [];

	constructor(first: LiveStore, second: LiveStore) {
		this.sides = [new EngineSide(first), new EngineSide(second)];
	}

	/**
	 * Takes a frame that the store of that side has already taken. receivedMs: by the server's
	 * clock.
	 */
	take(which: Which, frame: ClientEvents["events"], receivedMs: number): void {
		this.sides[which].take(frame, receivedMs);
		const { columns } = frame;
		for (let i = 0; i < columns.device.length; i++)
			this.#compare(which, columns, i);
	}

	/** Ticks that side 0 is ahead of side 1; undefined while one of them has no ticks. */
	get aheadTicks(): number | undefined {
		const [a, b] = this.sides;
		return a.last && b.last ? a.last.seq - b.last.seq : undefined;
	}

	#compare(which: Which, columns: Columns, i: number): void {
		const [mine, theirs] =
			which === 0 ? this.sides : ([this.sides[1], this.sides[0]] as const);
		const device = columns.device[i] as number;
		const deviceId = mine.store.devices[device]?.deviceId ?? "";
		const other = theirs.indexOf(deviceId);
		const ring = theirs.store.paths[other ?? -1]?.ring;
		if (other === undefined || !ring) return;
		const seq = columns.seq[i] as number;
		const place = placeOf(ring, seq);
		if (place === undefined) return;
		const index = which === 0 ? device : other;
		const timeMs = Math.max(
			columns.timestamp[i] as number,
			ring.time[place] as number,
		);
		if (timeMs <= (this.#comparedMs[index] ?? Number.NEGATIVE_INFINITY)) return;
		this.#comparedMs[index] = timeMs;
		this.compared++;
		const says = FIELDS.map((field) => columns[field][i] as number);
		const field = FIELDS.find(
			(field, k) => says[k] !== columnOf(ring, field)[place],
		);
		if (!field) return;
		this.different++;
		const ours = columns[field][i] as number;
		const its = columnOf(ring, field)[place] as number;
		this.first ??= {
			...{ deviceId, seq, field },
			values: which === 0 ? [ours, its] : [its, ours],
		};
	}
}

const columnOf = (ring: Ring, field: Difference["field"]): Float64Array =>
	field === "timestamp" ? ring.time : ring[field];

/** The index of that seq in the ring, where seqs rise. */
function placeOf({ seq, begin, end }: Ring, wanted: number) {
	let low = begin;
	let high = end;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((seq[middle] as number) < wanted) low = middle + 1;
		else high = middle;
	}
	return low < end && seq[low] === wanted ? low : undefined;
}
