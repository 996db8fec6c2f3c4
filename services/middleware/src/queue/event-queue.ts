/**
 * The newest events of the stream: a ring of columns.
 *
 * Bounded by its capacity: the oldest event makes room for the newest. An event costs EVENT_BYTES, whatever its numbers are; the memory is
 * taken at the start by name, and by the operating system as it fills. Events are numbered by ordinals in the order of arrival, which
 * differs from pod to pod; offsets are the same on every pod, and within a partition both rise together.
 *
 * Invariants (checked against a model in test/queue/event-queue.property.test.ts):
 * 1. Every record of partition p with low[p] <= offset < next[p] that made an event is held, and no other.
 * 2. Ordinals rise by one, and are never used again, not even after restart().
 * 3. The links of a device, and of a partition, lead from each of its events to the one before, until one that is not held.
 */
import type { WienerRecord } from "@fireworks/contracts";
import type { DeviceTable } from "./device-table.ts";
import type { Place } from "./place.ts";
import { PositionCheckpoints } from "./position-checkpoints.ts";

/** device, two links: 4 bytes each; seq, timestamp, dt, increment, value, offset: 8 each; partition: 2. */
export const EVENT_BYTES = 3 * 4 + 6 * 8 + 2;

export class EventQueue {
	readonly capacity: number;
	readonly devices: DeviceTable;
	/** By slot, which is ordinal % capacity. */
	readonly device: Uint32Array;
	readonly seq: Float64Array;
	readonly timestamp: Float64Array;
	readonly dt: Float64Array;
	readonly increment: Float64Array;
	readonly value: Float64Array;
	readonly partition: Uint16Array;
	readonly offset: Float64Array;
	/** Events back to the one before of the same device, or partition; 0 where there was none. */
	readonly #backInDevice: Uint32Array;
	readonly #backInPartition: Uint32Array;
	readonly #checkpoints: PositionCheckpoints;
	#newestInPartition: number[] = [];
	#low: number[] = [];
	#next: number[] = [];
	#oldest = 0;
	#head = 0;
	#generation = 0;

	/** capacity: events held at most. devices: must be this queue's own. */
	constructor(capacity: number, devices: DeviceTable) {
		this.capacity = capacity;
		this.devices = devices;
		this.device = new Uint32Array(capacity);
		this.seq = new Float64Array(capacity);
		this.timestamp = new Float64Array(capacity);
		this.dt = new Float64Array(capacity);
		this.increment = new Float64Array(capacity);
		this.value = new Float64Array(capacity);
		this.partition = new Uint16Array(capacity);
		this.offset = new Float64Array(capacity);
		this.#backInDevice = new Uint32Array(capacity);
		this.#backInPartition = new Uint32Array(capacity);
		this.#checkpoints = new PositionCheckpoints(capacity);
	}

	/** Ordinal of the oldest event held; equals `head` where there is none. */
	get oldest(): number {
		return this.#oldest;
	}
	/** Ordinal of the event to come. */
	get head(): number {
		return this.#head;
	}
	get count(): number {
		return this.#head - this.#oldest;
	}
	/** Of each partition: the first offset from which nothing is missing here. */
	get low(): readonly number[] {
		return this.#low;
	}
	/** Of each partition: the next offset to read. */
	get next(): readonly number[] {
		return this.#next;
	}
	/** Rises when the stream begins anew: nothing before has to do with what comes. */
	get generation(): number {
		return this.#generation;
	}
	get headPlace(): Place {
		return { ordinal: this.#head, next: [...this.#next] };
	}
	get oldestPlace(): Place {
		return { ordinal: this.#oldest, next: [...this.#low] };
	}

	/** Drops everything and begins at these offsets, one for each partition. */
	restart(starts: readonly number[]): void {
		this.#low = [...starts];
		this.#next = [...starts];
		this.#newestInPartition = starts.map(() => -1);
		this.#oldest = this.#head;
		this.#generation++;
		this.devices.cleared();
	}

	/** Takes a record of a partition whose offset is at or after next[partition]. False: the table of devices is full, the record is skipped. */
	append(partition: number, offset: number, record: WienerRecord): boolean {
		const device = this.devices.resolve(
			record.deviceId,
			record.drift,
			record.volatility,
		);
		if (device === undefined) {
			this.skip(partition, offset);
			return false;
		}
		if (this.count === this.capacity) this.#evict();
		const ordinal = this.#head;
		const slot = ordinal % this.capacity;
		this.#checkpoints.note(ordinal, this.#next);
		const ofDevice = this.devices.newestOf(device);
		const ofPartition = this.#newestInPartition[partition] ?? -1;
		this.device[slot] = device;
		this.seq[slot] = record.seq;
		this.timestamp[slot] = record.timestamp;
		this.dt[slot] = record.dt;
		this.increment[slot] = record.increment;
		this.value[slot] = record.value;
		this.partition[slot] = partition;
		this.offset[slot] = offset;
		this.#backInDevice[slot] = this.#distance(ordinal, ofDevice);
		this.#backInPartition[slot] = this.#distance(ordinal, ofPartition);
		this.devices.appended(device, ordinal);
		this.#newestInPartition[partition] = ordinal;
		this.#next[partition] = offset + 1;
		this.#head = ordinal + 1;
		return true;
	}

	/** Passes a record that makes no event. */
	skip(partition: number, offset: number): void {
		this.#next[partition] = offset + 1;
	}

	#distance(ordinal: number, before: number): number {
		return before < this.#oldest ? 0 : ordinal - before;
	}

	#evict(): void {
		const slot = this.#oldest % this.capacity;
		this.#low[this.partition[slot] as number] =
			(this.offset[slot] as number) + 1;
		this.devices.evicted(this.device[slot] as number, this.#oldest);
		this.#oldest++;
	}

	/** Ordinal of the same device's event before this one; -1 where it is not held. */
	previousOfDevice(ordinal: number): number {
		return this.#previous(this.#backInDevice, ordinal);
	}

	#previous(links: Uint32Array, ordinal: number): number {
		const back = links[ordinal % this.capacity] as number;
		return back === 0 || ordinal - back < this.#oldest ? -1 : ordinal - back;
	}

	/** Ordinal of the partition's first held event at or after the offset; `head` where there is none. */
	firstFrom(partition: number, offset: number): number {
		let first = this.#head;
		let ordinal = this.#newestInPartition[partition] ?? -1;
		while (
			ordinal >= this.#oldest &&
			(this.offset[ordinal % this.capacity] as number) >= offset
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
			const slot = o % this.capacity;
			next[this.partition[slot] as number] = (this.offset[slot] as number) + 1;
		}
		return { ordinal, next };
	}
}
