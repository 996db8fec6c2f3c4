/** What the address of a websocket asks for. */
import {
	CONNECT_QUERY,
	parseStreamPosition,
	type StreamPosition,
	subscribeSchema,
} from "@fireworks/contracts";
import type { Wish } from "../fanout/subscription.ts";

export const DEFAULT_WINDOW_MS = 600_000;

/** A client's first wish, as `subscribe` has it; undefined where it is none. */
export function wishOf(query: URLSearchParams): Wish | undefined {
	const deviceIds = query.getAll(CONNECT_QUERY.deviceId);
	const windowMs = query.get(CONNECT_QUERY.windowMs);
	return subscribeSchema.safeParse({
		type: "subscribe",
		deviceIds: deviceIds.length > 0 ? deviceIds : null,
		windowMs: windowMs === null ? DEFAULT_WINDOW_MS : Number(windowMs),
	}).data;
}

/**
 * Where the client goes on, or undefined: then it begins with a snapshot.
 *
 * A position that is none, or of a topic with other partitions, is treated as none. A snapshot is always right, whereas an error would
 * send a client with an old position (the topic was made anew, a newer pod wrote it) into a loop of reconnects.
 */
export function afterOf(
	query: URLSearchParams,
	partitions: number,
): StreamPosition | undefined {
	const after = query.get(CONNECT_QUERY.after);
	return after === null ? undefined : parseStreamPosition(after, partitions);
}
