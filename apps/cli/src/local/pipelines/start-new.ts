/** `up` on a running system: starts the pipelines and optional parts that are new since. */
import { setTimeout as sleep } from "node:timers/promises";
import type { StateFolder } from "../../project.ts";
import type { Steps } from "../../ui/steps.ts";
import { requestStart } from "../restart.ts";
import {
	type PartRecord,
	readState,
	type SystemState,
} from "../state/state.ts";

const POLL_MS = 200;
/** One that is not ready by then is reported as not ready, and goes on starting. */
const START_MAX_MS = 30_000;

/** Returns the parts after it. wanted: the pipelines and optional parts that should run. */
export async function startNew(
	folder: StateFolder,
	{ parts }: SystemState,
	wanted: readonly string[],
	steps: Steps,
): Promise<readonly PartRecord[]> {
	const added = wanted.filter(
		(name) => !parts.some((part) => part.name === name),
	);
	if (added.length === 0) return parts;
	for (const name of added) requestStart(folder, name);
	await steps.run(`Starting ${added.join(", ")}`, async () => {
		const deadline = performance.now() + START_MAX_MS;
		while (performance.now() < deadline) {
			const now = readState(folder.stateFile)?.parts ?? [];
			const settled = (name: string) =>
				now.some((part) => part.name === name && part.state !== "starting");
			if (added.every(settled)) return;
			await sleep(POLL_MS);
		}
	});
	return readState(folder.stateFile)?.parts ?? [];
}
