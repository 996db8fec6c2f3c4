/** What a `fireworks.v2` client asks for in the query of its URL. */
import { STREAM_QUERY, streamSubscribeSchema } from "@fireworks/contracts";
import type { SubscriptionRequest } from "../fanout/subscription.ts";

const DEFAULT_WINDOW_MS = 600_000;

export interface StreamRequest {
	/** null: the list of streams. */
	readonly stream: string | null;
	readonly subscription: SubscriptionRequest;
	/** Where it resumes, as the client has it; null: it begins with a snapshot. */
	readonly after: string | null;
}

/** Undefined if the query is invalid. */
export function streamRequestOf(
	query: URLSearchParams,
): StreamRequest | undefined {
	const keys = query.getAll(STREAM_QUERY.key);
	const windowMs = query.get(STREAM_QUERY.windowMs);
	const subscription = subscriptionOf({
		type: "subscribe",
		keys: keys.length > 0 ? keys : null,
		windowMs: windowMs === null ? DEFAULT_WINDOW_MS : Number(windowMs),
	});
	return (
		subscription && {
			stream: query.get(STREAM_QUERY.stream),
			subscription,
			after: query.get(STREAM_QUERY.after),
		}
	);
}

/** The subscription in a `subscribe` frame; undefined if the frame is not one. */
export function subscriptionOf(
	frame: unknown,
): SubscriptionRequest | undefined {
	const { data } = streamSubscribeSchema.safeParse(frame);
	return data && { deviceIds: data.keys, windowMs: data.windowMs };
}
