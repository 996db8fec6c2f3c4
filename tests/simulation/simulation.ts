/**
 * The whole pipeline in one deterministic run: metronome, processors and a reader on the in-memory
 * log, under virtual time, with faults that a seed chooses. After every event the checkers check
 * everything that is committed. When the faults are over, everything must catch up in time.
 *
 * The same seed makes the same run, event for event. Only the random ids of barriers differ, and
 * they influence nothing.
 */
import type { Log } from "../../packages/streams/src/log.ts";
import { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import { memoryLog } from "../../packages/streams/src/memory/memory-log.ts";
import { Random } from "../../packages/streams/src/memory/random.ts";
import { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import { scheduleChance } from "./chance.ts";
import { Checks } from "./checks.ts";
import { Faults, type Weights } from "./faults.ts";
import { watchJoins } from "./join-checker.ts";
import { Maintenance } from "./maintenance.ts";
import { SimProcess } from "./process.ts";
import { metronome, processor, type Service } from "./services.ts";
import { type Instance, Slot } from "./slot.ts";
import { StrangeInput } from "./strange-input.ts";
import { Trace } from "./trace.ts";
import { Violation } from "./violation.ts";
import { RUN_MS, TOPICS } from "./world.ts";

export interface SimulationOptions {
	seed: number;
	/** Inserts a bug between a processor and its log; name: the process's. */
	plant?: (log: Log) => Log;
	/** Used instead of the weights that the seed draws. */
	weights?: Weights;
	/** A checker to switch off, so that another one must find the fault. */
	ignore?: string;
}

export interface Outcome {
	readonly violation: Violation | undefined;
	readonly events: number;
	readonly ticks: number;
	readonly outputs: number;
	readonly processes: number;
	/** How often each kind of event has happened, to show what a run covered. */
	readonly counts: Readonly<Record<string, number>>;
	/** A number that two runs share only if they went the same way. */
	readonly fingerprint: number;
	/** The last lines of the trace. */
	readonly trace: readonly string[];
}

const PROCESSORS = 3;
const MARKER_MS_MAX = 300;

/** Runs a seed to its end, or to the first violation. */
export const simulate = (options: SimulationOptions): Promise<Outcome> =>
	new Simulation(options).run();

class Simulation {
	readonly #options: SimulationOptions;
	readonly #time = new VirtualTime();
	readonly #random: Random;
	readonly #faults: Faults;
	readonly #trace = new Trace(this.#time);
	readonly #broker: MemoryBroker;
	readonly #maintenance: Maintenance;
	readonly #strange: StrangeInput;
	readonly #checks: Checks;
	readonly #metronome: Slot;
	readonly #processors: readonly Slot[];
	#events = 0;
	/** When the last request in flight reaches the broker, whether its sender is dead or alive. */
	#lastArrival = 0;

	constructor(options: SimulationOptions) {
		this.#options = options;
		this.#random = new Random(options.seed);
		this.#faults = new Faults(this.#random, options.weights);
		this.#broker = new MemoryBroker({
			clock: this.#time,
			seed: options.seed + 1,
			fetchWaitMs: 300,
			fetchOffsetsMax: this.#random.between(1, 20),
			markerDelayMaxMs: this.#random.oneIn(2)
				? 0
				: this.#random.between(1, MARKER_MS_MAX),
			onTransaction: (event) => {
				this.#trace.add(`${event.id}: ${event.type} at epoch ${event.epoch}`);
				this.#trace.count(event.type);
				this.#checks.transaction(event);
			},
		});
		// Whichever service starts first finds the topics as the others need them.
		this.#broker.topics.ensure([TOPICS.ticks]);
		this.#maintenance = new Maintenance(this.#broker, this.#random, this.#time);
		this.#strange = new StrangeInput(this.#broker, this.#random);
		this.#checks = new Checks(
			this.#broker,
			this.#maintenance,
			this.#strange,
			options.ignore,
		);
		this.#metronome = this.#slot("metronome", metronome);
		this.#processors = Array.from({ length: PROCESSORS }, (_, i) =>
			this.#slot(`processor-${i}`, processor),
		);
	}

	async run(): Promise<Outcome> {
		const { faults, calm, catchUp } = RUN_MS;
		this.#metronome.start();
		this.#processors[0]?.start();
		this.#startReader();
		this.#maintenance.start();
		scheduleChance({
			broker: this.#broker,
			time: this.#time,
			random: this.#random,
			trace: this.#trace,
			processors: this.#processors,
			strange: this.#strange,
		});
		await this.#for(faults);
		this.#faults.end();
		this.#metronome.start();
		if (!this.#processors.some((slot) => slot.wanted))
			this.#random.pick(this.#processors).start();
		await this.#for(calm);
		this.#metronome.stop();
		await this.#until(
			"the metronome to stop",
			catchUp,
			() => this.#metronome.alive.length === 0,
		);
		// A request that a dead metronome sent may still commit a tick.
		await this.#for(this.#lastArrival + MARKER_MS_MAX - this.#time.now());
		await this.#until(
			"all to be caught up",
			catchUp,
			() => this.#checks.behind().length === 0,
		);
		for (const slot of this.#processors) slot.stop();
		await this.#until("the processors to stop", catchUp, () =>
			this.#processors.every(({ alive }) => alive.length === 0),
		);
		return {
			violation: this.#checks.violation,
			events: this.#events,
			ticks: this.#checks.paths.ticks,
			outputs: this.#checks.paths.outputs,
			processes: [this.#metronome, ...this.#processors].reduce(
				(n, { instances }) => n + instances.length,
				0,
			),
			counts: this.#trace.counts,
			fingerprint: this.#trace.fingerprint,
			trace: this.#trace.lines,
		};
	}

	async #for(ms: number): Promise<void> {
		const end = this.#time.now() + ms;
		await this.#step(() => this.#time.now() >= end);
	}

	async #until(what: string, ms: number, holds: () => boolean): Promise<void> {
		const end = this.#time.now() + ms;
		await this.#step(() => holds() || this.#time.now() >= end);
		if (!holds())
			this.#checks.see(
				new Violation(
					"liveness",
					`waited ${ms} ms for ${what}: ${this.#checks.behind().join(", ")}`,
				),
			);
	}

	/** Goes from event to event until a condition holds or a check fails. */
	async #step(holds: () => boolean): Promise<void> {
		while (this.#checks.violation === undefined && !holds()) {
			await this.#time.step();
			this.#events++;
			this.#checks.afterEvent();
		}
	}

	#slot(name: string, service: Service): Slot {
		return new Slot({
			name,
			service,
			time: this.#time,
			random: this.#random,
			start: (instance, what, slot) => this.#start(instance, what, slot),
		});
	}

	#start(name: string, service: Service, slot: Slot): Instance {
		const process = new SimProcess({
			name,
			time: this.#time,
			onRequest: (_, request) => this.#trace.add(`${name} ${request}`),
			fateOf: (_, request) => {
				const fate = this.#faults.fateOf(request, (how) => {
					this.#trace.add(`${how} of ${name}`);
					this.#trace.count(how);
					slot.harm(process, how);
				});
				const arrivesAt = this.#time.now() + fate.outMs;
				this.#lastArrival = Math.max(this.#lastArrival, arrivesAt);
				return fate;
			},
		});
		const { clock, network } = process;
		const stop = new AbortController();
		const instance: Instance = { process, stop, ended: undefined };
		const watched = watchJoins(
			memoryLog({ broker: this.#broker, clock, network }),
			name,
			(violation) => {
				if (service === processor) this.#checks.see(violation);
			},
		);
		const { plant = (log: Log) => log } = this.#options;
		service({
			name,
			log: service === processor ? plant(watched) : watched,
			clock,
			logger: this.#trace.logger(name),
			signal: stop.signal,
		}).then(
			() => {
				instance.ended = {};
				slot.ended();
			},
			(error: unknown) => {
				instance.ended = { error };
				this.#trace.add(`${name} has ended: ${error}`);
				const { code } = error as { code?: string };
				if (service === processor || code !== "fenced")
					this.#checks.see(
						new Violation(
							"end",
							`${name} has ended: ${(error as Error).message}`,
						),
					);
				slot.ended();
			},
		);
		return instance;
	}

	#startReader(): void {
		const process = new SimProcess({
			name: "reader",
			time: this.#time,
			fateOf: () => ({ outMs: 1, backMs: 1 }),
		});
		const { name } = TOPICS.processor.output;
		this.#broker.topics.ensure([TOPICS.processor.output]);
		memoryLog({ broker: this.#broker, ...process }).read({
			name: "reader",
			topics: [name],
			from: () => 0,
			onRecords: (_topic, partition, records) => {
				const { reader } = this.#checks;
				this.#checks.guard(() => {
					for (const record of records) reader.output(record);
				});
				const next = (records.at(-1)?.offset ?? -1) + 1;
				this.#maintenance.outputRead(partition, next);
			},
		});
	}
}
