/**
 * The hidden subcommand `supervise`: the process of the supervisor. `up` starts it with a checked
 * and completed environment. It outlives the terminal, and ends with all parts on SIGTERM.
 */
import { rmSync } from "node:fs";
import { findJava } from "@fireworks/local-kafka";
import { aborted, stopSignals } from "../commands/stop-signals.ts";
import { CLI_EXIT, type CliExit } from "../exit-codes.ts";
import { javaNeeds } from "../preflight/java.ts";
import { identify } from "../process/identity.ts";
import {
	type AllSettings,
	ownVariables,
	parseAll,
	stateFolderOf,
} from "../settings.ts";
import { OPTIONAL_PART_NAMES } from "./part-names.ts";
import { findPipelines, toStart } from "./pipelines/find.ts";
import { serveRestarts } from "./restart.ts";
import { takeLock } from "./state/lock.ts";
import { dataMoves } from "./supervisor/data-probe.ts";
import { reachable } from "./supervisor/http-probe.ts";
import {
	optionalDefinition,
	partDefinitions,
	pipelineDefinition,
} from "./supervisor/parts.ts";
import { describe } from "./supervisor/start-failure.ts";
import { Supervisor } from "./supervisor/supervisor.ts";

/** If ticks come less often than this, a start does not wait for the next one. */
const PATIENCE_MS = 10_000;

export interface SuperviseOptions {
	/** For the start of the parts. */
	timeoutMs: number;
	/** Pipelines that start only if they are named. */
	pipelines: readonly string[];
}

/** Does nothing if another supervisor has the lock: `up` then waits for that one's system. */
export async function supervise({
	timeoutMs,
	pipelines,
}: SuperviseOptions): Promise<CliExit> {
	const env = process.env;
	const settings = parseAll(env);
	const folder = stateFolderOf(env);
	const java = await findJava(env, javaNeeds(settings));
	const lock = takeLock(folder.lockFile);
	if (!lock.held) return CLI_EXIT.ok;
	const identity = identify(process.pid);
	if (identity === undefined)
		throw new Error("This process does not find itself in the process table.");
	const system = { settings, env, folder, java };
	const supervisor = new Supervisor({
		definitions: partDefinitions(system, toStart(findPipelines(), pipelines)),
		folder,
		page: pageOf(settings),
		variables: ownVariables(env),
		identity,
	});
	// A request to an earlier supervisor is not meant for this one.
	rmSync(folder.restarts, { recursive: true, force: true });
	const requested = stopSignals(() => supervisor.killAll());
	try {
		const failure = await supervisor.start(
			(over) => everywhereMoves(settings, over),
			AbortSignal.any([requested, AbortSignal.timeout(timeoutMs)]),
		);
		if (failure && !requested.aborted) {
			await supervisor.stop(`the start failed: ${describe(failure)}`);
			return CLI_EXIT.failure;
		}
		const served = serveRestarts(folder, supervisor, requested, (name) => {
			const optional = OPTIONAL_PART_NAMES.find((one) => one === name);
			if (optional) return optionalDefinition(optional, system);
			const added = findPipelines().pipelines.find((one) => one.name === name);
			return added && pipelineDefinition(added, system);
		});
		await aborted(requested);
		await supervisor.stop(String(requested.reason));
		await served;
		return CLI_EXIT.ok;
	} finally {
		lock.release();
	}
}

/** Listening addresses that a browser on this machine reaches as `localhost`. */
const LOCALHOST = new Set(["127.0.0.1", "::1", "0.0.0.0", "::", "localhost"]);

/** The page's address for a browser on this machine. */
export const pageOf = ({
	host,
	dashboardPort,
}: Pick<AllSettings, "host" | "dashboardPort">): string =>
	`http://${LOCALHOST.has(host) ? "localhost" : reachable(host)}:${dashboardPort}`;

/** Whether events arrive at every middleware, also at that of a second engine. */
async function everywhereMoves(
	settings: AllSettings,
	over: AbortSignal,
): Promise<boolean> {
	const ports = [
		settings.middlewarePort,
		...(settings.compareEngine ? [settings.compareMiddlewarePort] : []),
	];
	const each = ports.map((port) =>
		dataMoves(
			{
				address: `${reachable(settings.host)}:${port}`,
				snapshotWillDo: settings.metronomeIntervalMs > PATIENCE_MS,
			},
			over,
		),
	);
	return (await Promise.all(each)).every(Boolean);
}
