/**
 * The example stage (examples/window-statistic) as a process: it reads `wiener` and writes
 * `wiener-windows`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";

const EXAMPLE = fileURLToPath(
	new URL("../../examples/window-statistic/dist/main.js", import.meta.url),
);

export const WINDOWS_TOPIC = "wiener-windows";
export const WINDOW_MS = 10_000;

export async function startExample(environment: Record<string, string>) {
	const child: ChildProcess = spawn(process.execPath, [EXAMPLE], {
		env: { ...environment, FIREWORKS_STAGE_PORT: String(await freePort()) },
		stdio: "ignore",
	});
	const ended = once(child, "exit");
	return {
		/** Resolves when the process has ended. */
		async end(signal: NodeJS.Signals): Promise<void> {
			child.kill(signal);
			await ended;
		},
	};
}
