/**
 * The main of every service: settings, logs, metrics, health, and an orderly end.
 *
 * It ends in one of four ways (EXIT in packages/contracts): asked by SIGTERM or SIGINT, by a failure, fenced by another instance, or
 * because its settings or topics are wrong. Stopping is bounded by `stopGraceMs`: what has not stopped by then is left to the operating system,
 * which is safe, because every service may be killed at any moment.
 */
import {
	EXIT,
	parseSettings,
	type SettingName,
	type Settings,
	SettingsError,
} from "@fireworks/contracts";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Health } from "./health.ts";
import { type HealthServer, startHealthServer } from "./http-server.ts";
import { createLogger, type Logger } from "./logger.ts";
import { unreadable } from "./unreadable.ts";

export const SERVICE_SETTINGS = ["host", "logLevel", "stopGraceMs"] as const;

/** An end with an exit code of its own, such as EXIT.fenced. */
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
	/** Aborted when the service is asked to stop. */
	signal: AbortSignal;
	/** Serves the probes and metrics from now on; ended after `run` has returned. */
	serve(port: number, health: Health): Promise<HealthServer>;
}

export interface ServiceDefinition<N extends SettingName> {
	name: string;
	settings: readonly N[];
	/** The service's life: returns in order once `signal` is aborted, throws on failure. */
	run(context: ServiceContext<N>): Promise<void>;
}

/** Runs the service and ends the process with its exit code. */
export async function runService<N extends SettingName>(
	definition: ServiceDefinition<N>,
): Promise<void> {
	process.exitCode = await live(definition);
	process.exit();
}

async function live<N extends SettingName>(
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
		await Promise.race([
			Promise.all(servers.map((s) => s.close())),
			delay(1_000),
		]);
	}
}

const delay = (ms: number) =>
	new Promise((resolve) => setTimeout(resolve, ms).unref());

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
