/**
 * The middleware, put together: reader -> queue -> fan-out -> websockets.
 *
 * The log, the clock, the logger and the HTTP server come from outside; nothing here knows of Kafka or of the process.
 */
import {
	type Health,
	type HealthServer,
	type Registry,
	secretOf,
} from "@fireworks/service-kit";
import { type Clock, systemClock } from "./clock.ts";
import { Session } from "./connection/session.ts";
import { Sessions } from "./connection/sessions.ts";
import { Counts } from "./counts.ts";
import { Hub } from "./fanout/hub.ts";
import { Pacer } from "./fanout/pacer.ts";
import { createMetrics } from "./metrics.ts";
import { DeviceTable } from "./queue/device-table.ts";
import { EVENT_BYTES, EventQueue } from "./queue/event-queue.ts";
import { Ingest } from "./reader/ingest.ts";
import {
	type ReadableLog,
	type ReaderLogger,
	StreamReader,
} from "./reader/stream-reader.ts";
import { labelsOf, parserOf, topicOf } from "./reader/stream-settings.ts";
import { serveWebsockets } from "./server/websocket-server.ts";
import type { MiddlewareSettings } from "./settings.ts";
import { sendClientsAway } from "./stop.ts";

export interface MiddlewareOptions {
	settings: MiddlewareSettings;
	log: ReadableLog;
	logger: ReaderLogger;
	registry: Registry;
	/** As in ServiceContext of packages/service-kit. */
	serve(port: number, health: Health): Promise<HealthServer>;
	clock?: Clock;
}

export interface Middleware {
	/** The port it listens on. */
	readonly port: number;
	readonly queue: EventQueue;
	readonly hub: Hub;
	readonly counts: Counts;
	/** Why it is not ready, or undefined. */
	notReady(): string | undefined;
	/** Rejects where it cannot read, and trying again mends nothing. */
	readonly failed: Promise<never>;
	/** Ends in order: not ready, no new connections, clients sent away, reader closed and its group removed. */
	stop(): Promise<void>;
}

/** Serves from now on; ready when the recent past has been read. Rejects where the port cannot be had. */
export async function startMiddleware(
	options: MiddlewareOptions,
): Promise<Middleware> {
	const { settings, log, logger, registry, clock = systemClock } = options;
	const counts = new Counts();
	const queue = new EventQueue(
		Math.min(
			settings.middlewareQueueEventsMax,
			Math.floor(settings.middlewareQueueBytesMax / EVENT_BYTES),
		),
		new DeviceTable(settings.middlewareDevicesMax),
	);
	const hub = new Hub({
		queue,
		clock,
		counts,
		bounds: {
			bufferBytesMax: settings.middlewareClientBufferBytesMax,
			slowMaxMs: settings.middlewareSlowMaxMs,
			snapshotPointsMax: settings.middlewareSnapshotPointsMax,
			snapshotEventsMax: settings.middlewareSnapshotEventsMax,
		},
		hello: {
			engine: settings.middlewareEngine,
			batchMs: settings.middlewareBatchMs,
			pingMs: settings.middlewarePingMs,
			...labelsOf(settings),
		},
	});
	const pacer = new Pacer(clock, settings.middlewareBatchMs, (done) =>
		hub.flush(done),
	);
	const ingest = new Ingest({
		queue,
		counts,
		parse: parserOf(settings),
		onEvents: (newestMs, partition) => {
			pacer.notify(partition);
			if (newestMs !== undefined && reader.filled)
				eventDelay.observe(Math.max(0, clock.wallMs() - newestMs) / 1_000);
		},
	});
	const reader = new StreamReader({
		log,
		topic: topicOf(settings),
		ingest,
		clock,
		counts,
		logger,
	});
	const sessions = new Sessions(hub, clock, counts, settings.middlewarePingMs);
	const eventDelay = createMetrics(registry, {
		queue,
		hub,
		sessions,
		reader,
		counts,
	});

	let stopping = false;
	const notReady = () => (stopping ? "stopping" : reader.notReady());
	const http = await options.serve(settings.middlewarePort, {
		live: () => undefined,
		ready: notReady,
	});
	serveWebsockets({
		server: http.server,
		counts,
		rules: {
			origins: settings.middlewareOrigins,
			auth: {
				bearerToken: secretOf(settings, "middlewareBearerToken"),
				ticketSecret: secretOf(settings, "middlewareTicketSecret"),
			},
			// A pod that lost its broker still has something true to show; one that never was filled has not.
			closed: () => (stopping || !reader.filled ? notReady() : undefined),
			partitions: () => queue.next.length,
			wallMs: () => clock.wallMs(),
		},
		limits: {
			clientsMax: settings.middlewareClientsMax,
			perAddressMax: settings.middlewareClientsPerAddressMax,
			frameBytesMax: settings.middlewareFrameBytesMax,
			handshakeMs: settings.middlewareHandshakeMs,
			proxyHops: settings.middlewareProxyHops,
		},
		onClient: (socket, { wish, after }) => {
			const session = new Session({
				hub,
				client: hub.add(socket, wish, after),
				clock,
				pingMs: settings.middlewarePingMs,
				framesPerSecondMax: settings.middlewareClientFramesPerSecondMax,
			});
			sessions.add(session);
			return {
				received: (text) => session.received(text),
				pinged: () => session.pinged(),
				ponged: () => session.ponged(),
				ended: () => sessions.remove(session),
			};
		},
	});
	sessions.start();
	const endReading = new AbortController();
	const failed = Promise.withResolvers<never>();
	failed.promise.catch(() => {});
	const reading = reader.run(endReading.signal).catch(failed.reject);

	const end = async () => {
		stopping = true;
		http.server.close();
		await sendClientsAway(sessions, clock);
		sessions.stop();
		pacer.stop();
		endReading.abort();
		await reading;
	};
	let ending: Promise<void> | undefined;
	return {
		port: http.port,
		queue,
		hub,
		counts,
		notReady,
		failed: failed.promise,
		stop: () => {
			ending ??= end();
			return ending;
		},
	};
}
