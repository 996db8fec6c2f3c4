/** GET and POST /sql: one statement over the newest snapshots. */
import type { TableReader } from "@fireworks/lake";
import { z } from "zod";
import { RequestRefused } from "../http/request-refused.ts";
import { relationOf } from "../relation.ts";
import type { ChildAnswer, Children } from "./children.ts";
import type { AnswerFormat, SqlTable } from "./messages.ts";

const requestSchema = z.strictObject({
	sql: z.string().min(1),
	format: z.enum(["json", "csv"]).default("json"),
});
export interface SqlRequest {
	readonly sql: string;
	readonly format: AnswerFormat;
}

/** body: of a POST; undefined: the query has it. Throws RequestRefused. */
export function sqlRequest(
	query: URLSearchParams,
	body: string | undefined,
): SqlRequest {
	let given: unknown;
	if (body === undefined) {
		given = {
			sql: query.get("q") ?? undefined,
			format: query.get("format") ?? undefined,
		};
	} else {
		try {
			given = JSON.parse(body);
		} catch (error) {
			throw new RequestRefused(
				"bad-request",
				`the body is not JSON: ${(error as Error).message}`,
			);
		}
	}
	const parsed = requestSchema.safeParse(given);
	if (parsed.success) return parsed.data;
	throw new RequestRefused(
		"bad-request",
		`send {"sql":"select ...","format":"json" or "csv"}, or ask /sql?q=: ${z.prettifyError(parsed.error)}`,
	);
}

/** Throws RequestRefused. */
export async function answerSql(
	request: SqlRequest,
	reader: TableReader,
	children: Children,
	signal: AbortSignal,
): Promise<ChildAnswer> {
	const tables = await reader.list();
	return children.run(
		{ ...request, tables },
		(names) => Promise.all(names.map((name) => tableOf(reader, name))),
		signal,
	);
}

async function tableOf(reader: TableReader, name: string): Promise<SqlTable> {
	const snapshot = await reader.snapshot(name);
	if (snapshot === undefined)
		throw new RequestRefused("unknown-stream", `the table ${name} is gone`);
	return {
		name,
		relation: relationOf(reader, snapshot),
		paths: snapshot.files.map(({ path }) => path),
		snapshotId: snapshot.snapshotId?.toString() ?? null,
		committedAt: snapshot.committedAt ?? null,
	};
}
