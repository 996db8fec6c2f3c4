/** Reads a request's body, bounded in bytes and in time. */
import type { IncomingMessage } from "node:http";
import { BODY_BYTES_MAX, BODY_MS } from "../limits.ts";
import { RequestRefused } from "./request-refused.ts";

const tooLarge = () =>
	new RequestRefused(
		"body-too-large",
		`the body has more than ${BODY_BYTES_MAX} bytes`,
	);

/** Rejects with RequestRefused. */
export async function readBody(request: IncomingMessage): Promise<string> {
	if (Number(request.headers["content-length"] ?? 0) > BODY_BYTES_MAX)
		throw tooLarge();
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	const chunks: Buffer[] = [];
	let bytes = 0;
	const onData = (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > BODY_BYTES_MAX) reject(tooLarge());
		else chunks.push(chunk);
	};
	const onEnd = () => resolve(Buffer.concat(chunks).toString("utf8"));
	const onClose = () =>
		reject(new RequestRefused("bad-request", "the connection was closed"));
	const timer = setTimeout(
		() =>
			reject(
				new RequestRefused(
					"body-too-slow",
					`the body did not arrive within ${BODY_MS / 1_000} s`,
				),
			),
		BODY_MS,
	);
	request.on("data", onData).once("end", onEnd);
	request.once("error", onClose).once("close", onClose);
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
		request.off("data", onData).off("end", onEnd);
		request.off("close", onClose);
	}
}
