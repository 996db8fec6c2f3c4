/**
 * The URL of the next connection: where to resume, and which part of the stream.
 *
 * A resume is exact only with the subscription in the URL (CONNECT_QUERY in packages/contracts). A
 * subscription sent after hello would begin with a snapshot each time. Only a list of devices that
 * is too long for a URL is sent after hello.
 */

/** Far below what servers and proxies accept as a request's header. */
const ADDRESS_CHARACTERS_MAX = 4_000;

export type QueryPairs = readonly (readonly [string, string])[];

/**
 * resume: always in the URL. wanted: the subscription; undefined if a URL cannot express it.
 * carried: whether the URL holds the subscription; otherwise it must be sent.
 */
export function connectUrl(
	url: string,
	resume: QueryPairs,
	wanted: QueryPairs | undefined,
): { url: string; carried: boolean } {
	const complete = withQuery(url, [...resume, ...(wanted ?? [])]);
	return wanted !== undefined && complete.length <= ADDRESS_CHARACTERS_MAX
		? { url: complete, carried: true }
		: { url: withQuery(url, resume), carried: false };
}

/**
 * A subscription as query pairs. names: of the query's parameters. A URL cannot express "no
 * devices": a URL without devices means all devices.
 */
export function subscriptionPairs(
	names: { id: string; windowMs: string },
	wanted: { ids: readonly string[] | null; windowMs: number },
): QueryPairs | undefined {
	const { ids, windowMs } = wanted;
	if (ids?.length === 0) return undefined;
	return [
		[names.windowMs, String(windowMs)],
		...(ids ?? []).map((id) => [names.id, id] as const),
	];
}

function withQuery(url: string, pairs: QueryPairs): string {
	if (pairs.length === 0) return url;
	const query = new URLSearchParams(pairs as [string, string][]);
	return `${url}${url.includes("?") ? "&" : "?"}${query}`;
}
