/**
 * The newest events of a stream: a ring buffer of columns. This is what both protocols share; a
 * subclass adds the columns of its records.
 *
 * Its capacity bounds it: the oldest event makes room for the newest. Events are numbered by
 * ordinals in the order of arrival, which differs from pod to pod. Offsets are the same on every
 * pod. Within a partition both rise together.
 *
 * Invariants (checked against a model in test/queue/event-queue.property.test.ts):
 * 1. The queue holds exactly the records of partition p with low[p] <= offset < next[p] that made
 *    an event.
 * 2. Ordinals rise by one, and are never reused, not even after restart().
 * 3. The links of a device, and of a partition, lead from each of its events to the previous one,
 *    until one that is no longer held.
 */
import type { NameTable } from "./name-table.ts";
import type { Place } from "./place.ts";
import { PositionCheckpoints } from "./position-checkpoints.ts";

/** device, two links: 4 bytes each; timestamp, offset: 8 each; partition: 2. */
export const COMMON_EVENT_BYTES = 3 * 4 + 2 * 8 + 2;

type Column = Uint16Array | Uint32Array | Float64Array;

export abstract class RingQueue<Table extends NameTable = NameTable> {
	readonly devices: Table;
	/** By slot, which is ordinal % capacity. Only resize() replaces the columns. */
	device: Uint32Array;
	timestamp: Float64Array;
	partition: Uint16Array;
	offset: Float64Array;
	/**
	 * How many events back the previous one of the same device, or partition, is; 0 if there was
	 * none.
	 */
	#backInDevice: Uint32Array;
	#backInPartition: Uint32Array;
	#checkpoints: PositionCheckpoints;
	#capacity: number;
	#newestInPartition: number[] = [];
	#low: number[] = [];
	#next: number[] = [];
	#oldest = 0;
	#head = 0;
	#generation = 0;
	#stream = "";

	/** capacity: events held at most. devices: used by this queue only. */
	constructor(capacity: number, devices: Table) {
		this.devices = devices;
		this.#capacity = capacity;
		this.device = new Uint32Array(capacity);
		this.timestamp = new Float64Array(capacity);
		this.partition = new Uint16Array(capacity);
		this.offset = new Float64Array(capacity);
		this.#backInDevice = new Uint32Array(capacity);
		this.#backInPartition = new Uint32Array(capacity);
		this.#checkpoints = new PositionCheckpoints(capacity);
	}

	/** Events in one frame at most. */
	abstract get frameEventsMax(): number;
	/** `columns` of a frame with the events at these slots, as JSON. */
	abstract columnsJson(slots: Uint32Array): string;

	get capacity(): number {
		return this.#capacity;
	}
	/** Ordinal of the oldest event held; equals `head` if the queue is empty. */
	get oldest(): number {
		return this.#oldest;
	}
	/** Ordinal of the next event. */
	get head(): number {
		return this.#head;
	}
	get count(): number {
		return this.#head - this.#oldest;
	}
	/** For each partition: the first offset from which nothing is missing here. */
	get low(): readonly number[] {
		return this.#low;
	}
	/** For each partition: the next offset to read. */
	get next(): readonly number[] {
		return this.#next;
	}
	/**
	 * Rises at each restart. Places of another generation cannot be compared with the current ones.
	 */
	get generation(): number {
		return this.#generation;
	}
	/** The topic's id; empty if the broker has none. */
	get stream(): string {
		return this.#stream;
	}
	/** What positions and snapshots carry to tell one stream from another. */
	get tag(): string {
		return this.#stream;
	}
	get headPlace(): Place {
		return { ordinal: this.#head, next: [...this.#next] };
	}
	get oldestPlace(): Place {
		return { ordinal: this.#oldest, next: [...this.#low] };
	}

	/**
	 * Drops everything and begins at these offsets, one for each partition. stream: the topic's id.
	 */
	restart(starts: readonly number[], stream = ""): void {
		this.#stream = stream;
		this.#low = [...starts];
		this.#next = [...starts];
		this.#newestInPartition = starts.map(() => -1);
		this.#oldest = this.#head;
		this.#generation++;
		this.devices.cleared();
	}

	/**
	 * Appends an event of a partition, whose offset must be at or after next[partition]. Returns
	 * its slot, for the subclass to fill its own columns.
	 */
	protected claim(
		device: number,
		partition: number,
		offset: number,
		timestamp: number,
	): number {
		if (this.count === this.#capacity) this.evict();
		const ordinal = this.#head;
		const slot = ordinal % this.#capacity;
		this.#checkpoints.note(ordinal, this.#next);
		const ofDevice = this.devices.newestOf(device);
		const ofPartition = this.#newestInPartition[partition] ?? -1;
		this.device[slot] = device;
		this.timestamp[slot] = timestamp;
		this.partition[slot] = partition;
		this.offset[slot] = offset;
		this.#backInDevice[slot] = this.#distance(ordinal, ofDevice);
		this.#backInPartition[slot] = this.#distance(ordinal, ofPartition);
		this.devices.appended(device, ordinal);
		this.#newestInPartition[partition] = ordinal;
		this.#next[partition] = offset + 1;
		this.#head = ordinal + 1;
		return slot;
	}

	/** Advances past a record that makes no event. */
	skip(partition: number, offset: number): void {
		this.#next[partition] = offset + 1;
	}

	#distance(ordinal: number, before: number): number {
		return before < this.#oldest ? 0 : ordinal - before;
	}

	/** Drops the oldest event. */
	protected evict(): void {
		const slot = this.#oldest % this.#capacity;
		this.#low[this.partition[slot] as number] =
			(this.offset[slot] as number) + 1;
		this.devices.evicted(this.device[slot] as number, this.#oldest);
		this.#oldest++;
	}

	/**
	 * Changes the capacity; the oldest events are dropped if it is too small for all. moved: moves
	 * a subclass's own column.
	 */
	protected resize(
		capacity: number,
		move: (moved: <C extends Column>(column: C) => C) => void,
	): void {
		while (this.count > capacity) this.evict();
		const { oldest, head } = this;
		const before = this.#capacity;
		const moved = <C extends Column>(column: C): C => {
			const into = new (column.constructor as new (length: number) => C)(
				capacity,
			);
			for (let o = oldest; o < head; o++)
				into[o % capacity] = column[o % before] as number;
			return into;
		};
		this.device = moved(this.device);
		this.timestamp = moved(this.timestamp);
		this.partition = moved(this.partition);
		this.offset = moved(this.offset);
		this.#backInDevice = moved(this.#backInDevice);
		this.#backInPartition = moved(this.#backInPartition);
		move(moved);
		this.#checkpoints = this.#checkpoints.resized(capacity);
		this.#capacity = capacity;
	}

	/** Ordinal of the same device's previous event; -1 if it is not held. */
	previousOfDevice(ordinal: number): number {
		return this.#previous(this.#backInDevice, ordinal);
	}

	#previous(links: Uint32Array, ordinal: number): number {
		const back = links[ordinal % this.#capacity] as number;
		return back === 0 || ordinal - back < this.#oldest ? -1 : ordinal - back;
	}

	/**
	 * Ordinal of the partition's first held event at or after the offset; `head` if all are older.
	 */
	firstFrom(partition: number, offset: number): number {
		let first = this.#head;
		let ordinal = this.#newestInPartition[partition] ?? -1;
		while (
			ordinal >= this.#oldest &&
			(this.offset[ordinal % this.#capacity] as number) >= offset
		) {
			first = ordinal;
			ordinal = this.#previous(this.#backInPartition, ordinal);
		}
		return first;
	}

	/** The place just before this event, which must be held (or be `head`). */
	placeAt(ordinal: number): Place {
		if (ordinal === this.#head) return this.headPlace;
		const checkpoint = this.#checkpoints.before(ordinal);
		const from =
			checkpoint !== undefined && checkpoint.ordinal >= this.#oldest
				? checkpoint
				: this.oldestPlace;
		const next = [...from.next];
		for (let o = from.ordinal; o < ordinal; o++) {
			const slot = o % this.#capacity;
			next[this.partition[slot] as number] = (this.offset[slot] as number) + 1;
		}
		return { ordinal, next };
	}
}
