/** The metrics at /metrics, with Prometheus' units and naming. */
import {
	Counter,
	Gauge,
	Histogram,
	type Registry,
} from "@fireworks/service-kit";
import type { Sessions } from "./connection/sessions.ts";
import type { Counts } from "./counts.ts";
import type { Hub } from "./fanout/hub.ts";
import type { Problems } from "./problems/problems.ts";
import { EVENT_BYTES, type EventQueue } from "./queue/event-queue.ts";
import type { StreamReader } from "./reader/stream-reader.ts";

const PREFIX = "fireworks_middleware_";
const DELAY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export interface Observed {
	queue: EventQueue;
	hub: Hub;
	sessions: Sessions;
	reader: StreamReader;
	counts: Counts;
	problems: Problems;
}

/**
 * Registers the metrics. Returns the histogram that the caller fills: seconds from an event's time
 * to its arrival here.
 */
export function createMetrics(
	registry: Registry,
	{ queue, hub, sessions, reader, counts, problems }: Observed,
): Histogram {
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
	const byPartition = (
		name: string,
		help: string,
		values: () => readonly number[],
	) =>
		new Gauge({
			name: PREFIX + name,
			help,
			registers,
			labelNames: ["partition"],
			collect() {
				this.reset();
				for (const [partition, value] of values().entries())
					this.set({ partition }, value);
			},
		});
	const counter = (name: string, help: string, value: () => number) =>
		new Counter({
			name: `${PREFIX}${name}_total`,
			help,
			registers,
			collect() {
				this.reset();
				this.inc(value());
			},
		});
	const counterBy = (
		name: string,
		label: string,
		help: string,
		values: () => Iterable<[string, number]>,
	) =>
		new Counter({
			name: `${PREFIX}${name}_total`,
			help,
			registers,
			labelNames: [label],
			collect() {
				this.reset();
				for (const [key, value] of values()) this.inc({ [label]: key }, value);
			},
		});

	gauge("clients", "Connected clients", () => sessions.size);
	gauge(
		"relayed_clients",
		"Connected clients that the page's server relays",
		() => counts.relayedClients,
	);
	gauge(
		"live_clients",
		"Clients that get each batch as soon as it is made",
		() =>
			[...hub.clients].reduce((n, c) => n + (c.state === "live" ? 1 : 0), 0),
	);
	gauge("client_buffer_bytes_max", "Most bytes waiting for one client", () =>
		[...hub.clients].reduce((n, c) => Math.max(n, c.socket.bufferedAmount), 0),
	);
	gauge("subscriptions", "Distinct subscriptions", () => hub.subscriptions);
	gauge("queue_events", "Events in the queue", () => queue.count);
	gauge(
		"queue_events_max",
		"Events that the queue can hold",
		() => queue.capacity,
	);
	gauge(
		"queue_bytes",
		"Bytes of the queue's events",
		() => queue.count * EVENT_BYTES,
	);
	gauge(
		"queue_event_bytes",
		"Bytes that an event takes in the queue",
		() => EVENT_BYTES,
	);
	gauge("devices", "Known devices", () => queue.devices.count);
	byPartition("reader_position", "Next offset to read", () => queue.next);
	byPartition(
		"reader_lag",
		"Offsets to the topic's end, ends of transactions included",
		() => reader.lag(),
	);
	counter("events_received", "Records read", () => counts.received);
	counterBy("events_dropped", "reason", "Records that made no event", () => [
		["invalid", counts.invalid],
		["devices-full", counts.noRoomForDevice],
		["repeated", counts.repeated],
	]);
	counterBy(
		"problem_records",
		"reason",
		"Records that are left out or look wrong, by reason",
		() => problems.counts(),
	);
	counterBy(
		"dead_letters",
		"code",
		"Dead letters of the stream's source that were seen here, by error code",
		() => problems.deadLetters,
	);
	gauge(
		"refused_devices",
		"Devices whose records are refused one after the other",
		() => problems.refusedDevices(),
	);
	counter(
		"flushes",
		"Flushes: each sends the new events of all subscriptions",
		() => counts.flushes,
	);
	counter(
		"frames_sent",
		"Frames sent, of all clients",
		() => counts.framesSent,
	);
	counter("sent_bytes", "Bytes of frames sent", () => counts.bytesSent);
	counter("snapshots", "Snapshots started", () => counts.snapshots);
	counter(
		"resumes",
		"Clients that resumed at their position",
		() => counts.resumes,
	);
	counter("gaps", "Gaps reported to slow clients", () => counts.gaps);
	counter("skipped_events", "Events in those gaps", () => counts.eventsSkipped);
	counterBy("closed", "reason", "Connections ended by us", () => counts.closed);
	counterBy("refused", "reason", "Upgrades refused", () => counts.refused);
	counter(
		"reader_failures",
		"Times that the reader failed and was opened again",
		() => counts.readerFailures,
	);
	counter(
		"stream_restarts",
		"Restarts of the queue: the topic was recreated, or had lost the next records",
		() => counts.streamRestarts,
	);
	return new Histogram({
		name: `${PREFIX}event_delay_seconds`,
		help: "From an event's own time to its arrival here; the newest event of each group of records",
		registers,
		buckets: DELAY_BUCKETS,
	});
}
