/**
 * A driver for the tests of a whole topology: each stage runs on its own test driver, and what one
 * writes is given to those that read it.
 *
 *     const driver = await topologyDriver(topology);
 *     await driver.pipe("rides", { key: "a", value: { km: 3 } });
 *     await driver.advanceClock("2d");
 *     expect(driver.values("results")).toEqual([{ km: 3 }]);
 *     await driver.close();
 */
import type {
	TestDeadLetter,
	TestInput,
	TestOutput,
} from "../testing/driver-records.ts";
import { type TestDriver, testDriver } from "../testing/test-driver.ts";
import { type AnyOperator, readsOf } from "./operator.ts";
import type { Topology } from "./topology.ts";

interface Part {
	readonly stage: AnyOperator;
	readonly driver: TestDriver<unknown, unknown, unknown>;
}

/** Rounds in which records go round a declared cycle before that counts as endless. */
const ROUNDS_MAX = 1_000;

export async function topologyDriver(
	{ stages }: Topology,
	options: { partitions?: number } = {},
): Promise<TopologyDriver> {
	const parts: Part[] = [];
	for (const stage of stages) {
		const { inputs, output, sideOutputs } = stage.graph;
		parts.push({
			stage,
			driver: await testDriver<unknown, unknown, unknown>(stage, {
				...options,
				inputs: inputs.map(({ name }) => name),
				output: output.name,
				sideOutputs: sideOutputs.map(({ name }) => name),
			}),
		});
	}
	return new TopologyDriver(parts);
}

export class TopologyDriver {
	readonly #parts: readonly Part[];
	#outputs: TestOutput[] = [];

	constructor(parts: readonly Part[]) {
		this.#parts = parts;
	}

	/** Gives records to a stream, and waits until all stages have processed what follows. */
	async pipe(stream: string, ...records: readonly TestInput[]): Promise<void> {
		if (!(await this.#give(stream, records)))
			throw new Error(`no stage reads the stream ${stream}`);
		await this.#settle();
	}

	/** What was written to a stream since the last call. */
	outputs(stream: string): TestOutput[] {
		const mine = this.#outputs.filter(({ topic }) => topic === stream);
		this.#outputs = this.#outputs.filter(({ topic }) => topic !== stream);
		return mine;
	}

	/** The values of what was written to a stream since the last call. */
	values(stream: string): unknown[] {
		return this.outputs(stream).map(({ json }) => json);
	}

	/** The records that a stage has refused since the last call. */
	deadLetters(): (TestDeadLetter & { readonly stage: string })[] {
		return this.#parts.flatMap(({ stage, driver }) =>
			driver.deadLetters().map((letter) => ({ ...letter, stage: stage.name })),
		);
	}

	/** The states of a stage, by key. */
	states(stage: string): Map<string, unknown> {
		const part = this.#parts.find((one) => one.stage.name === stage);
		if (part === undefined) throw new Error(`there is no stage ${stage}`);
		return part.driver.states();
	}

	/** Lets time pass in all stages, each after those it reads from. */
	async advanceClock(time: number | string): Promise<void> {
		for (const { driver } of this.#parts) {
			await driver.advanceClock(time);
			await this.#settle();
		}
	}

	/** Kills all stages; `restart` starts them again. */
	crash(): void {
		for (const { driver } of this.#parts) driver.crash();
	}

	async restart(): Promise<void> {
		for (const { driver } of this.#parts) await driver.restart();
		await this.#settle();
	}

	async close(): Promise<void> {
		for (const { driver } of this.#parts) await driver.close();
	}

	/** Returns whether any stage reads the stream. */
	async #give(stream: string, records: readonly TestInput[]): Promise<boolean> {
		const readers = this.#parts.filter(({ stage }) =>
			readsOf(stage).some(({ name }) => name === stream),
		);
		for (const { driver } of readers)
			await driver.pipe(...records.map((one) => ({ ...one, topic: stream })));
		return readers.length > 0;
	}

	async #settle(): Promise<void> {
		for (let round = 0; round < ROUNDS_MAX; round++) {
			let moved = false;
			for (const { driver } of this.#parts) {
				const outputs = driver.outputs();
				this.#outputs.push(...outputs);
				for (const [topic, records] of Map.groupBy(outputs, (o) => o.topic)) {
					moved = true;
					await this.#give(
						topic,
						records.map(({ key, value, timestamp, headers }) => ({
							key,
							value,
							timestamp,
							headers,
						})),
					);
				}
			}
			if (!moved) return;
		}
		throw new Error(
			`the stages still write after ${ROUNDS_MAX} rounds: a cycle of streams does not end`,
		);
	}
}
