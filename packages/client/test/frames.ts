/** Frames as a middleware sends them. */
import type {
	BatchFrame,
	DevicesFrame,
	HelloFrame,
} from "@fireworks/contracts";

export const hello = (serverTime: number, pingMs = 5_000): HelloFrame => ({
	type: "hello",
	protocol: "fireworks.v1",
	serverTime,
	engine: "typescript",
	deviceCount: 2,
	batchMs: 50,
	pingMs,
	oldest: "v1.0.0",
	newest: "v1.9.9",
});

/** Devices, indexed in the given order, as a pod sends them. */
export const devices = (...ids: string[]): DevicesFrame => ({
	type: "devices",
	devices: ids.map((deviceId, index) => ({
		index,
		deviceId,
		drift: 0,
		volatility: 1,
	})),
});

export const batch = (
	position: string,
	sentAt: number,
	device: number[],
	seq: number[],
): BatchFrame => ({
	type: "batch",
	position,
	sentAt,
	columns: {
		device,
		seq,
		timestamp: seq.map((n) => 1_767_225_600_000 + n * 1_000),
		dt: seq.map(() => 1),
		increment: seq.map(() => 0.5),
		value: seq.map((n) => n / 2),
	},
});
