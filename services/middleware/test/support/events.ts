/** Events for tests, and a model of what a client shows. */
import type { ServerFrame, WienerRecord } from "@fireworks/contracts";

export const event = (
	deviceId: string,
	seq: number,
	more: Partial<WienerRecord> = {},
): WienerRecord => ({
	deviceId,
	seq,
	timestamp: 1_767_225_600_000 + seq * 1_000,
	dt: seq === 0 ? 0 : 1,
	increment: Math.sin(seq),
	value: Math.cos(seq) * 10,
	drift: 0,
	volatility: 1,
	...more,
});

export interface Seen {
	deviceId: string;
	seq: number;
	value: number;
}

/**
 * A client that trusts its frames: it collects the events to show, and a snapshot replaces all
 * earlier ones.
 */
export class Viewer {
	readonly devices = new Map<number, string>();
	events: Seen[] = [];
	position = "";
	skipped = 0;

	take(frame: ServerFrame): this {
		if (frame.type === "devices")
			for (const { index, deviceId } of frame.devices)
				this.devices.set(index, deviceId);
		if (frame.type === "gap") {
			this.position = frame.to;
			this.skipped += frame.count;
		}
		if (frame.type !== "snapshot" && frame.type !== "batch") return this;
		if (frame.type === "snapshot") this.events = [];
		this.position = frame.position;
		for (const [i, index] of frame.columns.device.entries()) {
			const deviceId = this.devices.get(index);
			if (deviceId === undefined)
				throw new Error("a device that was not announced");
			this.events.push({
				deviceId,
				seq: frame.columns.seq[i] as number,
				value: frame.columns.value[i] as number,
			});
		}
		return this;
	}

	static of(frames: readonly ServerFrame[]): Viewer {
		const viewer = new Viewer();
		for (const frame of frames) viewer.take(frame);
		return viewer;
	}

	seqs(deviceId: string): number[] {
		return this.events.filter((e) => e.deviceId === deviceId).map((e) => e.seq);
	}
}

export const range = (from: number, to: number): number[] =>
	Array.from({ length: to - from }, (_, i) => from + i);
