/**
 * A place in the stream of Wiener records: the next offset of each partition. To websocket clients it is an opaque string; every
 * replica of the middleware reads it, so any of them can resume any client.
 */
export type StreamPosition = readonly number[];

const PATTERN = /^v1(\.\d{1,16}){1,1000}$/;

export const encodeStreamPosition = (next: StreamPosition): string =>
	`v1.${next.join(".")}`;

/** The position in a text, or undefined where it is none with that many partitions. */
export function parseStreamPosition(
	text: string,
	partitions: number,
): StreamPosition | undefined {
	if (!PATTERN.test(text)) return undefined;
	const next = text.split(".").slice(1).map(Number);
	return next.length === partitions && next.every(Number.isSafeInteger)
		? next
		: undefined;
}
