/**
 * Devices whose newest tick is refused because of their state. The contract demands the refusal, so
 * it is not a finding, but the user should know.
 */
import { type RefusedCode, showTime } from "@fireworks/contracts";

export interface RefusedDevice {
	readonly deviceId: string;
	readonly code: RefusedCode;
	/** Ticks refused since the last applied one. */
	readonly ticks: number;
	/** The last applied tick. The next one must be above it. */
	readonly seq: number;
	readonly timestamp: number;
}

const KEPT_MAX = 100;

export class RefusedDevices {
	readonly kept: RefusedDevice[] = [];
	total = 0;

	add(device: RefusedDevice): void {
		this.total++;
		if (this.kept.length < KEPT_MAX) this.kept.push(device);
	}
}

/** For example: `device-0001 is refused on every tick: …` */
export const describeRefused = ({
	deviceId,
	code,
	ticks,
	seq,
	timestamp,
}: RefusedDevice): string =>
	`${deviceId} is refused on every tick (${ticks} so far): ${code}, waits for ${code === "clock-restarted" ? `a seq above ${seq}` : `a time after ${showTime(timestamp)}`}`;
