/**
 * The supervisor: owns the parts from their first start to their orderly end, and records what it
 * does.
 *
 * Start: Kafka first, then all services and pipelines at the same time. Then it waits until the
 * page answers and data moves. A pipeline that does not run fails no start. Stop: one part after
 * the other in reverse order (pipelines, page, middleware, processor, metronome, Kafka), so that no
 * part loses what it needs while it ends. Restart: one part, while the others run. Every change is
 * written to state.json and to the supervisor's own log. Each part's output goes to a log file of
 * limited size.
 */
import { join } from "node:path";
import type { StateFolder } from "../../project.ts";
import { type SystemState, writeState } from "../state/state.ts";
import { LogFile } from "./log-file.ts";
import { Part, type PartDefinition } from "./part.ts";
import type { PartStatus } from "./part-state.ts";
import { describe, failureOf, type StartFailure } from "./start-failure.ts";

export interface SupervisorOptions {
	definitions: readonly PartDefinition[];
	folder: StateFolder;
	page: string;
	/** Kept in the state file for later commands. */
	variables: Record<string, string>;
	identity: SystemState["supervisor"];
	onChange?: (part: Part, before: PartStatus) => void;
}

/** A part that ended this many times before it was ever ready will not come up by itself. */
export const START_FAILURES_MAX = 5;

/** How long a start waits for pipelines, once all other parts run. */
const PIPELINES_WAIT_MAX_MS = 10_000;

export class Supervisor {
	readonly parts: Part[] = [];
	phase: SystemState["phase"] = "starting";
	readonly #options: SupervisorOptions;
	readonly #startedAt = Date.now();
	readonly #log: LogFile;
	readonly #partLogs = new Map<string, LogFile>();
	readonly #waiting = new Set<() => void>();
	#failure: StartFailure | undefined;
	#stopped: Promise<void> | undefined;

	constructor(options: SupervisorOptions) {
		this.#options = options;
		const { logs } = options.folder;
		this.#log = new LogFile(join(logs, "supervisor.log"));
		for (const definition of options.definitions) this.#append(definition);
		this.#save();
	}

	#append(definition: PartDefinition): Part {
		const { name } = definition;
		const part = new Part(definition, {
			onChange: (changed, before) => this.#changed(changed, before),
			onLine: (_, line) => this.#partLogs.get(name)?.write(line),
		});
		this.parts.push(part);
		this.#partLogs.set(
			name,
			new LogFile(join(this.#options.folder.logs, `${name}.log`)),
		);
		return part;
	}

	/** Adds a part to the running system, and starts it. */
	add(definition: PartDefinition): void {
		if (this.phase !== "ready") return;
		this.note(`adding ${definition.name}, as requested`);
		this.#append(definition).start();
	}

	/**
	 * Starts the parts. Resolves undefined once all are ready and `moves` resolves true; `moves`
	 * gets the signal that ends the wait. Resolves with the failure if a part fails and a restart
	 * cannot help, or if the time is over. The caller must then stop the system.
	 */
	async start(
		moves: (signal: AbortSignal) => Promise<boolean>,
		signal: AbortSignal,
	): Promise<StartFailure | undefined> {
		this.note("starting");
		const kafka = this.parts.filter((part) => part.name === "kafka");
		for (const group of [kafka, this.parts]) {
			for (const part of group) part.start();
			const needed = group.filter((part) => !part.definition.pipeline);
			const failure = await this.#allRunning(needed, signal);
			if (failure) return this.#failed(failure);
		}
		if (!(await moves(signal)))
			return this.#failed({
				part: undefined,
				problem:
					"every part is ready, but no event came to the websocket in time",
			});
		await this.#pipelinesSettled(
			AbortSignal.any([signal, AbortSignal.timeout(PIPELINES_WAIT_MAX_MS)]),
		);
		this.#setPhase("ready");
		return undefined;
	}

	/** Stops all parts in order. Safe to call again. */
	stop(why: string): Promise<void> {
		this.#stopped ??= this.#stopAll(why);
		return this.#stopped;
	}

	/** Restarts one part in an orderly way. Resolves when its new process is being started. */
	async restart(name: string): Promise<void> {
		this.note(`restarting ${name}, as requested`);
		await this.parts.find((part) => part.name === name)?.restart();
	}

	/** Sends SIGKILL to all parts, for a user who does not want to wait. */
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

	/** Resolves once all parts run, or with the failure of the first part that does not. */
	#allRunning(
		parts: readonly Part[],
		signal: AbortSignal,
	): Promise<StartFailure | undefined> {
		return this.#until(signal, () => {
			const unrecoverable = parts.find(
				({ status }) =>
					status.state === "failed" ||
					(status.state === "backoff" && status.failures >= START_FAILURES_MAX),
			);
			if (unrecoverable) return { answer: failureOf(unrecoverable, "failed") };
			const late = parts.find(({ status }) => status.state !== "running");
			if (!late) return { answer: undefined };
			return signal.aborted
				? { answer: failureOf(late, "not ready in time") }
				: undefined;
		});
	}

	/** Resolves once each pipeline runs, has finished or has failed, or at the signal. */
	#pipelinesSettled(signal: AbortSignal): Promise<void> {
		const starts = ({ definition, status }: Part) =>
			definition.pipeline && status.state === "starting";
		return this.#until(signal, () =>
			this.parts.some(starts) && !signal.aborted
				? undefined
				: { answer: undefined },
		);
	}

	/** The first answer of `ask`, which is called now, after each change, and at the signal. */
	#until<T>(
		signal: AbortSignal,
		ask: () => { answer: T } | undefined,
	): Promise<T> {
		return new Promise((resolve) => {
			const look = () => {
				const found = ask();
				if (found === undefined) return;
				this.#waiting.delete(look);
				signal.removeEventListener("abort", look);
				resolve(found.answer);
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
				...(definition.pipeline
					? { pipeline: { sources: definition.pipeline.sources } }
					: {}),
				...(status.finished ? { finished: true } : {}),
			})),
		});
	}
}
