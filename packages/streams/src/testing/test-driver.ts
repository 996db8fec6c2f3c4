/**
 * A driver for the tests of a stage: records in, outputs, dead letters and states out, without a broker and without waiting.
 *
 *     const driver = await testDriver(myStage);
 *     await driver.pipe({ key: "a", value: { amount: 3 } });
 *     expect(driver.outputs().map((o) => o.json)).toEqual([{ sum: 3 }]);
 *     await driver.restart(); // the state comes back from the changelog
 *     expect(driver.state("a")).toEqual({ sum: 3 });
 *     await driver.close();
 *
 * It is the real runtime on the log in memory: what a step does here it does on Kafka, its encoding, its dead letters and its restore
 * included. Time is virtual; it moves only while the driver works.
 */
import {
	DEAD_LETTER_HEADERS,
	POSITION_KEY,
	partitionOf,
	STATE_PREFIX,
	type TopicSpec,
} from "@fireworks/contracts";
import { Registry } from "prom-client";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { LogRecord } from "../log.ts";
import { MemoryBroker } from "../memory/broker.ts";
import { memoryLog } from "../memory/memory-log.ts";
import { type RunningStage, runStage } from "../stage/run-stage.ts";
import type { Stage } from "../stage/stage.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface TestDriverOptions {
	/** Of the input and all other topics. Default: 1. */
	partitions?: number;
	/** Names of the further topics that outputs name. */
	sideOutputs?: readonly string[];
	/** Names of the main topics, where a test cares. Default: input, output. */
	input?: string;
	output?: string;
	logger?: StreamsLogger;
}

/** A record to pipe in. */
export interface TestInput {
	readonly key: string | Buffer | null;
	/** Text and bytes as they are, null as none, all else as JSON. */
	readonly value: unknown;
	/** Event time, ms since 1970. Default: the virtual time. */
	readonly timestamp?: number;
	/** Default: the key's, as Kafka's default partitioner has it; without a key 0. */
	readonly partition?: number;
	readonly headers?: Readonly<Record<string, string>>;
}

/** A record that came out. */
export interface TestOutput {
	readonly topic: string;
	readonly partition: number;
	readonly key: string | null;
	/** As text. */
	readonly value: string | null;
	/** The value as JSON; undefined where it is none. */
	readonly json: unknown;
	readonly timestamp: number;
	readonly headers: Readonly<Record<string, string>>;
}

/** A refused record: key and value are the source's. */
export interface TestDeadLetter extends TestOutput {
	/** What the stage's DeadLetter said. */
	readonly code: string;
	readonly message: string;
}

/** Virtual ms that a pipe, a start or a stop may take before it is taken for stuck. */
const STUCK_MS = 300_000;
const SILENT: StreamsLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts a stage. Throws what the stage's start throws. */
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
	readonly #broker = new MemoryBroker({ clock: this.#time });
	readonly #topics;
	readonly #logger: StreamsLogger;
	/** Next offset to give out, by `topic/partition`. */
	readonly #taken = new Map<string, number>();
	#running: RunningStage | undefined;
	#stop = new AbortController();
	#ended: { error?: unknown } | undefined;

	constructor(stage: Stage<I, S, O>, options: TestDriverOptions) {
		const { partitions = 1, input = "input", output = "output" } = options;
		const spec = (
			name: string,
			cleanup: "delete" | "compact" = "delete",
		): TopicSpec => ({
			name,
			partitions,
			replicationFactor: 1,
			cleanup,
			config: { "max.message.bytes": "2097176" },
		});
		this.#stage = stage;
		this.#logger = options.logger ?? SILENT;
		this.#topics = {
			input: spec(input),
			output: spec(output),
			sideOutputs: (options.sideOutputs ?? []).map((name) => spec(name)),
			changelog: spec(`${output}-changelog`, "compact"),
			deadLetter: spec("dead-letter"),
		};
		this.#broker.topics.ensure([this.#topics.input]);
	}

	/** Runs the stage until it is ready; testDriver has done it. */
	async start(): Promise<void> {
		this.#stop = new AbortController();
		this.#ended = undefined;
		const running = runStage({
			stage: this.#stage,
			topics: { ...this.#topics, input: this.#topics.input.name },
			log: memoryLog({ broker: this.#broker }),
			logger: this.#logger,
			registry: new Registry(),
			options: { groupId: "test-driver" },
			signal: this.#stop.signal,
			clock: this.#time,
		});
		running.ended.then(
			() => {
				this.#ended = {};
			},
			(error: unknown) => {
				this.#ended = { error };
			},
		);
		this.#running = running;
		await this.#until(() => running.notReady() === undefined);
	}

	/** Gives records to the stage, and waits until all are processed. Throws the StreamsError that ended the stage. */
	async pipe(...records: readonly TestInput[]): Promise<void> {
		const { name, partitions } = this.#topics.input;
		for (const { key, value, ...rest } of records) {
			const partition =
				rest.partition ??
				(key === null ? 0 : partitionOf(Buffer.from(key), partitions));
			const { timestamp = this.#time.now(), headers = {} } = rest;
			this.#broker.topics.append(name, partition, [
				{ partition, key, value: bytesOf(value), timestamp, headers },
			]);
		}
		await this.#until(() => this.#caughtUp());
	}

	/** What the stage has written to its output and its side outputs since this was last called, topic by topic, partition by partition. */
	outputs(): TestOutput[] {
		const { output, sideOutputs } = this.#topics;
		return [output, ...sideOutputs].flatMap(({ name }) => this.#take(name));
	}

	/** What was refused since this was last called. */
	deadLetters(): TestDeadLetter[] {
		return this.#take(this.#topics.deadLetter.name).map((letter) => ({
			...letter,
			code: letter.headers[DEAD_LETTER_HEADERS.code] ?? "",
			message: letter.headers[DEAD_LETTER_HEADERS.message] ?? "",
		}));
	}

	/** The state of a key, as it stands in the changelog; undefined: none. */
	state(key: string): S | undefined {
		return this.states().get(key);
	}

	/** The states of all keys, as they stand in the changelog. */
	states(): Map<string, S> {
		const states = new Map<string, S>();
		for (const record of this.#committed(this.#topics.changelog.name)) {
			const name = String(record.key);
			if (!name.startsWith(STATE_PREFIX)) continue;
			const key = name.slice(STATE_PREFIX.length);
			if (record.value === null) states.delete(key);
			else states.set(key, this.#stage.state.decode(key, String(record.value)));
		}
		return states;
	}

	/** Stops the stage and starts it anew: its state comes back from the changelog. */
	async restart(): Promise<void> {
		await this.close();
		await this.start();
	}

	/** Stops the stage. Throws what it ended with. */
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

	#caughtUp(): boolean {
		const next = new Map<number, number>();
		for (const { partition, key, value } of this.#committed(
			this.#topics.changelog.name,
		))
			if (String(key) === POSITION_KEY)
				next.set(partition, Number(JSON.parse(String(value)).next));
		return this.#broker.topics
			.partitions(this.#topics.input.name)
			.every(({ high }, p) => (next.get(p) ?? 0) >= high);
	}

	#take(topic: string): TestOutput[] {
		return this.#committed(topic)
			.filter(
				({ partition, offset }) =>
					offset >= (this.#taken.get(`${topic}/${partition}`) ?? 0),
			)
			.map(({ key, value, offset, ...rest }) => {
				this.#taken.set(`${topic}/${rest.partition}`, offset + 1);
				const text = value === null ? null : String(value);
				return {
					...rest,
					topic,
					key: key === null ? null : String(key),
					value: text,
					json: jsonOf(text),
				};
			});
	}

	#committed(topic: string): LogRecord[] {
		return this.#broker.topics
			.partitions(topic)
			.flatMap((log) => [
				...(log.read(log.low, Number.MAX_SAFE_INTEGER)?.records ?? []),
			]);
	}
}

const bytesOf = (value: unknown): string | Buffer | null =>
	value === null || typeof value === "string" || Buffer.isBuffer(value)
		? value
		: JSON.stringify(value);

function jsonOf(text: string | null): unknown {
	if (text === null) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
