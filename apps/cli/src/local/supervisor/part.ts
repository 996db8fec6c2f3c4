/**
 * One supervised part: starts its process, starts it again after a back-off if it ends by itself,
 * and stops or restarts it on request.
 *
 * Its definition decides what is run (a Node program, Kafka, a script in a test). part-state.ts
 * decides the states.
 */
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "@fireworks/contracts";
import type { ProcessExit } from "@fireworks/local-kafka";
import { UnrecoverableError } from "@fireworks/programs";
import { identify } from "../../process/identity.ts";
import { endChild } from "../../process/process.ts";
import { exitReason } from "./exit-reason.ts";
import {
	INITIAL,
	nextStatus,
	type PartEvent,
	type PartStatus,
} from "./part-state.ts";

const LINES_KEPT = 60;

/** Where one run of a part's process reports to. */
export interface ProcessRun {
	/** Called as soon as the process exists. */
	onSpawn(child: ChildProcess): void;
	/** Called with the part's own reason why it is not ready yet. */
	onWaiting(reason: string): void;
	/** Called once it is ready. */
	onReady(): void;
	onLine(line: string): void;
	/** Aborted when the part must stop. */
	signal: AbortSignal;
}

export interface PartDefinition {
	name: string;
	/** The ports it listens on, by use: {http: 8080}. */
	ports: Readonly<Record<string, number>>;
	/**
	 * Only for a pipeline of the user. The system does not need it: its failures do not end the
	 * start, and an end with exit code 0 means that there is nothing of it to run.
	 */
	pipeline?: {
		/** A checksum of the files that it was started from (pipelines/sources.ts). */
		readonly sources: string;
	};
	/** The settings that choose these ports. */
	portVariables?: readonly string[];
	/** Time between SIGTERM and SIGKILL. */
	graceMs: number;
	/**
	 * Runs the process once. Returns how it ended. Throws if it could not be started, an
	 * UnrecoverableError if it never can be.
	 */
	run(run: ProcessRun): Promise<ProcessExit>;
}

export interface PartEvents {
	onChange(part: Part, before: PartStatus): void;
	onLine(part: Part, line: string): void;
}

export class Part {
	readonly definition: PartDefinition;
	status: PartStatus = INITIAL;
	readonly #events: PartEvents;
	#stop = new AbortController();
	#stopsForGood = false;
	#recent: string[] = [];
	#waitsFor: string | undefined;
	#child: ChildProcess | undefined;
	#runs: Promise<void> | undefined;

	constructor(definition: PartDefinition, events: PartEvents) {
		this.definition = definition;
		this.#events = events;
	}

	get name(): string {
		return this.definition.name;
	}

	/** Its last reason for not being ready; undefined if it is ready or gave no reason. */
	get waitsFor(): string | undefined {
		return this.#waitsFor;
	}

	start(): void {
		this.#runs ??= this.#runUntilStopped();
	}

	/** Resolves when the process has ended. Safe to call again. */
	async stop(): Promise<void> {
		this.#stopsForGood = true;
		await this.#end();
	}

	/** Ends the process in an orderly way, and starts it again unless stop() was called meanwhile. */
	async restart(): Promise<void> {
		await this.#end();
		if (this.#stopsForGood) return;
		this.#stop = new AbortController();
		this.#runs = undefined;
		this.start();
	}

	/** Sends SIGKILL at once. The part counts as stopped only if stop() was called. */
	kill(): void {
		this.#child?.kill("SIGKILL");
	}

	async #end(): Promise<void> {
		this.#stop.abort();
		if (this.#child) await endChild(this.#child, this.definition.graceMs);
		await this.#runs;
		this.#apply({ type: "stopped" });
	}

	async #runUntilStopped(): Promise<void> {
		const { signal } = this.#stop;
		while (!signal.aborted) {
			this.#apply({ type: "started" });
			const { code, reason } = await this.#runOnce(signal);
			this.#child = undefined;
			const requested = signal.aborted;
			if (code === EXIT.ok && !requested && this.definition.pipeline)
				this.#apply({ type: "finished" });
			else this.#apply({ type: "ended", code, reason, requested });
			if (this.status.state !== "backoff") return;
			await sleep(this.status.delayMs, undefined, { signal }).catch(() => {});
		}
	}

	async #runOnce(
		signal: AbortSignal,
	): Promise<{ code: number | null; reason: string }> {
		this.#recent = [];
		this.#waitsFor = undefined;
		try {
			const exit = await this.definition.run({
				signal,
				onWaiting: (reason) => {
					this.#waitsFor = reason;
				},
				onReady: () => {
					this.#waitsFor = undefined;
					this.#apply({ type: "ready" });
				},
				onLine: (line) => {
					this.#recent.push(line);
					if (this.#recent.length > LINES_KEPT) this.#recent.shift();
					this.#events.onLine(this, line);
				},
				onSpawn: (child) => {
					this.#child = child;
					const process = child.pid && identify(child.pid);
					if (process) this.#apply({ type: "spawned", process });
					if (signal.aborted) void endChild(child, this.definition.graceMs);
				},
			});
			return {
				code: exit.code,
				reason: exitReason(exit, this.#recent, this.definition.portVariables),
			};
		} catch (error) {
			const code = error instanceof UnrecoverableError ? EXIT.config : null;
			return { code, reason: (error as Error).message };
		}
	}

	#apply(event: PartEvent): void {
		const before = this.status;
		this.status = nextStatus(before, event, Date.now());
		if (this.status !== before) this.#events.onChange(this, before);
	}
}
