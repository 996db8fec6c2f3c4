/**
 * The address of the next connection: where to go on, and what of the stream.
 *
 * A subscription in the address (CONNECT_QUERY in packages/contracts) makes a resume exact; one that is sent after hello would begin with a
 * snapshot each time. A list of devices too long for an address is sent all the same.
 */
import type { CONNECT_QUERY } from "@fireworks/contracts";
import type { Subscription } from "./client.ts";

/** The names in the query; their type ties them to packages/contracts without bundling that. */
const QUERY: Pick<typeof CONNECT_QUERY, "after" | "deviceId" | "windowMs"> = {
	after: "after",
	deviceId: "deviceId",
	windowMs: "windowMs",
};

/** Far below what servers and proxies take for a request's head. */
export const ADDRESS_CHARACTERS_MAX = 4_000;

/** carried: whether the address holds the subscription; otherwise it must be sent. */
export function connectUrl(
	url: string,
	position: string | undefined,
	subscription: Subscription | undefined,
): { url: string; carried: boolean } {
	const resume = position === undefined ? [] : [[QUERY.after, position]];
	const wish = subscription
		? [
				[QUERY.windowMs, String(subscription.windowMs)],
				...(subscription.deviceIds ?? []).map((id) => [QUERY.deviceId, id]),
			]
		: [];
	const whole = withQuery(url, [...resume, ...wish]);
	// No device at all cannot be said in an address: none given means all.
	const sayable = subscription?.deviceIds?.length !== 0;
	return sayable && whole.length <= ADDRESS_CHARACTERS_MAX
		? { url: whole, carried: true }
		: { url: withQuery(url, resume), carried: false };
}

function withQuery(url: string, pairs: string[][]): string {
	if (pairs.length === 0) return url;
	const query = new URLSearchParams(pairs as [string, string][]);
	return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}
