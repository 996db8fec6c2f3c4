/** Builds the service from its parts, and runs it until it is stopped. */

import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { hostname } from "node:os";
import {
	KAFKA_SETTINGS,
	type SettingName,
	TOPIC_SETTINGS,
} from "@fireworks/contracts";
import { deadLetterTopicOf } from "@fireworks/pipeline";
import { type ServiceContext, secretOf } from "@fireworks/service-kit";
import { type Log, systemClock } from "@fireworks/streams";
import { aborted } from "@fireworks/time";
import { Admission } from "./http/admission.ts";
import { Handler } from "./http/handler.ts";
import { KeyBook } from "./keys/key-book.ts";
import { Once } from "./keys/once.ts";
import { readKeys } from "./keys/tail.ts";
import { keyTopics } from "./keys/topics.ts";
import { BODY_MS, CONNECTIONS_MAX, KEEP_ALIVE_MS } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { Streams } from "./streams/streams.ts";
import { Writer } from "./write/writer.ts";

export const INGEST_SETTINGS = [
	...KAFKA_SETTINGS,
	...TOPIC_SETTINGS,
	"ingestPort",
	"ingestBearerToken",
	"ingestBearerTokenFile",
] as const satisfies readonly SettingName[];

type Context = ServiceContext<(typeof INGEST_SETTINGS)[number]>;

export async function runIngest(context: Context, log: Log): Promise<void> {
	const { settings, logger, registry, signal } = context;
	const bearerToken = secretOf(settings, "ingestBearerToken");
	if (bearerToken === "" && !LOOPBACK.test(settings.host))
		logger.warn(
			{ host: settings.host },
			"every program that reaches this address may write records: set FIREWORKS_INGEST_BEARER_TOKEN, or let only trusted programs reach it",
		);
	const clock = systemClock;
	const owner = randomUUID();
	const deadLetter = deadLetterTopicOf(settings);
	const topics = [...keyTopics(settings), deadLetter];
	const admission = new Admission();
	const book = new KeyBook(clock);
	const metrics = createMetrics(registry, {
		requests: () => admission.requests,
		bytes: () => admission.bytes,
		keys: () => book.keys,
		forgotten: () => book.forgotten,
	});
	const streams = new Streams({ log, settings, logger });
	const writer = new Writer({
		log,
		logger,
		clock,
		prepare: () => log.ensureTopics(topics),
		owner,
		transactionalId: `ingest-http-${hostname()}-${settings.ingestPort || owner}`,
		ownerOf: (id) => book.session(id)?.owner,
		onCommit: (ms) => metrics.transactionSeconds.observe(ms / 1_000),
		onFailure: (code) => {
			metrics.failures.inc({ code });
			streams.checkAgain();
		},
	});
	const once = new Once({ log, logger, clock, writer, book });
	const handler = new Handler({
		streams,
		writer,
		once,
		admission,
		metrics,
		logger,
		bearerToken,
		deadLetter,
		stop: signal,
	});
	const end = new AbortController();
	// The topics of the keys exist once the writer has a session.
	const reading = writer
		.session()
		.then(() => readKeys(log, book, logger, clock, end.signal));
	const watching = streams.run(end.signal);
	const writing = writer.run();
	const failed = Promise.all([reading, watching, writing]);
	// It may fail before anything waits for it.
	failed.catch(() => {});
	void once.restore();
	const { server } = await context.serve(settings.ingestPort, {
		live: () => undefined,
		ready: () =>
			signal.aborted
				? "stopping"
				: (streams.notReady() ?? writer.notReady() ?? once.notReady()),
		handle: (request, response) => handler.handle(request, response),
	});
	server.maxConnections = CONNECTIONS_MAX;
	server.keepAliveTimeout = KEEP_ALIVE_MS;
	// Node's own limit answers nothing that a client could use.
	server.requestTimeout = 2 * BODY_MS;
	await Promise.race([failed, aborted(signal)]);
	await stop(server, admission, writer, writing);
	end.abort();
	await watching;
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Takes no new requests, and finishes those in progress. */
async function stop(
	server: Server,
	admission: Admission,
	writer: Writer,
	writing: Promise<void>,
): Promise<void> {
	server.close();
	await admission.idle();
	writer.stop();
	await writing;
}
