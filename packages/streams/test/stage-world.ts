/**
 * A small stage on the in-memory log, under virtual time, for tests that need several processes or
 * a log with a fault.
 */
import { Registry } from "prom-client";
import type { GroupMember, Log, LogRecord } from "../src/log.ts";
import { MemoryBroker } from "../src/memory/broker.ts";
import { memoryLog } from "../src/memory/memory-log.ts";
import type { TransactionEvent } from "../src/memory/transactions.ts";
import { type RunStageOptions, runStage } from "../src/stage/run-stage.ts";
import type { Stage } from "../src/stage/stage.ts";
import { VirtualTime } from "../src/testing/virtual-time.ts";
import { topicSpec } from "./contract/log-under-test.ts";

/** Counts the records of a key, and copies each with its number. */
export const counting: Stage<string, number, string> = {
	name: "counting",
	decode: ({ value }) => String(value),
	keyOf: (value) => value,
	step: (n = 0, value) => ({ state: n + 1, outputs: [`${value}${n + 1}`] }),
	encodeOutput: (value) => ({ key: value, value, timestamp: 0 }),
	state: {
		encode: String,
		decode: (_key, text) => {
			if (!/^\d+$/.test(text)) throw new Error("no number");
			return Number(text);
		},
	},
	config: {},
};

export const topics = {
	inputs: ["input"],
	output: topicSpec({ name: "output", partitions: 1 }),
	changelog: topicSpec({
		name: "changelog",
		partitions: 1,
		cleanup: "compact",
	}),
	deadLetter: topicSpec({ name: "dead-letter", partitions: 1 }),
};

type Started = Partial<RunStageOptions<string, number, string>> & {
	groupId?: string;
};

export class StageWorld {
	readonly time = new VirtualTime();
	readonly transactions: TransactionEvent[] = [];
	readonly broker = new MemoryBroker({
		clock: this.time,
		onTransaction: (event) => this.transactions.push(event),
	});
	readonly log: Log = memoryLog({ broker: this.broker });
	/** The fields of every warning and error that was logged. */
	readonly warnings: Record<string, unknown>[] = [];

	constructor() {
		this.broker.topics.ensure([topicSpec({ name: "input", partitions: 1 })]);
	}

	/** The log, with a change to each member that joins. */
	logWith(change: (member: GroupMember) => void): Log {
		return {
			...this.log,
			member: (options) => {
				const member = this.log.member(options);
				change(member);
				return member;
			},
		};
	}

	/** Writes values to a topic; each value is its own key unless a key is given. */
	write(topic: string, ...values: (string | [key: string, value: string])[]) {
		for (const entry of values) {
			const [key, value] = typeof entry === "string" ? [entry, entry] : entry;
			this.broker.topics.append(topic, 0, [
				{ partition: 0, key, value, timestamp: 0 },
			]);
		}
	}

	/** Starts a process. Processes in different groups all get the partition. */
	start({ groupId = "group", ...more }: Started = {}) {
		const stop = new AbortController();
		const registry = new Registry();
		const warn = (fields: object) => {
			this.warnings.push(fields as Record<string, unknown>);
		};
		const stage = runStage({
			stage: counting,
			topics,
			log: this.log,
			logger: { debug() {}, info() {}, warn, error: warn },
			registry,
			signal: stop.signal,
			clock: this.time,
			...more,
			options: { groupId, ...more.options },
		});
		const outcome: { error?: unknown; ended?: true } = {};
		stage.ended.then(
			() => {
				outcome.ended = true;
			},
			(error: unknown) => {
				outcome.error = error;
			},
		);
		const metric = async (name: string): Promise<number> => {
			const found = await registry
				.getSingleMetric(`fireworks_stage_${name}`)
				?.get();
			return (found?.values ?? []).reduce((n, { value }) => n + value, 0);
		};
		return {
			stage,
			outcome,
			metric,
			stop: async () => {
				stop.abort();
				await this.until(() => outcome.ended === true, 30_000);
			},
		};
	}

	/** The committed records of a topic. */
	committed(topic: string): readonly LogRecord[] {
		// A stage creates its topics only once it has found its inputs.
		if (this.broker.topics.topicId(topic) === undefined) return [];
		const log = this.broker.topics.partition(topic, 0);
		return log.read(log.low, 1_000)?.records ?? [];
	}

	outputs(): string[] {
		return this.committed("output").map((r) => String(r.value));
	}

	/** Lets time pass until a condition holds. Throws if it does not hold in time. */
	async until(holds: () => boolean, forMs = 10_000): Promise<void> {
		if (!(await this.time.runUntil(holds, forMs)))
			throw new Error(`not within ${forMs} ms: ${holds}`);
	}

	async pass(ms: number): Promise<void> {
		await this.time.runUntil(() => false, ms);
	}
}
