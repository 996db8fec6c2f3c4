/** Reads a request's body, bounded in bytes and in time. */
import type { IncomingMessage } from "node:http";
import {
	BODY_BYTES_MAX,
	BODY_MS,
	BODY_SILENCE_MS,
	BODY_STOP_MS,
	DISCARDED_BYTES_MAX,
} from "../limits.ts";
import { RequestRefused } from "./request-refused.ts";

const tooLarge = () =>
	new RequestRefused(
		"body-too-large",
		`the body has more than ${BODY_BYTES_MAX} bytes: send several requests`,
	);
const tooSlow = (limit: string) =>
	new RequestRefused("body-too-slow", `the body did not arrive: ${limit}`);
const seconds = (ms: number): string => `${ms / 1_000} s`;

/** The bytes that the body may have, by the request's headers. Throws RequestRefused. */
export function announcedBytes({ headers }: IncomingMessage): number {
	const length = headers["content-length"];
	if (length === undefined) return BODY_BYTES_MAX;
	if (Number(length) > BODY_BYTES_MAX) throw tooLarge();
	return Number(length);
}

/** stop: when the service stops, a body has little time left. Rejects with RequestRefused. */
export function readBody(
	request: IncomingMessage,
	stop: AbortSignal,
): Promise<Buffer> {
	const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
	const chunks: Buffer[] = [];
	let bytes = 0;
	const onData = (chunk: Buffer) => {
		bytes += chunk.length;
		silence.refresh();
		if (bytes > BODY_BYTES_MAX) reject(tooLarge());
		else chunks.push(chunk);
	};
	const onEnd = () => resolve(Buffer.concat(chunks, bytes));
	// After its end as well: then it is too late to matter.
	const onClose = () =>
		reject(new RequestRefused("body-aborted", "the connection was closed"));
	const silence = setTimeout(() => {
		// Bytes that came while this process was busy are read only after its timers.
		const before = bytes;
		setImmediate(() => {
			if (bytes === before)
				reject(tooSlow(`nothing for ${seconds(BODY_SILENCE_MS)}`));
		});
	}, BODY_SILENCE_MS);
	const late = setTimeout(
		() => reject(tooSlow(`not within ${seconds(BODY_MS)}`)),
		BODY_MS,
	);
	let stopped: NodeJS.Timeout | undefined;
	const onStop = () => {
		stopped = setTimeout(
			() => reject(new RequestRefused("stopping", "the service is stopping")),
			BODY_STOP_MS,
		);
	};
	stop.addEventListener("abort", onStop, { once: true });
	request.on("data", onData).once("end", onEnd);
	request.once("error", onClose).once("close", onClose);
	return promise.finally(() => {
		for (const timer of [silence, late, stopped]) clearTimeout(timer);
		stop.removeEventListener("abort", onStop);
		request.off("data", onData).off("end", onEnd).off("close", onClose);
		request.pause();
	});
}

/**
 * Reads the rest of a refused body and drops it: a client that is still sending would see a broken
 * connection instead of the answer. Bounded, then the connection is closed.
 */
export function discardBody(request: IncomingMessage): void {
	if (request.complete || request.destroyed) return;
	let bytes = 0;
	const timer = setTimeout(() => request.destroy(), BODY_MS);
	request.on("error", () => {});
	request.on("data", (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > DISCARDED_BYTES_MAX) request.destroy();
	});
	request.once("close", () => clearTimeout(timer));
	request.resume();
}
