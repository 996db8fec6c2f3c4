/** What a measured process does, and its topics. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TopicSpec } from "@fireworks/contracts";
import { PARTITIONS } from "../throughput/topics.ts";

export interface Job {
	/** A name in STAGES. */
	readonly stage: string;
	readonly input: string;
	readonly output: string;
}

const topic = (name: string, cleanup: "delete" | "compact"): TopicSpec => ({
	name,
	partitions: PARTITIONS,
	replicationFactor: 1,
	cleanup,
	config: {
		"cleanup.policy": cleanup,
		"retention.ms": "-1",
		// The broker's time: a contender's clock does not matter.
		"message.timestamp.type": "LogAppendTime",
	},
});

export const runTopics = (output: string) => ({
	output: topic(output, "delete"),
	changelog: topic(`${output}-changelog`, "compact"),
	deadLetter: topic(`${output}-dead-letter`, "delete"),
});

export interface StageProcess {
	readonly child: ChildProcess;
	/** What it says once it is ready. */
	ready(): Promise<{ seconds: number; heapMb: number }>;
	kill(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("./stage-process.ts", import.meta.url));

export function startStages(
	brokers: readonly string[],
	jobs: readonly Job[],
	nodeOptions: readonly string[] = [],
): StageProcess {
	const child = spawn(process.execPath, [...nodeOptions, PROGRAM], {
		env: {
			PATH: process.env.PATH,
			BROKERS: brokers.join(","),
			JOBS: JSON.stringify(jobs),
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	const said = once(createInterface(child.stdout), "line");
	const ended = once(child, "exit");
	return {
		child,
		ready: async () => {
			const [line] = await Promise.race([
				said,
				ended.then(([code]) => {
					throw new Error(`a process of the benchmark ended with ${code}`);
				}),
			]);
			return JSON.parse(String(line));
		},
		kill: async () => {
			child.kill(nodeOptions.includes("--cpu-prof") ? "SIGTERM" : "SIGKILL");
			await ended;
		},
	};
}
