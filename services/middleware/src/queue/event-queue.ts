/**
 * The queue of the built-in stream: columns of Wiener records.
 *
 * An event costs EVENT_BYTES, whatever its numbers are. The memory is reserved at the start, and
 * the operating system assigns it as the queue fills.
 */
import type { WienerRecord } from "@fireworks/contracts";
import { FRAME_EVENTS_MAX } from "../limits.ts";
import { columnJson } from "./column-json.ts";
import type { DeviceTable } from "./device-table.ts";
import { COMMON_EVENT_BYTES, RingQueue } from "./ring-queue.ts";

/** seq, dt, increment, value: 8 bytes each. */
export const EVENT_BYTES = COMMON_EVENT_BYTES + 4 * 8;

export class EventQueue extends RingQueue<DeviceTable> {
	/** By slot, as the columns of RingQueue. */
	readonly seq: Float64Array;
	readonly dt: Float64Array;
	readonly increment: Float64Array;
	readonly value: Float64Array;

	constructor(capacity: number, devices: DeviceTable) {
		super(capacity, devices);
		this.seq = new Float64Array(capacity);
		this.dt = new Float64Array(capacity);
		this.increment = new Float64Array(capacity);
		this.value = new Float64Array(capacity);
	}

	get frameEventsMax(): number {
		return FRAME_EVENTS_MAX;
	}

	/** The newest event time of a device; undefined if no event of it is held. */
	newestMs(deviceId: string): number | undefined {
		const device = this.devices.indexOf(deviceId);
		const ordinal = device === undefined ? -1 : this.devices.newestOf(device);
		return ordinal < this.oldest
			? undefined
			: this.timestamp[ordinal % this.capacity];
	}

	/**
	 * Appends a record of a partition, whose offset must be at or after next[partition]. False: the
	 * device table is full, and the record is skipped.
	 */
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
		const slot = this.claim(device, partition, offset, record.timestamp);
		this.seq[slot] = record.seq;
		this.dt[slot] = record.dt;
		this.increment[slot] = record.increment;
		this.value[slot] = record.value;
		return true;
	}

	columnsJson(slots: Uint32Array): string {
		const column = (values: Uint32Array | Float64Array) =>
			columnJson(values, slots);
		return `{"device":${column(this.device)},"seq":${column(this.seq)},"timestamp":${column(this.timestamp)},"dt":${column(this.dt)},"increment":${column(this.increment)},"value":${column(this.value)}}`;
	}
}
