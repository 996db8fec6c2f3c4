/** Runs a pipeline as the runner's process. */
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { type NodeProcess, startNode } from "./node-process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** pipeline: its folder, from the root of this clone. */
export const startRunner = (
	environment: Record<string, string>,
	pipeline: string,
	...args: string[]
): Promise<NodeProcess> =>
	startBundle(
		environment,
		join(ROOT, "services/runner/src/main.ts"),
		join(ROOT, pipeline),
		...args,
	);

/** main: the bundle of a pipeline and the runner. */
export async function startBundle(
	environment: Record<string, string>,
	main: string,
	...args: string[]
): Promise<NodeProcess> {
	const port = await freePort();
	return startNode(
		[main, ...args],
		{ ...environment, FIREWORKS_STAGE_PORT: String(port) },
		port,
	);
}
