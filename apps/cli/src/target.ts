/** The places where the system can run. Each implements the same commands. */
import type { CliExit } from "./exit-codes.ts";
import type { OptionalPartName } from "./local/part-names.ts";

export const TARGETS = ["local", "kind", "cluster"] as const;
export type TargetName = (typeof TARGETS)[number];

export interface UpOptions {
	engine: string;
	/** A second engine next to the first; empty for none. */
	compare: string;
	/** Pipelines that start only if they are named; empty for none. */
	pipelines: readonly string[];
	/** Optional parts that are named; empty for none. */
	parts: readonly OptionalPartName[];
	/** local: keep the streams in the lake's tables. undefined: as the last `up` did. */
	lake: boolean | undefined;
	/** Return once the system is ready. */
	detach: boolean;
	/** For the start of the parts. */
	timeoutMs: number;
}

export interface LogsOptions {
	/** undefined: all parts. */
	part: string | undefined;
	follow: boolean;
	lines: number;
}

export interface AuditOptions {
	json: boolean;
	compare: boolean;
	lake: boolean;
}

/** Each command prints what it has to say, and returns its exit code or throws CliError. */
export interface Target {
	up(options: UpOptions): Promise<CliExit>;
	status(options: { json: boolean }): Promise<CliExit>;
	logs(options: LogsOptions): Promise<CliExit>;
	doctor(): Promise<CliExit>;
	/**
	 * compare: the second engine's topics instead of the first's. lake: the lake's tables instead of
	 * the topics.
	 */
	audit(options: AuditOptions): Promise<CliExit>;
	/** Clears the state of one key of a stage. */
	reset(options: { stage: string; key: string }): Promise<CliExit>;
	/** Restarts one part in an orderly way, and waits until it is ready. */
	restart(options: { part: string; timeoutMs: number }): Promise<CliExit>;
	down(options: { purge: boolean }): Promise<CliExit>;
}
