/**
 * A stage in a deterministic run: up to three processes on the in-memory log, under virtual time,
 * with faults that a seed chooses. After every event the stage's checker checks everything that is
 * committed.
 */
import { partitionOf } from "@fireworks/contracts";
import { Registry } from "prom-client";
import type { Log } from "../../packages/streams/src/log.ts";
import { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import { memoryLog } from "../../packages/streams/src/memory/memory-log.ts";
import { Random } from "../../packages/streams/src/memory/random.ts";
import { runStage } from "../../packages/streams/src/stage/run-stage.ts";
import { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import { Committed } from "./committed.ts";
import { Faults, type Weights } from "./faults.ts";
import { SimProcess } from "./process.ts";
import type { Service } from "./services.ts";
import { type Instance, Slot } from "./slot.ts";
import type { Subject } from "./timed-subject.ts";
import { Trace } from "./trace.ts";
import { Violation } from "./violation.ts";
import { PARTITIONS, STAGE_OPTIONS } from "./world.ts";

const KEYS = ["a", "b", "c", "d"];
const RECORDS = 60;
/** Event times are in the past, up to this much out of order. */
const START_MS = Date.UTC(2012, 0, 1);
const DISORDER_MS = 500;
const FAULTS_MS = 8_000;
const CATCH_UP_MS = 60_000;

const topic = (name: string, cleanup: "delete" | "compact" = "delete") => ({
	name,
	partitions: PARTITIONS,
	replicationFactor: 1,
	cleanup,
	config: {},
});
const WRITTEN = {
	output: topic("timed"),
	changelog: topic("timed-changelog", "compact"),
	deadLetter: topic("timed-dead-letter"),
};
export const TIMED_CHANGELOG = WRITTEN.changelog.name;

export interface TimedOutcome {
	readonly violation: Violation | undefined;
	readonly outputs: number;
	readonly counts: Readonly<Record<string, number>>;
	readonly trace: readonly string[];
}

export interface TimedOptions {
	/** Inserts a bug between a process and its log, or into its stage. */
	plant?: (log: Log, subject: Subject) => Planted;
	weights?: Weights;
}

/** What a process with a planted bug uses. */
export interface Planted {
	readonly log: Log;
	/** Default: the subject's. */
	readonly stage?: Subject["stage"];
}

export async function simulateTimed(
	subject: Subject,
	seed: number,
	{ plant = (log) => ({ log }), weights }: TimedOptions = {},
): Promise<TimedOutcome> {
	const time = new VirtualTime();
	const random = new Random(seed);
	const faults = new Faults(random, weights);
	const trace = new Trace(time);
	const broker = new MemoryBroker({
		clock: time,
		seed: seed + 1,
		fetchOffsetsMax: random.between(1, 20),
		markerDelayMaxMs: random.oneIn(2) ? 0 : random.between(1, 300),
	});
	const topics = {
		...WRITTEN,
		inputs: subject.inputs,
		sideOutputs: subject.sideOutputs.map((name) => topic(name)),
	};
	const { broadcast } = subject.stage;
	broker.topics.ensure(subject.inputs.map((name) => topic(name)));
	if (broadcast !== undefined) broker.topics.ensure([topic(broadcast.topic)]);
	broker.topics.ensure([
		topics.output,
		topics.changelog,
		...topics.sideOutputs,
	]);
	const checker = subject.checker();
	const committed = [topics.output, ...topics.sideOutputs].map(
		({ name }) => new Committed(broker, name),
	);
	let violation: Violation | undefined;

	const service: Service = ({ log, clock, logger, signal }) =>
		runStage({
			stage: subject.stage,
			...plant(log, subject),
			topics,
			clock,
			logger,
			registry: new Registry(),
			options: { ...STAGE_OPTIONS, groupId: "timed" },
			signal,
		}).ended;
	const start = (name: string, run: Service, slot: Slot): Instance => {
		const process = new SimProcess({
			name,
			time,
			fateOf: (_, request) =>
				faults.fateOf(request, (how) => {
					trace.add(`${how} of ${name}`);
					trace.count(how);
					slot.harm(process, how);
				}),
		});
		const stop = new AbortController();
		const instance: Instance = { process, stop, ended: undefined };
		run({
			name,
			log: memoryLog({ broker, ...process }),
			clock: process.clock,
			logger: trace.logger(name),
			signal: stop.signal,
		}).then(
			() => {
				instance.ended = {};
				slot.ended();
			},
			(error: Error) => {
				instance.ended = { error };
				violation ??= new Violation("end", `${name}: ${error.message}`);
			},
		);
		return instance;
	};
	const slots = [0, 1, 2].map(
		(i) => new Slot({ name: `timed-${i}`, service, time, random, start }),
	);

	let id = 0;
	const write = () => {
		id++;
		const name = subject.topicOf(random);
		const key = random.pick(KEYS);
		const partition = partitionOf(Buffer.from(key), PARTITIONS);
		const at = START_MS + id * 100 - random.between(0, DISORDER_MS);
		checker.wrote({ topic: name, key, id, at });
		broker.topics.append(name, partition, [
			{ partition, key, value: String(id), timestamp: at },
		]);
	};
	for (let n = 0; n < RECORDS; n++)
		time.after(random.between(0, FAULTS_MS), write);
	for (let n = random.between(0, 4); n > 0; n--)
		time.after(random.between(0, FAULTS_MS), () => {
			const slot = random.pick(slots);
			if (slot.wanted) slot.stop();
			else slot.start();
		});

	const step = async (holds: () => boolean, forMs: number) => {
		const end = time.now() + forMs;
		while (violation === undefined && !holds() && time.now() < end) {
			// Without an event all processes are down, and will stay so.
			if (!(await time.step())) return;
			try {
				for (const one of committed)
					for (const record of one.newRecords()) checker.output(record);
			} catch (error) {
				violation = error as Violation;
			}
		}
	};
	slots[0]?.start();
	await step(() => false, FAULTS_MS);
	faults.end();
	if (!slots.some(({ wanted }) => wanted)) slots[0]?.start();
	await step(() => checker.behind().length === 0, CATCH_UP_MS);
	if (violation === undefined && checker.behind().length > 0)
		violation = new Violation("liveness", checker.behind().join(", "));
	for (const slot of slots) slot.stop();
	return {
		violation,
		outputs: checker.outputs,
		counts: trace.counts,
		trace: trace.lines,
	};
}
