/**
 * The points of one key: their times and measures in typed arrays, outside React.
 *
 * Points are added in the order in which they arrive. They are put in the order of their times when
 * someone reads them: a late point lands where it belongs. Points with equal times are all kept, in
 * the order of their arrival. Only the points added since the last reading are sorted, and then
 * merged into the others. So a point that is in order costs O(1).
 */

const FIRST_POINTS = 16;

export class KeyPoints {
	#time = new Float64Array(FIRST_POINTS);
	/** Which record of the topic a point is; NaN: unknown. */
	#partition = new Float64Array(FIRST_POINTS);
	#offset = new Float64Array(FIRST_POINTS);
	/** By measure; NaN where a record has no value. */
	readonly #measures = new Map<string, Float64Array>();
	#length = 0;
	/** The first points up to here are in order. */
	#sorted = 0;
	/** Rises with each change. */
	version = 0;

	get length(): number {
		return this.#length;
	}

	/** Adds a point. A null, and a measure that is not named, is NaN. */
	add(timeMs: number, partition = Number.NaN, offset = Number.NaN): number {
		if (this.#length === this.#time.length) this.#resize(2 * this.#length);
		const at = this.#length++;
		this.#time[at] = timeMs;
		this.#partition[at] = partition;
		this.#offset[at] = offset;
		for (const column of this.#measures.values()) column[at] = Number.NaN;
		if (
			this.#sorted === at &&
			(at === 0 || (this.#time[at - 1] as number) <= timeMs)
		)
			this.#sorted = this.#length;
		this.version++;
		return at;
	}

	/** Sets a measure of the point that add() has returned. */
	set(at: number, measure: string, value: number): void {
		let column = this.#measures.get(measure);
		if (column === undefined) {
			column = new Float64Array(this.#time.length).fill(Number.NaN);
			this.#measures.set(measure, column);
		}
		column[at] = value;
	}

	/** The times in order. Valid until the next change. */
	times(): Float64Array {
		this.#sort();
		return this.#time.subarray(0, this.#length);
	}

	/** The values of a measure, by the same index as times(). */
	values(measure: string): Float64Array {
		this.#sort();
		return (
			this.#measures.get(measure)?.subarray(0, this.#length) ??
			new Float64Array(this.#length).fill(Number.NaN)
		);
	}

	/** The partitions and offsets, by the same index as times(). */
	places(): { partition: Float64Array; offset: Float64Array } {
		this.#sort();
		return {
			partition: this.#partition.subarray(0, this.#length),
			offset: this.#offset.subarray(0, this.#length),
		};
	}

	/** Drops the oldest points above `most`. Returns how many. */
	keepNewest(most: number): number {
		const dropped = Math.max(0, this.#length - most);
		if (dropped === 0) return 0;
		this.#sort();
		for (const column of this.#columns())
			column.copyWithin(0, dropped, this.#length);
		this.#length -= dropped;
		this.#sorted = this.#length;
		this.version++;
		if (this.#time.length > 4 * this.#length)
			this.#resize(Math.max(FIRST_POINTS, 2 * this.#length));
		return dropped;
	}

	*#columns(): Iterable<Float64Array> {
		yield this.#time;
		yield this.#partition;
		yield this.#offset;
		yield* this.#measures.values();
	}

	#resize(capacity: number): void {
		const moved = (column: Float64Array) => {
			const larger = new Float64Array(capacity).fill(Number.NaN);
			larger.set(column.subarray(0, this.#length));
			return larger;
		};
		this.#time = moved(this.#time);
		this.#partition = moved(this.#partition);
		this.#offset = moved(this.#offset);
		for (const [name, column] of this.#measures)
			this.#measures.set(name, moved(column));
	}

	#sort(): void {
		const from = this.#sorted;
		if (from === this.#length) return;
		const time = this.#time;
		const tail = Uint32Array.from(
			{ length: this.#length - from },
			(_, i) => from + i,
		).sort((a, b) => (time[a] as number) - (time[b] as number) || a - b);
		// Where each of the tail's points belongs: behind those of the head with the same time.
		const tailTime = Float64Array.from(tail, (at) => time[at] as number);
		const order = mergedOrder(time, from, tail, tailTime);
		const begin = this.#length - order.length;
		for (const column of this.#columns()) {
			const moved = Float64Array.from(order, (at) => column[at] as number);
			column.set(moved, begin);
		}
		this.#sorted = this.#length;
	}
}

/** The old indexes of all points from the first one that moves, in their new order. */
function mergedOrder(
	time: Float64Array,
	headEnd: number,
	tail: Uint32Array,
	tailTime: Float64Array,
): Uint32Array {
	let first = headEnd;
	while (first > 0 && (time[first - 1] as number) > (tailTime[0] as number))
		first--;
	const order = new Uint32Array(headEnd - first + tail.length);
	let head = first;
	let next = 0;
	for (let to = 0; to < order.length; to++) {
		const takeHead =
			head < headEnd &&
			(next === tail.length ||
				(time[head] as number) <= (tailTime[next] as number));
		order[to] = takeHead ? head++ : (tail[next++] as number);
	}
	return order;
}
