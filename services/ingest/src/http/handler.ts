/**
 * Takes a request through its steps: check, reserve a place, read, validate, write, answer. Its
 * place is held until its records are written, also when the client has its answer or is gone.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "@fireworks/service-kit";
import { systemClock } from "@fireworks/streams";
import type { Once } from "../keys/once.ts";
import { bookKey } from "../keys/records.ts";
import { ANSWER_MS, QUEUE_MS } from "../limits.ts";
import type { IngestMetrics } from "../metrics.ts";
import { statusOf } from "../records/answer.ts";
import { type Prepared, prepare } from "../records/prepare.ts";
import type { Streams } from "../streams/streams.ts";
import { inTime } from "../waits.ts";
import { type Job, WriteFailed } from "../write/write-queue.ts";
import type { Writer } from "../write/writer.ts";
import type { Admission } from "./admission.ts";
import { announcedBytes, discardBody, readBody } from "./body.ts";
import {
	type CheckedRequest,
	checkRequest,
	STREAMS_PATH,
} from "./check-request.ts";
import { type Reply, refusalReply, send } from "./reply.ts";
import { RequestRefused } from "./request-refused.ts";

export interface HandlerOptions {
	streams: Streams;
	writer: Writer;
	once: Once;
	admission: Admission;
	metrics: IngestMetrics;
	logger: Logger;
	bearerToken: string;
	deadLetter: { readonly name: string; readonly partitions: number };
	/** Aborted when the service stops: no new requests. */
	stop: AbortSignal;
}

export class Handler {
	readonly #options: HandlerOptions;

	constructor(options: HandlerOptions) {
		this.#options = options;
	}

	/** See Health.handle. */
	handle(request: IncomingMessage, response: ServerResponse): boolean {
		if (request.url?.startsWith(STREAMS_PATH) !== true) return false;
		void this.#answer(request, response);
		return true;
	}

	async #answer(
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const { metrics, logger } = this.#options;
		const started = performance.now();
		let reply: Reply;
		try {
			reply = await this.#reply(request);
		} catch (error) {
			if (error instanceof RequestRefused) {
				metrics.refusedRequests.inc({ reason: error.code });
				reply = refusalReply(error);
			} else {
				logger.error({ err: error }, "a request failed");
				reply = {
					status: 500,
					body: '{"error":{"code":"failed","message":"see the log of the service"}}',
				};
			}
		}
		send(response, reply);
		discardBody(request);
		metrics.requests.inc({ status: String(reply.status) });
		metrics.requestSeconds.observe((performance.now() - started) / 1_000);
	}

	async #reply(request: IncomingMessage): Promise<Reply> {
		const { streams, admission, bearerToken, deadLetter, stop } = this.#options;
		const checked = checkRequest(request, bearerToken);
		if (stop.aborted)
			throw new RequestRefused("stopping", "the service is stopping");
		const stream = await streams.open(checked.stream);
		const place = stop.aborted
			? undefined
			: admission.take(announcedBytes(request));
		if (place === undefined)
			throw new RequestRefused(
				"too-many-requests",
				"too much is in progress: try again later",
			);
		let work: Promise<Reply> | undefined;
		try {
			const body = await readBody(request, stop);
			place.shrink(body.length);
			const now = systemClock.now();
			const { format } = checked;
			const prepared = await prepare(
				body,
				format,
				stream,
				deadLetter.partitions,
				now,
			);
			const job = jobOf(checked.stream, deadLetter.name, prepared, body.length);
			work = this.#write(checked, job, prepared, body);
			work.then(place.release, place.release);
			return await inTime(work, ANSWER_MS, () => {
				throw tooLate(checked);
			});
		} finally {
			if (work === undefined) place.release();
		}
	}

	async #write(
		checked: CheckedRequest,
		job: Job,
		prepared: Prepared,
		body: Buffer,
	): Promise<Reply> {
		const { once, metrics } = this.#options;
		const status = statusOf(prepared.answer);
		const text = JSON.stringify(prepared.answer);
		const key = checked.idempotencyKey;
		if (key === undefined) {
			if (job.records > 0) await this.#atLeastOnce(job);
			metrics.written(checked.stream, prepared);
			return { status, body: text };
		}
		const hash = createHash("sha256")
			.update(checked.format)
			.update(body)
			.digest("base64url");
		const answer = { hash, status, body: text };
		const outcome = await once
			.run(bookKey(checked.stream, key), job, answer)
			.catch((error: unknown) => {
				throw refusalOf(error, "not-written");
			});
		if (outcome.kind === "reused")
			throw new RequestRefused(
				"idempotency-key-reused",
				"the Idempotency-Key belongs to a request with another body",
			);
		if (outcome.kind === "written") metrics.written(checked.stream, prepared);
		else metrics.repeatedRequests.inc();
		return {
			...outcome.answer,
			headers: {
				"idempotency-replayed": String(outcome.kind === "repeated"),
			},
		};
	}

	async #atLeastOnce(job: Job): Promise<void> {
		const { writer } = this.#options;
		try {
			await writer.write(job, { waitMs: QUEUE_MS });
		} catch (error) {
			const other =
				error instanceof WriteFailed &&
				error.reason === "too-large" &&
				!error.alone;
			if (!other) throw refusalOf(error, "outcome-unknown");
			// Another request's record may be the one that is too large.
			await writer
				.write(job, { waitMs: QUEUE_MS, alone: true })
				.catch((second: unknown) => {
					throw refusalOf(second, "outcome-unknown");
				});
		}
	}
}

function jobOf(
	stream: string,
	deadLetter: string,
	{ records, deadLetters }: Prepared,
	bytes: number,
): Job {
	return {
		outgoing: new Map([
			...(records.length > 0 ? [[stream, records] as const] : []),
			...(deadLetters.length > 0 ? [[deadLetter, deadLetters] as const] : []),
		]),
		records: records.length + deadLetters.length,
		bytes,
	};
}

const tooLate = ({ idempotencyKey }: CheckedRequest): RequestRefused =>
	idempotencyKey === undefined
		? new RequestRefused(
				"outcome-unknown",
				"Kafka has not answered yet: the records may be written later",
			)
		: new RequestRefused(
				"not-written",
				"Kafka has not answered yet: repeat the request with the same key",
			);

function refusalOf(
	error: unknown,
	unknown: "not-written" | "outcome-unknown",
): unknown {
	if (!(error instanceof WriteFailed)) return error;
	const { reason, message } = error;
	if (reason === "too-large")
		return new RequestRefused(
			"record-too-large",
			`a record is larger than its topic accepts: ${message}`,
			{ cause: error },
		);
	return new RequestRefused(
		reason === "waited" ? "not-written" : unknown,
		reason === "waited" || unknown === "not-written"
			? `nothing was written: ${message}`
			: `the records may have been written: ${message}`,
		{ cause: error },
	);
}
