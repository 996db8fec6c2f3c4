/**
 * `fireworks reset processor --key K`: clears the state of one device. Its next tick then begins a
 * new path.
 */
import { hostname } from "node:os";
import {
	KAFKA_SETTINGS,
	parseSettings,
	partitionOf,
} from "@fireworks/contracts";
import { openLog, resetKey } from "@fireworks/streams";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { topicsEnvironment } from "./settings.ts";

const TRANSACTION_TIMEOUT_MS = 10_000;
const RESTORE_TIMEOUT_MS = 60_000;
const SETTINGS = [
	"partitions",
	"topicWiener",
	"topicProcessorChangelog",
	...KAFKA_SETTINGS,
] as const;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Throws CliError if the stage keeps no states of its own, or the key is invalid. */
export function checkReset(stage: string, key: string): void {
	if (stage !== "processor")
		throw new CliError(
			CLI_EXIT.usage,
			`There is no stage "${stage}" with states by key: processor.`,
		);
	if (key === "") throw new CliError(CLI_EXIT.usage, "--key is empty.");
}

/** Exit code 0: the state is cleared; 1: there was no state, and nothing was changed. */
export async function reset({
	stage,
	key,
}: {
	stage: string;
	key: string;
}): Promise<CliExit> {
	checkReset(stage, key);
	const settings = parseSettings(
		await topicsEnvironment(process.env),
		SETTINGS,
	);
	const log = openLog({
		brokers: settings.brokers,
		security: settings,
		clientId: "fireworks-reset",
		logger: silent,
	});
	const partition = partitionOf(Buffer.from(key), settings.partitions);
	try {
		const changelog = settings.topicProcessorChangelog;
		if ((await log.offsets(changelog)) === undefined)
			throw new CliError(
				CLI_EXIT.failure,
				`There is no topic ${changelog}: the processor has never run.`,
			);
		const done = await resetKey({
			log,
			output: settings.topicWiener,
			changelog,
			partition,
			key,
			owner: `${hostname()}/${process.pid}`,
			transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
			restoreTimeoutMs: RESTORE_TIMEOUT_MS,
			signal: new AbortController().signal,
		});
		if (done === undefined) {
			console.log(
				`${key} has no state (partition ${partition}): nothing was changed.`,
			);
			return CLI_EXIT.failure;
		}
		console.log(
			`${key} is reset: its state ${done.text} is cleared, and its first tick from offset ${done.next} of partition ${partition} on begins a new path at 0. A processor that runs joins its group again, which takes a few seconds; no other device is touched.`,
		);
		return CLI_EXIT.ok;
	} finally {
		await log.close().catch(() => {});
	}
}
