/**
 * The middleware without Kafka: its log is in this process and contains the records that the
 * benchmark asks for.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { encodeWiener, parseSettings } from "@fireworks/contracts";
import { Registry, startHealthServer } from "@fireworks/service-kit";
import type { ReadOptions } from "@fireworks/streams";
import {
	MIDDLEWARE_SETTINGS,
	startMiddleware,
} from "../../services/middleware/src/index.ts";
import { blast, residentBytes } from "./blast.ts";
import { eventOf, FRAME_EVENTS } from "./bytes.ts";
import { answer } from "./peer.ts";

const registry = new Registry();
let reader: ReadOptions | undefined;
let offset = 0;
const middleware = await startMiddleware({
	settings: {
		...parseSettings({}, MIDDLEWARE_SETTINGS),
		middlewarePort: 0,
		middlewareClientsPerAddressMax: 100_000,
		// 100,000 events.
		middlewareQueueBytesMax: 6_200_000,
	},
	log: {
		offsets: async (topic) =>
			topic === "dead-letter"
				? undefined
				: [{ partition: 0, low: 0, high: offset }],
		topicId: async () => "bench",
		read: async (options) => {
			reader = options;
			return { ended: new Promise(() => {}), close: async () => {} };
		},
	},
	logger: { info: () => {}, warn: () => {} },
	registry,
	serve: (port, health) =>
		startHealthServer({ host: "127.0.0.1", port, health, registry }),
});
const { queue, hub, counts } = middleware;

/** Appends the next records, as if they came from Kafka. */
function bring(records: number): void {
	const lot = Array.from({ length: records }, () => {
		const event = eventOf(offset);
		return {
			topic: "wiener",
			partition: 0,
			offset: offset++,
			key: null,
			value: Buffer.from(encodeWiener(JSON.stringify(event.deviceId), event)),
			timestamp: 0,
			headers: {},
		};
	});
	reader?.onRecords("wiener", 0, lot);
}

/**
 * Appends records at a steady rate, through the reader and the pacer. Returns the delays of the
 * event loop.
 */
async function serve({
	seconds,
	everyMs,
	records,
}: {
	seconds: number;
	everyMs: number;
	records: number;
}) {
	const delay = monitorEventLoopDelay({ resolution: 5 });
	const flushes = counts.flushes;
	const gaps = counts.gaps;
	const cpu = process.cpuUsage();
	const begun = performance.now();
	delay.enable();
	const feed = setInterval(() => bring(records), everyMs);
	await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
	clearInterval(feed);
	delay.disable();
	const { user, system } = process.cpuUsage(cpu);
	const tookMs = performance.now() - begun;
	return {
		lagP50: delay.percentile(50) / 1e6,
		lagP99: delay.percentile(99) / 1e6,
		lagMax: delay.max / 1e6,
		flushesPerSecond: ((counts.flushes - flushes) * 1_000) / tookMs,
		gaps: counts.gaps - gaps,
		cpu: (user + system) / 1_000 / tookMs,
	};
}

answer({
	port: () => middleware.port,
	resident: residentBytes,
	serve,
	blast: ({ count }: { count: number }) =>
		blast(
			count,
			hub.clients.size,
			() => {
				for (let i = 0; i < FRAME_EVENTS; i++)
					queue.append(0, offset, eventOf(offset++));
				return new Promise((resolve) => hub.flush(() => resolve()));
			},
			() => {
				let most = 0;
				for (const client of hub.clients)
					most = Math.max(most, client.socket.bufferedAmount);
				return most;
			},
		),
});
