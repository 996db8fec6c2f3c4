/** The lake's query service, as the page's server relays it (server/lake-relay.ts). */

export interface LakeTable {
	/** That of the stream. */
	name: string;
	columns: readonly { name: string; type: string }[];
	rows: number;
	files: number;
	bytes: number;
	/** Of the newest commit, ms since 1970; null: nothing was committed yet. */
	committedAt: number | null;
	/** By partition: the offset after the last one that the table stands for. */
	positions: Positions;
	/** The bounds of its event times, ms since 1970; null: unknown. */
	timeMin: number | null;
	timeMax: number | null;
}

export type Positions = Readonly<Record<string, number>>;

interface SeriesOf {
	/** null: records without a key. */
	key: string | null;
	measure: string;
	/** In order. Of an event, or the start of a bucket; ms since 1970. */
	time: readonly number[];
}
/** Every event. */
interface RawSeries extends SeriesOf {
	raw: true;
	value: readonly (number | null)[];
	partition: readonly number[];
	offset: readonly number[];
}
/** What a bucket's events were; buckets without events are left out. null: none has a value. */
export interface BucketSeries extends SeriesOf {
	raw?: false;
	first: readonly (number | null)[];
	last: readonly (number | null)[];
	min: readonly (number | null)[];
	max: readonly (number | null)[];
	/** Values that are not null. */
	count: readonly number[];
}
export type HistorySeries = RawSeries | BucketSeries;

export interface History {
	from: number;
	to: number;
	positions: Positions;
	committedAt: number | null;
	bucketMs: number;
	series: readonly HistorySeries[];
	/** There are more keys than the service answers for. */
	moreKeys?: boolean;
}

export type SqlValue =
	| string
	| number
	| boolean
	| null
	| readonly SqlValue[]
	| { readonly [name: string]: SqlValue };

export interface SqlAnswer {
	columns: readonly { name: string; type: string }[];
	rows: readonly (readonly SqlValue[])[];
	/** There were more rows than the service answers with. */
	truncated: boolean;
	/** Duration of the query. */
	ms: number;
	/** The tables that it read, and how fresh they were. */
	tables: Readonly<Record<string, { committedAt: number | null }>>;
}

/** The lake refused, or did not answer; the message says why, for people. */
export class LakeError extends Error {
	override name = "LakeError";
	/** The status; 0: no answer. */
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

export interface HistoryQuestion {
	stream: string;
	/** Empty: all keys. */
	keys: readonly string[];
	measures: readonly string[];
	fromMs: number;
	toMs: number;
	/** Buckets wanted. Fewer events than that come as they are. */
	points: number;
}

export async function lakeTables(
	signal?: AbortSignal,
): Promise<readonly LakeTable[]> {
	const { tables } = await ask<{ tables: readonly LakeTable[] }>(
		"tables",
		isTables,
		{ ...(signal && { signal }) },
	);
	return tables;
}

export const lakeHistory = (
	{ stream, keys, measures, fromMs, toMs, points }: HistoryQuestion,
	signal: AbortSignal,
): Promise<History> => {
	const query = new URLSearchParams({ stream });
	for (const key of keys) query.append("key", key);
	query.set("measures", measures.join(","));
	query.set("from", String(fromMs));
	query.set("to", String(toMs));
	query.set("points", String(points));
	return ask<History>(`history?${query}`, isHistory, { signal });
};

export const runSql = (sql: string, signal: AbortSignal): Promise<SqlAnswer> =>
	ask<SqlAnswer>("sql", isSqlAnswer, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ sql, format: "json" }),
		signal,
	});

async function ask<T>(
	path: string,
	isRight: (answer: Fields) => boolean,
	options: RequestInit,
): Promise<T> {
	let response: Response;
	let text: string;
	try {
		response = await fetch(`/lake/${path}`, options);
		text = await response.text();
	} catch (error) {
		options.signal?.throwIfAborted();
		throw new LakeError(0, `The lake does not answer (${messageOf(error)})`);
	}
	let answer: unknown;
	try {
		answer = parseExactly(text);
	} catch {
		answer = undefined;
	}
	const fields = (
		typeof answer === "object" && answer !== null ? answer : {}
	) as Fields;
	if (!response.ok) {
		throw new LakeError(
			response.status,
			reasonIn(fields) ?? `The lake answers ${response.status}`,
		);
	}
	if (!isRight(fields))
		throw new LakeError(
			response.status,
			"The lake's answer is not one that this page knows: reload the page",
		);
	return answer as T;
}

/** The relay's refusals are a text, the query service's have a code and a message. */
function reasonIn({ error }: Fields): string | undefined {
	const { message } = (
		typeof error === "object" && error !== null ? error : { message: error }
	) as Fields;
	return typeof message === "string" ? message : undefined;
}

type Fields = Record<string, unknown>;
const { isArray } = Array;
const isTables = ({ tables }: Fields) => isArray(tables);
const isSqlAnswer = ({ columns, rows }: Fields) =>
	isArray(columns) && isArray(rows) && rows.every(isArray);
const isHistory = ({ series, positions }: Fields) =>
	typeof positions === "object" &&
	positions !== null &&
	isArray(series) &&
	series.every((one: Fields) =>
		(one.raw
			? ["time", "value", "partition", "offset"]
			: ["time", "first", "last", "min", "max", "count"]
		).every(
			(column) =>
				isArray(one[column]) &&
				one[column].length === (one.time as unknown[]).length,
		),
	);

const messageOf = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);

/**
 * JSON whose integers beyond 2^53 stay exact: as texts, where the browser shows us the digits. (An
 * older browser rounds them.)
 */
export const parseExactly = (text: string): unknown =>
	(JSON.parse as ParseWithSource)(text, (_, value, context) =>
		typeof value === "number" &&
		context?.source !== undefined &&
		!Number.isSafeInteger(value) &&
		/^-?\d+$/.test(context.source)
			? context.source
			: value,
	);

/** As in ECMAScript's proposal "JSON.parse source text access", which browsers have. */
type ParseWithSource = (
	text: string,
	reviver: (
		key: string,
		value: unknown,
		context?: { source?: string },
	) => unknown,
) => unknown;
