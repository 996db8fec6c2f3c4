/**
 * The engines that are compared. Each is one process with its defaults, started as its users would
 * start it. Nothing is tuned for the benchmark.
 */
import { fileURLToPath } from "node:url";
import {
	pythonInterpreter,
	pythonProgram,
	sparkProgram,
} from "@fireworks/programs";
import type { Engine } from "./engine.ts";
import { kafkaStreams } from "./kafka-streams.ts";

const path = (relative: string) =>
	fileURLToPath(new URL(relative, import.meta.url));

const typescript: Engine = {
	name: "TypeScript",
	does: "the default: kafkajs, one thread, exactly once",
	prepare: async () => {},
	command: () => ({
		command: process.execPath,
		args: [path("../../../services/processor/dist/main.js")],
	}),
};

let interpreter = "";
const python: Engine = {
	name: "Python",
	does: "librdkafka and numpy, a thread a partition, exactly once",
	prepare: async () => {
		interpreter = await pythonInterpreter(process.env.FIREWORKS_CACHE_DIR);
	},
	command: () => {
		const { args, env } = pythonProgram(interpreter);
		return { command: interpreter, args, environment: env };
	},
};

let sparkRun: Awaited<ReturnType<typeof sparkProgram>> | undefined;
const spark: Engine = {
	name: "Spark",
	does: "4.0.0, driver and executor in one process of local[2], micro-batches, exactly once",
	prepare: async () => {
		sparkRun = await sparkProgram("processor", process.env.FIREWORKS_CACHE_DIR);
	},
	command: (stateDir) => {
		if (sparkRun === undefined) throw new Error("prepare() comes first");
		const { file = "sh", args, env } = sparkRun;
		const environment = { ...env, FIREWORKS_SPARK_CHECKPOINT_DIR: stateDir };
		return { command: file, args, environment };
	},
};

/** In the order of the tables. */
export const ENGINES: readonly Engine[] = [
	typescript,
	python,
	spark,
	kafkaStreams,
];
