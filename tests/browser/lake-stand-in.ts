/**
 * Stands in for the lake's query service (services/lake-query), which is another process: answers
 * from arrays, by the same rules, so that a test decides what the table has. It also serves a page
 * of another origin, with a frame.
 */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TableRow {
	key: string;
	partition: number;
	offset: number;
	time: number;
	value: number | null;
}

export interface StandInTable {
	rows: readonly TableRow[];
	positions: Record<string, number>;
	committedAt: number;
}

const COLUMNS = [
	{ name: "record_key", type: "string" },
	{ name: "kafka_partition", type: "int" },
	{ name: "kafka_offset", type: "long" },
	{ name: "t", type: "timestamptz" },
	{ name: "v", type: "double" },
];

export class LakeStandIn {
	readonly tables = new Map<string, StandInTable>();
	/** By SQL text; any other is refused with DuckDB's words. */
	readonly answers = new Map<string, object>();
	/** Queries of /history, in order. */
	readonly asked: URLSearchParams[] = [];
	/** Shown in the frame. */
	framed = "";
	readonly #server: Server;

	private constructor(server: Server) {
		this.#server = server;
	}

	static async start(): Promise<LakeStandIn> {
		const server = createServer();
		const lake = new LakeStandIn(server);
		server.on("request", async (request, response) => {
			let body = "";
			for await (const part of request) body += part;
			lake.#answer(new URL(request.url ?? "/", lake.url), body, response);
		});
		await new Promise<void>((resolve) =>
			server.listen(0, "127.0.0.1", resolve),
		);
		return lake;
	}

	get url(): string {
		const { port } = this.#server.address() as AddressInfo;
		return `http://127.0.0.1:${port}`;
	}

	stop(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	#answer(url: URL, body: string, response: ServerResponse): void {
		const found = this.#found(url, body);
		const json = found !== undefined;
		const [status, answer] = found ?? [200, ""];
		response.writeHead(status, {
			"content-type": json ? "application/json" : "text/html",
		});
		response.end(
			json
				? JSON.stringify(answer)
				: `<!doctype html><iframe src="${this.framed}"></iframe>`,
		);
	}

	/** Status and answer; undefined: the page with the frame. */
	#found(
		{ pathname, searchParams }: URL,
		body: string,
	): [number, object] | undefined {
		if (pathname === "/tables")
			return [200, { tables: [...this.tables].map(tableInfo) }];
		if (pathname === "/history") {
			this.asked.push(searchParams);
			const table = this.tables.get(searchParams.get("stream") ?? "");
			return table
				? [200, history(table, searchParams)]
				: [404, { error: { message: "the lake has no such table" } }];
		}
		if (pathname !== "/sql") return undefined;
		const { sql } = JSON.parse(body) as { sql: string };
		const answer = this.answers.get(sql);
		return answer
			? [200, answer]
			: [400, { error: { message: `Parser Error: syntax error at "${sql}"` } }];
	}
}

const tableInfo = ([name, { rows, positions, committedAt }]: [
	string,
	StandInTable,
]) => ({
	...{ name, columns: COLUMNS, positions, committedAt },
	...{ rows: rows.length, files: 1, bytes: 100 * rows.length },
	timeMin: rows.reduce((least, { time }) => Math.min(least, time), Infinity),
	timeMax: rows.reduce((most, { time }) => Math.max(most, time), -Infinity),
});

function history(
	{ rows, positions, committedAt }: StandInTable,
	query: URLSearchParams,
) {
	const [from, to, points] = ["from", "to", "points"].map((name) =>
		Number(query.get(name)),
	) as [number, number, number];
	const keys = query.getAll("key");
	const bucketMs = Math.ceil((to - from) / points);
	const series = keys.flatMap((key) => {
		const found = rows
			.filter((row) => row.key === key && row.time >= from && row.time < to)
			.toSorted((a, b) => a.time - b.time);
		if (found.length === 0) return [];
		const common = { key, measure: "v" };
		return found.length <= points
			? [{ ...common, raw: true, ...columnsOf(found) }]
			: [{ ...common, ...bucketsOf(found, from, bucketMs) }];
	});
	return { from, to, positions, committedAt, bucketMs, series };
}

const columnsOf = (rows: readonly TableRow[]) => ({
	time: rows.map(({ time }) => time),
	value: rows.map(({ value }) => value),
	partition: rows.map(({ partition }) => partition),
	offset: rows.map(({ offset }) => offset),
});

function bucketsOf(rows: readonly TableRow[], from: number, bucketMs: number) {
	const groups = Map.groupBy(rows, ({ time }) =>
		Math.floor((time - from) / bucketMs),
	);
	const buckets = [...groups].map(([bucket, group]) => ({
		time: from + bucket * bucketMs,
		values: group.flatMap(({ value }) => value ?? []),
	}));
	return {
		time: buckets.map(({ time }) => time),
		first: buckets.map(({ values }) => values[0] ?? null),
		last: buckets.map(({ values }) => values.at(-1) ?? null),
		min: buckets.map(({ values }) =>
			values.length ? Math.min(...values) : null,
		),
		max: buckets.map(({ values }) =>
			values.length ? Math.max(...values) : null,
		),
		count: buckets.map(({ values }) => values.length),
	};
}
