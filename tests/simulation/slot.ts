/**
 * A place where one process of a service runs. The process is started, killed and restarted, or
 * stopped, as an operator or Kubernetes does it.
 */
import type { Random } from "../../packages/streams/src/memory/random.ts";
import type { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import { downMs, pauseMs } from "./faults.ts";
import type { SimProcess } from "./process.ts";
import type { Service } from "./services.ts";

export interface Instance {
	readonly process: SimProcess;
	readonly stop: AbortController;
	ended: { error?: unknown } | undefined;
}

export interface SlotOptions {
	name: string;
	service: Service;
	time: VirtualTime;
	random: Random;
	/** Creates the process and runs the service in it. */
	start(name: string, service: Service, slot: Slot): Instance;
}

export class Slot {
	readonly #options: SlotOptions;
	readonly instances: Instance[] = [];
	#wanted = false;

	constructor(options: SlotOptions) {
		this.#options = options;
	}

	get wanted(): boolean {
		return this.#wanted;
	}

	/** The processes that may still do something. */
	get alive(): Instance[] {
		return this.instances.filter(
			({ process, ended }) => ended === undefined && process.state !== "dead",
		);
	}

	start(): void {
		this.#wanted = true;
		if (this.alive.length === 0) this.#start();
	}

	/** SIGTERM. */
	stop(): void {
		this.#wanted = false;
		for (const { process, stop } of this.alive)
			process.signal(() => stop.abort());
	}

	harm(process: SimProcess, how: "crash" | "pause"): void {
		if (process.state !== "running") return;
		const { time, random } = this.#options;
		if (how === "crash") {
			process.crash();
			this.#startLater(downMs(random));
			return;
		}
		process.pause();
		time.after(pauseMs(random), () => process.resume());
		// A supervisor may think that a silent process is dead, and start another next to it.
		if (random.oneIn(3)) this.#startLater(downMs(random), true);
	}

	/**
	 * A process has ended by itself. If it was the last one, another starts. A metronome that was
	 * fenced does not start again next to its successor.
	 */
	ended(): void {
		this.#startLater(downMs(this.#options.random));
	}

	#startLater(ms: number, nextToOthers = false): void {
		this.#options.time.after(ms, () => {
			if (this.#wanted && (nextToOthers || this.alive.length === 0))
				this.#start();
		});
	}

	#start(): void {
		const { name, service, start } = this.#options;
		this.instances.push(
			start(`${name}-${this.instances.length}`, service, this),
		);
	}
}
