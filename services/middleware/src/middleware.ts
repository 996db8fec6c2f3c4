/**
 * Builds the middleware from its parts: reader -> queue -> fan-out -> websockets.
 *
 * The log, the clock, the logger and the HTTP server are passed in; nothing here knows of Kafka or
 * of the process.
 */
import { eventParser, STREAM_PROTOCOL, whyNoEvent } from "@fireworks/contracts";
import {
	type Health,
	type HealthServer,
	type Registry,
	secretOf,
} from "@fireworks/service-kit";
import { type Clock, systemClock } from "@fireworks/time";
import { builtInClients } from "./connection/built-in-clients.ts";
import { Sessions } from "./connection/sessions.ts";
import { Counts } from "./counts.ts";
import { Hub } from "./fanout/hub.ts";
import { Pacer } from "./fanout/pacer.ts";
import { deviceFrames } from "./frames/hub-frames.ts";
import { smallFrame } from "./frames/small-frames.ts";
import { CLIENT_LIMITS, type ClientLimits, DEVICES_MAX } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { readDeadLetters } from "./problems/dead-letters.ts";
import { Problems } from "./problems/problems.ts";
import { DeviceTable } from "./queue/device-table.ts";
import { EVENT_BYTES, EventQueue } from "./queue/event-queue.ts";
import { Ingest } from "./reader/ingest.ts";
import type { ReadableLog, ReaderLogger } from "./reader/readable-log.ts";
import { StreamReader } from "./reader/stream-reader.ts";
import { labelsOf, mappingOf, topicOf } from "./reader/stream-settings.ts";
import { serveWebsockets } from "./server/websocket-server.ts";
import type { MiddlewareSettings } from "./settings.ts";
import { sendClientsAway } from "./stop.ts";
import { createStreamMetrics } from "./streams/metrics.ts";
import { Streams } from "./streams/streams.ts";

export interface MiddlewareOptions {
	settings: MiddlewareSettings;
	log: ReadableLog;
	logger: ReaderLogger;
	registry: Registry;
	/** As in ServiceContext of packages/service-kit. */
	serve(port: number, health: Health): Promise<HealthServer>;
	clock?: Clock;
	/** Other limits than CLIENT_LIMITS, for tests. */
	limits?: Partial<ClientLimits>;
}

export interface Middleware {
	/** The port it listens on. */
	readonly port: number;
	readonly queue: EventQueue;
	readonly hub: Hub;
	readonly counts: Counts;
	/** Why it is not ready, or undefined if it is. */
	notReady(): string | undefined;
	/** Rejects on an unrecoverable failure of the reader. */
	readonly failed: Promise<never>;
	/**
	 * Stops in order: not ready, no new connections, clients sent away, reader closed and its group
	 * removed.
	 */
	stop(): Promise<void>;
}

/**
 * Serves from now on; ready when the recent past has been read. Rejects if the port cannot be
 * opened.
 */
export async function startMiddleware(
	options: MiddlewareOptions,
): Promise<Middleware> {
	const { settings, log, logger, registry, clock = systemClock } = options;
	const limits = { ...CLIENT_LIMITS, ...options.limits };
	const counts = new Counts();
	const queue = new EventQueue(
		Math.floor(settings.middlewareQueueBytesMax / EVENT_BYTES),
		new DeviceTable(DEVICES_MAX),
	);
	const hub = new Hub({
		queue,
		clock,
		counts,
		bounds: {
			bufferBytesMax: limits.bufferBytesMax,
			slowMaxMs: limits.slowMaxMs,
			snapshotPointsMax: limits.snapshotPointsMax,
			snapshotEventsMax: limits.snapshotEventsMax,
		},
		frames: deviceFrames(queue.devices, {
			engine: settings.engine,
			batchMs: limits.batchMs,
			pingMs: limits.pingMs,
			...labelsOf(settings),
		}),
	});
	const pacer = new Pacer(clock, limits.batchMs, (done) => hub.flush(done));
	const problems = new Problems({
		clock,
		logger,
		acceptedMs: (deviceId) => queue.newestMs(deviceId),
	});
	const mapping = mappingOf(settings);
	const topic = topicOf(settings);
	const ingest = new Ingest({
		queue,
		counts,
		parse: eventParser(mapping),
		whyNone: whyNoEvent(mapping),
		problems,
		topic,
		wallMs: () => clock.wallMs(),
		isLive: () => reader.filled,
		onEvents: (newestMs, partition) => {
			pacer.notify(partition);
			if (newestMs !== undefined && reader.filled)
				eventDelay.observe(Math.max(0, clock.wallMs() - newestMs) / 1_000);
		},
	});
	const reader = new StreamReader({
		log,
		topic,
		ingest,
		clock,
		counts,
		logger,
	});
	const sessions = new Sessions({
		clock,
		counts,
		notice: {
			version: () => problems.version(),
			frame: () => smallFrame(problems.frame()),
		},
		pingMs: limits.pingMs,
		onSweep: () => hub.sweep(),
	});
	const streams = new Streams({ log, clock, logger, counts, limits });
	createStreamMetrics(registry, streams);
	const eventDelay = createMetrics(registry, {
		queue,
		hub,
		sessions,
		reader,
		counts,
		problems,
	});

	const joinBuiltIn = builtInClients(hub, sessions, clock, limits);

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
			// A filled pod that lost its broker still has correct data to show; a pod that was
			// never filled has not.
			closed: () => (stopping || !reader.filled ? notReady() : undefined),
			streamsClosed: () => (stopping ? "stopping" : undefined),
			partitions: () => queue.next.length,
			stream: () => queue.stream,
			wallMs: () => clock.wallMs(),
		},
		limits: {
			clientsMax: settings.middlewareClientsMax,
			perAddressMax: settings.middlewareClientsPerAddressMax,
			frameBytesMax: limits.frameBytesMax,
			handshakeMs: limits.handshakeMs,
			proxyHops: settings.middlewareProxyHops,
			relaySecret: secretOf(settings, "relaySecret"),
		},
		decide: (passed) =>
			passed.protocol === STREAM_PROTOCOL
				? streams.admit(passed.request)
				: { join: (socket) => joinBuiltIn(socket, passed) },
	});
	sessions.start();
	const endReading = new AbortController();
	const failed = Promise.withResolvers<never>();
	failed.promise.catch(() => {});
	const readingCatalog = streams.run(endReading.signal);
	const reading = reader.run(endReading.signal).catch(failed.reject);
	// Dead letters refer to the source of the Wiener records. The source of another topic is
	// unknown.
	const readingDeadLetters =
		topic === settings.topicWiener
			? readDeadLetters(
					{
						log,
						topic: settings.topicDeadLetter,
						source: settings.topicMetronome,
						problems,
						clock,
						logger,
					},
					endReading.signal,
				)
			: undefined;

	const end = async () => {
		stopping = true;
		http.server.close();
		await sendClientsAway([sessions, ...streams.sessions], clock);
		sessions.stop();
		pacer.stop();
		endReading.abort();
		await Promise.all([
			reading,
			readingDeadLetters,
			readingCatalog,
			streams.stop(),
		]);
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
