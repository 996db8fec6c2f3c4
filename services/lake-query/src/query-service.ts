/** Builds the service from its parts, and runs it until it is stopped. */
import type { SettingName } from "@fireworks/contracts";
import type { TableReader } from "@fireworks/lake";
import { type ServiceContext, secretOf } from "@fireworks/service-kit";
import { aborted } from "@fireworks/time";
import { Database } from "./history/database.ts";
import { History } from "./history/history.ts";
import { isLoopback } from "./http/check-request.ts";
import { Handler } from "./http/handler.ts";
import {
	CONNECTIONS_MAX,
	HISTORIES_MAX,
	HISTORIES_WAITING_MAX,
	HISTORY_WAIT_MS,
	SILENT_MS,
	STATEMENT_WAIT_MS,
	STATEMENTS_MAX,
	STATEMENTS_WAITING_MAX,
} from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { Children } from "./sql/children.ts";
import { WorkQueue } from "./work-queue.ts";

export const QUERY_SETTINGS = [
	"lakeDir",
	"lakeQueryPort",
	"lakeQueryBearerToken",
	"lakeQueryBearerTokenFile",
] as const satisfies readonly SettingName[];

type Context = ServiceContext<(typeof QUERY_SETTINGS)[number]>;

/** program: see ChildrenOptions. */
export async function runLakeQuery(
	context: Context,
	reader: TableReader,
	program: string,
): Promise<void> {
	const { settings, logger, registry, signal } = context;
	const { host } = settings;
	const bearerToken = secretOf(settings, "lakeQueryBearerToken");
	if (bearerToken === "" && !isLoopback(host))
		logger.warn(
			{ host },
			"every program that reaches this address may read the lake: set FIREWORKS_LAKE_QUERY_BEARER_TOKEN, or let only trusted programs reach it",
		);
	const database = new Database();
	const children = new Children({ program, logger });
	const histories = new WorkQueue({
		running: HISTORIES_MAX,
		waiting: HISTORIES_WAITING_MAX,
		waitMs: HISTORY_WAIT_MS,
	});
	const statements = new WorkQueue({
		running: STATEMENTS_MAX,
		waiting: STATEMENTS_WAITING_MAX,
		waitMs: STATEMENT_WAIT_MS,
	});
	const handler = new Handler({
		access: { bearerToken, host },
		reader,
		history: new History(reader, database),
		histories,
		children,
		statements,
		metrics: createMetrics(registry, {
			histories,
			statements,
			processes: () => children.size,
		}),
		logger,
		stop: signal,
	});
	const { server } = await context.serve(settings.lakeQueryPort, {
		live: () => undefined,
		ready: () => (signal.aborted ? "stopping" : undefined),
		handle: (request, response) => handler.handle(request, response),
	});
	server.maxConnections = CONNECTIONS_MAX;
	server.timeout = SILENT_MS;
	try {
		await aborted(signal);
	} finally {
		server.close();
		children.close();
		database.close();
	}
}
