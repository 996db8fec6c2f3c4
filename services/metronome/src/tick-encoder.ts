/** Ticks of all devices as records, in their partitions. What does not change from tick to tick is made once. */
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

	/** Records of one tick of all devices. */
	get size(): number {
		return this.#devices.length;
	}

	/** Adds tick n, of an event time, of every device. */
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
