/** Builds the service from its parts, and runs it until it is stopped. */

import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import {
	KAFKA_SETTINGS,
	type SettingName,
	TOPIC_SETTINGS,
} from "@fireworks/contracts";
import { type LakeLocation, openReader, openTable } from "@fireworks/lake";
import type { ServiceContext } from "@fireworks/service-kit";
import type { Log } from "@fireworks/streams";
import { aborted, delay, systemClock } from "@fireworks/time";
import { BUFFER_BYTES_MAX, STOP_SHARE } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { Budget } from "./tables/budget.ts";
import { RefusedRecords } from "./tables/refused-records.ts";
import { Tables } from "./tables/tables.ts";

export const LAKE_SETTINGS = [
	...KAFKA_SETTINGS,
	...TOPIC_SETTINGS,
	"lakeDir",
	"lakePort",
	"lakeCommitMs",
] as const satisfies readonly SettingName[];

type Context = ServiceContext<(typeof LAKE_SETTINGS)[number]>;

/** Rejects with FencedError when another writer has taken over. */
export async function runLake(context: Context, log: Log): Promise<void> {
	const { settings, logger, registry, signal } = context;
	const location: LakeLocation = {
		catalog: { kind: "files", folder: resolve(settings.lakeDir) },
	};
	const clock = systemClock;
	const owner = randomUUID();
	const budget = new Budget(BUFFER_BYTES_MAX);
	const metrics = createMetrics(registry, {
		statuses: () => tables.statuses(),
		monotonicMs: () => clock.monotonicMs(),
		bufferBytes: () => budget.bytes,
	});
	const late = new AbortController();
	const giveUp = late.signal;
	const common = { location, openTable, owner, giveUp, logger };
	const refused = new RefusedRecords(common);
	const tables = new Tables(
		{
			...common,
			log,
			clock,
			metrics,
			reader: openReader(location),
			budget,
			refused,
			commitMs: settings.lakeCommitMs,
		},
		settings,
	);
	const page = () => ({
		owner,
		tables: [...tables.statuses()].map((status) =>
			status.page(clock.monotonicMs()),
		),
	});
	await context.serve(settings.lakePort, {
		live: () => undefined,
		ready: () => (signal.aborted ? "stopping" : tables.notReady()),
		pages: { "/tables": page },
	});
	logger.info(
		{ owner, ...location.catalog, token: undefined },
		"writing the lake",
	);
	const over = new AbortController();
	void aborted(signal).then(async () => {
		await delay(clock, settings.stopGraceMs * STOP_SHARE, over.signal);
		if (over.signal.aborted) return;
		logger.warn(
			"not everything that was read could be committed in time: the next writer reads it again",
		);
		late.abort();
	});
	try {
		await tables.run(signal);
	} finally {
		over.abort();
		await refused.close();
	}
}
