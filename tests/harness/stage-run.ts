/** A stage that runs in the test's own process, on a real broker. */
import { Registry } from "@fireworks/service-kit";
import { type Log, runStage, type Stage } from "@fireworks/streams";
import { ownTopics } from "@fireworks/streams/service";
import type { TestStream } from "./stream.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts the stage; `stop` ends it in order, and it has left its group then. */
export function startStage(
	log: Log,
	{ settings }: TestStream,
	// biome-ignore lint/suspicious/noExplicitAny: only the runtime calls the stage
	stage: Stage<any, any, any>,
	names: { input: string | readonly string[]; output: string },
) {
	const stop = new AbortController();
	const running = runStage({
		stage,
		topics: ownTopics(settings, names),
		log,
		logger: silent,
		registry: new Registry(),
		signal: stop.signal,
		options: { groupId: `fireworks-${stage.name}`, sessionTimeoutMs: 3_000 },
	});
	return {
		ended: running.ended,
		async stop(): Promise<void> {
			stop.abort();
			await running.ended;
		},
	};
}
