/**
 * The metrics of the streams of the catalog. Only streams that are read now have values, so there
 * are at most STREAMS_MAX of each.
 */
import { Counter, Gauge, type Registry } from "@fireworks/service-kit";
import type { ServedStream } from "./served-stream.ts";
import type { Streams } from "./streams.ts";

const PREFIX = "fireworks_middleware_";

export function createStreamMetrics(
	registry: Registry,
	streams: Streams,
): void {
	const registers = [registry];
	const gauge = (name: string, help: string, value: () => number) =>
		new Gauge({
			name: PREFIX + name,
			help,
			registers,
			collect() {
				this.set(value());
			},
		});
	const byStream = (
		name: string,
		help: string,
		value: (stream: ServedStream) => number,
	) =>
		new Gauge({
			name: PREFIX + name,
			help,
			registers,
			labelNames: ["stream"],
			collect() {
				this.reset();
				for (const stream of streams.open)
					this.set({ stream: stream.entry.name }, value(stream));
			},
		});
	gauge("catalog_streams", "Streams in the catalog", () => streams.knownCount);
	gauge("open_streams", "Streams that are read now", () => streams.openCount);
	gauge(
		"list_clients",
		"Clients that watch the list of streams",
		() => streams.list.sessions.size,
	);
	gauge(
		"stream_queues_bytes",
		"Bytes reserved for the queues of all open streams",
		() => streams.memory.bytes,
	);
	gauge(
		"stream_queues_bytes_max",
		"Bytes that those queues may take",
		() => streams.memory.bytesMax,
	);
	byStream(
		"stream_clients",
		"Connected clients of an open stream",
		({ sessions }) => sessions.size,
	);
	byStream(
		"stream_queue_events",
		"Events in the queue of an open stream",
		({ queue }) => queue.count,
	);
	byStream(
		"stream_keys",
		"Known keys of an open stream",
		({ queue }) => queue.devices.count,
	);
	byStream(
		"stream_lag",
		"Offsets to the end of an open stream, of all partitions",
		({ reader }) => reader.lag().reduce((sum, lag) => sum + lag, 0),
	);
	new Counter({
		name: `${PREFIX}stream_records_total`,
		help: "Records of an open stream, by what became of them",
		registers,
		labelNames: ["stream", "outcome"],
		collect() {
			this.reset();
			for (const { entry, counts } of streams.open)
				for (const [outcome, value] of [
					["shown", counts.shown],
					["refused", counts.refused],
					["ahead", counts.ahead],
					["keys-full", counts.keysFull],
					["repeated", counts.repeated],
				] as const)
					this.inc({ stream: entry.name, outcome }, value);
		},
	});
	new Counter({
		name: `${PREFIX}stream_reader_failures_total`,
		help: "Times that the reader of an open stream failed and was opened again",
		registers,
		labelNames: ["stream"],
		collect() {
			this.reset();
			for (const { entry, counts } of streams.open)
				this.inc({ stream: entry.name }, counts.readerFailures);
		},
	});
}
