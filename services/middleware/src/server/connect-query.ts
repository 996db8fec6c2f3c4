/** Parses the query of a websocket's URL. */
import {
	CONNECT_QUERY,
	parseStreamPosition,
	type StreamPosition,
	subscribeSchema,
} from "@fireworks/contracts";
import type { SubscriptionRequest } from "../fanout/subscription.ts";

const DEFAULT_WINDOW_MS = 600_000;

/** A client's first subscription request, as in `subscribe`; undefined if it is invalid. */
export function requestOf(
	query: URLSearchParams,
): SubscriptionRequest | undefined {
	const deviceIds = query.getAll(CONNECT_QUERY.deviceId);
	const windowMs = query.get(CONNECT_QUERY.windowMs);
	return subscribeSchema.safeParse({
		type: "subscribe",
		deviceIds: deviceIds.length > 0 ? deviceIds : null,
		windowMs: windowMs === null ? DEFAULT_WINDOW_MS : Number(windowMs),
	}).data;
}

/**
 * Where the client resumes; undefined: it begins with a snapshot.
 *
 * A position that cannot be read, or belongs to another topic, is ignored. A snapshot is always
 * correct. An error would send a client with an old position (the topic was recreated, a newer pod
 * wrote it) into a loop of reconnects.
 */
export function afterOf(
	query: URLSearchParams,
	partitions: number,
	stream: string,
): StreamPosition | undefined {
	const after = query.get(CONNECT_QUERY.after);
	return after === null
		? undefined
		: parseStreamPosition(after, partitions, stream);
}
