/**
 * One part under supervision: launches it, launches it again after back-off when it ends by itself, and stops it when asked.
 *
 * What "launching" is comes from outside (a Node program, Kafka, a script in a test); what state follows from what is part-state.ts.
 */
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT } from "@fireworks/contracts";
import type { ProcessExit } from "@fireworks/local-kafka";
import type { LocalPartName } from "../part-names.ts";
import { identify } from "../process/identity.ts";
import { exitReason } from "./exit-reason.ts";
import {
	INITIAL,
	nextStatus,
	type PartEvent,
	type PartStatus,
} from "./part-state.ts";

const LINES_KEPT = 60;

/** Thrown by a launch that another try cannot mend. */
export class HopelessError extends Error {
	override name = "HopelessError";
}

/** What one life of the part's process reports. */
export interface Life {
	/** As soon as the process exists. */
	onSpawn(child: ChildProcess): void;
	/** Once it does its work. */
	onReady(): void;
	onLine(line: string): void;
	/** Aborted when the part is to stop. */
	signal: AbortSignal;
}

export interface PartDefinition {
	name: LocalPartName;
	/** What it listens on, by use: {http: 8080}. */
	ports: Readonly<Record<string, number>>;
	/** From SIGTERM to SIGKILL. */
	graceMs: number;
	/** One life; returns how the process ended, or throws where it never came to be. */
	launch(life: Life): Promise<ProcessExit>;
}

export interface PartEvents {
	onChange(part: Part, before: PartStatus): void;
	onLine(part: Part, line: string): void;
}

export class Part {
	readonly definition: PartDefinition;
	status: PartStatus = INITIAL;
	readonly #events: PartEvents;
	readonly #stop = new AbortController();
	#recent: string[] = [];
	#child: ChildProcess | undefined;
	#lives: Promise<void> | undefined;

	constructor(definition: PartDefinition, events: PartEvents) {
		this.definition = definition;
		this.#events = events;
	}

	get name(): LocalPartName {
		return this.definition.name;
	}

	/** Its last lines, oldest first. */
	get recentLines(): readonly string[] {
		return this.#recent;
	}

	start(): void {
		this.#lives ??= this.#live();
	}

	/** SIGTERM, SIGKILL after the grace time; resolves when the process is gone. Safe to call again. */
	async stop(): Promise<void> {
		this.#stop.abort();
		this.#child?.kill("SIGTERM");
		const timer = setTimeout(() => this.kill(), this.definition.graceMs);
		await this.#lives;
		clearTimeout(timer);
		this.#apply({ type: "stopped" });
	}

	/** SIGKILL, at once; it counts as stopped only where stop() was called. */
	kill(): void {
		this.#child?.kill("SIGKILL");
	}

	async #live(): Promise<void> {
		const { signal } = this.#stop;
		while (!signal.aborted) {
			this.#apply({ type: "launched" });
			const { code, reason } = await this.#oneLife();
			this.#child = undefined;
			this.#apply({ type: "ended", code, reason, asked: signal.aborted });
			if (this.status.state !== "backoff") return;
			await sleep(this.status.delayMs, undefined, { signal }).catch(() => {});
		}
	}

	async #oneLife(): Promise<{ code: number | null; reason: string }> {
		this.#recent = [];
		try {
			const exit = await this.definition.launch({
				signal: this.#stop.signal,
				onReady: () => this.#apply({ type: "ready" }),
				onLine: (line) => {
					this.#recent.push(line);
					if (this.#recent.length > LINES_KEPT) this.#recent.shift();
					this.#events.onLine(this, line);
				},
				onSpawn: (child) => {
					this.#child = child;
					const process = child.pid && identify(child.pid);
					if (process) this.#apply({ type: "spawned", process });
					if (this.#stop.signal.aborted) child.kill("SIGTERM");
				},
			});
			return { code: exit.code, reason: exitReason(exit, this.#recent) };
		} catch (error) {
			const code = error instanceof HopelessError ? EXIT.config : null;
			return { code, reason: (error as Error).message };
		}
	}

	#apply(event: PartEvent): void {
		const before = this.status;
		this.status = nextStatus(before, event, Date.now());
		if (this.status !== before) this.#events.onChange(this, before);
	}
}
