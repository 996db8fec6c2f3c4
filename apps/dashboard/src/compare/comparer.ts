/**
 * Whether two engines say the same of the same ticks.
 *
 * A record is compared once, when the later of the two engines brings it: with what the page still holds of the other's (stream/ring.ts), so that
 * nothing is kept twice. Records of one device come in the order of time from either; one at or before the last that was compared is a repeat.
 * Equal means equal to the bit, as doubles that were parsed: -0 = 0.
 */
import type { ClientEvents } from "@fireworks/client";
import type { LiveStore } from "../stream/live-store.ts";
import type { Ring } from "../stream/ring.ts";
import { EngineSide } from "./engine-side.ts";

/** 0: the page's own stream; 1: the one that it is compared with. */
export type Which = 0 | 1;

const FIELDS = ["timestamp", "dt", "increment", "value"] as const;

/** The first record that differs, and in what. */
export interface Difference {
	deviceId: string;
	seq: number;
	field: (typeof FIELDS)[number];
	/** What each engine says. */
	values: readonly [number, number];
}

type Columns = ClientEvents["events"]["columns"];

export class Comparer {
	readonly sides: readonly [EngineSide, EngineSide];
	/** Records that both had. */
	compared = 0;
	different = 0;
	first: Difference | undefined;
	/** Of each device of side 0, the time of the last record compared. */
	readonly #comparedMs: number[] = [];

	constructor(first: LiveStore, second: LiveStore) {
		this.sides = [new EngineSide(first), new EngineSide(second)];
	}

	/** A frame that the store of that side has taken. receivedMs: by the server's clock. */
	take(which: Which, frame: ClientEvents["events"], receivedMs: number): void {
		this.sides[which].take(frame, receivedMs);
		const { columns } = frame;
		for (let i = 0; i < columns.device.length; i++)
			this.#compare(which, columns, i);
	}

	/** Ticks that side 0 is ahead of side 1; undefined while one has none. */
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

/** Where the ring has that seq, which rises in it. */
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
