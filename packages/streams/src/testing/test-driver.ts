/**
 * A driver for the tests of a stage: records in; outputs, dead letters and states out. It needs no
 * broker and does not wait.
 *
 *     const driver = await testDriver(myStage);
 *     await driver.pipe({ key: "a", value: { amount: 3 } });
 *     expect(driver.outputs().map((o) => o.json)).toEqual([{ sum: 3 }]);
 *     await driver.restart(); // the state comes back from the changelog
 *     expect(driver.state("a")).toEqual({ sum: 3 });
 *     await driver.close();
 *
 * It is the real runtime on the in-memory log. So a step behaves here as it does on Kafka,
 * including its encoding, its dead letters and its restore. Time is virtual and moves only while
 * the driver works.
 */
import {
	DEAD_LETTER_HEADERS,
	partitionOf,
	STATE_PREFIX,
} from "@fireworks/contracts";
import { Registry } from "prom-client";
import type { StreamsLogger } from "../kafka/logger.ts";
import { MemoryBroker } from "../memory/broker.ts";
import { memoryLog } from "../memory/memory-log.ts";
import { directNetwork, type Network } from "../memory/network.ts";
import { type RunningStage, runStage } from "../stage/run-stage.ts";
import type { Stage } from "../stage/stage.ts";
import type { Clock } from "../time.ts";
import {
	bytesOf,
	msOf,
	runsOf,
	type TestDeadLetter,
	type TestDriverOptions,
	type TestInput,
	type TestOutput,
} from "./driver-records.ts";
import { driverTopics } from "./driver-topics.ts";
import { frozenStage } from "./frozen-stage.ts";
import { VirtualTime } from "./virtual-time.ts";
import { WrittenRecords } from "./written-records.ts";

/** After this many virtual ms a pipe, a start or a stop is considered stuck. */
const STUCK_MS = 300_000;
/** Longer than the interval of what happens without a record. */
const TICKS_MS = 2_000;
const SILENT: StreamsLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts a stage. Throws whatever the stage's start throws. */
export async function testDriver<I, S, O>(
	stage: Stage<I, S, O>,
	options: TestDriverOptions = {},
): Promise<TestDriver<I, S, O>> {
	const driver = new TestDriver(stage, options);
	await driver.start();
	return driver;
}

export class TestDriver<I, S, O> {
	readonly #stage: Stage<I, S, O>;
	readonly #time = new VirtualTime();
	/** How far `advanceClock` has moved the stage's clock ahead of the broker's. ms. */
	#aheadMs = 0;
	readonly #clock: Clock = {
		now: () => this.#time.now() + this.#aheadMs,
		sleep: (ms, signal) => this.#time.sleep(ms, signal),
	};
	readonly #broker = new MemoryBroker({ clock: this.#time });
	readonly #topics;
	readonly #logger: StreamsLogger;
	readonly #written: WrittenRecords;
	#running: RunningStage | undefined;
	#crashed = { value: false };
	#stop = new AbortController();
	#ended: { error?: unknown } | undefined;

	constructor(stage: Stage<I, S, O>, options: TestDriverOptions) {
		this.#stage = frozenStage(stage);
		this.#logger = options.logger ?? SILENT;
		this.#topics = driverTopics(options, stage);
		this.#written = new WrittenRecords(this.#broker);
		const { inputs, tables } = this.#topics;
		this.#broker.topics.ensure([...inputs, ...tables]);
	}

	/** Runs the stage until it is ready. testDriver has already called it. */
	async start(): Promise<void> {
		this.#stop = new AbortController();
		this.#ended = undefined;
		const crashed = { value: false };
		this.#crashed = crashed;
		const network: Network = {
			request: (name, work) =>
				crashed.value
					? new Promise(() => {})
					: directNetwork.request(name, work),
		};
		const running = runStage({
			stage: this.#stage,
			topics: {
				...this.#topics,
				inputs: this.#topics.inputs.map(({ name }) => name),
			},
			log: memoryLog({ broker: this.#broker, clock: this.#clock, network }),
			logger: this.#logger,
			registry: new Registry(),
			// advanceClock makes the consumer look silent for as long as it advances.
			options: {
				groupId: "test-driver",
				silenceMaxMs: Number.MAX_SAFE_INTEGER,
			},
			signal: this.#stop.signal,
			clock: this.#clock,
		});
		running.ended.then(
			() => {
				if (!crashed.value) this.#ended = {};
			},
			(error: unknown) => {
				if (!crashed.value) this.#ended = { error };
			},
		);
		this.#running = running;
		await this.#until(() => running.notReady() === undefined);
	}

	/**
	 * Gives records to the stage, and waits until all are processed. A record of the broadcast table
	 * is seen by the records after it, and not by those before it. Throws the StreamsError that
	 * ended the stage.
	 */
	async pipe(...records: readonly TestInput[]): Promise<void> {
		for (const run of runsOf(records, this.#topics.tables[0]?.name))
			await this.#give(run);
	}

	async #give(records: readonly TestInput[]): Promise<void> {
		for (const { key, value, ...rest } of records) {
			const name = rest.topic ?? (this.#topics.inputs[0]?.name as string);
			const { length } = this.#broker.topics.partitions(name);
			const partition =
				rest.partition ??
				(key === null ? 0 : partitionOf(Buffer.from(key), length));
			const { timestamp = this.#clock.now(), headers = {} } = rest;
			this.#broker.topics.append(name, partition, [
				{ partition, key, value: bytesOf(value), timestamp, headers },
			]);
		}
		await this.#until(
			() =>
				this.#written.caughtUp(this.#topics) &&
				this.#written.isRead(this.#topics, this.#running?.table()),
		);
	}

	/**
	 * Everything that the stage has written to its output and its side outputs since the last call,
	 * by topic and partition.
	 */
	outputs(): TestOutput[] {
		const { output, sideOutputs } = this.#topics;
		return [output, ...sideOutputs].flatMap(({ name }) =>
			this.#written.take(name),
		);
	}

	/** The records that were refused since the last call. */
	deadLetters(): TestDeadLetter[] {
		return this.#written.take(this.#topics.deadLetter.name).map((letter) => ({
			...letter,
			code: letter.headers[DEAD_LETTER_HEADERS.code] ?? "",
			message: letter.headers[DEAD_LETTER_HEADERS.message] ?? "",
		}));
	}

	/** What the stage has written to its changelog since the last call. */
	changelog(): TestOutput[] {
		return this.#written.take(this.#topics.changelog.name);
	}

	/** The state of a key in the changelog; undefined: none. */
	state(key: string): S | undefined {
		return this.states().get(key);
	}

	/** The states of all keys in the changelog. */
	states(): Map<string, S> {
		const states = new Map<string, S>();
		for (const record of this.#written.of(this.#topics.changelog.name)) {
			const name = String(record.key);
			if (!name.startsWith(STATE_PREFIX)) continue;
			const key = name.slice(STATE_PREFIX.length);
			if (record.value === null) states.delete(key);
			else states.set(key, this.#stage.state.decode(key, String(record.value)));
		}
		return states;
	}

	/**
	 * Lets time pass while no record comes: a number of ms, or a text such as "90s", "2h" or "2d".
	 * The event-time clocks of all partitions that have seen a record advance by it, and their
	 * timers fire.
	 */
	async advanceClock(time: number | string): Promise<void> {
		this.#aheadMs += msOf(time);
		await this.#time.runUntil(() => this.#ended !== undefined, TICKS_MS);
		await this.#until(() => this.#written.caughtUp(this.#topics));
	}

	/** Stops the stage and starts it again: its state comes back from the changelog. */
	async restart(): Promise<void> {
		await this.close();
		await this.start();
	}

	/**
	 * Kills the stage: nothing that it does from now on reaches the log. `restart` then starts
	 * another process.
	 */
	crash(): void {
		this.#crashed.value = true;
		this.#stop.abort();
		this.#ended = {};
	}

	/** Stops the stage. Throws the error that it ended with. */
	async close(): Promise<void> {
		this.#stop.abort();
		await this.#time.runUntil(() => this.#ended !== undefined, STUCK_MS);
		this.#throwIfFailed();
	}

	async #until(holds: () => boolean): Promise<void> {
		const done = await this.#time.runUntil(
			() => this.#ended !== undefined || holds(),
			STUCK_MS,
		);
		this.#throwIfFailed();
		if (!done || this.#ended !== undefined)
			throw new Error(
				`the stage ${this.#stage.name} is stuck: ${this.#running?.notReady() ?? "it has not processed its input"}`,
			);
	}

	#throwIfFailed(): void {
		if (this.#ended?.error !== undefined) throw this.#ended.error;
	}
}
