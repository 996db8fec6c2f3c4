/**
 * GET /history: a stream's measures over time, with no more points than a page has pixels.
 *
 * A series that has few rows is answered with all of them. Otherwise the time range is divided into
 * buckets of equal length, and each has its first, last, smallest and largest value: drawn in turn
 * they look like all rows, whatever their number.
 */
import type { TableReader, TableSnapshot } from "@fireworks/lake";
import { LRUCache } from "lru-cache";
import { RequestRefused } from "../http/request-refused.ts";
import {
	ANSWER_POINTS_MAX,
	KEPT_ANSWERS_MAX,
	KEPT_CHARACTERS_MAX,
	KEYS_MAX,
} from "../limits.ts";
import { relationOf } from "../relation.ts";
import { positionsOf } from "../tables.ts";
import type { Database } from "./database.ts";
import { filesFor } from "./files.ts";
import type { HistoryRequest } from "./request.ts";
import { bucketSeries, rawSeries, type Series } from "./series.ts";
import { checkMeasures, HistoryStatements } from "./statements.ts";

export interface HistoryAnswer {
	readonly stream: string;
	readonly from: number;
	readonly to: number;
	/** The answer is complete up to here; the page continues with Kafka's records from here. */
	readonly positions: Readonly<Record<string, number>>;
	/** ms since 1970; null: nothing was committed yet. */
	readonly committedAt: number | null;
	readonly snapshotId: string | null;
	readonly bucketMs: number;
	/** There are more keys than the answer has. */
	readonly moreKeys?: true;
	readonly series: readonly Series[];
}

export class History {
	readonly #reader: TableReader;
	readonly #database: Database;
	/** Answers as JSON by snapshot and request: a snapshot never changes. */
	readonly #kept = new LRUCache<string, string>({
		max: KEPT_ANSWERS_MAX,
		maxSize: KEPT_CHARACTERS_MAX,
		sizeCalculation: (text) => text.length,
	});

	constructor(reader: TableReader, database: Database) {
		this.#reader = reader;
		this.#database = database;
	}

	/** The answer as JSON. Throws RequestRefused. */
	async answer(request: HistoryRequest, signal: AbortSignal): Promise<string> {
		const snapshot = await this.#reader.snapshot(request.stream);
		if (snapshot === undefined)
			throw new RequestRefused(
				"unknown-stream",
				`the lake has no table ${JSON.stringify(request.stream)}: GET /tables lists them`,
			);
		checkMeasures(snapshot, request.measures);
		const key = JSON.stringify([`${snapshot.snapshotId}`, request]);
		const kept = this.#kept.get(key);
		if (kept !== undefined) return kept;
		const text = JSON.stringify(await this.#compute(snapshot, request, signal));
		this.#kept.set(key, text);
		return text;
	}

	async #compute(
		snapshot: TableSnapshot,
		request: HistoryRequest,
		signal: AbortSignal,
	): Promise<HistoryAnswer> {
		const { stream, from, to, measures } = request;
		const files = filesFor(snapshot.files, request);
		const statements = new HistoryStatements(
			request,
			relationOf(this.#reader, snapshot, files),
			snapshot.timeColumn,
		);
		return this.#database.use(signal, async ({ rows }) => {
			const counted = await rows(statements.keys());
			const chosen = counted.slice(0, KEYS_MAX) as [string | null, number][];
			const points = pointsOf(request, chosen.length);
			const bucketMs = Math.ceil((to - from) / points);
			const few = chosen.filter(([, count]) => count <= points);
			const many = chosen.filter(([, count]) => count > points);
			const names = (some: typeof chosen) => some.map(([key]) => key);
			const series: Series[] = [];
			if (few.length > 0)
				series.push(
					...rawSeries(await rows(statements.raw(names(few))), measures),
				);
			if (many.length > 0)
				series.push(
					...bucketSeries(
						await rows(statements.buckets(names(many), bucketMs)),
						measures,
						from,
						bucketMs,
					),
				);
			const order = new Map(names(chosen).map((key, i) => [key, i]));
			series.sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0));
			return {
				stream,
				from,
				to,
				positions: positionsOf(snapshot),
				committedAt: snapshot.committedAt ?? null,
				snapshotId: snapshot.snapshotId?.toString() ?? null,
				bucketMs,
				...(counted.length > chosen.length ? { moreKeys: true as const } : {}),
				series,
			};
		});
	}
}

/** Points of each series, so that all of them stay within ANSWER_POINTS_MAX. */
const pointsOf = ({ points, measures }: HistoryRequest, keys: number): number =>
	Math.min(
		points,
		Math.floor(ANSWER_POINTS_MAX / Math.max(1, keys * measures.length)),
	);
