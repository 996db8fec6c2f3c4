/** Runs ingest as the program that a user starts, and files for it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { afterAll } from "vitest";
import { newStream, readTopic } from "./stream.ts";
import type { withBroker } from "./with-broker.ts";

const MAIN = join(import.meta.dirname, "../../packages/ingest/src/main.ts");
const CLI = join(import.meta.dirname, "../../apps/cli/src/main.ts");

export interface IngestRun {
	readonly child: ChildProcess;
	/** What it has printed so far. */
	output(): string;
	readonly exit: Promise<number | null>;
}

export const startIngest = (
	environment: Record<string, string>,
	...args: string[]
): IngestRun => start(environment, [MAIN, ...args]);

/** As `fireworks ingest`. */
export const startIngestCommand = (
	environment: Record<string, string>,
	...args: string[]
): IngestRun => start(environment, [CLI, "ingest", ...args]);

function start(
	environment: Record<string, string>,
	command: readonly string[],
): IngestRun {
	const child = spawn(process.execPath, command, {
		env: { PATH: process.env.PATH, TZ: "America/New_York", ...environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
	endWithUs(child);
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream?.on("data", (bytes) => {
			output += bytes;
		});
	return {
		child,
		output: () => output,
		exit: once(child, "close").then(([code]) => code),
	};
}

/** Runs ingest into a stream of its own, and reads what it has written. */
export const ingester =
	(broker: ReturnType<typeof withBroker>) =>
	async (file: string, ...args: string[]) => {
		const stream = `ingested-${randomUUID().slice(0, 8)}`;
		const { environment } = newStream(broker.kafka.brokers);
		const run = startIngest(environment, file, "--stream", stream, ...args);
		const code = await run.exit;
		const values = async (count: number) =>
			(await readTopic(broker.log, stream, (all) => all.length >= count)).map(
				({ key, value, partition }) => ({
					key: key === null ? null : String(key),
					partition,
					text: String(value),
					json: JSON.parse(String(value)),
				}),
			);
		const deadLetters = (count: number) =>
			readTopic(
				broker.log,
				environment.FIREWORKS_TOPIC_DEAD_LETTER as string,
				(all) => all.length >= count,
			);
		return {
			stream,
			code,
			output: run.output(),
			environment,
			values,
			deadLetters,
		};
	};

/** A folder for the files of one test file; it is removed at the end. */
export function inputFolder(): (name: string, text: string | Buffer) => string {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-ingest-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	return (name, text) => {
		const path = join(folder, name);
		writeFileSync(path, text);
		return path;
	};
}
