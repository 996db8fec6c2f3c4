/** Frames of `fireworks.v2` as a middleware sends them. */
import type {
	KeysFrame,
	ShownStream,
	StreamBatchFrame,
	StreamHelloFrame,
	StreamSnapshotFrame,
	StreamsFrame,
} from "@fireworks/contracts";

export const READINGS: ShownStream = {
	name: "readings",
	key: "station",
	measures: { temperature: { unit: "°C" }, "wind.speed": { label: "Wind" } },
	version: 1,
};

export const streams = (serverTime: number): StreamsFrame => ({
	type: "streams",
	serverTime,
	streams: [READINGS, { name: "plain", key: null, measures: {}, version: 3 }],
});

export const streamHello = (serverTime: number): StreamHelloFrame => ({
	type: "hello",
	protocol: "fireworks.v2",
	serverTime,
	stream: READINGS,
	keyCount: 2,
	batchMs: 50,
	pingMs: 5_000,
	oldest: "v1.0.0",
	newest: "v1.9.9",
});

export const keys = (...names: (string | null)[]): KeysFrame => ({
	type: "keys",
	keys: names.map((key, index) => ({ index, key })),
});

const columns = (key: number[], timestamp: number[]) => ({
	key,
	timestamp,
	partition: key,
	offset: timestamp.map((_, i) => i),
	measures: {
		temperature: timestamp.map((_, i) => (i === 0 ? null : i / 2)),
		"wind.speed": timestamp.map(() => 3),
	},
});

export const streamBatch = (
	position: string,
	sentAt: number,
	key: number[],
	timestamp: number[],
): StreamBatchFrame => ({
	type: "batch",
	position,
	sentAt,
	columns: columns(key, timestamp),
});

export const streamSnapshot = (
	...of: Parameters<typeof streamBatch>
): StreamSnapshotFrame => ({
	...streamBatch(...of),
	type: "snapshot",
	stream: "v1-abc",
});
