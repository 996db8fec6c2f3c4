/** Who is compared. Each is one process with its defaults, as its users would start it; nothing is tuned for the bench. */
import { fileURLToPath } from "node:url";
import {
	pythonInterpreter,
	pythonProgram,
} from "../../../apps/cli/src/supervisor/engine-program.ts";
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

/** In the order of the tables. */
export const ENGINES: readonly Engine[] = [typescript, python, kafkaStreams];
