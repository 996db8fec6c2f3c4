/**
 * Encodes ticks of all devices as records for their partitions. The parts that are the same in
 * every tick are made once.
 */
import { partitionOf } from "@fireworks/contracts";
import type { OutgoingRecord } from "@fireworks/streams";
import type { TableDevice } from "./devices.ts";

interface PreparedDevice {
	readonly key: Buffer;
	readonly partition: number;
	readonly head: string;
	readonly tail: string;
}

export class TickEncoder {
	readonly #devices: readonly PreparedDevice[];

	constructor(devices: readonly TableDevice[], partitions: number) {
		this.#devices = devices.map(({ deviceId, drift, volatility }) => {
			const key = Buffer.from(deviceId);
			return {
				key,
				partition: partitionOf(key, partitions),
				head: `{"deviceId":${JSON.stringify(deviceId)},"seq":`,
				tail: `,"drift":${drift},"volatility":${volatility}}`,
			};
		});
	}

	/** Number of records in one tick of all devices. */
	get size(): number {
		return this.#devices.length;
	}

	/** Adds tick n, with its event time, for every device. */
	encode(n: number, timestamp: number, records: OutgoingRecord[]): void {
		for (const { key, partition, head, tail } of this.#devices) {
			records.push({
				partition,
				key,
				value: `${head}${n},"timestamp":${timestamp}${tail}`,
				timestamp,
			});
		}
	}
}
