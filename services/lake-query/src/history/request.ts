/** What GET /history asks for. */

import { RequestRefused } from "../http/request-refused.ts";
import {
	KEY_CHARACTERS_MAX,
	KEYS_MAX,
	MEASURES_MAX,
	POINTS_DEFAULT,
	POINTS_MAX,
} from "../limits.ts";

export interface HistoryRequest {
	readonly stream: string;
	/** Empty: the first ones by name. */
	readonly keys: readonly string[];
	readonly measures: readonly string[];
	/** ms since 1970; the end does not belong to it. */
	readonly from: number;
	readonly to: number;
	/** For each series; at least 1. */
	readonly points: number;
}

/** Times that a Date has as well. */
const TIME_MAX = 8.64e15;

/** Throws RequestRefused. */
export function historyRequest(query: URLSearchParams): HistoryRequest {
	const stream = query.get("stream") ?? "";
	if (stream === "") throw bad("stream=NAME is missing");
	const keys = [...new Set(query.getAll("key"))];
	if (keys.length > KEYS_MAX) throw bad(`at most ${KEYS_MAX} keys`);
	if (keys.some((key) => key.length > KEY_CHARACTERS_MAX))
		throw bad(`a key has at most ${KEY_CHARACTERS_MAX} characters`);
	const measures = [
		...new Set(
			(query.get("measures") ?? "").split(",").filter((m) => m !== ""),
		),
	];
	if (measures.length === 0) throw bad("measures=NAME,NAME is missing");
	if (measures.length > MEASURES_MAX)
		throw bad(`at most ${MEASURES_MAX} measures`);
	const from = integer(query, "from", -TIME_MAX, TIME_MAX);
	const to = integer(query, "to", -TIME_MAX, TIME_MAX);
	if (from >= to) throw bad("from must be before to");
	const points = query.has("points")
		? integer(query, "points", 1, POINTS_MAX)
		: POINTS_DEFAULT;
	return { stream, keys, measures, from, to, points };
}

function integer(
	query: URLSearchParams,
	name: string,
	low: number,
	high: number,
): number {
	const text = query.get(name) ?? "";
	const value = Number(text);
	if (!/^-?\d{1,16}$/.test(text) || value < low || value > high)
		throw bad(`${name} must be an integer from ${low} to ${high}`);
	return value;
}

const bad = (message: string) => new RequestRefused("bad-request", message);
