/** A place where one process of a service runs: started, killed and started anew, stopped, as an operator or Kubernetes does it. */
import type { Random } from "../../src/memory/random.ts";
import type { VirtualTime } from "../../src/testing/virtual-time.ts";
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
	/** Makes the process and runs the service in it. */
	launch(name: string, service: Service, slot: Slot): Instance;
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

	/** Those that may still do something. */
	get alive(): Instance[] {
		return this.instances.filter(
			({ process, ended }) => ended === undefined && process.state !== "dead",
		);
	}

	start(): void {
		this.#wanted = true;
		if (this.alive.length === 0) this.#launch();
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
			this.#launchLater(downMs(random));
			return;
		}
		process.pause();
		time.after(pauseMs(random), () => process.resume());
		// Whoever watches may take a silent process for dead and start another beside it.
		if (random.oneIn(3)) this.#launchLater(downMs(random), true);
	}

	/** One has ended by itself. Another starts where it was the last; a metronome that was fenced stays away from its successor. */
	ended(): void {
		this.#launchLater(downMs(this.#options.random));
	}

	#launchLater(ms: number, beside = false): void {
		this.#options.time.after(ms, () => {
			if (this.#wanted && (beside || this.alive.length === 0)) this.#launch();
		});
	}

	#launch(): void {
		const { name, service, launch } = this.#options;
		this.instances.push(
			launch(`${name}-${this.instances.length}`, service, this),
		);
	}
}
