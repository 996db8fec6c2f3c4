/**
 * The main function of every service: settings, logs, metrics, health, and an orderly end.
 *
 * A service ends in one of four ways (EXIT in packages/contracts): by SIGTERM or SIGINT, by a
 * failure, fenced by another instance, or because its settings or topics are wrong. Stopping takes
 * at most `stopGraceMs`. Whatever has not stopped by then is left to the operating system, which is
 * safe because every service can be killed at any moment.
 */
import {
	EXIT,
	ignoredWarnings,
	parseSettings,
	type SettingName,
	type Settings,
	SettingsError,
} from "@fireworks/contracts";
import { systemClock, within } from "@fireworks/time";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Health } from "./health.ts";
import { type HealthServer, startHealthServer } from "./http-server.ts";
import { createLogger, type Logger } from "./logger.ts";
import { unreadable } from "./unreadable.ts";

/** Time limit for closing the HTTP servers. The process ends anyway. */
const CLOSE_MAX_MS = 1_000;

export const SERVICE_SETTINGS = ["host", "logLevel", "stopGraceMs"] as const;

/** Ends the service with a specific exit code, such as EXIT.fenced. */
export class ServiceExit extends Error {
	override name = "ServiceExit";
	readonly exitCode: number;

	constructor(exitCode: number, message: string, options?: ErrorOptions) {
		super(message, options);
		this.exitCode = exitCode;
	}
}

export interface ServiceContext<N extends SettingName> {
	settings: Settings<N | (typeof SERVICE_SETTINGS)[number]>;
	logger: Logger;
	registry: Registry;
	/** Aborted when the service has to stop. */
	signal: AbortSignal;
	/** Serves the probes and metrics from now on, until `run` has returned. */
	serve(port: number, health: Health): Promise<HealthServer>;
}

export interface ServiceDefinition<N extends SettingName> {
	name: string;
	settings: readonly N[];
	/** Runs the service: returns in order once `signal` is aborted, throws on failure. */
	run(context: ServiceContext<N>): Promise<void>;
}

/** Runs the service and ends the process with its exit code. */
export async function runService<N extends SettingName>(
	definition: ServiceDefinition<N>,
): Promise<void> {
	process.exitCode = await runToExitCode(definition);
	process.exit();
}

async function runToExitCode<N extends SettingName>(
	definition: ServiceDefinition<N>,
): Promise<number> {
	const logger = createLogger(
		definition.name,
		process.env.FIREWORKS_LOG_LEVEL ?? "info",
	);
	let settings: ServiceContext<N>["settings"];
	try {
		settings = parseSettings(
			process.env,
			[...SERVICE_SETTINGS, ...definition.settings],
			unreadable,
		);
	} catch (error) {
		return explain(createLogger(definition.name, "info"), error);
	}
	for (const warning of ignoredWarnings(Object.keys(process.env)))
		logger.warn(warning);
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const stop = new AbortController();
	const servers: HealthServer[] = [];
	stopOnSignals(stop, logger, settings.stopGraceMs);
	const failed = new Promise<never>((_, reject) => {
		process.once("uncaughtException", reject);
		process.once("unhandledRejection", reject);
	});
	try {
		const serve = async (port: number, health: Health) => {
			const server = await startHealthServer({
				host: settings.host,
				port,
				health,
				registry,
			});
			servers.push(server);
			logger.info({ port: server.port }, "health and metrics are served");
			return server;
		};
		await Promise.race([
			definition.run({
				settings,
				logger,
				registry,
				signal: stop.signal,
				serve,
			}),
			failed,
		]);
		logger.info("stopped in order");
		return EXIT.ok;
	} catch (error) {
		return explain(logger, error);
	} finally {
		await within(
			Promise.all(servers.map((s) => s.close())),
			CLOSE_MAX_MS,
			systemClock,
		);
	}
}

function stopOnSignals(
	stop: AbortController,
	logger: Logger,
	graceMs: number,
): void {
	for (const name of ["SIGTERM", "SIGINT"] as const) {
		process.once(name, () => {
			logger.info({ signal: name, graceMs }, "stopping");
			stop.abort();
			setTimeout(() => {
				logger.error(
					{ graceMs },
					"not stopped within the grace time: ending anyway",
				);
				process.exit(EXIT.failure);
			}, graceMs).unref();
		});
	}
}

/** Logs why the service ends; returns the exit code. */
function explain(logger: Logger, error: unknown): number {
	if (error instanceof SettingsError) {
		for (const problem of error.problems)
			logger.fatal(
				{
					setting: problem.name,
					value: problem.value,
					expected: problem.expected,
				},
				"wrong setting",
			);
		logger.fatal(
			{ problems: error.problems.length },
			"not started: the settings are wrong",
		);
		return EXIT.config;
	}
	if (error instanceof ServiceExit) {
		logger.fatal({ err: error, exitCode: error.exitCode }, error.message);
		return error.exitCode;
	}
	logger.fatal({ err: error }, "failed");
	return EXIT.failure;
}
