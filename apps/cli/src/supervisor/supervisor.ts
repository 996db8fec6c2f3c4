/**
 * The supervisor: owns the parts from their first start to their orderly end, and writes down what it does.
 *
 * The parts are started in the order of their definitions. Start: Kafka, then the services side by side, then it waits until the page answers and data moves. Stop: in the opposite order (page, middleware,
 * processor, metronome, Kafka), one after the other, so that nothing loses what it needs while it ends. Every change goes to state.json and to the
 * supervisor's own log; the parts' output goes to a bounded log file each.
 */
import { join } from "node:path";
import type { LocalPartName } from "../part-names.ts";
import type { StateFolder } from "../project.ts";
import type { SystemState } from "../state/state.ts";
import { writeState } from "../state/state-file.ts";
import { LogFile } from "./log-file.ts";
import { Part, type PartDefinition } from "./part.ts";
import type { PartStatus } from "./part-state.ts";

export interface SupervisorOptions {
	definitions: readonly PartDefinition[];
	folder: StateFolder;
	page: string;
	/** Remembered in the state for later words. */
	variables: Record<string, string>;
	identity: SystemState["supervisor"];
	onChange?: (part: Part, before: PartStatus) => void;
}

/** A start that fails for good, and the part whose fault it is. */
export interface StartFailure {
	part: LocalPartName | undefined;
	problem: string;
	/** The part's last lines. */
	lines: readonly string[];
}

/** A part that ended so many times before it was ever ready will not come up by itself. */
export const START_FAILURES_MAX = 5;

export class Supervisor {
	readonly parts: readonly Part[];
	phase: SystemState["phase"] = "starting";
	readonly #options: SupervisorOptions;
	readonly #startedAt = Date.now();
	readonly #log: LogFile;
	readonly #partLogs = new Map<LocalPartName, LogFile>();
	readonly #waiting = new Set<() => void>();
	#failure: StartFailure | undefined;
	#stopped: Promise<void> | undefined;

	constructor(options: SupervisorOptions) {
		this.#options = options;
		const { logs } = options.folder;
		this.#log = new LogFile(join(logs, "supervisor.log"));
		this.parts = options.definitions.map(
			(definition) =>
				new Part(definition, {
					onChange: (part, before) => this.#changed(part, before),
					onLine: (part, line) => this.#partLogs.get(part.name)?.write(line),
				}),
		);
		for (const { name } of this.parts)
			this.#partLogs.set(name, new LogFile(join(logs, `${name}.log`)));
		this.#save();
	}

	/**
	 * Starts the parts. Resolves undefined once all are ready and `moves` (given a signal that ends with the wait) resolves true;
	 * resolves with the failure where a part fails for good or the time is over. Stopping is left to the caller.
	 */
	async start(
		moves: (signal: AbortSignal) => Promise<boolean>,
		signal: AbortSignal,
	): Promise<StartFailure | undefined> {
		this.note("starting");
		const kafka = this.parts.filter((part) => part.name === "kafka");
		for (const group of [kafka, this.parts]) {
			for (const part of group) part.start();
			const failure = await this.#allRunning(group, signal);
			if (failure) return this.#failed(failure);
		}
		if (!(await moves(signal)))
			return this.#failed({
				part: undefined,
				problem:
					"every part is ready, but no event came to the websocket in time",
				lines: [],
			});
		this.#setPhase("ready");
		return undefined;
	}

	/** Stops all in order; safe to call again. */
	stop(why: string): Promise<void> {
		this.#stopped ??= this.#stopAll(why);
		return this.#stopped;
	}

	/** SIGKILL to all, for a person who will not wait. */
	killAll(): void {
		this.note("killing all parts");
		for (const part of this.parts) part.kill();
	}

	note(text: string): void {
		this.#log.write(`${new Date().toISOString()} ${text}`);
	}

	async #stopAll(why: string): Promise<void> {
		this.note(`stopping: ${why}`);
		this.#setPhase("stopping");
		for (const part of this.parts.toReversed()) await part.stop();
		this.#setPhase("stopped");
		this.note("stopped");
		for (const log of this.#partLogs.values()) log.close();
		this.#partLogs.clear();
	}

	#failed(failure: StartFailure): StartFailure {
		this.#failure = failure;
		this.note(`the start failed: ${describe(failure)}`);
		this.#save();
		return failure;
	}

	#setPhase(phase: SystemState["phase"]): void {
		this.phase = phase;
		this.note(`the system is ${phase}`);
		this.#save();
	}

	#changed(part: Part, before: PartStatus): void {
		const { status } = part;
		if (status.state !== before.state) {
			const why =
				status.state === "backoff"
					? ` for ${status.delayMs} ms: ${status.lastError}`
					: status.state === "failed"
						? `: ${status.lastError}`
						: "";
			const pid =
				before.process && !status.process
					? before.process.pid
					: status.process?.pid;
			this.note(
				`${part.name}${pid ? ` (${pid})` : ""} ${before.state} -> ${status.state}${why}`,
			);
		}
		this.#save();
		this.#options.onChange?.(part, before);
		for (const look of this.#waiting) look();
	}

	/** undefined once all run; else the failure of the first that does not. */
	#allRunning(
		parts: readonly Part[],
		signal: AbortSignal,
	): Promise<StartFailure | undefined> {
		return new Promise((resolve) => {
			const done = (failure: StartFailure | undefined) => {
				this.#waiting.delete(look);
				signal.removeEventListener("abort", look);
				resolve(failure);
			};
			const look = () => {
				const hopeless = parts.find(
					({ status }) =>
						status.state === "failed" ||
						(status.state === "backoff" &&
							status.failures >= START_FAILURES_MAX),
				);
				if (hopeless) return done(failureOf(hopeless, "failed"));
				const late = parts.find(({ status }) => status.state !== "running");
				if (!late) return done(undefined);
				if (signal.aborted) done(failureOf(late, "not ready in time"));
			};
			this.#waiting.add(look);
			signal.addEventListener("abort", look);
			look();
		});
	}

	#save(): void {
		const { folder, page, variables, identity } = this.#options;
		writeState(folder.stateFile, {
			version: 1,
			target: "local",
			phase: this.phase,
			problem: this.#failure ? describe(this.#failure) : null,
			problemPart: this.#failure?.part ?? null,
			page,
			startedAt: this.#startedAt,
			supervisor: identity,
			settings: variables,
			parts: this.parts.map(({ name, definition, status }) => ({
				name,
				state: status.state,
				process: status.process,
				restarts: status.restarts,
				ports: { ...definition.ports },
				lastError: status.lastError,
				since: status.since,
			})),
		});
	}
}

export const describe = ({ part, problem }: StartFailure): string =>
	part ? `${part}: ${problem}` : problem;

const failureOf = (part: Part, what: string): StartFailure => ({
	part: part.name,
	problem: part.status.lastError ?? what,
	lines: part.recentLines,
});
