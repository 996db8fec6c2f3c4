/**
 * The measured programs: each is a process that reads the input from its start and does the job
 * exactly once, with a changelog.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pythonProgram } from "@fireworks/programs";
import { programOf } from "../../tests/harness/program.ts";

const path = (relative: string) =>
	fileURLToPath(new URL(relative, import.meta.url));

/** The parameters of a contender. */
export interface Job {
	brokers: string;
	input: string;
	output: string;
	changelog: string;
	deadLetter: string;
	group: string;
}

export interface Contender {
	name: string;
	does: string;
	start(job: Job): ChildProcess | Promise<ChildProcess>;
}

const start = (
	command: string,
	args: readonly string[],
	environment: Record<string, string>,
) =>
	spawn(command, args, {
		env: { PATH: process.env.PATH, ...environment },
		stdio: ["ignore", "ignore", "inherit"],
	});

const bare = (job: Job): Record<string, string> => ({
	BROKERS: job.brokers,
	INPUT: job.input,
	OUTPUT: job.output,
	CHANGELOG: job.changelog,
	GROUP: job.group,
});

const engine = (name: string, engine: string): Contender => ({
	name,
	does: "the processor as shipped",
	start: async (job) => {
		const { file, args, env } = await programOf("processor", engine);
		return start(file, args, {
			...env,
			FIREWORKS_BROKERS: job.brokers,
			FIREWORKS_TOPIC_METRONOME: job.input,
			FIREWORKS_TOPIC_WIENER: job.output,
			FIREWORKS_TOPIC_PROCESSOR_CHANGELOG: job.changelog,
			FIREWORKS_TOPIC_DEAD_LETTER: job.deadLetter,
			FIREWORKS_PROCESSOR_GROUP: job.group,
			FIREWORKS_PROCESSOR_PORT: "0",
			FIREWORKS_LOG_LEVEL: "fatal",
		});
	},
});

export const fireworks = engine("Fireworks", "typescript");
export const fireworksPython = engine("Fireworks, Python engine", "python");

export const bareKafkajs: Contender = {
	name: "kafkajs by hand",
	does: "small sends, the partition given; no noise, no checks, no runtime",
	start: (job) =>
		start(process.execPath, [path("./bare-kafkajs.ts")], bare(job)),
};

export const python = (interpreter: string): Contender => ({
	name: "Python by hand",
	does: "librdkafka, transactional, noise included; no checks, no runtime",
	start: (job) =>
		start(interpreter, [path("./bare_python.py")], {
			...pythonProgram(interpreter).env,
			...bare(job),
		}),
});
