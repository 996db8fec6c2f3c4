/** Where a stage that was reset starts, written to its new changelog. */
import { hostname } from "node:os";
import {
	positionSchema,
	type StageTopicSpec,
	type StageTopics,
} from "@fireworks/contracts";
import { StreamsError } from "@fireworks/streams";
import { seedPosition } from "@fireworks/streams/admin";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import type { From } from "../from.ts";
import type { Kafka } from "../kafka.ts";
import { changelogTails } from "../stages/changelog-tail.ts";
import type { KnownStage } from "../stages/known-stage.ts";

const TRANSACTION_TIMEOUT_MS = 10_000;
const RESTORE_TIMEOUT_MS = 30_000;

/**
 * The configuration that the states will depend on: the definition's, or, where only the changelog
 * tells of the stage, the last one. undefined: neither is known.
 */
export async function configOf(
	kafka: Kafka,
	stage: KnownStage,
): Promise<KnownStage["config"]> {
	if (stage.config !== undefined || !kafka.topics.has(stage.changelog))
		return stage.config;
	const ranges = (await kafka.admin.offsets(stage.changelog)) ?? [];
	const tails = await changelogTails(
		kafka,
		new Map([[stage.changelog, ranges]]),
	);
	return positionSchema.safeParse(
		[...(tails.get(stage.changelog)?.values() ?? [])][0],
	).data?.config;
}

/** The offsets by partition, for each input. Throws CliError if an input does not exist. */
export async function startOffsets(
	{ log, admin }: Kafka,
	{ name, inputs }: KnownStage,
	from: From,
): Promise<number[][]> {
	const byInput = await Promise.all(
		inputs.map(async (topic) => {
			const ranges = await log.offsets(topic);
			if (ranges === undefined)
				throw new CliError(
					CLI_EXIT.failure,
					`The input ${topic} of ${name} does not exist: the part that writes it has to run once.`,
				);
			if (from.kind !== "time") return ranges.map(({ low }) => low);
			const found = await admin.offsetsAt(topic, from.time);
			return ranges.map(({ partition, high }) => found.get(partition) ?? high);
		}),
	);
	const partitions = byInput[0]?.length ?? 0;
	return Array.from({ length: partitions }, (_, partition) =>
		byInput.map((offsets) => offsets[partition] ?? 0),
	);
}

/** The stage runs, and has written to its new topics. */
export class StillRuns extends CliError {}

/** Throws StillRuns if the stage runs and was faster. */
export async function writePositions(
	{ log }: Kafka,
	stage: KnownStage,
	config: Readonly<Record<string, string>>,
	offsets: readonly (readonly number[])[],
	from: From,
): Promise<void> {
	const named = (name: string): StageTopicSpec => ({
		...{ name, replicationFactor: 1 },
		...{ cleanup: "delete", config: {} },
	});
	const topics: StageTopics = {
		inputs: stage.inputs,
		output: named(stage.output),
		changelog: named(stage.changelog),
		deadLetter: named(""),
	};
	for (const [partition, nexts] of offsets.entries())
		try {
			const written = await seedPosition({
				...{ log, topics, config, partition, nexts },
				partitions: offsets.length,
				owner: `${hostname()}/${process.pid}`,
				transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
				restoreTimeoutMs: RESTORE_TIMEOUT_MS,
				signal: new AbortController().signal,
			});
			// From the beginning is where the stage starts by itself.
			if (!written && from.kind === "time")
				throw new StreamsError("fenced", "the stage has started by itself");
		} catch (error) {
			if (!(error instanceof StreamsError)) throw error;
			throw new StillRuns(
				CLI_EXIT.failure,
				`A program still runs ${stage.name} while it is reset (${error.code}: ${error.message}).\n  What to do: stop it, and run the command again.`,
				{ cause: error },
			);
		}
}
