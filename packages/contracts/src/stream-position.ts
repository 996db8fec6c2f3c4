/**
 * A position in the stream: the next offset of each partition. To websocket clients it is an opaque
 * string. Every replica of the middleware can read it, so any of them can resume any client.
 *
 * The string also identifies the stream, if the broker gives topics ids. A topic that was deleted
 * and created again under the same name has the same offsets but other records.
 */
export type StreamPosition = readonly number[];

const PATTERN = /^(?:v1|v2\.[0-9a-zA-Z]{1,32})(?:\.\d{1,16}){1,1000}$/;

/** A short form of a stream's id, long enough to tell streams apart. Empty: unknown. */
const tagOf = (stream: string): string =>
	stream.replace(/[^0-9a-zA-Z]/g, "").slice(0, 12);

/** stream: the topic's id; empty if it is unknown. */
export function encodeStreamPosition(
	next: StreamPosition,
	stream = "",
): string {
	const tag = tagOf(stream);
	return [...(tag === "" ? ["v1"] : ["v2", tag]), ...next].join(".");
}

/**
 * Parses a position. Returns undefined unless it belongs to this stream and has this many
 * partitions.
 */
export function parseStreamPosition(
	text: string,
	partitions: number,
	stream = "",
): StreamPosition | undefined {
	if (!PATTERN.test(text)) return undefined;
	const [version, ...rest] = text.split(".");
	const tag = version === "v2" ? rest.shift() : "";
	const next = rest.map(Number);
	return tag === tagOf(stream) &&
		next.length === partitions &&
		next.every(Number.isSafeInteger)
		? next
		: undefined;
}
