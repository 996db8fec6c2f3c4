/**
 * The newest points of one device's path, in typed arrays outside React.
 *
 * The points are contiguous, from `begin` to `end`, so searching and decimating are plain loops.
 * Eviction only moves `begin`. When the arrays are full, the points are moved to the front: once
 * for every quarter of the arrays, so a point costs O(1). Bound: `pointsMax` points; the arrays
 * double up to a quarter more than that.
 */

const FIRST_POINTS = 64;

/** An event as a path keeps it. Times in ms since 1970; dtS, increment: since the event before. */
export interface Point {
	seq: number;
	timeMs: number;
	dtS: number;
	increment: number;
	value: number;
}

export class Ring {
	seq = new Float64Array(FIRST_POINTS);
	/** Event time, ms since 1970. */
	time = new Float64Array(FIRST_POINTS);
	value = new Float64Array(FIRST_POINTS);
	/** s since the previous record, and the change since then, both from the record itself. */
	dt = new Float64Array(FIRST_POINTS);
	increment = new Float64Array(FIRST_POINTS);
	/** 1 if a record is missing before the point: no line is drawn across. */
	hole = new Uint8Array(FIRST_POINTS);
	begin = 0;
	end = 0;
	#pointsMax: number;

	constructor(pointsMax: number) {
		this.#pointsMax = pointsMax;
	}

	get length(): number {
		return this.end - this.begin;
	}

	/** From now on keeps at most this many points. */
	set pointsMax(pointsMax: number) {
		this.#pointsMax = pointsMax;
		this.begin = Math.max(this.begin, this.end - pointsMax);
		if (this.seq.length > 2 * capacityOf(pointsMax))
			this.#resize(capacityOf(pointsMax));
	}

	clear(): void {
		this.begin = 0;
		this.end = 0;
	}

	push({ seq, timeMs, value, dtS, increment }: Point, hole: boolean): void {
		if (this.length >= this.#pointsMax) this.begin++;
		if (this.end === this.seq.length) this.#makeRoom();
		const i = this.end++;
		this.seq[i] = seq;
		this.time[i] = timeMs;
		this.value[i] = value;
		this.dt[i] = dtS;
		this.increment[i] = increment;
		this.hole[i] = hole ? 1 : 0;
	}

	/** Drops the points before `timeMs`. */
	dropBefore(timeMs: number): void {
		while (this.begin < this.end && (this.time[this.begin] as number) < timeMs)
			this.begin++;
	}

	/** The first index in begin..end whose time is at or after `timeMs`; `end` if all are earlier. */
	firstAtOrAfter(timeMs: number): number {
		let low = this.begin;
		let high = this.end;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.time[middle] as number) < timeMs) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** The last index whose time is at or before `timeMs`; begin - 1 if all are later. */
	lastAtOrBefore(timeMs: number): number {
		const place = this.firstAtOrAfter(timeMs);
		return place < this.end && this.time[place] === timeMs ? place : place - 1;
	}

	#makeRoom(): void {
		const capacity = this.seq.length;
		const most = capacityOf(this.#pointsMax);
		const roomy = this.begin >= capacity / 4 || capacity >= most;
		this.#resize(roomy ? capacity : Math.min(most, capacity * 2));
	}

	/** Moves the points to the front of arrays of that size. */
	#resize(capacity: number): void {
		const moved = <A extends Float64Array | Uint8Array>(column: A): A => {
			if (column.length === capacity) {
				column.copyWithin(0, this.begin, this.end);
				return column;
			}
			const larger = new (column.constructor as new (n: number) => A)(capacity);
			larger.set(column.subarray(this.begin, this.end));
			return larger;
		};
		this.seq = moved(this.seq);
		this.time = moved(this.time);
		this.value = moved(this.value);
		this.dt = moved(this.dt);
		this.increment = moved(this.increment);
		this.hole = moved(this.hole);
		this.end -= this.begin;
		this.begin = 0;
	}
}

const capacityOf = (pointsMax: number): number =>
	Math.max(FIRST_POINTS, Math.ceil(pointsMax * 1.25));
