/** Answers /tables, /history and /sql. Each request is checked, and waits for its turn. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TableReader } from "@fireworks/lake";
import type { Logger } from "@fireworks/service-kit";
import type { History } from "../history/history.ts";
import { historyRequest } from "../history/request.ts";
import type { LakeQueryMetrics } from "../metrics.ts";
import type { Children } from "../sql/children.ts";
import { answerSql, sqlRequest } from "../sql/sql.ts";
import { listTables } from "../tables.ts";
import type { WorkQueue } from "../work-queue.ts";
import { readBody } from "./body.ts";
import { type Access, checkAccess } from "./check-request.ts";
import { type Reply, refusalReply, send } from "./reply.ts";
import { RequestRefused } from "./request-refused.ts";

export interface HandlerOptions {
	readonly access: Access;
	readonly reader: TableReader;
	readonly history: History;
	readonly histories: WorkQueue;
	readonly children: Children;
	readonly statements: WorkQueue;
	readonly metrics: LakeQueryMetrics;
	readonly logger: Logger;
	/** Aborted when the service stops. */
	readonly stop: AbortSignal;
}

const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
	["/tables", ["GET"]],
	["/history", ["GET"]],
	["/sql", ["GET", "POST"]],
]);

export class Handler {
	readonly #options: HandlerOptions;

	constructor(options: HandlerOptions) {
		this.#options = options;
	}

	/** See Health.handle. */
	handle(request: IncomingMessage, response: ServerResponse): boolean {
		const url = URL.parse(request.url ?? "", "http://localhost");
		if (url === null || !METHODS.has(url.pathname)) return false;
		void this.#answer(url, request, response);
		return true;
	}

	async #answer(
		url: URL,
		request: IncomingMessage,
		response: ServerResponse,
	): Promise<void> {
		const { metrics, logger, stop } = this.#options;
		const started = performance.now();
		const gone = new AbortController();
		response.once("close", () => gone.abort());
		let reply: Reply;
		try {
			const signal = AbortSignal.any([gone.signal, stop]);
			reply = await this.#reply(url, request, signal);
		} catch (error) {
			if (gone.signal.aborted) return;
			reply = refusalReply(this.#refusalOf(error));
		}
		if (!request.complete) request.resume();
		send(response, reply);
		const path = url.pathname;
		metrics.requests.inc({ path, status: String(reply.status) });
		metrics.seconds.observe({ path }, (performance.now() - started) / 1_000);
		logger.debug({ path, status: reply.status }, "answered");
	}

	#refusalOf(error: unknown): RequestRefused {
		if (error instanceof RequestRefused) return error;
		const { logger, stop } = this.#options;
		if (stop.aborted)
			return new RequestRefused("stopping", "the service is stopping");
		logger.error({ err: error }, "a request failed");
		return new RequestRefused("failed", "see the log of the service");
	}

	async #reply(
		url: URL,
		request: IncomingMessage,
		signal: AbortSignal,
	): Promise<Reply> {
		const { access, reader } = this.#options;
		checkAccess(request.headers, access);
		const methods = METHODS.get(url.pathname) ?? [];
		if (!methods.includes(request.method ?? ""))
			throw new RequestRefused(
				"method-not-allowed",
				`${url.pathname} takes ${methods.join(" and ")}`,
			);
		signal.throwIfAborted();
		switch (url.pathname) {
			case "/tables":
				return json({ tables: await listTables(reader) });
			case "/history":
				return this.#history(url.searchParams, signal);
			default:
				return this.#sql(url.searchParams, request, signal);
		}
	}

	async #history(query: URLSearchParams, signal: AbortSignal): Promise<Reply> {
		const { history, histories } = this.#options;
		const asked = historyRequest(query);
		const body = await histories.run(signal, () =>
			history.answer(asked, signal),
		);
		return { status: 200, body };
	}

	async #sql(
		query: URLSearchParams,
		request: IncomingMessage,
		signal: AbortSignal,
	): Promise<Reply> {
		const { reader, children, statements } = this.#options;
		const body =
			request.method === "POST" ? await readBody(request) : undefined;
		const asked = sqlRequest(query, body);
		const answer = await statements.run(signal, () =>
			answerSql(asked, reader, children, signal),
		);
		return {
			status: 200,
			body: answer.body,
			...(asked.format === "csv" ? { type: "text/csv; charset=utf-8" } : {}),
			headers: { "fireworks-truncated": String(answer.truncated) },
		};
	}
}

const json = (value: object): Reply => ({
	status: 200,
	body: `${JSON.stringify(value)}\n`,
});
