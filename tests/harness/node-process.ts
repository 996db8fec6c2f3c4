/** A program of this clone as a process of its own, with its health port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { afterEach } from "vitest";
import { waitFor } from "./wait-for.ts";

const REQUEST_MS = 60_000;

export interface NodeProcess {
	readonly child: ChildProcess;
	readonly exit: Promise<number | null>;
	/** What it has printed so far. */
	output(): string;
	get(path: string): Promise<{ status: number; text: string }>;
	ready(): Promise<void>;
}

const running = new Set<ChildProcess>();
/** Call it at the top of a test file: no process outlives its test. */
export const killProcessesAfterEach = (): void => {
	afterEach(() => {
		for (const child of running) {
			child.kill("SIGCONT");
			child.kill("SIGKILL");
		}
	});
};

/** args: the program and its arguments. port: where it serves its health. */
export function startNode(
	args: readonly string[],
	environment: Record<string, string>,
	port: number,
): NodeProcess {
	const child = spawn(process.execPath, args, {
		env: { PATH: process.env.PATH, ...environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
	endWithUs(child);
	running.add(child);
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream?.on("data", (bytes) => {
			output += bytes;
		});
	const exit = once(child, "close").then(([code]) => {
		running.delete(child);
		return code as number | null;
	});
	const get = async (path: string) => {
		const response = await fetch(`http://127.0.0.1:${port}${path}`, {
			signal: AbortSignal.timeout(REQUEST_MS),
		});
		return { status: response.status, text: await response.text() };
	};
	return {
		child,
		exit,
		output: () => output,
		get,
		ready: () =>
			waitFor(`${args.at(-1)} to be ready`, async () => {
				if (child.exitCode !== null) throw new Error(output);
				const { status, text } = await get("/readyz");
				if (status !== 200) throw new Error(text);
				return true;
			}).then(() => {}),
	};
}
